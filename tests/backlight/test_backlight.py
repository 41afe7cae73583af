"""How bright the panel is: what is heard on a socket, and what the kernel is told."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from home_energy.backlight.listening import Backlight, listen, listening
from home_energy.backlight.panels import Panels
from home_energy.systemd import ServiceManager


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As /sys/class/backlight with two panels, one with few steps."""
    for name, most in (("11-0045", 255), ("few-steps", 7)):
        panel = tmp_path / "backlight" / name
        panel.mkdir(parents=True)
        (panel / "max_brightness").write_text(f"{most}\n")
        (panel / "brightness").write_text(f"{most}\n")
    return tmp_path / "backlight"


def brightness(folder: Path) -> list[int]:
    return [int(path.read_text()) for path in sorted(folder.glob("*/brightness"))]


class SteadyTime:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.mark.parametrize(
    ("word", "raw"),
    [
        # 5 % of 255 is 12.75, of 7 steps 0.35: a panel is dimmed, never dark.
        (b"5", [13, 1]),
        (b"1", [3, 1]),
        (b"30", [76, 2]),
        (b"100", [255, 7]),
        (b"0", [3, 1]),  # as 1 %
        (b"-4", [3, 1]),
        (b"4000", [255, 7]),
    ],
)
def test_every_panel_gets_its_share_and_is_never_dark(
    word: bytes, raw: list[int], folder: Path
) -> None:
    Backlight(Panels(folder)).hear(word)

    assert brightness(folder) == raw


@pytest.mark.parametrize("word", [b"", b"dark", b"5 %", b"\xff\x00", b"5.5"])
def test_what_is_no_number_changes_nothing(word: bytes, folder: Path) -> None:
    backlight = Backlight(Panels(folder))
    backlight.hear(b"30")

    backlight.hear(word)

    assert brightness(folder) == [76, 2]


def test_when_nobody_tells_anything_there_is_light(folder: Path) -> None:
    time = SteadyTime()
    backlight = Backlight(Panels(folder), time)
    backlight.hear(b"5")

    time.seconds = 119.0
    backlight.look_after()
    assert brightness(folder) == [13, 1]
    time.seconds = 120.0
    backlight.look_after()

    assert brightness(folder) == [255, 7]


def test_a_panel_that_fails_or_is_gone_ends_nothing(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "11-0045" / "max_brightness").write_text("unknown\n")
    backlight = Backlight(Panels(folder))

    for _ in range(3):
        backlight.hear(b"5")

    assert brightness(folder)[1] == 1
    assert len(caplog.records) == 1  # said once, not every five seconds
    assert Panels(folder / "nowhere").set_percent(5) == 0


@contextlib.contextmanager
def heard(folder: Path, path: Path, notify: Path) -> Iterator[socket.socket]:
    """The loop runs in a thread of its own; what systemd is told can be read."""
    stop = threading.Event()
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told,
        listening(path) as listener,
    ):
        told.bind(str(notify))
        told.settimeout(5)
        listener.settimeout(0.01)
        arguments = (listener, Backlight(Panels(folder)), ServiceManager(str(notify)))
        thread = threading.Thread(target=listen, args=(*arguments, stop))
        thread.start()
        try:
            yield told
        finally:
            stop.set()
            thread.join()


def test_a_word_on_the_socket_dims_the_panel(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "backlight.sock"
    with (
        heard(folder, path, tmp_path / "notify") as told,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender,
    ):
        ready = told.recv(100)
        is_private = path.stat().st_mode & 0o077 == 0
        sender.sendto(b"5", str(path))
        alive = {told.recv(100) for _ in range(20)}  # each round tells that it lives

    assert ready == b"READY=1\nSTATUS=listening for the brightness"
    assert alive == {b"WATCHDOG=1"}
    assert is_private
    assert brightness(folder) == [13, 1]
    assert not path.exists()


def test_the_program_leaves_the_light_on_when_it_is_ended(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "11-0045" / "brightness").write_text("13\n")
    notify = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(notify))
        told.settimeout(20)
        program = subprocess.Popen(
            [sys.executable, "-m", "home_energy.backlight", "--panels", str(folder)],
            env={
                **os.environ,
                "RUNTIME_DIRECTORY": str(tmp_path),
                "NOTIFY_SOCKET": str(notify),
            },
        )
        told.recv(100)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"5", str(tmp_path / "backlight.sock"))
        told.recv(100)
        dimmed = brightness(folder)
        program.send_signal(signal.SIGTERM)
        code = program.wait(timeout=20)

    assert dimmed == [13, 1]
    assert code == 0
    assert brightness(folder) == [255, 7]
