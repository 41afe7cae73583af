"""From spot to all-in prices, by hand."""

from datetime import date

import numpy as np
import pytest

from home_energy.demo.retail_plan import (
    CONTROLLED_LOAD,
    FEED_IN,
    GENERAL,
    RetailPlan,
    descriptor,
    peak_half_hours,
    spike_status,
)

PLAN = RetailPlan(
    loss_factor=1.1,
    peak_c_per_kwh_ex_gst=20.0,
    off_peak_c_per_kwh_ex_gst=5.0,
    other_c_per_kwh=3.0,
    controlled_load_c_per_kwh=7.0,
    export_reward_c_per_kwh=2.0,
)
OFF_PEAK_THEN_PEAK = np.array([False, True])
TEN_CENTS = np.array([10.0, 10.0])


def test_general_is_losses_network_and_other() -> None:
    price = PLAN.per_kwh(GENERAL, TEN_CENTS, OFF_PEAK_THEN_PEAK)

    # 1.1 x 10 + 1.1 x 5 + 3 = 19.5; 1.1 x 10 + 1.1 x 20 + 3 = 36
    assert price.tolist() == [19.5, 36.0]


def test_controlled_load_has_one_charge() -> None:
    price = PLAN.per_kwh(CONTROLLED_LOAD, TEN_CENTS, OFF_PEAK_THEN_PEAK)

    assert price.tolist() == [18.0, 18.0]  # 11 + 7


def test_feed_in_is_negative_when_the_home_earns() -> None:
    spot = np.array([11.0, -11.0])

    price = PLAN.per_kwh(FEED_IN, spot, OFF_PEAK_THEN_PEAK)

    # -(1.1 x 11 / 1.1 + 2) = -13; -(-11 + 2) = 9: the home pays
    assert price.tolist() == [-13.0, 9.0]


def test_prices_have_five_decimals() -> None:
    price = RetailPlan().per_kwh(GENERAL, np.array([13.4486]), np.array([False]))

    # 1.0476 x 13.4486 + 1.1 x 4.87 + 3.2639 = 14.08875336 + 5.357 + 3.2639
    assert price.tolist() == [22.70965]


@pytest.mark.parametrize(
    ("day", "first"),
    [(date(2025, 6, 17), 30), (date(2025, 1, 17), 28)],  # 15:00 and 14:00 NEM
)
def test_peak_is_15_to_21_local_all_year(day: date, first: int) -> None:
    peaks = peak_half_hours(day)

    assert [k for k, peak in enumerate(peaks) if peak] == [*range(first, first + 12)]


@pytest.mark.parametrize(
    ("spot", "status"),
    [(-110.0, "none"), (100.0, "none"), (159.6, "potential"), (300.1, "spike")],
)
def test_spike_status(spot: float, status: str) -> None:
    assert spike_status(spot) == status


@pytest.mark.parametrize(
    ("channel", "per_kwh", "spot", "word"),
    [
        (GENERAL, 5.0, -3.0, "extremelyLow"),
        (GENERAL, 12.0, 3.0, "veryLow"),
        (GENERAL, 25.0, 3.0, "low"),
        (GENERAL, 35.0, 3.0, "neutral"),
        (GENERAL, 60.0, 3.0, "high"),
        (GENERAL, 400.0, 350.0, "spike"),
        (FEED_IN, 3.0, -3.0, "extremelyLow"),
        (FEED_IN, -2.0, 2.0, "low"),
        (FEED_IN, -9.0, 9.0, "high"),
    ],
)
def test_descriptor(channel: str, per_kwh: float, spot: float, word: str) -> None:
    assert descriptor(channel, per_kwh, spot) == word
