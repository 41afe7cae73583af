"""Comma-separated text that a person brought: its rows, each with its line."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from home_energy.errors import DataError
from home_energy.ingestion.sources.source_file import SourceFile
from home_energy.ingestion.sources.source_text import text_of

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
"""A stamp outside is a spreadsheet's empty date or a slip, not interval metering."""

MOST_KW = 100.0
"""More than any home's connection gives: such a value has another unit. [kW]"""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


class CsvRow(NamedTuple):
    """Cells of one row, without blanks around them, and the line where it ends."""

    line: int
    cells: list[str]


def csv_rows(
    file: SourceFile, delimiter: str = ",", skip_lines: int = 0
) -> list[CsvRow]:
    """Rows that hold anything, after the first `skip_lines` lines.

    Raises
    ------
    DataError
        If the file is no UTF-8 text, has an open quote, or holds no row.
    """
    text = text_of(file, "comma-separated text")
    lines = io.StringIO(text, newline="").readlines()
    reader = csv.reader(lines[skip_lines:], delimiter=delimiter, strict=True)
    rows: list[CsvRow] = []
    try:
        for cells in reader:
            if any(cells):
                stripped = [cell.strip() for cell in cells]
                rows.append(CsvRow(reader.line_num + skip_lines, stripped))
    except csv.Error as error:
        raise DataError(
            f"{file.name}:{reader.line_num + skip_lines}: cannot be read as a table "
            f"({error}); the file may be cut off: fetch it again"
        ) from error
    if not rows:
        raise DataError(
            f"{file.name}:1: is empty, a header and rows expected; fetch it again"
        )
    return rows


def columns_of(
    file: SourceFile, header: CsvRow, wanted: Sequence[str]
) -> dict[str, int]:
    """Where each wanted column stands.

    Raises
    ------
    DataError
        If any is missing or there twice; all of them are named.
    """
    faults = [
        f"{name!r} {'is missing' if name not in header.cells else 'is there twice'}"
        for name in wanted
        if header.cells.count(name) != 1
    ]
    if faults:
        shown = ", ".join(header.cells[:8]) + (" ..." if len(header.cells) > 8 else "")
        raise DataError(
            f"{file.name}:{header.line}: column {', '.join(faults)}; found: "
            f"{shown[:200]}; is this the right kind of file, with its columns as the "
            "portal wrote them?"
        )
    return {name: header.cells.index(name) for name in wanted}


def require_width(file: SourceFile, row: CsvRow, count: int) -> None:
    """Refuse a row with more or fewer cells than the header."""
    if len(row.cells) != count:
        raise DataError(
            f"{file.name}:{row.line}: {len(row.cells)} columns, {count} expected as in "
            "the header; the file may be cut off: fetch it again"
        )


def number_in(file: SourceFile, line: int, what: str, cell: str) -> float:
    """Value of a cell that must be a number."""
    if _NUMBER.fullmatch(cell) is None:
        raise DataError(
            f"{file.name}:{line}: {what} is {cell[:40]!r}, a plain number expected; "
            "correct the cell or fetch the file again"
        )
    return float(cell)


def require_plausible_kwh(
    file: SourceFile, line: int, what: str, kwh: float, minutes: int
) -> None:
    """Refuse energy below zero or beyond what a home's connection carries."""
    if kwh < 0:
        raise DataError(
            f"{file.name}:{line}: {what} is {kwh:g} kWh, not below zero expected; "
            "direction belongs to the register: is this the right column?"
        )
    if kwh * 60 > MOST_KW * minutes:
        raise DataError(
            f"{file.name}:{line}: {what} is {kwh:g} kWh in {minutes} minutes, at most "
            f"{MOST_KW:g} kW expected; check the unit"
        )


def require_known_year(file: SourceFile, line: int, stamp: datetime) -> None:
    """Refuse a stamp that no interval meter can have written."""
    if not EARLIEST_YEAR <= stamp.year <= LATEST_YEAR:
        raise DataError(
            f"{file.name}:{line}: date {stamp:%Y-%m-%d}, years {EARLIEST_YEAR} to "
            f"{LATEST_YEAR} expected; a spreadsheet may have changed the dates: fetch "
            "the file again"
        )
