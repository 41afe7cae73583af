"""A node of OpenEnergyMonitor is heard in both forms that emonHub sends."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from home_energy.domain.power import PowerSample, Stream
from home_energy.errors import DataError
from home_energy.ingestion.sources.emon_topics import EmonNode, emon_rules
from home_energy.ingestion.sources.mqtt_topics import (
    CounterReading,
    Message,
    TopicRule,
    Unusable,
    read_message,
)

NOON = datetime(2026, 1, 15, 1, 0, tzinfo=UTC)
NOON_S = 1_768_438_800
HOLD = timedelta(seconds=30)
EMONPI = EmonNode("emonpi", {Stream.GRID: "power1", Stream.SOLAR: "power2"}, HOLD)


def heard(
    rules: tuple[TopicRule, ...], topic: str, payload: str
) -> list[PowerSample | CounterReading | Unusable | None]:
    message = Message(topic, payload.encode(), NOON)
    return [read_message(rule, message) for rule in rules if rule.matches(topic)]


def test_plain_numbers_by_name() -> None:
    rules = emon_rules(EMONPI)

    assert heard(rules, "emon/emonpi/power1", "-1234.0") == [
        PowerSample(Stream.GRID, NOON, -1234.0)
    ]
    assert heard(rules, "emon/emonpi/power2", "88") == [
        PowerSample(Stream.SOLAR, NOON, 88.0)
    ]
    assert heard(rules, "emon/emonpi/vrms", "241.02") == []
    assert heard(rules, "emon/emontx/power1", "5") == []


def test_one_json_message_of_the_node_holds_every_name() -> None:
    payload = json.dumps(
        {"power1": 540, "power2": 0, "vrms": 241.02, "time": NOON_S - 2, "rssi": -38}
    )
    at = NOON - timedelta(seconds=2)

    assert heard(emon_rules(EMONPI), "emon/emonpi", payload) == [
        PowerSample(Stream.GRID, at, 540.0),
        PowerSample(Stream.SOLAR, at, 0.0),
    ]


def test_a_minus_turns_a_clamp_that_sits_the_other_way_round() -> None:
    rules = emon_rules(EmonNode("emontx4", {Stream.GRID: "-P1"}, HOLD))

    assert heard(rules, "emon/emontx4/P1", "700") == [
        PowerSample(Stream.GRID, NOON, -700.0)
    ]


def test_energy_is_a_counter_in_wh() -> None:
    rules = emon_rules(EmonNode("emontx4", {Stream.LOAD: "E2"}, HOLD))

    assert heard(rules, "emon/emontx4/E2", "123456") == [
        CounterReading(Stream.LOAD, NOON, 123_456.0)
    ]


@pytest.mark.parametrize("name", ["pulse", "pulsecount", "pulse1count", "pulse2"])
def test_flashes_are_a_counter_worth_what_the_meter_says(name: str) -> None:
    node = EmonNode("emonpi", {Stream.GRID: name}, HOLD, pulses_per_kwh=800)

    found = heard(emon_rules(node), f"emon/emonpi/{name}", "10")

    assert found == [CounterReading(Stream.GRID, NOON, 12.5)]  # 10 of 1.25 Wh


def test_another_base_topic() -> None:
    node = EmonNode("emonpi", {Stream.GRID: "P1"}, HOLD, base="nodes/json")

    assert {rule.topic for rule in emon_rules(node)} == {
        "nodes/json/emonpi",
        "nodes/json/emonpi/P1",
    }


def test_rules_bear_the_nodes_name_and_pace() -> None:
    assert {(rule.source, rule.hold) for rule in emon_rules(EMONPI)} == {
        ("emonpi", HOLD)
    }


def test_flashes_of_unknown_worth_are_refused() -> None:
    with pytest.raises(DataError, match="set pulses_per_kwh"):
        emon_rules(EmonNode("emonpi", {Stream.GRID: "pulse"}, HOLD))


def test_a_counter_cannot_be_turned() -> None:
    with pytest.raises(DataError, match="only counts up"):
        emon_rules(EmonNode("emontx4", {Stream.GRID: "-E1"}, HOLD))
