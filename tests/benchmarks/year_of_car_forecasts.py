"""A year of re-plans of battery and car together, and of the rules of charging."""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from tests.analysis.simulation.plugged_cars import announced_late
from tests.analysis.simulation.random_cars import BOTH_WAYS, VEHICLE, Driving, car_of
from tests.analysis.simulation.random_homes import problem_of, weather
from tests.benchmarks.measure import Measure

from home_energy.analysis.simulation.charging_strategy import Cheapest, SolarFirst
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.joint.forecast import JointForecastStrategy
from home_energy.domain.car_at_home import CarAtHome, Discharge

ROUNDS = 3
TARGET_S = 30


def measure_year_of_car_forecasts() -> list[Measure]:
    """A year at 30 and at 5 minutes, with a battery and without."""
    half_hours, five_minutes = (_home(minutes) for minutes in (30, 5))
    strategy = JointForecastStrategy()
    plan_count = strategy.run(half_hours).plan_count
    year_s = _median_s(lambda: strategy.paths(half_hours))
    alone, alone_at_five = (_car_alone(home) for home in (half_hours, five_minutes))
    what = "Year of re-plans of 36 h"
    return [
        Measure(f"{what}, battery and V2G car, 30 min", year_s, "s", TARGET_S),
        Measure("… one re-plan", 1e6 * year_s / plan_count, "us"),
        Measure(
            f"{what}, battery and V2G car, 5 min",
            _median_s(lambda: strategy.paths(five_minutes)),
            "s",
        ),
        Measure(
            f"{what}, V2G car alone, 30 min",
            _median_s(lambda: strategy.paths(alone)),
            "s",
        ),
        Measure(
            f"{what}, V2G car alone, 5 min",
            _median_s(lambda: strategy.paths(alone_at_five)),
            "s",
        ),
        Measure(
            "Year of charging at the cheapest hours, 5 min",
            _median_s(lambda: Cheapest().paths(alone_at_five)),
            "s",
        ),
        Measure(
            "Year of charging from the sun first, 5 min",
            _median_s(lambda: SolarFirst().paths(alone_at_five)),
            "s",
        ),
    ]


def _home(minutes: int) -> DispatchProblem:
    """The home of the other benchmarks, with a car whose trips become known late."""
    problem = problem_of(weather(1), minutes)
    car = CarAtHome(VEHICLE, BOTH_WAYS, Discharge.V2G, wear_c_per_kwh=1.0)
    with_car = replace(problem, car=car_of(problem.grid, car, 3, Driving(ready=1.0)))
    return announced_late(with_car, np.random.default_rng(1))


def _car_alone(problem: DispatchProblem) -> DispatchProblem:
    return replace(problem, battery=None, start_stored_kwh=0.0)


def _median_s(run: Callable[[], object]) -> float:
    run()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return statistics.median(times)
