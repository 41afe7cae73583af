"""What each entity says of a moment, and of which it says nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.announcing.home_assistant.told import (
    GUARD,
    SETTINGS,
    bare_moment,
    moment,
    power_moment,
)

from home_energy.announcing.home_assistant.discovery import state
from home_energy.announcing.home_assistant.entities import (
    Part,
    Value,
    entities,
    parts_seen,
)
from home_energy.announcing.speaker import Moment
from home_energy.domain.home_power import PowerFreshness

ADVICE = "advice_dishwasher_3527153e"
"""3527153e is the CRC-32 of the name: the key stays, whatever else may wait."""


def told(of: Moment) -> dict[str, Value]:
    return state(entities(SETTINGS, tuple(Part)), of)


def test_a_moment_says_everything_of_a_home() -> None:
    assert told(moment()) == {
        "import_price": 0.3056,  # 30.56 c
        "feed_in_price": -0.012,  # the household would pay 1.2 c
        "verdict": "cheap",
        "freshness": "fresh",
        "spike": "OFF",
        "price_below_zero": "OFF",
        "grid_power": 1234,
        "cost_per_hour": 0.376492,  # 1.2344 kW x 0.305 AUD/kWh
        "power_freshness": "fresh",
        "demand_window": "ON",
        "demand_head_room": 1.25,
        ADVICE: "Dishwasher: wait until 1:15 pm, save 34 c",
    }


@pytest.mark.parametrize(
    ("minutes", "freshness", "price"),
    [
        (1, "fresh", 0.3056),
        (3, "updating", 0.3056),
        (7, "stale", None),
        (31, "old", None),
    ],
)
def test_a_stale_price_is_no_price(
    minutes: int, freshness: str, price: float | None
) -> None:
    found = told(moment(age=timedelta(minutes=minutes)))

    assert found["freshness"] == freshness
    assert found["import_price"] == price
    assert (found["feed_in_price"] is None) == (price is None)
    assert (found["verdict"] is None) == (price is None)
    assert (found["spike"] is None) == (price is None)
    assert (found["price_below_zero"] is None) == (price is None)


def test_a_price_of_zero_is_a_price() -> None:
    assert told(moment(0.0))["import_price"] == 0.0


def test_a_negative_price_is_told_twice() -> None:
    found = told(moment(-3.2))

    assert (found["import_price"], found["price_below_zero"]) == (-0.032, "ON")


@pytest.mark.parametrize(
    ("status", "value"), [("spike", "ON"), ("potential", "OFF"), (None, None)]
)
def test_only_a_spike_is_a_spike(status: str | None, value: str | None) -> None:
    assert told(moment(spike_status=status))["spike"] == value


@pytest.mark.parametrize("freshness", [PowerFreshness.STALE, PowerFreshness.OLD])
def test_a_silent_meter_is_no_power(freshness: PowerFreshness) -> None:
    found = told(moment(power=power_moment(500.0, freshness)))

    assert found["grid_power"] is None
    assert found["cost_per_hour"] is None
    assert found["power_freshness"] == freshness.value


def test_selling_is_negative_and_earns() -> None:
    found = told(moment(power=power_moment(-2000.0, PowerFreshness.FRESH)))

    assert found["grid_power"] == -2000
    assert found["cost_per_hour"] == -0.61  # -2 kW x 0.305 AUD/kWh


def test_outside_the_window_there_is_no_head_room() -> None:
    guard = replace(GUARD, is_in_window=False, head_room_kw=None, current_kw=None)

    found = told(moment(demand=guard))

    assert (found["demand_window"], found["demand_head_room"]) == ("OFF", None)


def test_without_anything_only_the_freshness_is_known() -> None:
    found = told(bare_moment())

    assert found.pop("freshness") == "none"
    assert set(found.values()) == {None}


def test_an_appliance_without_advice_is_not_known() -> None:
    assert told(moment(advices=()))[ADVICE] is None


def test_a_home_has_only_the_parts_that_it_has() -> None:
    assert parts_seen(bare_moment()) == set()
    assert parts_seen(moment()) == set(Part)

    keys = {entity.key for entity in entities(SETTINGS, ())}

    assert not keys & {"feed_in_price", "grid_power", "cost_per_hour", "demand_window"}
