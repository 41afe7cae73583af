"""`python -m home_energy.backlight`: what home-energy-backlight.service runs."""

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path

from home_energy.backlight.listening import (
    FULL_PERCENT,
    SOCKET_NAME,
    Backlight,
    listen,
    listening,
)
from home_energy.backlight.panels import Panels
from home_energy.systemd import ServiceManager, runtime_folder


def main() -> int:
    """Listen until this program is ended; it leaves the light on."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    runtime = runtime_folder() or Path("/run/home-energy")
    parser = argparse.ArgumentParser(prog="python -m home_energy.backlight")
    parser.add_argument("--socket", type=Path, default=runtime / SOCKET_NAME)
    parser.add_argument("--panels", type=Path, default=Path("/sys/class/backlight"))
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    panels = Panels(asked.panels)
    manager = ServiceManager.from_environment()
    try:
        with listening(asked.socket) as listener:
            listen(listener, Backlight(panels), manager, threading.Event())
    finally:
        panels.set_percent(FULL_PERCENT)
    return 0


sys.exit(main())
