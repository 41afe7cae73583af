"""Usage of twelve months on the days of another year.

Each local day takes what was used on the same weekday of the same week of the year, at
the same time of day. The weather and the public holidays of the year that is priced
are not in it: a hot day's usage may meet a mild day's price.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.tariffs.calendar_axis import calendar_axis
from home_energy.analysis.usage.recorded_energy import FlowRecord, RecordedEnergy
from home_energy.domain.meter_day import Flow
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, CoverageError

MOST_DAYS_APART = 7
"""Days of the year between a day and where its usage is from. [days]"""

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class MovedYear:
    """Usage moved onto another year.

    Parameters
    ----------
    energy
        On the axis of the year, each interval with the quality and the source of the
        one that it was taken from.
    first, last
        Local days of the usage.
    year
        Onto which it was moved.
    source_days
        The day of the usage, for each day of the year.
    repeated_count
        Intervals of an hour that the year has twice and the usage once: taken twice.
    dropped_count
        Intervals of an hour that the usage has and its day of the year has not, or
        has once and the usage twice: left out. What the ends of the axis cut off is
        not counted.
    borrowed_count
        Intervals of an hour that the day of the usage has not: taken from a week
        before or after.
    recorded_kwh, moved_kwh
        Known energy of the twelve months, and of the year. [kWh]
    """

    energy: RecordedEnergy
    first: date
    last: date
    year: int
    source_days: Mapping[date, date]
    repeated_count: int
    dropped_count: int
    borrowed_count: int
    recorded_kwh: Mapping[Flow, float]
    moved_kwh: Mapping[Flow, float]

    @property
    def label(self) -> str:
        """Stands at every result: `usage of 2011-07..2012-06 moved onto 2025`."""
        return f"usage of {self.first:%Y-%m}..{self.last:%Y-%m} moved onto {self.year}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What was done, sentence by sentence, for a report."""
        apart = [abs(_days_apart(to, of)) for to, of in self.source_days.items()]
        how = (
            f"{self.label}: each day takes the usage of the same week and weekday, at "
            f"most {max(apart)} days apart in the year; public holidays and weather "
            "are those of the usage"
        )
        counts = (
            (self.repeated_count, "taken twice, where a clock goes back"),
            (self.dropped_count, "left out, where a clock goes forward or back"),
            (self.borrowed_count, "taken from the week beside, for an hour not there"),
        )
        said = [how, *(f"{count} intervals {what}" for count, what in counts if count)]
        for flow, kwh in self.recorded_kwh.items():
            change = f" ({self.moved_kwh[flow] / kwh - 1:+.2%})" if kwh else ""
            said.append(
                f"{flow}: {kwh:.1f} kWh recorded, {self.moved_kwh[flow]:.1f} kWh "
                f"moved{change}"
            )
        return tuple(said)


