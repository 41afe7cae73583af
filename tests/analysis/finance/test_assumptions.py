"""Rates, dollars and defaults."""

from typing import Any

import numpy as np
import pytest
from tests.analysis.finance.purchases import assumed

from home_energy.analysis.finance.assumptions import (
    assumptions_with,
    discount_factors,
    shipped_assumptions,
)
from home_energy.errors import ConfigError, DataError

INFLATED: dict[str, Any] = {
    "inflation_fraction_per_year": 0.025,
    "discount_fraction_per_year": 0.04,
    "import_price_growth_fraction_per_year": 0.01,
    "feed_in_decline_fraction_per_year": 0.05,
}


def test_real_rates_become_nominal_ones() -> None:
    # 1.04 x 1.025 = 1.066; 1.01 x 1.025 = 1.03525; 0.95 x 1.025 = 0.97375.
    nominal = assumed(**INFLATED).as_nominal()

    assert nominal.is_real is False
    assert nominal.discount_fraction_per_year == pytest.approx(0.066)
    assert nominal.import_price_growth_fraction_per_year == pytest.approx(0.03525)
    assert nominal.feed_in_decline_fraction_per_year == pytest.approx(0.02625)
    assert nominal.inflation_fraction_per_year == 0.025


def test_nominal_rates_become_real_ones() -> None:
    # 1.061 / 1.025 = 1.035122; 1 / 1.025 = 0.975610; 0.95 / 1.025 = 0.926829.
    nominal = assumed(
        is_real=False,
        inflation_fraction_per_year=0.025,
        discount_fraction_per_year=0.061,
        feed_in_decline_fraction_per_year=0.05,
    )

    real = nominal.as_real()

    assert real.is_real is True
    assert real.discount_fraction_per_year == pytest.approx(0.035122, abs=1e-6)
    assert real.import_price_growth_fraction_per_year == pytest.approx(
        -0.024390, abs=1e-6
    )
    assert real.feed_in_decline_fraction_per_year == pytest.approx(0.073171, abs=1e-6)


def test_there_and_back_is_the_same_world() -> None:
    real = assumed(**INFLATED)

    again = real.as_nominal().as_real()

    assert again.discount_fraction_per_year == pytest.approx(0.04)
    assert again.feed_in_decline_fraction_per_year == pytest.approx(0.05)
    assert real.as_real() is real


def test_a_dollar_later_is_worth_less() -> None:
    # 1 / 1.25 = 0.8, 0.8 x 0.8 = 0.64; at 0 % a dollar stays one.
    factors = discount_factors(np.array([0.25, 0.0]), 2)

    np.testing.assert_allclose(factors, np.array([[1, 0.8, 0.64], [1, 1, 1]]))


def test_capacity_is_that_of_the_middle_of_the_year() -> None:
    # 3 % a year: 1.5 % are gone in the middle of the first, 4.5 % of the second.
    fading = assumed(3, battery_fade_fraction_per_year=0.03)

    np.testing.assert_allclose(fading.battery_capacity_fraction, [0.985, 0.955, 0.925])


def test_nothing_fades_below_nothing() -> None:
    fading = assumed(5, solar_fade_fraction_per_year=0.5)

    np.testing.assert_allclose(fading.solar_capacity_fraction, [0.75, 0.25, 0, 0, 0])


def test_every_default_has_a_source_and_a_date() -> None:
    shipped = shipped_assumptions()

    assert all(figure.source and figure.date for figure in shipped.values())
    assert shipped["inflation_fraction_per_year"].value == 0.025


def test_the_discount_is_a_home_loan_beyond_inflation() -> None:
    # 6.10 % less 2.5 %: 1.061 / 1.025 - 1 = 3.512 %.
    assert assumptions_with({}).discount_fraction_per_year == pytest.approx(
        1.061 / 1.025 - 1, abs=5e-5
    )


def test_own_figures_stand_before_defaults() -> None:
    own = assumptions_with({"horizon_years": 10, "discount_fraction_per_year": 0.07})

    assert (own.horizon_years, own.discount_fraction_per_year) == (10, 0.07)


def test_nominal_figures_stand_beside_nominal_defaults() -> None:
    # Bought energy rises with inflation, here 4 %; the default beside it is 1.04 x 1.
    own = assumptions_with(
        {
            "is_real": False,
            "inflation_fraction_per_year": 0.04,
            "discount_fraction_per_year": 0.06,
        }
    )

    assert own.discount_fraction_per_year == 0.06
    assert own.import_price_growth_fraction_per_year == pytest.approx(0.04)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ConfigError, match="did you mean horizon_years"):
        assumptions_with({"horizon_year": 10})


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(DataError) as error:
        assumed(0, discount_fraction_per_year=0.5, battery_fade_fraction_per_year=-1)

    for words in ("horizon_years must be 1 to 50", "discount_fraction", "battery_fade"):
        assert words in str(error.value)
