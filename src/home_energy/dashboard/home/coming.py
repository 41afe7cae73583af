"""The coming half-hours: a forecast of mixed steps on one regular axis.

A half-hour is told only when the forecast covers all of it that is still to come; one
with a hole is a hole, not a zero and not the mean of the rest.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from home_energy.domain.forecast import ForecastPoint
from home_energy.domain.time_grid import floor_to_step

HALF_HOUR = timedelta(minutes=30)
FEWEST, MOST = 12, 24
"""Six hours at least, twelve at most."""


@dataclass(frozen=True, slots=True)
class HalfHour:
    """What is expected of one half-hour.

    Parameters
    ----------
    start
        Start of the half-hour, also when part of it is over. [aware UTC]
    c_per_kwh
        Mean of the part to come, weighted by duration; `None` for a hole. [c/kWh]
    low_c_per_kwh, high_c_per_kwh
        The same mean of the forecast's band; `None` where any part has none. [c/kWh]
    is_spike_possible
        Whether any part is marked as a potential or coming spike.
    """

    start: datetime
    c_per_kwh: float | None
    low_c_per_kwh: float | None = None
    high_c_per_kwh: float | None = None
    is_spike_possible: bool = False

    @property
    def end(self) -> datetime:
        """First instant after the half-hour."""
        return self.start + HALF_HOUR


def coming_half_hours(
    points: Sequence[ForecastPoint], start: datetime
) -> list[HalfHour]:
    """Put the forecast from `start` on half-hours.

    Parameters
    ----------
    points
        Forecast in order of start, without overlap.
    start
        What lies before it is over. [aware UTC]

    Returns
    -------
    list of HalfHour
        `FEWEST` to `MOST` of them, as far as the forecast reaches; empty without one.
    """
    ahead = [point for point in points if point.end > start]
    if not ahead:
        return []
    first = floor_to_step(start, HALF_HOUR)
    reach = -((first - ahead[-1].end) // HALF_HOUR)  # rounded up
    count = min(max(reach, FEWEST), MOST)
    starts = [first + i * HALF_HOUR for i in range(count)]
    return [_half_hour(ahead, moment, max(moment, start)) for moment in starts]


def _half_hour(
    points: Sequence[ForecastPoint], start: datetime, begin: datetime
) -> HalfHour:
    end = start + HALF_HOUR
    parts = [p for p in points if p.start < end and p.end > begin]

    def mean(value: Callable[[ForecastPoint], float | None]) -> float | None:
        return _weighted_mean(parts, value, begin, end)

    return HalfHour(
        start=start,
        c_per_kwh=mean(lambda point: point.best_c_per_kwh),
        low_c_per_kwh=mean(lambda point: point.low_c_per_kwh),
        high_c_per_kwh=mean(lambda point: point.high_c_per_kwh),
        is_spike_possible=any(point.is_spike_possible for point in parts),
    )


def _weighted_mean(
    parts: Sequence[ForecastPoint],
    value: Callable[[ForecastPoint], float | None],
    begin: datetime,
    end: datetime,
) -> float | None:
    """Mean over `begin` to `end` weighted by duration; `None` if any of it lacks."""
    cursor, total_c_seconds = begin, 0.0
    for part in parts:
        c_per_kwh = value(part)
        if part.start > cursor or c_per_kwh is None:
            return None
        until = min(part.end, end)
        total_c_seconds += c_per_kwh * (until - cursor).total_seconds()
        cursor = until
    if cursor < end:
        return None
    return total_c_seconds / (end - begin).total_seconds()
