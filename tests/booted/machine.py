"""What this machine must have before it can boot a guest, and where things lie."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "pi"

MEMORY = Path("/dev/shm")  # noqa: S108 - a place in memory, by its one name
SCRATCH_BYTES = 10 * 2**30
"""Two cards that are written all over, and something to spare."""

PROGRAMS = (
    "e2fsck",
    "git",
    "losetup",
    "mkfs.ext4",
    "mmdebstrap",
    "nsenter",
    "pgrep",
    "systemd-nspawn",
    "unshare",
)


def what_is_missing() -> str | None:
    """Name what keeps this machine from booting a guest, or `None`."""
    if os.geteuid() != 0:
        return "it needs root"
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    if absent:
        return f"not installed: {', '.join(absent)}"
    if unified_cgroup() is None:
        return "no cgroup2 file system is mounted"
    loop = subprocess.run(["losetup", "-f"], capture_output=True, check=False)
    return None if loop.returncode == 0 else "no loop device is free"


def unified_cgroup() -> Path | None:
    """Where the second kind of control groups is mounted."""
    for line in Path("/proc/mounts").read_text().splitlines():
        _, folder, kind, *_ = line.split()
        if kind == "cgroup2":
            return Path(folder)
    return None


def scratch_folder() -> Path:
    """Where cards are copied to: memory where there is enough, for the disk's sake."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > SCRATCH_BYTES:
        return MEMORY
    BUILD.mkdir(parents=True, exist_ok=True)
    return BUILD