def move_year(
    recorded: RecordedEnergy, source_start: date, grid: TimeGrid, zone: ZoneInfo
) -> MovedYear:
    """Usage of the twelve months from a local day, on the days of another year.

    Weeks are those of ISO 8601, so that nearly every day of the usage is taken once.
    The same weekday and week twice: the one nearer in the year; never, as in a week
    53: the nearest of its weekday. Times of day are local. What is missing stays
    missing.

    Parameters
    ----------
    recorded
        On the axis of the twelve months, whole local days.
    source_start
        Their first day.
    grid
        Axis of the year, with the step of `recorded`; its ends may cut local days.

    Raises
    ------
    AlignmentError
        If the usage does not begin at the local midnight of `source_start`, or has
        another step.
    CoverageError
        If the axis lacks a season: a day of the year finds none of its weekday within
        `MOST_DAYS_APART` days.
    """
    _require_start(recorded.grid, source_start, zone)
    if grid.step != recorded.grid.step:
        raise AlignmentError(
            f"usage in steps of {recorded.grid.step} cannot be moved onto an axis of "
            f"{grid.step}; bring one to the other first"
        )
    taken_from = _places(recorded.grid, zone)
    wanted = _clock(grid, zone)
    count = taken_from.shape[0]
    first = grid.start.astimezone(zone).date()
    days = [first + timedelta(days=n) for n in range(wanted.day[-1] + 1)]
    source = np.array([_source_day(day, source_start, count) for day in days])
    found, is_repeated, is_borrowed = _taken(wanted, source, taken_from)
    available = np.count_nonzero(taken_from >= 0, axis=(1, 2))[source]
    taken = np.bincount(wanted.day[~is_repeated & ~is_borrowed], minlength=len(days))
    is_whole = _is_whole(grid, zone, len(days))
    flows = {flow: _at(record, found) for flow, record in recorded.flows.items()}
    return MovedYear(
        energy=RecordedEnergy(grid, recorded.sources, flows, recorded.overlaps),
        first=source_start,
        last=source_start + timedelta(days=count - 1),
        year=(grid.start + (grid.end - grid.start) / 2).year,
        source_days={
            day: source_start + timedelta(days=int(number))
            for day, number in zip(days, source, strict=True)
        },
        repeated_count=int(np.count_nonzero(is_repeated)),
        dropped_count=int((available - taken)[is_whole].sum()),
        borrowed_count=int(np.count_nonzero(is_borrowed)),
        recorded_kwh=_energy(recorded.flows),
        moved_kwh=_energy(flows),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Clock:
    """Local day from the first, step of the day, and 1 in an hour's second run. (T,)"""

    day: IntArray
    slot: IntArray
    run: IntArray


def _clock(grid: TimeGrid, zone: ZoneInfo) -> _Clock:
    calendar = calendar_axis(grid, zone.key, None)
    step_seconds = int(grid.step.total_seconds())
    wall = calendar.wall_seconds
    highest = np.maximum.accumulate(wall)
    is_again = np.r_[False, wall[1:] <= highest[:-1]]
    return _Clock(
        day=calendar.day - calendar.day[0],
        slot=wall % 86_400 // step_seconds,
        run=is_again.astype(np.int64),
    )


def _places(grid: TimeGrid, zone: ZoneInfo) -> IntArray:
    """Number of the interval of each day, step and run; -1 where there is none."""
    clock = _clock(grid, zone)
    per_day = timedelta(days=1) // grid.step
    places = np.full((int(clock.day[-1]) + 1, per_day, 2), -1, dtype=np.int64)
    places[clock.day, clock.slot, clock.run] = np.arange(grid.count)
    return places


def _taken(
    wanted: _Clock, source: IntArray, places: IntArray
) -> tuple[IntArray, NDArray[np.bool_], NDArray[np.bool_]]:
    """Interval that each is taken from, and which were taken again or borrowed."""
    day = source[wanted.day]
    found = places[day, wanted.slot, wanted.run]
    is_repeated = (found < 0) & (wanted.run == 1)
    found = np.where(is_repeated, places[day, wanted.slot, 0], found)
    is_borrowed = found < 0
    beside = np.where(day >= 7, day - 7, day + 7)[is_borrowed]
    found[is_borrowed] = places[beside, wanted.slot[is_borrowed], 0]
    return found, is_repeated, is_borrowed


def _is_whole(grid: TimeGrid, zone: ZoneInfo, day_count: int) -> NDArray[np.bool_]:
    """Which local days an axis holds whole: its ends may cut them. (days,)"""
    is_whole = np.ones(day_count, dtype=np.bool_)
    is_whole[0] = grid.start.astimezone(zone).time() == time()
    is_whole[-1] &= grid.end.astimezone(zone).time() == time()
    return is_whole


def _source_day(day: date, source_start: date, count: int) -> int:
    """Number of the day of the usage that stands for a day."""
    first = (day.weekday() - source_start.weekday()) % 7
    week = day.isocalendar().week

    def remoteness(number: int) -> tuple[bool, int]:
        of = source_start + timedelta(days=number)
        return of.isocalendar().week != week, abs(_days_apart(day, of))

    nearest = min(range(first, count, 7), key=remoteness, default=None)
    if nearest is not None and remoteness(nearest)[1] <= MOST_DAYS_APART:
        return nearest
    last = source_start + timedelta(days=count - 1)
    raise CoverageError(
        f"usage of {source_start} to {last} has no {day:%A} within {MOST_DAYS_APART} "
        f"days of {day:%d %B}, which {day.year} needs; expected twelve months; choose "
        "a first day after which a whole year is on record"
    )


def _days_apart(day: date, other: date) -> int:
    """Days from one place in the year to another, the short way round. [days]"""
    first, second = (d.replace(year=2000).timetuple().tm_yday for d in (day, other))
    return (second - first + 183) % 366 - 183


def _at(record: FlowRecord, places: IntArray) -> FlowRecord:
    return FlowRecord(
        record.kwh[places], record.quality[places], record.source_index[places]
    )


def _energy(flows: Mapping[Flow, FlowRecord]) -> dict[Flow, float]:
    return {flow: float(np.nansum(record.kwh)) for flow, record in flows.items()}


def _require_start(grid: TimeGrid, first: date, zone: ZoneInfo) -> None:
    midnight = datetime.combine(first, time(), zone).astimezone(UTC)
    if grid.start != midnight:
        raise AlignmentError(
            f"the usage begins at {grid.start}, {midnight} was expected: the local "
            f"midnight of {first}; read it from that day on"
        )
