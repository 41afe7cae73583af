"""The best schedule of a car alone over a synthetic year, beside HiGHS on the same.

The home's year is that of the tests against HiGHS; its car is away on most weekdays,
now and then on a weekend, and is wanted charged on some mornings. The plain programme
knows no least power and may charge and discharge at once; so the difference is to the
bound, which is never below it, and equals it without a least power where nothing pays
for burning energy.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

from tests.analysis.simulation.car_referee import car_lp_of
from tests.analysis.simulation.highs_referee import run
from tests.analysis.simulation.random_cars import VEHICLE, car_of
from tests.analysis.simulation.random_homes import problem_of, weather
from tests.benchmarks.measure import Measure

from home_energy.analysis.simulation.car_schedule import exact_car_schedule
from home_energy.domain.car_at_home import CarAtHome, Discharge
from home_energy.domain.charger import Charger

SEED = 1
AT_LEAST_RATIO = 300
# minutes: rounds of ours, rounds of HiGHS
ROUNDS = {30: (101, 5), 5: (41, 1)}
CARS = {
    "charging only": CarAtHome(VEHICLE, Charger("7 kW", 1, 7.36, 0.92)),
    "V2G": CarAtHome(
        VEHICLE,
        Charger("both ways", 1, 7.0, 0.94, 5.0, 0.93),
        Discharge.V2G,
        wear_c_per_kwh=2.0,
    ),
}


def measure_year_of_car_alone() -> list[Measure]:
    """Medians at both resolutions, for both cars."""
    return [
        measure
        for minutes, rounds in ROUNDS.items()
        for name, car in CARS.items()
        for measure in _measure(minutes, rounds, name, car)
    ]


def _measure(
    minutes: int, rounds: tuple[int, int], name: str, car: CarAtHome
) -> list[Measure]:
    problem = problem_of(weather(SEED), minutes)
    problem = replace(
        problem, battery=None, start_stored_kwh=0.0, car=car_of(problem.grid, car)
    )
    ours = exact_car_schedule(problem)
    ours_ms = 1000 * _median_seconds(lambda: exact_car_schedule(problem), rounds[0])
    model = car_lp_of(problem, ours.unserved_c_per_kwh)
    verdicts = [run(model, seconds=600) for _ in range(rounds[1])]
    highs_ms = 1000 * statistics.median(verdict.seconds for verdict in verdicts)
    cost = verdicts[0].cost_c
    title = f"best schedule of a car, {name}, {minutes}-minute year"
    return [
        Measure(title, ours_ms, "ms"),
        Measure(f"{title}, HiGHS dual simplex", highs_ms, "ms"),
        Measure(
            f"{title}, times faster",
            highs_ms / ours_ms,
            "x",
            AT_LEAST_RATIO,
            is_at_least=True,
        ),
        Measure(
            f"{title}, certificate", ours.certificate_c / abs(cost), "of the cost", 1e-3
        ),
        Measure(
            f"{title}, bound above the plain optimum",
            (ours.lower_bound_c - cost) / abs(cost),
            "of the cost",
        ),
    ]


def _median_seconds(run_once: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run_once()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
