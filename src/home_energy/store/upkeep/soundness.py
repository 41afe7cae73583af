"""Whether a file is a sound record: what SQLite says of it, and what it holds."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from home_energy.errors import StoreDamaged
from home_energy.store.database import Database
from home_energy.store.migrations import require_known_schema, schema_number

Say = Callable[[str], None]

FAULTS_TOLD = 3

QUICK, WHOLE = "quick_check", "integrity_check"
"""The second also holds every index against its table and takes longer."""


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


def inspected(path: Path, check: str = WHOLE) -> Sound:
    """Check a file and read what it says of itself.

    Raises
    ------
    StoreDamaged
        If it is no sound database.
    StoreError
        If it cannot be opened, is not ours or a newer program's.
    """
    with closing(Database(path, read_only=True)) as database:
        require_sound(database, check)
        require_known_schema(database)
        number = schema_number(database)
        return Sound(number, _newest_price(database) if number else None)


def require_sound(database: Database, check: str) -> None:
    """Let SQLite check every page.

    Raises
    ------
    StoreDamaged
        If it finds anything.
    """
    rows = database.rows(f"PRAGMA {check}({FAULTS_TOLD})")
    if rows != [("ok",)]:
        found = "; ".join(" ".join(str(row[0]).split()) for row in rows)
        raise StoreDamaged(
            f"{database.path}: {check} finds the record damaged ({found}); "
            "`home-energy upkeep --mend` puts the newest good backup in its place"
        )


def _newest_price(database: Database) -> datetime | None:
    (newest_s,) = database.row("SELECT max(start_utc_s) FROM price") or (None,)
    return None if newest_s is None else datetime.fromtimestamp(newest_s, UTC)
