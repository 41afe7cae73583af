"""What a file holds, counted: values, from when to when, and how many lie ahead."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from home_energy.domain.meter import MeterReading
from home_energy.domain.meter_day import MeterDay
from home_energy.domain.price import Price
from home_energy.domain.series import FloatArray
from home_energy.domain.spot import SpotDay
from home_energy.ingestion.sources.source_file import FileContent


def value_count(content: FileContent) -> int:
    """Interval values, missing ones left out."""
    in_days = sum(int((~np.isnan(_values(day))).sum()) for day in _days(content))
    return in_days + len(content.prices) + len(content.readings)


def period(content: FileContent) -> tuple[datetime, datetime] | None:
    """Start of the first and end of the last value; `None` without any."""
    ends = [(row.start, row.end) for row in _rows(content)]
    ends += [known for day in _days(content) if (known := _known(day)) is not None]
    if not ends:
        return None
    return min(start for start, _ in ends), max(end for _, end in ends)


def future_count(content: FileContent, now: datetime) -> int:
    """Values of intervals that had not begun at `now`."""
    count = sum(row.start > now for row in _rows(content))
    for day in _days(content):
        if day.end > now:
            begun = (now - day.start) // timedelta(minutes=day.interval_minutes) + 1
            count += int((~np.isnan(_values(day)[max(begun, 0) :])).sum())
    return count


def _rows(content: FileContent) -> Iterator[Price | MeterReading]:
    yield from content.prices
    yield from content.readings


def _days(content: FileContent) -> Iterator[MeterDay | SpotDay]:
    for days in content.meter.values():
        yield from days
    yield from content.spot


def _values(day: MeterDay | SpotDay) -> FloatArray:
    return day.kwh if isinstance(day, MeterDay) else day.rrp_aud_per_mwh_ex_gst


def _known(day: MeterDay | SpotDay) -> tuple[datetime, datetime] | None:
    """Start of a day's first and end of its last value."""
    places = np.flatnonzero(~np.isnan(_values(day)))
    if not places.size:
        return None
    step = timedelta(minutes=day.interval_minutes)
    return day.start + int(places[0]) * step, day.start + (int(places[-1]) + 1) * step
