"""A real broker, started for a test and ended with it."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import pytest
from paho.mqtt import publish

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin")
USERNAME, PASSWORD = "emonpi", "right-0815"

needs_mosquitto = pytest.mark.skipif(
    MOSQUITTO is None, reason="mosquitto is not installed: apt install mosquitto"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Mosquitto:
    """One broker on a port of its own, kept through restarts."""

    def __init__(self, folder: Path, *lines: str) -> None:
        self.port = free_port()
        self._config = folder / "mosquitto.conf"
        self._config.write_text(
            "\n".join([f"listener {self.port} 127.0.0.1", "user root", *lines, ""])
        )
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def for_everyone(cls, folder: Path) -> Self:
        """A broker without names."""
        return cls(folder, "allow_anonymous true")

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

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Self:
        """Return when the broker answers."""
        assert MOSQUITTO is not None
        self._process = subprocess.Popen(
            [MOSQUITTO, "-c", str(self._config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(500):
            assert self._process.poll() is None, "mosquitto did not start"
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
            except OSError:
                time.sleep(0.01)
            else:
                return self
        raise AssertionError("mosquitto does not answer")

    def stop(self) -> None:
        """End the broker as a power cut would: at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

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
