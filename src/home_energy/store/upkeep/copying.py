"""A copy of the record in memory, to check and to pack without wear or waiting.

The live record is read once, in one snapshot, while the collector writes. Checking it
for seconds would hold a snapshot of it as long, and its log would grow meanwhile.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from home_energy.errors import StoreError
from home_energy.store.database import Database
from home_energy.store.upkeep.soundness import Say
from home_energy.systemd import runtime_folder

_PREFIX = "home-energy-upkeep-"
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
SPARE_BYTES = 100_000_000
"""Of memory that stays free beside the copy, for this process and for others."""


@contextmanager
def copied(store: Path, say: Say) -> Iterator[Path]:
    """Copy the record into a folder of its own, which is gone afterwards.

    In memory where there is enough of it, else beside the record.

    Raises
    ------
    StoreError
        If there is no room for the copy anywhere, or the record cannot be read.
    """
    folder = _roomy_folder(store)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=folder) as own:
        copy = Path(own) / store.name
        with closing(Database(store, read_only=True)) as database:
            database.copy_to(
                copy, lambda share: say(f"copying the record, {share:.0%}")
            )
        yield copy


def clear_left_over(store: Path) -> None:
    """Remove copies that a killed run left. Only one may run at a time."""
    for folder in (runtime_folder(), store.parent):
        for left in folder.glob(f"{_PREFIX}*") if folder else ():
            shutil.rmtree(left, ignore_errors=True)


def _roomy_folder(store: Path) -> Path:
    # What is in the log may be in the file by then: both are counted.
    log = store.with_name(f"{store.name}-wal")
    needed = sum(part.stat().st_size for part in (store, log) if part.exists())
    for folder in (runtime_folder(), _SHARED_MEMORY):
        if folder and _has_room(folder, needed) and _has_memory(needed):
            return folder
    if _has_room(store.parent, needed):
        return store.parent
    raise StoreError(
        f"{store}: no room to copy it for its backup: {needed / 1e6:.0f} MB are needed "
        f"in memory or in {store.parent}; free some space, older backups stay"
    )


def _has_room(folder: Path, needed: int) -> bool:
    try:
        return shutil.disk_usage(folder).free > needed
    except OSError:
        return False


def _has_memory(needed: int) -> bool:
    """Whether the machine, and who limits this process, leave so much memory."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        found = dict(line.split(":", 1) for line in lines)
        free = int(found["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return False
    return min(free, _memory_limit()) > needed + SPARE_BYTES


def _memory_limit() -> float:
    """What the service may take at most; without end where nothing limits it. [bytes]

    A file in memory counts as taken by who wrote it.
    """
    try:
        own = Path("/proc/self/cgroup").read_text().rpartition("0::/")[2].strip()
        limit = Path("/sys/fs/cgroup", own, "memory.max").read_text().strip()
        return float("inf") if limit == "max" else int(limit)
    except (OSError, ValueError):
        return float("inf")
