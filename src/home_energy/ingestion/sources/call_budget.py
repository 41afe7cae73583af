"""Calls that may still be made: a quota shared with the household's other tools.

Amber allows 50 calls in a fixed window of 300 s for the whole account and says in
every answer how many are left. We never use the last of them: other tools of the
household draw on the same quota.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import IntEnum

from home_energy.domain.clock import Clock
from home_energy.errors import RateLimited

WINDOW_SECONDS = 300.0
CALLS_PER_WINDOW = 50
AFTER_RESET_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 300.0


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
        if self._remaining <= reserve:
            raise self._limited(
                self._window_ends_seconds,
                f"has {self._remaining} calls left and {int(reserve)} are kept for "
                "other tools",
            )
        self._remaining -= 1

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take over what an answer says of the quota; absent or odd says nothing."""
        self._refusals = 0
        remaining = _whole(headers.get("RateLimit-Remaining"))
        reset_seconds = _whole(headers.get("RateLimit-Reset"))
        if remaining is not None:
            self._remaining = remaining
        if reset_seconds is not None:
            self._window_ends_seconds = (
                self._clock.boottime_seconds() + reset_seconds + AFTER_RESET_SECONDS
            )

    def refused(self, headers: Mapping[str, str]) -> RateLimited:
        """Take over a 429 and return the error to raise.

        With a `RateLimit-Reset` the quota is spent: wait for it. Without, the gateway
        throttled one call: a lone one is tried again at once, more wait 2, 4 .. 300 s.
        """
        now_seconds = self._clock.boottime_seconds()
        reset_seconds = _whole(headers.get("RateLimit-Reset"))
        if reset_seconds is not None:
            self._remaining = 0
            pause_seconds = reset_seconds + AFTER_RESET_SECONDS
            self._window_ends_seconds = now_seconds + pause_seconds
        else:
            pause_seconds = min(2.0**self._refusals, LONGEST_PAUSE_SECONDS)
        self._refusals += 1
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
    return int(text) if text is not None and text.strip().isdecimal() else None
