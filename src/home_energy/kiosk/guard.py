"""Starts the browser, watches over its page, and ends when it has to be started anew.

systemd starts this program again when it ends, and kills what is left of the old one.
"""

import logging
import os
import subprocess
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from home_energy.kiosk.memory import held_bytes
from home_energy.kiosk.page_watch import PageWatch
from home_energy.kiosk.screen_program import ask_health
from home_energy.systemd import ServiceManager

_log = logging.getLogger(__name__)

NIGHTLY = "the nightly new start is due"

LOOK_EVERY_SECONDS = 1.0
MOST_BYTES = 1_300_000_000
"""A browser with one page holds a quarter of it."""
MEMORY_EVERY_LOOKS = 30
RENEW_HOUR, RENEW_MINUTE = 3, 40
"""Local time of the nightly new start, some minutes after the page's own reload."""
RENEW_AFTER = timedelta(hours=6)
COMPOSITOR_WITHIN_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Kiosk:
    """What is shown where.

    Parameters
    ----------
    command, environment
        That start compositor and browser.
    address
        Of the screen's program.
    runtime
        Folder in which the compositor leaves its socket.
    transform
        How the picture is turned: `90`, `180`, `270`, or `None`.
    """

    command: list[str]
    environment: dict[str, str]
    address: str
    runtime: Path
    transform: str | None = None


def run(kiosk: Kiosk, manager: ServiceManager) -> str:
    """Show the page until it has to be started anew; return why."""
    for stale in kiosk.runtime.glob("wayland-*"):
        stale.unlink()
    browser = subprocess.Popen(kiosk.command, env=kiosk.environment)  # noqa: S603
    started_seconds = time.monotonic()
    try:
        _turn_when_there(kiosk, browser)
        manager.ready("showing the page")
        return _watch(kiosk, browser, PageWatch(started_seconds), manager)
    finally:
        browser.kill()
        browser.wait()


def _watch(
    kiosk: Kiosk,
    browser: subprocess.Popen[bytes],
    watch: PageWatch,
    manager: ServiceManager,
) -> str:
    started_at = datetime.now().astimezone()
    looks = 0
    while True:
        if browser.poll() is not None:
            return f"the browser ended with {browser.returncode}"
        health = ask_health(kiosk.address)
        if watch.is_lost(time.monotonic(), health):
            return "the page is silent"
        if looks % MEMORY_EVERY_LOOKS == 0 and held_bytes(os.getuid()) > MOST_BYTES:
            return f"the browser holds more than {MOST_BYTES // 1_000_000} MB"
        if is_time_to_renew(datetime.now().astimezone(), started_at):
            return NIGHTLY
        manager.alive()
        looks += 1
        time.sleep(LOOK_EVERY_SECONDS)


def is_time_to_renew(now: datetime, started_at: datetime) -> bool:
    """Whether it is night and the browser has run for hours, by the local clock.

    A clock that is set meanwhile can bring one new start more, or leave one out.
    """
    is_night = now.hour == RENEW_HOUR and now.minute >= RENEW_MINUTE
    return is_night and now - started_at > RENEW_AFTER


def _turn_when_there(kiosk: Kiosk, browser: subprocess.Popen[bytes]) -> None:
    """Turn the picture once the compositor can be asked to."""
    if kiosk.transform is None:
        return
    give_up_seconds = time.monotonic() + COMPOSITOR_WITHIN_SECONDS
    while time.monotonic() < give_up_seconds and browser.poll() is None:
        outputs = _outputs(kiosk)
        for output in outputs:
            _wlr_randr(kiosk, "--output", output, "--transform", kiosk.transform)
        if outputs:
            return
        time.sleep(LOOK_EVERY_SECONDS / 4)
    _log.warning("the picture could not be turned: the compositor named no output")


def _outputs(kiosk: Kiosk) -> list[str]:
    """Names of the outputs: what stands first in each line that is not indented."""
    lines = _wlr_randr(kiosk).splitlines()
    return [line.split()[0] for line in lines if line and not line[0].isspace()]


def _wlr_randr(kiosk: Kiosk, *arguments: str) -> str:
    displays = sorted(path for path in kiosk.runtime.glob("wayland-?"))
    if not displays:
        return ""
    asked = subprocess.run(  # noqa: S603
        ["wlr-randr", *arguments],  # noqa: S607 - from the system's own path
        env=kiosk.environment | {"WAYLAND_DISPLAY": displays[0].name},
        capture_output=True,
        text=True,
        timeout=5,
        check=False,
    )
    return asked.stdout
