"""Homes drawn at random that have a car: commutes, odd trips, levels wanted."""

from dataclasses import dataclass, replace

import numpy as np
from tests.analysis.simulation.random_homes import drawn_home

from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.domain.car_at_home import CarAtHome, Discharge
from home_energy.domain.charger import Charger
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.trip import KNOWN_BEFOREHAND
from home_energy.domain.vehicle import Vehicle

ONE_PHASE = Charger("one phase", 1, 7.36, 0.92)
THREE_PHASE = Charger("three phases", 3, 11.04, 0.92)
BOTH_WAYS = Charger("both ways", 1, 7.0, 0.94, 5.0, 0.93)
VEHICLE = Vehicle("drawn", 57.0, 7.36, 11.04, 150.0)


@dataclass(frozen=True)
class Driving:
    """How a car is driven and plugged in."""

    trip_kwh: float = 9.0
    weekend_trips: float = 0.5
    plugged: float = 1.0
    ready: float = 0.3
    public_c_per_kwh: float = 70.0


def car_of(
    grid: TimeGrid,
    car: CarAtHome,
    seed: int = 0,
    driving: Driving | None = None,
) -> CarOnAxis:
    """A car that is away on most weekdays, and plugged in when it is back."""
    driving = driving or Driving()
    rng = np.random.default_rng(2_000 + seed)
    per = round(86400 / grid.step.total_seconds())
    is_away = np.zeros(grid.count, dtype=bool)
    trip = np.zeros(grid.count)
    ready = np.zeros(grid.count)
    would = np.zeros(grid.count, dtype=bool)
    for day in range(grid.count // per):
        first = day * per
        would[first : first + per] = rng.random() < driving.plugged
        if rng.random() < driving.ready:
            wanted = rng.uniform(0.2, 1.0) * car.capacity_kwh
            ready[first + round(per * 7 / 24)] = wanted
        if rng.random() > (0.9 if day % 7 < 5 else driving.weekend_trips):
            continue
        depart = first + round(per * rng.uniform(6, 11) / 24)
        arrive = depart + 1 + round(per * rng.uniform(0.5, 12) / 24)
        is_away[depart:arrive] = True
        trip[depart] = driving.trip_kwh * rng.gamma(3, 1 / 3)
    return CarOnAxis(
        car=car,
        is_away=is_away,
        is_plugged=would & ~is_away,
        would_plug=would,
        trip_kwh=trip,
        trip_km=trip * 6,
        announced=np.full(grid.count, KNOWN_BEFOREHAND),
        ready_kwh=ready,
        public_c_per_kwh=driving.public_c_per_kwh,
        start_stored_kwh=0.5 * car.capacity_kwh,
    )


def drawn_car(seed: int, grid: TimeGrid) -> CarOnAxis:
    """Charger, vehicle, what they are used for, and trips: all drawn."""
    rng = np.random.default_rng(3_000 + seed)
    discharge = list(Discharge)[rng.integers(3)]
    phases = rng.choice([1, 1, 1, 3])
    charger = Charger(
        name=f"drawn {seed}",
        phases=3 if phases == 3 else 1,
        charge_kw=rng.uniform(9, 11) if phases == 3 else rng.uniform(3, 7.4),
        charge_efficiency_fraction=rng.uniform(0.85, 0.97),
        discharge_kw=rng.uniform(3, 10),
        discharge_efficiency_fraction=rng.uniform(0.85, 0.97),
        least_charge_kw=None if rng.random() < 0.5 else 0.0,
        standby_kw=rng.choice([0.0, 0.02]),
    )
    car = CarAtHome(
        vehicle=replace(VEHICLE, usable_kwh=rng.uniform(20, 80)),
        charger=charger,
        discharge=discharge,
        floor_fraction=rng.choice([0.1, 0.3]),
        limit_fraction=rng.choice([0.8, 1.0]),
        wear_c_per_kwh=rng.choice([0.0, 1.0, 5.0]),
    )
    driving = Driving(
        trip_kwh=rng.uniform(3, 25),
        weekend_trips=rng.random(),
        plugged=rng.choice([1.0, 0.8]),
        ready=rng.choice([0.0, 0.5]),
        public_c_per_kwh=rng.uniform(40, 90),
    )
    return car_of(grid, car, seed, driving)


def drawn_home_with_car(seed: int, minutes: int, days: int) -> DispatchProblem:
    """Prices, house, battery, connection, car, charger and trips all drawn."""
    problem = drawn_home(seed, minutes, days)
    return replace(problem, car=drawn_car(seed, problem.grid))
