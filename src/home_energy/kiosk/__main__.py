"""`python -m home_energy.kiosk`: what home-energy-kiosk.service runs."""

import argparse
import logging
import os
import shlex
import sys
from pathlib import Path

from home_energy.kiosk.browser import (
    browser_command,
    browser_environment,
    forget_profile,
)
from home_energy.kiosk.guard import NIGHTLY, Kiosk, run
from home_energy.systemd import ServiceManager

_log = logging.getLogger(__name__)

TRANSFORMS = ("90", "180", "270")


def main() -> int:
    """Show the page until it has to be started anew. 0 when that was planned."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(prog="python -m home_energy.kiosk")
    parser.add_argument("--address", default="http://127.0.0.1:5050")
    parser.add_argument("--first-page", required=True, help="address shown first")
    asked = parser.parse_args()
    runtime = Path(os.environ["XDG_RUNTIME_DIR"])
    forget_profile(runtime)
    more = shlex.split(os.environ.get("KIOSK_EXTRA", ""))
    transform = os.environ.get("KIOSK_ROTATE") or None
    if transform is not None and transform not in TRANSFORMS:
        _log.warning("KIOSK_ROTATE=%s: expected one of 90, 180, 270", transform)
        transform = None
    kiosk = Kiosk(
        command=browser_command(asked.first_page, runtime, more),
        environment=browser_environment(dict(os.environ), runtime),
        address=asked.address,
        runtime=runtime,
        transform=transform,
    )
    reason = run(kiosk, ServiceManager.from_environment())
    _log.info("starting anew: %s", reason)
    return 0 if reason == NIGHTLY else 1


sys.exit(main())
