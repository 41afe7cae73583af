"""Savings, paybacks and their ranges as they stand on the screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from home_energy.dashboard.bill.money import whole_aud_words
from home_energy.dashboard.local_words import DASH, MINUS
from home_energy.domain.bill import to_cents

Range = Mapping[str, float | None]
"""`p10`, `p50`, `p90`; a payback without an end is `None`."""

_MOST_IN_DOLLARS_AUD = 10_000
_NEVER = "never"
_YEAR_DAYS = (365, 366)
_LEAST_SHOWN_AUD = 0.5  # in whole dollars less is nothing


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of words, and the range of its figure."""

    words: str
    spread: str = ""


def dollars(amount_aud: float) -> str:
    """Amount in whole dollars: `$1,310`."""
    return whole_aud_words(to_cents(amount_aud))


def tight_dollars(amount_aud: float) -> str:
    """Amount in few letters: `$9,310`, `$24.2k`."""
    if abs(amount_aud) < _MOST_IN_DOLLARS_AUD:
        return dollars(amount_aud)
    thousands = Decimal(abs(amount_aud)) / 1000
    tenths = thousands.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return f"{MINUS if amount_aud < 0 else ''}${tenths}k"


def span_words(first: date, last: date) -> str:
    """Over how long something is saved: `a year`, `in 30 days`."""
    count = (last - first).days + 1
    return "a year" if count in _YEAR_DAYS else f"in {count} days"


def day_words(day: date) -> str:
    """Day with its year: `31 Dec 2025`."""
    return f"{day.day} {day:%b} {day.year}"


def saving_label(saving_aud: float, span: str, *, is_upper_bound: bool) -> str:
    """What stands above the amount: `saves a year`, `costs more in 30 days`."""
    if changes_nothing(saving_aud):
        return f"changes nothing {span}"
    if is_upper_bound:
        return f"upper bound {span}"
    return f"costs more {span}" if saving_aud < 0 else f"saves {span}"


def changes_nothing(saving_aud: float) -> bool:
    """Whether nothing of it would be shown."""
    return abs(saving_aud) < _LEAST_SHOWN_AUD


def is_loss(saving_aud: float) -> bool:
    """Whether something costs more than it saves, as far as is shown."""
    return saving_aud <= -_LEAST_SHOWN_AUD


def range_words(found: Range | None) -> str:
    """From the tenth percentile to the ninetieth: `$1,120 to $1,480`."""
    if found is None or found["p10"] is None or found["p90"] is None:
        return ""
    low, high = tight_dollars(found["p10"]), tight_dollars(found["p90"])
    return "" if low == high else f"{low} to {high}"


def payback(years: float | None, found: Range | None) -> Fact:
    """When the price is back: `pays back in 8.2 years`, `(7-10)` with a longer dash."""
    spread = _years_spread(found)
    if years is None:
        return Fact("no payback", spread)
    number = f"{years:.1f}" if years < 10 else f"{years:.0f}"
    unit = "year" if number == "1.0" else "years"
    return Fact(f"pays back in {number} {unit}", spread)


def gain(npv_aud: float, found: Range | None) -> Fact:
    """What is left at the end in today's money: `gain $2,100`, `(-$900 to $4,200)`."""
    spread = range_words(found)
    side = "gain" if npv_aud >= 0 else "loss"
    words = f"{side} {tight_dollars(abs(npv_aud))}"
    return Fact(words, f"({spread})" if spread else "")


def price(net_aud: float, incentives_aud: float) -> Fact:
    """What is to be paid: `price $11,400 after rebates`."""
    if net_aud <= 0:
        return Fact("rebates pay all of it")
    after = " after rebates" if incentives_aud > 0 else ""
    return Fact(f"price {dollars(net_aud)}{after}")


def _years_spread(found: Range | None) -> str:
    if found is None:
        return ""
    ends = [found["p10"], found["p90"]]
    if ends == [None, None]:
        return ""
    first, last = (_NEVER if end is None else f"{end:.0f}" for end in ends)
    return f"({first})" if first == last else f"({first}{DASH}{last})"
