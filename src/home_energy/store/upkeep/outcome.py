"""What the last upkeep came to, what was set aside, and the newest backup: to be told.

Small files that anybody may read who may read the record; the record itself may be
what cannot be read.
"""

import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from home_energy.store.upkeep.backup_files import (
    backups_folder,
    backups_of,
    moment_of,
    stamp,
)
from home_energy.store.upkeep.durable import write_whole


@dataclass(frozen=True, slots=True)
class LastRun:
    """How the last upkeep went.

    Parameters
    ----------
    failure
        Why it failed; `None` where all was done.
    is_damaged
        Whether it found the record damaged.
    """

    at: datetime
    failure: str | None = None
    is_damaged: bool = False


@dataclass(frozen=True, slots=True)
class SetAside:
    """A damaged record that was moved out of the way.

    Parameters
    ----------
    path
        Where it is now.
    fault
        What was found; `None` where that was not noted.
    replaced_by
        When the backup was taken that is in its place; `None` for a new record.
    """

    path: Path
    at: datetime
    fault: str | None = None
    replaced_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class UpkeepState:
    """What is known of the upkeep where it runs.

    Parameters
    ----------
    newest_backup_at
        `None` where there is no backup yet.
    folder_made_at
        Since when nothing has been put into the folder of backups.
    """

    newest_backup_at: datetime | None
    folder_changed_at: datetime
    last_run: LastRun | None


def upkeep_state(store: Path) -> UpkeepState | None:
    """What is known of a store's upkeep; `None` where none runs."""
    folder = backups_folder(store)
    try:
        changed_at = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
        backups = backups_of(store)
    except OSError:
        return None
    newest_at = backups[0].taken_at if backups else None
    return UpkeepState(newest_at, changed_at, last_run(store))


def last_run(store: Path) -> LastRun | None:
    """How the last upkeep went; `None` where none is on file."""
    try:
        said = json.loads(_last_run_path(store).read_text())
        at = datetime.fromisoformat(said["at"])
        return LastRun(at, said["failure"], bool(said["is_damaged"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def note_run(store: Path, run: LastRun) -> None:
    """Keep how an upkeep went."""
    said = asdict(run) | {"at": run.at.isoformat()}
    write_whole(_last_run_path(store), json.dumps(said))


def aside_path(store: Path, at: datetime) -> Path:
    """Name under which a store that was found damaged at a moment is kept."""
    return store.with_name(f"{store.name}.damaged-{stamp(at)}")


def set_aside_files(store: Path) -> list[SetAside]:
    """Damaged records that were moved out of the way, newest first."""
    pattern = re.compile(rf"{re.escape(store.name)}\.damaged-(\d{{8}}T\d{{6}}Z)")
    try:
        paths = list(store.parent.iterdir())
    except OSError:
        return []
    found = [
        _with_note(path, at)
        for path in paths
        if (match := pattern.fullmatch(path.name)) and (at := moment_of(match[1]))
    ]
    return sorted(found, key=lambda aside: aside.at, reverse=True)


def note_aside(aside: SetAside) -> None:
    """Keep what is known of a damaged record beside it."""
    replaced_by = aside.replaced_by.isoformat() if aside.replaced_by else None
    said = {"fault": aside.fault, "replaced_by": replaced_by}
    write_whole(_note_path(aside.path), json.dumps(said))


def _with_note(path: Path, at: datetime) -> SetAside:
    try:
        said = json.loads(_note_path(path).read_text())
        replaced_by = said["replaced_by"]
        taken_at = datetime.fromisoformat(replaced_by) if replaced_by else None
        return SetAside(path, at, said["fault"], taken_at)
    except (OSError, ValueError, KeyError, TypeError):
        return SetAside(path, at)


def _note_path(aside: Path) -> Path:
    return aside.with_name(f"{aside.name}.json")


def _last_run_path(store: Path) -> Path:
    return backups_folder(store) / f"{store.stem}-last-upkeep.json"
