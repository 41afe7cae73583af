"""What today, yesterday and the month have cost, and how much of each is known."""

from dataclasses import dataclass
from datetime import timedelta, tzinfo

from home_energy.analysis.running_costs.costs_so_far import CostsSoFar
from home_energy.analysis.running_costs.day_cost import CostSource, DayCost
from home_energy.analysis.running_costs.demand_guard import DemandGuard
from home_energy.analysis.running_costs.demand_words import demand_words
from home_energy.analysis.running_costs.month_cost import MonthCost
from home_energy.dashboard.costs.rates import (
    about_words,
    amount_words,
    energy_words,
    kept_together,
    sum_words,
)
from home_energy.dashboard.local_words import DASH, capitalised, span_words

ALL_KNOWN_FRACTION = 0.998
"""Of a day; less is missing than the words tell."""
_SOURCES = {
    CostSource.POWER: "from the live power",
    CostSource.USAGE: "from Amber's usage",
    CostSource.METER: "from meter data",
}


@dataclass(frozen=True, slots=True)
class CostRow:
    """One stretch of time.

    Parameters
    ----------
    name, amount
        `Today so far` and `$3.12`; a dash where no amount is known.
    lines
        What it rests on.
    """

    name: str
    amount: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SoFarPage:
    """Today, yesterday and the month; `demand` is where power itself is charged."""

    rows: tuple[CostRow, ...]
    demand: str | None


def so_far_page(
    costs: CostsSoFar, guard: DemandGuard | None, zone: tzinfo, *, has_power: bool
) -> SoFarPage:
    """Put the page together.

    Parameters
    ----------
    has_power
        Whether a source of live power was set up.
    """
    return SoFarPage(
        rows=(
            _today(costs.today, has_power=has_power),
            _yesterday(costs.yesterday),
            _month(costs.month),
        ),
        demand=None if guard is None else _demand(guard, zone),
    )


def known_words(day: DayCost) -> str:
    """How much of the day is known: `13 h 50 min of 14 h 20 min measured`."""
    if day.known_fraction >= ALL_KNOWN_FRACTION:
        return "all of it measured"
    known, passed = (
        span_words(timedelta(seconds=seconds))
        for seconds in (day.known_seconds, day.passed_seconds)
    )
    return f"{known} of {passed} measured"


def day_amount(day: DayCost) -> str:
    """Amount with the day's fixed charges."""
    return DASH if day.cost_aud is None else sum_words(day.cost_aud)


def _today(day: DayCost | None, *, has_power: bool) -> CostRow:
    if day is None or day.cost_aud is None:
        why = "nothing measured yet" if has_power else "needs a power meter"
        return CostRow("Today so far", DASH, (why,))
    lines = (_energy(day), known_words(day))
    return CostRow("Today so far", day_amount(day), lines)


def _yesterday(day: DayCost | None) -> CostRow:
    if day is None or day.cost_aud is None:
        return CostRow("Yesterday", DASH, ("Amber's usage of it is not here yet",))
    source = _SOURCES[day.source]
    if day.known_fraction < ALL_KNOWN_FRACTION:
        source = f"{known_words(day)}, {source}"
    return CostRow("Yesterday", day_amount(day), (_energy(day), source))


def _energy(day: DayCost) -> str:
    energy = energy_words(day.import_kwh, day.export_kwh)
    if not day.supply_aud:
        return energy
    return f"{energy}, {amount_words(day.supply_aud)} fixed"


def _month(month: MonthCost | None) -> CostRow:
    if month is None:
        return CostRow("This month", DASH, ("no usage on record",))
    name = f"{month.first_day:%B} so far"
    if month.cost_aud is None:
        return CostRow(name, DASH, (month.refusal or "no usage on record",))
    projected = "too few days to project"
    if month.projected_aud is not None:
        projected = f"about {about_words(month.projected_aud)} by its end"
    return CostRow(
        name,
        sum_words(month.cost_aud),
        (f"with fixed charges, {_days(month)}", projected),
    )


def _days(month: MonthCost) -> str:
    counts = (
        (month.billed_day_count, "billed"),
        (month.measured_day_count, "measured"),
        (month.missing_day_count, "missing"),
    )
    told = [(count, word) for count, word in counts if count]
    if not told:
        return "no day known"
    (first, word), *rest = told
    days = "day" if first == 1 else "days"
    return ", ".join(
        [f"{first} {days} {word}", *(f"{count} {word}" for count, word in rest)]
    )


def _demand(guard: DemandGuard, zone: tzinfo) -> str:
    return kept_together(capitalised(demand_words(guard, zone)))
