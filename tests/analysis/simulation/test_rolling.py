from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from tests.analysis.simulation.highs_referee import lp_of, run
from tests.analysis.simulation.random_homes import problem_of, weather
from tests.analysis.simulation.small_homes import LOSSLESS, home, with_battery

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.expected_hours import Horizon
from home_energy.analysis.simulation.forecast_strategy import ForecastStrategy
from home_energy.analysis.simulation.forecaster import Forecaster
from home_energy.analysis.simulation.outlook import Forecasts
from home_energy.domain.grid_connection import GridConnection

# On the first day what is measured is expected to stay, and a kWh left after the
# horizon is worth 0.9 x 30 = 27 c: less than load costs, more than exports earn.


def issued(
    known_from: list[int],
    buy: Sequence[Sequence[float]],
    sell: float = 5.0,
    load: float = 0.0,
) -> Forecasts:
    prices = np.array(buy, dtype=float)
    return Forecasts(
        np.array(known_from),
        prices,
        np.full(prices.shape, sell),
        np.full(prices.shape, load),
        np.zeros(prices.shape),
    )


def test_a_price_between_two_plans_is_acted_on_when_it_comes() -> None:
    # Planned at 5 c; 500 c come in the fourth five minutes: 4 kW sell 1/3 kWh. What
    # was planned before and after stays.
    sell = [5.0, 5, 5, 500, 5, 5]
    problem = home([0] * 6, [0] * 6, 30, sell, start_stored_kwh=10, minutes=5)

    stored = ForecastStrategy().stored_kwh(problem)

    sold = 10 - 1 / 3
    assert stored == pytest.approx([10, 10, 10, 10, sold, sold, sold])


def test_load_is_served_at_a_price_that_never_changes() -> None:
    problem = home([1, 1, 0, 1], [0] * 4, 30, 5, start_stored_kwh=10)

    stored = ForecastStrategy().stored_kwh(problem)

    assert stored.tolist() == [10, 9, 8, 8, 7]


def test_solar_left_over_is_stored() -> None:
    problem = home([0, 0], [1.5, 3], 30, 5)

    stored = ForecastStrategy().stored_kwh(problem)

    # 4 kW take 2 kWh of the 3.
    assert stored.tolist() == [0, 1.5, 3.5]


def test_a_forecast_on_record_goes_before_what_is_expected() -> None:
    # It is expected to stay at 30 c; the forecast of interval 0 tells of 90 c in
    # interval 3, when 1 kWh is used. One buys at 30, and only one.
    problem = home([0, 0, 0, 1], [0] * 4, 30, 5)
    table = issued([0], [[30, 30, 30, 90]])
    table = replace(table, load_kwh=np.array([[0.0, 0, 0, 1]]))

    stored = ForecastStrategy().stored_kwh(problem, table)

    # Bought at one price of three intervals, at the latest before it is dear. After
    # it 27 c are what is left worth: no more is bought.
    assert stored[3] == pytest.approx(1)
    assert ForecastStrategy().stored_kwh(problem).tolist() == [0, 0, 0, 0, 0]


def test_a_forecast_is_not_used_before_it_is_known() -> None:
    # 10 c now; that 90 c come is known from interval 1 on, when buying costs 50.
    problem = home([0] * 6, [0] * 6, [10, 50, 50, 50, 50, 50], 5)
    table = issued([1], [[50, 50, 90, 90, 90]], sell=80)

    early = ForecastStrategy().stored_kwh(problem)
    stored = ForecastStrategy().stored_kwh(problem, table)

    assert stored[1] == early[1]
    # Sold at 80 from interval 1 on, as the forecast has it: bought at 50.
    assert stored[2] > early[2]


def test_the_latest_forecast_replaces_older_ones() -> None:
    problem = home([0] * 3, [0] * 3, 30, 5)
    dear, usual = [30, 30, 90, 90, 90, 90], [30.0] * 6
    table = issued([0, 1], [dear, usual], sell=5, load=1)

    stored = ForecastStrategy().stored_kwh(problem, table)
    kept = ForecastStrategy().stored_kwh(problem, table.known_at(0))

    # Buying can wait until the prices rise; nothing is bought once they do not.
    assert stored.max() == pytest.approx(kept[:2].max())
    assert kept[2] > stored[2]


def test_how_much_the_record_told_is_said() -> None:
    # Two plans of 36 h, 72 half-hours. At 0 the record tells of 4, at 1 of 3 more.
    problem = home([0, 0], [0, 0])

    run = ForecastStrategy().run(problem, issued([0], [[30] * 4]))

    assert run.plan_count == 2
    assert run.issued_fraction == pytest.approx(7 / 144)


