"""When the car is plugged in, by the household's habit."""

from dataclasses import dataclass
from datetime import time, tzinfo

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.driving.local_clock import EVERY_DAY, local_clock
from home_energy.analysis.driving.trips_on_axis import TripsOnAxis
from home_energy.domain.car_at_home import CarAtHome
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.true_runs import true_runs
from home_energy.errors import DataError

BoolArray = NDArray[np.bool_]

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class PlugInHabit:
    """When the car is plugged in while it is at home. The default is always.

    Parameters
    ----------
    between
        Only from one time of the clock to another, over midnight if the second is
        earlier; `None` for all day.
    weekdays
        Only on these days, 0 is Monday; a night belongs to two.
    below_fraction
        Only if it comes home with less than this share of its usable energy; `None`
        for whatever it comes home with.
    """

    between: tuple[time, time] | None = None
    weekdays: frozenset[int] = EVERY_DAY
    below_fraction: float | None = None

    def __post_init__(self) -> None:
        """Refuse a habit that cannot be."""
        faults = []
        if self.between is not None and self.between[0] == self.between[1]:
            faults.append(f"between is {self.between[0]} twice; expected two times")
        if not self.weekdays <= EVERY_DAY:
            faults.append(f"weekdays are 0 to 6, got {sorted(self.weekdays)}")
        if self.below_fraction is not None and not 0 < self.below_fraction <= 1:
            faults.append(
                "below_fraction must be over 0 and at most 1, got "
                f"{self.below_fraction}"
            )
        if faults:
            raise DataError(f"plug-in habit: {'; '.join(faults)}")


@dataclass(frozen=True, slots=True, eq=False)
class PluggedIn:
    """When a car is plugged in, on the axis of its trips.

    Parameters
    ----------
    is_plugged
        At home and plugged in. (T,)
    would_plug
        Whether by the clock it would be plugged in were it at home: known beforehand.
        With `below_fraction` it may be at home in such an interval and not be
        plugged in. (T,)
    """

    is_plugged: BoolArray
    would_plug: BoolArray


def plugged_in(
    habit: PlugInHabit,
    trips: TripsOnAxis,
    zone: tzinfo,
    car: CarAtHome,
    start_stored_kwh: float,
) -> PluggedIn:
    """When a car is plugged in by habit.

    What a car comes home with depends on how it was charged. So that every strategy
    meets the same car, `below_fraction` is decided once, for a car that charges at
    full power up to its limit whenever it is plugged in; **all strategies share
    that**. It is decided when the car comes home, and holds until it leaves.

    Parameters
    ----------
    start_stored_kwh
        In the car above its floor before the first interval. [kWh]

    Raises
    ------
    DataError
        If the car would never be plugged in, as it never comes home below its floor.
    """
    below_fraction = habit.below_fraction
    if below_fraction is not None and below_fraction <= car.floor_fraction:
        raise DataError(
            f"plug-in habit: below {below_fraction:.0%} the car "
            f"{car.vehicle.name} never is, as its floor is {car.floor_fraction:.0%}; "
            "choose a level above the floor"
        )
    would_plug = _by_clock(habit, trips.grid, zone)
    is_plugged = would_plug & ~trips.is_away
    if below_fraction is not None:
        low_kwh = (below_fraction - car.floor_fraction) * car.vehicle.usable_kwh
        is_plugged &= _when_low(low_kwh, trips, would_plug, car, start_stored_kwh)
    is_plugged.flags.writeable = would_plug.flags.writeable = False
    return PluggedIn(is_plugged, would_plug)


def _by_clock(habit: PlugInHabit, grid: TimeGrid, zone: tzinfo) -> BoolArray:
    """Intervals that lie wholly within the habit's hours. (T,)"""
    clock = local_clock(grid, zone)
    holds = np.isin(clock.weekday, sorted(habit.weekdays))
    if habit.between is not None:
        first, last = (60 * (60 * t.hour + t.minute) + t.second for t in habit.between)
        since = (clock.second - first) % _DAY_SECONDS
        holds &= since + grid.step.total_seconds() <= (last - first) % _DAY_SECONDS
    return holds


def _when_low(
    low_kwh: float,
    trips: TripsOnAxis,
    would_plug: BoolArray,
    car: CarAtHome,
    stored_kwh: float,
) -> BoolArray:
    """Intervals at home after coming home with little. (T,)"""
    hours = trips.grid.step.total_seconds() / 3600
    step_kwh = car.charge_kw * car.charger.charge_efficiency_fraction * hours
    is_low = np.zeros(trips.grid.count, dtype=np.bool_)
    left_at = 0
    for first, stop in true_runs(~trips.is_away):
        driven_kwh = float(trips.trip_kwh[left_at:first].sum())
        stored_kwh = max(stored_kwh - driven_kwh, 0.0)  # the rest is charged elsewhere
        left_at = stop
        if stored_kwh < low_kwh:
            is_low[first:stop] = True
            charged_kwh = step_kwh * np.count_nonzero(would_plug[first:stop])
            stored_kwh = min(stored_kwh + float(charged_kwh), car.capacity_kwh)
    return is_low
