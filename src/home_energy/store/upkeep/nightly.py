"""The night's work: tidy, check, back up, and remove what is no longer kept.

Each step leaves what was there before usable, and nothing old goes before the new
backup has been read back from the card.
"""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from home_energy.errors import DataError, HomeEnergyError, StoreDamaged, StoreError
from home_energy.store.database import Database
from home_energy.store.upkeep.backup_files import (
    Backup,
    backups_folder,
    backups_of,
    half_made,
    kept,
    next_backup,
    partial_path,
)
from home_energy.store.upkeep.copying import clear_left_over, copied
from home_energy.store.upkeep.durable import (
    flush_file,
    flush_folder,
    forget_in_memory,
    put_in_place,
)
from home_energy.store.upkeep.outcome import LastRun, note_run
from home_energy.store.upkeep.packing import (
    base_of,
    chunks_of,
    pack_changes,
    pack_whole,
    sha256_of,
    unpacked,
)
from home_energy.store.upkeep.soundness import Say, Sound, inspected, mend_indexes

WHOLE_EVERY = timedelta(days=28)
MOST_CHANGED_FRACTION = 0.5
"""Changes larger than this part of the whole backup: then a new whole one is due."""
OPTIMISE_ALL_TABLES = 0x10002
"""Also those that this connection has not asked; SQLite before 3.46 skips these."""
ROWS_LOOKED_AT = 1000
"""Of each index, for SQLite's statistics: a sample is enough to choose an index."""


@dataclass(frozen=True, slots=True)
class Upkept:
    """What a night's upkeep did.

    Parameters
    ----------
    store_bytes, backup_bytes, log_bytes
        Size of the record, of the new backup, and of the log that is left. [bytes]
    removed
        Names of older backups that were no longer kept.
    index_faults
        What was wrong with indexes, which were made anew; `None` where nothing was.
    """

    sound: Sound
    backup: Backup
    store_bytes: int
    backup_bytes: int
    log_bytes: int
    removed: tuple[str, ...]
    index_faults: str | None


def keep_up(store: Path, now: datetime, say: Say) -> Upkept:
    """Tidy, check and back up a record; note how that went.

    Parameters
    ----------
    now
        By this machine's clock. [aware UTC]
    say
        Is told what is being done.

    Raises
    ------
    StoreDamaged
        If the record is damaged; older backups stay, and no new one is made.
    StoreError
        If there is no record, no room, or another upkeep runs.
    """
    require_record(store)
    with only_upkeep(store):
        _make_folder(backups_folder(store))
        try:
            done = _keep_up(store, now, say)
        except HomeEnergyError as error:
            failed = LastRun(now, str(error), isinstance(error, StoreDamaged))
            with suppress(OSError):  # the first error is the one to tell
                note_run(store, failed)
            raise
        note_run(store, LastRun(now))
    return done


def back_up_to(store: Path, into: Path, say: Say) -> Sound:
    """Copy the record as it is now into a file, whole and checked.

    Through gzip where the name ends in `.gz`.

    Raises
    ------
    StoreDamaged
        If the record is damaged; then no file is made.
    StoreError
        If there is no record, the file is there already or cannot be written.
    """
    require_record(store)
    if into.exists():
        raise StoreError(f"{into}: is there already; name a file that is not")
    with only_upkeep(store), copied(store, say) as copy:
        say("checking the copy")
        sound = inspected(copy)
        say(f"writing {into}")
        with _written_or_gone(into) as partial:
            if into.name.endswith(".gz"):
                pack_whole(copy, partial)
            else:
                with partial.open("wb") as file:
                    file.writelines(chunks_of(copy))
            _finish(into, sha256_of(chunks_of(copy)), say)
    return sound


def require_record(store: Path) -> None:
    """Refuse where there is nothing to care for.

    Raises
    ------
    StoreError
        If there is no record.
    """
    if not store.exists():
        raise StoreError(
            f"{store}: there is no store yet; `home-energy collect` or "
            "`home-energy import` makes it"
        )


