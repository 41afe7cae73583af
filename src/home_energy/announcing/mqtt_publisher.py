"""Tells a broker what is new, and lets it say that we are gone when we are.

Whoever hands something over never waits: only the newest of it is kept, and a thread
brings it to the broker when it can. Nothing is said again by itself. So if nobody hands
anything over any more, the broker hears nothing, and who listens there may take it for
what it is.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from paho.mqtt.client import Client, MQTTMessage

from home_energy.ingestion.mqtt_broker import Broker, BrokerThread
from home_energy.ingestion.waits import Waits

_log = logging.getLogger(__name__)

LEAST_SECONDS = 5.0
"""Between two states, however much happens."""

MOST_SECONDS = 60.0
"""Between two states, however little happens, as long as any are handed over."""

ONLINE, OFFLINE = "online", "offline"


@dataclass(frozen=True, slots=True)
class Places:
    """Topics of one publisher.

    Parameters
    ----------
    state
        Where states go.
    availability
        Where it stands whether there is anybody: `online` or `offline`.
    births
        Where listeners say `online` when they begin; then all is told anew.
    """

    state: str
    availability: str
    births: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is to be known.

    Parameters
    ----------
    introduction
        Topic and text that say what the state means; told when that is new, and anew
        on each connection.
    state
        The state itself.
    """

    introduction: tuple[str, str]
    state: str


class MqttPublisher(BrokerThread):
    """Brings the newest announcement to one broker, which keeps it for who comes later.

    Parameters
    ----------
    broker
        Where to connect.
    places
        Topics to use.
    waits
        Between tries to connect.
    seconds
        Seconds passed since some moment. [s]
    """

    def __init__(
        self,
        broker: Broker,
        places: Places,
        waits: Waits | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(broker, "publisher", waits)
        self._places = places
        self._seconds = seconds
        self._lock = threading.Lock()
        self._waiting: Announcement | None = None
        self._said: Announcement | None = None
        self._said_at = 0.0
        self._trouble: str | None = None

    def say(self, announcement: Announcement) -> None:
        """Hand over; returns at once. What still waited is forgotten."""
        with self._lock:
            self._waiting = announcement

    def _prepare(self, client: Client) -> None:
        client.will_set(self._places.availability, OFFLINE, qos=1, retain=True)
        client.on_message = self._heard

    def _connected(self, client: Client) -> None:
        self._works()
        self._said = None
        # A broker may have kept `online` from before a power cut, with an old state.
        client.publish(self._places.availability, OFFLINE, qos=1, retain=True)
        client.subscribe(self._places.births)

    def _heard(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        if message.payload == ONLINE.encode():
            self._said = None

    def _between(self, client: Client) -> None:
        due = self._due()
        if due is None:
            return
        before, self._said, self._said_at = self._said, due, self._seconds()
        if before is None or before.introduction != due.introduction:
            client.publish(*due.introduction, qos=1, retain=True)
        client.publish(self._places.state, due.state, qos=1, retain=True)
        if before is None:  # only now: until here the broker's state may be an old one
            client.publish(self._places.availability, ONLINE, qos=1, retain=True)
        if self._trouble is not None:
            self._trouble = None
            _log.info("%s hears of the home again", self.broker.address)

    def _due(self) -> Announcement | None:
        """Take what is to be said now, if anything is."""
        passed = self._seconds() - self._said_at
        with self._lock:
            if self._said is not None and passed < LEAST_SECONDS:
                return None  # what waits keeps waiting
            waiting, self._waiting = self._waiting, None
        is_news = waiting != self._said
        return waiting if is_news or passed >= MOST_SECONDS else None

    def _leave(self, client: Client) -> None:
        client.publish(self._places.availability, OFFLINE, qos=1, retain=True)

    def _tell_trouble(self, said: str) -> None:
        if said != self._trouble:
            self._trouble = said
            _log.warning("nothing is told: %s", said)
