"""A year's bill against one that is made an interval at a time."""

import tomllib
from collections import defaultdict
from datetime import date, timedelta

import numpy as np
import pytest
from tests.analysis.tariffs.naive_bill import naive_bill

from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.series import PriceSeries
from home_energy.domain.time_grid import NEM_TIME, TimeGrid

PERIOD = """
[[period]]
from = FROM
source = "made up for a test"
[[period.usage]]
name = "Peak"
days = ["weekday"]
months = [6, 7, 8, 11, 12, 1, 2, 3]
hours = ["15:00-21:00"]
c_per_kwh = 57.31
[[period.usage]]
name = "Night"
hours = ["22:00-07:00"]
spot = { loss_factor = 1.0571, c_per_kwh = 7.2 }
[[period.usage]]
name = "Weekend"
days = ["weekend", "holiday"]
hours = ["07:00-22:00"]
c_per_kwh = 23.17
[[period.usage]]
name = "Rest"
c_per_kwh = 31.9
[[period.usage]]
name = "Hot water"
channel = "controlled_load"
c_per_kwh = 16.3
[[period.feed_in]]
name = "Midday"
hours = ["10:00-14:00"]
c_per_kwh = -1.2
[[period.feed_in]]
name = "Else"
c_per_kwh = 6.1
[[period.fixed]]
name = "Supply"
c_per_day = 101.7
[[period.demand]]
name = "Demand"
days = ["weekday"]
months = [11, 12, 1, 2, 3]
hours = ["15:00-21:00"]
aud_per_kw_per_day = 0.3712
[[period.demand]]
name = "Any hour"
months = [11, 12, 1, 2, 3]
aud_per_kw_per_day = 0.0921
"""

HEAD = """
name = "test"
title = "A test"
public_holidays = "NSW"
"""

TEXT = (
    HEAD
    + "OPTIONS\n"
    + PERIOD.replace("FROM", "2024-07-01")
    + PERIOD.replace("FROM", "2025-07-01").replace("57.31", "61.07")
)


@pytest.mark.parametrize(
    ("options", "minutes"),
    [
        ("", 15),
        ("gst_included = false", 30),
        ('clock = "NEM"', 30),
        ('clock = "Australia/Adelaide"', 30),  # its half-hours lie across NEM's hours
    ],
)
def test_year_agrees_with_the_bill_made_one_interval_at_a_time(
    options: str, minutes: int
) -> None:
    tree = tomllib.loads(TEXT.replace("OPTIONS", options))
    grid = TimeGrid.calendar_year(2025, NEM_TIME, timedelta(minutes=minutes))
    numbers = np.random.default_rng(20250701)
    kwh = {
        channel: numbers.gamma(0.5, 0.2, grid.count)
        for channel in ("general", "controlled_load", "feed_in")
    }
    spot = numbers.normal(10, 30, grid.count)

    bill = PlanTariff(Plan.model_validate(tree)).bill(
        MeteredEnergy(grid, kwh["general"], kwh["feed_in"], kwh["controlled_load"]),
        PriceSeries(grid, spot),
    )

    found: dict[tuple[tuple[int, int], str], float] = defaultdict(float)
    for line in bill.lines:
        name = line.label.rpartition(", ")[2]
        place = (line.month.year, line.month.month), f"{line.kind.value}: {name}"
        found[place] += line.amount_aud
    expected = naive_bill(tree, grid.start, minutes, kwh, spot)
    assert found.keys() == expected.keys()
    for place, amount_aud in expected.items():
        # Sums of some thousand products differ in their last digits only.
        assert found[place] == pytest.approx(amount_aud, abs=1e-8), place
    assert (bill.first, bill.last) == (date(2025, 1, 1), date(2025, 12, 31))
