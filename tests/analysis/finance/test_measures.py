"""Measures of many flows at once, each by hand."""

import numpy as np
import pytest
from tests.analysis.finance.purchases import assumed, battery, saves

from home_energy.analysis.finance.assumptions import discount_factors
from home_energy.analysis.finance.cash_flow import CashFlow, cash_flow
from home_energy.analysis.finance.loan import Loan
from home_energy.analysis.finance.measures import (
    NEVER,
    break_even_price_aud,
    levelised_c_per_kwh,
    npv_aud,
    payback_years,
    roi_fraction,
)
from home_energy.analysis.finance.purchase import Replacement

# 10,000 less 2,000; 2,500 saved and 100 spent on it every year for five years at 5 %.
FLOW = cash_flow(
    battery(10_000, 2000, maintenance_aud_per_year=100), assumed(), saves(2500)
)
# 1 / 1.05 = 0.952381, 0.907029, 0.863838, 0.822702, 0.783526: together 4.329477.


def test_npv() -> None:
    # 2,400 x 4.329477 = 10,390.74, less 8,000.
    worth = npv_aud(FLOW.total_aud, assumed().discount_factors)

    assert worth == pytest.approx(2390.74, abs=0.01)


def test_npv_of_draws_at_their_own_rates() -> None:
    # -100 + 60 + 60 at 0 % is 20; -100 + 110 / 1.1 at 10 % is 0.
    flows = np.array([[-100.0, 60, 60], [-100, 110, 0]])

    worth = npv_aud(flows, discount_factors(np.array([0.0, 0.1]), 2))

    np.testing.assert_allclose(worth, [20, 0], atol=1e-12)


def test_simple_payback_within_the_fourth_year() -> None:
    # After three years 7,200 are back; 800 of the next 2,400 are a third of a year.
    assert payback_years(FLOW.earned_aud) == pytest.approx(3 + 1 / 3)


def test_discounted_payback() -> None:
    # 2,285.71, 2,176.87, 2,073.21 are back after three years, 6,535.79 in all; of
    # 1,974.49 in the fourth 1,464.21 are wanted: 0.7416.
    discounted = FLOW.earned_aud * assumed().discount_factors

    assert payback_years(discounted) == pytest.approx(3.7416, abs=1e-4)


@pytest.mark.parametrize(
    ("flow", "years"),
    [
        ([-100, 50, 50], 2),  # to the day at the end
        ([-100, 100, 0], 1),
        ([-100, 200], 0.5),
        ([-100, 50, 49.99], NEVER),
        ([-100, 0, 0], NEVER),
        ([-100, 150, -60, 40], 2.25),  # back in debt by 10 after two years
        ([-100, 150, -60, 5], NEVER),
        ([-100, -20, 240], 1.5),
    ],
)
def test_payback_is_for_good(flow: list[float], years: float) -> None:
    assert payback_years(np.array(flow, dtype=float)) == pytest.approx(years)


@pytest.mark.parametrize("flow", [[0, 0, 0], [0, 10, 10], [50, 0, 0], [0, -5, 10]])
def test_what_is_free_has_no_payback(flow: list[float]) -> None:
    assert np.isnan(payback_years(np.array(flow, dtype=float)))


def test_paybacks_at_once() -> None:
    flows = np.array([[-100.0, 50, 100], [-100, 10, 10], [0, 10, 10]])

    np.testing.assert_allclose(payback_years(flows), [1.5, NEVER, np.nan])


def test_salvage_and_loan_pay_nothing_back() -> None:
    # 500 saved in all; 600 for what is left would make 1,000.
    world = assumed(loan=Loan(1.0, 0.05, 5))
    flow = cash_flow(battery(1000, salvage_aud=600), world, saves(100))

    assert payback_years(flow.earned_aud) == NEVER


def test_roi() -> None:
    # 5 x 2,400 = 12,000 for 8,000: 4,000 gained, half of what was paid.
    assert roi_fraction(FLOW) == pytest.approx(0.5)


def test_what_is_free_has_no_roi() -> None:
    flow = cash_flow(battery(100, 100), assumed(), saves(10))

    assert np.isnan(roi_fraction(flow))


def test_break_even_price() -> None:
    # 2,400 x 4.329477 = 10,390.74 may be paid, and 2,000 come from others.
    price = break_even_price_aud(FLOW, assumed(), 2000)

    assert price == pytest.approx(12_390.74, abs=0.01)


def test_break_even_price_with_a_loan() -> None:
    # Half on an interest-free loan over two years: a dollar costs 1 - 0.5 + 0.25 x
    # (0.952381 + 0.907029) = 0.964853. 110 in a year are worth 104.7619, and that
    # buys 104.7619 / 0.964853 = 108.5782.
    world = assumed(2, loan=Loan(0.5, 0.0, 2))
    benefit = saves(0, 2)
    benefit.import_avoided_aud[0] = 110
    flow = cash_flow(battery(100), world, benefit)

    price = break_even_price_aud(flow, world, 0)

    assert price == pytest.approx(108.5782, abs=1e-4)


def test_what_costs_more_than_it_saves_is_not_worth_taking() -> None:
    # 10 saved and 60 spent each year: -50 x 4.329477 = -216.47 even as a gift.
    world = assumed(loan=Loan(1.0, 0.0, 5))
    bought = battery(1000, 300, maintenance_aud_per_year=60)

    price = break_even_price_aud(cash_flow(bought, world, saves(10)), world, 300)

    assert price == pytest.approx(300 - 216.47, abs=0.01)


def test_break_even_of_draws() -> None:
    # 100 a year for two years: 200 at 0 %, 100 / 1.1 + 100 / 1.21 = 173.554 at 10 %.
    flow = cash_flow(battery(500), assumed(2), saves(100, 2))
    factors = discount_factors(np.array([0.0, 0.1]), 2)

    prices = break_even_price_aud(flow, assumed(2), 0, factors)

    np.testing.assert_allclose(prices, [200, 173.554], atol=1e-3)


def test_levelised_cost() -> None:
    # 8,000 + 100 x 4.329477 = 8,432.95 for 3,000 x 4.329477 = 12,988.43 kWh.
    cost = FLOW.benefit_aud - FLOW.unfinanced_aud

    each = levelised_c_per_kwh(cost, np.full(5, 3000.0), assumed())

    assert each == pytest.approx(64.927, abs=0.001)


def test_a_battery_that_rests_has_no_levelised_cost() -> None:
    cost = np.array([100.0, 0, 0])

    assert np.isnan(levelised_c_per_kwh(cost, np.zeros(2), assumed(2)))


def test_a_thousand_purchases_of_their_own_prices() -> None:
    # Two of them: 400 and 150 for 100 a year, three years.
    flow = cash_flow(battery(0), assumed(3), saves(100, 3))
    prices = np.zeros((2, 4))
    prices[:, 0] = [-400, -150]

    both = CashFlow(
        prices, flow.keeping_aud, flow.benefit_aud, flow.salvage_aud, flow.loan_aud
    )

    np.testing.assert_allclose(payback_years(both.earned_aud), [NEVER, 1.5])
    np.testing.assert_allclose(roi_fraction(both), [-0.25, 1.0])


def test_a_replacement_can_undo_a_payback() -> None:
    # 1,000 for 300 a year is back after 3.33 years; 700 after the fourth puts it to
    # -500 again: 1,200 - 1,700. At 300 a year that takes until 5.667.
    bought = battery(1000, replacement=Replacement(4, 700))

    flow = cash_flow(bought, assumed(7), saves(300, 7))

    assert payback_years(flow.earned_aud) == pytest.approx(5 + 2 / 3)
