"""Every measure of one purchase, by hand and in words."""

from datetime import date

import pytest
from tests.analysis.finance.purchases import assumed, battery, saves

from home_energy.analysis.finance.assumptions import Assumptions
from home_energy.analysis.finance.benefit import YearlyBenefit
from home_energy.analysis.finance.cash_flow import cash_flow
from home_energy.analysis.finance.internal_rate import RateFinding
from home_energy.analysis.finance.loan import Loan
from home_energy.analysis.finance.purchase import PartKind, PricedPart, Purchase
from home_energy.analysis.finance.purchase_measures import (
    PurchaseMeasures,
    purchase_measures,
)


def measured(
    purchase: Purchase, assumptions: Assumptions, benefit: YearlyBenefit
) -> PurchaseMeasures:
    flow = cash_flow(purchase, assumptions, benefit)
    return purchase_measures(purchase, assumptions, benefit, flow)


def test_a_purchase_by_calculator() -> None:
    # 8,000 is paid, 2,500 saved in each of five years, at 5 %: 4.329477 x 2,500 =
    # 10,823.69. Back after 3.2 years. It earns r with (1 - (1+r)^-5) / r = 3.2: at
    # 17 % 3.1993, at 16.98 % 3.2008. 4,500 of 8,000 are gained: 0.5625. Break-even is
    # 10,823.69 + 2,000. 8,000 / (2,000 kWh x 4.329477) = 92.39 c. 7,000 kWh are
    # through after 3.5 years; then come 1.5 x 2,500.
    bought = battery(10_000, 2000, warranty_years=10, warranty_throughput_kwh=7000)

    found = measured(bought, assumed(), saves(2500, discharge_kwh=2000))

    assert found.npv_aud == pytest.approx(2823.69, abs=0.01)
    assert found.simple_payback.years == pytest.approx(3.2)
    # 6,808.11 after three years; 1,191.89 of the fourth's 2,056.76.
    assert found.discounted_payback.years == pytest.approx(3.5795, abs=1e-4)
    assert found.internal_rate.rate_fraction_per_year == pytest.approx(0.1699, abs=2e-4)
    assert found.roi_fraction == pytest.approx(0.5625)
    assert found.break_even_price_aud == pytest.approx(12_823.69, abs=0.01)
    assert found.levelised_c_per_kwh == pytest.approx(92.39, abs=0.01)
    assert found.warranty is not None
    assert found.warranty.years == pytest.approx(3.5)
    assert found.benefit_aud == pytest.approx(12_500)
    assert found.benefit_after_warranty_aud == pytest.approx(3750)
    assert found.pays_back_in_warranty is True


def test_a_purchase_without_benefit_never_shows_a_payback() -> None:
    # Not even what others pay, what is left and a bank's money make one.
    bought = battery(10_000, 6000, salvage_aud=8000, warranty_years=10)
    found = measured(bought, assumed(loan=Loan(1.0, 0.0, 5)), saves(0))

    assert found.simple_payback.years is None
    assert found.discounted_payback.years is None
    assert found.simple_payback.said == "It does not pay back within 5 years."
    assert found.pays_back_in_warranty is False


def test_a_free_purchase_has_no_payback_to_show() -> None:
    found = measured(battery(2000, 2000, warranty_years=9), assumed(), saves(100))

    assert found.simple_payback.years is None
    assert found.simple_payback.costs_nothing
    assert found.simple_payback.said == (
        "It costs nothing, so there is no payback to show."
    )
    assert found.roi_fraction is None
    assert found.internal_rate.finding is RateFinding.NOTHING_PAID
    assert found.pays_back_in_warranty is None


def test_a_payback_in_words() -> None:
    found = measured(battery(1000), assumed(), saves(300))

    assert found.simple_payback.said == "It pays back after 3.3 years."
    assert found.discounted_payback.said == "It pays back after 3.7 years."


def test_a_payback_after_the_warranty_is_none_in_it() -> None:
    found = measured(battery(1000, warranty_years=3), assumed(), saves(300))

    assert found.pays_back_in_warranty is False


def test_an_unknown_warranty_is_said() -> None:
    found = measured(battery(1000), assumed(), saves(300))

    assert found.warranty is None
    assert found.benefit_after_warranty_aud is None
    assert found.pays_back_in_warranty is None


def test_a_battery_among_others_has_its_own_price_for_a_kwh() -> None:
    # 12,000 - 4,000 = 8,000 over 2,000 kWh x 4.329477: 92.39 c, the panels apart.
    parts = (
        PricedPart((PartKind.SOLAR,), 9000, "quote", None, 2500),
        PricedPart((PartKind.BATTERY,), 12_000, "quote", None, 4000),
    )
    bought = Purchase("both", parts, date(2026, 3, 1), battery_usable_kwh=10)

    found = measured(bought, assumed(), saves(2500, discharge_kwh=2000))

    assert found.levelised_c_per_kwh == pytest.approx(92.39, abs=0.01)


def test_one_price_for_all_tells_no_cost_of_a_kwh() -> None:
    together = (PricedPart((PartKind.SOLAR, PartKind.BATTERY), 20_000, "quote"),)
    bought = Purchase("both", together, date(2026, 3, 1), battery_usable_kwh=10)

    found = measured(bought, assumed(), saves(2500, discharge_kwh=2000))

    assert found.levelised_c_per_kwh is None


def test_a_loan_is_in_the_worth_and_not_in_the_return() -> None:
    # 1,000 borrowed for two years at 0 %: worth 1,000 - 500 x (0.952381 + 0.907029) =
    # 70.295 more; what the battery earns is the battery's.
    cash = measured(battery(1000), assumed(2), saves(600, 2))
    lent = measured(battery(1000), assumed(2, loan=Loan(1, 0, 2)), saves(600, 2))

    assert lent.npv_aud - cash.npv_aud == pytest.approx(70.295, abs=1e-3)
    assert lent.internal_rate == cash.internal_rate
    assert lent.simple_payback == cash.simple_payback
