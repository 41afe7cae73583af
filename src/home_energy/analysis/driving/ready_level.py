"""A level that is wanted in the car by the clock."""

from datetime import time, timedelta, tzinfo

import numpy as np

from home_energy.analysis.driving.local_clock import EVERY_DAY, instant_of
from home_energy.domain.series import FloatArray, read_only
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import DataError


def ready_levels(
    grid: TimeGrid,
    zone: tzinfo,
    clock: time,
    level_kwh: float,
    weekdays: frozenset[int] = EVERY_DAY,
) -> FloatArray:
    """Wanted at the start of each interval, 0 where nothing is. (T,) [kWh]

    A time within an interval is wanted at its start, so never too late. In the hour
    that a clock jumps over it is wanted an hour on; in one shown twice, at the first.

    Parameters
    ----------
    clock
        When, on the clock of `zone`.
    level_kwh
        Counted from the car's floor up. [kWh]
    weekdays
        On which days; 0 is Monday.

    Raises
    ------
    DataError
        If the level is negative.
    """
    if not 0 <= level_kwh < float("inf"):
        raise DataError(f"the ready level must be 0 kWh or more, got {level_kwh}")
    wanted = np.zeros(grid.count)
    day = grid.start.astimezone(zone).date()
    last = grid.end.astimezone(zone).date()
    while day <= last:
        moment = instant_of(day, clock, zone)
        if day.weekday() in weekdays and grid.start <= moment < grid.end:
            wanted[grid.index(moment)] = level_kwh
        day += timedelta(days=1)
    return read_only(wanted)
