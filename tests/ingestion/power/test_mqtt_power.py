"""Power heard over a real broker: what comes, what is told, and what never waits."""

import gc
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode
from tests.ingestion.power.mosquitto import (
    PASSWORD,
    USERNAME,
    Mosquitto,
    free_port,
    needs_mosquitto,
)

from home_energy.domain.power import Stream
from home_energy.domain.power_track import PowerTrack
from home_energy.ingestion.mqtt_broker import Broker
from home_energy.ingestion.power.inbox import (
    Counted,
    Heard,
    PowerInbox,
    PowerItem,
    Trouble,
    Works,
)
from home_energy.ingestion.power.mqtt_power import MqttPower
from home_energy.ingestion.sources.mqtt_topics import QUANTITIES, TopicRule
from home_energy.ingestion.waits import Waits

NOON = datetime(2026, 1, 15, 1, 0, tzinfo=UTC)
HOLD = timedelta(seconds=30)
QUICK = Waits(timedelta(seconds=0.05), timedelta(seconds=0.1))
WORKS = Works("mqtt")


def rule(topic: str, *path: str, unit: str = "W", retained: bool = False) -> TopicRule:
    return TopicRule(
        topic,
        topic,
        Stream.GRID,
        QUANTITIES[unit],
        HOLD,
        path=path,
        takes_retained=retained,
    )


METER = rule("home/meter")


class Listener:
    """What an inbox brought so far."""

    def __init__(self, inbox: PowerInbox, power: MqttPower) -> None:
        self._inbox = inbox
        self.power = power
        self.items: list[PowerItem] = []

    def until(self, wanted: Callable[[list[PowerItem]], bool]) -> list[PowerItem]:
        """Take from the inbox until what is wanted is there, or give up."""
        for _ in range(1000):
            self.items += self._inbox.take()
            if wanted(self.items):
                return self.items
            time.sleep(0.005)
        raise AssertionError(f"waited in vain; came: {self.items[-5:]}")

    def until_it_works(self) -> None:
        """Wait for the broker, then forget what came."""
        self.until(lambda items: WORKS in items)
        self.items.clear()

    def until_watts(self, watts: float) -> list[float]:
        """Wait for a number, and return all that came until it."""
        items = self.until(lambda items: watts in watts_in(items))
        return watts_in(items)

    def until_trouble(self) -> Trouble:
        """Wait for the first trouble."""
        items = self.until(lambda items: any(isinstance(i, Trouble) for i in items))
        return next(item for item in items if isinstance(item, Trouble))


def watts_in(items: list[PowerItem]) -> list[float]:
    return [item.watts for item in items if isinstance(item, Heard)]


@contextmanager
def listening(broker: Broker, *rules: TopicRule) -> Iterator[Listener]:
    inbox = PowerInbox()
    power = MqttPower(broker, rules, inbox, lambda: NOON, QUICK)
    power.start()
    try:
        yield Listener(inbox, power)
    finally:
        power.stop()


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    folder = tmp_path_factory.mktemp("mosquitto")
    with Mosquitto.for_everyone(folder) as broker:
        yield broker


def at(mosquitto: Mosquitto) -> Broker:
    return Broker("127.0.0.1", mosquitto.port)


# What comes


@needs_mosquitto
def test_a_message_arrives_as_power(mosquitto: Mosquitto) -> None:
    with listening(at(mosquitto), METER) as listener:
        listener.until_it_works()
        mosquitto.say("home/meter", "371.5")

        listener.until_watts(371.5)

    assert listener.items == [Heard("home/meter", Stream.GRID, NOON, 371.5, HOLD)]


@needs_mosquitto
def test_a_counter_arrives_as_a_counter(mosquitto: Mosquitto) -> None:
    energy = rule("home/energy", "total", unit="kWh")
    with listening(at(mosquitto), energy) as listener:
        listener.until_it_works()
        mosquitto.say("home/energy", '{"total": 12.5}')

        listener.until(bool)

    assert listener.items == [Counted("home/energy", Stream.GRID, NOON, 12_500.0, HOLD)]


@needs_mosquitto
def test_two_thousand_messages_at_once_lose_none(mosquitto: Mosquitto) -> None:
    with listening(at(mosquitto), METER) as listener:
        listener.until_it_works()
        mosquitto.say_all([("home/meter", str(n)) for n in range(2000)], qos=0)

        came = listener.until_watts(1999)

    assert came == [float(n) for n in range(2000)]


@needs_mosquitto
def test_silence_is_no_zero(mosquitto: Mosquitto) -> None:
    with listening(at(mosquitto), METER, rule("home/other")) as listener:
        listener.until_it_works()
        mosquitto.say("home/meter", "900")
        listener.until_watts(900)
        time.sleep(0.3)  # in which nothing is said

        listener.items += listener._inbox.take()

    track = PowerTrack("home/meter", Stream.GRID, HOLD)
    (heard,) = listener.items
    assert isinstance(heard, Heard)
    assert track.now(NOON, HOLD) is None
    assert heard.watts == 900


