"""What a broker is told, when, and what it says when nobody tells it anything."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from paho.mqtt.client import Client, MQTTMessage
from tests.announcing.heard import ears_at
from tests.ingestion.power.mosquitto import (
    USERNAME,
    Mosquitto,
    free_port,
    needs_mosquitto,
)

from home_energy.announcing.mqtt_publisher import Announcement, MqttPublisher, Places
from home_energy.ingestion.mqtt_broker import Broker
from home_energy.ingestion.waits import Waits

QUICK = Waits(timedelta(seconds=0.05), timedelta(seconds=0.1))
SLOW = Waits(timedelta(minutes=1), timedelta(minutes=1))
PLACES = Places("home/state", "home/availability", "listener/status")
FIRST = Announcement(("listener/home", "what it means"), "1")
SECOND = replace(FIRST, state="2")


# When: on a clock of the test, without a broker


@dataclass
class Told:
    """A connection that only notes."""

    said: list[tuple[str, str]] = field(default_factory=list)
    is_kept: set[bool] = field(default_factory=set)

    def publish(self, topic: str, payload: str, qos: int, retain: bool) -> None:  # noqa: FBT001 - paho's own
        assert qos == 1
        self.said.append((topic, payload))
        self.is_kept.add(retain)

    def subscribe(self, topic: str) -> None:
        self.said.append(("subscribed", topic))


class Bench:
    """A publisher whose thread does not run, on a connection that only notes."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.told = Told()
        broker = Broker("nowhere")
        self.publisher = MqttPublisher(broker, PLACES, seconds=lambda: self.seconds)
        self.publisher._connected(cast("Client", self.told))
        self.greeting = self.told.said
        self.told.said = []

    def after(self, seconds: float, *said: Announcement) -> list[tuple[str, str]]:
        """Let time pass, hand over, and return what the broker then is told."""
        self.seconds += seconds
        for announcement in said:
            self.publisher.say(announcement)
        self.told.said = []
        self.publisher._between(cast("Client", self.told))
        return self.told.said

    def born(self, payload: bytes) -> None:
        """A listener says how it is."""
        message = MQTTMessage(topic=PLACES.births.encode())
        message.payload = payload
        self.publisher._heard(cast("Client", self.told), None, message)


EVERYTHING = [
    ("listener/home", "what it means"),
    ("home/state", "1"),
    ("home/availability", "online"),
]


def test_nobody_is_there_until_the_first_state_was_told() -> None:
    bench = Bench()

    assert bench.greeting == [
        ("home/availability", "offline"),
        ("subscribed", "listener/status"),
    ]
    assert bench.after(0) == []
    assert bench.after(60, FIRST) == EVERYTHING
    assert bench.told.is_kept == {True}


def test_news_waits_until_five_seconds_have_passed() -> None:
    bench = Bench()
    bench.after(0, FIRST)

    assert bench.after(4.9, SECOND) == []
    assert bench.after(0.2) == [("home/state", "2")]


def test_of_what_waits_only_the_newest_is_told() -> None:
    bench = Bench()
    bench.after(0, FIRST)

    third = replace(FIRST, state="3")

    assert bench.after(5, SECOND, third) == [("home/state", "3")]
    assert bench.after(5) == []


def test_what_did_not_change_is_told_once_a_minute() -> None:
    bench = Bench()
    bench.after(0, FIRST)

    assert bench.after(55, FIRST) == []
    assert bench.after(5, FIRST) == [("home/state", "1")]
    assert bench.after(55, FIRST) == []


def test_what_nobody_hands_over_any_more_is_not_repeated() -> None:
    bench = Bench()
    bench.after(0, FIRST)

    bench.after(5, FIRST)

    assert bench.after(60) == []
    assert bench.after(600) == []


def test_a_new_meaning_is_told_with_its_state() -> None:
    bench = Bench()
    bench.after(0, FIRST)

    other = Announcement(("listener/home", "more than before"), "1")

    assert bench.after(5, other) == [
        ("listener/home", "more than before"),
        ("home/state", "1"),
    ]


def test_everything_is_told_anew_to_a_listener_that_begins() -> None:
    bench = Bench()
    bench.after(0, FIRST)

    bench.born(b"offline")
    assert bench.after(5, FIRST) == []

    bench.born(b"online")
    assert bench.after(5, FIRST) == EVERYTHING


# A real broker


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    folder = tmp_path_factory.mktemp("mosquitto")
    with Mosquitto.for_everyone(folder) as broker:
        yield broker


@contextmanager
def publishing(publisher: MqttPublisher) -> Iterator[MqttPublisher]:
    publisher.start()
    try:
        yield publisher
    finally:
        publisher.stop()


