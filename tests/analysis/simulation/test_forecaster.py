from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from tests.analysis.simulation.random_homes import drawn_home
from tests.analysis.simulation.small_homes import START, home

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.forecaster import Forecaster
from home_energy.analysis.simulation.outlook import Forecasts
from home_energy.domain.rates import Rates
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, DataError

HALF_IN_SIX_HOURS = 0.5 ** (1 / 12)
"""A difference that is halved in twelve half-hours."""


def six_hourly(
    buy: Sequence[float],
    load: Sequence[float] | None = None,
    solar: Sequence[float] | None = None,
) -> DispatchProblem:
    """Days of four intervals."""
    zeros = [0.0] * len(buy)
    return home(load or zeros, solar or zeros, buy, minutes=360)


def at(
    problem: DispatchProblem, number: int, count: int, forecaster: Forecaster
) -> Forecasts:
    return forecaster.forecasts(problem, np.array([number]), count)


def halving(**changes: int) -> Forecaster:
    decay = HALF_IN_SIX_HOURS
    return Forecaster(changes.get("days", 14), decay, decay, decay)


def test_the_mean_of_the_days_before_is_expected_and_the_difference_now_decays() -> (
    None
):
    problem = six_hourly([10, 20, 30, 40, 30, 40, 50, 60, 26])

    ahead = at(problem, 8, 5, halving())

    # Means 20, 30, 40, 50; now 6 above, then 3, 1.5, 0.75 and, of the first, 0.375.
    expected = [26, 33, 41.5, 50.75, 20.375]
    assert ahead.import_c_per_kwh[0] == pytest.approx(expected, abs=1e-12)


def test_today_is_left_out_of_the_expected_day() -> None:
    # On the second day only the first is known whole, whatever its own hours were.
    problem = six_hourly([10, 20, 30, 40, 99, 99, 30, 7])

    ahead = at(problem, 6, 5, halving())

    assert ahead.import_c_per_kwh[0].tolist() == [30, 40, 10, 20, 30]


def test_a_quarter_of_an_hour_of_five_minutes_is_believed_not_the_last_alone() -> None:
    # The second day, 30 c expected: 30, 33, 36, 60 are measured. 0, 3, 6 and 30 above;
    # of the last three the mean is 13.
    buy = [30.0] * 288 + [30, 33, 36, 60]
    problem = home([0] * 292, [0] * 292, buy, minutes=5)

    ahead = at(problem, 291, 3, Forecaster(price_decay_fraction=1.0))

    assert ahead.import_c_per_kwh[0].tolist() == [43, 43, 43]


def test_only_so_many_days_are_remembered() -> None:
    problem = six_hourly([90, 90, 90, 90, 30, 40, 50, 60, 30])

    ahead = at(problem, 8, 4, halving(days=1))

    assert ahead.import_c_per_kwh[0].tolist() == [30, 40, 50, 60]


def test_on_the_first_day_what_is_measured_now_is_expected_to_stay() -> None:
    problem = six_hourly([10, 20, 30], load=[1, 2, 3], solar=[0, 4, 0])

    ahead = at(problem, 1, 3, halving())

    assert ahead.import_c_per_kwh[0].tolist() == [20, 20, 20]
    assert ahead.export_c_per_kwh[0].tolist() == [5, 5, 5]
    assert ahead.load_kwh[0].tolist() == [2, 2, 2]
    assert ahead.solar_kwh[0].tolist() == [4, 4, 4]


def test_the_night_stays_dark_after_a_bright_noon_and_load_is_never_negative() -> None:
    # Noon is 4 above the mean of 4; the evening saw 1 at most, the night 0. The load
    # is 6 below its mean of 6, so 3 below in the evening, where 1 is usual.
    solar = [0, 2, 0.5, 0, 0, 6, 1, 0, 0, 8, 0, 0]
    load = [1, 6, 1, 1, 1, 6, 1, 1, 1, 0, 1, 1]
    problem = six_hourly([30.0] * 12, load, solar)

    ahead = at(problem, 9, 4, halving())

    assert ahead.solar_kwh[0].tolist() == [8, 1, 0, 0]
    # 1 - 3, 1 - 1.5 and 1 - 0.75.
    assert ahead.load_kwh[0] == pytest.approx([0, 0, 0, 0.25], abs=1e-12)


def test_dull_weather_is_expected_to_stay_dull_for_a_while() -> None:
    # Means 4 and 1, now 2 below: the evening would be 0.
    solar = [0, 4, 1, 0, 0, 4, 1, 0, 0, 2, 0, 0]
    problem = six_hourly([30.0] * 12, None, solar)

    ahead = at(problem, 9, 2, halving())

    assert ahead.solar_kwh[0].tolist() == [2, 0]


def test_published_prices_are_known_and_later_ones_expected() -> None:
    problem = six_hourly([10, 20, 30, 40, 10, 20, 30, 40])
    published = replace(
        problem.rates, import_c_per_kwh=np.array([1, 2, 3, 4, 5, 6, 7, 8.0])
    )

    forecaster = replace(halving(), published=published)
    ahead = at(problem, 6, 4, forecaster)

    # 7 and 8 are published; then the means 10 and 20 of the first day.
    assert ahead.import_c_per_kwh[0].tolist() == [7, 8, 10, 20]


def test_published_prices_of_another_axis_are_refused() -> None:
    problem = six_hourly([10, 20, 30, 40])
    grid = TimeGrid(START, timedelta(hours=3), 8)
    other = Rates(grid, np.ones(8), np.ones(8))

    with pytest.raises(AlignmentError, match="published prices on"):
        at(problem, 0, 2, Forecaster(published=other))


def test_what_comes_after_changes_no_expectation() -> None:
    problem = drawn_home(seed=3, minutes=30, days=6)
    numbers = np.arange(200)
    later = problem.rates.import_c_per_kwh.copy()
    later[200:] += 500
    changed = replace(
        problem,
        rates=replace(problem.rates, import_c_per_kwh=later),
        solar_kwh=np.where(np.arange(288) < 200, problem.solar_kwh, 9.0),
    )

    before = Forecaster().forecasts(problem, numbers, 72)
    after = Forecaster().forecasts(changed, numbers, 72)

    for name in ("import_c_per_kwh", "export_c_per_kwh", "load_kwh", "solar_kwh"):
        assert getattr(before, name).tobytes() == getattr(after, name).tobytes()


@pytest.mark.parametrize(
    ("days", "decay"), [(0, 0.5), (14, 1.1), (14, -0.1), (14, float("nan"))]
)
def test_no_days_and_growing_differences_are_refused(days: int, decay: float) -> None:
    with pytest.raises(DataError, match="forecaster: expected 1 day or more"):
        Forecaster(days, price_decay_fraction=decay)
