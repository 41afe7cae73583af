"""The best schedule of a synthetic year, beside HiGHS on the same problem.

The year is that of the tests against HiGHS: 8.6 MWh of load, 8.7 MWh of solar, a duck
curve of prices that pay for exports in a sixth of the intervals and spike on a
twentieth of the evenings.
"""

import statistics
import time
from collections.abc import Callable

from tests.analysis.simulation.highs_referee import lp_of, run
from tests.analysis.simulation.random_homes import problem_of, weather
from tests.benchmarks.measure import Measure

from home_energy.analysis.simulation.exact_schedule import exact_schedule

SEED = 1
AT_LEAST_RATIO = 500
# minutes: most milliseconds, rounds of ours, rounds of HiGHS
BUDGETS = {30: (2.5, 101, 5), 5: (25.0, 41, 1)}


def measure_year_of_dispatch() -> list[Measure]:
    """Medians at both resolutions."""
    return [
        measure
        for minutes, (most_ms, rounds, referee_rounds) in BUDGETS.items()
        for measure in _measure(minutes, most_ms, rounds, referee_rounds)
    ]


def _measure(
    minutes: int, most_ms: float, rounds: int, referee_rounds: int
) -> list[Measure]:
    problem = problem_of(weather(SEED), minutes)
    ours = exact_schedule(problem)
    ours_ms = 1000 * _median_seconds(lambda: exact_schedule(problem), rounds)
    model = lp_of(problem, ours.unserved_c_per_kwh)
    verdicts = [run(model, seconds=600) for _ in range(referee_rounds)]
    highs_ms = 1000 * statistics.median(verdict.seconds for verdict in verdicts)
    cost = verdicts[0].cost_c
    name = f"best schedule of a {minutes}-minute year"
    return [
        Measure(name, ours_ms, "ms", most_ms),
        Measure(f"{name}, HiGHS dual simplex", highs_ms, "ms"),
        Measure(
            f"{name}, times faster",
            highs_ms / ours_ms,
            "x",
            AT_LEAST_RATIO,
            is_at_least=True,
        ),
        Measure(
            f"{name}, difference to HiGHS",
            abs(ours.cost_c - cost) / abs(cost),
            "of the cost",
            1e-9,
        ),
    ]


def _median_seconds(run_once: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run_once()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
