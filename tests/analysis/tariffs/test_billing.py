"""Bills worked out by hand."""

from datetime import date

import numpy as np
import pytest
from tests.analysis.tariffs.written_plans import (
    FIVE_MINUTES,
    FLAT,
    HALF_HOUR,
    PEAK_ON_WEEKDAYS,
    PERIOD,
    SUPPLY,
    amounts,
    meter_days,
    steady,
    tariff_of,
    used_at,
    utc,
)

from home_energy.domain.bill import LineKind
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.series import PriceSeries
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import DataError

HOT_WATER = """
[[period.usage]]
name = "Hot water"
channel = "controlled_load"
c_per_kwh = 15
"""
SOLAR = """
[[period.feed_in]]
name = "Solar"
c_per_kwh = 5
"""


def test_three_intervals_at_spot() -> None:
    parts = """
[[period.usage]]
name = "Spot"
spot = { loss_factor = 1.0, c_per_kwh = 10 }
"""
    grid = TimeGrid(utc("2025-01-01 00:00"), FIVE_MINUTES, 3)
    energy = MeteredEnergy(grid, np.array([1.0, 2.0, 3.0]), np.zeros(3))
    spot = PriceSeries(grid, np.array([10.0, -20.0, 30.0]))

    bill = tariff_of(parts).bill(energy, spot)

    # 1 x 20 + 2 x -10 + 3 x 40 = 120 c for 6 kWh
    (line,) = bill.lines
    assert line.label == "General usage, Spot"
    assert (line.kind, line.quantity, line.unit) == (LineKind.USAGE, 6, "kWh")
    assert line.rate_c == pytest.approx(20)
    assert line.amount_aud == pytest.approx(1.20)
    assert line.gst_aud == pytest.approx(1.20 / 11)
    assert (bill.first, bill.last) == (date(2025, 1, 1), date(2025, 1, 1))


def test_week_on_time_of_use_with_a_holiday() -> None:
    # Monday 27 January 2025 was a holiday: four weekdays of 12 half-hours of peak.
    grid = meter_days(date(2025, 1, 27), date(2025, 2, 3))
    tariff = tariff_of(PEAK_ON_WEEKDAYS + SUPPLY, 'public_holidays = "NSW"')

    bill = tariff.bill(steady(grid, 1.0), None)

    # January: 27 to 31, 4 x 12 = 48 kWh of 240 in peak; February: a weekend, 96 kWh
    january, february = bill.months
    assert [round(line.amount_aud, 4) for line in bill.of_month(january)] == [
        28.80,  # 48 x 0.60
        38.40,  # 192 x 0.20
        5.00,
    ]
    assert [round(line.amount_aud, 4) for line in bill.of_month(february)] == [
        19.20,  # 96 x 0.20
        2.00,
    ]
    assert bill.total_aud == pytest.approx(93.40)


def test_lines_stand_as_a_retailer_prints_them() -> None:
    parts = PEAK_ON_WEEKDAYS + HOT_WATER + SOLAR + SUPPLY
    parts += """
[[period.demand]]
name = "Demand"
aud_per_kw_per_month = 10
[[period.discount]]
name = "Online"
aud_per_month = 2
"""
    grid = meter_days(date(2025, 1, 1), date(2025, 2, 1))
    ones = np.ones(grid.count)

    bill = tariff_of(parts).bill(MeteredEnergy(grid, ones, ones, ones), None)

    assert [line.label for line in bill.lines] == [
        "General usage, Peak",
        "General usage, Off-peak",
        "Controlled load, Hot water",
        "Supply",
        "Demand",
        "Online",
        "Feed-in, Solar",
    ]


def test_controlled_load_has_its_own_line_and_price() -> None:
    grid = meter_days(date(2025, 1, 1), date(2025, 1, 2))
    tenth = np.full(grid.count, 0.1)

    bill = tariff_of(FLAT + HOT_WATER).bill(
        MeteredEnergy(grid, tenth, tenth * 0, tenth * 2), None
    )

    # 4.8 kWh x 30 c; 9.6 kWh x 15 c
    assert amounts(bill) == {
        "General usage, Anytime": 1.44,
        "Controlled load, Hot water": 1.44,
    }


def test_controlled_load_without_a_price_is_refused() -> None:
    grid = meter_days(date(2025, 1, 1), date(2025, 1, 2))
    ones = np.ones(grid.count)

    with pytest.raises(DataError, match="controlled_load: tariff test has no price"):
        tariff_of(FLAT).bill(MeteredEnergy(grid, ones, ones, ones), None)


def test_controlled_load_that_ends_with_a_period_is_refused_from_then_on() -> None:
    later = PERIOD.replace("2024-01-01", "2025-07-01") + FLAT
    tariff = tariff_of(FLAT + HOT_WATER + later)
    grid = meter_days(date(2025, 6, 30), date(2025, 7, 2))
    ones = np.ones(grid.count)

    rates = tariff.rates(grid, None)
    with pytest.raises(DataError, match=r"in 48 of 96 .*2025-06-30T14:00:00"):
        tariff.bill(MeteredEnergy(grid, ones, ones, ones), None)

    assert rates.controlled_load_c_per_kwh is not None
    assert np.count_nonzero(np.isnan(rates.controlled_load_c_per_kwh)) == 48


