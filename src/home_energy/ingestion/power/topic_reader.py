"""Messages of a broker, read by the household's rules and delivered into the inbox.

What a message lacks or says wrongly is counted, and told once an hour at most: a meter
that says `null` a hundred times a minute is one trouble.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from home_energy.domain.power import PowerSample, Stream
from home_energy.ingestion.power.inbox import (
    Counted,
    Heard,
    PowerInbox,
    Trouble,
    Works,
)
from home_energy.ingestion.sources.mqtt_topics import (
    CounterReading,
    Message,
    Oddity,
    TopicRule,
    Unusable,
    read_message,
)

TOLD_AGAIN_AFTER = timedelta(hours=1)

_Place = tuple[str, Stream]


@dataclass(slots=True)
class _Told:
    """How often an oddity came, and when it was last told."""

    said: str
    at: datetime
    count: int = 1


@dataclass(slots=True)
class _Listening:
    """What is known of one rule."""

    rule: TopicRule
    topics: set[str] = field(default_factory=set)
    told: dict[Oddity | None, _Told] = field(default_factory=dict)


class TopicReader:
    """Reads messages by rules. Used by one thread; the problems by any.

    Parameters
    ----------
    rules
        Of the household.
    inbox
        Where readings and troubles are delivered.
    """

    def __init__(self, rules: Sequence[TopicRule], inbox: PowerInbox) -> None:
        self._listening = [_Listening(rule) for rule in rules]
        self._inbox = inbox
        self._troubled: set[_Place] = set()
        self._lock = threading.Lock()

    @property
    def topics(self) -> tuple[str, ...]:
        """Filters to subscribe to, each once."""
        return tuple(dict.fromkeys(each.rule.topic for each in self._listening))

    def problems(self) -> tuple[str, ...]:
        """Every kind of oddity so far with the words of its last one and its count."""
        with self._lock:
            return tuple(
                f"{told.said} ({told.count} message{'' if told.count == 1 else 's'})"
                for each in self._listening
                for told in each.told.values()
            )

    def read(self, message: Message) -> None:
        """Deliver what a message says by every rule that means its topic."""
        for each in self._listening:
            if each.rule.matches(message.topic):
                self._read(each, message)

    def _read(self, each: _Listening, message: Message) -> None:
        rule = each.rule
        found = read_message(rule, message)
        if found is None:
            return
        if isinstance(found, Unusable):
            self._count(each, found.oddity, found.said, message.came_in)
            return
        if len(each.topics) < 2:
            each.topics.add(message.topic)
        if each.topics != {message.topic}:
            self._count(each, None, _several(rule, each.topics), message.came_in)
            return
        self._deliver(rule, found)

    def _deliver(self, rule: TopicRule, found: PowerSample | CounterReading) -> None:
        if isinstance(found, PowerSample):
            at, watts = found.at, found.watts
            self._inbox.put(Heard(rule.source, rule.stream, at, watts, rule.hold))
        else:
            at, wh = found.at, found.wh
            self._inbox.put(Counted(rule.source, rule.stream, at, wh, rule.hold))
        if (rule.source, rule.stream) in self._troubled:
            self._troubled.discard((rule.source, rule.stream))
            if all(source != rule.source for source, _ in self._troubled):
                self._inbox.put(Works(rule.source))

    def _count(
        self, each: _Listening, oddity: Oddity | None, said: str, now: datetime
    ) -> None:
        with self._lock:
            told = each.told.get(oddity)
            is_due = told is None or now - told.at >= TOLD_AGAIN_AFTER
            if told is None:
                each.told[oddity] = _Told(said, now)
            else:
                told.count += 1
                told.said = said
                told.at = now if is_due else told.at
        if is_due:
            self._troubled.add((each.rule.source, each.rule.stream))
            self._inbox.put(Trouble(each.rule.source, said))


def _several(rule: TopicRule, topics: set[str]) -> str:
    return (
        f"{rule.topic}: several devices answer to it, such as "
        f"{' and '.join(sorted(topics))}, one expected; write a device's own name in "
        "place of +"
    )
