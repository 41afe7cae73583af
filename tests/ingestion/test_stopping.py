"""The loop ends when it is told to: between deeds, while it waits, in a dead answer."""

import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from tests.ingestion import hanging_child
from tests.ingestion.amber_answers import BASE_URL, response

from home_energy.demo.clocks import SteppedClock
from home_energy.domain.clock import SystemClock
from home_energy.ingestion.collector import Collector
from home_energy.ingestion.sources.amber import AmberClient
from home_energy.store import Store

SOON_SECONDS = 8
"""Less than the 10 s for which an answer may be silent: nobody waited for it."""


def silent_collector(folder: Path, stop: threading.Event) -> Collector:
    """Hears of no site, and is told to stop while it asks."""

    def answering(_request: httpx.Request) -> httpx.Response:
        stop.set()
        return response([])

    clock = SystemClock()
    http = httpx.Client(transport=httpx.MockTransport(answering))
    client = AmberClient(http, BASE_URL, "psk_x", clock)
    return Collector(client, Store.open(folder / "home.sqlite"), clock)


@pytest.mark.timeout(SOON_SECONDS)
def test_a_stop_ends_the_loop_instead_of_its_wait(tmp_path: Path) -> None:
    stop = threading.Event()

    silent_collector(tmp_path, stop).run(stop)

    assert stop.is_set()


def test_a_stop_before_the_start_asks_nothing(tmp_path: Path) -> None:
    def never(_request: httpx.Request) -> httpx.Response:
        raise AssertionError

    clock = SteppedClock(datetime(2026, 11, 22, tzinfo=UTC))
    http = httpx.Client(transport=httpx.MockTransport(never))
    stop = threading.Event()
    stop.set()

    store = Store.open(tmp_path / "home.sqlite")
    Collector(AmberClient(http, BASE_URL, "psk_x", clock), store, clock).run(stop)

    assert store.sources.statuses() == []


def test_a_signal_ends_it_in_the_middle_of_a_dead_answer(tmp_path: Path) -> None:
    path = tmp_path / "home.sqlite"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1/"
        command = [sys.executable, "-m", hanging_child.__name__, url, str(path)]
        with subprocess.Popen(command, stderr=subprocess.PIPE) as child:
            caller, _ = listener.accept()
            with caller:
                assert caller.recv(10) == b"GET /v1/si"  # it waits for an answer now
                child.send_signal(signal.SIGTERM)
                _, said = child.communicate(timeout=SOON_SECONDS)

    assert child.returncode == 0, said
    assert b"Traceback" not in said
    check = sqlite3.connect(path)
    assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check.close()
    assert Store.open_read_only(path).sources.statuses() == []  # nothing half-written
