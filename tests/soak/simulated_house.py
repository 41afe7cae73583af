"""The parts of a house whose time runs as fast as the collector can wait.

Each is a process of its own, `python -m tests.soak.simulated_house PART FOLDER ...`,
so that its memory is its own. Only the collector moves the time, which lies in a file.
"""

import logging
import random
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from waitress import create_server

from home_energy.dashboard.app import create_app
from home_energy.demo.amber_server import create_amber_app
from home_energy.demo.clocks import SharedSteppedClock
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SyntheticMarket
from home_energy.domain.clock import Clock, SystemClock
from home_energy.domain.power import Stream
from home_energy.ingestion.collector import Collector
from home_energy.ingestion.power.inbox import Heard, PowerInbox
from home_energy.ingestion.power.power_record import PowerRecord
from home_energy.ingestion.sources.amber import AmberClient
from home_energy.settings import load_settings
from home_energy.store import Store
from home_energy.store.present_power import present_power

START = datetime(2026, 11, 2, 3, 1, 7, tzinfo=UTC)
TOKEN = "psk_soak"
HISTORY_DAYS = 2
METER_PACE = timedelta(seconds=30)
TURN_SECONDS = 30.0
"""Simulated time between two turns of the loop: on the fridge it looks after power each
second, which would take four weeks some hours here."""
PAGE_POLL_SECONDS = 0.25
"""Twenty times as often as on the fridge."""


def simulated_clock(folder: Path) -> SharedSteppedClock:
    """The house's time."""
    return SharedSteppedClock(folder / "clock", START)


def play_amber(clock: Clock, port: int) -> None:
    """Answer as Amber does."""
    market = SyntheticMarket(SyntheticHome())
    app = create_amber_app(market, clock, token=TOKEN)
    create_server(app, host="127.0.0.1", port=port, threads=4).run()


def show(folder: Path, port: int) -> None:
    """Show the screen; its page asks for news without rest."""
    app = create_app(load_settings(folder / "config", {}), simulated_clock(folder))
    app.config["SCREEN_POLL_SECONDS"] = PAGE_POLL_SECONDS
    create_server(app, host="127.0.0.1", port=port, threads=4).run()


def collect(folder: Path, amber_port: int, days: int) -> None:
    """Collect for so many days, with a meter of four streams; then wait to be ended."""
    clock = simulated_clock(folder)
    path = load_settings(folder / "config", {}).home.store
    store = Store.open(path)
    inbox = PowerInbox()
    dice = random.Random(0)
    never = threading.Event()
    with httpx.Client() as http:
        address = f"http://127.0.0.1:{amber_port}/v1/"
        client = AmberClient(http, address, TOKEN, clock)
        power = PowerRecord(inbox, store, present_power(path))
        collector = Collector(
            client, store, clock, history_days=HISTORY_DAYS, power=power
        )
        speaks_at = clock.now()
        while clock.now() < START + timedelta(days=days):
            if clock.now() >= speaks_at:
                speaks_at += METER_PACE
                for stream in Stream:
                    watts = dice.uniform(-5000, 5000)
                    inbox.put(Heard("emonpi", stream, clock.now(), watts))
            clock.wait(max(collector.step(), TURN_SECONDS), never)
    never.wait()


def main() -> None:
    """Be one of the parts."""
    part, folder, port, *days = sys.argv[1:]
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    if part == "amber":
        play_amber(simulated_clock(Path(folder)), int(port))
    elif part == "amber-in-real-time":
        play_amber(SystemClock(), int(port))
    elif part == "show":
        show(Path(folder), int(port))
    else:
        collect(Path(folder), int(port), int(days[0]))


if __name__ == "__main__":
    main()
