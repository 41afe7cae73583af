"""What the what-if page says, decided here and only laid out in its templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from home_energy.analysis.report.words import strategy_words
from home_energy.dashboard.local_words import capitalised
from home_energy.dashboard.saving_words import (
    Fact,
    day_words,
    dollars,
    gain,
    is_loss,
    payback,
    price,
    range_words,
    saving_label,
    span_words,
)
from home_energy.dashboard.what_if.saving_bars import SavingBars, saving_bars

NAMES = {
    "solar_kw": ("Solar", "kW"),
    "battery_kwh": ("Battery", "kWh"),
    "car_km_per_year": ("Car", "km"),
}
"""What stands on a slider, and its unit."""

_SHORT = {
    "self_consumption": "own sun first",
    "smart_cycles": "a cycle a day",
    "solar_first": "car from the sun",
    "cheapest": "car when cheapest",
    "forecast": "planned by forecast",
    "perfect_foresight": "upper bound",
}


@dataclass(frozen=True, slots=True)
class Slider:
    """One slider where it stands.

    Parameters
    ----------
    name
        Of its parameter.
    value_words
        `6.6`, without the unit.
    digits
        Behind the point.
    """

    name: str
    label: str
    unit: str
    least: float
    most: float
    step: float
    value: float
    value_words: str
    digits: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several: a strategy or a tariff.

    Parameters
    ----------
    name
        As it is asked for.
    short, said
        On its button, and in a sentence.
    """

    name: str
    short: str
    said: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Controls:
    """What can be touched."""

    sliders: tuple[Slider, ...]
    strategies: tuple[Choice, ...]
    tariffs: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class AnswerView:
    """The answer to one question.

    Parameters
    ----------
    label
        Above the large figure: `saves a year`.
    figure
        The large figure, in dollars and without a sign.
    below
        Beneath it: the range, or what an upper bound is.
    left
        What the home still pays, of what it paid.
    facts
        Payback, price and gain, or why there are none.
    details
        Sentences behind a button.
    bars
        Saving of each month.
    is_loss, is_upper_bound
        How the figure is drawn.
    scenario_href
        The same question as a scenario file.
    """

    label: str
    figure: str
    below: str
    left: str
    facts: tuple[Fact, ...]
    details: tuple[str, ...]
    bars: SavingBars
    is_loss: bool
    is_upper_bound: bool
    scenario_href: str


@dataclass(frozen=True, slots=True)
class WhatIfPage:
    """The page: what can be touched, and the answer to where it stands.

    Parameters
    ----------
    title
        With the year that is run.
    controls
        `None` while the sliders cannot be asked.
    answer
        `None` where `words` tell why there is none.
    """

    title: str
    controls: Controls | None
    answer: AnswerView | None
    words: str = ""


def answered_page(sliders: Mapping[str, Any], answer: Mapping[str, Any]) -> WhatIfPage:
    """The page of a question that was answered."""
    return WhatIfPage(
        title=title_of(sliders),
        controls=controls(sliders, answer["question"]),
        answer=answer_view(answer, sliders),
    )


def refused_page(
    words: str, sliders: Mapping[str, Any], first_question: Mapping[str, Any]
) -> WhatIfPage:
    """The page of a question that cannot be answered: sliders where they begin."""
    return WhatIfPage(
        title=title_of(sliders),
        controls=controls(sliders, first_question),
        answer=None,
        words=capitalised(words),
    )


def waiting_page(words: str) -> WhatIfPage:
    """The page before the sliders can be asked."""
    return WhatIfPage("What if", None, None, capitalised(words))


def controls(sliders: Mapping[str, Any], question: Mapping[str, Any]) -> Controls:
    """Place what can be touched where the question stands."""
    return Controls(
        sliders=tuple(_slider(name, sliders[name], question[name]) for name in NAMES),
        strategies=tuple(
            Choice(
                name=one["name"],
                short=_SHORT.get(one["name"]) or strategy_words(one["name"]),
                said=one["said"],
                is_chosen=one["name"] == question["strategy"],
            )
            for one in sliders["strategies"]
        ),
        tariffs=tuple(
            Choice(
                name=one["name"],
                short=one["said"],
                said=one["said"],
                is_chosen=one["name"] == question["tariff"],
            )
            for one in sliders["tariffs"]
        ),
    )


