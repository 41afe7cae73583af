"""Amber's budget of calls: 50 in each fixed window of 300 s, two counters."""

import threading
from dataclasses import dataclass
from datetime import datetime

LIMIT_CALLS, WINDOW_SECONDS = 50, 300
"""`RateLimit-Policy: 50;w=300`, per account."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of a window after a call.

    Parameters
    ----------
    remaining_calls
        Calls left in the window.
    reset_seconds
        Until the next window begins. [s]
    is_refused
        Whether the call itself was over the limit.
    """

    remaining_calls: int
    reset_seconds: int
    is_refused: bool = False

    def headers(self) -> dict[str, str]:
        """Amber's four headers."""
        return {
            "RateLimit-Limit": str(LIMIT_CALLS),
            "RateLimit-Remaining": str(self.remaining_calls),
            "RateLimit-Reset": str(self.reset_seconds),
            "RateLimit-Policy": f"{LIMIT_CALLS};w={WINDOW_SECONDS}",
        }


class Quota:
    """One counter over fixed windows. Safe to use from several threads."""

    def __init__(self) -> None:
        self._window = -1
        self._spent_calls = 0
        self._lock = threading.Lock()

    def spend(self, now: datetime) -> Standing:
        """Count one call at `now`. [aware UTC]"""
        window, into_seconds = divmod(int(now.timestamp()), WINDOW_SECONDS)
        with self._lock:
            if window != self._window:
                self._window, self._spent_calls = window, 0
            self._spent_calls += 1
            remaining_calls = LIMIT_CALLS - self._spent_calls
        reset_seconds = WINDOW_SECONDS - into_seconds
        return Standing(max(remaining_calls, 0), reset_seconds, remaining_calls < 0)