def at(mosquitto: Mosquitto, waits: Waits = QUICK) -> MqttPublisher:
    return MqttPublisher(Broker("127.0.0.1", mosquitto.port), PLACES, waits)


def until(wanted: Callable[[], bool]) -> None:
    for _ in range(1000):
        if wanted():
            return
        time.sleep(0.005)
    raise AssertionError("waited in vain")


@needs_mosquitto
def test_the_broker_keeps_it_for_who_comes_later(mosquitto: Mosquitto) -> None:
    with publishing(at(mosquitto)) as publisher:
        publisher.say(FIRST)
        with ears_at(mosquitto.port) as ears:
            ears.until_said("home/availability", "online")

        with ears_at(mosquitto.port) as later:
            later.until(lambda: len(later.messages) == 3)

    assert sorted(later.messages) == sorted(EVERYTHING)
    assert later.kept == {"listener/home", "home/state", "home/availability"}


@needs_mosquitto
def test_who_stops_says_so(mosquitto: Mosquitto) -> None:
    with ears_at(mosquitto.port) as ears:
        with publishing(at(mosquitto)) as publisher:
            publisher.say(FIRST)
            ears.until_said("home/availability", "online")

        ears.until_said("home/availability", "offline")


class CutOff(MqttPublisher):
    """One whose connection can be cut, as by a power cut."""

    def _connected(self, client: Client) -> None:
        super()._connected(client)
        self.connection = client.socket()

    def cut(self) -> None:
        """End the connection without a word."""
        assert isinstance(self.connection, socket.socket)
        self.connection.shutdown(socket.SHUT_RDWR)


@needs_mosquitto
def test_of_who_is_cut_off_the_broker_says_so(mosquitto: Mosquitto) -> None:
    broker = Broker("127.0.0.1", mosquitto.port)
    publisher = CutOff(broker, PLACES, SLOW)
    with publishing(publisher), ears_at(mosquitto.port) as ears:
        publisher.say(FIRST)
        ears.until_said("home/availability", "online")

        publisher.cut()

        ears.until_said("home/availability", "offline")


@needs_mosquitto
def test_after_a_restart_of_the_broker_everything_is_told_again(
    tmp_path: Path,
) -> None:
    mosquitto = Mosquitto.for_everyone(tmp_path)  # it keeps nothing on disk
    with mosquitto, publishing(at(mosquitto)) as publisher:
        publisher.say(FIRST)
        with ears_at(mosquitto.port) as ears:
            ears.until_said("home/availability", "online")

        mosquitto.stop()
        mosquitto.start()
        publisher.say(FIRST)  # the round's next one

        with ears_at(mosquitto.port) as ears:
            ears.until_said("home/availability", "online")
            ears.until(lambda: {"listener/home", "home/state"} <= set(ears.topics))


@needs_mosquitto
def test_a_listener_that_begins_is_told_by_a_real_broker(mosquitto: Mosquitto) -> None:
    with publishing(at(mosquitto)) as publisher, ears_at(mosquitto.port) as ears:
        publisher.say(FIRST)
        ears.until_said("home/availability", "online")
        ears.messages.clear()

        mosquitto.say("listener/status", "online")
        until(lambda: publisher._said is None)
        publisher.say(FIRST)

        ears.until_said("home/availability", "online")
        assert ears.newest("listener/home") == "what it means"


@needs_mosquitto
def test_a_wrong_password_is_logged_once_and_nobody_waits(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    mosquitto = Mosquitto.with_password(tmp_path)
    wrong = Broker("127.0.0.1", mosquitto.port, USERNAME, "wrong-4711")
    publisher = MqttPublisher(wrong, PLACES, QUICK)
    with mosquitto, caplog.at_level(logging.WARNING), publishing(publisher):
        until(lambda: publisher._trouble is not None)
        for number in range(1000):
            publisher.say(replace(FIRST, state=str(number)))
        time.sleep(0.3)  # several more tries

    (record,) = caplog.records
    assert "does not accept the name or the password" in record.getMessage()
    assert "4711" not in caplog.text


def test_handing_over_waits_for_no_host() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        publisher = MqttPublisher(Broker("127.0.0.1", port), PLACES, QUICK)
        began = time.monotonic()

        with publishing(publisher):
            for _ in range(10_000):
                publisher.say(FIRST)
            time.sleep(0.1)

        assert time.monotonic() - began < 1.5


def test_without_a_broker_only_the_newest_waits() -> None:
    publisher = MqttPublisher(Broker("127.0.0.1", free_port()), PLACES, QUICK)

    with publishing(publisher):
        publisher.say(FIRST)
        publisher.say(SECOND)
        until(lambda: publisher._trouble is not None)

    assert publisher._waiting == SECOND
