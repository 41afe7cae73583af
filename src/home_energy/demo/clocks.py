"""Simulated clocks: real time sped up, and time that only waiting moves.

None of them claims to be synchronised unless told so, so that the program must find
the time in the server's answers, as on a Raspberry Pi without a battery.
"""

import mmap
import os
import struct
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from home_energy.domain.time_grid import require_utc
from home_energy.errors import DataError

BOOT_ID = "simulated"


class _SimulatedClock:
    """What the simulated clocks share: a start, a boot, and a claim."""

    boot_id = BOOT_ID

    def __init__(self, start: datetime, *, is_synchronised: bool = False) -> None:
        self.start = require_utc(start, "start of a simulated clock")
        self._is_synchronised = is_synchronised

    def is_synchronised(self) -> bool:
        """Whether it was made to claim that its time came from the network."""
        return self._is_synchronised

    def boottime_seconds(self) -> float:
        """Simulated seconds since `start`. [s]"""
        raise NotImplementedError

    def now(self) -> datetime:
        """Simulated time. [aware UTC]"""
        return self.start + timedelta(seconds=self.boottime_seconds())


class ScaledClock(_SimulatedClock):
    """Time that runs `speed` times as fast as real time, from `start`.

    Parameters
    ----------
    start
        Simulated time at which the clock begins. [aware UTC]
    speed
        Simulated seconds per real second, more than zero.
    is_synchronised
        What the clock says of itself.
    """

    def __init__(
        self, start: datetime, speed: float, *, is_synchronised: bool = False
    ) -> None:
        super().__init__(start, is_synchronised=is_synchronised)
        if not speed > 0:
            raise DataError(
                f"speed must be more than zero, got {speed}; 1 is real time"
            )
        self.speed = speed
        self._began = time.monotonic()

    def boottime_seconds(self) -> float:
        """Simulated seconds since `start`. [s]"""
        return (time.monotonic() - self._began) * self.speed

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Let simulated `seconds` pass, or less when `stop` is set."""
        stop.wait(max(0.0, seconds) / self.speed)


class SteppedClock(_SimulatedClock):
    """Time that stands still until somebody waits, and then jumps at once."""

    def __init__(self, start: datetime, *, is_synchronised: bool = False) -> None:
        super().__init__(start, is_synchronised=is_synchronised)
        self._passed_seconds = 0.0
        self._lock = threading.Lock()

    def boottime_seconds(self) -> float:
        """Simulated seconds since `start`. [s]"""
        return self._passed_seconds

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Jump forward by `seconds`, or not at all when `stop` is set."""
        if not stop.is_set():
            self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Jump forward by `seconds`; less than zero counts as none. [s]"""
        with self._lock:
            self._passed_seconds += max(0.0, seconds)


class SharedSteppedClock(_SimulatedClock):
    """A stepped clock whose time several processes share through a small file.

    A process that was killed and started again with the same path goes on from the
    shared time. The file holds one double, written in one aligned 8-byte store, so no
    reader sees half a value. Only one process may move the time; any may read it.

    Parameters
    ----------
    path
        File of 8 bytes; made when absent, and then the time is `start`.
    start
        Simulated time when the file was made; the same in every process. [aware UTC]
    is_synchronised
        What the clock says of itself.
    """

    def __init__(
        self, path: Path, start: datetime, *, is_synchronised: bool = False
    ) -> None:
        super().__init__(start, is_synchronised=is_synchronised)
        self._lock = threading.Lock()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(descriptor).st_size < _DOUBLE.size:
                os.ftruncate(descriptor, _DOUBLE.size)
            self._memory = mmap.mmap(descriptor, _DOUBLE.size)
        finally:
            os.close(descriptor)

    def boottime_seconds(self) -> float:
        """Simulated seconds since `start`, by whichever process moved it. [s]"""
        seconds: float = _DOUBLE.unpack_from(self._memory)[0]
        return seconds

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Jump forward by `seconds`, or not at all when `stop` is set."""
        if not stop.is_set():
            self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Jump forward by `seconds`; less than zero counts as none. [s]"""
        with self._lock:
            moved = self.boottime_seconds() + max(0.0, seconds)
            _DOUBLE.pack_into(self._memory, 0, moved)

    def close(self) -> None:
        """Let go of the file. The time stays in it."""
        self._memory.close()


_DOUBLE = struct.Struct("@d")  # native: copied as a whole, not byte by byte
