"""A year of re-plans: 17,520 exact optima of 36 hours, beside HiGHS started warm."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import highspy
import numpy as np
from tests.analysis.simulation.highs_referee import lp_of
from tests.analysis.simulation.random_homes import problem_of, weather
from tests.benchmarks.measure import Measure

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem, EndOfRun
from home_energy.analysis.simulation.forecast_strategy import (
    WORTH_FRACTION,
    ForecastStrategy,
)
from home_energy.analysis.simulation.forecaster import Forecaster
from home_energy.analysis.simulation.outlook import Forecasts
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.rates import Rates
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid

ROUNDS = 9
TARGET_MS = 150
STEPS = 72
FIRST, REFEREED = 4_800, 300
"""Re-plans that HiGHS makes too: six days from the hundredth."""

UNSERVED_C_PER_KWH = 1e5


def measure_year_of_forecasts() -> list[Measure]:
    """A year at 30 and at 5 minutes; some of its plans by HiGHS's dual simplex."""
    drawn = weather(1)
    half_hours, five_minutes = (problem_of(drawn, minutes) for minutes in (30, 5))
    often = ForecastStrategy(replan_minutes=5)
    year_ms = _median_ms(lambda: ForecastStrategy().stored_kwh(half_hours))
    plan_us = 1000 * year_ms / half_hours.grid.count
    solved_us, whole_us = _highs_us(half_hours)
    return [
        Measure("Year of 17,520 re-plans of 36 h, 30 min", year_ms, "ms", TARGET_MS),
        Measure("… one re-plan", plan_us, "us"),
        Measure("… HiGHS warm, run() alone", solved_us, "us"),
        Measure("… HiGHS warm, with new bounds from Python", whole_us, "us"),
        Measure("… HiGHS's run() by ours", solved_us / plan_us, "times"),
        Measure("… HiGHS's whole loop by ours", whole_us / plan_us, "times"),
        Measure(
            "Year of 17,520 re-plans of 36 h, 5 min",
            _median_ms(lambda: ForecastStrategy().stored_kwh(five_minutes)),
            "ms",
        ),
        Measure(
            "Year of 105,120 re-plans of 36 h, 5 min",
            _median_ms(lambda: often.stored_kwh(five_minutes)),
            "ms",
        ),
    ]


def _median_ms(run: Callable[[], object]) -> float:
    run()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def _highs_us(problem: DispatchProblem) -> tuple[float, float]:
    """Median of `run()`, and of the whole re-plan, from Python. [us]

    The same forecasts and the same end, each plan started from the basis of the one
    before, as anybody would who re-plans by an LP.
    """
    numbers = np.arange(FIRST, FIRST + REFEREED)
    ahead = Forecaster().forecasts(problem, numbers, STEPS)
    stored = ForecastStrategy().stored_kwh(problem)
    battery = problem.battery
    assert battery is not None
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", bool(0))
    highs.setOptionValue("threads", 1)
    lp, at = lp_of(_window(problem, ahead, 0), UNSERVED_C_PER_KWH)
    highs.passModel(lp)
    costs = np.concatenate([at["import"], at["export"]]).astype(np.int32)
    bounds = np.concatenate([at["held back"], at["unserved"]]).astype(np.int32)
    start, last = int(at["stored"][0]), int(at["stored"][-1])
    solved, whole = [], []
    for k, number in enumerate(numbers.tolist()):
        began = time.perf_counter()
        buy, sell = ahead.import_c_per_kwh[k], ahead.export_c_per_kwh[k]
        load, sun = ahead.load_kwh[k], ahead.solar_kwh[k]
        worth = WORTH_FRACTION * battery.discharge_efficiency_fraction * np.median(buy)
        highs.changeColsCost(2 * STEPS, costs, np.concatenate([buy, -sell]))
        tops = np.concatenate([sun, load])
        highs.changeColsBounds(2 * STEPS, bounds, np.zeros(2 * STEPS), tops)
        for j, net in enumerate((load - sun).tolist()):
            highs.changeRowBounds(j, net, net)
        highs.changeColBounds(start, stored[number], stored[number])
        highs.changeColCost(last, -worth)
        before = time.perf_counter()
        highs.run()
        ended = time.perf_counter()
        assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        solved.append(ended - before)
        whole.append(ended - began)
    return 1e6 * statistics.median(solved[1:]), 1e6 * statistics.median(whole[1:])


def _window(problem: DispatchProblem, ahead: Forecasts, k: int) -> DispatchProblem:
    grid = TimeGrid(problem.grid.start, problem.grid.step, STEPS)

    def row(values: FloatArray) -> FloatArray:
        return np.array(values[k])

    return DispatchProblem(
        Rates(grid, row(ahead.import_c_per_kwh), row(ahead.export_c_per_kwh)),
        row(ahead.load_kwh),
        row(ahead.solar_kwh),
        problem.battery,
        GridConnection(),
        0.0,
        EndOfRun.FREE,
    )
