"""Figures and names as a person reads them: rounded, with their unit."""

import textwrap
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

MINUS: Final = "\N{MINUS SIGN}"
NARROW_SPACE: Final = "\N{NARROW NO-BREAK SPACE}"

NO_BATTERY: Final = "no_battery"
UPPER_BOUND: Final = "perfect_foresight"
"""As `run_scenario` calls them; a page is read without what runs a scenario."""

_STRATEGIES: Final = {
    NO_BATTERY: "no battery to run",
    "self_consumption": "own sun first",
    "time_of_use": "by the clock",
    "price_threshold": "by fixed prices",
    "smart_cycles": "cheapest and dearest hours of the day",
    "on_arrival": "charged on arrival",
    "timer": "charged by a timer",
    "cheapest": "charged in the cheapest hours",
    "solar_first": "charged from the sun first",
    "forecast": "planned by forecast",
    UPPER_BOUND: "upper bound: knows the whole year",
}

_SHARES: Final = {
    "fraction": "",
    "1/year": " a year",
    "fraction per year": " a year",
    "1/cycle": " a cycle",
}
"""Units of shares, and what is said behind the percent."""


def dollars(amount_aud: float) -> str:
    """Whole dollars: `$1,310`."""
    rounded = round(amount_aud)
    return _signed(f"${abs(rounded):,}", is_negative=rounded < 0)


def dollars_and_cents(amount_aud: float) -> str:
    """`$1,310.25`."""
    rounded = round(amount_aud, 2)
    return _signed(f"${abs(rounded):,.2f}", is_negative=rounded < 0)


def percent(fraction: float) -> str:
    """Whole percent: `62 %`."""
    return _number(100 * fraction, 0) + NARROW_SPACE + "%"


def percent_and_tenth(fraction: float) -> str:
    """`3.5 %`."""
    return _number(100 * fraction, 1) + NARROW_SPACE + "%"


def whole(value: float) -> str:
    """`4,722`."""
    return _number(value, 0)


def tenth(value: float) -> str:
    """`8.1`."""
    return _number(value, 1)


def plain(value: float) -> str:
    """As few digits as tell it: at most four behind the point, of less than 1 six."""
    digits = 4 if abs(value) >= 1 else 6
    text = f"{abs(value):,.{digits}f}".rstrip("0").rstrip(".")
    return _signed(text, is_negative=value < 0 and text != "0")


def strategy_words(name: str) -> str:
    """How devices are run, in words."""
    return _STRATEGIES.get(name, name.replace("_", " "))


def day_words(day: str) -> str:
    """`2025-01-01` as `1 January 2025`."""
    found = date.fromisoformat(day)
    return f"{found.day} {found:%B %Y}"


def in_lines(words: str, most_letters: int) -> str:
    """Words of a chart in lines of so many letters."""
    return "<br>".join(textwrap.wrap(words, most_letters)) or words


def value_words(value: Any, unit: str) -> str:  # noqa: ANN401 - JSON's
    """An assumption's value with its unit; a share in percent."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if unit in _SHARES:
        return percent_and_tenth(value) + _SHARES[unit]
    if unit == "AUD":
        return dollars(value)
    return f"{plain(value)} {unit}".rstrip()


def exact_words(value: float, unit: str) -> str:
    """A step of a sum with its unit, to the cent."""
    return dollars_and_cents(value) if unit == "AUD" else f"{plain(value)} {unit}"


def known(figures: Mapping[str, Any] | None, *names: str) -> Any:  # noqa: ANN401
    """What stands at the end of a way of names; `None` where the way ends before."""
    found: Any = figures
    for name in names:
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found


def _number(value: float, digits: int) -> str:
    rounded = round(value, digits)
    return _signed(f"{abs(rounded):,.{digits}f}", is_negative=rounded < 0)


def _signed(text: str, *, is_negative: bool) -> str:
    return MINUS + text if is_negative else text
