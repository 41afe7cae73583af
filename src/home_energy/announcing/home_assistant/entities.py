"""What Home Assistant shows of the home: each entity with its meaning and its value.

An entity's key is its name in the state's JSON as well. A value of `None` is not known,
and the entity then is unavailable: never 0, never the last value.

Prices and costs per hour have no device class: `monetary` is for amounts that add up,
and its state class can only be `total`, not `measurement`.
"""

import re
import unicodedata
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from enum import StrEnum
from functools import partial
from typing import Literal

from home_energy.analysis.advice.advice_words import advice_sentence
from home_energy.announcing.speaker import Moment
from home_energy.dashboard.now import ChannelNow
from home_energy.domain.freshness import Freshness
from home_energy.domain.home_power import PowerFreshness
from home_energy.domain.price import Channel
from home_energy.domain.verdict import Verdict
from home_energy.settings import Settings

Value = float | str | None


class Part(StrEnum):
    """What not every home has."""

    FEED_IN = "feed_in"
    DEMAND = "demand"
    POWER = "power"


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity.

    Parameters
    ----------
    key
        Small letters, figures and underlines.
    name
        As Home Assistant shows it, after the device's.
    value
        Of a moment; `None` where it is not known.
    traits
        What Home Assistant's discovery is told beside that.
    platform
        What kind it is; the values of a `binary_sensor` are `ON` and `OFF`.
    """

    key: str
    name: str
    value: Callable[[Moment], Value]
    traits: Mapping[str, object] = field(default_factory=dict)
    platform: Literal["sensor", "binary_sensor"] = "sensor"


def entities(settings: Settings, parts: Collection[Part]) -> tuple[Entity, ...]:
    """Every entity of a home.

    Parameters
    ----------
    parts
        What the home has.
    """
    zone = settings.home.zone
    return (
        *_PRICE,
        *(_FEED_IN if Part.FEED_IN in parts else ()),
        *(_POWER if Part.POWER in parts else ()),
        *(_DEMAND if Part.DEMAND in parts else ()),
        *(_advice(each.name, zone) for each in settings.advice.may_wait),
    )


def parts_seen(moment: Moment) -> set[Part]:
    """What a home has, as far as a moment tells."""
    is_there = {
        Part.FEED_IN: Channel.FEED_IN in moment.now.channels,
        Part.DEMAND: moment.demand is not None,
        Part.POWER: moment.now.power.is_set_up,
    }
    return {part for part, there in is_there.items() if there}


def _fresh(moment: Moment, channel: Channel) -> ChannelNow | None:
    found = moment.now.channels.get(channel)
    return found if found is not None and found.age.may_advise else None


def _price(channel: Channel, moment: Moment) -> Value:
    found = _fresh(moment, channel)
    return None if found is None else _exact(found.price.c_per_kwh / 100)


def _verdict(moment: Moment) -> Value:
    decision = moment.now.decision
    return None if decision is None else decision.verdict.value


def _spike(moment: Moment) -> Value:
    found = _fresh(moment, Channel.GENERAL)
    if found is None or found.price.context.spike_status is None:
        return None
    return _on_off(is_on=found.price.context.is_spike)


def _below_zero(moment: Moment) -> Value:
    found = _fresh(moment, Channel.GENERAL)
    return None if found is None else _on_off(is_on=found.price.c_per_kwh < 0)


def _grid_power(moment: Moment) -> Value:
    power = moment.now.power
    is_fresh = power.grid_freshness is PowerFreshness.FRESH
    return round(power.grid.watts) if power.grid is not None and is_fresh else None


def _power_freshness(moment: Moment) -> Value:
    freshness = moment.now.power.grid_freshness
    return None if freshness is None else freshness.value


def _cost(moment: Moment) -> Value:
    cost_aud_per_hour = moment.now.power.cost_aud_per_hour
    return None if cost_aud_per_hour is None else _exact(cost_aud_per_hour)


def _demand_window(moment: Moment) -> Value:
    guard = moment.demand
    return None if guard is None else _on_off(is_on=guard.is_in_window)


def _head_room(moment: Moment) -> Value:
    guard = moment.demand
    if guard is None or guard.head_room_kw is None:
        return None
    return _exact(guard.head_room_kw)


def _advice(name: str, zone: tzinfo) -> Entity:
    return Entity(
        f"advice_{_plain(name)}",
        f"{name} advice",
        partial(_advice_words, name, zone),
        {"icon": "mdi:clock-outline"},
    )


def _advice_words(name: str, zone: tzinfo, moment: Moment) -> Value:
    for advice in moment.advices:
        if advice.best.appliance.name == name:
            return advice_sentence(advice, zone)
    return None


def _plain(name: str) -> str:
    """Letters and figures of a name, and a sum over all of it: no two are the same."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    word = re.sub("[^a-z0-9]+", "_", ascii_name.lower()).strip("_")
    return f"{word}_{zlib.crc32(name.encode()):08x}".lstrip("_")


def _exact(number: float) -> float:
    return round(number, 6)  # what two floats differ in beyond is no change


def _on_off(*, is_on: bool) -> str:
    return "ON" if is_on else "OFF"


def _enum(options: type[StrEnum]) -> dict[str, object]:
    return {"device_class": "enum", "options": [each.value for each in options]}


_PER_KWH = {
    "unit_of_measurement": "AUD/kWh",  # which the Energy dashboard counts in dollars
    "state_class": "measurement",
    "suggested_display_precision": 3,
}
_DIAGNOSTIC = {"entity_category": "diagnostic"}

_PRICE = (
    Entity("import_price", "Import price", partial(_price, Channel.GENERAL), _PER_KWH),
    Entity("verdict", "Verdict", _verdict, _enum(Verdict)),
    Entity(
        "freshness",
        "Price freshness",
        lambda moment: moment.now.import_age.freshness.value,
        _enum(Freshness) | _DIAGNOSTIC,
    ),
    Entity(
        "spike",
        "Price spike",
        _spike,
        {"icon": "mdi:flash-alert"},
        platform="binary_sensor",
    ),
    Entity(
        "price_below_zero",
        "Price below zero",
        _below_zero,
        {"icon": "mdi:cash-plus"},
        platform="binary_sensor",
    ),
)
_FEED_IN = (
    Entity(
        "feed_in_price", "Feed-in price", partial(_price, Channel.FEED_IN), _PER_KWH
    ),
)
_POWER = (
    Entity(
        "grid_power",
        "Grid power",
        _grid_power,
        {
            "device_class": "power",
            "unit_of_measurement": "W",
            "state_class": "measurement",
        },
    ),
    Entity(
        "cost_per_hour",
        "Cost per hour",
        _cost,
        {
            "unit_of_measurement": "AUD/h",
            "state_class": "measurement",
            "suggested_display_precision": 2,
        },
    ),
    Entity(
        "power_freshness",
        "Power freshness",
        _power_freshness,
        _enum(PowerFreshness) | _DIAGNOSTIC,
    ),
)
_DEMAND = (
    Entity("demand_window", "Demand window", _demand_window, platform="binary_sensor"),
    Entity(
        "demand_head_room",
        "Demand head-room",
        _head_room,
        {
            "device_class": "power",
            "unit_of_measurement": "kW",
            "state_class": "measurement",
            "suggested_display_precision": 2,
        },
    ),
)
