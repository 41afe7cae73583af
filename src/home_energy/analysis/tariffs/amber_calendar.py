"""Where in the year's pattern an interval lies: month, kind of day, half-hour.

A network tariff's windows are drawn on such a pattern, on the local clock or on the
market's. Which one it is, and how it takes public holidays, is found from the rows,
so several readings of the calendar stand side by side.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

import numpy as np

from home_energy.domain.price_rows import IntArray
from home_energy.domain.time_grid import NEM_TIME

SLOT_COUNT = 12 * 2 * 48
"""Months, weekday or weekend, half-hours of the day."""

_DAY_S = 86_400
_HALF_HOUR_S = 1_800


@dataclass(frozen=True, slots=True)
class CalendarReading:
    """One way to read the calendar.

    Parameters
    ----------
    name
        For print: `local` or `NEM`, and how public holidays are taken.
    zone
        The clock.
    weekend_holidays
        Days that are taken as weekend whatever day they fall on.
    """

    name: str
    zone: tzinfo
    weekend_holidays: frozenset[date] = frozenset()

    def slots(self, start_s: IntArray) -> IntArray:
        """Number of each instant's slot, 0 to `SLOT_COUNT` - 1. (N,)"""
        local_s = start_s + _offsets_s(start_s, self.zone)
        months = (local_s // _DAY_S).astype("M8[D]").astype("M8[M]").astype(np.int64)
        half_hours = local_s % _DAY_S // _HALF_HOUR_S
        return (months % 12 * 2 + self.is_weekend(start_s)) * 48 + half_hours

    def is_weekend(self, start_s: IntArray) -> IntArray:
        """1 for instants on a Saturday, a Sunday or such a holiday, else 0. (N,)"""
        days = (start_s + _offsets_s(start_s, self.zone)) // _DAY_S
        is_weekend = (days + 3) % 7 >= 5  # 1970 began on a Thursday
        holidays = [_days_since_1970(day) for day in self.weekend_holidays]
        return (is_weekend | np.isin(days, holidays)).astype(np.int64)


def calendar_readings(
    zone: tzinfo, public_holidays: Collection[date]
) -> tuple[CalendarReading, ...]:
    """Ways to read the calendar, the likelier first."""
    plain = (CalendarReading("local", zone), CalendarReading("NEM", NEM_TIME))
    if not public_holidays:
        return plain
    off = frozenset(public_holidays)
    return plain + tuple(
        CalendarReading(f"{reading.name}, holidays as weekend", reading.zone, off)
        for reading in plain
    )


def describe_slots(slots: IntArray) -> str:
    """Slots in words: `Jan-Mar weekday 15:00-21:00; ...`."""
    months_of: dict[tuple[int, tuple[int, ...]], list[int]] = {}
    for month in range(12):
        for weekend in range(2):
            first = (month * 2 + weekend) * 48
            mine = slots[(slots >= first) & (slots < first + 48)]
            if mine.size:
                half_hours = tuple(np.unique(mine - first).tolist())
                months_of.setdefault((weekend, half_hours), []).append(month)
    kinds_of: dict[tuple[str, str], list[str]] = {}
    for (weekend, half_hours), months in months_of.items():
        when = _months(months), _hours(half_hours)
        kinds_of.setdefault(when, []).append("weekend" if weekend else "weekday")
    return "; ".join(
        f"{months} {kinds[0] if len(kinds) == 1 else 'every day'} {hours}"
        for (months, hours), kinds in kinds_of.items()
    )


def describe_months(slots: IntArray) -> str:
    """Months of slots in words: `Jan-Feb, Jul`."""
    return _months(np.unique(slots // (2 * 48)).tolist())


_MONTHS = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]


def _months(months: list[int]) -> str:
    return _joined([(_MONTHS[a], _MONTHS[b]) for a, b in _runs(months)], "-")


def _hours(half_hours: tuple[int, ...]) -> str:
    ends = [(_clock(a), _clock(b + 1)) for a, b in _runs(list(half_hours))]
    return ", ".join(f"{a}-{b}" for a, b in ends)


def _clock(half_hour: int) -> str:
    return f"{half_hour // 2:02d}:{half_hour % 2 * 30:02d}"


def _joined(ends: list[tuple[str, str]], between: str) -> str:
    return ", ".join(a if a == b else f"{a}{between}{b}" for a, b in ends)


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """First and last of each unbroken run of rising numbers."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _offsets_s(start_s: IntArray, zone: tzinfo) -> IntArray:
    """Local time less UTC at each instant. (N,) [s]"""
    days, place = np.unique(start_s // _DAY_S, return_inverse=True)
    at_start = _integers([_offset_s(day * _DAY_S, zone) for day in days.tolist()])
    at_end = _integers([_offset_s((day + 1) * _DAY_S, zone) for day in days.tolist()])
    offsets = at_start[place]
    for i in np.flatnonzero((at_start != at_end)[place]).tolist():
        offsets[i] = _offset_s(int(start_s[i]), zone)
    return offsets


def _offset_s(moment_s: int, zone: tzinfo) -> int:
    offset = datetime.fromtimestamp(moment_s, UTC).astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _days_since_1970(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _integers(values: list[int]) -> IntArray:
    return np.array(values, dtype=np.int64)
