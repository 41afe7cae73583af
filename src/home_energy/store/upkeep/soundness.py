"""Whether a file is a sound record: what SQLite says of it, and what it holds."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from home_energy.errors import StoreDamaged, StoreError
from home_energy.store.database import Database
from home_energy.store.migrations import require_known_schema, schema_number

Say = Callable[[str], None]

FAULTS_TOLD = 3


@dataclass(frozen=True, slots=True)
class Sound:
    """What a sound record says of itself.

    Parameters
    ----------
    newest_price
        Begin of the newest price; `None` where there is none. [aware UTC]
    """

    schema_number: int
    newest_price: datetime | None


def inspected(path: Path) -> Sound:
    """Check every page of a file and read what it says of itself.

    By SQLite's quick_check: whether every page is what it should be and every row can
    be read. Its integrity_check goes further, see `mend_indexes`.

    Raises
    ------
    StoreDamaged
        If it is no sound database.
    StoreError
        If it cannot be opened, is not ours or a newer program's.
    """
    with closing(Database(path, read_only=True)) as database:
        faults = _faults(database, "quick_check")
        if faults:
            raise StoreDamaged(
                f"{path}: quick_check finds the record damaged ({faults}); "
                "`home-energy upkeep --mend` puts the newest good backup in its place"
            )
        require_known_schema(database)
        number = schema_number(database)
        return Sound(number, _newest_price(database) if number else None)


def mend_indexes(store: Path, copy: Path) -> str | None:
    """Make indexes anew where they differ from their tables; return what was found.

    They hold nothing of their own, so nothing is lost, and no backup is needed.

    Parameters
    ----------
    copy
        Copy of the record, which is looked at and mended first.

    Raises
    ------
    StoreError
        If integrity_check finds something even in new indexes.
    """
    with closing(Database(copy)) as database:
        found = _faults(database, "integrity_check")
        if not found:
            return None
        database.execute("REINDEX")
        still = _faults(database, "integrity_check")
        if still:
            raise StoreError(
                f"{store}: integrity_check finds what new indexes do not mend "
                f"({still}); every row can be read, older backups stay: report this"
            )
    with closing(Database(store)) as database:
        database.execute("REINDEX")
    return found


def _faults(database: Database, check: str) -> str:
    """What one of SQLite's checks finds; empty when all is well."""
    rows = database.rows(f"PRAGMA {check}({FAULTS_TOLD})")
    if rows == [("ok",)]:
        return ""
    return "; ".join(" ".join(str(row[0]).split()) for row in rows)


def _newest_price(database: Database) -> datetime | None:
    (newest_s,) = database.row("SELECT max(start_utc_s) FROM price") or (None,)
    return None if newest_s is None else datetime.fromtimestamp(newest_s, UTC)
