"""What is left in battery and car is a line of its own."""

import numpy as np
import pytest
from tests.analysis.simulation.small_cars import with_car
from tests.analysis.simulation.small_homes import LOSSY, home

from home_energy.analysis.simulation.dispatch_problem import EndOfRun
from home_energy.analysis.simulation.stored_at_end import (
    car_stored_at_end,
    stored_at_end,
)
from home_energy.analysis.simulation.strategy import PerfectForesight, PriceThreshold


def test_pitfall_5_a_battery_sold_empty_owes_what_it_had() -> None:
    # Pitfall 5: 4 kWh of the cells are 2 kWh AC; at the median of 10, 30 and 80 c/kWh
    # they are worth 60 c.
    problem = home([1, 1, 1], [0, 0, 0], [10, 30, 80], battery=LOSSY)

    left = stored_at_end(problem, np.array([4.0, 4, 4, 0]))

    assert left.difference_kwh == -4
    assert left.worth_aud == pytest.approx(-0.60)


def test_what_a_battery_is_left_fuller_by_has_saved_nothing_yet() -> None:
    # Counted, it would let a rule come out above the best there could have been.
    problem = home([1, 1, 1], [0, 0, 0], [10, 30, 80], battery=LOSSY)

    left = stored_at_end(problem, np.array([0, 0, 0, 4.0]))

    assert (left.difference_kwh, left.worth_aud) == (4.0, 0.0)


def test_emptying_the_battery_in_the_last_interval_gains_nothing_at_median() -> None:
    # Pitfall 5: 2 kWh of load served from 4 kWh of the cells save 60 c at the median
    # price, which is what is then owed.
    problem = home([1, 1, 2], [0, 0, 0], 30, battery=LOSSY, start_stored_kwh=4)
    emptied = PriceThreshold(5, 20).stored_kwh(problem)

    assert emptied[-1] == 0
    assert stored_at_end(problem, emptied).worth_aud == pytest.approx(-0.60)


def test_the_optimum_as_at_the_start_leaves_no_difference() -> None:
    # Pitfall 5: with 80 c/kWh at the end it would sell all of it, were it let.
    problem = home(
        [1, 1, 2],
        [0, 0, 0],
        [10, 30, 80],
        battery=LOSSY,
        start_stored_kwh=4,
        end=EndOfRun.AS_START,
    )

    stored = PerfectForesight().stored_kwh(problem)

    assert stored_at_end(problem, stored).difference_kwh == pytest.approx(0, abs=1e-9)


def test_a_negative_median_makes_no_energy_a_burden() -> None:
    problem = home([1, 1, 1], [0, 0, 0], [-10, -30, 80], battery=LOSSY)

    assert stored_at_end(problem, np.array([0, 0, 0, 4.0])).worth_aud == 0


def test_a_home_without_a_battery_has_nothing_left() -> None:
    problem = home([1], [0], battery=None)

    assert stored_at_end(problem, np.zeros(2)).worth_aud == 0


def test_a_car_left_fuller_is_worth_what_charging_it_at_home_costs() -> None:
    # 4 kWh of the cells take 5 kWh AC; at the median of 10, 30 and 80 c/kWh: 1.50 AUD.
    problem = with_car(home([1, 1, 1], [0, 0, 0], [10, 30, 80], battery=None))

    left = car_stored_at_end(problem, np.array([0, 0, 0, 4.0]))

    assert left.difference_kwh == 4
    assert left.worth_aud == pytest.approx(1.50)


def test_a_home_without_a_car_has_nothing_left_in_it() -> None:
    assert car_stored_at_end(home([1], [0]), np.zeros(1)).worth_aud == 0


def test_a_car_at_a_negative_median_makes_no_energy_a_burden() -> None:
    problem = with_car(home([1, 1, 1], [0, 0, 0], [-10, -30, 80], battery=None))

    assert car_stored_at_end(problem, np.array([0, 0, 0, 4.0])).worth_aud == 0
