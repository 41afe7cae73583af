"""The few lines that `home-energy now` prints."""

from datetime import UTC, datetime, timedelta

import pytest

from home_energy.cli.moment_words import describe
from home_energy.dashboard.now import ChannelNow, Now
from home_energy.domain.freshness import price_age
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
