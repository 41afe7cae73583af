"""Cars that plug in by habit, and whose trips become known; and other futures."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from tests.analysis.simulation.small_cars import with_car
from tests.analysis.simulation.small_homes import home

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.domain.battery import Battery
from home_energy.domain.car_at_home import CarAtHome, Discharge
from home_energy.domain.charger import Charger
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.trip import KNOWN_BEFOREHAND
from home_energy.domain.vehicle import Vehicle

# 4 kW are 2 kWh in a half-hour, of which 1.6 kWh reach the cells; 1 kWh is the least.
CHARGER = Charger("small", 1, 4.0, 0.8, 4.0, 0.5, least_charge_kw=2.0)
LOSSLESS = Charger("lossless", 1, 4.0, 1.0, 4.0, 1.0, least_charge_kw=2.0)


def car_at_home(
    charger: Charger = CHARGER,
    discharge: Discharge = Discharge.NONE,
    usable_kwh: float = 10.0,
) -> CarAtHome:
    vehicle = Vehicle("small", usable_kwh, 4.0, 11.0, 150.0)
    return CarAtHome(vehicle, charger, discharge, floor_fraction=0.0)


def home_with_car(
    load_kwh: Sequence[float],
    solar_kwh: Sequence[float],
    buy_c_per_kwh: Sequence[float] | float = 30.0,
    sell_c_per_kwh: Sequence[float] | float = 5.0,
    *,
    car: CarAtHome | None = None,
    trips: Mapping[tuple[int, int], float] | None = None,
    announced: int = KNOWN_BEFOREHAND,
    ready: Mapping[int, float] | None = None,
    unplugged: Sequence[int] = (),
    start_stored_kwh: float = 0.0,
    battery: Battery | None = None,
    connection: GridConnection | None = None,
    minutes: int = 30,
) -> DispatchProblem:
    """A home whose car is plugged in but where it is away, or said to be unplugged.

    Parameters
    ----------
    trips
        First interval and the one after the last, with the energy of each.
    ready
        Wanted level by interval.
    """
    home_alone = home(
        load_kwh,
        solar_kwh,
        buy_c_per_kwh,
        sell_c_per_kwh,
        battery=battery,
        connection=connection,
        minutes=minutes,
    )
    problem = with_car(
        home_alone,
        car or car_at_home(),
        trips,
        start_stored_kwh=start_stored_kwh,
        unplugged=unplugged,
        ready_kwh=ready,
    )
    assert problem.car is not None
    would_plug = np.ones(len(load_kwh), bool)
    would_plug[list(unplugged)] = False
    told = np.full(len(load_kwh), announced)
    return replace(
        problem, car=replace(problem.car, would_plug=would_plug, announced=told)
    )


def announced_late(
    problem: DispatchProblem, random: np.random.Generator
) -> DispatchProblem:
    """The same home, whose trips become known up to a day before they begin."""
    car = problem.car
    assert car is not None
    per_day = round(24 / problem.hours)
    announced = np.full(car.is_away.size, KNOWN_BEFOREHAND)
    for depart in np.flatnonzero(car.trip_kwh).tolist():
        end = depart
        while end < car.is_away.size and car.is_away[end]:
            end += 1
        announced[depart:end] = max(depart - random.integers(0, per_day), -1)
    return replace(problem, car=replace(car, announced=announced))


def another_future(
    problem: DispatchProblem, number: int, random: np.random.Generator
) -> DispatchProblem:
    """The same home up to an interval and in it, with other prices, load, sun after.

    Trips that were announced by then stay, others go, and new ones come.
    """
    car = problem.car
    assert car is not None
    count = problem.grid.count
    is_ahead = np.arange(count) > number
    is_secret = is_ahead & (car.announced > number)
    stays = car.is_away & ~is_secret
    comes = is_ahead & ~stays & (random.random(count) < 0.3)
    begins = comes & ~np.append(False, comes[:-1])
    is_away = stays | comes
    return replace(
        problem,
        rates=replace(
            problem.rates,
            import_c_per_kwh=problem.rates.import_c_per_kwh
            + np.where(is_ahead, random.normal(0, 500, count), 0.0),
        ),
        load_kwh=np.where(is_ahead, 0.1, problem.load_kwh),
        solar_kwh=np.where(is_ahead, 2.0, problem.solar_kwh),
        car=replace(
            car,
            is_away=is_away,
            is_plugged=np.where(
                is_ahead, ~is_away & (random.random(count) < 0.5), car.is_plugged
            ),
            trip_kwh=np.where(begins, 5.0, np.where(stays, car.trip_kwh, 0.0)),
            trip_km=np.where(begins, 30.0, np.where(stays, car.trip_km, 0.0)),
            announced=np.where(comes, np.arange(count), car.announced),
        ),
    )
