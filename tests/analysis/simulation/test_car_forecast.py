"""What is expected of a car: six half-hours from interval 2 of a run of eight."""

from dataclasses import replace

import numpy as np
import pytest
from tests.analysis.simulation.plugged_cars import home_with_car

from home_energy.analysis.simulation.car_forecast import (
    CarAhead,
    CarSteps,
    Diary,
    car_ahead,
    car_steps,
    diary_of,
    expect_car,
    lay_out_car,
)
from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.expected_hours import Horizon


def expected(problem: DispatchProblem, t: int = 2, count: int = 6) -> CarAhead:
    ahead = car_ahead(count)
    expect_car(diary(problem), t, ahead)
    return ahead


def diary(problem: DispatchProblem) -> Diary:
    return diary_of(car_of(problem), 48)


def car_of(problem: DispatchProblem) -> CarOnAxis:
    assert problem.car is not None
    return problem.car


def laid_out(ahead: CarAhead, horizon: Horizon) -> CarSteps:
    steps = car_steps(horizon.steps)
    lay_out_car(ahead, horizon, steps)
    return steps


def test_a_car_at_home_stays_as_it_is_until_its_next_departure_then_by_habit() -> None:
    problem = home_with_car([0] * 8, [0] * 8, trips={(4, 5): 3.0}, unplugged=[3, 6])

    ahead = expected(problem)

    # 2 and 3: plugged in as now, though the habit says otherwise of 3; 4: away.
    assert ahead.is_plugged.tolist() == [True, True, False, True, False, True]
    assert ahead.trip_kwh.tolist() == [0, 0, 3, 0, 0, 0]


def test_a_car_that_is_not_plugged_in_now_is_not_before_its_next_departure() -> None:
    problem = home_with_car([0] * 8, [0] * 8, trips={(4, 5): 3.0}, unplugged=[2])

    assert expected(problem).is_plugged.tolist() == [False, False, False, *[True] * 3]


def test_a_trip_that_is_not_announced_is_not_there() -> None:
    problem = home_with_car([0] * 8, [0] * 8, trips={(4, 5): 3.0}, announced=3)

    ahead = expected(problem)

    assert ahead.is_plugged.all()
    assert not ahead.trip_kwh.any()
    assert expected(problem, 3).trip_kwh.tolist() == [0, 3, 0, 0, 0, 0]


def test_a_trip_that_departs_now_is_there_although_nobody_announced_it() -> None:
    problem = home_with_car([0] * 8, [0] * 8, trips={(2, 4): 3.0}, announced=7)

    ahead = expected(problem)

    # How long it lasts is not known: from the next interval on the habit says.
    assert ahead.is_plugged.tolist() == [False, True, True, True, True, True]
    assert ahead.trip_kwh.tolist() == [3, 0, 0, 0, 0, 0]


def test_a_level_is_wanted_where_the_car_is_expected_to_be_plugged_in_before() -> None:
    problem = home_with_car(
        [0] * 8, [0] * 8, trips={(4, 5): 3.0}, ready={2: 9, 3: 1, 4: 2, 5: 3, 6: 4}
    )

    # 2 is now; before 5 it is away.
    assert expected(problem).wanted_kwh.tolist() == [0, 1, 2, 0, 4, 0]


def test_no_more_is_wanted_for_a_trip_than_a_full_car_covers() -> None:
    problem = home_with_car([0] * 8, [0] * 8, trips={(4, 5): 30.0})

    assert expected(problem).trip_kwh[2] == pytest.approx(10.0)


def test_after_the_run_the_clock_says_what_it_said_a_day_before() -> None:
    # A run of 50 half-hours: 50 and 51 are what 2 and 3 were.
    problem = home_with_car(
        [0] * 50, [0] * 50, trips={(48, 50): 1.0}, ready={3: 5.0}, unplugged=[3]
    )

    ahead = expected(problem, 48, 5)

    assert ahead.is_plugged.tolist() == [False, False, True, False, True]
    assert ahead.wanted_kwh.tolist() == [0, 0, 0, 5, 0]


def test_a_plan_of_blocks_departs_early_and_charges_nothing_in_that_block() -> None:
    problem = home_with_car(
        [0] * 8, [0] * 8, trips={(4, 5): 3.0}, ready={7: 2.0}, unplugged=[6]
    )

    steps = laid_out(expected(problem), Horizon(1, 2, 2, 4))

    # Intervals 2, 3, then 4 and 5, 6 and 7.
    assert steps.plugged.tolist() == [1, 1, 0, 1]
    assert steps.trip_kwh.tolist() == [0, 0, 3, 0]
    assert steps.wanted_kwh.tolist() == [0, 0, 0, 0]


def test_a_level_wanted_within_a_block_is_wanted_at_its_start() -> None:
    problem = home_with_car([0] * 8, [0] * 8, ready={5: 2.0, 7: 3.0})

    steps = laid_out(expected(problem), Horizon(1, 2, 2, 4))

    assert steps.wanted_kwh.tolist() == [0, 0, 2, 3]


def test_the_present_state_is_that_of_the_interval_that_is_decided() -> None:
    problem = home_with_car([0] * 8, [0] * 8)
    car = replace(car_of(problem), is_plugged=np.arange(8) >= 3)

    ahead = car_ahead(6)
    expect_car(diary_of(car, 48), 2, ahead)

    assert not ahead.is_plugged.any()
