"""A guest: systemd and everything above it, booted from a card in a container.

What is not there: a kernel of its own, a graphics device, a network, and a clock of its
own. Everything else is as on the Pi, from the first unit to the picture.

::

    with booted(card) as guest:
        guest.wait_for_beat()
        guest.run("systemctl", "restart", "home-energy-collect")
        guest.cut_power(to=Path("cut.img"))
"""

import filecmp
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.booted.card import (
    INSIDE,
    WHEELS,
    WHEELS_INSIDE,
    Card,
    copy_sparse,
    inserted,
)
from tests.booted.machine import unified_cgroup

LOOK_EVERY_SECONDS = 0.1
BEAT_WITHIN_SECONDS = 90.0
NOT_MORE_SECONDS = 120.0
ANSWER_WITHIN_SECONDS = "4"
PROGRAM = "http://127.0.0.1:5050"
KIOSK_RUNTIME = "/run/home-energy-kiosk"
NAMESPACES = ("-m", "-p", "-n", "-i", "-u")
COPIES = 20
SETTLE_SECONDS = 2.0
"""What a page has to lay itself out anew in another size."""

FSCK_CLEAN = (0, 1)
FSCK_EXPECTED = ("recovering journal", "Clearing orphaned inode")
"""What every cut leaves behind, and the kernel too would put right at the mount."""


