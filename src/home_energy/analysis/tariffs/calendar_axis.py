"""Where on the calendar each interval lies: day, month, half-hour, kind of day.

What a kilowatt-hour costs is read on the tariff's clock. What a bill counts, its days
and months, is the meter's: midnight to midnight in NEM time, so in summer they begin at
one in the morning of Sydney (docs/decisions/0006-a-bill-is-cut-at-the-meters-midnight).
"""

from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.tariffs.plan import DAY_KINDS, zone_of
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, DataError

IntArray = NDArray[np.int64]

HALF_HOURS_PER_DAY = 48
SLOTS = len(DAY_KINDS) * 12 * HALF_HOURS_PER_DAY
"""Kinds of half-hour that a plan can tell apart: kind of day, month, half-hour."""

_HALF_HOUR = timedelta(minutes=30)
_HALF_HOUR_SECONDS = 1_800
_DAY_SECONDS = 86_400
_NEM_SECONDS = 36_000
_UNIX_DAY = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, eq=False)
class CalendarAxis:
    """The calendar of one axis of T intervals on one clock.

    Parameters
    ----------
    grid, zone
        The axis, and the clock it is read on.
    wall_seconds
        What the clock shows at the start, as seconds since 1970 began on it. It jumps
        where daylight saving begins and repeats where it ends. (T,)
    day
        Number of the clock's day, as `date.toordinal` counts. (T,)
    month_count
        Months of the clock since year 0: ``12 x year + month - 1``. (T,)
    slot
        ``(kind of day x 12 + month - 1) x 48 + half-hour of the day`` on the clock,
        the kind as in `DAY_KINDS`. (T,)
    meter_day, meter_month_count
        The same as `day` and `month_count`, in NEM time. (T,)
    """

    grid: TimeGrid
    zone: tzinfo
    wall_seconds: IntArray
    day: IntArray
    month_count: IntArray
    slot: IntArray
    meter_day: IntArray
    meter_month_count: IntArray


@lru_cache(maxsize=4)
def calendar_axis(
    grid: TimeGrid, clock: str, public_holidays: str | None
) -> CalendarAxis:
    """Calendar of an axis. The last few are kept; they must not be changed.

    Parameters
    ----------
    clock
        A time zone, or `NEM`.
    public_holidays
        State whose public holidays are a kind of day of their own; `None` for none.

    Raises
    ------
    DataError
        If the axis is empty.
    AlignmentError
        If its step does not divide a half-hour of the clock.
    """
    if grid.count == 0:
        raise DataError(
            f"there is no interval to price: the axis at {grid.start} is empty; "
            "ask for at least one"
        )
    zone = zone_of(clock)
    step_seconds = grid.step.total_seconds()
    if _HALF_HOUR % grid.step or step_seconds % 1:
        raise AlignmentError(
            f"a tariff's hours are half-hours, which intervals of {grid.step} do not "
            "divide; bring the energy to 5, 15 or 30 minutes first"
        )
    step = int(step_seconds)
    utc = int(grid.start.timestamp()) + step * np.arange(grid.count, dtype=np.int64)
    wall = utc + _utc_offsets(grid, zone, step)
    if np.any(wall % step):
        raise AlignmentError(
            f"intervals from {grid.start} in steps of {grid.step} cross the half-hours "
            f"of the clock {clock}; begin at a whole multiple of the step"
        )
    day = wall // _DAY_SECONDS
    first = int(day[0])
    kinds = _kinds_of(first, int(day[-1]), public_holidays)
    month_count = _months_of(first, int(day[-1]))[day - first]
    slot = (kinds[day - first] * 12 + month_count % 12) * HALF_HOURS_PER_DAY
    slot += wall % _DAY_SECONDS // _HALF_HOUR_SECONDS
    meter_day = (utc + _NEM_SECONDS) // _DAY_SECONDS
    meter_months = _months_of(int(meter_day[0]), int(meter_day[-1]))
    meter_month_count = meter_months[meter_day - meter_day[0]]
    on_clock = (wall, day + _UNIX_DAY, month_count, slot)
    arrays = (*on_clock, meter_day + _UNIX_DAY, meter_month_count)
    for array in arrays:
        array.flags.writeable = False
    return CalendarAxis(grid, zone, *arrays)


def _utc_offsets(grid: TimeGrid, zone: tzinfo, step: int) -> IntArray:
    """Offset from UTC in each interval. (T,) [seconds]

    Asked once a day, and by halving where two days differ.
    """
    per_day = _DAY_SECONDS // step

    def offset(number: int) -> int:
        local = (grid.start + number * grid.step).astimezone(zone)
        found = local.utcoffset()
        return int(found.total_seconds()) if found is not None else 0

    offsets = np.empty(grid.count, dtype=np.int64)
    for first in range(0, grid.count, per_day):
        stop = min(first + per_day, grid.count)
        before, after = offset(first), offset(stop - 1)
        low, high = first, stop - 1  # the change lies in (low, high]
        while before != after and high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == before else (low, middle)
        offsets[first:high] = before
        offsets[high:stop] = after
    return offsets


def _kinds_of(first: int, last: int, public_holidays: str | None) -> IntArray:
    """Kind of each day, numbered from 1970; the clock may jump a day."""
    days = [date.fromordinal(_UNIX_DAY + n) for n in range(first, last + 1)]
    holidays = holidays_of(public_holidays, days[0].year, days[-1].year)
    weekday, weekend, holiday = range(len(DAY_KINDS))
    kinds = [
        holiday if day in holidays else weekend if day.weekday() >= 5 else weekday
        for day in days
    ]
    return np.array(kinds, dtype=np.int64)


def _months_of(first: int, last: int) -> IntArray:
    """Months since year 0 of each day, numbered from 1970."""
    days = np.arange(first, last + 1).astype("M8[D]")
    months: IntArray = days.astype("M8[M]").astype(np.int64) + 1970 * 12
    return months


@lru_cache(maxsize=8)
def holidays_of(state: str | None, first_year: int, last_year: int) -> frozenset[date]:
    """Public holidays of a state, the last year included; none without a state."""
    if state is None:
        return frozenset()
    import holidays  # noqa: PLC0415 - most of a second, and few plans need it

    years = range(first_year, last_year + 1)
    return frozenset(holidays.country_holidays("AU", subdiv=state, years=years))
