"""A bill that is a sum of prices is told by its standing lines and that sum."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.tariffs.written_plans import FLAT, meter_days, tariff_of

from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.tariffs.standing_bill import (
    is_sum_of_prices,
    standing_bill,
)
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.series import PriceSeries

YEAR = meter_days(date(2025, 1, 1), date(2026, 1, 1))
"""Over both changes of the clock and the end of the financial year."""

NEARLY_AUD = 1e-9
"""Sums in another order differ in the last digits; half a cent is 5e-3."""

BLOCKS = """
[[period.usage]]
name = "Anytime"
blocks = [{ up_to_kwh = 10.0, c_per_kwh = 25.0 }, { c_per_kwh = 30.0 }]
"""
HOT_WATER_IN_BLOCKS = BLOCKS.replace(
    'name = "Anytime"', 'name = "Hot water"\nchannel = "controlled_load"'
)
PAID_IN_BLOCKS = BLOCKS.replace("usage", "feed_in")
DEMAND = """
[[period.demand]]
name = "Demand"
aud_per_kw_per_month = 10.0
"""
DISCOUNT = """
[[period.discount]]
name = "On time"
aud_per_month = 5.0
"""
ALLOWANCE = """
[[period.export_allowance]]
name = "Two-way"
free_kwh_per_day = 6.0
c_per_kwh = 1.2
"""
LATER = """
[[period]]
from = 2025-07-01
source = "made up for a test"
"""


def drawn_energy() -> MeteredEnergy:
    chance = np.random.default_rng(4)
    bought, sold, hot_water = chance.exponential(0.4, (3, YEAR.count))
    return MeteredEnergy(YEAR, bought, sold, hot_water)


@pytest.mark.parametrize(
    "name",
    [
        "amber-like-vic",
        "flat-nsw-ausgrid",
        "flat-vic-jemena",
        "tou-nsw-ausgrid",
        "tou-vic-jemena",
    ],
)
def test_standing_lines_and_the_sum_are_the_bill(name: str) -> None:
    tariff = PlanTariff(find_plan(name, Path("no folder of its own")))
    prices = np.random.default_rng(5).normal(8.0, 20.0, YEAR.count)
    spot = PriceSeries(YEAR, prices)
    energy = drawn_energy()
    if tariff.rates(YEAR, spot).controlled_load_c_per_kwh is None:
        energy = MeteredEnergy(YEAR, energy.general_kwh, energy.feed_in_kwh)
    rates = tariff.rates(YEAR, spot)

    standing = standing_bill(tariff, YEAR, spot, energy.controlled_load_kwh)

    bought_c = float(energy.general_kwh @ rates.import_c_per_kwh)
    sold_c = float(energy.feed_in_kwh @ rates.export_c_per_kwh)
    whole = tariff.bill(energy, spot)
    assert is_sum_of_prices(tariff.plan, tariff.axis(YEAR))
    assert standing.total_aud + (bought_c - sold_c) / 100 == pytest.approx(
        whole.total_aud, abs=NEARLY_AUD * YEAR.count
    )


@pytest.mark.parametrize(
    "parts",
    [
        BLOCKS,
        FLAT + PAID_IN_BLOCKS,
        FLAT + DEMAND,
        FLAT + DISCOUNT,
        FLAT + ALLOWANCE,
        FLAT + LATER + FLAT + DEMAND,
    ],
)
def test_what_asks_for_more_than_prices_is_no_sum(parts: str) -> None:
    tariff = tariff_of(parts)

    assert not is_sum_of_prices(tariff.plan, tariff.axis(YEAR))


def test_blocks_of_controlled_load_stand_for_it_is_not_dispatched() -> None:
    tariff = tariff_of(FLAT + HOT_WATER_IN_BLOCKS)

    assert is_sum_of_prices(tariff.plan, tariff.axis(YEAR))


def test_figures_of_other_days_do_not_count() -> None:
    tariff = tariff_of(FLAT + LATER + FLAT + DEMAND)
    before = meter_days(date(2025, 1, 1), date(2025, 7, 1))

    assert is_sum_of_prices(tariff.plan, tariff.axis(before))
