"""What is there, what is missing, and how sure it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from home_energy.domain.price import Channel


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of missing intervals, half-open. [aware UTC]"""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long nothing is known."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Coverage:
    """Share of a period that is on record for one channel.

    Parameters
    ----------
    channel
        What was looked at.
    start, end
        The period, half-open. [aware UTC]
    covered_minutes
        Time for which a value is on record. [minutes]
    estimated_minutes
        Time for which the value on record is not yet final. [minutes]
    gaps
        Every run without a value, in order.
    """

    channel: Channel
    start: datetime
    end: datetime
    covered_minutes: int
    estimated_minutes: int
    gaps: tuple[Gap, ...]

    @property
    def expected_minutes(self) -> int:
        """Length of the period. [minutes]"""
        return int((self.end - self.start).total_seconds() // 60)

    @property
    def covered_fraction(self) -> float | None:
        """Share on record, 0 to 1; `None` for an empty period."""
        if self.expected_minutes == 0:
            return None
        return self.covered_minutes / self.expected_minutes

    @property
    def longest_gap(self) -> Gap | None:
        """The longest run without a value."""
        return max(self.gaps, key=lambda gap: gap.length, default=None)


def find_gaps(
    runs: list[tuple[datetime, datetime]], start: datetime, end: datetime
) -> tuple[Gap, ...]:
    """Stretches of `start` to `end` that no run covers.

    Parameters
    ----------
    runs
        Covered stretches, half-open, in order of start; they may touch or overlap.
    """
    gaps: list[Gap] = []
    cursor = start
    for run_start, run_end in runs:
        if cursor >= end:
            break
        if run_start > cursor:
            gaps.append(Gap(cursor, min(run_start, end)))
        cursor = max(cursor, run_end)
    if cursor < end:
        gaps.append(Gap(cursor, end))
    return tuple(gaps)