def test_feed_in_is_a_credit_without_gst() -> None:
    grid = meter_days(date(2025, 1, 1), date(2025, 1, 2))

    bill = tariff_of(FLAT + SOLAR).bill(steady(grid, 1.0, 2.0), None)

    # 48 x 0.30 = 14.40 with 14.40 / 11 GST; 96 kWh x 5 c = 4.80
    usage, feed_in = bill.lines
    assert (feed_in.kind, feed_in.quantity) == (LineKind.FEED_IN, 96)
    assert feed_in.rate_c == pytest.approx(5)
    assert feed_in.amount_aud == pytest.approx(-4.80)
    assert feed_in.gst_aud == 0
    assert usage.gst_aud == pytest.approx(1.309091, abs=1e-6)
    assert bill.gst_aud == usage.gst_aud


def test_feed_in_that_costs_is_to_be_paid() -> None:
    parts = FLAT + SOLAR.replace("= 5", "= -2")
    grid = meter_days(date(2025, 1, 1), date(2025, 1, 2))

    bill = tariff_of(parts).bill(steady(grid, 0.0, 1.0), None)

    (line,) = bill.lines
    assert line.rate_c == pytest.approx(-2)
    assert line.amount_aud == pytest.approx(0.96)  # 48 x 2 c


def test_export_that_nobody_pays_for_is_shown() -> None:
    grid = meter_days(date(2025, 1, 1), date(2025, 1, 2))

    bill = tariff_of(FLAT).bill(steady(grid, 0.0, 1.0), None)

    assert [(line.label, line.quantity) for line in bill.lines] == [
        ("Feed-in, not paid", 48)
    ]
    assert bill.total_aud == 0


def test_export_within_the_allowance_is_given_back() -> None:
    # 10:00 to 14:00 charges 2 c; 8 kWh a day of it are free.
    parts = (
        FLAT
        + """
[[period.feed_in]]
name = "Midday"
hours = ["10:00-14:00"]
c_per_kwh = -2
[[period.feed_in]]
name = "Else"
c_per_kwh = 0
[[period.export_allowance]]
name = "Basic export"
hours = ["10:00-14:00"]
free_kwh_per_day = 6
c_per_kwh = 2
"""
    )
    grid = meter_days(date(2025, 1, 1), date(2025, 1, 11))

    bill = tariff_of(parts).bill(steady(grid, 0.0, 1.0), None)

    # 10 days x 8 half-hours = 80 kWh x 2 c = 1.60; 60 kWh x 2 c = 1.20 back
    assert amounts(bill) == {
        "Feed-in, Midday": 1.60,
        "Feed-in, Else": 0,
        "Basic export, free export": -1.20,
    }


def test_allowance_gives_back_no_more_than_was_exported() -> None:
    parts = (
        FLAT
        + SOLAR.replace("= 5", "= -2")
        + """
[[period.export_allowance]]
name = "Basic export"
free_kwh_per_day = 100
c_per_kwh = 2
"""
    )
    grid = meter_days(date(2025, 1, 1), date(2025, 1, 3))

    bill = tariff_of(parts).bill(steady(grid, 0.0, 1.0), None)

    assert bill.total_aud == pytest.approx(0)


def test_figures_without_gst_are_printed_with_it() -> None:
    parts = FLAT + SUPPLY + SOLAR
    grid = meter_days(date(2025, 1, 1), date(2025, 1, 2))

    bill = tariff_of(parts, "gst_included = false").bill(steady(grid, 1.0, 1.0), None)

    # 48 x 0.33, 1.10, and 48 x 0.05 as it stands
    assert amounts(bill) == {
        "General usage, Anytime": 15.84,
        "Supply": 1.10,
        "Feed-in, Solar": -2.40,
    }
    # a tenth of the amounts without GST: 1.44 + 0.10
    assert bill.gst_aud == pytest.approx(1.54)


def test_charge_per_month_of_a_cut_month_is_its_share_of_days() -> None:
    parts = (
        FLAT
        + """
[[period.fixed]]
name = "Membership"
aud_per_month = 31
"""
    )
    grid = meter_days(date(2025, 1, 22), date(2025, 3, 15))

    bill = tariff_of(parts).bill(steady(grid, 0.0), None)

    # 10 of 31 days; all of February; 14 of 31 days
    assert [round(line.amount_aud, 4) for line in bill.lines] == [10, 31, 14]
    assert bill.lines[0].unit == "months"
    assert bill.lines[0].rate_c == 3100
    assert bill.lines[1].quantity == 1


def test_february_of_a_leap_year_has_29_days() -> None:
    grid = meter_days(date(2024, 2, 1), date(2024, 3, 1))

    bill = tariff_of(FLAT + SUPPLY).bill(steady(grid, 1.0), None)

    # 29 x 48 x 0.30 = 417.60
    assert amounts(bill) == {"General usage, Anytime": 417.60, "Supply": 29.00}


