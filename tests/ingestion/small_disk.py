"""A real disk of some megabytes: a file system in a file, which only root may mount."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

DISK_BYTES = 24 << 20


class SmallDisk:
    """A mounted disk that can be filled to the last byte and freed again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Leave no byte to anybody."""
        with (self.folder / "ballast").open("ab", buffering=0) as ballast:
            for size in (1 << 16, 1 << 10, 1):
                try:
                    while True:
                        ballast.write(bytes(size))
                except OSError:
                    continue
        os.sync()  # what was promised room is given it

    def free(self) -> None:
        """Delete what a person would delete."""
        (self.folder / "ballast").unlink()


@contextmanager
def small_disk(image: Path, folder: Path) -> Iterator[SmallDisk]:
    """Mount a new disk for the block; skip the test where that is not allowed."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    with image.open("wb") as file:
        file.truncate(DISK_BYTES)
    folder.mkdir()
    make = ["mkfs.ext4", "-q", "-F", "-m", "0", str(image)]
    mount = ["mount", "-o", "loop,noatime", str(image), str(folder)]
    for command in (make, mount):
        done = _ran(command)
        if done is not None:
            pytest.skip(f"no small disk can be mounted here: {done}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _ran(command: list[str]) -> str | None:
    """Run a command; return why it failed."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        return str(error)
    return done.stderr.strip() or f"{command[0]} failed" if done.returncode else None
