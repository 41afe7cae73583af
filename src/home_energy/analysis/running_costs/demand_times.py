"""When the demand charges of a plan measure, and what one more kilowatt costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np

from home_energy.analysis.tariffs.calendar_axis import (
    CalendarAxis,
    IntArray,
    calendar_axis,
)
from home_energy.analysis.tariffs.demand import (
    ChargedDemand,
    holds_in,
    intervals_per_demand,
    is_charged,
    measured_intervals,
)
from home_energy.analysis.tariffs.plan import DemandCharge, Plan
from home_energy.analysis.tariffs.stretches import Stretch, stretches
from home_energy.domain.power import FIVE_MINUTES
from home_energy.domain.time_grid import TimeGrid, nem_day_start

_HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, eq=False)
class DemandTimes:
    """What one charge measures, up to the end of a day's month.

    Parameters
    ----------
    charge
        As it is in force on the day.
    grid
        Axis of five minutes; it ends with the month, and begins with it or with the
        season.
    window_starts, window_ends
        Numbers on the axis between which a window is open, in order. (W,)
    first
        Where on the axis each measured interval begins. (N,)
    per_demand
        Steps of the axis in one of them.
    aud_per_kw
        What one more kilowatt adds to the bills of the whole month or season, with
        GST. [AUD/kW]
    """

    charge: DemandCharge
    grid: TimeGrid
    window_starts: IntArray
    window_ends: IntArray
    first: IntArray
    per_demand: int
    aud_per_kw: float

    def window_at(self, moment: datetime) -> tuple[datetime, datetime] | None:
        """Begin and end of the window that is open, or else of the next one."""
        number = (moment - self.grid.start) // self.grid.step
        place = int(np.searchsorted(self.window_ends, number, side="right"))
        if place == self.window_ends.size:
            return None
        return self.at(self.window_starts[place]), self.at(self.window_ends[place])

    def at(self, number: int) -> datetime:
        """When an interval of the axis begins. [aware UTC]"""
        return self.grid.start + int(number) * self.grid.step


@dataclass(frozen=True, slots=True)
class _ChargedStretch:
    """A charge and a stretch of a bill in which it measures."""

    charge: DemandCharge
    part: Stretch

    @property
    def aud_per_kw(self) -> float:
        """Without GST where the plan's figures are. [AUD/kW]"""
        return ChargedDemand(self.part, self.charge, kw=0.0).price_aud_per_kw


@lru_cache(maxsize=4)
def demand_times(plan: Plan, day: date) -> tuple[DemandTimes, ...]:
    """What every demand charge measures that is in force in a day's month.

    Parameters
    ----------
    day
        Of the meter, in NEM time.
    """
    if day < plan.period[0].start:
        return ()
    month, end = day.replace(day=1), _next_month(day)
    axis = _axis(plan, month, end, FIVE_MINUTES)
    number = (nem_day_start(day) - axis.grid.start) // axis.grid.step
    today = next(p for p in stretches(plan, axis) if p.first <= number < p.stop)
    found = []
    for charge in today.period.demand:
        if not is_charged(charge, today):
            continue
        if charge.measured_over == "season":
            found.append(_of_season(plan, charge, today.financial_year, end))
        else:
            measured = [_ChargedStretch(charge, today)]
            found.append(_times(plan, charge, axis, (measured, measured)))
    return tuple(found)


def _of_season(
    plan: Plan, charge: DemandCharge, financial_year: int, end: date
) -> DemandTimes:
    """A charge of which the highest of a financial year holds for all its months."""
    first, stop = date(financial_year, 7, 1), date(financial_year + 1, 7, 1)
    axis = _axis(plan, first, end, FIVE_MINUTES)
    whole = _axis(plan, first, stop, _HALF_HOUR)
    told = _named(plan, charge.name, axis), _named(plan, charge.name, whole)
    return _times(plan, charge, axis, told)


def _named(plan: Plan, name: str, axis: CalendarAxis) -> list[_ChargedStretch]:
    return [
        _ChargedStretch(charge, part)
        for part in stretches(plan, axis)
        for charge in part.period.demand
        if charge.name == name and is_charged(charge, part)
    ]


def _times(
    plan: Plan,
    charge: DemandCharge,
    axis: CalendarAxis,
    told: tuple[Sequence[_ChargedStretch], Sequence[_ChargedStretch]],
) -> DemandTimes:
    """A charge of which one list of stretches is measured, and another is billed."""
    measured, billed = told
    is_window = np.zeros(axis.grid.count + 2, dtype=np.bool_)
    for one in measured:
        of_part = is_window[1:-1][one.part.intervals]
        of_part |= holds_in(one.charge, one.part, axis)
    edges = np.flatnonzero(np.diff(is_window))
    return DemandTimes(
        charge=charge,
        grid=axis.grid,
        window_starts=edges[::2],
        window_ends=edges[1::2],
        first=np.concatenate(
            [measured_intervals(one.charge, one.part, axis) for one in measured]
        ),
        per_demand=intervals_per_demand(charge, axis),
        aud_per_kw=plan.gst_factor * sum(one.aud_per_kw for one in billed),
    )


def _axis(plan: Plan, first: date, end: date, step: timedelta) -> CalendarAxis:
    """Calendar of days of the meter, from the plan's first day on at the earliest."""
    start = max(first, plan.period[0].start)
    grid = TimeGrid.between(nem_day_start(start), nem_day_start(end), step)
    return calendar_axis(grid, plan.clock, plan.public_holidays)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
