"""Which line holds at hours that only the rows of another financial year tell.

Charges change each 1 July, the hours of a tariff seldom do. A year's own rows say what
each of its tariff periods costs; where they do not reach into a month, the rows that
another year has of that month say which period holds when. Where periods are named
the name is the link. Where none are, the half-hours that both years know are: each
line of the one must stand where one line of the other does.

Years that contradict each other anywhere do not help each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.tariffs.amber_calendar import (
    SLOT_COUNT,
    CalendarReading,
    describe_slots,
)
from home_energy.analysis.tariffs.amber_coefficients import (
    UNKNOWN,
    FittedYear,
    NotTaken,
    SlotTable,
    TakenHours,
    year_name,
)
from home_energy.domain.price_rows import IntArray

BoolArray = NDArray[np.bool_]

_SLOTS = np.arange(SLOT_COUNT)
_DAY_SLOTS = 2 * 48
"""Half-hours of a weekday and of a day of the weekend."""

Names = list[tuple[str, str | None]]


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What the rows of one year tell of each slot, by one reading of the calendar."""

    year: str
    class_of_slot: IntArray
    name_of_slot: IntArray

    @property
    def key_of_slot(self) -> IntArray:
        """Name and kind of day in one number; negative without a name."""
        kind = _SLOTS // 48 % 2
        return np.where(self.name_of_slot >= 0, self.name_of_slot * 2 + kind, UNKNOWN)


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """What one year gets from another by one reading of the calendar."""

    table: SlotTable
    is_by_period: BoolArray
    not_taken: tuple[NotTaken, ...]


def take_hours(years: Sequence[FittedYear]) -> tuple[FittedYear, ...]:
    """The same years, each with the hours that other years' rows tell for it."""
    return tuple(
        _with_others(
            year,
            [
                other
                for other in years
                if other.channel is year.channel
                and other.financial_year != year.financial_year
            ],
        )
        for year in years
    )


def _with_others(own: FittedYear, others: Sequence[FittedYear]) -> FittedYear:
    if not own.tables:  # one line at all times
        return own
    taken: list[TakenHours] = []
    not_taken: list[NotTaken] = []
    for other in others:
        found = [_answer(own, other, each) for each in _shared_readings(own, other)]
        answers = [each for each in found if isinstance(each, _Answer)]
        if answers:
            by_period = np.any([each.is_by_period for each in answers], axis=0)
            tables = tuple(each.table for each in answers)
            taken.append(TakenHours(other.financial_year, tables, by_period))
            not_taken += answers[0].not_taken
        else:
            refusals = [each for each in found if isinstance(each, NotTaken)]
            not_taken.append(refusals[0] if refusals else _other_clock(own, other))
    return replace(own, taken=tuple(taken), not_taken=tuple(not_taken))


def _shared_readings(own: FittedYear, other: FittedYear) -> list[CalendarReading]:
    tables = [own.tables]
    if other.tables:
        tables.append(other.tables)
    if own.named is not None and other.named is not None:
        tables += [own.named.tables, other.named.tables]
    elif not other.tables:
        return []
    return [
        each.reading
        for each in own.tables
        if all(any(t.reading == each.reading for t in some) for some in tables)
    ]


def _answer(
    own: FittedYear, other: FittedYear, reading: CalendarReading
) -> _Answer | NotTaken:
    if own.named is None or other.named is None:
        no_names = np.full(SLOT_COUNT, UNKNOWN)
        here, there = (
            _Seen(year_name(year.financial_year), _classes(year, reading), no_names)
            for year in (own, other)
        )
        return _by_shape(here, there, reading)
    names = list(dict.fromkeys((*own.named.names, *other.named.names)))
    here, there = (
        _Seen(
            year_name(year.financial_year),
            _classes(year, reading),
            _name_numbers(year, reading, names),
        )
        for year in (own, other)
    )
    return _by_name(here, there, reading, names)


def _by_shape(
    here: _Seen, there: _Seen, reading: CalendarReading
) -> _Answer | NotTaken:
    """Lines of the one year for those of the other, by the slots that both know."""
    own, other = here.class_of_slot, there.class_of_slot
    is_both = (own >= 0) & (other >= 0)
    pairs = np.unique(np.stack([own[is_both], other[is_both]]), axis=1)
    known = np.flatnonzero(other >= 0)
    if not np.any(is_both):
        why = f"{there.year} shares no month and half-hour with the rows of {here.year}"
        return NotTaken(reading, known, why)
    if any(np.unique(each).size < each.size for each in pairs):
        why = f"{there.year} does not help, its charges change at other hours"
        return NotTaken(reading, known, why)
    own_of_other = np.full(max(other.max(), 0) + 1, UNKNOWN)
    own_of_other[pairs[1]] = pairs[0]
    is_open = (own == UNKNOWN) & (other >= 0)
    table = np.where(is_open, own_of_other[np.maximum(other, 0)], own)
    left = np.flatnonzero(is_open & (table < 0))
    why = (
        f"{there.year} has a charge there that it has at no hour which the rows of "
        f"{here.year} tell"
    )
    return _Answer(
        SlotTable(reading, table),
        np.zeros(SLOT_COUNT, dtype=np.bool_),
        (NotTaken(reading, left, why),) if left.size else (),
    )


