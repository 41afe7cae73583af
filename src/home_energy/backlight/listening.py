"""Hears how bright the panel shall be, in per cent, and sets it."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from home_energy.backlight.panels import Panels
from home_energy.systemd import ServiceManager

_log = logging.getLogger(__name__)

FULL_PERCENT = 100
SOCKET_NAME = "backlight.sock"
"""Of the socket, in the folder that the services of a machine share."""

SILENT_AFTER_SECONDS = 120.0
"""Whoever tells the brightness does so every few seconds; without it there is light."""
WAIT_SECONDS = 5.0
LONGEST_WORD = 16


class Backlight:
    """How bright the panels are, by what was heard last.

    Parameters
    ----------
    monotonic
        Seconds that never jump.
    """

    def __init__(
        self, panels: Panels, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._panels = panels
        self._monotonic = monotonic
        self._heard_seconds = monotonic()
        self._is_silent = False
        self._panels.set_percent(FULL_PERCENT)

    def hear(self, word: bytes) -> None:
        """Take a wanted brightness, such as `5`; anything else is passed over."""
        try:
            percent = int(word.decode("ascii"))
        except ValueError:
            _log.warning("expected per cent from 1 to 100, heard %r", word)
            return
        self._heard_seconds = self._monotonic()
        self._is_silent = False
        self._panels.set_percent(min(max(1, percent), FULL_PERCENT))

    def look_after(self) -> None:
        """Give full light once nobody has told anything for too long."""
        silent_seconds = self._monotonic() - self._heard_seconds
        if not self._is_silent and silent_seconds >= SILENT_AFTER_SECONDS:
            self._is_silent = True
            self._panels.set_percent(FULL_PERCENT)


@contextmanager
def listening(path: Path) -> Iterator[socket.socket]:
    """Socket at a path, for this user alone, that takes one word in a datagram."""
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        before = os.umask(0o177)
        try:
            listener.bind(str(path))
        finally:
            os.umask(before)
        listener.settimeout(WAIT_SECONDS)
        try:
            yield listener
        finally:
            path.unlink(missing_ok=True)


def listen(
    listener: socket.socket,
    backlight: Backlight,
    manager: ServiceManager,
    stop: threading.Event,
) -> None:
    """Hear and set until told to stop; whoever watches is told with every round."""
    manager.ready("listening for the brightness")
    while not stop.is_set():
        try:
            backlight.hear(listener.recv(LONGEST_WORD))
        except TimeoutError:
            backlight.look_after()
        manager.alive()
