"""Days as files give them, put on a regular axis."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.meter_day import NO_QUALITY, MeterDay
from home_energy.domain.series import EnergySeries, FloatArray, PriceSeries
from home_energy.domain.spot import SPOT_C_PER_KWH_PER_RRP, SpotDay
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError


def place_energy(
    days: Sequence[MeterDay], grid: TimeGrid
) -> tuple[EnergySeries, NDArray[np.uint8]]:
    """Energy and its quality on an axis; what no day tells is missing.

    Longer intervals than the axis has are shared evenly over its intervals, shorter
    ones are summed. Where a day is there in several lengths the shorter intervals
    stand, and the longer fill what those lack.

    Returns
    -------
    tuple
        Energy, and the lowest `Quality` that went into each interval, `NO_QUALITY`
        where it is missing. (T,)
    """
    kwh = np.full(grid.count, np.nan)
    quality = np.full(grid.count, NO_QUALITY, dtype=np.uint8)
    for day in sorted(days, key=lambda day: (day.interval_minutes, day.day)):
        on_axis = _day_axis(day.start, grid)
        values, qualities = _restepped_day(day, grid.step)
        mine, theirs = _overlap(on_axis, grid.count, values.size)
        is_taken = np.isnan(kwh[mine]) & ~np.isnan(values[theirs])
        kwh[mine][is_taken] = values[theirs][is_taken]
        quality[mine][is_taken] = qualities[theirs][is_taken]
    return EnergySeries(grid, kwh), quality


def place_spot(days: Sequence[SpotDay], grid: TimeGrid) -> PriceSeries:
    """Wholesale price with GST on an axis; what no day tells is missing.

    A longer interval of the axis has the mean of its parts, a shorter one the price
    of the interval that holds it. Prices of 5 minutes stand before those of 30.
    """
    values = np.full(grid.count, np.nan)
    for day in sorted(days, key=lambda day: (day.interval_minutes, day.day)):
        own = TimeGrid.between(
            day.start, day.end, timedelta(minutes=day.interval_minutes)
        )
        priced = PriceSeries(own, day.rrp_aud_per_mwh_ex_gst).at_step(grid.step)
        mine, theirs = _overlap(
            _day_axis(day.start, grid), grid.count, priced.grid.count
        )
        there = values[mine]
        values[mine] = np.where(np.isnan(there), priced.c_per_kwh[theirs], there)
    return PriceSeries(grid, values * SPOT_C_PER_KWH_PER_RRP)


def _restepped_day(
    day: MeterDay, step: timedelta
) -> tuple[FloatArray, NDArray[np.uint8]]:
    own = TimeGrid.between(day.start, day.end, timedelta(minutes=day.interval_minutes))
    if own.step == step:
        return day.kwh, day.quality
    energy = EnergySeries(own, day.kwh).at_step(step)
    if step > own.step:
        quality = day.quality.reshape(energy.grid.count, -1).min(axis=1)
    else:
        quality = np.repeat(day.quality, energy.grid.count // own.count)
    return energy.kwh, quality


def _day_axis(day_start: datetime, grid: TimeGrid) -> int:
    """Number on the axis at which a day begins; it may lie outside."""
    number, remainder = divmod(day_start - grid.start, grid.step)
    if remainder:
        raise AlignmentError(
            f"a day that begins at {day_start} does not fall on the axis {grid}"
        )
    return number


def _overlap(first: int, count: int, day_count: int) -> tuple[slice, slice]:
    """What an axis and a day have in common: places on the axis, places in the day."""
    start, end = max(first, 0), min(first + day_count, count)
    if start >= end:
        return slice(0, 0), slice(0, 0)
    return slice(start, end), slice(start - first, end - first)
