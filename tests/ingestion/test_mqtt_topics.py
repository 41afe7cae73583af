"""What devices send becomes power or a counter, or is told; it never becomes a zero.

The payloads have the shapes that docs/sources/mqtt.md names with their sources.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from home_energy.domain.power import PowerSample, Stream
from home_energy.ingestion.sources.mqtt_topics import (
    QUANTITIES,
    CounterReading,
    Message,
    Oddity,
    TopicRule,
    Unusable,
    parse_path,
    read_message,
)

NOON = datetime(2026, 1, 15, 1, 0, tzinfo=UTC)  # 12:00 in Sydney
NOON_S = 1_768_438_800
HOLD = timedelta(minutes=3)


def rule(
    topic: str = "meter", path: str = "", unit: str = "W", **more: Any
) -> TopicRule:
    stream = more.pop("stream", Stream.GRID)
    time_path = parse_path(more.pop("time", ""))
    return TopicRule(
        topic,
        topic,
        stream,
        QUANTITIES[unit],
        HOLD,
        path=parse_path(path),
        time_path=time_path,
        **more,
    )


def read(
    by: TopicRule, payload: object, *, topic: str = "", is_retained: bool = False
) -> PowerSample | CounterReading | Unusable | None:
    """A payload that is no text or bytes is sent as JSON."""
    if isinstance(payload, str):
        payload = payload.encode()
    elif not isinstance(payload, bytes):
        payload = json.dumps(payload).encode()
    return read_message(by, Message(topic or by.topic, payload, NOON, is_retained))


def watts(found: object) -> float:
    assert isinstance(found, PowerSample)
    return found.watts


def oddity(found: object) -> Oddity:
    assert isinstance(found, Unusable)
    return found.oddity


# The devices

SHELLY_EM = {
    "id": 0,
    "a_current": 2.1,
    "a_voltage": 231.0,
    "a_act_power": 480.3,
    "b_act_power": -120.1,
    "c_act_power": 10.0,
    "n_current": None,
    "total_current": 3.3,
    "total_act_power": 370.2,
    "total_aprt_power": 702.4,
}


def test_shelly_gen2_status() -> None:
    meter = rule("shellypro3em-0123/status/em:0", "total_act_power")

    assert read(meter, SHELLY_EM) == PowerSample(Stream.GRID, NOON, 370.2)
    assert watts(read(rule(path="b_act_power"), SHELLY_EM)) == -120.1


def test_shelly_gen2_notifications_hold_the_number_now_and_then() -> None:
    events = rule(
        "shellypro3em-0123/events/rpc",
        "params.em:0.total_act_power",
        time="params.ts",
        may_lack=True,
    )
    status = {
        "src": "shellypro3em-0123",
        "dst": "shellypro3em-0123/events",
        "method": "NotifyStatus",
        "params": {"ts": NOON_S - 1.5, "em:0": SHELLY_EM},
    }
    event = {"method": "NotifyEvent", "params": {"ts": NOON_S, "events": []}}

    sample = read(events, status)

    assert sample == PowerSample(Stream.GRID, NOON - timedelta(seconds=1.5), 370.2)
    assert read(events, event) is None


def test_shelly_gen1_emeter() -> None:
    meter = rule("shellies/shellyem-B9E17C/emeter/0/power")

    assert watts(read(meter, "-8.40")) == -8.4


def test_tasmota_sensor() -> None:
    sensor = {
        "Time": "2026-01-15T12:00:00",
        "ENERGY": {
            "TotalStartTime": "2025-10-21T22:15:00",
            "Total": 3.705,
            "Today": 0.026,
            "Power": [5, 1200],
            "Voltage": 233,
        },
    }

    assert watts(read(rule(path="ENERGY.Power.1"), sensor)) == 1200
    counter = read(rule(path="ENERGY.Total", unit="kWh"), sensor)
    assert counter == CounterReading(Stream.GRID, NOON, 3705.0)


def test_zigbee2mqtt_plug() -> None:
    plug = rule("zigbee2mqtt/house meter", "power", stream=Stream.LOAD)

    assert watts(read(plug, {"state": "ON", "power": 712.5, "energy": 41.2})) == 712.5
    assert oddity(read(plug, {"state": "ON", "power": None})) is Oddity.NOT_A_NUMBER


def test_home_assistant_statestream() -> None:
    state = rule("homeassistant/sensor/house_power/state", unit="kW")

    assert watts(read(state, "0.371")) == pytest.approx(371.0, abs=1e-9)
    for word in ("unavailable", "unknown"):
        assert oddity(read(state, word)) is Oddity.NOT_A_NUMBER


def test_powerpal_bridge_of_esphome() -> None:
    power = rule("powerpal/sensor/powerpal_power/state")
    total = rule("powerpal/sensor/powerpal_total_energy/state", unit="kWh")

    assert watts(read(power, "960.00")) == 960.0
    counter = read(total, "1234.560")
    assert isinstance(counter, CounterReading)
    assert counter.wh == pytest.approx(1_234_560.0, abs=1e-6)


# Numbers


@pytest.mark.parametrize(
    ("payload", "expected"),
    [("0", 0.0), (" 12.5\n", 12.5), ("+3", 3.0), ("-1e3", -1000.0), (".5", 0.5)],
)
def test_a_plain_number_is_read(payload: str, expected: float) -> None:
    assert watts(read(rule(), payload)) == expected


def test_a_number_in_quotes_is_a_number() -> None:
    assert watts(read(rule(path="power"), {"power": "371.0"})) == 371.0


@pytest.mark.parametrize(
    "payload",
    ["", " ", "nan", "NaN", "inf", "true", "null", "1_000", "0x10", "1,5", "12 W", "٣"],
)
def test_what_is_no_number_is_told_and_is_no_zero(payload: str) -> None:
    assert oddity(read(rule(), payload)) is Oddity.NOT_A_NUMBER


@pytest.mark.parametrize(
    "written", ["true", "false", "null", "NaN", '""', '"off"', "[]", "{}", "[5]"]
)
def test_what_is_no_number_in_json_is_told_and_is_no_zero(written: str) -> None:
    found = read(rule(path="power"), f'{{"power": {written}}}')

    assert oddity(found) is Oddity.NOT_A_NUMBER


@pytest.mark.parametrize(
    ("unit", "written"),
    [
        ("W", "200001"),
        ("W", "-200001"),
        ("kW", "201"),
        ("W", "1e999"),
        ("W", "-Infinity"),
        ("W", "1" + "0" * 400),
        ("Wh", "-1"),
        ("kWh", "10000001"),
    ],
)
def test_what_no_home_can_have_is_told(unit: str, written: str) -> None:
    found = read(rule(path="power", unit=unit), f'{{"power": {written}}}')

    assert oddity(found) is Oddity.IMPOSSIBLE


def test_the_most_a_home_can_have_is_taken() -> None:
    assert watts(read(rule(unit="kW"), "-200")) == -200_000
    counter = read(rule(unit="kWh"), "10000000")
    assert counter == CounterReading(Stream.GRID, NOON, 1e10)


def test_a_sign_turns_power() -> None:
    assert watts(read(rule(sign=-1), "250")) == -250


def test_solar_below_zero_is_a_clamp_the_wrong_way_round() -> None:
    solar = rule(stream=Stream.SOLAR)

    assert watts(read(solar, "-6")) == -6  # an inverter at night
    assert oddity(read(solar, "-101")) is Oddity.TURNED_ROUND
    assert watts(read(rule(stream=Stream.SOLAR, sign=-1), "-101")) == 101
    assert oddity(read(rule(stream=Stream.LOAD), "-101")) is Oddity.TURNED_ROUND
    assert watts(read(rule(stream=Stream.BATTERY), "-3000")) == -3000


# Shapes


@pytest.mark.parametrize(
    "payload", ["", "{", "12 W", "\x00", b"\xff\xfe", "[" * 50_000]
)
def test_what_is_no_json_is_told(payload: str | bytes) -> None:
    assert oddity(read(rule(path="power"), payload)) is Oddity.NOT_JSON


@pytest.mark.parametrize(
    "tree", [{"apower": 3}, {}, [], 5, ["power"], None, [{"power": 3}]]
)
def test_a_missing_path_is_told_with_what_is_there(tree: object) -> None:
    found = read(rule(path="power"), tree)

    assert oddity(found) is Oddity.LACKS_NUMBER


def test_a_missing_path_names_the_keys_that_are_there() -> None:
    found = read(rule("plug", "power"), {"apower": 3, "voltage": 230})

    assert isinstance(found, Unusable)
    assert found.said == (
        "plug: the message has no power, only apower, voltage; correct path"
    )


def test_a_position_beyond_a_list_is_a_missing_path() -> None:
    assert oddity(read(rule(path="power.2"), {"power": [1, 2]})) is Oddity.LACKS_NUMBER
    assert oddity(read(rule(path="power.-1"), {"power": [1]})) is Oddity.LACKS_NUMBER


def test_what_may_lack_is_still_checked_where_it_stands() -> None:
    odd = read(rule(path="power", may_lack=True), {"power": None})

    assert oddity(odd) is Oddity.NOT_A_NUMBER


def test_a_message_of_many_bytes_is_not_read() -> None:
    assert oddity(read(rule(), b"1" * 65_537)) is Oddity.TOO_LONG


def test_a_long_text_is_told_short() -> None:
    found = read(rule(), "x" * 1000)

    assert isinstance(found, Unusable)
    assert len(found.said) < 200


# Time


def at(found: object) -> datetime:
    assert isinstance(found, PowerSample)
    return found.at


@pytest.mark.parametrize(
    ("written", "seconds_off"),
    [
        (NOON_S - 20, -20),
        (NOON_S - 0.5, -0.5),
        ((NOON_S - 20) * 1000, -20),
        (str(NOON_S - 20), -20),
        ("2026-01-15T00:59:40Z", -20),
        ("2026-01-15T11:59:40+11:00", -20),
        (NOON_S - 60, -60),
        (NOON_S - 61, 0),  # its clock is wrong: when it came in
        (NOON_S + 20, 0),  # nothing is known before it came in
        (NOON_S + 86_400, 0),
        (0, 0),
    ],
)
def test_the_devices_own_time_counts_where_it_is_right(
    written: object, seconds_off: float
) -> None:
    timed = rule(path="power", time="ts")

    sample = read(timed, {"power": 5, "ts": written})

    assert at(sample) == NOON + timedelta(seconds=seconds_off)


@pytest.mark.parametrize(
    "written", ["2026-01-15T12:00:00", "noon", None, True, {}, 1e300]
)
def test_a_time_that_cannot_be_told_is_told(written: object) -> None:
    timed = rule(path="power", time="ts")

    assert oddity(read(timed, {"power": 5, "ts": written})) is Oddity.NO_TIME
    assert oddity(read(timed, {"power": 5})) is Oddity.NO_TIME


# What the broker kept


def test_a_retained_message_is_old_until_a_rule_takes_it() -> None:
    assert read(rule(), "371", is_retained=True) is None
    assert watts(read(rule(takes_retained=True), "371", is_retained=True)) == 371


def test_a_retained_message_with_an_old_time_is_never_taken() -> None:
    kept = rule(path="power", time="ts", takes_retained=True)

    old = read(kept, {"power": 5, "ts": NOON_S - 61}, is_retained=True)
    fresh = read(kept, {"power": 5, "ts": NOON_S - 59}, is_retained=True)

    assert old is None
    assert at(fresh) == NOON - timedelta(seconds=59)


# Topics


@pytest.mark.parametrize(
    ("wanted", "found", "does_match"),
    [
        ("a/b", "a/b", True),
        ("a/b", "a/b/c", False),
        ("a/b", "a", False),
        ("a/+/c", "a/b/c", True),
        ("a/+/c", "a/b/d", False),
        ("a/+/c", "a/b/b/c", False),
        ("+/b", "a/b", True),
        ("a.c", "abc", False),
    ],
)
def test_a_plus_stands_for_one_level(
    wanted: str, found: str, *, does_match: bool
) -> None:
    assert rule(wanted).matches(found) is does_match
