"""How bright the panel shall be: by day, at night, for a spike, after a touch."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from pydantic import ValidationError

from home_energy.dashboard.device.brightness import tell_backlight
from home_energy.settings.sections import DashboardSettings
from tests.browser.scenes import SCENES, Moment, record
from tests.dashboard.recorded_home import RecordedHome

NIGHT, SPIKE = SCENES["night"], SCENES["night-spike"]
DAY = replace(NIGHT, local=NIGHT.local - timedelta(hours=10))


@pytest.fixture
def backlight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[socket.socket]:
    """Whoever listens where the backlight's program would."""
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "backlight.sock"))
        listener.settimeout(2)
        yield listener


@pytest.mark.parametrize(
    ("moment", "percent"),
    [(DAY, b"100"), (NIGHT, b"5"), (SPIKE, b"30")],
    ids=["day", "night", "spike at night"],
)
def test_every_beat_tells_how_bright_the_panel_shall_be(
    moment: Moment, percent: bytes, tmp_path: Path, backlight: socket.socket
) -> None:
    home = record(tmp_path, moment)
    client = home.client()

    client.get("/screen?kiosk=1")
    client.post("/heartbeat?kiosk=1")

    assert backlight.recv(16) == percent
    home.store.close()


def awake_app(home: RecordedHome, ago_seconds: float) -> Flask:
    """The fridge was touched so long ago."""
    app = home.app()
    context = app.extensions["home_energy"]
    context.last_touch_boottime_seconds = home.clock.boottime_seconds() - ago_seconds
    return app


def test_a_touch_at_night_brings_light_and_the_colours_of_the_day(
    tmp_path: Path, backlight: socket.socket
) -> None:
    home = record(tmp_path, NIGHT)
    client = home.client()
    asleep = client.get("/?kiosk=1").text

    client.post("/touched?kiosk=1")

    assert backlight.recv(16) == b"100"
    assert 'class="theme-night is-kiosk"' in asleep
    assert 'class="theme-day is-kiosk"' in client.get("/?kiosk=1").text
    assert 'data-theme="day"' in client.get("/screen?kiosk=1").text
    assert 'class="theme-night"' in client.get("/").text  # a phone is in the dark still
    home.store.close()


@pytest.mark.parametrize(
    ("ago_seconds", "theme", "percent"), [(59.9, "day", b"100"), (60.0, "night", b"5")]
)
def test_after_a_minute_without_a_touch_it_is_night_again(
    ago_seconds: float,
    theme: str,
    percent: bytes,
    tmp_path: Path,
    backlight: socket.socket,
) -> None:
    home = record(tmp_path, NIGHT)
    client = awake_app(home, ago_seconds).test_client()

    shown = client.get("/screen?kiosk=1").text
    client.post("/heartbeat?kiosk=1")

    assert f'data-theme="{theme}"' in shown
    assert backlight.recv(16) == percent
    home.store.close()


def test_nobody_waits_for_a_backlight_that_is_not_there(tmp_path: Path) -> None:
    tell_backlight(5, tmp_path)
    tell_backlight(5, None)


def test_the_night_is_never_wholly_dark() -> None:
    assert DashboardSettings().night_brightness_percent == 5
    with pytest.raises(ValidationError):
        DashboardSettings(night_brightness_percent=0)
