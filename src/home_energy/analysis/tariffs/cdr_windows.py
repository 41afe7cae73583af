"""When a price of a Consumer Data Right plan holds: months, kinds of day, hours.

Retailers write the end of a window as its last minute (`20:59`) or as the minute after
it (`21:00`); both mean the same here. A window over midnight belongs, hour by hour, to
the day on which each hour lies.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence

from home_energy.analysis.tariffs.cdr_wire import TimeWindow
from home_energy.analysis.tariffs.plan import DAY_KINDS, DayKind
from home_energy.errors import DataError

Shape = tuple[tuple[DayKind, ...], tuple[str, ...]]
"""Kinds of day, and hours as `15:00-21:00`; empty does not restrict."""

_CLOCK = re.compile(r"^(\d{2}):?(\d{2})(?::?(\d{2})(?:\.\d+)?)?$")
_MONTH_DAY = re.compile(r"^(\d{2})-(\d{2})$")
_WEEKDAYS = frozenset({"MON", "TUE", "WED", "THU", "FRI"})
_WEEKEND = frozenset({"SAT", "SUN"})
_HOLIDAYS = "PUBLIC_HOLIDAYS"
_ALL_DAY = frozenset(range(48))


def months_of(start_date: str, end_date: str, path: str) -> tuple[int, ...]:
    """Whole months from `07-01` to `06-30`, over the end of the year if need be.

    Returns
    -------
    tuple[int, ...]
        1 to 12; empty for all of them.

    Raises
    ------
    DataError
        If a season begins or ends within a month.
    """
    first, first_day = _month_day(start_date, f"{path}.startDate")
    last, last_day = _month_day(end_date, f"{path}.endDate")
    ends = {28, 29} if last == 2 else {monthrange(2025, last)[1]}
    if first_day != 1 or last_day not in ends:
        raise DataError(
            f"{path}: the season {start_date} to {end_date} is not supported; expected "
            "whole months such as 11-01 to 03-31"
        )
    count = (last - first) % 12 + 1
    months = tuple(sorted((first - 1 + i) % 12 + 1 for i in range(count)))
    return () if count == 12 else months


def _month_day(text: str, path: str) -> tuple[int, int]:
    found = _MONTH_DAY.match(text)
    if found is None or not 1 <= int(found[1]) <= 12:
        raise DataError(f"{path}: {text!r}; expected month and day like 07-01")
    return int(found[1]), int(found[2])


def shapes_of(
    windows: Sequence[TimeWindow], path: str, *, holidays: bool
) -> list[Shape]:
    """Windows of one rate as few shapes, none of which overlap.

    Parameters
    ----------
    windows
        As the plan lists them.
    path
        Of the list, for errors.
    holidays
        Whether a rate beside this one names public holidays, so that they are a kind
        of day of their own.
    """
    kinds = DAY_KINDS if holidays else DAY_KINDS[:2]
    slots: dict[DayKind, frozenset[int]] = {kind: frozenset() for kind in kinds}
    for i, window in enumerate(windows):
        hours = _slots_of(window, f"{path}[{i}]")
        for kind in _kinds_of(window.days, f"{path}[{i}].days", kinds):
            slots[kind] |= hours
    shapes: list[Shape] = []
    for hours in dict.fromkeys(slots.values()):
        if hours:
            same = tuple(kind for kind in kinds if slots[kind] == hours)
            shapes.append((() if same == kinds else same, _runs(hours)))
    return shapes


def names_holidays(windows: Iterable[TimeWindow]) -> bool:
    """Whether any window names public holidays."""
    return any(_HOLIDAYS in window.days for window in windows)


def _kinds_of(
    days: Sequence[str], path: str, kinds: tuple[DayKind, ...]
) -> tuple[DayKind, ...]:
    chosen = set(days)
    for whole in (_WEEKDAYS, _WEEKEND):
        if chosen & whole and not whole <= chosen:
            raise DataError(
                f"{path}: {', '.join(days)} is not supported; expected MON to FRI "
                "together and SAT, SUN together"
            )
    named = {
        "weekday": not chosen or bool(chosen & _WEEKDAYS),
        "weekend": not chosen or bool(chosen & _WEEKEND),
        "holiday": not chosen or _HOLIDAYS in chosen,
    }
    return tuple(kind for kind in kinds if named[kind])


def _slots_of(window: TimeWindow, path: str) -> frozenset[int]:
    """Half-hours of the day that a window holds."""
    if (window.start_time is None) and (window.end_time is None):
        return _ALL_DAY
    first = _half_hour(window.start_time or "00:00", f"{path}.startTime", is_end=False)
    last = _half_hour(window.end_time or "24:00", f"{path}.endTime", is_end=True)
    if first == last:
        raise DataError(
            f"{path}: {window.start_time} to {window.end_time} is empty; expected an "
            "endTime after the startTime"
        )
    if first < last:
        return frozenset(range(first, last))
    return frozenset(range(first, 48)) | frozenset(range(last))


def _half_hour(text: str, path: str, *, is_end: bool) -> int:
    found = _CLOCK.match(text)
    wrong = DataError(
        f"{path}: {text!r} is not supported; expected a half-hour like 15:00, or 20:59 "
        "as the last minute of a window, without an offset"
    )
    if found is None:
        raise wrong
    hour, minute, second = (int(part or 0) for part in found.groups())
    if hour > 24 or minute > 59 or second not in ((0, 59) if is_end else (0,)):
        raise wrong
    minutes = hour * 60 + minute
    if is_end and (second == 59 or minute in (29, 59)):
        minutes += 1
    if is_end and minutes == 0:
        minutes = 1440
    if minutes % 30 or minutes > (1440 if is_end else 1410):
        raise wrong
    return minutes // 30


def _runs(slots: frozenset[int]) -> tuple[str, ...]:
    """Half-hours as `HH:MM-HH:MM`; empty for the whole day."""
    if slots == _ALL_DAY:
        return ()
    starts = sorted(slot for slot in slots if slot - 1 not in slots)
    ends = sorted(slot + 1 for slot in slots if slot + 1 not in slots)
    return tuple(f"{_clock(a)}-{_clock(b)}" for a, b in zip(starts, ends, strict=True))


def _clock(slot: int) -> str:
    return f"{slot // 2:02d}:{slot % 2 * 30:02d}"
