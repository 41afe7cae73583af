"""What a message of any MQTT topic means: one number, told as power or as a counter.

A household names the topic, where in the message the number stands, and its unit; see
docs/sources/mqtt.md for what Shelly, Tasmota, Zigbee2MQTT, Home Assistant and bridges
of a Powerpal send, with where each form is documented. Stamp: the device's own where
the message carries one that is right, else when the message came in. Oddities: a broker
keeps the last message of a topic and hands it out as if it were new, marked "retained";
devices say `null`, `"unavailable"` or `nan` for what they do not know. None of these is
a zero.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from home_energy.domain.power import MOST_WATTS, PowerSample, Stream

MOST_BYTES = 65_536
"""A device's whole status takes some kilobytes."""

MOST_WH = 1e10
"""10 GWh: a thousand years of a large home. What says more is no energy."""

REST_WATTS = -100.0
"""What an inverter at rest may draw; a stream that only gives falls no lower."""

TRUSTED_APART = timedelta(seconds=60)
"""A device whose clock is further from ours is not asked for the time."""

_PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LEAST_MILLISECONDS = 1e11  # as seconds this is the year 5138


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a number counts.

    Parameters
    ----------
    written
        As a person writes it.
    factor
        W of one, or Wh of one. [W], [Wh]
    is_counter
        Whether it is what has flowed so far; otherwise it is power.
    """

    written: str
    factor: float
    is_counter: bool


QUANTITIES = {
    quantity.written: quantity
    for quantity in (
        Quantity("W", 1.0, is_counter=False),
        Quantity("kW", 1000.0, is_counter=False),
        Quantity("Wh", 1.0, is_counter=True),
        Quantity("kWh", 1000.0, is_counter=True),
    )
}


@dataclass(frozen=True, slots=True)
class TopicRule:
    """Where one number of the home stands.

    Parameters
    ----------
    source
        By which the household knows who tells.
    topic
        Filter of MQTT: a + stands for one level.
    stream, quantity
        What the number is.
    hold
        How long it stands at most.
    path, time_path
        Keys, and positions in lists, that lead to the number and to the device's own
        time; empty where the message is the number, or carries no time.
    sign
        -1 turns it.
    takes_retained
        Whether what the broker kept from before counts.
    may_lack
        Whether messages without the number are usual.
    """

    source: str
    topic: str
    stream: Stream
    quantity: Quantity
    hold: timedelta
    path: tuple[str, ...] = ()
    time_path: tuple[str, ...] = ()
    sign: int = 1
    takes_retained: bool = False
    may_lack: bool = False

    def matches(self, topic: str) -> bool:
        """Whether a topic is meant, level by level."""
        wanted, found = self.topic.split("/"), topic.split("/")
        return len(wanted) == len(found) and all(
            one in ("+", other) for one, other in zip(wanted, found, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it came in.

    Parameters
    ----------
    topic, payload
        As sent.
    came_in
        When. [aware UTC]
    is_retained
        Whether the broker kept it from before.
    """

    topic: str
    payload: bytes
    came_in: datetime
    is_retained: bool = False


@dataclass(frozen=True, slots=True)
class CounterReading:
    """A counter's reading: only differences mean something. [aware UTC], [Wh]"""

    stream: Stream
    at: datetime
    wh: float


class Oddity(StrEnum):
    """Why a message tells nothing."""

    TOO_LONG = "too long"
    NOT_JSON = "not JSON"
    LACKS_NUMBER = "lacks the number"
    NOT_A_NUMBER = "not a number"
    IMPOSSIBLE = "impossible"
    TURNED_ROUND = "turned round"
    NO_TIME = "no time"


@dataclass(frozen=True, slots=True)
class Unusable:
    """A message that tells nothing, and what to do about it."""

    oddity: Oddity
    said: str


def parse_path(written: str) -> tuple[str, ...]:
    """`ENERGY.Power.0` as keys; nothing is the message itself."""
    return tuple(written.split(".")) if written else ()


def read_message(
    rule: TopicRule, message: Message
) -> PowerSample | CounterReading | Unusable | None:
    """What a message says by a rule; `None` where it is not meant to say anything.

    That is so for a retained message that the rule ignores, or that is older than a
    minute by its own time, and for one without the number where that is usual.
    """
    if message.is_retained and not rule.takes_retained:
        return None
    try:
        found, at = _number_and_time(rule, message)
        value = _plausible(rule, found)
    except _OddMessageError as odd:
        if odd.oddity is Oddity.LACKS_NUMBER and rule.may_lack:
            return None
        return Unusable(odd.oddity, f"{message.topic}: {odd}")
    if at is None:
        return None
    if rule.quantity.is_counter:
        return CounterReading(rule.stream, at, value)
    return PowerSample(rule.stream, at, value)


