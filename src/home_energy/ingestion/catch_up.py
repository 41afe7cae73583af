"""Whole days that the record lacks, asked for until it has them.

Newest first, because the screen and the verdict need the last weeks most. The last
days are asked for again once a day, for a market operator may correct a price and a
retailer a reading.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from home_energy.domain.time_grid import nem_date, nem_day_start
from home_energy.ingestion.day_chunks import (
    DayChunk,
    days_between,
    newest_chunk,
    not_tried_since,
)
from home_energy.ingestion.sources.amber import MOST_DAYS

DAY_MINUTES = 1440
REREAD_DAYS = 3
REREAD_SECONDS = 24 * 3600.0
RETRY_SECONDS = ((2, 3600.0), (14, 6 * 3600.0))
"""A day up to so many days ago is asked for again after so long. [days], [s]"""
RETRY_OLD_SECONDS = 24 * 3600.0
SETTLING = timedelta(minutes=20)
"""Intervals younger than this are the live loop's business."""

FinalMinutes = Callable[[datetime, datetime], dict[date, int]]
"""From a period to the minutes that are final on record, by NEM day."""

Fetch = Callable[[date, date], int]
"""Ask for days, both included, keep the answer, return how many rows it had."""


@dataclass(slots=True)
class CatchUp:
    """One kind of record that is asked for by days.

    Parameters
    ----------
    task
        Its name on the health page.
    look_back_days
        How far back the provider may have it. [days]
    includes_today
        Whether the provider gives the running day.
    final_minutes
        What is on record.
    fetch
        How to get more of it.
    """

    task: str
    look_back_days: int
    includes_today: bool
    final_minutes: FinalMinutes
    fetch: Fetch
    _tried_at_seconds: dict[date, float] = field(default_factory=dict)
    _is_failing: bool = False

    def next_chunk(self, now: datetime, steady_seconds: float) -> DayChunk | None:
        """Days to ask for next, or `None` while nothing is due."""
        today = nem_date(now)
        last = today if self.includes_today else today - timedelta(days=1)
        due: set[date] = set()
        for day in self.missing_days(self._earliest(today), last, now):
            since = steady_seconds - _retry_seconds((today - day).days)
            due |= not_tried_since([day], self._tried_at_seconds, since)
        recent = days_between(today - timedelta(days=REREAD_DAYS), last)
        due |= not_tried_since(
            recent, self._tried_at_seconds, steady_seconds - REREAD_SECONDS
        )
        if not due and self._is_failing:
            # The live loop filled the hole: ask all the same, or the health page
            # calls this task broken until something is due again.
            due.add(last)
        return newest_chunk(due, MOST_DAYS)

    def missing_days(self, first: date, last: date, now: datetime) -> list[date]:
        """Days of which something is not final on record."""
        end = nem_day_start(last + timedelta(days=1))
        final = self.final_minutes(nem_day_start(first), end)
        return [
            day
            for day in days_between(first, last)
            if final.get(day, 0) < _expected_minutes(day, now)
        ]

    def ask(self, chunk: DayChunk, steady_seconds: float) -> int:
        """Ask for a chunk and return how many rows came; errors go through.

        An empty answer says nothing of the days before: a record has holes.
        """
        self._is_failing = True  # until the answer has come
        row_count = self.fetch(*chunk)
        self._is_failing = False
        for day in days_between(*chunk):
            self._tried_at_seconds[day] = steady_seconds
        return row_count

    def _earliest(self, today: date) -> date:
        return today - timedelta(days=self.look_back_days)


def _retry_seconds(age_days: int) -> float:
    for up_to_days, seconds in RETRY_SECONDS:
        if age_days <= up_to_days:
            return seconds
    return RETRY_OLD_SECONDS


def _expected_minutes(day: date, now: datetime) -> int:
    elapsed = now - SETTLING - nem_day_start(day)
    minutes = int(elapsed.total_seconds()) // 60
    return max(0, min(DAY_MINUTES, minutes // 30 * 30))
