"""Somebody who listens to a broker, as Home Assistant does."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion


@dataclass
class Ears:
    """What was heard so far."""

    messages: list[tuple[str, str]] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)

    @property
    def topics(self) -> list[str]:
        """Topics in the order in which they came."""
        return [topic for topic, _ in self.messages]

    def newest(self, topic: str) -> str | None:
        """What was last said in a topic."""
        said = [text for of, text in self.messages if of == topic]
        return said[-1] if said else None

    def until(self, wanted: Callable[[], object]) -> None:
        """Wait for something, or give up."""
        for _ in range(1000):
            if wanted():
                return
            time.sleep(0.005)
        raise AssertionError(f"waited in vain; came: {self.messages[-5:]}")

    def until_said(self, topic: str, text: str) -> None:
        """Wait until that is the newest in a topic."""
        self.until(lambda: self.newest(topic) == text)


@contextmanager
def ears_at(port: int) -> Iterator[Ears]:
    """Listen to everything; what the broker kept comes first."""
    ears = Ears()

    def connected(client: Client, *_: Any) -> None:
        client.subscribe("#", 1)

    def heard(_client: Client, _data: object, message: MQTTMessage) -> None:
        if message.retain:
            ears.kept.add(message.topic)
        ears.messages.append((message.topic, message.payload.decode()))

    client = Client(CallbackAPIVersion.VERSION2)
    client.on_connect, client.on_message = connected, heard
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        ears.until(client.is_connected)
        yield ears
    finally:
        client.disconnect()
        client.loop_stop()
