"""A whole machine in qemu: its monitor, its picture, a finger, a shell, its power."""

import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from PIL import Image

BOOT_SHELL = "systemd.debug_shell"
"""Kernel argument: systemd's own shell for root on a serial line, from early on."""

_UNTIL_WE_END = ("setpriv", "--pdeathsig", "KILL")
"""No machine outlives the tests, however they end."""

TABLET_STEPS = 0x7FFF
"""Coordinates of an absolute pointer go from 0 to this."""


class Machine:
    """One machine that runs; made by `switched_on`.

    Parameters
    ----------
    process
        qemu.
    folder
        Where its sockets and its log lie.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", folder: Path) -> None:
        self.process = process
        self.folder = folder
        self.began = time.monotonic()
        self._counted = count()
        self._monitor = _connected(folder / "monitor", process)
        self._answers = self._monitor.makefile("r", encoding="utf-8")
        self._answers.readline()
        self.ask("qmp_capabilities")

    def ask(self, command: str, **arguments: Any) -> Any:
        """Ask the monitor, and give what it returns."""
        sent = json.dumps({"execute": command, "arguments": arguments})
        self._monitor.sendall(f"{sent}\n".encode())
        while True:
            answer = json.loads(self._answers.readline())
            assert "error" not in answer, f"{command}: {answer['error']}"
            if "return" in answer:
                return answer["return"]

    def seconds(self) -> float:
        """Since it was switched on. [s]"""
        return time.monotonic() - self.began

    def picture(self, path: Path) -> Image.Image:
        """What the monitor shows, kept as a PNG."""
        dumped = self.folder / "picture.ppm"
        self.ask("screendump", filename=str(dumped))
        picture = Image.open(dumped)
        picture.load()
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path)
        return picture

    def tap(self, x_fraction: float, y_fraction: float) -> None:
        """Touch the panel, which stands still under the finger for a moment."""
        places = {"x": x_fraction, "y": y_fraction}
        moved = [
            {"type": "abs", "data": {"axis": axis, "value": int(at * TABLET_STEPS)}}
            for axis, at in places.items()
        ]
        self.ask("input-send-event", events=moved)
        for is_down in (True, False):
            time.sleep(0.3)
            pressed = {"down": is_down, "button": "left"}
            self.ask("input-send-event", events=[{"type": "btn", "data": pressed}])

    def run(self, command: str, *, timeout_seconds: float = 60) -> str:
        """Run a line in the guest's shell and give what it printed.

        Raises
        ------
        TimeoutError
            If the shell did not come back: no guest, or not yet.
        """
        mark = f"said-{next(self._counted)}"
        with _connected(self.folder / "shell", self.process) as shell:
            shell.settimeout(timeout_seconds)
            # Without an echo the mark comes back twice only: before and after.
            shell.sendall(b"\nstty -echo -onlcr\n")
            shell.sendall(f"echo; echo {mark}; {command}; echo; echo {mark}\n".encode())
            return _between(mark, shell)

    def cut_power(self) -> None:
        """Take the machine from under the guest, as an outage does."""
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """Leave the monitor."""
        self._answers.close()
        self._monitor.close()


def _between(mark: str, shell: socket.socket) -> str:
    heard = ""
    while True:
        heard += shell.recv(65536).decode(errors="replace").replace("\r", "")
        _before, *told = f"\n{heard}\n".split(f"\n{mark}\n")
        if len(told) == 2:
            return told[0].strip("\n")


def _connected(path: Path, process: "subprocess.Popen[bytes]") -> socket.socket:
    for _attempt in range(600):
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(str(path))
        except OSError:
            line.close()
            assert process.poll() is None, "qemu ended at once"
            time.sleep(0.1)
        else:
            return line
    message = f"nobody answers at {path}"
    raise TimeoutError(message)


@contextmanager
def switched_on(command: Sequence[str | Path], folder: Path) -> Iterator[Machine]:
    """Switch a machine on, and off again whatever happens.

    Parameters
    ----------
    command
        qemu and its devices. Its first serial line is the console; a shell on another
        is ``-serial`` or a device on the chardev ``shell``.
    folder
        For sockets and the log; a short path, for sockets want one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        *("-display", "none", "-qmp", f"unix:{folder}/monitor,server=on,wait=off"),
        *("-chardev", f"socket,id=shell,path={folder}/shell,server=on,wait=off"),
        *("-chardev", f"file,id=console,path={folder}/console"),
        *("-serial", "chardev:console"),
    ]
    with (folder / "qemu").open("wb") as log:
        process = subprocess.Popen(
            [*_UNTIL_WE_END, *command, *lines],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        with closing(Machine(process, folder)) as machine:
            yield machine
    finally:
        process.kill()
        process.wait()


def waited(
    holds: Callable[[], bool], seconds: float, what: str, *, every_seconds: float = 1.0
) -> float:
    """Wait until something holds, and give how long that took. [s]"""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, f"not within {seconds:.0f} s: {what}"
        time.sleep(every_seconds)
    return time.monotonic() - began
