"""Where every live source of power delivers, and the collector's loop takes it from.

A source runs in a thread of its own and never waits here. Of a flood the oldest
readings go, and are counted; how a source does is kept apart from its readings, so no
flood can push it out.
"""

import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from home_energy.domain.power import Stream

USUAL_HOLD = timedelta(seconds=30)
"""How long a reading stands where its source says no more: three of 10 s."""

MOST_READINGS = 10_000
"""100 a second for as long as the loop may be busy with a slow answer: 100 s."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Power at one instant.

    Parameters
    ----------
    source
        Who told.
    stream, at, watts
        As in `PowerSample`. [aware UTC], [W]
    hold
        How long it stands at most: about three times the source's pace.
    """

    source: str
    stream: Stream
    at: datetime
    watts: float
    hold: timedelta = USUAL_HOLD


@dataclass(frozen=True, slots=True)
class Counted:
    """A counter's reading.

    Parameters
    ----------
    source, stream, at, hold
        As in `Heard`.
    wh
        How much has flowed so far; only differences mean something. [Wh]
    """

    source: str
    stream: Stream
    at: datetime
    wh: float
    hold: timedelta = USUAL_HOLD


@dataclass(frozen=True, slots=True)
class Trouble:
    """A source does not work, in words for the household."""

    source: str
    said: str


@dataclass(frozen=True, slots=True)
class Works:
    """A source works, or works again."""

    source: str


PowerItem = Heard | Counted | Trouble | Works


class PowerInbox:
    """What came in and was not taken yet. Safe to use from any thread.

    Parameters
    ----------
    most_readings
        How many wait at most; of more the oldest go.
    """

    def __init__(self, most_readings: int = MOST_READINGS) -> None:
        self._lock = threading.Lock()
        self._readings: deque[Heard | Counted] = deque(maxlen=most_readings)
        self._states: dict[str, Trouble | Works] = {}
        self._dropped_count = 0

    @property
    def dropped_count(self) -> int:
        """How many readings a flood has pushed out so far."""
        with self._lock:
            return self._dropped_count

    def put(self, item: PowerItem) -> None:
        """Deliver; returns at once. Of a source's states only the newest waits."""
        with self._lock:
            if isinstance(item, Trouble | Works):
                self._states[item.source] = item
                return
            if len(self._readings) == self._readings.maxlen:
                self._dropped_count += 1
            self._readings.append(item)

    def take(self) -> list[PowerItem]:
        """Everything that waits, oldest first and states before readings."""
        with self._lock:
            items: list[PowerItem] = [*self._states.values(), *self._readings]
            self._states.clear()
            self._readings.clear()
            return items
