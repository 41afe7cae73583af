"""What a day is expected to be, from the days before it."""

from datetime import timedelta

import numpy as np
import pytest
from tests.analysis.simulation.small_homes import START

from home_energy.analysis.simulation.expected_day import (
    daily_quantiles,
    expected_days,
    intervals_per_day,
)
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError

# Days of three intervals; the fourth is cut.
PRICES = np.array([10.0, 20, 30, 30, 40, 50, 90, 60, 30, 1])


def test_a_day_is_expected_to_be_the_mean_of_the_days_before() -> None:
    expected = expected_days(PRICES, 3, days=2)

    # Day 2: day 1. Day 3: days 1 and 2. Day 4: days 2 and 3, for day 1 is forgotten.
    assert expected.c_per_kwh.tolist() == [[10, 20, 30], [20, 30, 40], [60, 50, 40]]


def test_the_nth_of_a_day_stands_in_each_of_its_intervals() -> None:
    expected = expected_days(PRICES, 3, days=2)

    cheapest, dearest = expected.nth_cheapest(1), expected.nth_dearest(2)

    assert np.isnan(cheapest[:3]).all()
    assert cheapest[3:].tolist() == [10, 10, 10, 20, 20, 20, 40]
    assert dearest[3:].tolist() == [20, 20, 20, 30, 30, 30, 50]


def test_quantiles_are_of_the_days_before() -> None:
    low, high = daily_quantiles(PRICES, 3, days=1, fractions=(0.0, 0.5))

    assert np.isnan(low[:3]).all()
    assert low[3:].tolist() == [10, 10, 10, 30, 30, 30, 30]
    assert high[3:].tolist() == [20, 20, 20, 40, 40, 40, 60]


def test_a_single_day_expects_nothing() -> None:
    low, high = daily_quantiles(PRICES[:3], 3, days=1, fractions=(0.2, 0.8))

    assert np.isnan(low).all()
    assert np.isnan(high).all()
    assert np.isnan(expected_days(PRICES[:3], 3, days=1).nth_cheapest(1)).all()


def test_a_step_that_does_not_divide_a_day_is_refused() -> None:
    with pytest.raises(AlignmentError, match="does not divide a day"):
        intervals_per_day(TimeGrid(START, timedelta(minutes=7), 5))
