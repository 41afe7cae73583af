"""Money by the year, each line by hand."""

import numpy as np
import pytest
from tests.analysis.finance.purchases import assumed, battery, saves

from home_energy.analysis.finance.benefit import PriceLevels, YearlyBenefit
from home_energy.analysis.finance.cash_flow import cash_flow
from home_energy.analysis.finance.loan import Loan
from home_energy.analysis.finance.purchase import Replacement
from home_energy.errors import AlignmentError


def test_a_purchase_that_saves_the_same_every_year() -> None:
    flow = cash_flow(battery(10_000, 2000), assumed(3), saves(900, 3))

    np.testing.assert_allclose(flow.total_aud, [-8000, 900, 900, 900])


def test_keeping_it_costs_and_what_is_left_pays() -> None:
    # 50 a year; every second year 300 again, but not when the horizon of 6 ends.
    bought = battery(
        1000,
        replacement=Replacement(2, 300),
        maintenance_aud_per_year=50,
        salvage_aud=200,
    )

    flow = cash_flow(bought, assumed(6), saves(0, 6))

    np.testing.assert_allclose(flow.keeping_aud, [0, -50, -350, -50, -350, -50, -50])
    np.testing.assert_allclose(flow.salvage_aud, [0, 0, 0, 0, 0, 0, 200])
    assert flow.unfinanced_aud[-1] == 150


def test_a_life_longer_than_the_horizon_needs_no_replacement() -> None:
    bought = battery(1000, replacement=Replacement(15, 2500))

    assert (cash_flow(bought, assumed(5), saves(0)).keeping_aud == 0).all()


def test_each_kind_of_benefit_follows_its_own_price() -> None:
    # After two years: import and fixed 1.1^2 = 1.21, export 0.9^2 = 0.81, other with
    # inflation 1.02^2 = 1.0404: 121 + 12.1 + 40.5 + 10.404 = 184.004.
    world = assumed(
        2,
        is_real=False,
        inflation_fraction_per_year=0.02,
        import_price_growth_fraction_per_year=0.1,
        feed_in_decline_fraction_per_year=0.1,
    )
    benefit = saves(
        100, 2, fixed_avoided_aud=10, export_earned_aud=50, other_avoided_aud=10
    )

    flow = cash_flow(battery(0), world, benefit)

    assert flow.benefit_aud[2] == pytest.approx(184.004)
    assert flow.benefit_aud[0] == 0


def test_nominal_costs_grow_with_prices_and_real_ones_stay() -> None:
    bought = battery(1000, maintenance_aud_per_year=100)
    real = assumed(2, inflation_fraction_per_year=0.1)

    in_real = cash_flow(bought, real, saves(0, 2)).keeping_aud
    in_nominal = cash_flow(bought, real.as_nominal(), saves(0, 2)).keeping_aud

    np.testing.assert_allclose(in_real, [0, -100, -100])
    np.testing.assert_allclose(in_nominal, [0, -110, -121])


def test_a_bank_s_dollar_shrinks_in_real_ones() -> None:
    # 600 borrowed without interest, 300 back each year: 300 / 1.1 = 272.727 and
    # 300 / 1.21 = 247.934 in dollars of the day of installation.
    world = assumed(2, inflation_fraction_per_year=0.1, loan=Loan(0.6, 0.0, 2))

    flow = cash_flow(battery(1000), world, saves(0, 2))

    np.testing.assert_allclose(flow.loan_aud, [600, -272.727, -247.934], atol=1e-3)
    np.testing.assert_allclose(flow.total_aud, [-400, -272.727, -247.934], atol=1e-3)


def test_nothing_is_borrowed_for_what_is_free() -> None:
    world = assumed(2, loan=Loan(1.0, 0.05, 2))

    assert (cash_flow(battery(100, 300), world, saves(0, 2)).loan_aud == 0).all()


def test_draws_go_through_at_once() -> None:
    zeros = np.zeros((2, 3))
    benefit = YearlyBenefit(zeros, zeros, zeros, zeros, zeros)
    level = np.array([[1.0, 1, 1], [2, 2, 2]])
    levels = PriceLevels(level, level, level)
    same = saves(100, 3)

    nothing = cash_flow(battery(1000), assumed(3), benefit)
    two = cash_flow(battery(1000), assumed(3), same, levels)

    assert nothing.total_aud.shape == (2, 4)
    np.testing.assert_allclose(
        two.total_aud, [[-1000, 100, 100, 100], [-1000, 200, 200, 200]]
    )


def test_another_horizon_is_refused() -> None:
    with pytest.raises(AlignmentError, match="benefit has 4 years, and the horizon 5"):
        cash_flow(battery(1000), assumed(5), saves(100, 4))
