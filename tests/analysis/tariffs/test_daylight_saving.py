"""Both days of 2025 on which Sydney's clocks change, by hand.

6 April is a Sunday of 25 hours, from 13:00 UTC on the 5th to 14:00 UTC. Its afternoon
is in standard time, so 15:00-21:00 is 05:00-11:00 in UTC, on the NEM clock too.

5 October is a Sunday of 23 hours, from 14:00 UTC on the 4th to 13:00 UTC. Its afternoon
is in daylight time, so 15:00-21:00 is 04:00-10:00 in UTC; on the NEM clock it is
05:00-11:00.

The meter's days have 24 hours, from 14:00 UTC to 14:00 UTC: on 6 April from 01:00 in
daylight time, on 5 October until 01:00 of the next day.
"""

from datetime import date

import pytest
from tests.analysis.tariffs.written_plans import (
    PEAK_EVERY_DAY,
    SUPPLY,
    local_days,
    meter_days,
    steady,
    tariff_of,
    used_at,
    utc,
)

from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.time_grid import TimeGrid

LOCAL, NEM = "", 'clock = "NEM"'


def _october() -> MeteredEnergy:
    """1 kWh each half-hour, and 1 more in those from 04:00 and 04:30 UTC."""
    grid = _meter_day(10, 5)
    more = used_at(grid, {"2025-10-05 04:00": 1, "2025-10-05 04:30": 1})
    return MeteredEnergy(grid, more.general_kwh + 1, more.feed_in_kwh)


def _meter_day(month: int, day: int) -> TimeGrid:
    return meter_days(date(2025, month, day), date(2025, month, day + 1))


def _day(month: int, day: int) -> TimeGrid:
    return local_days(date(2025, month, day), date(2025, month, day + 1))


@pytest.mark.parametrize(
    ("grid", "head", "half_hours", "first", "last"),
    [
        (_day(4, 6), LOCAL, 50, "2025-04-06 05:00", "2025-04-06 10:30"),
        (_day(4, 6), NEM, 50, "2025-04-06 05:00", "2025-04-06 10:30"),
        (_day(10, 5), LOCAL, 46, "2025-10-05 04:00", "2025-10-05 09:30"),
        (_day(10, 5), NEM, 46, "2025-10-05 05:00", "2025-10-05 10:30"),
    ],
)
def test_peak_is_these_half_hours(
    grid: TimeGrid, head: str, half_hours: int, first: str, last: str
) -> None:
    rates = tariff_of(PEAK_EVERY_DAY, head).rates(grid, None)

    peaks = [
        instant
        for instant, c_per_kwh in zip(grid, rates.import_c_per_kwh, strict=True)
        if c_per_kwh == 60
    ]
    assert grid.count == half_hours
    assert len(peaks) == 12
    assert (peaks[0], peaks[-1]) == (utc(first), utc(last))


@pytest.mark.parametrize("head", [LOCAL, NEM])
def test_bill_of_the_day_in_april(head: str) -> None:
    tariff = tariff_of(PEAK_EVERY_DAY + SUPPLY, head)

    bill = tariff.bill(steady(_meter_day(4, 6), 1.0), None)

    # On both clocks 12 kWh x 0.60 = 7.20; 36 kWh x 0.20 = 7.20; one day 1.00
    assert [str(line.printed_aud) for line in bill.lines] == ["7.20", "7.20", "1.00"]
    assert str(bill.printed_total_aud) == "15.40"
    assert (bill.first, bill.last) == (date(2025, 4, 6), date(2025, 4, 6))


def test_bill_of_the_day_in_october() -> None:
    bill = tariff_of(PEAK_EVERY_DAY + SUPPLY).bill(_october(), None)

    # 14 kWh x 0.60 = 8.40; 36 kWh x 0.20 = 7.20; one day 1.00
    assert [str(line.printed_aud) for line in bill.lines] == ["8.40", "7.20", "1.00"]
    assert str(bill.printed_total_aud) == "16.60"


def test_bill_of_the_day_in_october_on_the_nem_clock() -> None:
    bill = tariff_of(PEAK_EVERY_DAY + SUPPLY, NEM).bill(_october(), None)

    # Peak begins an hour later: 12 kWh x 0.60 = 7.20; 38 kWh x 0.20 = 7.60; 1.00
    assert [str(line.printed_aud) for line in bill.lines] == ["7.20", "7.60", "1.00"]
    assert str(bill.printed_total_aud) == "15.80"


def test_25_hours_are_more_than_a_day_of_the_meter() -> None:
    tariff = tariff_of(PEAK_EVERY_DAY + SUPPLY)

    bill = tariff.bill(steady(_day(4, 6), 1.0), None)

    # 12 kWh x 0.60; 38 kWh x 0.20; 25 / 24 days: the first hour is the meter's 5 April
    assert [str(line.printed_aud) for line in bill.lines] == ["7.20", "7.60", "1.04"]
    assert (bill.first, bill.last) == (date(2025, 4, 5), date(2025, 4, 6))


def test_23_hours_are_less_than_a_day_of_the_meter() -> None:
    tariff = tariff_of(PEAK_EVERY_DAY + SUPPLY)

    bill = tariff.bill(steady(_day(10, 5), 1.0), None)

    # 12 kWh x 0.60; 34 kWh x 0.20; 23 / 24 days
    assert [str(line.printed_aud) for line in bill.lines] == ["7.20", "6.80", "0.96"]
    assert (bill.first, bill.last) == (date(2025, 10, 5), date(2025, 10, 5))


def test_night_window_has_the_hours_that_the_night_has() -> None:
    parts = """
[[period.usage]]
name = "Night"
hours = ["01:00-04:00"]
c_per_kwh = 10
[[period.usage]]
name = "Day"
c_per_kwh = 30
"""
    tariff = tariff_of(parts)

    longer = tariff.bill(steady(_day(4, 6), 1.0), None)
    shorter = tariff.bill(steady(_day(10, 5), 1.0), None)

    # 4 and 2 hours in half-hours of 1 kWh
    assert longer.lines[0].quantity == 8
    assert shorter.lines[0].quantity == 4
