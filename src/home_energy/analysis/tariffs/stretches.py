"""A bill's axis cut where the meter's month or the plan's figures change."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from home_energy.analysis.tariffs.calendar_axis import CalendarAxis, IntArray
from home_energy.analysis.tariffs.plan import Plan, PlanPeriod
from home_energy.errors import DataError


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of one month under one set of figures.

    Parameters
    ----------
    month
        First day of the month.
    period
        The figures.
    first, stop
        Intervals of the axis, half-open.
    days
        Billed days of the meter, 24 hours each. [days]
    month_fraction
        Share of the days of the month.
    """

    month: date
    period: PlanPeriod
    first: int
    stop: int
    days: float
    month_fraction: float

    @property
    def intervals(self) -> slice:
        """Intervals of the axis."""
        return slice(self.first, self.stop)

    @property
    def financial_year(self) -> int:
        """Year in which the financial year of this month begins, on 1 July."""
        return self.month.year if self.month.month >= 7 else self.month.year - 1


def period_starts(plan: Plan, axis: CalendarAxis) -> list[tuple[int, int]]:
    """Periods that hold on an axis: place in the plan, and first interval.

    Raises
    ------
    DataError
        If the axis begins before the plan does.
    """
    first_day = int(axis.meter_day[0])
    starts = [period.start.toordinal() for period in plan.period]
    if first_day < starts[0]:
        raise DataError(
            f"tariff {plan.name} says nothing of {date.fromordinal(first_day)}: its "
            f"first day is {plan.period[0].start}; add figures from an earlier day to "
            "its file, or ask for a later day"
        )
    edges = [int(edge) for edge in np.searchsorted(axis.meter_day, starts)]
    edges.append(axis.grid.count)
    return [
        (number, edge)
        for number, edge in enumerate(edges[:-1])
        if edge < edges[number + 1]
    ]


def stretches(plan: Plan, axis: CalendarAxis) -> tuple[Stretch, ...]:
    """Cut an axis at the months' and the periods' first days, in order of time."""
    numbers, edges = zip(*period_starts(plan, axis), strict=True)
    month_edges = np.flatnonzero(np.diff(axis.meter_month_count)) + 1
    cuts = sorted({0, *edges, *(int(edge) for edge in month_edges), axis.grid.count})
    found = []
    for first, stop in pairwise(cuts):
        number = numbers[int(np.searchsorted(edges, first, side="right")) - 1]
        year, month = divmod(int(axis.meter_month_count[first]), 12)
        start, end = (axis.grid.start + n * axis.grid.step for n in (first, stop))
        days = (end - start) / timedelta(days=1)
        opening = date(year, month + 1, 1)
        found.append(
            Stretch(
                opening,
                plan.period[number],
                first,
                stop,
                days,
                days / _days_in(opening),
            )
        )
    return tuple(found)


def number_of_stretch(parts: Sequence[Stretch]) -> IntArray:
    """In which stretch each interval lies, from 0. (T,)"""
    lengths = [part.stop - part.first for part in parts]
    return np.repeat(np.arange(len(parts), dtype=np.int64), lengths)


def _days_in(month: date) -> int:
    return calendar.monthrange(month.year, month.month)[1]
