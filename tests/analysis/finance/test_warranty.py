"""When a warranty ends, and what comes after."""

import numpy as np
import pytest
from tests.analysis.finance.purchases import battery

from home_energy.analysis.finance.warranty import benefit_after_aud, warranty_of
from home_energy.analysis.simulation.battery_life import WarrantyEnd


def test_throughput_ends_it_within_the_eighth_year() -> None:
    # Pitfall 8: 37,800 kWh at 4,931 a year: 34,517 after seven, 3,283 of 4,931 left:
    # 7.6658 years.
    bought = battery(11_900, warranty_years=10, warranty_throughput_kwh=37_800)

    ends = warranty_of(bought, np.full(15, 4931.0))

    assert ends is not None
    assert ends.years == pytest.approx(7.6658, abs=1e-4)
    assert ends.ended_by is WarrantyEnd.THROUGHPUT


def test_a_battery_that_fades_takes_longer() -> None:
    # 1,000, 800, 600: 2,100 are through when half of the third year is over.
    bought = battery(1000, warranty_throughput_kwh=2100)

    ends = warranty_of(bought, np.array([1000.0, 800, 600]))

    assert ends is not None
    assert ends.years == pytest.approx(2.5)


def test_years_end_it_first() -> None:
    # 20,000 kWh would last 20 years of 1,000; after the horizon each is like the last.
    bought = battery(1000, warranty_years=10, warranty_throughput_kwh=20_000)

    ends = warranty_of(bought, np.full(12, 1000.0))

    assert ends is not None
    assert (ends.years, ends.ended_by) == (10, WarrantyEnd.YEARS)
    assert ends.years_to_throughput == pytest.approx(20)


def test_a_battery_that_rests_is_warranted_for_its_years() -> None:
    bought = battery(1000, warranty_years=10, warranty_throughput_kwh=20_000)

    ends = warranty_of(bought, np.zeros(5))

    assert ends is not None
    assert (ends.years, ends.years_to_throughput) == (10, None)


def test_an_unknown_warranty_is_none() -> None:
    assert warranty_of(battery(1000), np.full(5, 1000.0)) is None


def test_what_comes_after_the_warranty() -> None:
    # It ends after 1.25 years: three quarters of the second, all of the third.
    after = benefit_after_aud(np.array([0.0, 100, 100, 60]), 1.25)

    assert after == pytest.approx(135)


def test_nothing_comes_after_a_warranty_longer_than_the_horizon() -> None:
    assert benefit_after_aud(np.array([0.0, 100, 100]), 10) == 0
