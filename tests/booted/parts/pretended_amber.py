"""Amber as the guest finds it: the demo's market, answering on the guest's loopback.

Runs with the release's own Python. PRETENDED_DELAY_SECONDS makes every answer late.
"""

import os
import signal
import time
from pathlib import Path

from home_energy.demo.amber_server import create_amber_app
from home_energy.demo.serving import serving
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SyntheticMarket
from home_energy.domain.clock import SystemClock

PORT = 5055
CANARY_FILE = Path(__file__).with_name("token")


def main() -> None:
    delay_seconds = float(os.environ.get("PRETENDED_DELAY_SECONDS", "0"))
    market = SyntheticMarket(SyntheticHome())
    token = CANARY_FILE.read_text().strip()
    app = create_amber_app(market, SystemClock(), token=token)
    app.before_request(lambda: time.sleep(delay_seconds))
    with serving(app, PORT):
        signal.pause()


main()
