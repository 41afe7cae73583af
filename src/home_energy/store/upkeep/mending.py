"""What is done where the record is damaged, and where another one is to take its place.

The damaged file is never written: it gets a second name, and then its first name is
given to a finished file. A power cut leaves the old record or the new one; what was
begun is begun again at the next start.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from home_energy.errors import DataError, StoreDamaged, StoreError
from home_energy.store.database import Database
from home_energy.store.migrations import migrate
from home_energy.store.upkeep.backup_files import backups_of
from home_energy.store.upkeep.durable import flush_folder, put_in_place
from home_energy.store.upkeep.outcome import (
    SetAside,
    aside_path,
    note_aside,
    set_aside_files,
)
from home_energy.store.upkeep.packing import unpacked
from home_energy.store.upkeep.soundness import Say, Sound, inspected

ASIDE_KEPT = 3
"""Damaged records that are kept: a card that dies must not fill itself with them."""

_LOGS = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Mended:
    """A damaged record, and what took its place.

    Parameters
    ----------
    aside
        The damaged record and the backup that replaced it.
    sound
        What the record says of itself now.
    unreadable
        Newer backups that could not be used.
    """

    aside: SetAside
    sound: Sound
    unreadable: tuple[str, ...]


def fault_of(store: Path) -> str | None:
    """What is wrong with the record; `None` for a sound one. Nothing is written.

    A record that is gone or empty is damaged where there are backups of it.

    Raises
    ------
    StoreError
        If it cannot be looked at, is not ours or a newer program's.
    """
    if not store.exists() or store.stat().st_size == 0:
        return f"{store}: the record is gone" if backups_of(store) else None
    try:
        inspected(store)
    except StoreDamaged as error:
        return str(error)
    return None


def mend(store: Path, now: datetime, say: Say) -> Mended | None:
    """Put the newest good backup in the place of a damaged record.

    Without any, a new record begins. The damaged one stays beside it.

    Parameters
    ----------
    now
        By this machine's clock. [aware UTC]

    Returns
    -------
    Mended or None
        `None` where the record is sound; nothing was written then.

    Raises
    ------
    StoreError
        If the disk has no room for it; all is as it was.
    """
    say("checking the record")
    # Looked at twice: what could not be read for a moment is no damage.
    if fault_of(store) is None or (fault := fault_of(store)) is None:
        return None
    unreadable: list[str] = []
    with _new_record(store) as new:
        replaced_by = _put_newest_backup(store, new, say, unreadable)
        sound = inspected(new)
        aside = _link_aside(store, _aside_name(store, now))
        note_aside(SetAside(aside, now, fault, replaced_by))
        _take_its_place(new, store)
    _forget_oldest(store)
    noted = next(each for each in set_aside_files(store) if each.path == aside)
    return Mended(noted, sound, tuple(unreadable))


def restore(store: Path, backup: Path, say: Say) -> Sound:
    """Put a backup in the record's place, which stays beside it as `.replaced`.

    The collector must not be running. Of records that were replaced the last is kept.

    Parameters
    ----------
    backup
        A backup of the upkeep's, or a plain copy of a record.

    Raises
    ------
    DataError
        If the backup cannot be read.
    StoreError
        If it is no sound record, or there is no room; all is as it was.
    """
    if backup.exists() and store.exists() and backup.samefile(store):
        raise StoreError(f"{backup}: is the record itself; name a backup of it")
    say(f"reading {backup.name}")
    with _new_record(store) as new:
        _write(new, backup)
        say("checking it")
        sound = inspected(new)
        _keep_replaced(store)
        _take_its_place(new, store)
    return sound


def replaced_path(store: Path) -> Path:
    """Name of the record that was last replaced by a restored one."""
    return store.with_name(f"{store.name}.replaced")


@contextmanager
def _new_record(store: Path) -> Iterator[Path]:
    """Name for a record that is being made; nothing half is left there."""
    new = store.with_name(f"{store.name}.restoring")
    _remove(new)
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        yield new
    except OSError as error:
        raise StoreError(
            f"{store}: another record could not be put in its place "
            f"({error.strerror or error}); it is as it was, free some space"
        ) from error
    finally:
        _remove(new)


def _put_newest_backup(
    store: Path, new: Path, say: Say, unreadable: list[str]
) -> datetime | None:
    """Write the newest good backup, else a record with nothing in it; when it was."""
    for backup in backups_of(store):
        say(f"reading {backup.path.name}")
        try:
            _write(new, backup.path)
            inspected(new)
        except (DataError, StoreDamaged):
            unreadable.append(backup.path.name)
            _remove(new)
        else:
            return backup.taken_at
    with closing(Database(new)) as database:
        database.use_write_ahead_log()
        migrate(database)
    return None


def _write(new: Path, backup: Path) -> None:
    with new.open("wb") as file:
        file.writelines(unpacked(backup))


def _aside_name(store: Path, now: datetime) -> Path:
    """Name to keep the damaged record under: that of a mend that was cut, or a new."""
    for aside in set_aside_files(store):
        if store.exists() and aside.path.samefile(store):
            return aside.path
    while (path := aside_path(store, now)).exists():
        now += timedelta(seconds=1)
    return path


def _link_aside(store: Path, aside: Path) -> Path:
    """Give record and log a second name; what is gone leaves an empty file."""
    for ending in ("", *_LOGS):
        part, kept = _beside(store, ending), _beside(aside, ending)
        if part.exists():
            kept.unlink(missing_ok=True)
            kept.hardlink_to(part)
    aside.touch()
    flush_folder(store.parent)
    return aside


def _keep_replaced(store: Path) -> None:
    """Keep what is to be replaced under another name, with its log written back."""
    if not store.exists():
        return
    with suppress(StoreError), closing(Database(store)) as database:
        database.row("PRAGMA wal_checkpoint(TRUNCATE)")
    replaced = replaced_path(store)
    _remove(replaced)
    _link_aside(store, replaced)


def _take_its_place(new: Path, store: Path) -> None:
    """Let the new record take the name of the old one, whose log must not be in it."""
    for ending in _LOGS:
        _beside(store, ending).unlink(missing_ok=True)
        _beside(new, ending).unlink(missing_ok=True)
    flush_folder(store.parent)
    put_in_place(new, store)


def _forget_oldest(store: Path) -> None:
    for aside in set_aside_files(store)[ASIDE_KEPT:]:
        _remove(aside.path)
        _beside(aside.path, ".json").unlink(missing_ok=True)


def _remove(record: Path) -> None:
    for ending in ("", *_LOGS):
        _beside(record, ending).unlink(missing_ok=True)


def _beside(record: Path, ending: str) -> Path:
    return record.with_name(f"{record.name}{ending}")
