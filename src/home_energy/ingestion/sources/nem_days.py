"""Intervals of any source, cut into days of the market."""

from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.meter_day import NO_QUALITY, MeterDay
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import NEM_TIME

_EPOCH = date(1970, 1, 1)
_NEM_SECONDS = int(NEM_TIME.utcoffset(None).total_seconds())
_DAY_SECONDS = 86400


def starts_on_nem_clock(start_utc_s: int, interval_minutes: int) -> bool:
    """Whether an interval begins where one of its length begins in a NEM day.

    An hour of a zone at half an hour's distance does not.
    """
    return (start_utc_s + _NEM_SECONDS) % (60 * interval_minutes) == 0


def nem_days(
    start_utc_s: NDArray[np.int64],
    kwh: FloatArray,
    quality: NDArray[np.uint8],
    interval_minutes: int,
    updated_at: datetime | None = None,
) -> list[MeterDay]:
    """Days that hold any of the values, in order; what is not given is missing.

    Parameters
    ----------
    start_utc_s
        Starts of the intervals, each once, in any order, every one for which
        `starts_on_nem_clock`. (N,) [s since 1970, UTC]
    kwh, quality
        NaN and `NO_QUALITY` where missing. (N,) [kWh]
    """
    nem_s = start_utc_s + _NEM_SECONDS
    day_numbers, place = np.unique(nem_s // _DAY_SECONDS, return_inverse=True)
    slot = nem_s % _DAY_SECONDS // (60 * interval_minutes)
    shape = (day_numbers.size, 1440 // interval_minutes)
    all_kwh = np.full(shape, np.nan)
    all_quality = np.full(shape, NO_QUALITY, dtype=np.uint8)
    all_kwh[place, slot] = kwh
    all_quality[place, slot] = quality
    return [
        MeterDay(
            _EPOCH + timedelta(days=int(number)),
            interval_minutes,
            all_kwh[row],
            all_quality[row],
            updated_at,
        )
        for row, number in enumerate(day_numbers)
        if np.any(all_quality[row])
    ]
