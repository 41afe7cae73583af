"""A kernel with the page size of a Raspberry Pi 5, and what starts it from a card.

Debian's own `linux-image-arm64-16k`, fetched as a package and never installed: of its
modules the ones that mount the card go into a small archive of first files.
"""

import lzma
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.booted.arm64_root import MIRROR, run_here
from tests.booted.machine import BUILD

SUITE = "trixie"

KERNEL_PACKAGE, SHELL_PACKAGE = "linux-image-arm64-16k", "busybox-static"

_KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"

_FIRST_MODULES = ("crc32c_generic", "virtio_blk", "ext4")
"""Without the first, which none of the others names, ext4 does not mount."""

_FIRST_PROGRAM = """#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t devtmpfs dev /dev
for module in $(/bin/busybox cat /order); do /bin/busybox insmod /$module; done
/bin/busybox mount -t ext4 -o rw,noatime /dev/vda /new
/bin/busybox umount /proc
/bin/busybox mount -o move /dev /new/dev
exec /bin/busybox switch_root /new /sbin/init
"""


@dataclass(frozen=True, slots=True)
class Linux:
    """What qemu starts.

    Parameters
    ----------
    kernel, first_files
        The image, and an archive that mounts the first disk and goes on from there.
    name
        Of the kernel, as `uname -r` gives it.
    """

    kernel: Path
    first_files: Path
    name: str


def linux_16k() -> Linux:
    """Kernel of pages of 16 KiB, fetched now if it is not there."""
    folder = BUILD / "linux-16k"
    if not folder.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILD, prefix="new-") as scratch:
            made = Path(scratch) / "made"
            made.mkdir()
            _make(Path(scratch), made)
            made.rename(folder)
    name = (folder / "name").read_text()
    return Linux(folder / "vmlinuz", folder / "first-files", name)


def _make(scratch: Path, made: Path) -> None:
    packages = _fetched(scratch)
    unpacked = scratch / "unpacked"
    for package in packages:
        run_here(["dpkg", "-x", package, unpacked])
    (kernel,) = (unpacked / "boot").glob("vmlinuz-*")
    shutil.copy(kernel, made / "vmlinuz")
    (made / "name").write_text(kernel.name.removeprefix("vmlinuz-"))
    (made / "first-files").write_bytes(_archive(_first_files(unpacked)))


def _fetched(scratch: Path) -> list[Path]:
    """Both packages, by an apt whose lists are its own."""
    for name in ("lists/partial", "cache/archives/partial", "debs"):
        (scratch / name).mkdir(parents=True)
    sources = scratch / "sources.list"
    sources.write_text(f"deb [arch=arm64 signed-by={_KEYS}] {MIRROR} {SUITE} main\n")
    settings = {
        "APT::Architecture": "arm64",
        "APT::Architectures": "arm64",
        "Dir::State::lists": scratch / "lists",
        "Dir::State::status": "/dev/null",
        "Dir::Cache": scratch / "cache",
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "/dev/null",
    }
    apart = [
        word for name, value in settings.items() for word in ("-o", f"{name}={value}")
    ]
    run_here(["apt-get", *apart, "-qq", "update"])
    depends = run_here(["apt-cache", *apart, "depends", KERNEL_PACKAGE])
    kernel = depends.partition("Depends: ")[2].split()[0]
    down: list[str | Path] = [
        "sh",
        "-c",
        'cd "$0" && exec apt-get "$@"',
        scratch / "debs",
        *apart,
    ]
    run_here([*down, "-qq", "download", kernel, SHELL_PACKAGE])
    return sorted((scratch / "debs").glob("*.deb"))


def _first_files(unpacked: Path) -> dict[str, bytes]:
    """The shell, the modules and the program that loads them in their order."""
    every = {path.name.split(".")[0]: path for path in unpacked.rglob("*.ko.xz")}
    files: dict[str, bytes] = {}
    order: list[str] = []

    def add(name: str) -> None:
        known = name if name in every else name.replace("_", "-")
        if known not in every or f"{known}.ko" in order:
            return  # built in, or there already
        code = lzma.decompress(every[known].read_bytes())
        _before, _found, rest = code.partition(b"\0depends=")
        for other in rest.partition(b"\0")[0].decode().split(","):
            add(other)
        files[f"{known}.ko"] = code
        order.append(f"{known}.ko")

    for name in _FIRST_MODULES:
        add(name)
    return files | {
        "bin/busybox": (unpacked / "usr/bin/busybox").read_bytes(),
        "init": _FIRST_PROGRAM.encode(),
        "order": "\n".join(order).encode(),
    }


def _archive(files: dict[str, bytes]) -> bytes:
    """A `newc` archive: folders, then files, all of which may be run."""
    folders = ("bin", "proc", "dev", "new")
    entries = [_entry(name, b"", 0o040755) for name in folders]
    entries += [_entry(name, content, 0o100755) for name, content in files.items()]
    return b"".join([*entries, _entry("TRAILER!!!", b"", 0)])


def _entry(name: str, content: bytes, mode: int) -> bytes:
    written = name.encode() + b"\0"
    #      inode, mode, user, group, links, time, size, 4 devices, name's size, check
    head = (0, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(written), 0)
    line = b"070701" + b"".join(b"%08X" % value for value in head) + written
    return b"".join(_to_four(line, content))


def _to_four(*parts: bytes) -> Iterator[bytes]:
    for part in parts:
        yield part + b"\0" * (-len(part) % 4)
