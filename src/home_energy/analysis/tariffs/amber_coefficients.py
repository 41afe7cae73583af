"""What was fitted to a home's own Amber rows, and prices rebuilt from it."""

from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.tariffs.amber_calendar import (
    CalendarReading,
    describe_months,
    describe_slots,
)
from home_energy.domain.price import Channel
from home_energy.domain.price_rows import IntArray
from home_energy.domain.series import FloatArray
from home_energy.errors import DataError

GST_FACTOR = 1.1

UNKNOWN = -1
"""Class of a slot that no row tells."""

UNSURE = -2
"""Class of a slot that has rows, which tell none or several."""


@dataclass(frozen=True, slots=True)
class FittedGroup:
    """One line: ``c/kWh = loss_factor x spot + constant``.

    On feed-in it is ``loss_factor x spot / 1.1 + constant``.

    Parameters
    ----------
    label
        The retailer's period and season and the kind of day; where it names no
        period, the hours that share a constant.
    loss_factor
        Marginal times distribution loss factor.
    constant_c_per_kwh
        Network, market and other charges with GST; on feed-in what the network
        rewards, negative where it charges, without GST. [c/kWh]
    largest_residual_c_per_kwh
        Greatest distance of a row from the line. [c/kWh]
    row_count
        Rows that the line goes through.
    spot_least_c_per_kwh, spot_most_c_per_kwh
        Range of their spot price. [c/kWh]
    """

    label: str
    loss_factor: float
    constant_c_per_kwh: float
    largest_residual_c_per_kwh: float
    row_count: int
    spot_least_c_per_kwh: float
    spot_most_c_per_kwh: float


