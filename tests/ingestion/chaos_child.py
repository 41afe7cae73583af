"""A collector of its own process, to be killed at any moment."""

import logging
import threading
from datetime import datetime
from pathlib import Path

import httpx

from home_energy.demo.clocks import SharedSteppedClock
from home_energy.ingestion.collector import Collector
from home_energy.ingestion.sources.amber import AmberClient
from home_energy.ingestion.sources.whole_answer import AnswerLimits
from home_energy.store import Store

TOKEN = "psk_chaos"
HISTORY_DAYS = 9
LIMITS = AnswerLimits(silence_seconds=0.25, answer_seconds=1.0)


def collect(base_url: str, folder: Path, started: datetime, until: datetime) -> None:
    """Collect into a folder that also holds the clock and the log."""
    logging.basicConfig(filename=folder / "log", format="%(message)s", level="WARNING")
    try:
        _collect(base_url, folder, started, until)
    except BaseException:
        logging.exception("ended by itself")  # noqa: LOG015
        raise


def _collect(base_url: str, folder: Path, started: datetime, until: datetime) -> None:
    clock = SharedSteppedClock(folder / "clock", started)
    never = threading.Event()
    with httpx.Client() as http:
        collector = Collector(
            AmberClient(http, base_url, TOKEN, clock, LIMITS),
            Store.open(folder / "home.sqlite"),
            clock,
            history_days=HISTORY_DAYS,
        )
        while clock.now() < until:
            clock.wait(collector.step(), never)