def _by_name(
    here: _Seen, there: _Seen, reading: CalendarReading, names: Names
) -> _Answer | NotTaken:
    """Lines of the periods that the other year names."""
    odd = _contradiction(here, there, names)
    if odd is not None:
        return NotTaken(reading, np.flatnonzero(there.name_of_slot >= 0), odd)
    is_open = (here.name_of_slot == UNKNOWN) & (here.class_of_slot == UNKNOWN)
    is_open &= there.name_of_slot >= 0
    key_of_slot = there.key_of_slot
    table = here.class_of_slot.copy()
    is_by_period = np.zeros(SLOT_COUNT, dtype=np.bool_)
    not_taken = []
    for key in np.unique(key_of_slot[is_open]).tolist():
        is_mine = is_open & (key_of_slot == key)
        line, by_period = _line_of(key, here, there, names)
        table[is_mine] = line
        is_by_period |= is_mine & by_period
        if line == UNKNOWN:
            why = (
                f"{there.year} names these hours {_words(names[key // 2])}, for which "
                f"the rows of {here.year} tell no one charge"
            )
            not_taken.append(NotTaken(reading, np.flatnonzero(is_mine), why))
    return _Answer(SlotTable(reading, table), is_by_period, tuple(not_taken))


def _line_of(key: int, here: _Seen, there: _Seen, names: Names) -> tuple[int, bool]:
    """Line here for a name and kind of day, and whether by the period alone.

    The nearest likeness stands that the rows here name: the same on that kind of day,
    the same on any day, the same period in any season. What is alike must have one
    line, also there as far as that is known.
    """
    name = key // 2
    same_period = [i for i, (period, _) in enumerate(names) if period == names[name][0]]
    key_of_slot = here.key_of_slot
    for is_alike in (
        key_of_slot == key,
        here.name_of_slot == name,
        np.isin(here.name_of_slot, same_period),
    ):
        if np.any(is_alike):
            lines = np.unique(here.class_of_slot[is_alike])
            keys = [key, *np.unique(key_of_slot[is_alike]).tolist()]
            lines_there = there.class_of_slot[np.isin(there.key_of_slot, keys)]
            is_one = lines.size == 1 and lines[0] >= 0
            if np.unique(lines_there[lines_there >= 0]).size > 1:
                is_one = False
            is_by_period = not np.any(here.name_of_slot == name)
            return (int(lines[0]), is_by_period) if is_one else (UNKNOWN, False)
    return UNKNOWN, False


def _contradiction(here: _Seen, there: _Seen, names: Names) -> str | None:
    """Where the two years name one slot, or one hour of one season, differently."""
    own, other = here.name_of_slot, there.name_of_slot
    is_odd = (own >= 0) & (other >= 0) & (own != other)
    if np.any(is_odd):
        slot = int(np.argmax(is_odd))
        return (
            f"{there.year} does not help, it names "
            f"{describe_slots(np.array([slot]))} {_words(names[other[slot]])}, "
            f"{here.year} {_words(names[own[slot]])}"
        )
    for season in dict.fromkeys(season for _, season in names):
        numbers = [i for i, name in enumerate(names) if name[1] == season]
        in_own, in_other = (_hours_of(each, numbers) for each in (own, other))
        is_apart = in_own.any(0) & in_other.any(0) & ~(in_own & in_other).any(0)
        if np.any(is_apart):
            hour = int(np.argmax(is_apart))
            is_there = np.isin(other, numbers) & (hour == _SLOTS % _DAY_SLOTS)
            slot = int(np.argmax(is_there))
            return (
                f"{there.year} does not help, its {season or 'hours without season'} "
                f"has other hours, such as {describe_slots(np.array([slot]))}"
            )
    return None


def _hours_of(name_of_slot: IntArray, numbers: list[int]) -> BoolArray:
    """Whether each name holds in any month at each half-hour of both kinds of day."""
    by_month = name_of_slot.reshape(12, _DAY_SLOTS)
    return np.array([(by_month == number).any(axis=0) for number in numbers])


def _classes(year: FittedYear, reading: CalendarReading) -> IntArray:
    if not year.tables:  # one line at all times
        return np.zeros(SLOT_COUNT, dtype=np.int64)
    return _table(year.tables, reading)


def _name_numbers(year: FittedYear, reading: CalendarReading, names: Names) -> IntArray:
    """Place in `names` of the name that holds in each slot."""
    if year.named is None:
        return np.full(SLOT_COUNT, UNKNOWN)
    place = np.array([names.index(each) for each in year.named.names], dtype=np.int64)
    own = _table(year.named.tables, reading)
    return np.where(own >= 0, place[np.maximum(own, 0)], own)


def _table(tables: tuple[SlotTable, ...], reading: CalendarReading) -> IntArray:
    return next(t.class_of_slot for t in tables if t.reading == reading)


def _other_clock(own: FittedYear, other: FittedYear) -> NotTaken:
    here, there = year_name(own.financial_year), year_name(other.financial_year)
    if not other.tables and other.named is None:
        why = f"{there} does not help, it has one charge at all times"
    else:
        why = f"{there} does not help, its hours follow another clock than in {here}"
    return NotTaken(own.tables[0].reading, _SLOTS, why)


def _words(name: tuple[str, str | None]) -> str:
    return " ".join(filter(None, name))
