"""The card that holds everything: how it is used, and what wears it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from home_energy.machine.reading import (
    entries_of,
    lines_of,
    setting_of,
    settings_files,
    text_of,
)

_SECTOR_BYTES = 512
"""Unit of /sys/block/*/stat whatever the disk (Linux, Documentation/block/stat.rst)."""
_SECTORS_WRITTEN = 6
"""Place of the figure in that file, from 0."""


@dataclass(frozen=True, slots=True)
class Swap:
    """Where memory goes that does not fit.

    Parameters
    ----------
    name
        `/dev/zram0`, `/var/swap`.
    is_on_card
        Whether it is written to the disk, if only in part.
    """

    name: str
    is_on_card: bool


@dataclass(frozen=True, slots=True)
class Card:
    """The disk of the root file system.

    Parameters
    ----------
    device, filesystem, options
        What is mounted as `/`, and how.
    free_bytes, total_bytes
        Of the file system.
    written_bytes
        By everything on the machine since it started.
    swaps
        `None` where the kernel does not tell.
    is_journal_kept
        Whether the system's log is written to the disk, not only to memory.
    """

    device: str | None
    filesystem: str | None
    options: tuple[str, ...]
    free_bytes: int | None
    total_bytes: int | None
    written_bytes: int | None
    swaps: tuple[Swap, ...] | None
    is_journal_kept: bool | None


def read_card(root: Path) -> Card:
    """Read how the disk is used."""
    device, filesystem, options = _mounted(root)
    free_bytes, total_bytes = _space(root)
    return Card(
        device=device,
        filesystem=filesystem,
        options=options,
        free_bytes=free_bytes,
        total_bytes=total_bytes,
        written_bytes=_written_bytes(root, device),
        swaps=_swaps(root),
        is_journal_kept=_is_journal_kept(root),
    )


def _mounted(root: Path) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Device, kind and options of `/`; what was mounted last covers the rest."""
    found: tuple[str | None, str | None, tuple[str, ...]] = (None, None, ())
    for line in lines_of(root / "proc/mounts") or ():
        words = line.split()
        if len(words) >= 4 and words[1] == "/":
            found = words[0], words[2], tuple(words[3].split(","))
    return found


def _space(root: Path) -> tuple[int | None, int | None]:
    try:
        usage = shutil.disk_usage(root)
    except OSError:
        return None, None
    return usage.free, usage.total


def _written_bytes(root: Path, device: str | None) -> int | None:
    """Of the disk that has the partition: `mmcblk0` for `/dev/mmcblk0p2`."""
    if device is None or not device.startswith("/dev/"):
        return None
    partition = device.removeprefix("/dev/")
    for disk in entries_of(root / "sys/block"):
        if partition == disk.name or (disk / partition).is_dir():
            figures = (text_of(disk / "stat") or "").split()
            if len(figures) > _SECTORS_WRITTEN:
                return int(figures[_SECTORS_WRITTEN]) * _SECTOR_BYTES
    return None


def _swaps(root: Path) -> tuple[Swap, ...] | None:
    lines = lines_of(root / "proc/swaps")
    if lines is None:
        return None
    names = [line.split()[0] for line in lines[1:] if line.strip()]
    return tuple(Swap(name, _is_on_card(root, name)) for name in names)


def _is_on_card(root: Path, name: str) -> bool:
    """Compressed memory is not, unless it hands what lies long on to a file."""
    if not name.startswith("/dev/zram"):
        return True
    behind = text_of(root / "sys/block" / name.removeprefix("/dev/") / "backing_dev")
    return behind not in (None, "none")


def _is_journal_kept(root: Path) -> bool | None:
    """`Storage=auto`, the usual, keeps the log where its folder was made."""
    if not (root / "run/systemd").is_dir():
        return None
    files = settings_files(root, "systemd/journald.conf", "systemd/journald.conf.d")
    storage = setting_of(files, "Storage") or "auto"
    if storage == "auto":
        return (root / "var/log/journal").is_dir()
    return storage == "persistent"
