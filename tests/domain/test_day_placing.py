"""Days on an axis: summed, shared, cut at its ends, and never made up."""

from datetime import date, timedelta

import numpy as np
import pytest
from tests.domain.sample_days import DAY, DAY_START, NAN, day_of, spot_day

from home_energy.domain.day_placing import place_energy, place_spot
from home_energy.domain.meter_day import NO_QUALITY, MeterDay
from home_energy.domain.price import Quality
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError

FIVE, FIFTEEN, HALF_HOUR = (timedelta(minutes=m) for m in (5, 15, 30))
HOUR, ONE_DAY = timedelta(hours=1), timedelta(days=1)
NEXT_DAY = date(2025, 3, 2)
ACTUAL, SUBSTITUTE = int(Quality.ACTUAL), int(Quality.SUBSTITUTE)


def _grid(start_minutes: int, step: timedelta, count: int) -> TimeGrid:
    return TimeGrid(DAY_START + timedelta(minutes=start_minutes), step, count)


def test_a_half_hour_is_shared_evenly_over_five_minutes() -> None:
    series, quality = place_energy([day_of(0.6, 1.2)], _grid(0, FIVE, 18))

    # 0.6 kWh in 30 minutes is 0.1 in each 5; the third half-hour is missing.
    assert series.kwh[:12] == pytest.approx([0.1] * 6 + [0.2] * 6)
    assert np.isnan(series.kwh[12:]).all()
    assert list(quality) == [ACTUAL] * 12 + [NO_QUALITY] * 6


def test_five_minutes_are_summed_to_half_an_hour() -> None:
    day = day_of(*(0.01, 0.02, 0.03, 0.04, 0.05, 0.06), 0.1, rest_kwh=0.2, minutes=5)

    series, _ = place_energy([day], _grid(0, HALF_HOUR, 48))

    # 0.01 + ... + 0.06 = 0.21; 0.1 + 5 x 0.2 = 1.1; then 6 x 0.2 = 1.2
    assert series.kwh == pytest.approx([0.21, 1.1] + [1.2] * 46)


def test_the_lowest_quality_of_the_parts_is_that_of_the_sum() -> None:
    kwh = np.full(288, 0.1)
    quality = np.full(288, ACTUAL, dtype=np.uint8)
    quality[7] = SUBSTITUTE

    _, qualities = place_energy([MeterDay(DAY, 5, kwh, quality)], _grid(0, HOUR, 24))

    assert list(qualities[:2]) == [SUBSTITUTE, ACTUAL]


def test_a_missing_part_makes_the_sum_missing() -> None:
    day = day_of(0.1, NAN, rest_kwh=0.1, minutes=5)

    series, quality = place_energy([day], _grid(0, HALF_HOUR, 2))

    assert np.isnan(series.kwh[0])
    assert series.kwh[1] == pytest.approx(0.6)
    assert list(quality) == [NO_QUALITY, ACTUAL]


def test_an_axis_takes_only_its_own_part_of_a_day() -> None:
    # From 23:00 of the day to 01:00 of the next; each day has its own value.
    days = [day_of(rest_kwh=1.0), day_of(rest_kwh=2.0, day=NEXT_DAY)]

    series, _ = place_energy(days, _grid(23 * 60, HALF_HOUR, 4))

    assert list(series.kwh) == [1.0, 1.0, 2.0, 2.0]


def test_a_day_outside_the_axis_adds_nothing() -> None:
    days = [day_of(rest_kwh=1.0, day=date(2024, 1, 1)), day_of(rest_kwh=2.0)]

    series, _ = place_energy(days, TimeGrid(DAY_START + ONE_DAY, HALF_HOUR, 2))

    assert series.missing_count == 2


def test_a_gap_at_midnight_stays_a_gap() -> None:
    last_is_missing = day_of(*(1.0,) * 47)  # 23:30 to 24:00 was not told
    first_is_missing = day_of(NAN, rest_kwh=2.0, day=NEXT_DAY)

    series, quality = place_energy(
        [last_is_missing, first_is_missing], _grid(23 * 60, HALF_HOUR, 4)
    )

    assert series.kwh[0] == 1.0
    assert np.isnan(series.kwh[1:3]).all()
    assert series.kwh[3] == 2.0
    assert list(quality) == [ACTUAL, NO_QUALITY, NO_QUALITY, ACTUAL]


