"""What Amber gives by whole days: price history and usage of one site."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from home_energy.domain.price import Quality
from home_energy.ingestion.catch_up import CatchUp
from home_energy.ingestion.source_notes import SOURCE, SourceNotes
from home_energy.ingestion.sources.amber import AmberClient
from home_energy.store import Store

_log = logging.getLogger(__name__)

TASK_HISTORY = "price history"
TASK_USAGE = "usage"

HISTORY_DAYS = 730
"""Amber had 574 days when last seen. Days that it lacks are asked for once a day."""
USAGE_DAYS = 90
"""Amber keeps usage for about 90 days, and nobody else does."""


@dataclass(frozen=True, slots=True)
class DayTasks:
    """Asks for days of one site and keeps them.

    Parameters
    ----------
    now
        Best known time. [aware UTC]
    """

    client: AmberClient
    store: Store
    notes: SourceNotes
    now: Callable[[], datetime]
    site_id: str
    site_key: int

    def catch_ups(self, history_days: int = HISTORY_DAYS) -> tuple[CatchUp, CatchUp]:
        """Both kinds of record, the history of prices first."""
        return (
            CatchUp(
                task=TASK_HISTORY,
                look_back_days=history_days,
                includes_today=True,
                final_minutes=self._final_prices,
                fetch=self.ask_prices,
            ),
            CatchUp(
                task=TASK_USAGE,
                look_back_days=USAGE_DAYS,
                includes_today=False,
                final_minutes=self._final_readings,
                fetch=self.ask_usage,
            ),
        )

    def ask_prices(self, first: date, last: date) -> int:
        """Ask for final prices of days, both included; return how many came."""
        answer = self.client.price_history(self.site_id, first, last)
        prices = [price for price in answer if price.quality is Quality.ACTUAL]
        with self.store.transaction():
            saved = self.store.prices.save(self.site_key, prices, self.now())
            self.notes.success(TASK_HISTORY, self.now())
        _log_rows(TASK_HISTORY, first, last, saved.inserted + saved.revised)
        return len(prices)

    def ask_usage(self, first: date, last: date) -> int:
        """Ask for usage of days, both included; return how many readings came."""
        readings = self.client.usage(self.site_id, first, last)
        with self.store.transaction():
            changed = self.store.readings.save(
                self.site_key, SOURCE, readings, self.now()
            )
            self.notes.success(TASK_USAGE, self.now())
        _log_rows(TASK_USAGE, first, last, changed)
        return len(readings)

    def _final_prices(self, start: datetime, end: datetime) -> dict[date, int]:
        """Minutes of each day that are final on every channel that has prices."""
        by_channel = [
            self.store.prices.final_minutes_by_day(self.site_key, channel, start, end)
            for channel in self.store.prices.channels(self.site_key)
        ]
        days = {day for minutes in by_channel for day in minutes}
        return {day: min(m.get(day, 0) for m in by_channel) for day in days}

    def _final_readings(self, start: datetime, end: datetime) -> dict[date, int]:
        return self.store.readings.final_minutes_by_day(
            self.site_key, SOURCE, start, end
        )


def _log_rows(task: str, first: date, last: date, changed: int) -> None:
    if changed:
        _log.info(
            "%s, %s: %s to %s, %d rows new or changed",
            SOURCE,
            task,
            first,
            last,
            changed,
        )
