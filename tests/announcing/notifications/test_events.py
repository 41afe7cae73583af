"""What is seen in a moment: it holds, it does not, or nothing can be said."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.announcing.notifications.moments import (
    GUARD,
    MINUTE,
    NOON,
    heard,
    moment,
    price,
)

from home_energy.announcing.notifications.events import Sight, seen, silent_power
from home_energy.announcing.speaker import Moment
from home_energy.domain.notice import EventKind
from home_energy.domain.power import Stream
from home_energy.settings import Settings
from home_energy.settings.power import MqttSettings, PowerSettings, TopicSettings
from home_energy.store import SourceStatus

POWER = PowerSettings(
    mqtt=MqttSettings(host="broker"),
    topics=(
        TopicSettings(topic="house/grid", stream=Stream.GRID, name="meter"),
        TopicSettings(topic="roof/power", stream=Stream.SOLAR, name="inverter"),
    ),
)
METERED = Settings(power=POWER)
UNSAID = Sight(None)


def sight(kind: EventKind, told: Moment, settings: Settings | None = None) -> Sight:
    return seen(told, settings or Settings())[kind]


def test_a_fresh_spike_is_one_and_any_other_price_is_none() -> None:
    spike = moment(NOON, price(NOON, 1520.0, is_spike=True))

    assert sight(EventKind.SPIKE, spike).holds is True
    assert sight(EventKind.SPIKE, moment(NOON, price(NOON, 1520.0))).holds is False


@pytest.mark.parametrize(
    ("c_per_kwh", "holds"),
    [(-0.1, True), (0.0, None), (0.9, None), (1.0, False), (30.0, False)],
)
def test_a_negative_price_is_over_a_cent_above_zero(
    c_per_kwh: float, *, holds: bool | None
) -> None:
    told = moment(NOON, price(NOON, c_per_kwh))

    assert sight(EventKind.NEGATIVE_PRICE, told).holds is holds


@pytest.mark.parametrize("kind", [EventKind.SPIKE, EventKind.NEGATIVE_PRICE])
def test_of_a_price_that_is_not_fresh_nothing_follows(kind: EventKind) -> None:
    dear = price(NOON, -5.0, is_spike=True)
    # Good until 12:05; stale six minutes later.
    stale = moment(NOON + 12 * MINUTE, dear)

    assert sight(kind, stale) == UNSAID
    assert sight(kind, moment(NOON)) == UNSAID


def test_prices_are_silent_from_when_the_last_one_was_good() -> None:
    told = moment(NOON + 12 * MINUTE, price(NOON))

    assert sight(EventKind.PRICE_SILENT, told) == Sight(
        holds=True, since=NOON + 5 * MINUTE
    )


def test_a_price_on_its_way_is_not_silent() -> None:
    updating = moment(NOON + 8 * MINUTE, price(NOON))

    assert sight(EventKind.PRICE_SILENT, updating) == Sight(holds=False)


def test_a_first_price_that_never_came_is_missed_when_amber_fails() -> None:
    failing = SourceStatus("amber", "sites", failing_since=NOON)
    other = SourceStatus("webhook", "notify", failing_since=NOON)

    silent = moment(NOON + MINUTE, statuses=[failing])
    assert sight(EventKind.PRICE_SILENT, silent) == Sight(holds=True, since=NOON)
    waiting = moment(NOON + MINUTE, statuses=[other])
    assert sight(EventKind.PRICE_SILENT, waiting) == UNSAID


def test_a_meter_that_does_not_tell_is_silent_since_its_last_word() -> None:
    told = moment(NOON, power={Stream.GRID: heard(NOON - 2 * MINUTE)})

    silent = sight(EventKind.POWER_SILENT, told, METERED)

    assert silent == Sight(holds=True, since=NOON - 2 * MINUTE)


def test_a_meter_that_was_never_heard_is_silent() -> None:
    told = moment(NOON, power={})

    assert sight(EventKind.POWER_SILENT, told, METERED) == Sight(holds=True)


def test_panels_may_sleep() -> None:
    streams = {Stream.GRID: heard(NOON), Stream.SOLAR: heard(NOON - 60 * MINUTE)}
    told = moment(NOON, power=streams)

    assert sight(EventKind.POWER_SILENT, told, METERED) == Sight(holds=False)


def test_a_broker_that_fails_is_told_by_its_name() -> None:
    statuses = [
        SourceStatus("mqtt", "power", failing_since=NOON - 3 * MINUTE),
        SourceStatus("removed meter", "power", failing_since=NOON - 99 * MINUTE),
        SourceStatus("amber", "usage", failing_since=NOON - 99 * MINUTE),
    ]
    told = moment(NOON, power={Stream.GRID: heard(NOON)}, statuses=statuses)

    assert silent_power(told, POWER) == {"mqtt": NOON - 3 * MINUTE}
    silent = sight(EventKind.POWER_SILENT, told, METERED)
    assert silent == Sight(holds=True, since=NOON - 3 * MINUTE)


def test_a_home_without_meters_misses_none() -> None:
    assert sight(EventKind.POWER_SILENT, moment(NOON)) == UNSAID


def test_a_home_near_its_peak_in_the_window_is_seen() -> None:
    assert sight(EventKind.DEMAND, moment(NOON, demand=GUARD)).holds is True


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({"is_close": False}, False),
        ({"is_in_window": False}, False),
        ({"current_kw": None}, None),
    ],
)
def test_a_home_that_is_not_near_its_peak_is_not(
    change: dict[str, bool | float | None], *, holds: bool | None
) -> None:
    guard = replace(GUARD, **change)  # type: ignore[arg-type]

    assert sight(EventKind.DEMAND, moment(NOON, demand=guard)).holds is holds


def test_a_home_without_a_demand_charge_nears_none() -> None:
    assert sight(EventKind.DEMAND, moment(NOON)) == UNSAID


def test_a_spike_of_tomorrow_is_none_of_today() -> None:
    tomorrow = price(NOON + timedelta(days=1), is_spike=True)

    assert sight(EventKind.SPIKE, moment(NOON, tomorrow)) == UNSAID
