"""The rows of a portal's table, read by its profile into values of each register."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from home_energy.domain.meter_day import NO_QUALITY
from home_energy.domain.price import Quality
from home_energy.errors import DataError
from home_energy.ingestion.sources.clock_switches import DAY_MINUTES, wall_minute
from home_energy.ingestion.sources.csv_rows import (
    CsvRow,
    columns_of,
    csv_rows,
    number_in,
    require_known_year,
    require_plausible_kwh,
    require_width,
)
from home_energy.ingestion.sources.source_file import SourceFile
from home_energy.ingestion.sources.table_profile import TableProfile, TableRegister

_TIME = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_NUMBER_AT_END = re.compile(r"(\d{1,4})$", re.ASCII)
_QUALITIES = {
    "actual": Quality.ACTUAL,
    "substitute": Quality.SUBSTITUTE,
    "estimate": Quality.ESTIMATE,
}


@dataclass(slots=True)
class RegisterCells:
    """Values of one register in order of the file, with the stamps of the table.

    Parameters
    ----------
    wall_minutes
        Interval starts on the table's clock. [minutes since 1970-01-01 00:00]
    kwh, quality
        NaN and `NO_QUALITY` where a cell is empty. [kWh]
    line
        Where each stands in the file.
    """

    wall_minutes: list[int] = field(default_factory=list)
    kwh: list[float] = field(default_factory=list)
    quality: list[int] = field(default_factory=list)
    line: list[int] = field(default_factory=list)


CellsByRegister = dict[tuple[str, TableRegister], RegisterCells]
"""By NMI, empty where the table does not say, and register."""


@dataclass(slots=True)
class _Table:
    """A file with its profile and where the profile's columns stand in it."""

    file: SourceFile
    profile: TableProfile
    header: CsvRow
    columns: dict[str, int]
    file_register: TableRegister | None
    values: CellsByRegister = field(default_factory=lambda: defaultdict(RegisterCells))


def read_cells(
    file: SourceFile, profile: TableProfile
) -> tuple[CellsByRegister, int, int]:
    """Cells of every register, how many rows there were, and the header's line.

    Raises
    ------
    DataError
        If columns, dates, words or numbers are not as the profile says.
    """
    rows = csv_rows(file, profile.delimiter, profile.skip_lines)
    table = _opened(file, profile, rows[0])
    for row in rows[1:]:
        require_width(file, row, len(rows[0].cells))
        if profile.layout == "wide":
            _take_day(table, row)
        else:
            _take_interval(table, row)
    return table.values, len(rows) - 1, rows[0].line


def _opened(file: SourceFile, profile: TableProfile, header: CsvRow) -> _Table:
    wanted = [
        profile.date_column,
        profile.time_column,
        profile.first_value_column,
        profile.value_column,
        profile.register_column,
        profile.nmi_column,
        profile.quality_column,
        *(register.column for register in profile.registers),
    ]
    columns = columns_of(file, header, [name for name in wanted if name is not None])
    if profile.layout == "wide":
        _require_labels(
            file, profile, header, columns[profile.first_value_column or ""]
        )
    return _Table(file, profile, header, columns, _file_register(file, profile))


def _require_labels(
    file: SourceFile, profile: TableProfile, header: CsvRow, first: int
) -> None:
    """Refuse interval columns that do not follow each other through the day."""
    count = DAY_MINUTES // profile.interval_minutes
    labels = header.cells[first : first + count]
    for number, label in enumerate(labels):
        at_end = profile.stamp == "end"
        minute = (number + at_end) * profile.interval_minutes % DAY_MINUTES
        time, place_number = _TIME.search(label), _NUMBER_AT_END.search(label)
        is_right = (
            (int(time[1]) * 60 + int(time[2])) % DAY_MINUTES == minute
            if time
            else place_number is not None and int(place_number[1]) == number + 1
        )
        if not is_right:
            raise DataError(
                f"{file.name}:{header.line}: column {first + number + 1} is "
                f"{label[:40]!r}, the interval {minute // 60:02}:{minute % 60:02} or "
                f"number {number + 1} expected; is it a table of another portal?"
            )
    if len(labels) < count:
        raise DataError(
            f"{file.name}:{header.line}: {len(labels)} interval columns, {count} "
            f"expected for {profile.interval_minutes} minutes; is it a table of "
            "another portal, or cut off?"
        )


def _file_register(file: SourceFile, profile: TableProfile) -> TableRegister | None:
    """Register of the whole file, where its name tells."""
    by_name = [r for r in profile.registers if r.file_name_contains is not None]
    if not by_name:
        alone = len(profile.registers) == 1 and not profile.registers[0].ways
        return profile.registers[0] if alone else None
    name = file.name.lower()
    found = [r for r in by_name if (r.file_name_contains or "").lower() in name]
    if len(found) != 1:
        words = ", ".join(repr(r.file_name_contains) for r in by_name)
        raise DataError(
            f"{file.name}: its name must hold one of {words} to tell which register "
            f"it is, as profile {profile.name} says; rename the file"
        )
    return found[0]


