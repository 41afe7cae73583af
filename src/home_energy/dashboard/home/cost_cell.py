"""What stands beside the price: the cost of an hour, or what is known instead of it.

The cost of an hour is shown only while price and power are both fresh. Of older power
the power itself is left, with its time; of power that is too old a dash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from home_energy.analysis.running_costs.typical_cost import TypicalCost
from home_energy.dashboard.figures import DASH, hourly_dollars, kilowatts
from home_energy.dashboard.power_now import PowerMoment
from home_energy.domain.clock_words import clock_words
from home_energy.domain.home_power import PowerFreshness, StreamPower
from home_energy.settings.power import BROKER
from home_energy.store import SourceStatus

NOW_WITHIN = timedelta(minutes=1)
"""What was measured longer ago is not called now; later ages are told in minutes."""


class CostKind(StrEnum):
    """What the number in the place of the cost is, and so how it looks."""

    COST = "cost"
    EARNING = "earning"
    POWER = "power"
    """Power whose cost is not known."""
    STALE = "stale"
    """Power as it was."""
    GONE = "gone"
    TYPICAL = "typical"
    TYPICAL_EARNING = "typical-earning"


@dataclass(frozen=True, slots=True)
class CostCell:
    """A number with a line above and a line below.

    Parameters
    ----------
    above
        What it is, and of when.
    dollar
        Sign before the number, or nothing.
    digits
        The number, or a dash.
    unit
        Beside the number, small.
    below
        What else is to be known of it.
    """

    kind: CostKind
    above: str
    dollar: str
    digits: str
    unit: str
    below: str


def cost_cell(
    power: PowerMoment,
    statuses: Sequence[SourceStatus],
    now: datetime | None,
    zone: tzinfo,
) -> CostCell | None:
    """Decide what a home with a source of power sees; `None` for one without.

    Parameters
    ----------
    statuses
        Of every source, to say whether a silent one is known to fail.
    now
        Trusted time. [aware UTC]
    """
    if not power.is_set_up or now is None:
        return None
    if power.fault is not None:
        return _gone("power unknown", "see health page")
    if power.grid is None:
        below = "not heard yet" if power.can_tell_grid else "not metered"
        return _gone("grid power", below)
    if power.grid_freshness is PowerFreshness.FRESH:
        return _fresh(power, power.grid, power.grid.age(now) or timedelta(0))
    if power.grid_freshness is PowerFreshness.CHECKING_TIME:
        return _gone("grid power", "checking time")
    is_failing = fails(statuses, power.grid)
    return _silent(power.grid, now, zone, is_failing=is_failing)


def typical_cell(typical: TypicalCost) -> CostCell:
    """What an hour at this time of day usually costs, never called now."""
    dollars = hourly_dollars(typical.aud_per_hour)
    is_earning = typical.aud_per_hour < 0 and dollars != hourly_dollars(0.0)
    kind = CostKind.TYPICAL_EARNING if is_earning else CostKind.TYPICAL
    above = "typical earning" if is_earning else "typical"
    return CostCell(kind, above, "$", dollars, "", "/hour at this time")


def power_words(power: PowerMoment) -> str | None:
    """Power alone, where no price is fresh enough to count it by."""
    if power.grid is None or power.grid_freshness is not PowerFreshness.FRESH:
        return None
    verb = "selling" if power.grid.watts < 0 else "using"
    return f"{verb} {kilowatts(power.grid.watts)} kW"


def fails(statuses: Sequence[SourceStatus], grid: StreamPower) -> bool:
    """Whether a source of the power, or the broker that carries it, says it fails."""
    told_by = {*grid.sources, BROKER}
    return any(
        status.is_of_power and status.failing_since and status.source in told_by
        for status in statuses
    )


def _fresh(power: PowerMoment, grid: StreamPower, age: timedelta) -> CostCell:
    watts, cost_aud = grid.watts, power.cost_aud_per_hour
    kw, is_now = kilowatts(watts), age < NOW_WITHIN
    if cost_aud is None:
        doing, done = ("selling", "sold") if watts < 0 else ("using", "used")
        above = f"{doing} now" if is_now else f"{done} {_ago_words(age)}"
        return CostCell(CostKind.POWER, above, "", kw, "kW", "price unknown")
    dollars = hourly_dollars(cost_aud)
    is_earning = cost_aud < 0 and dollars != hourly_dollars(0.0)
    kind = CostKind.EARNING if is_earning else CostKind.COST
    word = "export costs" if watts < 0 < cost_aud else kind.value
    above = f"{word} now" if is_now else word
    below = f"/hour, {kw} kW" if is_now else f"/hour {_ago_words(age)}"
    return CostCell(kind, above, "$", dollars, "", below)


def _ago_words(age: timedelta) -> str:
    minutes = age // timedelta(minutes=1)
    return f"{minutes} min ago" if minutes < 100 else f"{minutes // 60} h ago"


def _silent(
    grid: StreamPower, now: datetime, zone: tzinfo, *, is_failing: bool
) -> CostCell:
    when = clock_words(grid.as_of, zone)
    if grid.freshness(now) is not PowerFreshness.STALE:
        why = "meter fails" if is_failing else "meter silent"
        return _gone(why, f"since {when}")
    above = "was selling" if grid.watts < 0 else "was using"
    if is_failing:
        above = f"fails, {above}"
    kw = kilowatts(grid.watts)
    return CostCell(CostKind.STALE, above, "", kw, "kW", f"as of {when}")


def _gone(above: str, below: str) -> CostCell:
    return CostCell(CostKind.GONE, above, "", DASH, "", below)
