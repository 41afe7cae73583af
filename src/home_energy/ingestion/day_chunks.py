"""Which days to ask for next, when only a few days may be asked at once."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

DayChunk = tuple[date, date]
"""First and last day, both included."""


def days_between(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included."""
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def chunks(first: date, last: date, most_days: int) -> list[DayChunk]:
    """Cut a range of days into chunks of at most `most_days`, oldest first."""
    starts = days_between(first, last)[::most_days]
    return [
        (start, min(start + timedelta(days=most_days - 1), last)) for start in starts
    ]


def newest_chunk(due: Collection[date], most_days: int) -> DayChunk | None:
    """Chunk that ends with the newest due day and holds as many due days as fit."""
    if not due:
        return None
    last = max(due)
    earliest = last - timedelta(days=most_days - 1)
    return min(day for day in due if day >= earliest), last


def not_tried_since(
    days: Iterable[date], tried_at_seconds: Mapping[date, float], since_seconds: float
) -> set[date]:
    """Days that were never tried, or last before an instant of the steady counter."""
    return {
        day
        for day in days
        if day not in tried_at_seconds or tried_at_seconds[day] < since_seconds
    }