@contextmanager
def only_upkeep(store: Path) -> Iterator[None]:
    """Refuse a second upkeep of one store.

    Raises
    ------
    StoreError
        If another one runs, or the lock cannot be written.
    """
    path = store.with_suffix(".upkeep-lock")
    with ExitStack() as held:
        try:
            lock = held.enter_context(path.open("a"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(
                f"{store}: another upkeep of this store is running; wait until it is "
                "done"
            ) from error
        except OSError as error:
            raise StoreError(
                f"{path}: cannot be written ({error.strerror or error}); check that "
                "its folder belongs to you and that there is space"
            ) from error
        yield


def _keep_up(store: Path, now: datetime, say: Say) -> Upkept:
    clear_left_over(store)
    for left in half_made(store):
        left.unlink()
    say("tidying the record")
    _tidy(store)
    with copied(store, say) as copy:
        say("checking the record")
        sound = inspected(copy)
        index_faults = mend_indexes(store, copy)
        backup = _back_up(store, copy, now, say)
        store_bytes = copy.stat().st_size
    return Upkept(
        sound=sound,
        backup=backup,
        store_bytes=store_bytes,
        backup_bytes=backup.path.stat().st_size,
        log_bytes=_log_bytes(store),
        removed=tuple(_remove_old(store)),
        index_faults=index_faults,
    )


def _tidy(store: Path) -> None:
    """Refresh SQLite's statistics and write its log back into the file."""
    with closing(Database(store)) as database:
        database.execute(f"PRAGMA analysis_limit={ROWS_LOOKED_AT}")
        database.execute(f"PRAGMA optimize={OPTIMISE_ALL_TABLES}")
        database.row("PRAGMA wal_checkpoint(TRUNCATE)")


def _log_bytes(store: Path) -> int:
    log = store.with_name(f"{store.name}-wal")
    return log.stat().st_size if log.exists() else 0


def _back_up(store: Path, copy: Path, now: datetime, say: Say) -> Backup:
    """Write a backup of a sound copy and read it back from the card."""
    sha256 = sha256_of(chunks_of(copy))
    older = backups_of(store)
    base = _base_for_changes(older, now)
    if base is not None:
        say("packing what has changed")
        backup = next_backup(store, now, older, is_whole=False)
        with _written_or_gone(backup.path) as partial:
            if _are_packed(copy, base.path, partial, sha256):
                _finish(backup.path, sha256, say)
                return backup
    say("packing the whole record")
    backup = next_backup(store, now, older, is_whole=True)
    with _written_or_gone(backup.path) as partial:
        pack_whole(copy, partial)
        _finish(backup.path, sha256, say)
    return backup


def _base_for_changes(older: list[Backup], now: datetime) -> Backup | None:
    """Newest whole backup, where it is new enough for changes to rest on it."""
    newest = next((backup for backup in older if backup.is_whole), None)
    if newest is None or now - newest.taken_at >= WHOLE_EVERY:
        return None
    return newest


def _are_packed(copy: Path, base: Path, partial: Path, sha256: str) -> bool:
    """Pack changes; not where they are many, or what they would rest on is broken."""
    try:
        pack_changes(copy, base, partial, sha256)
    except DataError:
        return False
    return partial.stat().st_size <= MOST_CHANGED_FRACTION * base.stat().st_size


def _finish(path: Path, sha256: str, say: Say) -> None:
    """Let a packed file take its name once it reads from the card as it should."""
    partial = partial_path(path)
    flush_file(partial)
    forget_in_memory(partial)
    say("reading the backup back")
    if not _reads_as(partial, sha256):
        raise StoreError(
            f"{path}: what was written does not read as it was; older backups stay, "
            "try another card"
        )
    put_in_place(partial, path)


def _reads_as(path: Path, sha256: str) -> bool:
    try:
        return sha256_of(unpacked(path)) == sha256
    except DataError:
        return False


@contextmanager
def _written_or_gone(path: Path) -> Iterator[Path]:
    """Name to write under; nothing half is left there, and a full disk is told."""
    partial = partial_path(path)
    try:
        yield partial
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written ({error.strerror or error}); what was there "
            "before stays, free some space"
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def _remove_old(store: Path) -> list[str]:
    """Remove backups that are no longer kept; nothing kept may rest on them."""
    backups = backups_of(store)
    staying = {backup.path for backup in kept(backups)}
    for backup in kept(backups):
        if not backup.is_whole:
            with suppress(DataError):  # what cannot be read rests on nothing
                staying.add(base_of(backup.path))
    leaving = [backup.path for backup in backups if backup.path not in staying]
    for path in leaving:
        path.unlink()
    if leaving:
        flush_folder(backups_folder(store))
    return [path.name for path in leaving]


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{folder}: the folder of backups cannot be made ({error}); check that "
            "the folder above belongs to you and that there is space"
        ) from error
