"""Named sources run together, from settings to the record, and end together."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.ingestion.emoncms_feeds import KEY

from home_energy.domain.power import Stream
from home_energy.errors import ConfigError
from home_energy.ingestion.power.inbox import (
    Heard,
    PowerInbox,
    PowerItem,
    Trouble,
    Works,
)
from home_energy.ingestion.power.live_sources import named_sources, running
from home_energy.ingestion.power.power_record import PowerRecord
from home_energy.settings import Settings, load_settings
from home_energy.store import Store
from home_energy.store.present_power import PresentPower

NOON = datetime(2026, 1, 15, 1, 0, tzinfo=UTC)
HOLD = timedelta(seconds=30)  # three of 10 s
READING = b'{"time":1768438800,"value":371.5}'  # noon


def settings(folder: Path, toml: str, dotenv: str = f"EMONCMS_KEY={KEY}") -> Settings:
    (folder / "home.toml").write_text(toml)
    (folder / ".env").write_text(dotenv)
    return load_settings(folder, {})


def emoncms_at(port: int) -> str:
    return (
        f'[power.emoncms]\nurl = "http://127.0.0.1:{port}/"\n'
        "[power.emoncms.feeds]\ngrid = 1\n"
    )


@contextmanager
def emoncms(status: int, body: bytes) -> Iterator[int]:
    """An emoncms that says one thing; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_known = self.headers["Authorization"] == f"Bearer {KEY}"
            self.send_response(status if is_known else 401)
            self.end_headers()
            self.wfile.write(body if is_known else b"Invalid API key")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def until(
    inbox: PowerInbox, wanted: Callable[[list[PowerItem]], bool]
) -> list[PowerItem]:
    items: list[PowerItem] = []
    for _ in range(500):
        items += inbox.take()
        if wanted(items):
            return items
        time.sleep(0.01)
    raise AssertionError(f"waited in vain; came: {items}")


def test_a_named_feed_comes_into_the_inbox(tmp_path: Path) -> None:
    inbox = PowerInbox()

    with emoncms(200, READING) as port:
        chosen = settings(tmp_path, emoncms_at(port))
        with running(named_sources(chosen, inbox, lambda: NOON)):
            items = until(inbox, lambda items: Works("emoncms") in items)

    items += inbox.take()
    assert Heard("emoncms", Stream.GRID, NOON, 371.5, HOLD) in items


def test_a_wrong_key_is_on_record_without_the_key(tmp_path: Path) -> None:
    inbox = PowerInbox()
    wrong = "EMONCMS_KEY=canary-wrong-key"
    store = Store.open(tmp_path / "home.sqlite")
    record = PowerRecord(inbox, store, PresentPower(tmp_path / "present"))

    with emoncms(200, READING) as port:
        chosen = settings(tmp_path, emoncms_at(port), wrong)
        with running(named_sources(chosen, inbox, lambda: NOON)):
            (trouble,) = until(inbox, bool)

    inbox.put(trouble)
    record.take(NOON)
    record.keep(NOON)
    (status,) = store.sources.statuses()
    assert status.source == "emoncms"
    assert "does not accept the key (401)" in (status.failure_message or "")
    for file in tmp_path.glob("home.sqlite*"):
        assert b"canary" not in file.read_bytes()


def test_everything_ends_within_a_second_while_hosts_hang(tmp_path: Path) -> None:
    inbox, accepted = PowerInbox(), threading.Semaphore(0)
    with socket.create_server(("127.0.0.1", 0)) as silent, ExitStack() as callers:

        def accept() -> None:
            for _ in range(2):
                callers.enter_context(silent.accept()[0])
                accepted.release()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        port = silent.getsockname()[1]
        chosen = settings(
            tmp_path,
            f'{emoncms_at(port)}[power.powerwall]\nhost = "127.0.0.1"\nport = {port}\n',
            f"EMONCMS_KEY={KEY}\nPOWERWALL_PASSWORD=x\n",
        )
        sources = named_sources(chosen, inbox, lambda: NOON)
        with running(sources):
            assert accepted.acquire(timeout=5)
            assert accepted.acquire(timeout=5)
            before = time.monotonic()
        took_seconds = time.monotonic() - before

    assert took_seconds < 2  # each waits for its thread 0.8 s at most
    assert not any(isinstance(item, Heard) for item in inbox.take())


def test_a_gateway_without_password_is_refused_before_anything_runs(
    tmp_path: Path,
) -> None:
    chosen = settings(tmp_path, '[power.powerwall]\nhost = "192.168.1.30"\n')

    with pytest.raises(ConfigError, match="there is no POWERWALL_PASSWORD"):
        named_sources(chosen, PowerInbox(), lambda: NOON)


def test_a_host_that_is_not_there_is_told(tmp_path: Path) -> None:
    inbox = PowerInbox()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    chosen = settings(tmp_path, emoncms_at(port))

    with running(named_sources(chosen, inbox, lambda: NOON)):
        (trouble,) = until(inbox, bool)

    assert isinstance(trouble, Trouble)
    assert "emoncms feed 1 (grid): not reached (ConnectError)" in trouble.said
