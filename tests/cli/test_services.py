"""`collect` and `serve` as services: ready, alive, and late to end without settings."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from home_energy.store import Store

WITHIN_SECONDS = 60


@pytest.fixture
def told(tmp_path: Path) -> Iterator[socket.socket]:
    """What the services tell, as systemd would hear it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(WITHIN_SECONDS)
        yield listener


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(folder: Path, *command: str) -> subprocess.Popen[str]:
    kept = ("PATH", "HOME", "LANG")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "home_energy", "--config", str(folder), *command],
        env=environment | {"NOTIFY_SOCKET": str(folder.parent / "notify")},
        stderr=subprocess.PIPE,
        text=True,
    )


def settings_folder(tmp_path: Path, home_toml: str) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "home.toml").write_text(home_toml)
    return folder


def end(service: subprocess.Popen[str]) -> str:
    service.send_signal(signal.SIGTERM)
    _, errors = service.communicate(timeout=WITHIN_SECONDS)
    return errors


def test_the_screen_is_ready_once_it_has_answered_and_then_alive(
    tmp_path: Path, told: socket.socket
) -> None:
    port = free_port()
    folder = settings_folder(tmp_path, "")
    service = start(folder, "serve", "--port", str(port))

    first, second = told.recv(200), told.recv(200)
    answer = httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=WITHIN_SECONDS)
    third = told.recv(200)
    end(service)

    assert first == b"READY=1\nSTATUS=showing the screen"
    assert second == third == b"WATCHDOG=1"
    assert answer.status_code == 200
    health = answer.json()
    assert health["is_record_readable"] is True
    assert health["page_beats"] == 0
    assert health["page_beat_age_seconds"] is None


def test_a_record_that_cannot_be_read_is_unhealthy_but_alive(
    tmp_path: Path, told: socket.socket
) -> None:
    port = free_port()
    folder = settings_folder(tmp_path, '[home]\nstore = "home.sqlite"\n')
    (tmp_path / "home.sqlite").write_bytes(b"not a database at all" * 100)
    service = start(folder, "serve", "--port", str(port))

    assert told.recv(200).startswith(b"READY=1")
    answer = httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=WITHIN_SECONDS)
    end(service)

    assert answer.status_code == 503
    assert answer.json()["is_record_readable"] is False


def test_settings_that_cannot_be_used_are_told_on_the_screen(
    tmp_path: Path, told: socket.socket
) -> None:
    port = free_port()
    folder = settings_folder(tmp_path, "[dashboard]\nporrt = 1\n")
    service = start(folder, "serve", "--port", str(port))

    for _ in range(600):
        try:
            answer = httpx.get(f"http://127.0.0.1:{port}/?kiosk=1")
            break
        except httpx.ConnectError:
            time.sleep(0.05)
    end(service)

    assert answer.status_code == 503
    assert "porrt" in answer.text
    told.settimeout(0)
    with pytest.raises(BlockingIOError):
        told.recv(200)  # such a service is not ready


def test_the_collector_is_ready_after_its_first_step_and_then_alive(
    tmp_path: Path, told: socket.socket
) -> None:
    home = f'[amber]\nbase_url = "http://127.0.0.1:{free_port()}/v1/"\n'
    folder = settings_folder(tmp_path, home)
    (folder / ".env").write_text("AMBER_TOKEN=psk_0\n")

    service = start(folder, "collect")  # nobody answers there

    assert told.recv(200) == b"READY=1\nSTATUS=collecting"
    assert told.recv(200) == b"WATCHDOG=1"
    assert told.recv(200) == b"WATCHDOG=1"
    end(service)
    Store.open_read_only(tmp_path / "data" / "home.sqlite").close()


def test_without_a_token_a_service_says_so_and_does_not_end_at_once(
    tmp_path: Path, told: socket.socket
) -> None:
    service = start(settings_folder(tmp_path, ""), "collect")

    said = told.recv(500).decode()

    assert said.startswith("STATUS=no AMBER_TOKEN")
    assert service.poll() is None
    assert "trying again in 30 s" in end(service)


def test_a_lock_that_cannot_be_made_is_told_in_one_line(
    tmp_path: Path, told: socket.socket
) -> None:
    del told
    folder = settings_folder(tmp_path, '[home]\nstore = "home.sqlite"\n')
    (folder / ".env").write_text("AMBER_TOKEN=psk_0\n")
    (tmp_path / "home.lock").mkdir()  # root may write anywhere else

    service = start(folder, "collect")
    _, errors = service.communicate(timeout=WITHIN_SECONDS)

    assert service.returncode != 0
    assert "home.lock: cannot be made" in errors
    assert "Traceback" not in errors
