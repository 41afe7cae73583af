"""What the household's clock shows along an axis."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.time_grid import TimeGrid

IntArray = NDArray[np.int64]

WEEKDAYS = frozenset(range(5))
"""Monday to Friday, as `date.weekday` counts."""

EVERY_DAY = frozenset(range(7))

_DAY_SECONDS = 86_400
_THURSDAY = 3  # 1 January 1970


@dataclass(frozen=True, slots=True, eq=False)
class LocalClock:
    """The clock at the start of each of T intervals.

    Parameters
    ----------
    second
        Of the day that the clock shows. (T,)
    weekday
        0 is Monday. (T,)
    """

    second: IntArray
    weekday: IntArray


def local_clock(grid: TimeGrid, zone: tzinfo) -> LocalClock:
    """Read an axis on a clock, daylight saving included."""
    step_seconds = int(grid.step.total_seconds())
    utc = int(grid.start.timestamp()) + step_seconds * np.arange(grid.count)
    wall = utc + _utc_offsets(grid, zone)
    weekday = (wall // _DAY_SECONDS + _THURSDAY) % 7
    return LocalClock(wall % _DAY_SECONDS, weekday)


def instant_of(day: date, clock: time, zone: tzinfo) -> datetime:
    """When the clock shows a time on a day. [aware UTC]

    The first time of two; in the hour that a clock jumps over, as if it had not.
    """
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _utc_offsets(grid: TimeGrid, zone: tzinfo) -> IntArray:
    """Offset from UTC at the start of each interval. (T,) [seconds]

    Asked twice for a stretch of a day, and everywhere in one within which it changes.
    """

    def offset(number: int) -> int:
        found = (grid.start + number * grid.step).astimezone(zone).utcoffset()
        return int(found.total_seconds()) if found is not None else 0

    per_day = max(timedelta(days=1) // grid.step, 1)
    offsets = np.empty(grid.count, dtype=np.int64)
    for first in range(0, grid.count, per_day):
        stop = min(first + per_day, grid.count)
        before, after = offset(first), offset(stop - 1)
        offsets[first:stop] = (
            before if before == after else [offset(n) for n in range(first, stop)]
        )
    return offsets
