"""The joint optimum of battery and car over a synthetic year, beside HiGHS.

The home is that of the tests: prices linked to wholesale, a 13.5 kWh battery, a 55 kWh
car that is away on weekdays. Ours and HiGHS run in turn, each in `run()` alone: arrays
are laid out before. The linear programme's plan may charge and discharge at once; what
a schedule that can be done takes beyond it is told besides.
"""

import statistics
import time
from dataclasses import dataclass, replace

from tests.analysis.simulation.joint.homes import JointHome, Powers, usual_home
from tests.analysis.simulation.joint.referee import joint_lp, run_joint
from tests.analysis.simulation.random_cars import BOTH_WAYS, VEHICLE, Driving, car_of
from tests.analysis.simulation.random_homes import problem_of, weather
from tests.benchmarks.measure import Measure

from home_energy.analysis.simulation.joint.case import joint_case
from home_energy.analysis.simulation.joint.interior_point import Outcome, solve_into
from home_energy.analysis.simulation.joint.problem import JointSteps
from home_energy.analysis.simulation.joint.room import room_for
from home_energy.analysis.simulation.joint.schedule import joint_schedule
from home_energy.domain.car_at_home import CarAtHome, Discharge

SEED = 1
TOLERANCE = 1e-8
AT_LEAST_RATIO = 10
MOST_SECONDS = 600
# minutes: most seconds, rounds, times that ours runs in a round
BUDGETS = {30: (0.35, 5, 5), 5: (3.2, 1, 5)}
POWERS = {"V2G": Powers(), "no V2G": Powers(car_discharge=0.0)}
WINDOW_STEPS = 72
WINDOWS = 500
SCHEDULES = 3


@dataclass(frozen=True)
class _Runs:
    ours_s: float
    highs_s: float
    difference: float
    outcome: Outcome


def measure_year_of_two_storages() -> list[Measure]:
    """Medians at both resolutions, and windows as a rolling strategy solves them."""
    measures = [
        measure
        for minutes, (most_s, rounds, repeats) in BUDGETS.items()
        for case, powers in POWERS.items()
        for measure in _measures(
            f"battery and car, {case}, {minutes}-minute year",
            most_s,
            _runs(usual_home(SEED, minutes, powers=powers), rounds, repeats),
        )
    ]
    return [*measures, _window(), *map(_schedule, (Discharge.V2G, Discharge.NONE))]


def _measures(name: str, most_s: float, runs: _Runs) -> list[Measure]:
    return [
        Measure(name, runs.ours_s, "s", most_s),
        Measure(f"{name}, iterations", runs.outcome.iterations, ""),
        Measure(f"{name}, HiGHS dual simplex", runs.highs_s, "s"),
        Measure(
            f"{name}, times faster",
            runs.highs_s / runs.ours_s,
            "x",
            AT_LEAST_RATIO,
            is_at_least=True,
        ),
        Measure(
            f"{name}, difference to HiGHS", runs.difference, "of the cost", TOLERANCE
        ),
    ]


def _runs(home: JointHome, rounds: int, repeats: int) -> _Runs:
    """Ours and HiGHS in turn."""
    problem = (home.steps, home.battery, home.car, home.prices)
    room = room_for(home.steps.load_kwh.size)
    model = joint_lp(home)
    outcome = solve_into(room, problem, TOLERANCE)  # compiles
    ours, highs = [], []
    for _ in range(rounds):
        for _ in range(repeats):
            began = time.perf_counter()
            outcome = solve_into(room, problem, TOLERANCE)
            ours.append(time.perf_counter() - began)
        verdict = run_joint(model, MOST_SECONDS)
        highs.append(verdict.seconds)
    difference = abs(outcome.cost_c - verdict.cost_c) / abs(verdict.cost_c)
    return _Runs(statistics.median(ours), statistics.median(highs), difference, outcome)


def _cut(steps: JointSteps) -> JointSteps:
    arrays = [values[:WINDOW_STEPS] for values in steps[:-1]]
    arrays.append(steps.ready_kwh[: WINDOW_STEPS + 1])
    return JointSteps(*arrays)


def _window() -> Measure:
    """One of the windows of a rolling strategy, 36 hours at 30 minutes."""
    room = room_for(WINDOW_STEPS)
    homes = [usual_home(seed, 30, 2) for seed in range(WINDOWS)]
    problems = [
        (_cut(home.steps), home.battery, home.car, home.prices) for home in homes
    ]
    solve_into(room, problems[0], TOLERANCE)
    seconds = []
    for problem in problems:
        began = time.perf_counter()
        solve_into(room, problem, 1e-6)
        seconds.append(time.perf_counter() - began)
    name = f"battery and car, a window of {WINDOW_STEPS} steps"
    return Measure(name, 1e6 * statistics.median(seconds), "us")


def _schedule(discharge: Discharge) -> Measure:
    """A schedule that can be done, with its proof, less its linear programme."""
    home = problem_of(weather(SEED), 30)
    device = CarAtHome(VEHICLE, BOTH_WAYS, discharge, wear_c_per_kwh=1.0)
    car = car_of(home.grid, device, SEED, Driving(ready=1.0))
    problem = replace(home, car=car)
    case = joint_case(problem)
    linear = (case.steps, case.pair.battery, case.pair.car, case.pair.prices)
    room = room_for(home.grid.count)
    joint_schedule(problem)  # compiles
    seconds = []
    for _ in range(SCHEDULES):
        began = time.perf_counter()
        joint_schedule(problem)
        both = time.perf_counter()
        solve_into(room, linear, TOLERANCE)
        seconds.append((both - began) - (time.perf_counter() - both))
    name = f"battery and car, {discharge.value}, 30-minute year"
    beyond = "a schedule that can be done, beyond the linear programme"
    return Measure(f"{name}, {beyond}", statistics.median(seconds), "s")
