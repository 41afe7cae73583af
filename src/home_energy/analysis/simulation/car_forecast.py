"""What is known beforehand of where a car will be and what it will need.

At interval t that is: whether it is plugged in now; the trips that were announced until
then, with their energy; the habit of plugging in and the level that is wanted by the
clock. Until the next announced departure a car at home stays as it is now, plugged in
or not; after a trip it is plugged in where the habit says so. A trip that nobody has
announced is not there.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.expected_hours import Horizon
from home_energy.analysis.simulation.flows import sealed
from home_energy.domain.series import FloatArray

Flags = NDArray[np.bool_]


class Diary(NamedTuple):
    """A car's run; what of it is known is told by `expect_car` alone. (T,)"""

    is_away: Flags
    is_plugged: Flags
    would_plug: Flags
    trip_kwh: FloatArray  # what a full car could cover of it [cells]
    announced: NDArray[np.int64]
    ready_kwh: FloatArray
    of_a_day: int


class CarAhead(NamedTuple):
    """What is expected of the intervals ahead. (H,)"""

    is_plugged: Flags
    trip_kwh: FloatArray
    wanted_kwh: FloatArray  # at the start of each


class CarSteps(NamedTuple):
    """The same for the steps of a plan. (steps,)"""

    plugged: NDArray[np.int64]  # intervals; none where a trip departs
    trip_kwh: FloatArray  # leaves at the start
    wanted_kwh: FloatArray  # at the start


def diary_of(car: CarOnAxis, of_a_day: int) -> Diary:
    """Arrays of a car, for the compiled loops."""
    return Diary(
        is_away=np.array(car.is_away, np.bool_),
        is_plugged=np.array(car.is_plugged, np.bool_),
        would_plug=np.array(car.would_plug, np.bool_),
        trip_kwh=sealed(car.coverable_kwh),
        announced=np.array(car.announced, np.int64),
        ready_kwh=sealed(car.ready_kwh),
        of_a_day=of_a_day,
    )


def car_ahead(count: int) -> CarAhead:
    """Room for `count` intervals."""
    return CarAhead(np.zeros(count, np.bool_), np.zeros(count), np.zeros(count))


def car_steps(count: int) -> CarSteps:
    """Room for `count` steps."""
    return CarSteps(np.zeros(count, np.int64), np.zeros(count), np.zeros(count))


@compiled
def expect_car(diary: Diary, t: int, ahead: CarAhead) -> None:
    """Fill `ahead` with what is known at interval t of it and those after.

    After the run's end habit and wanted level are those of the same time a day before.
    """
    count = diary.is_away.size
    has_stayed = True
    was_plugged = False
    for i in range(ahead.is_plugged.size):
        n = t + i
        is_away = n < count and diary.is_away[n] and (diary.announced[n] <= t or i == 0)
        while n >= count:
            n -= diary.of_a_day
        has_stayed = has_stayed and not is_away
        ahead.trip_kwh[i] = diary.trip_kwh[n] if is_away else 0.0
        ahead.wanted_kwh[i] = diary.ready_kwh[max(n, 0)] if was_plugged else 0.0
        if is_away:
            was_plugged = False
        elif has_stayed:
            was_plugged = diary.is_plugged[t]
        else:
            was_plugged = diary.would_plug[max(n, 0)]
        ahead.is_plugged[i] = was_plugged


@compiled
def lay_out_car(ahead: CarAhead, horizon: Horizon, steps: CarSteps) -> None:
    """Turn what is expected of intervals into steps of a plan.

    In a step with a departure nothing is charged, and a level is wanted at the start of
    its step: both are on the safe side, by less than a block.
    """
    first = 0
    for j in range(horizon.steps):
        plugged = 0
        trip = wanted = 0.0
        for i in range(first, first + (1 if j < horizon.fine else horizon.of_a_block)):
            trip += ahead.trip_kwh[i]
            plugged += ahead.is_plugged[i]
            wanted = max(wanted, ahead.wanted_kwh[i])
            first += 1
        steps.plugged[j] = plugged if trip == 0 else 0
        steps.trip_kwh[j] = trip
        steps.wanted_kwh[j] = wanted
