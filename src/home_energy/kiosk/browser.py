"""The command that shows one page on the whole panel, and nothing else.

Cage is a Wayland compositor for a single program: no desktop, no panel, nothing to get
at. Everything that the browser writes lies in memory and is gone with it: no stale lock
of a profile, no question whether to restore pages, no wear of the card.
"""

import shutil
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser")
"""Debian and Raspberry Pi OS from Trixie on; Raspberry Pi OS Bookworm."""

PROFILE = "profile"

_FLAGS = (
    "--kiosk",
    "--ozone-platform=wayland",
    "--no-first-run",
    "--noerrdialogs",
    "--disable-session-crashed-bubble",
    "--hide-crash-restore-bubble",
    "--password-store=basic",  # otherwise it asks for a keyring
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    "--disable-features=Translate,OverscrollHistoryNavigation,MediaRouter",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-breakpad",
    "--log-level=3",  # fatal errors only: it complains of every service it misses
    "--check-for-update-interval=31536000",
    "--disk-cache-size=1048576",
    "--renderer-process-limit=1",
    "--js-flags=--max-old-space-size=256",
)


def browser_command(first_page: str, runtime: Path, more: list[str]) -> list[str]:
    """Command that opens a page in a compositor of its own.

    Parameters
    ----------
    first_page
        Address of what is shown first.
    runtime
        Folder in memory, of this user alone.
    more
        Flags for the browser beside those that every fridge needs.

    Raises
    ------
    FileNotFoundError
        If there is no browser on this machine.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise FileNotFoundError(
            f"no browser: none of {', '.join(BROWSERS)} is installed; "
            "run pi/install.sh again"
        )
    profile = f"--user-data-dir={runtime / PROFILE}"
    return ["cage", "-d", "--", browser, *_FLAGS, profile, *more, f"--app={first_page}"]


def browser_environment(environment: dict[str, str], runtime: Path) -> dict[str, str]:
    """Environment in which all that the browser writes stays in memory.

    Debian's Chromium keeps shared memory in `TMPDIR` where /dev/shm is smaller than 4
    GB, as on every Pi with 4 GB: on the card, if nothing else is said.
    """
    folder = str(runtime)
    return environment | {
        "HOME": folder,
        "TMPDIR": folder,
        "XDG_CACHE_HOME": folder,
        "XDG_CONFIG_HOME": folder,
        "XDG_DATA_HOME": folder,
        "XDG_RUNTIME_DIR": folder,
    }


def forget_profile(runtime: Path) -> None:
    """Remove what an earlier browser left: a lock of it would keep the next one out."""
    shutil.rmtree(runtime / PROFILE, ignore_errors=True)
