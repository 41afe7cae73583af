"""The price comes in and the end is prompt, whatever else in the home is dead."""

import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.conftest import AmberServer, CommandLine
from tests.cli.dead_hosts import DEAD

Wait = Callable[[Callable[[], bool]], None]


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A host that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield server.getsockname()[1]


def test_silent_hosts_hold_up_neither_the_price_nor_the_end(
    command_line: CommandLine,
    amber_server: AmberServer,
    silent_port: int,
    wait_until: Wait,
) -> None:
    command_line.configure(amber_server.address)
    settings = command_line.config / "home.toml"
    settings.write_text(settings.read_text() + DEAD.format(port=silent_port))
    with (command_line.config / ".env").open("a") as secrets:
        secrets.write("EMONCMS_KEY=1234\nPOWERWALL_PASSWORD=1234\n")
    collector = command_line.start("collect")
    store = command_line.folder / "home.sqlite"

    wait_until(lambda: _price_count(store) > 0)
    asked_at = time.monotonic()
    collector.send_signal(signal.SIGTERM)
    said, _ = collector.communicate(timeout=20)

    assert collector.returncode == 0, said
    assert time.monotonic() - asked_at < 5.0  # the promise itself, not a timing


def _price_count(store: Path) -> int:
    if not store.exists():
        return 0
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        try:
            (count,) = connection.execute("SELECT count(*) FROM price").fetchone()
        except sqlite3.OperationalError:  # not made yet
            return 0
    return int(count)
