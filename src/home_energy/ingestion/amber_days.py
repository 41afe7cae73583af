"""History on demand: prices and usage of chosen days, with progress."""

import threading
from collections.abc import Callable
from datetime import date

from home_energy.domain.clock import Clock
from home_energy.errors import RateLimited
from home_energy.ingestion.day_chunks import chunks
from home_energy.ingestion.day_tasks import DayTasks
from home_energy.ingestion.sources.amber import MOST_DAYS

OnProgress = Callable[[int, int], None]
"""Called with days done and rows that came."""


def import_amber_days(
    tasks: DayTasks, clock: Clock, first: date, last: date, on_progress: OnProgress
) -> None:
    """Ask Amber for every day from `first` to `last`, both included.

    Waits when the quota, or the reserve for the household's other tools, says so.

    Raises
    ------
    SourceError
        If Amber refuses or cannot be reached; what came before is kept.
    """
    for chunk_first, chunk_last in chunks(first, last, MOST_DAYS):
        for ask in (tasks.ask_prices, tasks.ask_usage):
            row_count = _ask_patiently(ask, clock, chunk_first, chunk_last)
            on_progress(0, row_count)
        on_progress((chunk_last - chunk_first).days + 1, 0)


def _ask_patiently(
    ask: Callable[[date, date], int], clock: Clock, first: date, last: date
) -> int:
    while True:
        try:
            return ask(first, last)
        except RateLimited as error:
            wait = error.retry_at - clock.now()
            clock.wait(wait.total_seconds(), threading.Event())
