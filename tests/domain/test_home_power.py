"""Whose word counts for the power of the home."""

from datetime import UTC, datetime, timedelta

import pytest

from home_energy.domain.home_power import (
    PowerFreshness,
    StreamPower,
    StreamRule,
    home_power,
)
from home_energy.domain.power import PowerNow, Stream

NOON = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
HOLD = timedelta(seconds=30)


def told(
    source: str, stream: Stream, watts: float, seconds_ago: float = 0.0
) -> PowerNow:
    at = NOON - timedelta(seconds=seconds_ago)
    return PowerNow(source, stream, watts, at, 60.0, HOLD)


def rule(**sources: tuple[str, ...]) -> StreamRule:
    return StreamRule({Stream(name): named for name, named in sources.items()})


def test_the_first_source_that_is_heard_counts() -> None:
    both = rule(grid=("emon", "shelly"))
    heard = [told("shelly", Stream.GRID, 500.0), told("emon", Stream.GRID, 480.0)]

    power = home_power(heard, both, NOON)

    assert power == {Stream.GRID: StreamPower(480.0, NOON, HOLD, ("emon",))}


def test_a_silent_source_gives_way_to_a_spare_one() -> None:
    both = rule(grid=("emon", "shelly"))
    heard = [told("emon", Stream.GRID, 480.0, 46), told("shelly", Stream.GRID, 500.0)]

    assert home_power(heard, both, NOON)[Stream.GRID].sources == ("shelly",)


def test_when_all_are_silent_the_newest_is_told_with_its_age() -> None:
    both = rule(grid=("emon", "shelly"))
    heard = [
        told("emon", Stream.GRID, 480.0, 300),
        told("shelly", Stream.GRID, 500.0, 200),
    ]

    power = home_power(heard, both, NOON)[Stream.GRID]

    assert (power.watts, power.freshness(NOON)) == (500.0, PowerFreshness.STALE)


def test_phases_are_added_up_and_as_old_as_the_oldest() -> None:
    phases = StreamRule({Stream.GRID: ("a", "b")}, summed=(Stream.GRID,))
    heard = [told("a", Stream.GRID, 300.0, 20), told("b", Stream.GRID, -100.0, 5)]

    power = home_power(heard, phases, NOON)[Stream.GRID]

    assert power.watts == 200.0
    assert power.age(NOON) == timedelta(seconds=20)
    assert power.sources == ("a", "b")


def test_two_of_three_phases_are_no_power() -> None:
    phases = StreamRule({Stream.GRID: ("a", "b", "c")}, summed=(Stream.GRID,))
    heard = [told("a", Stream.GRID, 300.0), told("b", Stream.GRID, 100.0)]

    assert home_power(heard, phases, NOON) == {}


def test_the_grid_follows_from_all_other_streams() -> None:
    three = rule(load=("pw",), solar=("pw",), battery=("pw",))
    heard = [
        told("pw", Stream.LOAD, 900.0),
        told("pw", Stream.SOLAR, 2500.0, 10),
        told("pw", Stream.BATTERY, -1200.0),
    ]

    # 900 used, 2,500 given, 1,200 into the battery: 400 sold.
    power = home_power(heard, three, NOON)[Stream.GRID]

    assert power.watts == pytest.approx(-400.0)
    assert power.age(NOON) == timedelta(seconds=10)


def test_without_one_of_them_the_grid_is_not_known() -> None:
    two = rule(load=("emon",), solar=("emon",))

    assert Stream.GRID not in home_power([told("emon", Stream.LOAD, 900.0)], two, NOON)


def test_the_load_alone_is_the_grid_only_of_a_home_that_cannot_sell() -> None:
    heard = [told("emon", Stream.LOAD, 900.0)]
    load = {Stream.LOAD: ("emon",)}

    sells = home_power(heard, StreamRule(load), NOON)
    buys = home_power(heard, StreamRule(load, is_exporting_home=False), NOON)

    assert Stream.GRID not in sells
    assert buys[Stream.GRID].watts == 900.0


@pytest.mark.parametrize(
    ("seconds_ago", "freshness"),
    [
        (45, PowerFreshness.FRESH),  # 30 s of hold and 15 s of delay
        (46, PowerFreshness.STALE),
        (1800, PowerFreshness.STALE),
        (1801, PowerFreshness.OLD),
        (-60, PowerFreshness.FRESH),  # its clock is a little ahead of ours
        (-61, PowerFreshness.CHECKING_TIME),
    ],
)
def test_a_power_grows_old(seconds_ago: float, freshness: PowerFreshness) -> None:
    power = StreamPower(1.0, NOON - timedelta(seconds=seconds_ago), HOLD, ("emon",))

    assert power.freshness(NOON) is freshness
    assert power.freshness(None) is PowerFreshness.CHECKING_TIME
