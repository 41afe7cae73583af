"""Trips laid on an axis: when the car is away, and from when that is known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.series import FloatArray, read_only
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.trip import KNOWN_BEFOREHAND, Trip
from home_energy.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class TripsOnAxis:
    """Trips on one axis of T intervals.

    Parameters
    ----------
    grid
        The axis.
    is_away
        In every interval that a trip touches. (T,)
    trip_kwh
        What a trip takes from the cells, all of it in the interval in which it
        departs. (T,) [kWh]
    trip_km
        Likewise. (T,) [km]
    announced
        In which interval it became known that the car will be away in this one;
        `KNOWN_BEFOREHAND`, and of no meaning where it is at home. (T,)
    merged_count
        Trips that share an interval with the one before: both are one here.
    begun_before_kwh, begun_before_km
        Of a trip that departed before the axis and so is not in `trip_kwh`.
    unfinished_count
        Trips that arrive after the axis; all their energy is in it.
    """

    grid: TimeGrid
    is_away: NDArray[np.bool_]
    trip_kwh: FloatArray
    trip_km: FloatArray
    announced: NDArray[np.int64]
    merged_count: int
    begun_before_kwh: float
    begun_before_km: float
    unfinished_count: int


@dataclass(frozen=True, slots=True)
class _Stay:
    """Intervals of one trip or of several that share some."""

    first: int
    stop: int
    announced: int


def trips_on_axis(
    trips: Iterable[Trip], grid: TimeGrid, notice: timedelta | None
) -> TripsOnAxis:
    """Lay trips on an axis; those outside of it are passed over.

    A trip that departed before the axis is away until it arrives, and known; its
    energy left the cells before and is not counted here. One that arrives after the
    axis is away to the end with all its energy.

    Parameters
    ----------
    notice
        How long before departing a trip is known; `None` if all are beforehand. One
        becomes known at the first start of an interval at which the notice has been
        given, at the latest with the interval in which it departs.

    Raises
    ------
    DataError
        If trips overlap in time, or the notice is negative.
    """
    if notice is not None and notice < timedelta(0):
        raise DataError(f"notice of a trip must be 0 or more, got {notice}")
    is_away = np.zeros(grid.count, dtype=np.bool_)
    announced = np.full(grid.count, KNOWN_BEFOREHAND, dtype=np.int64)
    kwh, km = np.zeros(grid.count), np.zeros(grid.count)
    before_kwh = before_km = 0.0
    merged = unfinished = 0
    stay: _Stay | None = None
    for trip in _in_order(trips):
        if trip.arrive <= grid.start or trip.depart >= grid.end:
            continue
        first = (trip.depart - grid.start) // grid.step
        stop = min(-((grid.start - trip.arrive) // grid.step), grid.count)
        if stay is not None and first < stay.stop:
            merged += 1
            stay = _Stay(stay.first, stop, stay.announced)
        else:
            stay = _Stay(first, stop, _announced(trip.depart, grid, notice))
        is_away[max(first, 0) : stop] = True
        announced[max(first, 0) : stop] = stay.announced
        unfinished += trip.arrive > grid.end
        if first < 0:
            before_kwh, before_km = trip.energy_kwh, trip.km
            continue
        place = stay.first if stay.first >= 0 else first
        kwh[place] += trip.energy_kwh
        km[place] += trip.km
    is_away.flags.writeable = announced.flags.writeable = False
    rows = (is_away, read_only(kwh), read_only(km), announced)
    return TripsOnAxis(grid, *rows, merged, before_kwh, before_km, unfinished)


def _in_order(trips: Iterable[Trip]) -> list[Trip]:
    ordered = sorted(trips)
    for before, after in pairwise(ordered):
        if after.depart < before.arrive:
            raise DataError(
                f"a trip departs at {after.depart}, before the one of {before.depart} "
                f"is back at {before.arrive}; expected one trip at a time"
            )
    return ordered


def _announced(depart: datetime, grid: TimeGrid, notice: timedelta | None) -> int:
    if notice is None or depart - notice < grid.start:
        return KNOWN_BEFOREHAND
    known = -((grid.start - (depart - notice)) // grid.step)  # rounded up
    return min(known, (depart - grid.start) // grid.step)