@needs_mosquitto
def test_what_the_broker_kept_is_not_taken_for_new(mosquitto: Mosquitto) -> None:
    mosquitto.say("home/kept", "5000", retain=True)
    with listening(at(mosquitto), rule("home/kept"), METER) as listener:
        listener.until_it_works()
        mosquitto.say("home/kept", "300")  # comes after the kept one

        came = listener.until_watts(300)

    assert came == [300.0]


@needs_mosquitto
def test_what_the_broker_kept_is_taken_where_that_was_asked(
    mosquitto: Mosquitto,
) -> None:
    mosquitto.say("home/taken", "450", retain=True)
    with listening(at(mosquitto), rule("home/taken", retained=True)) as listener:
        assert listener.until_watts(450) == [450.0]


@needs_mosquitto
def test_what_a_device_asks_to_keep_is_heard_when_it_is_new(
    mosquitto: Mosquitto,
) -> None:
    with listening(at(mosquitto), rule("home/state")) as listener:
        listener.until_it_works()
        mosquitto.say("home/state", "120", retain=True)

        assert listener.until_watts(120) == [120.0]


# What is told


@needs_mosquitto
def test_malformed_messages_are_counted_and_told_once(mosquitto: Mosquitto) -> None:
    meter = rule("home/json", "power")
    with listening(at(mosquitto), meter) as listener:
        listener.until_it_works()
        mosquitto.say_all([("home/json", "{"), ("home/json", "5")] * 3)
        counted = ("(3 messages)", "(3 messages)")
        listener.until(
            lambda _: tuple(p[-12:] for p in listener.power.problems()) == counted
        )
        trouble = listener.until_trouble()

        mosquitto.say("home/json", '{"power": 7}')
        listener.until_watts(7)
        listener.until(lambda items: Works("home/json") in items)

    told = [item for item in listener.items if isinstance(item, Trouble)]
    assert len(told) <= 2  # one of each kind
    assert trouble.said.startswith("home/json: ")
    assert watts_in(listener.items) == [7.0]


@needs_mosquitto
def test_a_wrong_password_is_told_without_it(tmp_path: Path) -> None:
    mosquitto = Mosquitto.with_password(tmp_path)
    wrong = Broker("127.0.0.1", mosquitto.port, USERNAME, "wrong-4711")

    with mosquitto, listening(wrong, METER) as listener:
        trouble = listener.until_trouble()

    assert "does not accept the name or the password" in trouble.said
    assert "MQTT_PASSWORD in config/.env" in trouble.said
    assert "4711" not in trouble.said + repr(wrong)


@needs_mosquitto
def test_the_right_password_opens(tmp_path: Path) -> None:
    mosquitto = Mosquitto.with_password(tmp_path)
    right = Broker("127.0.0.1", mosquitto.port, USERNAME, PASSWORD)

    with mosquitto, listening(right, METER) as listener:
        listener.until_it_works()


def test_a_topic_that_may_not_be_read_is_told() -> None:
    inbox = PowerInbox()
    power = MqttPower(Broker("pi"), [METER, rule("b")], inbox, lambda: NOON)
    denied, granted = (
        ReasonCode(PacketTypes.SUBACK, name)
        for name in ("Not authorized", "Granted QoS 0")
    )

    power._subscribed(
        Client(CallbackAPIVersion.VERSION2), None, 1, [granted, denied], None
    )

    (trouble,) = inbox.take()
    assert isinstance(trouble, Trouble)
    assert trouble.said.startswith("pi:1883 does not let us read b, leave to read")


@needs_mosquitto
def test_a_restart_of_the_broker_is_survived_and_told(tmp_path: Path) -> None:
    mosquitto = Mosquitto.for_everyone(tmp_path)
    with mosquitto, listening(at(mosquitto), METER) as listener:
        listener.until_it_works()
        mosquitto.say("home/meter", "1")
        listener.until_watts(1)

        mosquitto.stop()
        gone = listener.until_trouble()
        mosquitto.start()
        listener.until(lambda items: WORKS in items)
        mosquitto.say("home/meter", "2")
        came = listener.until_watts(2)

    assert f"127.0.0.1:{mosquitto.port}" in gone.said
    assert came == [1.0, 2.0]


class NotedWaits(Waits):
    """Notes after how many failures it was asked for a wait, and waits little."""

    noted: ClassVar[list[int]] = []

    def after(self, failed_count: int) -> timedelta:
        self.noted.append(failed_count)
        return timedelta(seconds=0.02)


