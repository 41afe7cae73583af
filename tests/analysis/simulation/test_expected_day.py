"""What a day is expected to be, from the days before it."""

from datetime import timedelta

import numpy as np
import pytest
from tests.analysis.simulation.small_homes import START

from home_energy.analysis.simulation.expected_day import (
    ExpectedDays,
    daily_quantiles,
    dear_price,
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
    assert expected.values.tolist() == [[10, 20, 30], [20, 30, 40], [60, 50, 40]]


def test_what_is_told_of_a_day_stands_in_each_of_its_intervals() -> None:
    expected = expected_days(PRICES, 3, days=2)

    second, most = expected.nth_smallest(2), expected.greatest()

    assert np.isnan(second[:3]).all()
    assert second[3:].tolist() == [20, 20, 20, 30, 30, 30, 50]
    assert most[3:].tolist() == [30, 30, 30, 40, 40, 40, 60]
    assert expected.of_interval()[3:].tolist() == [10, 20, 30, 20, 30, 40, 60]


def one_day(*values: float) -> ExpectedDays:
    return ExpectedDays(np.array([values]), 2 * len(values))


@pytest.mark.parametrize(
    ("energy_kwh", "expected_c_per_kwh"),
    [
        (0.5, 60),  # not even the dearest kWh, but that is what it is for
        (1.0, 60),
        (2.9, 60),  # 60 and one of the two at 40: equal prices stand together
        (3.0, 40),
        (9.0, 20),
    ],
)
def test_energy_serves_the_dearest_load_first(
    energy_kwh: float, expected_c_per_kwh: float
) -> None:
    prices, lacking = one_day(40, 20, 60, 40), one_day(1, 1, 1, 1)

    assert dear_price(prices, lacking, energy_kwh)[4:].tolist() == (
        [expected_c_per_kwh] * 4
    )


def test_quantiles_are_of_the_days_before() -> None:
    low, high = daily_quantiles(PRICES, 3, days=1, fractions=(0.0, 0.5))

    assert np.isnan(low[:3]).all()
    assert low[3:].tolist() == [10, 10, 10, 30, 30, 30, 30]
    assert high[3:].tolist() == [20, 20, 20, 40, 40, 40, 60]


def test_a_single_day_expects_nothing() -> None:
    low, high = daily_quantiles(PRICES[:3], 3, days=1, fractions=(0.2, 0.8))

    assert np.isnan(low).all()
    assert np.isnan(high).all()
    assert np.isnan(expected_days(PRICES[:3], 3, days=1).nth_smallest(1)).all()


def test_a_step_that_does_not_divide_a_day_is_refused() -> None:
    with pytest.raises(AlignmentError, match="does not divide a day"):
        intervals_per_day(TimeGrid(START, timedelta(minutes=7), 5))