def test_new_figures_on_the_first_of_july() -> None:
    later = (
        PERIOD.replace("2024-01-01", "2025-07-01")
        + FLAT.replace("30", "40")
        + SUPPLY.replace("100", "110")
    )
    grid = meter_days(date(2025, 6, 30), date(2025, 7, 3))

    bill = tariff_of(FLAT + SUPPLY + later).bill(steady(grid, 1.0), None)

    june, july = bill.months
    # 48 x 0.30 + 1.00; 96 x 0.40 + 2 x 1.10
    assert [round(x.amount_aud, 4) for x in bill.of_month(june)] == [14.40, 1.00]
    assert [round(x.amount_aud, 4) for x in bill.of_month(july)] == [38.40, 2.20]


def test_new_figures_within_a_month_give_lines_of_both() -> None:
    later = PERIOD.replace("2024-01-01", "2025-03-11") + FLAT.replace("30", "40")
    grid = meter_days(date(2025, 3, 1), date(2025, 4, 1))

    bill = tariff_of(FLAT + later).bill(steady(grid, 0.5), None)

    # 10 days x 24 kWh x 0.30; 21 days x 24 kWh x 0.40
    assert [round(x.rate_c or 0.0, 6) for x in bill.lines] == [30, 40]
    assert [round(x.amount_aud, 4) for x in bill.lines] == [72.00, 201.60]
    assert bill.months == (date(2025, 3, 1),)


def test_missing_energy_is_counted_and_never_zero() -> None:
    grid = meter_days(date(2025, 1, 1), date(2025, 1, 2))
    kwh = np.ones(grid.count)
    kwh[[3, 4]] = np.nan

    with pytest.raises(
        DataError, match=r"general: energy is missing in 2 of 48 .*2024-12-31T15:30"
    ):
        tariff_of(FLAT).bill(MeteredEnergy(grid, kwh, np.zeros(grid.count)), None)
    with pytest.raises(DataError, match="feed_in: energy is missing in 2 of 48"):
        tariff_of(FLAT).bill(MeteredEnergy(grid, np.zeros(grid.count), kwh), None)


def test_zero_is_no_line() -> None:
    grid = TimeGrid(utc("2025-01-01 00:00"), HALF_HOUR, 2)

    bill = tariff_of(FLAT + SOLAR).bill(steady(grid), None)

    assert bill.lines == ()
    assert bill.total_aud == 0


@pytest.mark.parametrize(
    ("at", "month"),
    [
        ("2024-12-31 13:30", 12),  # 00:30 on 1 January in Sydney
        ("2024-12-31 14:00", 1),  # 01:00
        ("2025-01-31 13:00", 1),  # 00:00 on 1 February
        ("2025-01-31 13:30", 1),  # 00:30
        ("2025-01-31 14:00", 2),  # 01:00
        ("2025-06-30 13:30", 6),  # 23:30 on 30 June, in standard time
        ("2025-06-30 14:00", 7),  # 00:00 on 1 July
    ],
)
def test_month_begins_at_one_in_summer_and_at_midnight_in_winter(
    at: str, month: int
) -> None:
    grid = meter_days(date(2024, 12, 31), date(2025, 7, 2))

    bill = tariff_of(FLAT).bill(used_at(grid, {at: 1}), None)

    assert [line.month.month for line in bill.lines] == [month]


@pytest.mark.parametrize("head", ["", 'clock = "NEM"', 'clock = "Australia/Perth"'])
def test_january_has_its_31_days_and_1488_half_hours_on_any_clock(head: str) -> None:
    # 01:00 on 1 January to 01:00 on 1 February in Sydney
    grid = TimeGrid.between(utc("2024-12-31 14:00"), utc("2025-01-31 14:00"), HALF_HOUR)

    bill = tariff_of(FLAT + SUPPLY, head).bill(steady(grid, 1.0), None)

    assert [line.quantity for line in bill.lines] == [1488, 31]
    assert (bill.first, bill.last) == (date(2025, 1, 1), date(2025, 1, 31))


def test_half_a_day_costs_half_a_day() -> None:
    grid = TimeGrid(utc("2025-01-01 14:00"), HALF_HOUR, 24)

    bill = tariff_of(FLAT + SUPPLY).bill(used_at(grid, {}), None)

    assert amounts(bill) == {"Supply": 0.50}


def test_first_hour_of_a_summer_month_stands_on_the_bill_before_at_its_own_price() -> (
    None
):
    parts = """
[[period.usage]]
name = "Summer"
months = [12, 1, 2]
c_per_kwh = 50
[[period.usage]]
name = "Rest"
c_per_kwh = 30
"""
    # 00:30 and 01:30 on 1 December in Sydney
    grid = meter_days(date(2025, 11, 30), date(2025, 12, 2))
    energy = used_at(grid, {"2025-11-30 13:30": 1, "2025-11-30 14:30": 2})

    bill = tariff_of(parts).bill(energy, None)

    assert [(x.month.month, x.label, x.quantity) for x in bill.lines] == [
        (11, "General usage, Summer", 1),
        (12, "General usage, Summer", 2),
    ]