def test_what_the_record_tells_too_little_of_is_expected() -> None:
    # The record ends after one interval; then 30 c are expected to stay, and the load
    # to be 1 kWh: the 2 kWh that 10 c buy now are worth 30 c.
    problem = home([1], [0], 30, 5)
    table = issued([0], [[10.0]])
    cheap = home([1], [0], 10, 5)

    stored = ForecastStrategy().stored_kwh(problem, table)

    assert stored.tolist() == [0, 0]
    assert ForecastStrategy().stored_kwh(cheap).tolist() == [0, 0]


def test_a_battery_that_may_not_export_keeps_its_energy() -> None:
    battery = with_battery(LOSSLESS, may_export=False)
    problem = home([0, 1], [0, 0], 30, 500, battery=battery, start_stored_kwh=10)

    stored = ForecastStrategy().stored_kwh(problem)

    assert stored.tolist() == [10, 10, 9]


def test_the_export_limit_of_now_is_expected_to_stay() -> None:
    # 80 c now, the 27 c after the horizon: all that may go goes.
    connection = GridConnection(20.0, np.array([1.0, 20.0]))
    problem = home([0, 0], [0, 0], 30, 80, connection=connection, start_stored_kwh=10)

    stored = ForecastStrategy().stored_kwh(problem)

    # 1 kW for half an hour, then 4 kW, the battery's power.
    assert stored.tolist() == [10, 9.5, 7.5]


def test_a_horizon_is_fine_first_and_coarse_later() -> None:
    # 24 steps of 5 minutes and 68 of 30 are 36 hours.
    horizon = Horizon(between_plans=6, fine=24, of_a_block=6, steps=92)

    assert horizon.intervals == 36 * 12


def test_forecasts_by_the_causal_forecaster_change_nothing() -> None:
    problem = problem_of(weather(7, days=5), 30)
    numbers = np.arange(problem.grid.count)
    table = Forecaster().forecasts(problem, numbers, 72)

    alone = ForecastStrategy().stored_kwh(problem)
    by_table = ForecastStrategy().stored_kwh(problem, table)

    assert alone.tobytes() == by_table.tobytes()


def test_the_first_step_of_a_plan_is_the_one_of_a_linear_program() -> None:
    # HiGHS plans the same 36 hours at a dozen times of the fifth day. No expected price
    # is so low that burning energy pays: its optimum is physical.
    problem = problem_of(weather(7, days=6), 30)
    numbers = np.arange(192, 240, 4)
    ahead = Forecaster().forecasts(problem, numbers, 72)
    # Of the expected day: the mean of the four days before, at each time of day.
    prices = problem.rates.import_c_per_kwh[:192].reshape(4, 48).mean(axis=0)
    worth = 0.9 * np.median(prices) * 0.95 - 1.0

    stored = ForecastStrategy().stored_kwh(problem)

    for k, number in enumerate(numbers.tolist()):
        window = window_of(problem, ahead, k, stored[number])
        lp, at = lp_of(window, unserved_c_per_kwh=1e5)
        costs = np.array(lp.col_cost_)
        costs[at["stored"][-1]] = -worth
        lp.col_cost_ = costs
        best = run((lp, at)).stored_kwh
        assert stored[number + 1] == pytest.approx(best[1], abs=1e-6)


def window_of(
    problem: DispatchProblem, ahead: Forecasts, k: int, stored_kwh: float
) -> DispatchProblem:
    home_ahead = home(
        ahead.load_kwh[k].tolist(),
        ahead.solar_kwh[k].tolist(),
        ahead.import_c_per_kwh[k].tolist(),
        ahead.export_c_per_kwh[k].tolist(),
        battery=problem.battery,
        connection=problem.connection,
    )
    return replace(home_ahead, start_stored_kwh=stored_kwh)


def test_what_is_left_after_the_horizon_is_worth_nine_tenths_of_the_median() -> None:
    # 0.9 x 30 = 27 c: 28 sell it, 26 do not. At once, though it may wait.
    dear, cheap = (
        home([0, 0], [0, 0], 30, sell, start_stored_kwh=10) for sell in (28, 26)
    )

    assert ForecastStrategy().stored_kwh(dear).tolist() == [10, 8, 6]
    assert ForecastStrategy().stored_kwh(cheap).tolist() == [10, 10, 10]


def test_the_standby_of_the_hours_ahead_is_planned_for() -> None:
    # 2 kW of standby are 1 kWh in each half-hour, 90 c for the next: one buys it now.
    battery = with_battery(LOSSLESS, standby_kw=2.0)
    problem = home([0, 0], [0, 0], 30, 5, battery=battery)

    stored = ForecastStrategy().stored_kwh(problem, issued([0], [[30, 90]]))

    assert stored[1] == 1
