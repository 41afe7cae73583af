"""A year of the record as a calendar: a row for each month, a square for each day."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from home_energy.analysis.record.days import RecordDays
from home_energy.dashboard.local_words import capitalised
from home_energy.domain.day_share import DayShare

CELL = 10.0
"""Side of a square on the drawing, which is stretched to the room there is."""
WIDTH, HEIGHT = 31 * CELL, 12 * CELL
_SIDE_MARGIN = 0.4
_ROW_MARGIN = 0.85
_BETWEEN = 0.5
LEAST_PART = 0.15
"""Of a day in part so much is drawn full and so much empty at least."""

State = Literal["full", "part", "none"]


@dataclass(frozen=True, slots=True)
class DayBar:
    """One kind of record on one day.

    Parameters
    ----------
    kind
        `price` or `meter`.
    y, height
        Place in the square.
    width, full_width
        Of the whole bar, and of the part that is on record.
    is_not_final
        Whether some of it may still change.
    """

    kind: str
    state: State
    y: float
    height: float
    width: float
    full_width: float
    is_not_final: bool

    @property
    def slot_x(self) -> float:
        """Left edge of the mark for what is not final."""
        return self.width * 0.38

    @property
    def slot_width(self) -> float:
        """Width of the mark for what is not final."""
        return self.width * 0.24


@dataclass(frozen=True, slots=True)
class DaySquare:
    """A day on the calendar, and its figures in words."""

    day: date
    x: float
    y: float
    bars: tuple[DayBar, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record and its share of the year in words."""

    name: str
    css_class: str
    words: str


@dataclass(frozen=True, slots=True)
class YearPicture:
    """Everything on the page."""

    year: int
    kinds: tuple[Kind, ...]
    squares: tuple[DaySquare, ...]
    months: tuple[tuple[str, float], ...]
    ticks: tuple[tuple[str, float], ...]


def year_picture(year: int, record: RecordDays) -> YearPicture:
    """Put the page together.

    Parameters
    ----------
    record
        Days of the year that have been; a kind that never was on record is empty.
    """
    kinds = [
        (name, days)
        for name, days in (("price", record.prices), ("meter", record.meter))
        if days
    ]
    return YearPicture(
        year=year,
        kinds=tuple(
            Kind(capitalised(name), name, _total_words(days)) for name, days in kinds
        ),
        squares=tuple(
            _square(shares[0].day, [name for name, _ in kinds], shares)
            for shares in zip(*(days for _, days in kinds), strict=True)
        )
        if kinds
        else (),
        months=tuple(
            (f"{date(year, month, 1):%b}", round((month - 0.5) / 12 * 100, 2))
            for month in range(1, 13)
        ),
        ticks=tuple(
            (str(day), round((day - 0.5) / 31 * 100, 2)) for day in (1, 8, 15, 22, 29)
        ),
    )


def _square(day: date, names: list[str], shares: Sequence[DayShare]) -> DaySquare:
    height = (CELL - 2 * _ROW_MARGIN - _BETWEEN * (len(names) - 1)) / len(names)
    bars = tuple(
        _bar(name, share, _ROW_MARGIN + number * (height + _BETWEEN), height)
        for number, (name, share) in enumerate(zip(names, shares, strict=True))
    )
    told = "; ".join(
        f"{name} {_day_words(share)}" for name, share in zip(names, shares, strict=True)
    )
    return DaySquare(
        day=day,
        x=(day.day - 1) * CELL,
        y=(day.month - 1) * CELL,
        bars=bars,
        words=f"{day:%a} {day.day} {day:%b}: {told}",
    )


def _bar(kind: str, share: DayShare, y: float, height: float) -> DayBar:
    width = CELL - 2 * _SIDE_MARGIN
    part = _fraction([share])
    state: State = "full" if part == 1 else "part" if part else "none"
    drawn = min(max(part, LEAST_PART), 1 - LEAST_PART) if 0 < part < 1 else part
    return DayBar(
        kind=kind,
        state=state,
        y=round(y, 2),
        height=round(height, 2),
        width=round(width, 2),
        full_width=round(width * drawn, 2),
        is_not_final=share.not_final_minutes > 0,
    )


def _fraction(days: Sequence[DayShare]) -> float:
    expected = sum(day.expected_minutes for day in days)
    return sum(day.known_minutes for day in days) / expected if expected else 0.0


def _percent(part: float) -> str:
    """Rounded down, so that 100% means all of it."""
    return f"{math.floor(100 * part)}%" if part >= 0.01 or not part else "under 1%"


def _total_words(days: Sequence[DayShare]) -> str:
    not_final = sum(1 for day in days if day.not_final_minutes)
    also = f", {not_final} not final" if not_final else ""
    return f"{_percent(_fraction(days))}{also}"


def _day_words(share: DayShare) -> str:
    part = _fraction([share])
    if not part:
        return "nothing on record"
    not_final = ", not final" if share.not_final_minutes else ""
    return f"{_percent(part)} on record{not_final}"
