"""Both days of 2025 on which Sydney's clocks change, by hand.

6 April is a Sunday of 25 hours, from 13:00 UTC on the 5th to 14:00 UTC. Its afternoon
is in standard time, so 15:00-21:00 is 05:00-11:00 in UTC, on the NEM clock too.

5 October is a Sunday of 23 hours, from 14:00 UTC on the 4th to 13:00 UTC. Its afternoon
is in daylight time, so 15:00-21:00 is 04:00-10:00 in UTC; on the NEM clock it is
05:00-11:00.

The meter's days have 24 hours, from 14:00 UTC to 14:00 UTC: on 6 April from 01:00 in
daylight time, on 5 October until 01:00 of the next day.
"""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from tests.analysis.tariffs.written_plans import (
    PEAK_EVERY_DAY,
    SUPPLY,
    SYDNEY,
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


def _local_day(month: int, day: int) -> TimeGrid:
    return local_days(date(2025, month, day), date(2025, month, day + 1))


def _meter_day(month: int, day: int) -> TimeGrid:
    return meter_days(date(2025, month, day), date(2025, month, day + 1))


def _more_at_three(grid: TimeGrid) -> MeteredEnergy:
    """1 kWh each half-hour, and 1 more in those from 04:00 and 04:30 UTC.

    In April that is 14:00-15:00 local, before the peak of either clock; in October it
    is 15:00-16:00 local, in the peak of the local clock and not of NEM.
    """
    day = grid.start.date() + timedelta(days=1)
    more = used_at(grid, {f"{day} 04:00": 1, f"{day} 04:30": 1})
    return MeteredEnergy(grid, more.general_kwh + 1, more.feed_in_kwh)


def test_local_days_have_50_and_46_half_hours_and_the_meters_48() -> None:
    # From noon UTC, which is 22:00 or 23:00 in Sydney, three days on.
    april = TimeGrid.between(
        utc("2025-04-04 12:00"), utc("2025-04-07 12:00"), timedelta(minutes=30)
    ).local_days(SYDNEY)
    october = TimeGrid.between(
        utc("2025-10-03 12:00"), utc("2025-10-06 12:00"), timedelta(minutes=30)
    ).local_days(SYDNEY)

    assert [(day.day, grid.count) for day, grid in april] == [
        (4, 2),
        (5, 48),
        (6, 50),
        (7, 44),
    ]
    assert [(day.day, grid.count) for day, grid in october] == [
        (3, 4),
        (4, 48),
        (5, 46),
        (6, 46),
    ]
    assert april[2][1] == _local_day(4, 6)
    assert october[2][1] == _local_day(10, 5)
    assert _meter_day(4, 6).count == _meter_day(10, 5).count == 48


@pytest.mark.parametrize("day_of", [_local_day, _meter_day])
@pytest.mark.parametrize(
    ("day", "head", "first", "stop"),
    [
        ((4, 6), LOCAL, "2025-04-06 05:00", "2025-04-06 11:00"),
        ((4, 6), NEM, "2025-04-06 05:00", "2025-04-06 11:00"),
        ((10, 5), LOCAL, "2025-10-05 04:00", "2025-10-05 10:00"),
        ((10, 5), NEM, "2025-10-05 05:00", "2025-10-05 11:00"),
    ],
)
def test_peak_is_these_half_hours_and_no_others(
    day_of: Callable[[int, int], TimeGrid],
    day: tuple[int, int],
    head: str,
    first: str,
    stop: str,
) -> None:
    grid = day_of(*day)

    rates = tariff_of(PEAK_EVERY_DAY, head).rates(grid, None)

    is_peak = [utc(first) <= instant < utc(stop) for instant in grid]
    assert rates.import_c_per_kwh.tolist() == [60 if peak else 20 for peak in is_peak]
    assert sum(is_peak) == 12


@pytest.mark.parametrize(
    ("grid", "head", "amounts", "total", "days"),
    [
        # The meter's day. 6 April holds 50 kWh, 12 in peak on both clocks:
        # 12 x 0.60, 38 x 0.20, one day.
        (_meter_day(4, 6), LOCAL, ["7.20", "7.60", "1.00"], "15.80", (6, 6)),
        (_meter_day(4, 6), NEM, ["7.20", "7.60", "1.00"], "15.80", (6, 6)),
        # 5 October holds 50 kWh, 14 in the local peak: 14 x 0.60, 36 x 0.20. On the
        # NEM clock peak begins an hour later: 12 x 0.60, 38 x 0.20.
        (_meter_day(10, 5), LOCAL, ["8.40", "7.20", "1.00"], "16.60", (5, 5)),
        (_meter_day(10, 5), NEM, ["7.20", "7.60", "1.00"], "15.80", (5, 5)),
        # The local day of 25 hours holds 52 kWh: 12 x 0.60, 40 x 0.20, and 25 / 24 =
        # 1.0417 days, for its first hour is the last of the meter's 5 April.
        (_local_day(4, 6), LOCAL, ["7.20", "8.00", "1.04"], "16.24", (5, 6)),
        (_local_day(4, 6), NEM, ["7.20", "8.00", "1.04"], "16.24", (5, 6)),
        # The local day of 23 hours holds 48 kWh: 14 x 0.60, 34 x 0.20, and 23 / 24 =
        # 0.9583 days; on the NEM clock 12 x 0.60, 36 x 0.20.
        (_local_day(10, 5), LOCAL, ["8.40", "6.80", "0.96"], "16.16", (5, 5)),
        (_local_day(10, 5), NEM, ["7.20", "7.20", "0.96"], "15.36", (5, 5)),
    ],
)
def test_bill_of_the_day(
    grid: TimeGrid, head: str, amounts: list[str], total: str, days: tuple[int, int]
) -> None:
    tariff = tariff_of(PEAK_EVERY_DAY + SUPPLY, head)

    bill = tariff.bill(_more_at_three(grid), None)

    assert [line.label for line in bill.lines] == [
        "General usage, Peak",
        "General usage, Off-peak",
        "Supply",
    ]
    assert [str(line.printed_aud) for line in bill.lines] == amounts
    assert str(bill.printed_total_aud) == total
    assert (bill.first.day, bill.last.day) == days


@pytest.mark.parametrize("first", [date(2025, 4, 4), date(2025, 10, 3)])
def test_bills_of_adjacent_days_across_the_switch_have_no_gap_and_no_overlap(
    first: date,
) -> None:
    # Half-hour n of four days of the meter holds n kWh. Local peak is half-hours 28 to
    # 39 of a day in daylight time, which sum to 402, and 30 to 41 in standard time,
    # 426. Two days of each, and 12 x 48 kWh more with each day: 2 x 402 + 2 x 426 +
    # 576 x (0 + 1 + 2 + 3) = 5112 of 191 x 192 / 2 = 18336 kWh.
    tariff = tariff_of(PEAK_EVERY_DAY + SUPPLY)
    days = [first + timedelta(days=n) for n in range(5)]
    kwh = np.arange(192.0)

    apart = []
    for number, (day, following) in enumerate(pairwise(days)):
        part = kwh[48 * number : 48 * number + 48]
        energy = MeteredEnergy(meter_days(day, following), part, np.zeros(48))
        apart.append(tariff.bill(energy, None))
    whole = tariff.bill(
        MeteredEnergy(meter_days(first, days[-1]), kwh, np.zeros(192)), None
    )

    assert [(bill.first, bill.last) for bill in apart] == [(d, d) for d in days[:-1]]
    peak, off_peak, supply = zip(*(bill.lines for bill in apart), strict=True)
    for lines, quantity, aud in (
        (peak, 5112, 3067.20),
        (off_peak, 13224, 2644.80),
        (supply, 4, 4.00),
    ):
        assert sum(line.quantity or 0.0 for line in lines) == pytest.approx(quantity)
        assert sum(line.amount_aud for line in lines) == pytest.approx(aud)
    assert [line.quantity for line in whole.lines] == [5112, 13224, 4]
    assert whole.total_aud == pytest.approx(5716.00)


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

    longer = tariff.bill(steady(_local_day(4, 6), 1.0), None)
    shorter = tariff.bill(steady(_local_day(10, 5), 1.0), None)

    # 4 and 2 hours in half-hours of 1 kWh
    assert longer.lines[0].quantity == 8
    assert shorter.lines[0].quantity == 4