@dataclass(frozen=True, slots=True, eq=False)
class SlotTable:
    """Class of prices in each slot of the calendar, by one reading of it.

    Parameters
    ----------
    reading
        How the calendar is read.
    class_of_slot
        Number of the class, `UNKNOWN` or `UNSURE`. (SLOT_COUNT,)
    """

    reading: CalendarReading
    class_of_slot: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class NamedPeriods:
    """When each tariff period holds that the rows name.

    Parameters
    ----------
    names
        Period and season in the retailer's spelling.
    tables
        Number of the name in each slot, by every reading that the rows leave
        possible.
    """

    names: tuple[tuple[str, str | None], ...]
    tables: tuple[SlotTable, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TakenHours:
    """Hours that a year takes from the rows of another financial year.

    Parameters
    ----------
    financial_year
        Year in which the other one began, on 1 July.
    tables
        Class of this year's prices where its own rows or the other year's tell when
        it holds, by every reading that both leave possible.
    is_by_period
        Whether a slot has the one line of its period, because this year's rows do
        not name the season. (SLOT_COUNT,)
    """

    financial_year: int
    tables: tuple[SlotTable, ...]
    is_by_period: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class NotTaken:
    """Slots that another year knows but that are not taken from it.

    Parameters
    ----------
    reading
        How the calendar is read.
    slots
        (N,)
    why
        For print; names the year.
    """

    reading: CalendarReading
    slots: IntArray
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class FittedYear:
    """Coefficients of one channel in one financial year, or in a part of it.

    Parameters
    ----------
    financial_year
        Year in which it began, on 1 July.
    first_day, last_day
        NEM days for which it holds.
    groups
        As the retailer names them.
    class_slope, class_constant_c_per_kwh
        Lines that really differ. (K,)
    tables
        Which of them holds when, by every reading of the calendar that the rows
        leave possible; none where one line holds at all times.
    named
        When the named periods hold; `None` where the rows name none.
    taken, not_taken
        What the rows of other financial years tell of hours that this year's do not.
    """

    channel: Channel
    financial_year: int
    first_day: date
    last_day: date
    groups: tuple[FittedGroup, ...]
    class_slope: FloatArray
    class_constant_c_per_kwh: FloatArray
    tables: tuple[SlotTable, ...]
    named: NamedPeriods | None = None
    taken: tuple[TakenHours, ...] = ()
    not_taken: tuple[NotTaken, ...] = ()

    @property
    def row_count(self) -> int:
        """Rows that were fitted."""
        return sum(group.row_count for group in self.groups)

    @property
    def largest_residual_c_per_kwh(self) -> float:
        """Greatest distance of a row from its line. [c/kWh]"""
        return max(group.largest_residual_c_per_kwh for group in self.groups)

    @property
    def clocks(self) -> tuple[str, ...]:
        """Readings of the calendar by which windows agree with the rows.

        None where one line holds at all times, so that the clock does not matter.
        """
        return tuple(table.reading.name for table in self.tables)

    def classes_at(self, start_s: IntArray) -> IntArray:
        """Number of the line that holds at each instant, or `UNKNOWN`. (N,)"""
        classes = self._own_classes_at(start_s)
        unknown = np.flatnonzero(classes == UNKNOWN)
        classes[unknown] = self._taken_classes_at(start_s[unknown])
        return classes

    def notes_on(self, start_s: IntArray) -> tuple[str, ...]:
        """How many instants take their line from other financial years, and how."""
        if not self.taken:
            return ()
        start_s = start_s[self._own_classes_at(start_s) == UNKNOWN]
        start_s = start_s[self._taken_classes_at(start_s) != UNKNOWN]
        helpers = [one for one in self.taken if np.any(_told(one.tables, start_s) >= 0)]
        if not helpers:
            return ()
        slots = self.tables[0].reading.slots(start_s)
        what = "charges" if self.named is None else "tariff periods"
        note = (
            f"{start_s.size} intervals of {describe_months(slots)} take the hours of "
            f"their {what} from {_joined_years(helpers)}"
        )
        is_by_period = np.any([one.is_by_period[slots] for one in helpers], axis=0)
        if np.any(is_by_period):
            note += (
                f", {np.count_nonzero(is_by_period)} of them with the one charge of "
                f"their period, of which {year_name(self.financial_year)} does not "
                "name the season"
            )
        return (note,)

    def _own_classes_at(self, start_s: IntArray) -> IntArray:
        if not self.tables:
            return np.zeros(start_s.size, dtype=np.int64)
        return _told(self.tables, start_s)

    def _taken_classes_at(self, start_s: IntArray) -> IntArray:
        """What other years tell; `UNKNOWN` where they do not say the same. (N,)"""
        classes = np.full(start_s.size, UNKNOWN, dtype=np.int64)
        is_disputed = np.zeros(start_s.size, dtype=np.bool_)
        for one in self.taken:
            told = _told(one.tables, start_s)
            is_disputed |= (classes >= 0) & (told >= 0) & (classes != told)
            classes = np.where(told >= 0, told, classes)
        return np.where(is_disputed, UNKNOWN, classes)


@dataclass(frozen=True, slots=True, eq=False)
class AmberFit:
    """Amber's price as a function of the wholesale price, for one home.

    Parameters
    ----------
    years
        In order of channel and time.
    estimate_count, no_spot_count
        Rows left out because they were no final prices, or told no spot price.
    notes
        What else was left out or merged, and why.
    """

    years: tuple[FittedYear, ...]
    estimate_count: int = 0
    no_spot_count: int = 0
    notes: tuple[str, ...] = ()

    @property
    def largest_residual_c_per_kwh(self) -> float:
        """Greatest distance of any row from its line; 0 without rows. [c/kWh]"""
        return max((y.largest_residual_c_per_kwh for y in self.years), default=0.0)

    def coefficients(
        self, channel: Channel, start_s: IntArray
    ) -> tuple[FloatArray, FloatArray]:
        """Slope and constant at each instant, NaN where they are not known. (N,)

        Parameters
        ----------
        start_s
            Starts of intervals, in seconds since 1970. (N,) [UTC]
        """
        slope = np.full(start_s.size, np.nan)
        constant = np.full(start_s.size, np.nan)
        for year in self._of(channel):
            mine = np.flatnonzero(_is_within(start_s, year))
            classes = year.classes_at(start_s[mine])
            mine, classes = mine[classes != UNKNOWN], classes[classes != UNKNOWN]
            slope[mine] = year.class_slope[classes]
            constant[mine] = year.class_constant_c_per_kwh[classes]
        return slope, constant

    def rebuild(
        self, channel: Channel, start_s: IntArray, spot_c_per_kwh: FloatArray
    ) -> FloatArray:
        """Amber's price at each instant from the wholesale price. (N,) [c/kWh]

        Parameters
        ----------
        start_s
            Starts of intervals, in seconds since 1970. (N,) [UTC]
        spot_c_per_kwh
            With GST; NaN gives NaN. (N,) [c/kWh]

        Raises
        ------
        DataError
            If no coefficients are known for an interval: it lies in a financial year
            without rows, or in a month and half-hour that no row has told.
        """
        slope, constant = self.coefficients(channel, start_s)
        is_unknown = np.isnan(slope)
        if np.any(is_unknown):
            raise DataError(self._why_unknown(channel, start_s[is_unknown]))
        rebuilt: FloatArray = slope * spot_c_per_kwh + constant
        return rebuilt

    def notes_on(self, channel: Channel, start_s: IntArray) -> tuple[str, ...]:
        """What rebuilding the price of these instants takes from other years.

        Parameters
        ----------
        start_s
            Starts of intervals, in seconds since 1970. (N,) [UTC]
        """
        return tuple(
            note
            for year in self._of(channel)
            for note in year.notes_on(start_s[_is_within(start_s, year)])
        )

    def _of(self, channel: Channel) -> tuple[FittedYear, ...]:
        return tuple(year for year in self.years if year.channel is channel)

    def _why_unknown(self, channel: Channel, start_s: IntArray) -> str:
        fitted = self._of(channel)
        is_in_year = np.isin(
            financial_years(start_s), [year.financial_year for year in fitted]
        )
        if not np.all(is_in_year):
            counts = Counter(financial_years(start_s[~is_in_year]).tolist())
            named = ", ".join(year_name(year) for year in sorted(counts))
            return (
                f"Amber's {channel} price of {counts.total()} intervals cannot be "
                f"rebuilt: the record has no rows to fit of the financial year {named} "
                "and charges change each 1 July; import Amber prices of that year"
            )
        for year in fitted:
            mine = start_s[_is_within(start_s, year)]
            if mine.size:
                return _unknown_slots(year, mine)
        days = sorted(nem_days(start_s).tolist())
        return (
            f"Amber's {channel} price from {days[0]} to {days[-1]} cannot be rebuilt: "
            "charges changed in these days and the record has no rows of them; import "
            "Amber prices of these days"
        )


def financial_years(start_s: IntArray) -> IntArray:
    """Year in which the financial year of each instant's NEM day began. (N,)"""
    months = nem_days(start_s).astype("M8[M]").astype(np.int64)
    years: IntArray = (months - 6) // 12 + 1970
    return years


def nem_days(start_s: IntArray) -> NDArray[np.datetime64]:
    """NEM day of each instant. (N,)"""
    return ((start_s + 36_000) // 86_400).astype("M8[D]")


def year_name(year: int) -> str:
    """`2024-25` for the financial year that began in 2024."""
    return f"{year}-{(year + 1) % 100:02d}"


def _is_within(start_s: IntArray, year: FittedYear) -> NDArray[np.bool_]:
    days = nem_days(start_s)
    after = np.datetime64(year.last_day + timedelta(days=1))
    return (days >= np.datetime64(year.first_day)) & (days < after)


def _told(tables: tuple[SlotTable, ...], start_s: IntArray) -> IntArray:
    """Class on which all tables agree at each instant, else `UNKNOWN`. (N,)"""
    found = [t.class_of_slot[t.reading.slots(start_s)] for t in tables]
    agree = np.all([each == found[0] for each in found], axis=0)
    return np.where(agree & (found[0] >= 0), found[0], UNKNOWN)


def _joined_years(taken: list[TakenHours]) -> str:
    names = dict.fromkeys(year_name(one.financial_year) for one in taken)
    return " and ".join(names)


def _unknown_slots(year: FittedYear, start_s: IntArray) -> str:
    start_s = start_s[year.classes_at(start_s) == UNKNOWN]
    slots = np.unique(year.tables[0].reading.slots(start_s))
    charges = ", ".join(f"{c:.4f}" for c in sorted(year.class_constant_c_per_kwh))
    said = (
        f"Amber's {year.channel} price of {start_s.size} intervals of the financial "
        f"year {year_name(year.financial_year)} cannot be rebuilt: its charge differs "
        f"by the hour ({charges} c/kWh) and the rows do not "
        f"tell which one holds at {describe_slots(slots)} "
        f"({' or '.join(year.clocks)} clock)"
    )
    reasons = [
        one.why
        for one in year.not_taken
        if np.any(np.isin(one.reading.slots(start_s), one.slots))
    ]
    helpers = [one for one in year.taken if np.any(_told(one.tables, start_s) >= 0)]
    if helpers:
        reasons.append(f"{_joined_years(helpers)} do not agree on it")
    if reasons:
        return f"{said}; {'; '.join(reasons)}; import Amber prices of these months"
    first, last = _same_months_a_year_later(start_s)
    return (
        f"{said}; import Amber prices of these months, or where Amber has none of "
        "them, of the same months of another year: "
        f"`home-energy import amber --start {first} --end {last}`"
    )


def _same_months_a_year_later(start_s: IntArray) -> tuple[date, date]:
    """First day of the first month and last day of the last month, a year later."""
    days = nem_days(start_s)
    first, last = days.min().astype(date), days.max().astype(date)
    last_day = monthrange(last.year + 1, last.month)[1]
    return date(first.year + 1, first.month, 1), date(
        last.year + 1, last.month, last_day
    )
