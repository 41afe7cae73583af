"""A real MQTT broker on this machine: Debian's mosquitto, where it is installed."""

import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

from home_energy.errors import SourceUnavailable

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin")
"""Where mosquitto is; `None` where it is not installed."""

HOST = "127.0.0.1"
ANYBODY = "allow_anonymous true"

_TRY_EVERY_SECONDS = 0.01
_TRIES = 500


class LocalBroker:
    """One broker on a port of its own, which it keeps when it is started anew.

    Parameters
    ----------
    folder
        For its configuration.
    lines
        Of the configuration, beside the port.
    """

    def __init__(self, folder: Path, *lines: str) -> None:
        self.port = free_port()
        self._config = folder / "mosquitto.conf"
        self._config.write_text(
            "\n".join([f"listener {self.port} {HOST}", "user root", *lines, ""])
        )
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.stop()

    def start(self) -> Self:
        """Return when the broker answers.

        Raises
        ------
        SourceUnavailable
            If it does not.
        """
        if MOSQUITTO is None:
            raise SourceUnavailable("mosquitto is not installed: apt install mosquitto")
        self._process = subprocess.Popen(  # noqa: S603 - a path of the system
            [MOSQUITTO, "-c", str(self._config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(_TRIES):
            if self._process.poll() is not None:
                break
            try:
                socket.create_connection((HOST, self.port), 0.2).close()
            except OSError:
                time.sleep(_TRY_EVERY_SECONDS)
            else:
                return self
        self.stop()
        raise SourceUnavailable(f"mosquitto does not answer on {HOST}:{self.port}")

    def stop(self) -> None:
        """End the broker as a power cut would: at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