class _OddMessageError(Exception):
    def __init__(self, oddity: Oddity, said: str) -> None:
        super().__init__(said)
        self.oddity = oddity


def _number_and_time(
    rule: TopicRule, message: Message
) -> tuple[object, datetime | None]:
    """The number as written, and when it was true: `None` of one too old."""
    if len(message.payload) > MOST_BYTES:
        raise _OddMessageError(
            Oddity.TOO_LONG,
            f"a message of {len(message.payload)} bytes, expected at most "
            f"{MOST_BYTES}; name a topic with less in it",
        )
    if not rule.path:
        return message.payload.decode("utf-8", "replace").strip(), message.came_in
    tree = _tree(message.payload)
    found = _lookup(tree, rule.path)
    if found is _ABSENT:
        raise _OddMessageError(
            Oddity.LACKS_NUMBER,
            f"the message has no {'.'.join(rule.path)}{_keys_of(tree)}; correct path",
        )
    return found, _time(rule, tree, message)


def _tree(payload: bytes) -> object:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise _OddMessageError(
            Oddity.NOT_JSON,
            f"found {_short(payload.decode('utf-8', 'replace'))}, JSON expected; leave "
            "path out if the message is the number",
        ) from error


_ABSENT = object()


def _lookup(tree: object, path: tuple[str, ...]) -> object:
    """What stands at a path, or `_ABSENT`."""
    for key in path:
        if isinstance(tree, Mapping) and key in tree:
            tree = tree[key]
        elif isinstance(tree, list) and key.isdecimal() and int(key) < len(tree):
            tree = tree[int(key)]
        else:
            return _ABSENT
    return tree


def _keys_of(tree: object) -> str:
    if not isinstance(tree, Mapping):
        return ""
    names = ", ".join(str(key)[:30] for key in list(tree)[:8])
    return f", only {names}" if names else ""


def _plausible(rule: TopicRule, found: object) -> float:
    """The number in W or Wh, with the rule's sign. [W], [Wh]"""
    value = _as_float(found)
    if math.isnan(value):
        raise _OddMessageError(
            Oddity.NOT_A_NUMBER,
            f"found {_short(found)}, a number in {rule.quantity.written} expected; "
            "what is not known is left out, never taken for 0"
            + ("; set path if it stands within JSON" if not rule.path else ""),
        )
    value *= rule.quantity.factor * rule.sign
    if rule.quantity.is_counter:
        is_possible, most = 0 <= value <= MOST_WH, f"0 to {MOST_WH:g} Wh"
    else:
        is_possible, most = abs(value) <= MOST_WATTS, f"at most {MOST_WATTS:g} W"
    if not is_possible:
        raise _OddMessageError(
            Oddity.IMPOSSIBLE,
            f"found {_short(found)} {rule.quantity.written}, {most} expected; check "
            "unit",
        )
    gives_only = rule.stream in (Stream.SOLAR, Stream.LOAD)
    if gives_only and value < REST_WATTS:
        raise _OddMessageError(
            Oddity.TURNED_ROUND,
            f"{rule.stream} of {value:g} W, which is never negative; set sign = -1, or "
            "turn the clamp round",
        )
    return value


def _as_float(found: object) -> float:
    """A number, also one in quotes; NaN for all else, such as `true` and `null`."""
    if isinstance(found, bool):
        return math.nan
    if isinstance(found, (int, float)):
        try:
            return float(found)
        except OverflowError:
            return math.inf
    if isinstance(found, str) and _PLAIN_NUMBER.fullmatch(found.strip()):
        return float(found)
    return math.nan


def _time(rule: TopicRule, tree: object, message: Message) -> datetime | None:
    """When the number was true, never later than it came in."""
    if not rule.time_path:
        return message.came_in
    said = _instant(_lookup(tree, rule.time_path))
    if said is None:
        raise _OddMessageError(
            Oddity.NO_TIME,
            f"{'.'.join(rule.time_path)} is no time with a zone, seconds since 1970 or "
            "2026-01-15T12:00:00Z expected; leave time out, and the arrival counts",
        )
    if abs(message.came_in - said) <= TRUSTED_APART:
        return min(said, message.came_in)
    return None if message.is_retained else message.came_in


def _instant(written: object) -> datetime | None:
    number = _as_float(written)
    if not math.isnan(number):
        seconds = number / 1000 if abs(number) >= _LEAST_MILLISECONDS else number
        try:
            return datetime.fromtimestamp(seconds, UTC)
        except (ValueError, OverflowError, OSError):
            return None
    try:
        instant = datetime.fromisoformat(str(written))
        return instant.astimezone(UTC) if instant.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _short(found: object) -> str:
    text = repr(found)
    return text if len(text) <= 40 else text[:37] + "..."
