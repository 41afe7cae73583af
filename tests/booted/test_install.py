"""The installer on a card: said beforehand, repeated, opened, and taken away."""

import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.booted.card import CANARY, CLONE, Card, changed_root, inserted, scratch_copy
from tests.booted.figures import Figures

SETTINGS = "etc/home-energy"
STATE = "var/lib/home-energy"
PIN = "482911"
APART = ("proc", "dev", "sys", "run", "tmp", "wheels")
CMDLINE = "console=tty1 root=PARTUUID=4e639091-02 rootwait consoleblank=600"
FSTAB = "PARTUUID=4e639091-02  /  ext4  defaults  0  1"
AGAIN_WITHIN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Pi:
    """A card's root, and how to run something in it. No systemd runs there."""

    root: Path
    inside: Sequence[str]

    def install(self, *options: str) -> "subprocess.CompletedProcess[str]":
        """Run the installer, with what it says in one text."""
        return subprocess.run(
            [*self.inside, f"{CLONE}/pi/install.sh", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def files(self) -> dict[str, tuple[int, ...]]:
        """Mode, owners, size and time of every file."""
        return {
            str(path): _facts(path)
            for place in self.root.iterdir()
            if place.name not in APART and not place.is_symlink()
            for path in (place, *place.rglob("*"))
        }

    def text(self, name: str) -> str:
        """What a file holds."""
        return (self.root / name).read_text()

    def mode(self, name: str) -> str:
        """Who may read a file, such as `640 root:home-energy`."""
        done = subprocess.run(
            [*self.inside, "stat", "-c", "%a %U:%G", f"/{name}"],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()


@pytest.fixture
def pi(card: Card) -> Iterator[Pi]:
    """A Pi as the installer left it, with what Raspberry Pi OS has beside Debian."""
    with scratch_copy(card) as copy, inserted(copy) as root:
        (root / "boot/firmware").mkdir(parents=True)
        (root / "boot/firmware/cmdline.txt").write_text(f"{CMDLINE}\n")
        (root / "etc/fstab").write_text(f"{FSTAB}\n")
        with changed_root(root) as inside:
            yield Pi(root, inside)


def test_dry_run_says_every_step_and_does_none(pi: Pi) -> None:
    before = pi.files()

    done = pi.install("--dry-run", "--lan", "--rotate", "90")

    assert done.returncode == 0, done.stdout
    assert "would write /boot/firmware/cmdline.txt" in done.stdout
    assert "would write /etc/home-energy/kiosk.env" in done.stdout
    assert pi.files() == before


def test_second_run_changes_nothing(pi: Pi, figures: Figures) -> None:
    pi.install()
    before = pi.files()

    began = time.monotonic()
    done = pi.install()
    took_seconds = time.monotonic() - began

    figures.note("install.sh again", f"{took_seconds:.1f} s", "seconds")
    assert done.stdout.startswith("nothing to change: release ")
    assert pi.files() == before
    assert took_seconds < AGAIN_WITHIN_SECONDS


def test_settings_may_be_read_by_few_and_nobody_loses_theirs(pi: Pi) -> None:
    mine = pi.text(f"{SETTINGS}/home.toml") + "\n[dashboard]\nport = 5050  # mine\n"
    (pi.root / SETTINGS / "home.toml").write_text(mine)
    (pi.root / SETTINGS / "home.toml").chmod(0o644)
    (pi.root / "root/pin").write_text(f"{PIN}\n")

    done = pi.install("--lan", "--pin-file", "/root/pin", "--rotate", "180")

    assert done.returncode == 0, done.stdout
    assert pi.text(f"{SETTINGS}/home.toml") == mine.replace(
        "[dashboard]\n", '[dashboard]\nhost = "0.0.0.0"\n'
    )
    assert pi.text(f"{SETTINGS}/kiosk.env") == "KIOSK_ROTATE=180\n"
    assert PIN not in done.stdout
    assert CANARY not in done.stdout
    assert {
        name: pi.mode(name)
        for name in (
            *(SETTINGS, f"{SETTINGS}/home.toml", f"{SETTINGS}/amber-token"),
            *(f"{SETTINGS}/dashboard-pin", f"{SETTINGS}/kiosk.env", STATE),
        )
    } == {
        SETTINGS: "750 root:home-energy",
        f"{SETTINGS}/home.toml": "640 root:home-energy",
        f"{SETTINGS}/amber-token": "600 root:root",
        f"{SETTINGS}/dashboard-pin": "600 root:root",
        f"{SETTINGS}/kiosk.env": "640 root:home-energy",
        STATE: "750 home-energy:home-energy",
    }


def test_what_is_taken_away_leaves_settings_and_record_only(pi: Pi) -> None:
    pi.install()
    (pi.root / STATE / "home.sqlite").write_text("the record")

    done = pi.install("--uninstall")

    left, record = _ours(pi), pi.text(f"{STATE}/home.sqlite")
    purged = pi.install("--uninstall", "--purge-data")
    assert done.returncode == 0, done.stdout
    assert left == {f"/{SETTINGS}", f"/{STATE}", *OF_THE_GUEST}
    assert pi.text("boot/firmware/cmdline.txt").split() == CMDLINE.split()
    assert pi.text("etc/fstab") == f"{FSTAB}\n"
    assert record == "the record"
    assert purged.returncode == 0, purged.stdout
    assert _ours(pi) == OF_THE_GUEST


OF_THE_GUEST = {"/etc/systemd/system/home-energy-kiosk.service.d"}
"""A file of somebody else's for our unit stays."""


def _ours(pi: Pi) -> set[str]:
    """Places that have our name, but for the clone itself."""
    done = subprocess.run(
        [
            *(*pi.inside, "find", "/", "-xdev", "-name", "*home-energy*", "-prune"),
            *("!", "-path", "/run/*", "!", "-path", f"{CLONE}*"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return set(done.stdout.split())


def _facts(path: Path) -> tuple[int, ...]:
    found = path.lstat()
    return (
        *(found.st_mode, found.st_uid, found.st_gid),
        *(found.st_size, found.st_mtime_ns),
    )
