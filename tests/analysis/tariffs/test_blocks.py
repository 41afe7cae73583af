"""Prices by amount, counted by hand."""

from datetime import date

import numpy as np
import pytest
from tests.analysis.tariffs.written_plans import (
    PERIOD,
    amounts,
    meter_days,
    steady,
    tariff_of,
    used_at,
)

from home_energy.domain.metered_energy import MeteredEnergy


def _blocks(period: str, limit_kwh: float = 10) -> str:
    return f"""
[[period.usage]]
name = "Anytime"
block_period = "{period}"
blocks = [
    {{ up_to_kwh = {limit_kwh}, c_per_kwh = 20 }},
    {{ up_to_kwh = {2 * limit_kwh}, c_per_kwh = 30 }},
    {{ c_per_kwh = 40 }},
]
"""


def test_block_ends_within_an_interval() -> None:
    grid = meter_days(date(2025, 1, 1), date(2025, 1, 2))
    energy = used_at(
        grid,
        {"2025-01-01 00:00": 8.0, "2025-01-01 01:00": 4.0, "2025-01-01 02:00": 9.0},
    )

    bill = tariff_of(_blocks("day")).bill(energy, None)

    # 21 kWh in one day: 10 x 0.20, 10 x 0.30, 1 x 0.40
    assert [(x.label, x.quantity, round(x.amount_aud, 6)) for x in bill.lines] == [
        ("General usage, Anytime, up to 10 kWh a day", 10, 2.00),
        ("General usage, Anytime, up to 20 kWh a day", 10, 3.00),
        ("General usage, Anytime, above", 1, 0.40),
    ]


def test_daily_limit_is_multiplied_by_the_billed_days_of_the_month() -> None:
    # All on one day of January: 155 kWh against 31 x 10.
    grid = meter_days(date(2025, 1, 1), date(2025, 3, 1))
    kwh = np.zeros(grid.count)
    kwh[5] = 155
    kwh[-1] = 300  # February: 280 in the first block, 20 in the second

    bill = tariff_of(_blocks("day")).bill(
        MeteredEnergy(grid, kwh, np.zeros(grid.count)), None
    )

    january, february = bill.months
    assert [x.quantity for x in bill.of_month(january)] == [155]
    assert [x.quantity for x in bill.of_month(february)] == [280, 20]


def test_month_begins_its_count_anew_and_a_cut_one_has_its_share() -> None:
    # 21 days of 31 in January, 28 in February; 1 kWh a day
    grid = meter_days(date(2025, 1, 11), date(2025, 3, 1))

    bill = tariff_of(_blocks("month", 15.5)).bill(steady(grid, 1 / 48), None)

    january, february = bill.months
    # 15.5 x 21 / 31 = 10.5; 15.5
    quantities = [
        pytest.approx([10.5, 10.5]),
        pytest.approx([15.5, 12.5]),
    ]
    assert [
        [x.quantity for x in bill.of_month(month)] for month in (january, february)
    ] == quantities


def test_year_goes_on_counting_across_months_and_figures() -> None:
    later = PERIOD.replace("2024-01-01", "2025-02-01") + _blocks("year", 46)
    grid = meter_days(date(2025, 1, 1), date(2025, 4, 5))

    bill = tariff_of(_blocks("year", 46) + later).bill(steady(grid, 1 / 48), None)

    # 31, 28, 31, 4 kWh against 46 and 92: 31 | 15 + 13 | 31 | 2 + 2
    assert [
        [pytest.approx(x.quantity) for x in bill.of_month(month)]
        for month in bill.months
    ] == [[31], [15, 13], [31], [2, 2]]


def test_year_begins_anew_on_the_first_of_january() -> None:
    grid = meter_days(date(2024, 12, 1), date(2025, 2, 1))

    bill = tariff_of(_blocks("year", 31)).bill(steady(grid, 1 / 48), None)

    assert [pytest.approx(x.quantity) for x in bill.lines] == [31, 31]


def test_year_of_the_meter_begins_at_one_in_a_sydney_summer() -> None:
    # 00:30 and 01:00 on 1 January in Sydney: 30 kWh still count with the old year.
    grid = meter_days(date(2024, 12, 31), date(2025, 1, 2))
    energy = used_at(grid, {"2024-12-31 13:30": 30, "2024-12-31 14:00": 35})

    bill = tariff_of(_blocks("year", 31)).bill(energy, None)

    assert [(x.month.year, x.quantity) for x in bill.lines] == [
        (2024, 30),
        (2025, 31),
        (2025, 4),
    ]


def test_blocks_of_a_time_count_only_that_time() -> None:
    parts = """
[[period.usage]]
name = "Peak"
hours = ["15:00-21:00"]
blocks = [{ up_to_kwh = 5, c_per_kwh = 50 }, { c_per_kwh = 60 }]
[[period.usage]]
name = "Off-peak"
c_per_kwh = 20
"""
    grid = meter_days(date(2025, 1, 1), date(2025, 1, 2))

    bill = tariff_of(parts).bill(steady(grid, 1.0), None)

    # 12 half-hours of peak: 5 x 0.50 + 7 x 0.60; 36 x 0.20
    assert amounts(bill) == {
        "General usage, Peak, up to 5 kWh a day": 2.50,
        "General usage, Peak, above": 4.20,
        "General usage, Off-peak": 7.20,
    }


def test_feed_in_has_blocks_too() -> None:
    parts = """
[[period.usage]]
name = "Anytime"
c_per_kwh = 30
[[period.feed_in]]
name = "Solar"
blocks = [{ up_to_kwh = 8, c_per_kwh = 10 }, { c_per_kwh = 3 }]
"""
    grid = meter_days(date(2025, 1, 1), date(2025, 1, 2))

    bill = tariff_of(parts, "gst_included = false").bill(steady(grid, 0, 0.5), None)

    # 24 kWh: 8 x 10 c + 16 x 3 c, never with GST
    assert [round(x.amount_aud, 6) for x in bill.lines] == [-0.80, -0.48]


def test_gst_is_added_to_blocks() -> None:
    grid = meter_days(date(2025, 1, 1), date(2025, 1, 2))

    bill = tariff_of(_blocks("day"), "gst_included = false").bill(
        steady(grid, 0.25), None
    )

    # 12 kWh: 10 x 0.22 + 2 x 0.33
    assert [round(x.amount_aud, 6) for x in bill.lines] == [2.20, 0.66]
