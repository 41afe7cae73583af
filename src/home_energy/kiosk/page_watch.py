"""Whether the page on the fridge is still alive, judged by its beats.

A browser that shows "Aw, Snap!", hangs, or stands at an error page runs on for ever,
and nobody who watches processes notices. The page itself tells the screen's program
every few seconds that it has drawn what it was told; who hears nothing starts it anew.
"""

from dataclasses import dataclass

SILENT_SECONDS = 20.0
"""A page that beats every 5 s has missed four."""

FIRST_BEAT_SECONDS = 120.0
"""What a browser has for its first beat: a slow machine that is starting took 48 s of
work for it, and who is ended before gets no further the next time."""

BACK_SECONDS = 45.0
"""What a page has for a beat after the program behind it has come back."""


@dataclass(frozen=True, slots=True)
class Health:
    """What the screen's program says of the page.

    Parameters
    ----------
    beat_age_seconds
        Since the page's last beat; `None` before the first. [s]
    """

    beat_age_seconds: float | None


class PageWatch:
    """Decides when to give a browser up.

    Parameters
    ----------
    started_seconds
        When the browser was started, by a clock that never jumps. [s]
    """

    def __init__(self, started_seconds: float) -> None:
        self._started_seconds = started_seconds
        self._answered_since_seconds: float | None = None

    def is_lost(self, now_seconds: float, health: Health | None) -> bool:
        """Whether the page has been silent for too long.

        Parameters
        ----------
        now_seconds
            By the same clock. [s]
        health
            The program's answer, `None` where it gave none: a page that has nobody to
            beat to is not to blame, and says itself that it is offline.
        """
        if health is None:
            self._answered_since_seconds = None
            return False
        if self._answered_since_seconds is None:
            self._answered_since_seconds = now_seconds
        due_seconds = max(
            self._started_seconds + FIRST_BEAT_SECONDS,
            self._answered_since_seconds + BACK_SECONDS,
        )
        if now_seconds < due_seconds and not self._has_beaten(now_seconds, health):
            return False
        age_seconds = health.beat_age_seconds
        return age_seconds is None or age_seconds > SILENT_SECONDS

    def _has_beaten(self, now_seconds: float, health: Health) -> bool:
        """Whether the last beat is this browser's, not that of one before it."""
        age_seconds = health.beat_age_seconds
        return (
            age_seconds is not None
            and now_seconds - age_seconds >= self._started_seconds
        )