class Guest:
    """One boot of one card.

    Parameters
    ----------
    card
        That it was booted from.
    folder
        Where the card is mounted: the guest's `/`, readable from outside.
    leader
        Process of its first program, as this machine counts.
    began_seconds
        When the power came, by `time.monotonic`. [s]
    """

    def __init__(
        self, card: Card, folder: Path, leader: int, began_seconds: float
    ) -> None:
        self.card = card
        self.folder = folder
        self.leader = leader
        self.began_seconds = began_seconds

    @property
    def up_seconds(self) -> float:
        """Since the power came. [s]"""
        return time.monotonic() - self.began_seconds

    def try_run(
        self, *command: str, timeout_seconds: float = NOT_MORE_SECONDS
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command inside as root, whatever comes of it."""
        enter = ["nsenter", "-t", str(self.leader), *NAMESPACES, *INSIDE]
        return subprocess.run(
            [*enter, *command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_seconds,
            check=False,
        )

    def run(self, *command: str, timeout_seconds: float = NOT_MORE_SECONDS) -> str:
        """Run a command inside as root and give what it printed; it must succeed."""
        done = self.try_run(*command, timeout_seconds=timeout_seconds)
        said = done.stdout.decode() + done.stderr.decode()
        assert done.returncode == 0, f"{command}: {done.returncode}\n{said}"
        return done.stdout.decode()

    def shell(self, script: str, timeout_seconds: float = NOT_MORE_SECONDS) -> str:
        """Run a line of shell inside."""
        return self.run("bash", "-c", script, timeout_seconds=timeout_seconds)

    def unit(self, name: str, value: str) -> str:
        """One property of a unit, such as `ActiveState` or `MainPID`."""
        return self.run("systemctl", "show", "--value", "-p", value, name).strip()

    def ask(self, path: str, *options: str) -> tuple[int, bytes]:
        """Ask the screen's program; status 0 where nobody answers."""
        done = self.try_run(
            *(
                "curl",
                "-s",
                "-m",
                ANSWER_WITHIN_SECONDS,
                "-w",
                "\n%{http_code}",
                *options,
            ),
            f"{PROGRAM}{path}",
        )
        body, _, status = done.stdout.rpartition(b"\n")
        return int(status or b"0"), body

    def health(self) -> dict[str, Any] | None:
        """Answer of `/healthz`, or `None` where no program with settings answers."""
        _, body = self.ask("/healthz")
        try:
            told: dict[str, Any] = json.loads(body)
        except ValueError:
            return None
        return told

    def wait_until(
        self,
        holds: Callable[[], bool],
        *,
        within_seconds: float = NOT_MORE_SECONDS,
        what: str = "it",
    ) -> float:
        """Wait until something holds; return how long that took. [s]"""
        began = time.monotonic()
        while not holds():
            passed_seconds = time.monotonic() - began
            assert passed_seconds < within_seconds, (
                f"{what} does not hold after {passed_seconds:.0f} s\n{self.story()}"
            )
            time.sleep(LOOK_EVERY_SECONDS)
        return time.monotonic() - began

    def wait_until_served(self, within_seconds: float = BEAT_WITHIN_SECONDS) -> float:
        """Wait until the screen's program answers; return how long it took. [s]"""
        return self.wait_until(
            lambda: self.health() is not None,
            within_seconds=within_seconds,
            what="the program's answer",
        )

    def wait_for_beat(
        self,
        within_seconds: float = BEAT_WITHIN_SECONDS,
        since_seconds: float | None = None,
    ) -> float:
        """Wait for a beat that the page sends after this; return how long. [s]

        Parameters
        ----------
        since_seconds
            When the beat may be sent at the earliest, by `time.monotonic`. [s]
        """
        began = time.monotonic() if since_seconds is None else since_seconds

        def has_beaten() -> bool:
            age_seconds = (self.health() or {}).get("page_beat_age_seconds")
            return age_seconds is not None and (age_seconds < time.monotonic() - began)

        self.wait_until(
            has_beaten, within_seconds=within_seconds, what="a beat of the page"
        )
        return time.monotonic() - began

    def wait_until_settled(self) -> str:
        """Wait until the boot is over; give systemd's own word, such as `running`."""
        done = self.try_run("systemctl", "is-system-running", "--wait")
        return done.stdout.decode().strip()

    def story(self) -> str:
        """What the journal holds of our units: for who reads a failure."""
        done = self.try_run(
            "journalctl", "-n", "60", "--no-pager", "-u", "home-energy-*"
        )
        return done.stdout.decode()

    def show(self, mode: str = "800x480", transform: str = "normal") -> None:
        """Give the panel another size, and turn it."""
        turned = ["--custom-mode", mode, "--transform", transform]
        self.run(*self._wayland(), "wlr-randr", "--output", "HEADLESS-1", *turned)
        time.sleep(SETTLE_SECONDS)

    def picture(self) -> bytes:
        """What the panel shows, as a PNG."""
        done = self.try_run(*self._wayland(), "grim", "-l", "1", "-")
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def _wayland(self) -> list[str]:
        return ["env", f"XDG_RUNTIME_DIR={KIOSK_RUNTIME}", "WAYLAND_DISPLAY=wayland-0"]

    def cut_power(self, to: Path) -> tuple[Card, str]:
        """Cut the power; give the card as it is then, and how `e2fsck` found it.

        What the guest had not brought to its card is lost, but for what the kernel
        writes until the copy is taken. The guest is dead afterwards.
        """
        self.kill()
        self._copy_of_one_moment(to)
        checked = subprocess.run(
            ["e2fsck", "-fp", to], capture_output=True, text=True, check=False
        )
        said = checked.stdout + checked.stderr
        assert checked.returncode in FSCK_CLEAN, said
        return Card(to), _what_was_mended(said)

    def _copy_of_one_moment(self, to: Path) -> None:
        """Copy the card until the kernel wrote nothing to it meanwhile.

        Otherwise the end of a copy is younger than its beginning, as on no card.
        """
        for _attempt in range(COPIES):
            copy_sparse(self.card.path, to)
            if filecmp.cmp(self.card.path, to, shallow=False):
                return
            to.unlink()
        raise TimeoutError(f"{self.card.path} is written to without end")

    def kill(self) -> None:
        """End everything inside at once."""
        with suppress(ProcessLookupError):
            os.kill(self.leader, signal.SIGKILL)
        while Path(f"/proc/{self.leader}/root").exists():
            time.sleep(0.01)


@contextmanager
def booted(card: Card, *options: str) -> Iterator[Guest]:
    """Boot a card, and leave nothing behind whatever happens.

    Parameters
    ----------
    options
        For `systemd-nspawn`, such as `--bind=FOLDER:/mnt`.
    """
    with inserted(card) as folder, _own_cgroup() as cgroup, _log_file() as log:
        began_seconds = time.monotonic()
        container = subprocess.Popen(
            [
                *("sh", "-c", 'echo $$ >"$0" && exec "$@"', cgroup / "cgroup.procs"),
                *("systemd-nspawn", "-q", "-D", folder, "-b", "--machine=pi"),
                *("--register=no", "--keep-unit", "--private-network"),
                *("--resolv-conf=off", "--timezone=off", "--console=pipe"),
                f"--bind-ro={WHEELS}:{WHEELS_INSIDE}",
                *options,
            ],
            env=dict(os.environ) | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            leader = _leader_of(container, log)
            guest = Guest(card, folder, leader, began_seconds)
            try:
                yield guest
            finally:
                guest.kill()
        finally:
            container.kill()
            container.wait()


def _leader_of(container: subprocess.Popen[bytes], log: Any) -> int:
    """Wait for the first program inside."""
    give_up_seconds = time.monotonic() + 20
    while time.monotonic() < give_up_seconds and container.poll() is None:
        children = subprocess.run(
            ["pgrep", "-P", str(container.pid), "-x", "systemd"],
            capture_output=True,
            text=True,
            check=False,
        )
        if children.stdout:
            return int(children.stdout.split()[0])
        time.sleep(0.02)
    log.seek(0)
    raise AssertionError(f"the guest did not start:\n{log.read().decode()}")


@contextmanager
def _log_file() -> Iterator[Any]:
    with tempfile.TemporaryFile() as log:
        yield log


@contextmanager
def _own_cgroup() -> Iterator[Path]:
    """Control group of one guest: two in one would end each other's programs."""
    parent = unified_cgroup()
    assert parent is not None
    folder = Path(tempfile.mkdtemp(prefix="pi-guest-", dir=parent))
    try:
        yield folder
    finally:
        _remove_cgroup(folder)


def _remove_cgroup(folder: Path) -> None:
    groups = sorted((one for one in folder.rglob("*") if one.is_dir()), reverse=True)
    for group in (*groups, folder):
        for _ in range(100):
            try:
                group.rmdir()
            except OSError:  # its last program is still being buried
                time.sleep(0.05)
            else:
                break


def _what_was_mended(said: str) -> str:
    """What `e2fsck` did beside what every cut asks for, or `clean`."""
    *deeds, _summary = (line.partition(": ")[2] for line in said.splitlines())
    unexpected = [deed for deed in deeds if not deed.startswith(FSCK_EXPECTED)]
    return "; ".join(unexpected) or "clean"
