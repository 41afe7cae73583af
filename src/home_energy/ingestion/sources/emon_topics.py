"""What emonHub says of an emonPi or emonTx over MQTT.

Two forms. Plain: one topic for every input, `emon/<node>/<name>`, its number as text
(the default of the image of November 2022). JSON: one message for a node,
`emon/<node>`, with every name as a key, and `time` in seconds since 1970. Which of the
two an owner has switched on need not be said: both are listened to. Unit: W for power,
Wh for `E1` and the like, flashes for `pulse`. Pace: 5 to 10 s. Nothing is retained. See
docs/sources/openenergymonitor.md for names, oddities and where this is documented.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from home_energy.domain.power import Stream
from home_energy.errors import DataError
from home_energy.ingestion.sources.mqtt_topics import QUANTITIES, Quantity, TopicRule

_ENERGY = re.compile(r"e\d+", re.IGNORECASE | re.ASCII)
_PULSES = re.compile(r"pulse\d*(count)?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class EmonNode:
    """One node of emonHub.

    Parameters
    ----------
    name
        Of the node.
    inputs
        Name of the input of each stream; a minus before it turns its sign.
    hold
        How long a number stands at most.
    base
        emonHub's base topic.
    pulses_per_kwh
        Of the meter whose flashes are counted.
    """

    name: str
    inputs: Mapping[Stream, str]
    hold: timedelta
    base: str = "emon"
    pulses_per_kwh: float | None = None


def emon_rules(node: EmonNode) -> tuple[TopicRule, ...]:
    """Both forms of every input.

    Raises
    ------
    DataError
        If an input is a counter whose sign is to be turned, or counts flashes that
        nobody said the worth of.
    """
    return tuple(
        rule
        for stream, written in node.inputs.items()
        for rule in _both_forms(node, stream, written)
    )


def _both_forms(
    node: EmonNode, stream: Stream, written: str
) -> tuple[TopicRule, TopicRule]:
    name = written.removeprefix("-")
    sign = -1 if written.startswith("-") else 1
    quantity = _quantity(node, name)
    if sign == -1 and quantity.is_counter:
        raise DataError(
            f"node {node.name}, {stream}: {written} is a counter, which only counts "
            "up: its sign cannot be turned; use the input with the power, such as P1"
        )
    topic = f"{node.base}/{node.name}"
    plain = TopicRule(
        node.name, f"{topic}/{name}", stream, quantity, node.hold, sign=sign
    )
    of_node = TopicRule(
        node.name,
        topic,
        stream,
        quantity,
        node.hold,
        path=(name,),
        time_path=("time",),
        sign=sign,
    )
    return plain, of_node


def _quantity(node: EmonNode, name: str) -> Quantity:
    if _ENERGY.fullmatch(name):
        return QUANTITIES["Wh"]
    if not _PULSES.fullmatch(name):
        return QUANTITIES["W"]
    if node.pulses_per_kwh is None:
        raise DataError(
            f"node {node.name}: {name} counts flashes of a meter, whose worth was not "
            "said; set pulses_per_kwh, which stands beside the light (often 1000)"
        )
    return Quantity("pulses", 1000.0 / node.pulses_per_kwh, is_counter=True)
