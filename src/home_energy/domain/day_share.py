"""How much of every calendar day is on record, and how much of that is final."""

from dataclasses import dataclass
from datetime import date, tzinfo

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.meter_day import NO_QUALITY
from home_energy.domain.price import Quality
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError


@dataclass(frozen=True, slots=True)
class DayShare:
    """What is on record of one local day, or of the part of it that has been.

    Parameters
    ----------
    day
        Local calendar day.
    expected_minutes
        Length of the day, or of the part that has been. [minutes]
    known_minutes
        Time for which a value is on record. [minutes]
    not_final_minutes
        Of that, time for which the value may still change. [minutes]
    """

    day: date
    expected_minutes: int
    known_minutes: int
    not_final_minutes: int


def day_shares(
    grid: TimeGrid, quality: NDArray[np.uint8], zone: tzinfo, least_final: Quality
) -> tuple[DayShare, ...]:
    """Share of each local day of an axis.

    Parameters
    ----------
    quality
        A `Quality` for each interval, 0 where nothing is known. (T,)
    least_final
        From this quality on a value is taken as final.
    """
    if quality.shape != (grid.count,):
        raise AlignmentError(f"{quality.size} qualities for {grid.count} intervals")
    step_minutes = int(grid.step.total_seconds()) // 60
    known = np.r_[0, np.cumsum(quality != NO_QUALITY)] * step_minutes
    final = np.r_[0, np.cumsum(quality >= least_final)] * step_minutes
    shares = []
    first = 0
    for day, part in grid.local_days(zone):
        last = first + part.count
        known_minutes = int(known[last] - known[first])
        final_minutes = int(final[last] - final[first])
        expected_minutes = part.count * step_minutes
        shares.append(
            DayShare(
                day, expected_minutes, known_minutes, known_minutes - final_minutes
            )
        )
        first = last
    return tuple(shares)
