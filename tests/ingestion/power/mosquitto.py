"""A real broker, started for a test and ended with it."""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import pytest
from paho.mqtt import publish

from home_energy.demo.local_broker import ANYBODY, MOSQUITTO, LocalBroker, free_port

__all__ = ["PASSWORD", "USERNAME", "Mosquitto", "free_port", "needs_mosquitto"]

USERNAME, PASSWORD = "emonpi", "right-0815"

needs_mosquitto = pytest.mark.skipif(
    MOSQUITTO is None, reason="mosquitto is not installed: apt install mosquitto"
)


class Mosquitto(LocalBroker):
    """One broker that tests publish to, and know users of."""

    @classmethod
    def for_everyone(cls, folder: Path) -> Self:
        """A broker without names."""
        return cls(folder, ANYBODY)

    @classmethod
    def with_password(cls, folder: Path, *lines: str) -> Self:
        """A broker that knows one user."""
        names = folder / "names"
        subprocess.run(
            ["mosquitto_passwd", "-b", "-c", str(names), USERNAME, PASSWORD],
            check=True,
            capture_output=True,
        )
        return cls(folder, "allow_anonymous false", f"password_file {names}", *lines)

    def say(
        self, topic: str, payload: str | bytes, *, retain: bool = False, qos: int = 1
    ) -> None:
        """Publish one message; with a quality of 1 the broker has it on return."""
        self.say_all([(topic, payload)], retain=retain, qos=qos)

    def say_all(
        self,
        messages: Iterable[tuple[str, str | bytes]],
        *,
        retain: bool = False,
        qos: int = 1,
    ) -> None:
        """Publish many messages on one connection, in order."""
        publish.multiple(
            [(topic, payload, qos, retain) for topic, payload in messages],
            "127.0.0.1",
            self.port,
        )
