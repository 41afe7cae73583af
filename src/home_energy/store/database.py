"""One SQLite file: how it is opened, written and what its errors mean.

WAL with `synchronous=FULL`: a row whose transaction was acknowledged survives a
power cut. With NORMAL up to half a minute of rows was lost when the power was cut.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from home_energy.errors import StoreDamaged, StoreError

LOCK_TIMEOUT_SECONDS = 10.0
LOCK_RETRY_SECONDS = 0.02

PAGE_BYTES = 1024
"""A commit writes whole pages to the card, and the collector changes a few rows in
each of some tables: with 4096 a day of collecting wrote 28 MB, with 1024 it is 13."""

CHECKPOINT_PAGES = 4000
"""The log is written back into the file when it has so many pages, 4 MB."""

COPIED_AT_ONCE_PAGES = 4096
"""So many pages are copied between two words on how far the copy is."""

Row = tuple[Any, ...]


class Database:
    """A connection that speaks in `StoreError` and writes only in transactions.

    Parameters
    ----------
    path
        The SQLite file; its folder must exist.
    read_only
        Refuse every write on this connection; the file must exist.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        mode = "ro" if read_only else "rwc"
        with self._own_errors():
            # isolation_level=None: transactions begin and end where we say.
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=LOCK_TIMEOUT_SECONDS,
                isolation_level=None,
            )
        try:
            self.execute("PRAGMA synchronous=FULL")
            self.execute("PRAGMA foreign_keys=ON")
            self.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        except BaseException:
            self.close()
            raise

    def use_write_ahead_log(self) -> None:
        """Let readers read while one writes. The file remembers it.

        Raises
        ------
        StoreError
            If the file cannot be written.
        """
        mode = self.row("PRAGMA journal_mode")
        if mode != ("wal",):
            self.execute(f"PRAGMA page_size={PAGE_BYTES}")  # holds for a new file only
            self._leave_rollback_journal()
        # Ask for the right to write: a file opened read-only by its permissions says
        # so only at the first change. What is rolled back never reaches the disk.
        (schema,) = self.row("PRAGMA user_version") or (0,)
        self.execute("BEGIN IMMEDIATE")
        try:
            self.execute(f"PRAGMA user_version = {schema}")
        finally:
            self.execute("ROLLBACK")

    def _leave_rollback_journal(self) -> None:
        # SQLite reads the file before it turns it. Where another program is writing by
        # then, waiting could be for ever in its eyes: it refuses at once, whatever the
        # timeout. Here the other is another start of ours, and soon done.
        tries_end = time.monotonic() + LOCK_TIMEOUT_SECONDS
        with self._own_errors():
            while True:
                try:
                    self._connection.execute("PRAGMA journal_mode=WAL")
                except sqlite3.OperationalError as error:
                    if not _is_busy(error) or time.monotonic() > tries_end:
                        raise
                    time.sleep(LOCK_RETRY_SECONDS)
                else:
                    return

    def rows(self, sql: str, parameters: Iterable[Any] = ()) -> list[Row]:
        """Every row of a query."""
        with self._own_errors():
            return self._connection.execute(sql, tuple(parameters)).fetchall()

    def row(self, sql: str, parameters: Iterable[Any] = ()) -> Row | None:
        """Return the first row of a query, or `None`."""
        with self._own_errors():
            row: Row | None = self._connection.execute(
                sql, tuple(parameters)
            ).fetchone()
            return row

    def execute(self, sql: str, parameters: Iterable[Any] = ()) -> int:
        """Run one statement and return how many rows it changed."""
        with self._own_errors():
            return self._connection.execute(sql, tuple(parameters)).rowcount

    def execute_many(self, sql: str, rows: Iterable[Iterable[Any]]) -> None:
        """Run one statement for every row."""
        with self._own_errors():
            self._connection.executemany(sql, [tuple(row) for row in rows])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block or nothing of it. Inside another one it joins that one."""
        with self._between("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """One state of the record for every read of the block, whoever writes."""
        with self._between("BEGIN DEFERRED"):
            yield

    @contextmanager
    def _between(self, begin: str) -> Iterator[None]:
        if self._connection.in_transaction:
            yield
            return
        self.execute(begin)
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # the first error is the one to tell
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
            raise

    def copy_to(self, path: Path, on_progress: Callable[[float], None]) -> None:
        """Copy the record as it is now into a new file, by SQLite's online backup.

        Whoever writes meanwhile goes on: all of the copy is one snapshot.

        Parameters
        ----------
        on_progress
            Is told the share that is copied, 0 to 1.
        """

        def on_pages(_: int, remaining: int, total: int) -> None:
            on_progress(1.0 - remaining / total if total else 1.0)

        try:
            # The copy is flushed by who keeps it.
            with closing(sqlite3.connect(path)) as target, self.snapshot():
                target.execute("PRAGMA synchronous=OFF")
                self.row("SELECT 1 FROM sqlite_master")  # a snapshot begins by reading
                self._connection.backup(
                    target, pages=COPIED_AT_ONCE_PAGES, progress=on_pages, sleep=0.0
                )
        except sqlite3.Error as error:
            if _is_damage(error) or _is_busy(error):
                raise _own_error(error, self.path) from error
            raise _own_error(error, path) from error

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def __del__(self) -> None:
        """Give the file back when nobody did."""
        connection = getattr(self, "_connection", None)
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    @contextmanager
    def _own_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _own_error(error, self.path) from error


def _own_error(error: sqlite3.Error, path: Path) -> StoreError:
    kind = StoreDamaged if _is_damage(error) else StoreError
    return kind(_explain(error, path))


def _is_damage(error: sqlite3.Error) -> bool:
    code: str = getattr(error, "sqlite_errorname", "")
    return code.startswith(
        # The last two: a block of the card that cannot be read stays so.
        ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_READ", "SQLITE_IOERR_CORRUPT")
    )


def _is_busy(error: sqlite3.Error) -> bool:
    code: str = getattr(error, "sqlite_errorname", "")
    return code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _explain(error: sqlite3.Error, path: Path) -> str:
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith("SQLITE_FULL"):
        return f"{path}: the disk is full, nothing was changed; free some space"
    if _is_busy(error):
        return (
            f"{path}: another program held the store for more than "
            f"{LOCK_TIMEOUT_SECONDS:.0f} s; close it and try again"
        )
    if _is_damage(error):
        return (
            f"{path}: this is not a readable SQLite database ({error}); to restore a "
            "backup run `home-energy upkeep --mend`, which moves the file aside first"
        )
    if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return (
            f"{path}: cannot be opened or written ({error}); "
            "check that the folder exists and that file and folder belong to you"
        )
    if code.startswith("SQLITE_IOERR"):
        return (
            f"{path}: the disk did not read or write ({code}), nothing was changed; "
            "check its free space and its health"
        )
    return f"{path}: the store failed: {error}"
