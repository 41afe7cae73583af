"""A month is projected from what is known and the mean of the last days."""

import pytest

from home_energy.analysis.billing.projected_month import MonthSoFar, project_month

TWENTY_OF_THIRTY = MonthSoFar(
    day_count=30,
    billed_day_count=20,
    energy_aud=60.0,
    whole_supply_aud=30.0,
    by_days_aud=0.0,
)


def test_the_other_days_cost_the_mean_of_the_last_28() -> None:
    # The two days of $100 are longer ago than 28. Mean (14 x 2 + 14 x 4) / 28 = 3;
    # 60 so far + 10 x 3 + 30 supply.
    recent_aud = [100.0, 100.0] + [2.0] * 14 + [4.0] * 14

    told = project_month(TWENTY_OF_THIRTY, recent_aud)

    assert told is not None
    assert told.total_aud == pytest.approx(120.0, abs=1e-9)
    assert told.recent_day_count == 28


def test_seven_days_are_enough_and_six_are_not() -> None:
    told = project_month(TWENTY_OF_THIRTY, [3.5] * 7)

    assert told is not None
    # 60 + 10 x 3.5 + 30
    assert told.total_aud == pytest.approx(125.0, abs=1e-9)
    assert told.recent_day_count == 7
    assert project_month(TWENTY_OF_THIRTY, [3.5] * 6) is None


def test_a_whole_month_is_its_bill() -> None:
    whole = MonthSoFar(31, 31, 93.0, 31.0, 12.0)

    told = project_month(whole, [50.0] * 28)

    assert told is not None
    assert told.total_aud == pytest.approx(136.0, abs=1e-9)


def test_demand_and_discounts_grow_with_the_days() -> None:
    # $12 of demand in 20 of 30 days is $18 in 30: 60 + 10 x 3 + 30 + 18.
    so_far = MonthSoFar(30, 20, 60.0, 30.0, 12.0)

    told = project_month(so_far, [3.0] * 28)

    assert told is not None
    assert told.total_aud == pytest.approx(138.0, abs=1e-9)


def test_a_month_without_any_day_is_the_mean_alone() -> None:
    # 30 x 3 + 30 supply; nothing is known of demand.
    told = project_month(MonthSoFar(30, 0, 0.0, 30.0, 0.0), [3.0] * 28)

    assert told is not None
    assert told.total_aud == pytest.approx(120.0, abs=1e-9)


def test_a_home_that_earns_is_projected_below_zero() -> None:
    # -20 + 10 x -2 + 30
    so_far = MonthSoFar(30, 20, -20.0, 30.0, 0.0)

    told = project_month(so_far, [-2.0] * 28)

    assert told is not None
    assert told.total_aud == pytest.approx(-10.0, abs=1e-9)
