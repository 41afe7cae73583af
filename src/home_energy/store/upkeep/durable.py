"""Files that are there whole after a power cut, or not at all."""

import os
from pathlib import Path


def flush_file(path: Path) -> None:
    """Wait until what was written to a file is on the card."""
    _flush(path, os.O_RDONLY)


def flush_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the card as they are now."""
    _flush(folder, os.O_RDONLY | os.O_DIRECTORY)


def put_in_place(new: Path, path: Path) -> None:
    """Let a finished file take a name; a power cut leaves the old one or the new."""
    flush_file(new)
    new.replace(path)
    flush_folder(path.parent)


def write_whole(path: Path, text: str) -> None:
    """Write a small file that is never half there."""
    new = path.with_name(f"{path.name}.partial")
    new.write_text(text)
    put_in_place(new, path)


def forget_in_memory(path: Path) -> None:
    """Let the next read of a flushed file come from the card itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def _flush(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
