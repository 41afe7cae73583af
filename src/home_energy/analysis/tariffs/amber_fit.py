"""Amber's price formula, fitted to the rows of one home.

On import ``perKwh = LF S + c`` and on feed-in, as we record it, positive when the
household is paid, ``LF S / 1.1 + c``, with `S` the spot price with GST, `LF` the
home's loss factor and `c` a constant for each tariff period. Found exact to the fifth
decimal at every home that was looked at; docs/models/amber-prices.md has the figures.

The loss factor is taken as one for a channel in a financial year, so that a period
that saw only calm prices is right in a price spike as well; only where that does not
fit has each period its own.

Where rows name no tariff period, as on feed-in, the hours that share a constant are
found from the rows: first each half-hour of each month and kind of day has a constant
of its own, then those that are equal are joined.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.tariffs.amber_calendar import (
    SLOT_COUNT,
    CalendarReading,
    calendar_readings,
    describe_months,
    describe_slots,
)
from home_energy.analysis.tariffs.amber_coefficients import (
    GST_FACTOR,
    UNKNOWN,
    UNSURE,
    AmberFit,
    FittedGroup,
    FittedYear,
    NamedPeriods,
    NotTaken,
    SlotTable,
    financial_years,
    nem_days,
    year_name,
)
from home_energy.analysis.tariffs.amber_lines import Lines, fit_lines, sturdy_lines
from home_energy.analysis.tariffs.amber_other_years import take_hours
from home_energy.domain.price import Channel, Quality
from home_energy.domain.price_rows import IntArray, PriceRows
from home_energy.domain.series import FloatArray
from home_energy.errors import DataError

__all__ = ["LARGEST_RESIDUAL_C_PER_KWH", "AmberFit", "fit_amber"]

LARGEST_RESIDUAL_C_PER_KWH = 0.01
"""A row further from its line means that the formula does not hold. [c/kWh]"""

SAME_CONSTANT_C_PER_KWH = 1e-3
SAME_SLOPE = 1e-5
"""Lines closer than this are one line: prices are rounded to 1e-5 c."""

LEAST_ROWS_FOR_OWN_SLOPE = 12
LEAST_DAYS_OF_A_PART = 7
"""A change within a year is believed when a week of rows stands on either side."""

PLAUSIBLE_LOSS_FACTOR = (0.8, 1.5)

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Rows of one channel and year, or a part of it, with lines that fit them."""

    rows: PriceRows
    group: IntArray
    labels: tuple[str, ...]
    lines: Lines
    has_one_slope: bool


def fit_amber(
    rows: Iterable[PriceRows],
    zone: tzinfo,
    public_holidays: Collection[date] = (),
    wanted_years: Collection[int] | None = None,
) -> AmberFit:
    """Fit loss factors and constants to final prices that tell their spot price.

    Parameters
    ----------
    rows
        Those of each channel.
    zone
        The home's clock, on which most networks draw their windows; the market's is
        tried as well.
    public_holidays
        Of the home's state. Whether they count as weekend is found from the rows;
        without any they are days like others.
    wanted_years
        Financial years that must fit, all without. Another one that does not fit is
        left out with a note: it was only to tell hours.

    Raises
    ------
    DataError
        If a row is further than 0.01 c/kWh from the line of its group, also when the
        year is parted at a day on which charges changed.
    """
    readings = calendar_readings(zone, public_holidays)
    years: list[FittedYear] = []
    notes: list[str] = []
    unfit: list[tuple[PriceRows, str]] = []
    estimate_count = no_spot_count = 0
    for of_channel in sorted(rows, key=lambda each: list(Channel).index(each.channel)):
        is_final = of_channel.quality == Quality.ACTUAL
        has_spot = ~np.isnan(of_channel.spot_c_per_kwh)
        estimate_count += int(np.count_nonzero(~is_final))
        no_spot_count += int(np.count_nonzero(is_final & ~has_spot))
        usable = of_channel.only(is_final & has_spot)
        year_of_row = financial_years(usable.start_s)
        for year in np.unique(year_of_row).tolist():
            mine = usable.only(year_of_row == year)
            try:
                found, said = _fit_year(mine, year, readings)
            except DataError as error:
                if wanted_years is None or year in wanted_years:
                    raise
                found, said = [], [f"left out, it does not fit: {error}"]
                unfit.append((mine, f"{year_name(year)} does not help: {error}"))
            years += found
            notes += [f"{mine.channel} {year_name(year)}: {note}" for note in said]
    with_hours = [_with_unfit(year, unfit, readings[0]) for year in take_hours(years)]
    notes += _taken_notes(with_hours)
    return AmberFit(tuple(with_hours), estimate_count, no_spot_count, tuple(notes))