def test_shorter_intervals_stand_and_longer_fill_what_they_lack() -> None:
    fine = day_of(*(0.1,) * 6, minutes=5, quality=Quality.ACTUAL)
    coarse = day_of(9.0, 3.0, quality=Quality.SUBSTITUTE)

    series, quality = place_energy([coarse, fine], _grid(0, FIVE, 18))

    # 5-minute data for the first half-hour, 3.0 / 6 = 0.5 for the second.
    assert series.kwh[:12] == pytest.approx([0.1] * 6 + [0.5] * 6)
    assert np.isnan(series.kwh[12:]).all()
    assert list(quality[:12]) == [ACTUAL] * 6 + [SUBSTITUTE] * 6


def test_days_of_several_lengths_meet_on_one_axis() -> None:
    days = [
        day_of(rest_kwh=0.25, minutes=15),
        day_of(rest_kwh=0.1, minutes=5, day=NEXT_DAY),
    ]

    series, _ = place_energy(days, _grid(23 * 60 + 30, HALF_HOUR, 2))

    # 2 x 0.25 = 0.5 on the last half-hour, 6 x 0.1 = 0.6 on the first of the next day
    assert series.kwh == pytest.approx([0.5, 0.6])


def test_no_energy_is_lost_or_made_by_another_step() -> None:
    rng = np.random.default_rng(20250301)
    day = MeterDay.of_one_quality(DAY, rng.random(96), Quality.ACTUAL)

    totals = [
        place_energy([day], _grid(0, step, ONE_DAY // step))[0].kwh.sum()
        for step in (FIVE, FIFTEEN, HALF_HOUR, HOUR)
    ]

    assert totals == pytest.approx([float(day.kwh.sum())] * 4, abs=1e-9)


def test_a_day_that_does_not_fall_on_the_axis_is_refused() -> None:
    with pytest.raises(AlignmentError, match="does not fall on the axis"):
        place_energy([day_of(0.1)], _grid(10, HALF_HOUR, 4))
    with pytest.raises(AlignmentError, match="no multiple or whole part"):
        place_energy([day_of(0.1, minutes=15)], _grid(0, timedelta(minutes=10), 4))


def test_no_days_are_all_missing() -> None:
    series, quality = place_energy([], _grid(0, HALF_HOUR, 3))

    assert series.missing_count == 3
    assert list(quality) == [NO_QUALITY] * 3
    assert place_spot([], _grid(0, FIVE, 3)).missing_count == 3


def test_wholesale_price_is_in_cents_with_gst() -> None:
    # $100/MWh is 10 c/kWh, with 10 % GST 11 c; -$50 is -5.5 c.
    prices = place_spot([spot_day(100.0, -50.0)], _grid(0, FIVE, 3))

    assert prices.c_per_kwh[:2] == pytest.approx([11.0, -5.5])
    assert np.isnan(prices.c_per_kwh[2])


def test_half_hour_price_is_the_mean_of_six_and_missing_with_one_missing() -> None:
    day = spot_day(0.0, 0.0, 0.0, 0.0, 0.0, 600.0, NAN, rest_rrp=100.0)

    prices = place_spot([day], _grid(0, HALF_HOUR, 3))

    # 600 / 6 = $100/MWh = 11 c
    assert prices.c_per_kwh[0] == pytest.approx(11.0)
    assert np.isnan(prices.c_per_kwh[1])
    assert prices.c_per_kwh[2] == pytest.approx(11.0)


def test_thirty_minute_prices_fill_where_five_minute_prices_lack() -> None:
    days = [spot_day(200.0, 100.0, minutes=30), spot_day(10.0, NAN, 10.0)]

    prices = place_spot(days, _grid(0, FIVE, 7))

    # 10 -> 1.1 c, the hole and the rest of the half-hour 200 -> 22 c, then 100 -> 11 c
    assert prices.c_per_kwh == pytest.approx([1.1, 22.0, 1.1, 22.0, 22.0, 22.0, 11.0])


def test_prices_at_the_ends_of_an_axis_are_those_of_their_own_days() -> None:
    days = [spot_day(rest_rrp=10.0), spot_day(rest_rrp=20.0, day=NEXT_DAY)]

    prices = place_spot(days, _grid(24 * 60 - 5, FIVE, 2))

    assert prices.c_per_kwh == pytest.approx([1.1, 2.2])
