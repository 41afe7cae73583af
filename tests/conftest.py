"""What holds for every test."""

import hashlib
import os
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import home_energy
from home_energy.store.database import Database

# numba keeps what it compiled until the function's own file changes, also when one that
# it calls from another file did. The tests keep it until any of the room changes in
# which all that is compiled stands.
ROOM = Path(home_energy.__file__).parent / "analysis" / "simulation"
SOURCES = sorted(ROOM.rglob("*.py"))
STAMP = hashlib.sha256(b"".join(path.read_bytes() for path in SOURCES)).hexdigest()
COMPILED = Path(__file__).parents[1] / "build" / "numba" / STAMP[:16]
os.environ.setdefault("NUMBA_CACHE_DIR", str(COMPILED))


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