def _with_unfit(
    year: FittedYear, unfit: Iterable[tuple[PriceRows, str]], reading: CalendarReading
) -> FittedYear:
    """A year that also says which others could not tell it any hours."""
    not_taken = tuple(
        NotTaken(reading, np.unique(reading.slots(rows.start_s)), why)
        for rows, why in unfit
        if rows.channel is year.channel
    )
    return replace(year, not_taken=year.not_taken + not_taken)


def _taken_notes(years: Iterable[FittedYear]) -> list[str]:
    """What each year takes from which other year."""
    notes = []
    for year in years:
        for one in year.taken:
            taken = one.tables[0]
            own = next(t for t in year.tables if t.reading == taken.reading)
            slots = np.flatnonzero(
                (own.class_of_slot == UNKNOWN) & (taken.class_of_slot >= 0)
            )
            if slots.size:
                notes.append(
                    f"{year.channel} {year_name(year.financial_year)}: hours of "
                    f"{describe_months(slots)} that no row tells are taken from "
                    f"{year_name(one.financial_year)}"
                )
    return notes


def _fit_year(
    rows: PriceRows, year: int, readings: Sequence[CalendarReading]
) -> tuple[list[FittedYear], list[str]]:
    """Lines for the whole year, or for both sides of a day on which they changed."""
    group, _ = _as_named(rows, readings[0])
    if not np.any(_has_two_spots(rows.spot_c_per_kwh, group)):
        return [], [f"{len(rows)} rows left out: no two of one period differ in spot"]
    first, last = date(year, 7, 1), date(year + 1, 6, 30)
    whole = _fit_part(rows, readings)
    if whole is not None:
        fitted, notes = _described(whole, (first, last), readings)
        return [fitted], notes
    parted = _parted(rows, readings)
    if parted is None:
        raise DataError(_refusal(rows, year, readings[0]))
    change = nem_days(parted[1].rows.start_s).min().astype(date)
    last_before = nem_days(parted[0].rows.start_s).max().astype(date)
    early, early_notes = _described(parted[0], (first, last_before), readings)
    late, late_notes = _described(parted[1], (change, last), readings)
    note = f"charges changed between {last_before} and {change}; each side has its own"
    return [early, late], [note, *early_notes, *late_notes]


def _parted(
    rows: PriceRows, readings: Sequence[CalendarReading]
) -> tuple[_Part, _Part] | None:
    """Both sides of the day on which charges changed, if there is one such day.

    The rows up to some day fit, and with the day after they no longer do.
    """
    days = nem_days(rows.start_s)
    every = np.unique(days)
    least = LEAST_DAYS_OF_A_PART
    if every.size < 2 * least:
        return None
    fits, fails = least, every.size - least + 1  # number of days from the first
    if _fit_part(rows.only(days < every[fits]), readings) is None:
        return None
    while fails - fits > 1:
        middle = (fits + fails) // 2
        if _fit_part(rows.only(days < every[middle]), readings) is None:
            fails = middle
        else:
            fits = middle
    early = _fit_part(rows.only(days < every[fits]), readings)
    late = _fit_part(rows.only(days >= every[fits]), readings)
    return None if early is None or late is None else (early, late)


def _fit_part(rows: PriceRows, readings: Sequence[CalendarReading]) -> _Part | None:
    """Lines through all rows, or `None` where a row is too far from its line."""
    if _names_periods(rows):
        group, labels = _as_named(rows, readings[0])
    else:
        group, labels = _by_hours(rows, readings)
    for has_one_slope in (True, False):
        lines = _fit_lines(rows, group, has_one_slope=has_one_slope)
        is_enough = has_one_slope or np.all(
            np.bincount(group) >= LEAST_ROWS_FOR_OWN_SLOPE
        )
        if is_enough and _holds(lines, rows.channel):
            return _Part(rows, group, labels, lines, has_one_slope)
    return None


def _names_periods(rows: PriceRows) -> bool:
    return any(rows.contexts[i].tariff_period for i in np.unique(rows.context))


def _holds(lines: Lines, channel: Channel) -> bool:
    least, most = PLAUSIBLE_LOSS_FACTOR
    factor = lines.slope * _factor(channel)
    is_plausible = np.all((factor > least) & (factor < most))
    return bool(is_plausible) and (lines.largest_residual <= LARGEST_RESIDUAL_C_PER_KWH)


