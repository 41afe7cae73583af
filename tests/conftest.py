"""What holds for every test."""

import os
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from home_energy.store.database import Database


@pytest.fixture(autouse=True, scope="session")
def _power_of_now_is_nowhere_else(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what tests tell the screen out of the memory that homes share."""
    os.environ["RUNTIME_DIRECTORY"] = str(tmp_path_factory.mktemp("runtime"))


@pytest.fixture(autouse=True)
def _stores_are_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the stores that a test opened and left open.

    Python 3.13 warns of a connection that only the garbage collector closes, at a
    moment of its own choosing, and so in some other test.
    """
    opened: list[weakref.ref[Database]] = []
    initialise = Database.__init__

    def remember(self: Database, path: Path, *, read_only: bool = False) -> None:
        opened.append(weakref.ref(self))
        initialise(self, path, read_only=read_only)

    monkeypatch.setattr(Database, "__init__", remember)
    yield
    for reference in opened:
        database = reference()
        if database is not None and hasattr(database, "_connection"):
            with suppress(sqlite3.ProgrammingError):  # of a thread that closes it
                database.close()


LONGEST_FIRST = ("car", "chaos", "browser")
"""Groups that each run in one process for minutes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest groups, so that no process is left alone with one."""

    def place(item: pytest.Item) -> int:
        groups = {one for m in item.iter_markers("xdist_group") for one in m.args}
        found = [n for n, name in enumerate(LONGEST_FIRST) if name in groups]
        return min(found, default=len(LONGEST_FIRST))

    items.sort(key=place)
