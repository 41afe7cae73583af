"""Why a program of this machine stopped last, as systemd left word of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_WHY = {
    "success": "ended as planned",
    "watchdog": "hung",
    "oom-kill": "took too much memory",
    "core-dump": "crashed",
    "timeout": "took too long",
}
"""Results of a service, systemd.exec(5): `$SERVICE_RESULT`."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The last end of a program.

    Parameters
    ----------
    why
        In a few words.
    at
        When, by the machine's own clock. [aware UTC]
    """

    why: str
    at: datetime


def last_stop(runtime: Path | None, unit: str) -> Stop | None:
    """Last end of a unit since the machine started; `None` where none is known.

    Parameters
    ----------
    unit
        Such as `home-energy-collect`; its file holds `RESULT CODE STATUS UNIXTIME`.
    """
    if runtime is None:
        return None
    try:
        result, _, status, seconds = (runtime / f"{unit}.stopped").read_text().split()
        at = datetime.fromtimestamp(int(seconds), UTC)
    except (OSError, ValueError, OverflowError):
        return None  # not stopped yet, or cut off while it was written
    return Stop(_why(result, status), at)


def _why(result: str, status: str) -> str:
    if result == "exit-code":
        return f"failed, exit code {status}"
    if result == "signal":
        return f"killed, {status}"
    return _WHY.get(result, result)