def _as_named(
    rows: PriceRows, reading: CalendarReading
) -> tuple[IntArray, tuple[str, ...]]:
    """Groups by the retailer's period and season, and by kind of day."""
    named = [
        (context.tariff_period or "no period", context.tariff_season)
        for context in rows.contexts
    ]
    kinds = list(dict.fromkeys(named))
    kind = np.array([kinds.index(each) for each in named], dtype=np.int64)
    wide = kind[rows.context] * 2 + reading.is_weekend(rows.start_s)
    used, group = np.unique(wide, return_inverse=True)
    labels = []
    for number in used.tolist():
        period, season = kinds[number // 2]
        day_kind = "weekend" if number % 2 else "weekday"
        labels.append(" ".join(filter(None, (period, season, day_kind))))
    return group, tuple(labels)


def _by_hours(
    rows: PriceRows, readings: Sequence[CalendarReading]
) -> tuple[IntArray, tuple[str, ...]]:
    """Groups of the half-hours that share a constant, as the rows show it."""
    all_one = np.zeros(len(rows), dtype=np.int64)
    one_line = _fit_lines(rows, all_one, has_one_slope=True)
    if one_line.largest_residual > SAME_CONSTANT_C_PER_KWH:
        for reading in readings:
            slots = reading.slots(rows.start_s)
            lines = _fit_lines(rows, slots, has_one_slope=True)
            if _holds(lines, rows.channel):
                level = _levels(lines.constant)[slots]
                labels = [
                    describe_slots(slots[level == number])
                    for number in range(int(level.max()) + 1)
                ]
                return level, tuple(labels)
    return all_one, ("at all times",)


def _levels(constants: FloatArray) -> IntArray:
    """Number of each constant's level, from the lowest; NaN has none that matters."""
    order = np.argsort(constants)
    is_step = np.diff(constants[order]) > SAME_CONSTANT_C_PER_KWH
    level = np.zeros(constants.size, dtype=np.int64)
    level[order[1:]] = np.cumsum(is_step)
    return level


def _described(
    part: _Part, days: tuple[date, date], readings: Sequence[CalendarReading]
) -> tuple[FittedYear, list[str]]:
    """A part's coefficients, with what is known of when they hold."""
    rows = part.rows
    class_of_group, notes = _classes(part)
    class_of_row = class_of_group[part.group]
    is_kept = class_of_row != UNKNOWN
    lines = _fit_lines(
        rows.only(is_kept), class_of_row[is_kept], has_one_slope=part.has_one_slope
    )
    tables: tuple[SlotTable, ...] = ()
    if lines.slope.size > 1 or not np.all(is_kept):
        tables, conflict_count = _tables(rows.start_s, class_of_row, readings)
        if conflict_count:
            notes.append(
                f"{conflict_count} half-hours of the calendar have rows of different "
                "charges on either clock, and are not rebuilt"
            )
    kept_groups = np.flatnonzero(class_of_group != UNKNOWN).tolist()
    year = FittedYear(
        channel=rows.channel,
        financial_year=int(financial_years(rows.start_s[:1])[0]),
        first_day=days[0],
        last_day=days[1],
        groups=tuple(_fitted_group(part, number) for number in kept_groups),
        class_slope=lines.slope,
        class_constant_c_per_kwh=lines.constant,
        tables=tables,
        named=_named_periods(rows, readings) if _names_periods(rows) else None,
    )
    return year, notes


def _named_periods(
    rows: PriceRows, readings: Sequence[CalendarReading]
) -> NamedPeriods:
    """When the periods hold that rows name; a row without a name tells nothing."""
    names: list[tuple[str, str | None]] = []
    number = np.full(len(rows.contexts), UNSURE, dtype=np.int64)
    for place in np.unique(rows.context).tolist():
        context = rows.contexts[place]
        if context.tariff_period:
            name = context.tariff_period, context.tariff_season
            if name not in names:
                names.append(name)
            number[place] = names.index(name)
    tables, _ = _tables(rows.start_s, number[rows.context], readings)
    return NamedPeriods(tuple(names), tables)


def _classes(part: _Part) -> tuple[IntArray, list[str]]:
    """Number of the line of each group, `UNKNOWN` for a group nothing can check."""
    slope, constant = part.lines.slope, part.lines.constant
    is_sure = _has_two_spots(part.rows.spot_c_per_kwh, part.group)
    classes = np.full(slope.size, UNKNOWN, dtype=np.int64)
    firsts: list[int] = []
    notes = []
    for number in np.argsort(~is_sure, kind="stable").tolist():  # the sure ones first
        alike = [
            i
            for i, first in enumerate(firsts)
            if abs(slope[first] - slope[number]) <= SAME_SLOPE
            and abs(constant[first] - constant[number]) <= SAME_CONSTANT_C_PER_KWH
        ]
        if not alike and is_sure[number]:
            alike = [len(firsts)]
            firsts.append(number)
        if alike:
            classes[number] = alike[0]
        if not is_sure[number]:
            count = int(np.count_nonzero(part.group == number))
            fate = "agree with another period" if alike else "left out"
            notes.append(
                f"{part.labels[number]}: {count} rows with one spot price cannot show "
                f"a line, {fate}"
            )
    return classes, notes


def _fitted_group(part: _Part, number: int) -> FittedGroup:
    is_mine = part.group == number
    spot = part.rows.spot_c_per_kwh[is_mine]
    return FittedGroup(
        label=part.labels[number],
        loss_factor=float(part.lines.slope[number] * _factor(part.rows.channel)),
        constant_c_per_kwh=float(part.lines.constant[number]),
        largest_residual_c_per_kwh=float(np.max(np.abs(part.lines.residual[is_mine]))),
        row_count=int(spot.size),
        spot_least_c_per_kwh=float(spot.min()),
        spot_most_c_per_kwh=float(spot.max()),
    )


def _tables(
    start_s: IntArray, class_of_row: IntArray, readings: Sequence[CalendarReading]
) -> tuple[tuple[SlotTable, ...], int]:
    """Tables of the readings that contradict the fewest rows, and how many slots."""
    found: list[tuple[int, SlotTable]] = []
    for reading in readings:
        slots = reading.slots(start_s)
        low = np.full(SLOT_COUNT, np.iinfo(np.int64).max)
        high = np.full(SLOT_COUNT, UNSURE, dtype=np.int64)
        np.minimum.at(low, slots, class_of_row)
        np.maximum.at(high, slots, class_of_row)
        is_seen = np.isin(np.arange(SLOT_COUNT), slots)
        conflict_count = int(np.count_nonzero(is_seen & (low != high)))
        table = np.where((low == high) & (high >= 0), high, UNSURE)
        table[~is_seen] = UNKNOWN
        found.append((conflict_count, SlotTable(reading, table)))
    least = min(count for count, _ in found)
    return tuple(table for count, table in found if count == least), least


def _refusal(rows: PriceRows, year: int, reading: CalendarReading) -> str:
    group, labels = _as_named(rows, reading)
    if labels[0].startswith("no period"):
        group = np.unique(reading.slots(rows.start_s), return_inverse=True)[1]
    lines = sturdy_lines(rows.spot_c_per_kwh, rows.c_per_kwh, group)
    off = np.abs(lines.residual)
    worst = int(np.argmax(off))
    start = datetime.fromtimestamp(int(rows.start_s[worst]), UTC)
    label = labels[_as_named(rows, reading)[0][worst]]
    count = int(np.count_nonzero(off > LARGEST_RESIDUAL_C_PER_KWH))
    return (
        f"Amber's {rows.channel} prices of {year_name(year)} are not loss factor x "
        f"spot + constant: {label}, {start:%Y-%m-%d %H:%M} UTC, "
        f"{rows.duration_minutes[worst]} min: {rows.c_per_kwh[worst]:.5f} c/kWh at "
        f"spot {rows.spot_c_per_kwh[worst]:.5f}, "
        f"{rows.c_per_kwh[worst] - lines.residual[worst]:.5f} expected, "
        f"{off[worst]:.5f} apart; {count} of {len(rows)} rows are more than "
        f"{LARGEST_RESIDUAL_C_PER_KWH} c/kWh off, also with one change of charges "
        "within the year; import Amber prices of these days anew"
    )


def _fit_lines(rows: PriceRows, group: IntArray, *, has_one_slope: bool) -> Lines:
    return fit_lines(
        rows.spot_c_per_kwh, rows.c_per_kwh, group, one_slope=has_one_slope
    )


def _has_two_spots(spot: FloatArray, group: IntArray) -> BoolArray:
    """Whether each group has rows of different spot prices. (G,)"""
    low = np.full(int(group.max()) + 1, np.inf)
    high = np.full(low.size, -np.inf)
    np.minimum.at(low, group, spot)
    np.maximum.at(high, group, spot)
    return np.asarray(high > low)


def _factor(channel: Channel) -> float:
    """Loss factor for a slope of one: feed-in is paid without GST."""
    return GST_FACTOR if channel is Channel.FEED_IN else 1.0
