"""The guard, over a browser and a screen's program that the test plays."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from home_energy.kiosk import guard, page_watch
from home_energy.kiosk.guard import NIGHTLY, Kiosk, is_time_to_renew, run
from home_energy.kiosk.memory import held_bytes
from home_energy.kiosk.page_watch import Health
from home_energy.kiosk.screen_program import ask_health
from home_energy.systemd import ServiceManager

SYDNEY = ZoneInfo("Australia/Sydney")


class PlayedProgram:
    """Answers /healthz as the screen's program does."""

    def __init__(self) -> None:
        self.status, self.told = 200, json.dumps({"page_beat_age_seconds": 1.0})
        played = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(played.status)
                self.end_headers()
                self.wfile.write(played.told.encode())

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def beat_age(self, seconds: float | None) -> None:
        self.told = json.dumps({"page_beat_age_seconds": seconds})

    def end(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def program() -> Iterator[PlayedProgram]:
    played = PlayedProgram()
    yield played
    played.end()


@pytest.fixture(autouse=True)
def _alone_and_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "LOOK_EVERY_SECONDS", 0.01)
    # Who runs the tests may hold more memory than any browser on a fridge.
    monkeypatch.setattr(guard, "held_bytes", lambda _: 0)


def kiosk(address: str, runtime: Path, *browser: str) -> Kiosk:
    command = list(browser or ("sleep", "60"))
    return Kiosk(command, {"PATH": "/usr/bin:/bin"}, address, runtime)


def test_health_is_asked_of_the_program(program: PlayedProgram) -> None:
    program.beat_age(4.5)
    assert ask_health(program.address) == Health(4.5)

    program.status = 503  # the record cannot be read; the page may well be alive
    program.beat_age(None)
    assert ask_health(program.address) == Health(None)

    program.told = "Bad gateway"
    assert ask_health(program.address) is None

    assert ask_health("http://127.0.0.1:1") is None


def test_a_browser_that_ended_is_started_anew(
    program: PlayedProgram, tmp_path: Path
) -> None:
    ending = run(kiosk(program.address, tmp_path, "false"), ServiceManager(None))

    assert ending == "the browser ended with 1"


def test_a_silent_page_ends_the_browser_and_the_watchdog_was_fed_until_then(
    program: PlayedProgram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_watch, "FIRST_BEAT_SECONDS", 0.0)
    monkeypatch.setattr(page_watch, "BACK_SECONDS", 0.0)
    (tmp_path / "wayland-0").touch()  # of a compositor that was killed
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(tmp_path / "notify"))
        told.settimeout(5)
        endings: list[str] = []
        thread = threading.Thread(
            target=lambda: endings.append(
                run(
                    kiosk(program.address, tmp_path),
                    ServiceManager(str(tmp_path / "notify")),
                )
            )
        )
        thread.start()

        heard = [told.recv(100), told.recv(100), told.recv(100)]
        program.beat_age(30.0)
        told.settimeout(0.01)
        while thread.is_alive():
            with suppress(TimeoutError):
                told.recv(100)  # or its buffer fills, and the guard waits for us

    assert heard == [b"READY=1\nSTATUS=showing the page", b"WATCHDOG=1", b"WATCHDOG=1"]
    assert endings == ["the page is silent"]
    assert not (tmp_path / "wayland-0").exists()


def test_a_browser_that_holds_too_much_is_started_anew(
    program: PlayedProgram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "held_bytes", lambda _: guard.MOST_BYTES + 1)

    ending = run(kiosk(program.address, tmp_path), ServiceManager(None))

    assert ending == "the browser holds more than 1300 MB"


def test_at_night_the_browser_is_renewed_once(
    program: PlayedProgram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "is_time_to_renew", lambda *_: True)
    ending = run(kiosk(program.address, tmp_path), ServiceManager(None))
    assert ending == NIGHTLY

    def at(day: int, hour: int, minute: int) -> datetime:
        return datetime(2026, 11, day, hour, minute, tzinfo=SYDNEY)

    assert is_time_to_renew(at(2, 3, 45), started_at=at(1, 12, 0))
    assert not is_time_to_renew(at(2, 3, 45), started_at=at(2, 3, 41))
    assert not is_time_to_renew(at(2, 3, 39), started_at=at(1, 12, 0))
    assert not is_time_to_renew(at(2, 12, 0), started_at=at(1, 12, 0))


def test_only_a_users_own_memory_is_counted(tmp_path: Path) -> None:
    def process(number: int, user_id: int, kilobytes: int) -> None:
        folder = tmp_path / str(number)
        folder.mkdir()
        ids = "\t".join([str(user_id)] * 4)
        status = f"Name:\tx\nUid:\t{ids}\nRssAnon:\t{kilobytes} kB\n"
        (folder / "status").write_text(status)

    process(10, user_id=990, kilobytes=1000)
    process(11, user_id=990, kilobytes=24)
    process(12, user_id=991, kilobytes=5000)
    (tmp_path / "13").mkdir()  # it ended while we looked
    (tmp_path / "self").mkdir()

    assert held_bytes(990, tmp_path) == 1024 * 1024


def test_the_picture_is_turned_as_the_household_chose(
    program: PlayedProgram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "is_time_to_renew", lambda *_: True)
    asked = tmp_path / "asked"
    wlr_randr = tmp_path / "wlr-randr"
    wlr_randr.write_text(
        f"#!/bin/sh\necho $WAYLAND_DISPLAY $@ >> {asked}\n"
        "printf 'DSI-1 \"panel\"\\n  Enabled: yes\\n'\n"
    )
    wlr_randr.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    turned = Kiosk(
        ["sh", "-c", f"touch {tmp_path}/wayland-0; sleep 60"],
        {"PATH": f"{tmp_path}:/usr/bin:/bin"},
        program.address,
        tmp_path,
        transform="90",
    )

    run(turned, ServiceManager(None))

    assert asked.read_text().splitlines() == [
        "wayland-0",
        "wayland-0 --output DSI-1 --transform 90",
    ]
