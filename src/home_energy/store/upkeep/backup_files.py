"""Which backups there are, by their names, and which of them are kept.

A backup is *whole*, or holds the *changes* since a whole one, which it rests on.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from home_energy.store.upkeep.packing import CHANGES

KEPT_DAYS = 7
KEPT_WEEKS = 4

_PARTIAL = "partial-"
_STAMP = "%Y%m%dT%H%M%SZ"
_WHOLE = ".sqlite.gz"


@dataclass(frozen=True, slots=True)
class Backup:
    """A file that holds the record as it was at a moment.

    Parameters
    ----------
    taken_at
        By this machine's clock, and never before an older one. [aware UTC]
    """

    path: Path
    taken_at: datetime
    is_whole: bool


def backups_folder(store: Path) -> Path:
    """Where the backups of a store are."""
    return store.parent / "backups"


def stamp(moment: datetime) -> str:
    """`20261122T164000Z`, for names."""
    return moment.astimezone(UTC).strftime(_STAMP)


def moment_of(stamped: str) -> datetime | None:
    """Moment that a name tells; `None` for digits that are none. [aware UTC]"""
    try:
        return datetime.strptime(stamped, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def backups_of(store: Path) -> list[Backup]:
    """Backups of a store, newest first; files of other names are not ours."""
    found = [
        Backup(path, taken_at, is_whole=path.name.endswith(_WHOLE))
        for path, taken_at in _ours(store, "")
    ]
    return sorted(found, key=lambda backup: backup.taken_at, reverse=True)


def half_made(store: Path) -> list[Path]:
    """What is left of backups in whose making the power was cut."""
    return [path for path, _ in _ours(store, _PARTIAL)]


def partial_path(path: Path) -> Path:
    """Name of a file while it is being made."""
    return path.with_name(f"{_PARTIAL}{path.name}")


def _ours(store: Path, prefix: str) -> list[tuple[Path, datetime]]:
    """Files of backups whose names have a prefix, and the moments they tell."""
    pattern = re.compile(
        rf"{prefix}{re.escape(store.stem)}-(\d{{8}}T\d{{6}}Z)(\.sqlite|\.changes)\.gz"
    )
    folder = backups_folder(store)
    return [
        (path, taken_at)
        for path in (folder.iterdir() if folder.is_dir() else ())
        if (match := pattern.fullmatch(path.name))
        and (taken_at := moment_of(match[1]))
        and path.is_file()
    ]


def next_backup(
    store: Path, now: datetime, older: Sequence[Backup], *, is_whole: bool
) -> Backup:
    """Name of the next backup. A clock that was put back does not make it older."""
    taken_at = now.astimezone(UTC).replace(microsecond=0)
    if older:
        taken_at = max(taken_at, older[0].taken_at + timedelta(seconds=1))
    ending = _WHOLE if is_whole else CHANGES
    name = f"{store.stem}-{stamp(taken_at)}{ending}"
    return Backup(backups_folder(store) / name, taken_at, is_whole)


def kept(backups: Iterable[Backup]) -> set[Backup]:
    """Those that are kept for their day or week, without what they rest on.

    The newest of each of the last seven days that have one, and of each of the last
    four weeks that have one: a machine that was off for a month loses none by that.
    """
    newest_first = sorted(backups, key=lambda each: each.taken_at, reverse=True)
    by_day: dict[object, Backup] = {}
    by_week: dict[object, Backup] = {}
    for backup in newest_first:
        by_day.setdefault(backup.taken_at.date(), backup)
        by_week.setdefault(backup.taken_at.isocalendar()[:2], backup)
    return {
        *list(by_day.values())[:KEPT_DAYS],
        *list(by_week.values())[:KEPT_WEEKS],
    }