def _take_day(table: _Table, row: CsvRow) -> None:
    """One row of a wide table: `20231001,0.01,0.008, ...`."""
    profile = table.profile
    first = table.columns[profile.first_value_column or ""]
    midnight = wall_minute(
        _stamp(table, row, profile.date_column, profile.date_formats)
    )
    if midnight % DAY_MINUTES:
        raise DataError(
            f"{table.file.name}:{row.line}: the date has a time of day, a date alone "
            "expected in a wide table; correct date_formats"
        )
    register = _row_register(table, row)
    into = table.values[_nmi(table, row), register]
    quality = _row_quality(table, row)
    count = DAY_MINUTES // profile.interval_minutes
    for number, cell in enumerate(row.cells[first : first + count]):
        what = f"column {table.header.cells[first + number]!r}"
        minute = midnight + number * profile.interval_minutes
        _add(table, into, row.line, minute, (what, cell, quality))


def _take_interval(table: _Table, row: CsvRow) -> None:
    """One row of a long table: `2011-07-01 00:00:00,0.392,0.0`."""
    profile = table.profile
    moment = _stamp(table, row, profile.date_column, profile.date_formats)
    if profile.time_column is not None:
        time = _stamp(table, row, profile.time_column, profile.time_formats)
        moment = datetime.combine(moment.date(), time.time())
    if profile.stamp == "end":
        moment -= timedelta(minutes=profile.interval_minutes)
    minute = wall_minute(moment)
    if moment.second or minute % profile.interval_minutes:
        raise DataError(
            f"{table.file.name}:{row.line}: {moment:%Y-%m-%d %H:%M:%S} is no start of "
            f"a {profile.interval_minutes}-minute interval; check interval_minutes and "
            "stamp in the profile"
        )
    quality = _row_quality(table, row)
    for register, name in _row_values(table, row):
        into = table.values[_nmi(table, row), register]
        cell = row.cells[table.columns[name]]
        _add(table, into, row.line, minute, (f"column {name!r}", cell, quality))


def _row_values(table: _Table, row: CsvRow) -> Iterator[tuple[TableRegister, str]]:
    """Registers of a long row and the columns of their values."""
    if table.profile.value_column is not None:
        yield _row_register(table, row), table.profile.value_column
        return
    for register in table.profile.registers:
        if register.column is not None:
            yield register, register.column


def _row_register(table: _Table, row: CsvRow) -> TableRegister:
    if table.file_register is not None:
        return table.file_register
    column = table.profile.register_column or ""
    word = row.cells[table.columns[column]]
    for register in table.profile.registers:
        if register.value == word:
            return register
    known = ", ".join(repr(register.value) for register in table.profile.registers)
    raise DataError(
        f"{table.file.name}:{row.line}: column {column!r} is {word[:40]!r}, one of "
        f"{known} expected; add the register to the profile, or leave its rows out"
    )


def _row_quality(table: _Table, row: CsvRow) -> int:
    column = table.profile.quality_column
    if column is None:
        return int(Quality.ACTUAL)
    word = row.cells[table.columns[column]]
    if word not in table.profile.qualities:
        raise DataError(
            f"{table.file.name}:{row.line}: column {column!r} is {word[:40]!r}, one of "
            f"{', '.join(map(repr, table.profile.qualities))} expected; add it to "
            "[qualities] of the profile"
        )
    return int(_QUALITIES[table.profile.qualities[word]])


def _nmi(table: _Table, row: CsvRow) -> str:
    column = table.profile.nmi_column
    return "" if column is None else row.cells[table.columns[column]]


def _stamp(
    table: _Table, row: CsvRow, column: str, formats: tuple[str, ...]
) -> datetime:
    cell = row.cells[table.columns[column]]
    for text in formats:
        try:
            moment = datetime.strptime(cell, text)  # noqa: DTZ007 - the table's clock
        except ValueError:
            continue
        if column == table.profile.date_column:
            require_known_year(table.file, row.line, moment)
        return moment
    raise DataError(
        f"{table.file.name}:{row.line}: column {column!r} is {cell[:40]!r}, "
        f"{' or '.join(formats)} expected; a spreadsheet may have changed it, or the "
        "row was cut off: fetch the file again"
    )


def _add(
    table: _Table,
    into: RegisterCells,
    line: int,
    minute: int,
    told: tuple[str, str, int],
) -> None:
    what, cell, quality = told
    kwh = float("nan")
    if cell:
        value = number_in(table.file, line, what, cell)
        minutes = table.profile.interval_minutes
        kwh = value * {"kWh": 1, "Wh": 1e-3, "kW": minutes / 60}[table.profile.unit]
        require_plausible_kwh(table.file, line, what, kwh, minutes)
    into.wall_minutes.append(minute)
    into.kwh.append(kwh)
    into.quality.append(quality if cell else NO_QUALITY)
    into.line.append(line)
