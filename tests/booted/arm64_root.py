"""Roots of Debian for arm64 on a machine that is something else, under qemu-user.

A command in a root has mount and process namespaces of its own: what it mounted is gone
and what it started has ended when it ends, however it ends. Units are not started here:
systemd under qemu-user is not what it is on a Pi (`test_16k_pages` boots it).
"""

import os
import platform
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.booted.machine import BUILD, ROOT

MIRROR = "http://deb.debian.org/debian"

PACKAGES = (
    *("systemd", "systemd-sysv", "dbus", "udev", "libpam-systemd", "systemd-timesyncd"),
    *("iproute2", "kmod", "python3", "python3-venv", "ca-certificates", "sqlite3"),
    *("procps", "curl", "git"),
)
"""What Raspberry Pi OS Lite has of what is used here."""

COMPILERS = ("cc", "gcc", "g++", "clang", "rustc", "cargo", "gfortran", "make")

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

A_PIS_CORE = {"QEMU_CPU": "cortex-a76"}
"""That of a Raspberry Pi 5. qemu's own choice signs every return address, as code of
Trixie asks it to, and computes that eighteen times as slowly as all the rest."""

_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
"""This machine's, for a network that looks into what passes."""

_INSIDE = """
set -e
root=$1; shift
if [ -n "$THROWN_AWAY" ]; then
    over=$(mktemp -d)
    mount -t tmpfs tmpfs "$over"
    mkdir "$over/upper" "$over/work" "$over/root"
    layers=lowerdir=$root,upperdir=$over/upper,workdir=$over/work
    mount -t overlay -o "$layers" overlay "$over/root"
    root=$over/root
fi
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/tmp"
exec chroot "$root" "$@"
"""


class Root:
    """One root in a folder.

    Parameters
    ----------
    folder
        Where `/` is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(
        self,
        *words: str,
        timeout_seconds: float = 600,
        environment: Mapping[str, str] | None = None,
        is_thrown_away: bool = False,
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command as root in it, with this machine's network.

        Both streams come in `stdout`, as a person would see them. What is thrown away
        is every change to the root, when the command ends.
        """
        given = {"PATH": PATH, "HOME": "/root", "LC_ALL": "C.UTF-8", **A_PIS_CORE}
        given |= environment or {}
        lines = [f"{name}={value}" for name, value in given.items()]
        return subprocess.run(
            [
                *(*_APART, "sh", "-c", _INSIDE, "sh", self.folder),
                *("env", "-i", *lines, *words),
            ],
            check=False,
            env=os.environ | {"THROWN_AWAY": "yes" if is_thrown_away else ""},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            timeout=timeout_seconds,
        )

    def timed(self, *words: str) -> tuple[str, float]:
        """Run a command that has to succeed: what it printed, how long it took. [s]"""
        began = time.monotonic()
        done = self.run(*words, timeout_seconds=1800)
        assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}"
        return done.stdout, time.monotonic() - began

    def check(self, *words: str) -> str:
        """Run a command that has to succeed, and give what it printed."""
        return self.timed(*words)[0]

    def path(self, inside: str) -> Path:
        """Where a file of the root is for this machine."""
        return self.folder / inside.lstrip("/")


_APART = (
    *("setpriv", "--pdeathsig", "KILL"),
    *("unshare", "--mount", "--pid", "--fork", "--kill-child"),
)
"""Of mounts and processes of its own, which nobody else sees, and none outlives us."""


def why_not() -> str | None:
    """What this machine lacks for arm64 roots; `None` when they can be made."""
    for tool in ("unshare", "mmdebstrap", "qemu-aarch64-static", "arch-test"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    if os.geteuid() != 0:
        return "chroot needs root"
    if platform.machine() != "aarch64" and not _runs_arm64():
        return "binfmt_misc does not know qemu-aarch64: update-binfmts --enable"
    return None


def _runs_arm64() -> bool:
    done = subprocess.run(["arch-test", "arm64"], check=False, capture_output=True)
    return done.returncode == 0


@cache
def base(suite: str, architecture: str = "arm64", *more: str) -> Path:
    """Root of Debian as it comes, in a tar; made once and kept.

    Parameters
    ----------
    suite
        Such as ``"trixie"``.
    architecture
        Debian's word.
    more
        Packages beside `PACKAGES`.
    """
    name = "-".join([suite, architecture, *(["more"] if more else [])])
    tar = BUILD / "roots" / f"{name}.tar"
    if not tar.exists():
        tar.parent.mkdir(parents=True, exist_ok=True)
        partial = tar.with_name(f"{name}.partial.tar")
        made = [f"--architectures={architecture}", "--variant=minbase"]
        wanted = f"--include={','.join([*PACKAGES, *more])}"
        run_here(["mmdebstrap", "--quiet", *made, wanted, suite, partial, MIRROR])
        partial.rename(tar)
    return tar


def unpacked(tar: Path, folder: Path) -> Root:
    """Unpack a root, with what it needs to reach the network as this machine does."""
    removed(folder)
    folder.mkdir(parents=True)
    run_here(["tar", "-C", folder, "--exclude=./dev/*", "-xf", tar])
    for name in ("resolv.conf", "hosts"):
        target = folder / "etc" / name
        target.unlink(missing_ok=True)
        shutil.copy(Path("/etc") / name, target)
    shutil.copy(_CERTIFICATES, folder / _CERTIFICATES.relative_to("/"))
    (folder / "etc/machine-id").write_text("0123456789abcdef0123456789abcdef\n")
    return Root(folder)


def removed(folder: Path) -> None:
    """Remove a root, unless something is mounted in it."""
    mounted = Path("/proc/mounts").read_text()
    assert f" {folder}" not in mounted, f"something is mounted below {folder}"
    if folder.exists():
        shutil.rmtree(folder)


def installed_trees() -> str:
    """Names of what is installed: of the last commit, never what is being edited."""
    trees = [f"HEAD:{name}" for name in ("src", "pi", "docs", "pyproject.toml")]
    return run_here(["git", "-C", ROOT, "rev-parse", *trees])


def run_here(words: Sequence[str | Path]) -> str:
    """Run a command of this machine that has to succeed."""
    done = subprocess.run(
        words,
        check=False,
        env=os.environ | A_PIS_CORE,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{' '.join(map(str, words))}\n{done.stderr}"
    return done.stdout.strip()
