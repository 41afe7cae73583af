"""Cars whose days can be worked out on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.domain.car_at_home import CarAtHome, Discharge
from home_energy.domain.charger import Charger
from home_energy.domain.trip import KNOWN_BEFOREHAND
from home_energy.domain.vehicle import Vehicle

# 40 kWh from floor to limit. 6 kW are 3 kWh in a half-hour either way. Of 1 kWh of AC
# 0.8 kWh reach the cells, and of 1 kWh from the cells 0.5 kWh reach AC. It gives
# whatever power it is asked for.
VEHICLE = Vehicle("small", 50.0, 11.0, 11.0, 150.0)
CHARGER = Charger("lossy", 1, 6.0, 0.8, 6.0, 0.5, least_charge_kw=0.0)
LOSSY_CAR = CarAtHome(VEHICLE, CHARGER, Discharge.NONE, 0.1, 0.9)


def with_charger(
    car: CarAtHome = LOSSY_CAR,
    discharge: Discharge | None = None,
    wear_c_per_kwh: float = 0.0,
    **changes: float,
) -> CarAtHome:
    """The car with another charger, another use of its energy and another wear."""
    return replace(
        car,
        charger=replace(car.charger, **changes),  # type: ignore[arg-type]
        discharge=discharge or car.discharge,
        wear_c_per_kwh=wear_c_per_kwh,
    )


def with_car(
    problem: DispatchProblem,
    car: CarAtHome = LOSSY_CAR,
    trips_kwh: Mapping[tuple[int, int], float] | None = None,
    *,
    start_stored_kwh: float = 0.0,
    unplugged: Sequence[int] = (),
    ready_kwh: Mapping[int, float] | None = None,
    public_c_per_kwh: float = 70.0,
) -> DispatchProblem:
    """The home with a car, away from the first up to the second of each pair."""
    count = problem.grid.count
    is_away, trip_kwh, ready = np.zeros((3, count))
    for (depart, back), kwh in (trips_kwh or {}).items():
        is_away[depart:back] = 1
        trip_kwh[depart] = kwh
    for interval, kwh in (ready_kwh or {}).items():
        ready[interval] = kwh
    is_plugged = is_away == 0
    is_plugged[list(unplugged)] = False
    on_axis = CarOnAxis(
        car=car,
        is_away=is_away > 0,
        is_plugged=is_plugged,
        would_plug=np.ones(count, dtype=bool),
        trip_kwh=trip_kwh,
        trip_km=trip_kwh * 1000 / car.vehicle.wh_per_km,
        announced=np.full(count, KNOWN_BEFOREHAND),
        ready_kwh=ready,
        public_c_per_kwh=public_c_per_kwh,
        start_stored_kwh=start_stored_kwh,
    )
    return replace(problem, car=on_axis)
