"""What time it is, and whether that can be trusted.

A Raspberry Pi without a battery wakes after a power cut with a plausible but slow
clock. Until something better is known, no age may be shown. Two things are better:
the operating system says that it has synchronised, or a provider's answer carried
the time (a `TimeAnchor`) since this machine started.
"""

import threading
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

CLOCK_TOLERANCE = timedelta(seconds=60)
"""A clock that differs more than this from the anchor is called wrong.

An HTTP `Date` has whole seconds and an answer may take some; NTP holds milliseconds.
"""


class Clock(Protocol):
    """Where `now` comes from. Held only by `cli`, `dashboard` and the collector."""

    @property
    def boot_id(self) -> str:
        """Name of this run of the machine: two boot times compare only within it."""
        ...

    def now(self) -> datetime:
        """What the machine believes the time is. [aware UTC]"""
        ...

    def boottime_seconds(self) -> float:
        """Seconds since the machine started: never jumps, counts while suspended."""
        ...

    def is_synchronised(self) -> bool:
        """Whether the operating system says its time came from the network."""
        ...

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Let `seconds` pass, or less when `stop` is set."""
        ...


@dataclass(frozen=True, slots=True)
class TimeAnchor:
    """A provider's word for the time, pinned to this machine's steady counter.

    Parameters
    ----------
    server_time
        The `Date` of an answer. [aware UTC]
    boottime_seconds
        This machine's steady counter when the answer arrived. [s]
    boot_id
        The run of the machine in which the counter was read.
    """

    server_time: datetime
    boottime_seconds: float
    boot_id: str


def trusted_now(clock: Clock, anchor: TimeAnchor | None) -> datetime | None:
    """Return the time, or `None` while nobody can vouch for one. [aware UTC]

    The anchor wins over the machine's own clock when they differ by more than
    `CLOCK_TOLERANCE`, for only the machine's clock can jump.
    """
    now = clock.now()
    if anchor is not None and anchor.boot_id == clock.boot_id:
        elapsed = clock.boottime_seconds() - anchor.boottime_seconds
        anchored = anchor.server_time + timedelta(seconds=elapsed)
        return now if abs(now - anchored) <= CLOCK_TOLERANCE else anchored
    return now if clock.is_synchronised() else None


class SystemClock:
    """The machine's own clock."""

    def __init__(self) -> None:
        self.boot_id = _read_boot_id()

    def now(self) -> datetime:
        """What the machine believes the time is. [aware UTC]"""
        return datetime.now(UTC)

    def boottime_seconds(self) -> float:
        """Seconds since the machine started: never jumps, counts while suspended."""
        boottime = getattr(time, "CLOCK_BOOTTIME", None)
        return time.monotonic() if boottime is None else time.clock_gettime(boottime)

    def is_synchronised(self) -> bool:
        """Whether systemd-timesyncd has set the time since this machine started."""
        return Path("/run/systemd/timesync/synchronized").exists()

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Let `seconds` pass, or less when `stop` is set."""
        stop.wait(max(0.0, seconds))


def _read_boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:  # not Linux: an anchor then holds within one process only
        return uuid.uuid4().hex
