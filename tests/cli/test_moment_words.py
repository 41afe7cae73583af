"""The few lines that `home-energy now` prints."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from home_energy.cli.moment_words import describe
from home_energy.dashboard.now import ChannelNow, Now
from home_energy.dashboard.power_now import PowerMoment
from home_energy.domain.freshness import price_age
from home_energy.domain.home_power import StreamPower
from home_energy.domain.power import Stream
from home_energy.domain.price import Channel, Price, Quality
from home_energy.settings import Settings

START = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)  # 2 pm in Sydney


def moment(prices: dict[Channel, float], quality: Quality = Quality.ACTUAL) -> Now:
    now = START + timedelta(minutes=1)
    channels = {}
    for channel, c_per_kwh in prices.items():
        price = Price(channel, START, 5, c_per_kwh, quality)
        age = price_age(price, START, now)
        channels[channel] = ChannelNow(price, START, age)
    return Now(now, None, channels, None, {}, None, [], is_demo=False)


def test_the_price_is_told_with_its_end_in_local_time() -> None:
    assert describe(moment({Channel.GENERAL: 23.44}), Settings()) == (
        "23.4 c/kWh until 2:05 PM, fresh"
    )


def test_an_estimate_is_marked() -> None:
    words = describe(moment({Channel.GENERAL: 23.44}, Quality.ESTIMATE), Settings())

    assert words.startswith("~23.4 c/kWh")


@pytest.mark.parametrize(
    ("c_per_kwh", "expected"),
    [(4.0, "Feed-in earns 4.0 c/kWh"), (-0.7, "Feed-in costs 0.7 c/kWh")],
)
def test_feed_in_says_who_pays(c_per_kwh: float, expected: str) -> None:
    prices = {Channel.GENERAL: 20.0, Channel.FEED_IN: c_per_kwh}

    assert describe(moment(prices), Settings()).splitlines()[1] == expected


def test_without_a_price_there_is_no_number() -> None:
    assert describe(moment({}), Settings()) == "No price yet."


def with_power(
    watts: float, age: timedelta, cost_aud_per_hour: float | None = None
) -> Now:
    """The moment of 20 c, 2:01 pm, with power that a meter told some time ago."""
    now = moment({Channel.GENERAL: 20.0})
    assert now.time is not None
    grid = StreamPower(watts, now.time - age, timedelta(seconds=30), ("meter",))
    power = PowerMoment(
        is_set_up=True,
        streams={Stream.GRID: grid},
        grid_freshness=grid.freshness(now.time),
        cost_aud_per_hour=cost_aud_per_hour,
    )
    return replace(now, power=power)


@pytest.mark.parametrize(
    ("watts", "age_seconds", "cost_aud", "expected"),
    [
        (1600.0, 4, 0.48, "$0.48/hour now (1.6 kW, 4 s ago)"),
        (-3000.0, 4, -0.12, "Earning $0.12/hour now (3.0 kW sold, 4 s ago)"),
        # Feed-in below zero, then so little that nothing is earned
        (-600.0, 4, 0.03, "$0.03/hour now (0.6 kW sold, 4 s ago)"),
        (-20.0, 4, -0.001, "$0.00/hour now (0.0 kW sold, 4 s ago)"),
        (
            1600.0,
            45,
            None,
            "1.6 kW, 45 s ago, cost unknown without a fresh price",
        ),
        (1600.0, 26 * 60, None, "1.6 kW, power as of 1:35 pm"),
        (1600.0, 31 * 60, None, "No power heard since 1:30 pm"),
    ],
)
def test_the_cost_of_an_hour_is_told_with_the_age_of_the_power(
    watts: float, age_seconds: int, cost_aud: float | None, expected: str
) -> None:
    told = with_power(watts, timedelta(seconds=age_seconds), cost_aud)

    assert describe(told, Settings()).splitlines() == [
        "20.0 c/kWh until 2:05 PM, fresh",
        expected,
    ]


def test_a_meter_that_was_never_heard_is_no_zero() -> None:
    silent = replace(moment({}), power=PowerMoment(is_set_up=True))

    assert describe(silent, Settings()) == (
        "No price yet.\nNo power of the grid heard yet"
    )


def test_power_that_cannot_be_read_says_why() -> None:
    fault = PowerMoment(is_set_up=True, fault="disk gone; mend it")

    told = describe(replace(moment({}), power=fault), Settings())

    assert told.endswith("\nPower unknown: disk gone; mend it")
