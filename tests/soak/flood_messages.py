"""Messages of a home with many meters: right ones, wrong ones, and stale ones."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from paho.mqtt import publish
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

HOST = "127.0.0.1"
MALFORMED_FRACTION = 0.05
RETAINED_FRACTION = 0.01
STALE_WATTS = 99_000.0
"""No right message says so much: if it is ever shown, it was taken for new."""

RULES = """
[[power.emon]]
node = "emontx"
grid = "P1"
solar = "P2"
battery = "P3"
every_seconds = 1

[[power.topics]]
topic = "shelly/status/em:0"
stream = "grid"
path = "total_act_power"
every_seconds = 1
name = "shelly"

[[power.topics]]
topic = "tele/house/SENSOR"
stream = "load"
path = "ENERGY.Power"
every_seconds = 1
name = "tasmota"

[[power.topics]]
topic = "kilo/load"
stream = "load"
unit = "kW"
every_seconds = 1
name = "kilo"

[[power.topics]]
topic = "counter/load"
stream = "load"
unit = "Wh"
every_seconds = 1
name = "counter"

[[power.topics]]
topic = "timed/grid"
stream = "grid"
path = "power"
time = "at"
every_seconds = 1
name = "timed"
"""

_MALFORMED = (
    *(b"", b"nonsense", b"{", b"null", b"[]", b"\xff\xfe\x00", b"1e99", b"NaN"),
    *(b'{"total_act_power": null}', b'{"ENERGY": 7}', b'{"power": "12,5"}'),
    b'{"power": ' + b"[" * 20_000,
)


def _plain(watts: float) -> str:
    return f"{watts:.1f}"


def _timed(watts: float) -> str:
    return json.dumps({"power": watts, "at": datetime.now(UTC).isoformat()})


_TOPICS: dict[str, Callable[[float], str]] = {
    "emon/emontx/P1": _plain,
    "emon/emontx/P2": _plain,
    "emon/emontx/P3": _plain,
    "shelly/status/em:0": lambda watts: json.dumps({"total_act_power": watts}),
    "tele/house/SENSOR": lambda watts: json.dumps({"ENERGY": {"Power": watts}}),
    "kilo/load": lambda watts: f"{watts / 1000:.4f}",
    "counter/load": lambda _watts: f"{time.monotonic() / 3.6:.3f}",  # 1 kW
    "timed/grid": _timed,
}


class Flood:
    """Publishes as many messages a second as it is told to.

    Attributes
    ----------
    sent_count, usable_count
        Messages that went to the broker, and those of them that hold a number.
    seconds
        For how long it poured.
    """

    def __init__(self, port: int, seed: int = 0) -> None:
        self.sent_count = self.usable_count = 0
        self.seconds = 0.0
        self._port = port
        self._dice = random.Random(seed)
        self._stop = threading.Event()

    def leave_stale_messages(self) -> None:
        """Have the broker keep an old message in every topic."""
        publish.multiple(
            [(topic, said(STALE_WATTS), 1, True) for topic, said in _TOPICS.items()],
            HOST,
            self._port,
        )

    @contextmanager
    def pouring(self, per_second: int) -> Iterator[None]:
        """Pour from a thread while the block lasts."""
        thread = threading.Thread(target=self._pour, args=(per_second,), daemon=True)
        began = time.monotonic()
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()
            self.seconds = time.monotonic() - began

    def _pour(self, per_second: int) -> None:
        client = Client(CallbackAPIVersion.VERSION2)
        client.reconnect_delay_set(1, 1)
        client.connect(HOST, self._port)
        client.loop_start()
        began, number = time.monotonic(), 0
        topics = list(_TOPICS.items())
        while not self._stop.is_set():
            topic, said = topics[number % len(topics)]
            self._say(client, topic, said)
            number += 1
            self._stop.wait(max(began + number / per_second - time.monotonic(), 0))
        client.disconnect()
        client.loop_stop()

    def _say(self, client: Client, topic: str, said: Callable[[float], str]) -> None:
        is_wrong = self._dice.random() < MALFORMED_FRACTION
        payload: str | bytes = said(self._dice.uniform(0, 5000))
        if is_wrong:
            payload = self._dice.choice(_MALFORMED)
        if not client.is_connected():
            return  # nobody keeps what is said while the broker is away
        is_retained = not is_wrong and self._dice.random() < RETAINED_FRACTION
        done = client.publish(topic, payload, retain=is_retained)
        if done.rc is MQTTErrorCode.MQTT_ERR_SUCCESS:
            self.sent_count += 1
            self.usable_count += not is_wrong
