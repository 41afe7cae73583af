"""Calls that may still be made: a quota shared with the household's other tools.

Amber allows 50 calls in a fixed window of 300 s for the whole account and says in
every answer how many are left. We never use the last of them: other tools of the
household draw on the same quota. Where the window begins is not known before the first
answer, and some answers do not say; so our own calls are also counted over any 300 s.
"""

import re
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import IntEnum

from home_energy.domain.clock import Clock
from home_energy.errors import RateLimited

WINDOW_SECONDS = 300.0
CALLS_PER_WINDOW = 50
AFTER_RESET_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 300.0
_MOST_DOUBLINGS = 9  # 2**9 s is longer than the longest pause


class Reserve(IntEnum):
    """Calls of each window that are left to others, by how urgent ours is."""

    LIVE = 10
    BACKGROUND = 30


class CallBudget:
    """One counter of the provider: `/prices` has one, `/sites` and `/usage` another.

    Time is the machine's steady counter, so a clock that jumps neither frees calls
    nor blocks them.
    """

    def __init__(self, name: str, clock: Clock) -> None:
        self._name = name
        self._clock = clock
        self._remaining = CALLS_PER_WINDOW
        self._window_ends_seconds = clock.boottime_seconds() + WINDOW_SECONDS
        self._made_at_seconds: deque[float] = deque(maxlen=CALLS_PER_WINDOW)
        self._paused_until_seconds = 0.0
        self._refusals = 0

    def spend(self, reserve: Reserve) -> None:
        """Count one call that is about to be made.

        Raises
        ------
        RateLimited
            If the call would touch the reserve, or a pause is not over.
        """
        now_seconds = self._clock.boottime_seconds()
        if now_seconds >= self._window_ends_seconds:
            self._remaining = CALLS_PER_WINDOW
            self._window_ends_seconds = now_seconds + WINDOW_SECONDS
        if now_seconds < self._paused_until_seconds:
            raise self._limited(self._paused_until_seconds, "asked us to wait")
        kept = f"{int(reserve)} are kept for other tools"
        if self._remaining <= reserve:
            raise self._limited(
                self._window_ends_seconds,
                f"has {self._remaining} calls left and {kept}",
            )
        free_at_seconds = self._own_call_free_at(reserve)
        if now_seconds < free_at_seconds:
            raise self._limited(free_at_seconds, f"is 50 in any 300 s and {kept}")
        self._remaining -= 1
        self._made_at_seconds.append(now_seconds)

    def _own_call_free_at(self, reserve: Reserve) -> float:
        """When the calls that we made ourselves leave room for one more. [s]"""
        most = CALLS_PER_WINDOW - reserve
        if len(self._made_at_seconds) < most:
            return 0.0
        return self._made_at_seconds[-most] + WINDOW_SECONDS

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take over what an answer says of the quota; absent or odd says nothing."""
        self._refusals = 0
        remaining = _whole(headers.get("RateLimit-Remaining"))
        reset_seconds = _reset(headers)
        if remaining is not None:
            self._remaining = remaining
        if reset_seconds is not None:
            self._window_ends_seconds = (
                self._clock.boottime_seconds() + reset_seconds + AFTER_RESET_SECONDS
            )

    def refused(self, headers: Mapping[str, str]) -> RateLimited:
        """Take over a 429 and return the error to raise.

        With a `RateLimit-Reset` the quota is spent: wait for it. Without, the gateway
        throttled one call: wait 1 s after a lone one, after more 2, 4 .. 300 s.
        """
        now_seconds = self._clock.boottime_seconds()
        reset_seconds = _reset(headers)
        if reset_seconds is not None:
            self._remaining = 0
            pause_seconds = reset_seconds + AFTER_RESET_SECONDS
            self._window_ends_seconds = now_seconds + pause_seconds
        else:
            pause_seconds = min(2.0**self._refusals, LONGEST_PAUSE_SECONDS)
        self._refusals = min(self._refusals + 1, _MOST_DOUBLINGS)
        self._paused_until_seconds = now_seconds + pause_seconds
        return self._limited(self._paused_until_seconds, "answered 429")

    def _limited(self, until_seconds: float, reason: str) -> RateLimited:
        wait = timedelta(seconds=until_seconds - self._clock.boottime_seconds())
        retry_at: datetime = self._clock.now() + wait
        return RateLimited(
            f"Amber {self._name}: the quota {reason}; "
            f"trying again in {wait.total_seconds():.0f} s",
            retry_at=retry_at,
        )


def _whole(text: str | None) -> int | None:
    """Whole number of a header, or `None` when it holds none."""
    is_number = text is not None and re.fullmatch(r"[0-9]{1,9}", text.strip())
    return int(text) if text is not None and is_number else None


def _reset(headers: Mapping[str, str]) -> int | None:
    """Seconds to the next window; one further away than a window is no such number."""
    seconds = _whole(headers.get("RateLimit-Reset"))
    return None if seconds is None or seconds > WINDOW_SECONDS else seconds