@needs_mosquitto
def test_a_broker_that_was_heard_is_tried_again_at_once(tmp_path: Path) -> None:
    inbox, waits = PowerInbox(), NotedWaits()
    mosquitto = Mosquitto.for_everyone(tmp_path)
    power = MqttPower(at(mosquitto), [METER], inbox, lambda: NOON, waits)
    listener = Listener(inbox, power)

    power.start()
    listener.until(lambda _: len(waits.noted) >= 2)
    with mosquitto:
        listener.until_it_works()
        away_count = len(waits.noted)
    listener.until(lambda _: len(waits.noted) >= away_count + 2)
    power.stop()

    assert waits.noted[:2] == [1, 2]
    assert waits.noted[away_count : away_count + 2] == [0, 1]


def test_a_broker_that_is_not_there_is_told_once() -> None:
    with listening(Broker("127.0.0.1", free_port()), METER) as listener:
        trouble = listener.until_trouble()
        time.sleep(0.4)  # several more tries
        listener.until(lambda _: True)

    assert "no broker answers (Connection refused)" in trouble.said
    assert listener.items == [trouble]


# Encryption

lets_paho_leave_sockets = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)
"""paho leaves the socket of a failed handshake to the garbage collector."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """One that signed itself, for 127.0.0.1, with its key."""
    folder = tmp_path_factory.mktemp("certificate")
    own, key = folder / "own.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-days", "2"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-subj", "/CN=broker", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(key), "-out", str(own)),
        ],
        check=True,
        capture_output=True,
    )
    return own, key


@needs_mosquitto
@lets_paho_leave_sockets
def test_an_encrypted_broker_is_heard_if_its_certificate_is_known(
    tmp_path: Path, certificate: tuple[Path, Path]
) -> None:
    own, key = certificate
    mosquitto = Mosquitto.with_password(tmp_path, f"certfile {own}", f"keyfile {key}")
    unknown = Broker("127.0.0.1", mosquitto.port, USERNAME, PASSWORD, tls=True)
    known = replace(unknown, ca_file=own)

    with mosquitto, listening(known, METER) as listener:
        listener.until_it_works()
        with listening(unknown, METER) as stranger:
            trouble = stranger.until_trouble()
    gc.collect()

    assert "the encrypted connection failed (self-signed certificate)" in trouble.said
    assert "set ca_file in [power.mqtt]" in trouble.said


def test_a_missing_certificate_is_told(tmp_path: Path) -> None:
    broker = Broker("127.0.0.1", free_port(), tls=True, ca_file=tmp_path / "no.pem")

    with listening(broker, METER) as listener:
        trouble = listener.until_trouble()

    assert "no.pem: no file there" in trouble.said


# What never waits


@contextmanager
def silent_host() -> Iterator[int]:
    """A host that takes a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_neither_beginning_nor_stopping_waits_for_a_host_that_says_nothing() -> None:
    with silent_host() as port:
        power = MqttPower(
            Broker("127.0.0.1", port), [METER], PowerInbox(), lambda: NOON, QUICK
        )
        began = time.monotonic()

        power.start()
        time.sleep(0.2)
        power.stop()

        assert time.monotonic() - began < 1.2


def test_stopping_does_not_wait_for_the_next_try() -> None:
    inbox = PowerInbox()
    slow = Waits(timedelta(minutes=1), timedelta(minutes=1))
    power = MqttPower(
        Broker("127.0.0.1", free_port()), [METER], inbox, lambda: NOON, slow
    )
    power.start()
    Listener(inbox, power).until_trouble()
    began = time.monotonic()

    power.stop()

    assert time.monotonic() - began < 0.5
    assert not any(thread.name == "mqtt" for thread in threading.enumerate())


@lets_paho_leave_sockets
def test_stopping_does_not_wait_for_a_host_that_begins_no_encryption() -> None:
    with silent_host() as port:
        broker = Broker("127.0.0.1", port, tls=True)
        power = MqttPower(broker, [METER], PowerInbox(), lambda: NOON, QUICK)
        power.start()
        time.sleep(0.1)
        began = time.monotonic()

        power.stop()

        assert time.monotonic() - began < 1.0
        assert power._thread.is_alive()  # it waits for the host, and nobody for it
    power._thread.join(5)
    gc.collect()


@pytest.mark.parametrize(
    ("failed_count", "seconds"), [(0, 1), (1, 2), (2, 4), (5, 32), (6, 60), (9999, 60)]
)
def test_each_try_waits_twice_as_long_up_to_a_minute(
    failed_count: int, seconds: int
) -> None:
    assert Waits().after(failed_count) == timedelta(seconds=seconds)


def test_stopping_before_beginning_is_nothing() -> None:
    power = MqttPower(Broker("nowhere"), [METER], PowerInbox(), lambda: NOON)

    power.stop()


@needs_mosquitto
@lets_paho_leave_sockets
def test_a_port_without_encryption_is_told(mosquitto: Mosquitto) -> None:
    broker = Broker("127.0.0.1", mosquitto.port, tls=True)

    with listening(broker, METER) as listener:
        trouble = listener.until_trouble()
    gc.collect()

    assert "[power.mqtt]" in trouble.said
