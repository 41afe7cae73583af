"""What one source says of the home's flows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.record.meter_sources import RecordedRegister
from home_energy.domain.day_placing import place_energy
from home_energy.domain.meter_day import NO_QUALITY, Flow, MeterDay
from home_energy.domain.series import EnergySeries, FloatArray
from home_energy.domain.time_grid import TimeGrid, nem_date, nem_day_start

_EVER = (date(1900, 1, 1), date(2200, 1, 1))


@dataclass(frozen=True, slots=True, eq=False)
class SourceEnergy:
    """One flow on an axis of T intervals, by one source.

    Parameters
    ----------
    kwh
        NaN where the source does not say. (T,) [kWh per interval]
    quality
        A `Quality`, `NO_QUALITY` where missing. (T,)
    interval_minutes
        Longest interval in which the source says it. [minutes]
    """

    kwh: FloatArray
    quality: NDArray[np.uint8]
    interval_minutes: int


def read_source(
    registers: Sequence[tuple[RecordedRegister, Flow]], grid: TimeGrid
) -> dict[Flow, SourceEnergy]:
    """Every flow that the registers of one source give, summed by flow.

    Gross meters give `general` and `feed_in` too, netted within each interval of the
    source: what a net meter of that interval would have counted at the least.
    """
    days: dict[Flow, list[tuple[RecordedRegister, list[MeterDay]]]] = {}
    for one, flow in registers:
        days.setdefault(flow, []).append((one, one.days_of(grid)))
    found = {flow: _summed(told, grid) for flow, told in days.items()}
    if Flow.LOAD in days and Flow.GENERATION in days:
        load, generation = days[Flow.LOAD], days[Flow.GENERATION]
        net = _net_of_gross(load, generation, grid)
        found = dict(zip((Flow.GENERAL, Flow.FEED_IN), net, strict=True)) | found
    return found


def _summed(
    told: Sequence[tuple[RecordedRegister, list[MeterDay]]], grid: TimeGrid
) -> SourceEnergy:
    """Sum of registers; missing where any that was there then is missing.

    A register was there from its first to its last day on record: a meter that was
    exchanged ends one name and begins another.
    """
    minutes = max((day.interval_minutes for _, days in told for day in days), default=5)
    if len(told) == 1:
        energy, quality = place_energy(told[0][1], grid)
        return SourceEnergy(energy.kwh, quality, minutes)
    kwh = np.zeros(grid.count)
    lowest = np.full(grid.count, np.iinfo(np.uint8).max, dtype=np.uint8)
    is_any = np.zeros(grid.count, dtype=bool)
    for one, days in told:
        there = _time_there(one, grid)
        energy, quality = place_energy(days, grid)
        kwh[there] += energy.kwh[there]
        lowest[there] = np.minimum(lowest[there], quality[there])
        is_any[there] = True
    kwh[~is_any] = np.nan
    lowest[~is_any] = NO_QUALITY
    return SourceEnergy(kwh, lowest, minutes)


def _time_there(one: RecordedRegister, grid: TimeGrid) -> slice:
    """Intervals from the register's first to its last day on record."""
    known = [day for day in one.days(*_EVER) if day.known_count]
    if not known:
        return slice(0, 0)
    first = (min(day.start for day in known) - grid.start) // grid.step
    last = (max(day.end for day in known) - grid.start) // grid.step
    return slice(max(first, 0), max(last, 0))


def _net_of_gross(
    load: Sequence[tuple[RecordedRegister, list[MeterDay]]],
    generation: Sequence[tuple[RecordedRegister, list[MeterDay]]],
    grid: TimeGrid,
) -> tuple[SourceEnergy, SourceEnergy]:
    """What was bought and sold, where gross meters counted load and generation."""
    lengths = [d.interval_minutes for _, days in [*load, *generation] for d in days]
    shortest = timedelta(minutes=min(lengths, default=5))
    fine = TimeGrid.between(grid.start, grid.end, min(shortest, grid.step))
    used, made = _summed(load, fine), _summed(generation, fine)
    quality = np.minimum(used.quality, made.quality)
    lowest = quality.reshape(grid.count, -1).min(axis=1)
    minutes = max(used.interval_minutes, made.interval_minutes)
    bought, sold = (
        EnergySeries(fine, np.maximum(difference, 0.0)).at_step(grid.step).kwh
        for difference in (used.kwh - made.kwh, made.kwh - used.kwh)
    )
    return (
        SourceEnergy(bought, lowest, minutes),
        SourceEnergy(sold, lowest, minutes),
    )


def summed_by(kwh: FloatArray, grid: TimeGrid, interval_minutes: int) -> FloatArray:
    """Energy of whole intervals of a length counted from the market's midnight.

    Parts of such intervals at the ends of the axis are left out. An interval with a
    missing part is missing.
    """
    length = timedelta(minutes=interval_minutes)
    ratio = max(length // grid.step, 1)
    midnight = nem_day_start(nem_date(grid.start)) if grid.count else grid.start
    skipped = ((midnight - grid.start) % length) // grid.step if ratio > 1 else 0
    whole = max(grid.count - skipped, 0) // ratio
    parts = kwh[skipped : skipped + whole * ratio].reshape(whole, ratio)
    return np.asarray(parts.sum(axis=1))
