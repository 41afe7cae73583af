"""Health of live power: each trouble is told as its own, and none as Amber's."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from home_energy.dashboard.health.findings import findings
from home_energy.dashboard.power_now import PowerMoment
from home_energy.domain.home_power import StreamRule, home_power
from home_energy.domain.power import PowerNow, Stream
from home_energy.settings.power import MqttSettings, PowerSettings, TopicSettings
from home_energy.store import SourceStatus
from tests.dashboard.recorded_home import NOON, RecordedHome, price
from tests.dashboard.test_health import WORKING, facts, moment

MINUTE = timedelta(minutes=1)
GRID = StreamRule({Stream.GRID: ("meter",)})
TWO = StreamRule({Stream.GRID: ("meter", "spare")})


def told(
    source: str = "meter",
    watts: float = 900.0,
    *,
    stream: Stream = Stream.GRID,
    age: timedelta = timedelta(0),
) -> PowerNow:
    return PowerNow(source, stream, watts, NOON - age, 60.0, timedelta(seconds=30))


def power(rule: StreamRule, *heard: PowerNow, fault: str | None = None) -> PowerMoment:
    return PowerMoment(
        is_set_up=True,
        streams=home_power(heard, rule, NOON),
        fault=fault,
        rule=rule,
        told=heard,
    )


def fails(source: str) -> SourceStatus:
    return SourceStatus(
        source,
        "power",
        failing_since=NOON - timedelta(hours=2),
        failure_kind="SourceUnavailable",
        failure_message="what was found, what was expected; what to do",
    )


def found(
    known: PowerMoment, *statuses: SourceStatus
) -> Sequence[tuple[str, str, str]]:
    now = replace(moment(WORKING, *statuses), power=known)
    return [(f.code, f.severity.value, f.what) for f in findings(now, facts())]


def test_power_that_is_heard_needs_no_words() -> None:
    assert found(power(GRID, told())) == []
    assert found(PowerMoment()) == []


def test_a_broker_that_is_away_is_told_once_and_not_as_ambers_fault() -> None:
    known = power(GRID, told(age=3 * MINUTE))

    assert found(known, fails("mqtt")) == [
        (
            "power_broker_away",
            "warning",
            "The broker that carries the power has not been heard since 10:00 am",
        )
    ]


@pytest.mark.parametrize(
    ("age", "severity"), [(timedelta(0), "note"), (3 * MINUTE, "warning")]
)
def test_odd_messages_matter_less_while_others_are_understood(
    age: timedelta, severity: str
) -> None:
    assert found(power(GRID, told(age=age)), fails("meter")) == [
        (
            "power_source_failing",
            severity,
            "meter does not tell all of its power since 10:00 am",
        )
    ]


def test_a_source_that_is_no_longer_set_up_is_past() -> None:
    assert found(power(GRID, told()), fails("sold last year")) == []


def test_a_silent_source_is_told_with_its_last_word() -> None:
    assert found(power(GRID, told(age=20 * MINUTE))) == [
        (
            "power_silent",
            "warning",
            "meter has told no power of the grid since 11:40 am",
        )
    ]


def test_a_source_that_never_told_is_told_so() -> None:
    assert found(power(GRID)) == [
        ("power_silent", "warning", "meter has told no power of the grid yet")
    ]


def test_a_silent_source_with_a_spare_is_a_note() -> None:
    known = power(TWO, told("spare"), told(age=20 * MINUTE))

    assert [(code, severity) for code, severity, _ in found(known)] == [
        ("power_silent", "note")
    ]


def test_a_missing_part_of_a_sum_is_no_note() -> None:
    phases = StreamRule({Stream.GRID: ("a", "b")}, summed=(Stream.GRID,))

    assert found(power(phases, told("a"))) == [
        ("power_silent", "warning", "b has told no power of the grid yet")
    ]


@pytest.mark.parametrize(
    ("streams", "do"),
    [
        (
            (Stream.SOLAR,),
            (
                'Add a meter of the grid (stream = "grid"), under [power] in '
                "config/home.toml."
            ),
        ),
        (
            (Stream.LOAD,),
            (
                'Add a meter of the grid (stream = "grid"), or of the panels (stream = '
                '"solar"), for this home can sell, under [power] in config/home.toml.'
            ),
        ),
    ],
)
def test_a_grid_that_does_not_follow_says_what_to_add(
    streams: tuple[Stream, ...], do: str
) -> None:
    rule = StreamRule(dict.fromkeys(streams, ("meter",)))
    known = power(rule, *(told(stream=stream) for stream in streams))

    (only,) = findings(replace(moment(WORKING), power=known), facts())

    assert (only.code, only.severity, only.do) == ("power_grid_unknown", "warning", do)


@pytest.mark.parametrize(
    ("watts", "is_told"),
    # 900 W and 1,090 W are 190 apart, less than a fifth of 1,090; 1,130 W are 230.
    [((900.0, 1090.0), False), ((900.0, 1130.0), True), ((20.0, 90.0), False)],
)
def test_spares_that_tell_something_else_may_be_parts(
    watts: tuple[float, float], *, is_told: bool
) -> None:
    known = power(TWO, told(watts=watts[0]), told("spare", watts[1]))

    codes = [code for code, _, _ in found(known)]

    assert codes == (["power_sources_differ"] if is_told else [])


def test_power_that_cannot_be_read_is_told_with_what_to_do() -> None:
    known = power(GRID, fault="power.json: not ours; delete it")

    (only,) = findings(replace(moment(WORKING), power=known), facts())

    assert (only.code, only.severity) == ("power_unreadable", "warning")
    assert only.do == "power.json: not ours; delete it."


def test_power_says_nothing_of_the_collectors_asking(tmp_path: Path) -> None:
    """A broker that works proves neither a token nor that prices are asked for."""
    settings = PowerSettings(
        mqtt=MqttSettings(host="192.168.1.10"),
        topics=(TopicSettings(topic="meter/power", stream=Stream.GRID, name="meter"),),
    )
    home = RecordedHome(tmp_path, power=settings)
    home.save([price(NOON, 24.6)])
    home.tells([told()])
    home.store.sources.record_success("mqtt", "power", NOON)

    body = home.client().get("/api/v1/health").get_json()

    assert "collector_silent" in [each["code"] for each in body["findings"]]