def title_of(sliders: Mapping[str, Any]) -> str:
    """`What if, on 2025`; the year only where it is one of the calendar."""
    first, last = _days(sliders)
    is_year = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    return f"What if, on {first.year}" if is_year else "What if"


def answer_view(answer: Mapping[str, Any], sliders: Mapping[str, Any]) -> AnswerView:
    """Put the words of an answer together."""
    saving_aud = answer["saving_aud"]
    is_upper_bound = answer["is_upper_bound"]
    span = span_words(*_days(sliders))
    return AnswerView(
        label=saving_label(saving_aud, span, is_upper_bound=is_upper_bound),
        figure=dollars(abs(saving_aud)),
        below=(
            "no home can have this"
            if is_upper_bound
            else range_words(answer["saving_range_aud"])
        ),
        left=_left_words(answer),
        facts=_facts(answer),
        details=_details(answer, sliders),
        bars=saving_bars(answer["months"]),
        is_loss=is_loss(saving_aud),
        is_upper_bound=is_upper_bound,
        scenario_href=answer["scenario_href"],
    )


def _slider(name: str, place: Mapping[str, float], value: float) -> Slider:
    label, unit = NAMES[name]
    digits = 0 if float(place["step"]).is_integer() else 1
    return Slider(
        name=name,
        label=label,
        unit=unit,
        least=place["least"],
        most=place["most"],
        step=place["step"],
        value=value,
        value_words=f"{value:,.{digits}f}",
        digits=digits,
    )


def _left_words(answer: Mapping[str, Any]) -> str:
    now_aud, then_aud = answer["baseline_cost_aud"], answer["cost_aud"]
    return f"{dollars(then_aud)} left of {dollars(now_aud)}"


def _facts(answer: Mapping[str, Any]) -> tuple[Fact, ...]:
    """Payback, price, gain; of an upper bound the price alone, it is no reason."""
    money = answer["money"]
    if money is None:
        return (Fact(answer["money_missing"] or ""),)
    paid = price(money["net_aud"], money["incentives_aud"])
    if answer["is_upper_bound"]:
        return (paid, Fact("a bound is no reason to buy"))
    return (
        payback(money["simple_payback_years"], money["simple_payback_range_years"]),
        paid,
        gain(money["npv_aud"], money["npv_range_aud"]),
    )


def _details(answer: Mapping[str, Any], sliders: Mapping[str, Any]) -> tuple[str, ...]:
    """What the figures rest on, in sentences."""
    first, last = _days(sliders)
    when = f"from {day_words(first)} to {day_words(last)}"
    said = [f"Every half-hour {when} is run again: {_left_words(answer)}."]
    if answer["saving_range_aud"] is not None and not answer["is_upper_bound"]:
        said.append("A range holds eight of ten years drawn from these months.")
    if answer["self_sufficiency_fraction"] is not None:
        own_kwh = round(100 * answer["self_sufficiency_fraction"])
        said.append(f"Of 100 kWh used, {own_kwh} are the home's own.")
    said.append(
        f"{answer['import_kwh']:,.0f} kWh bought, {answer['export_kwh']:,.0f} sold."
    )
    sun = sliders["solar_kw"]
    if sun["most"] == sun["least"]:
        said.append(capitalised(sun["said"]) + ".")
    money = answer["money"]
    if answer["money_missing"]:
        said.append(capitalised(answer["money_missing"]) + ".")
    elif money is not None and not answer["is_upper_bound"]:
        said.extend(money["sentences"])
    return (*said, *answer["notes"])


def _days(sliders: Mapping[str, Any]) -> tuple[date, date]:
    return (
        date.fromisoformat(sliders["first_day"]),
        date.fromisoformat(sliders["last_day"]),
    )
