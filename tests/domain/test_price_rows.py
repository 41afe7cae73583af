"""Recorded prices on an axis: each holds as long as it says, and the surer stands."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.domain.sample_prices import FIVE_MINUTES, HALF_HOUR, NOON, sample_price

from home_energy.domain.price import Channel, PriceContext, Quality
from home_energy.domain.price_rows import PriceRows, place_prices
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError

GENERAL = Channel.GENERAL
HOUR = TimeGrid(NOON, FIVE_MINUTES, 12)


def placed(rows: PriceRows, grid: TimeGrid, least: Quality) -> list[float]:
    return [float(value) for value in place_prices(rows, grid, least).c_per_kwh]


def test_a_half_hour_holds_in_its_six_intervals() -> None:
    rows = PriceRows.of(GENERAL, [sample_price(20.0, NOON, duration_minutes=30)])

    series = place_prices(rows, HOUR)

    assert series.c_per_kwh[:6].tolist() == [20.0] * 6
    assert series.missing_count == 6


def test_the_shorter_price_stands_and_the_longer_fills() -> None:
    rows = PriceRows.of(
        GENERAL,
        [
            sample_price(5.0, NOON + FIVE_MINUTES),
            sample_price(20.0, NOON, duration_minutes=30),
        ],
    )

    values = placed(rows, HOUR, Quality.ACTUAL)

    assert values[:6] == [20.0, 5.0, 20.0, 20.0, 20.0, 20.0]


def test_the_surer_price_stands_before_the_shorter() -> None:
    rows = PriceRows.of(
        GENERAL,
        [
            sample_price(20.0, NOON, duration_minutes=30),
            sample_price(5.0, NOON, Quality.ESTIMATE),
            sample_price(7.0, NOON + HALF_HOUR, Quality.ESTIMATE),
        ],
    )

    with_estimates = placed(rows, HOUR, Quality.ESTIMATE)
    final_only = place_prices(rows, HOUR)

    assert with_estimates[:7] == [20.0] * 6 + [7.0]
    assert final_only.missing_count == 6


def test_a_half_hour_of_the_axis_is_the_mean_of_all_its_parts_or_missing() -> None:
    six = [sample_price(float(i), NOON + i * FIVE_MINUTES) for i in range(6)]
    five = [sample_price(1.0, NOON + HALF_HOUR + i * FIVE_MINUTES) for i in range(1, 6)]
    rows = PriceRows.of(GENERAL, six + five)

    values = place_prices(rows, TimeGrid(NOON, HALF_HOUR, 2)).c_per_kwh

    # (0 + 1 + 2 + 3 + 4 + 5) / 6 = 2.5; the second half-hour lacks its first part.
    assert values[0] == 2.5
    assert np.isnan(values[1])


def test_prices_that_reach_over_the_ends_of_the_axis_count_with_their_part() -> None:
    rows = PriceRows.of(
        GENERAL,
        [
            sample_price(1.0, NOON - timedelta(minutes=15), duration_minutes=30),
            sample_price(2.0, NOON + timedelta(minutes=45), duration_minutes=30),
        ],
    )

    values = placed(rows, HOUR, Quality.ACTUAL)

    assert values[:3] == [1.0] * 3
    assert values[9:] == [2.0] * 3


def test_an_empty_record_is_all_missing() -> None:
    assert place_prices(PriceRows.of(GENERAL, []), HOUR).missing_count == 12


def test_a_price_off_the_axis_is_refused() -> None:
    at = datetime(2025, 6, 10, 2, 3, tzinfo=UTC)
    rows = PriceRows.of(GENERAL, [sample_price(1.0, at)])

    with pytest.raises(AlignmentError, match="does not fall on the axis"):
        place_prices(rows, HOUR)


def test_rows_keep_what_prices_say_and_leave_out_other_channels() -> None:
    peak = PriceContext(tariff_period="peak")
    prices = [
        sample_price(1.0, context=peak),
        sample_price(2.0, NOON + FIVE_MINUTES),
        sample_price(3.0, NOON + HALF_HOUR, context=peak),
    ]

    rows = PriceRows.of(GENERAL, prices)

    assert [rows.contexts[i] for i in rows.context] == [peak, PriceContext(), peak]
    assert np.isnan(rows.spot_c_per_kwh).all()
    assert len(PriceRows.of(Channel.FEED_IN, prices)) == 0
