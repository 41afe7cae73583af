"""How AEMO writes files: rows, tables within a file, stamps, regions and prices.

A monthly file is a plain table. A file of NEMWEB holds many: an `I` row names the
columns of the `D` rows below it, `C` rows are remarks, and the last row says
`END OF REPORT`. Stamps are NEM time and name the end of an interval.
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, time

from home_energy.domain.spot import REGIONS
from home_energy.errors import DataError
from home_energy.ingestion.sources.source_file import SourceFile
from home_energy.ingestion.sources.source_text import text_of

DAY_MINUTES = 1440

LOWEST_RRP_AUD_PER_MWH = -1_000.0
"""The market's floor (AEMC, 2026 Reliability Standard and Settings Review)."""
HIGHEST_RRP_AUD_PER_MWH = 30_000.0
"""No price: above the market's cap, $20,300 in 2025-26 and rising each July to 2027-28
(AEMC, rule of 7 December 2023)."""
FIRST_YEAR = 1998
"""The market began on 13 December 1998."""


def csv_rows_of(file: SourceFile, expected: str) -> list[tuple[int, list[str]]]:
    """Rows that are not blank, with their line numbers."""
    reader = csv.reader(text_of(file, expected).splitlines())
    try:
        return [(reader.line_num, row) for row in reader if any(row)]
    except csv.Error as error:
        raise DataError(
            f"{file.name}:{reader.line_num}: no CSV ({error}); expected {expected}"
        ) from error


def require_end_of_report(
    file_name: str, rows: Sequence[tuple[int, list[str]]]
) -> None:
    """Refuse a file of NEMWEB that was cut off."""
    last_line, last = rows[-1]
    if [cell.strip().upper() for cell in last[:2]] != ["C", "END OF REPORT"]:
        raise DataError(
            f"{file_name}:{last_line}: the last row is {shown(last)}, "
            "C,END OF REPORT was expected; the file was cut off: download it again"
        )


def region_of(where: str, text: str) -> str:
    """Region of the market, or refuse another."""
    region = text.strip()
    if region not in REGIONS:
        raise DataError(
            f"{where}: unknown region {region!r}; expected one of " + ", ".join(REGIONS)
        )
    return region


def rrp_of(where: str, text: str) -> float:
    """Price in $/MWh, or refuse what none can be."""
    try:
        price = float(text)
    except ValueError as error:
        raise DataError(
            f"{where}: RRP is {text!r}; expected a number of $/MWh"
        ) from error
    if not LOWEST_RRP_AUD_PER_MWH <= price <= HIGHEST_RRP_AUD_PER_MWH:
        raise DataError(
            f"{where}: RRP is {text} $/MWh; expected "
            f"{LOWEST_RRP_AUD_PER_MWH:.0f} to {HIGHEST_RRP_AUD_PER_MWH:.0f}, the "
            "market's floor and more than its cap; is the unit another?"
        )
    return price


def table_rows(
    rows: Sequence[tuple[int, list[str]]], table: tuple[str, str]
) -> Iterator[tuple[int, list[str], list[str]]]:
    """Rows of one table, each with its line and the names of its columns."""
    header: list[str] = []
    for line, row in rows:
        kind = row[0].strip().upper()
        if kind == "I":
            header = names(row) if table_name(row) == table else []
        elif kind == "D" and header and table_name(row) == table:
            yield line, header, row


def table_name(row: Sequence[str]) -> tuple[str, str]:
    """Both words that name the table of a row of NEMWEB."""
    padded = [*row, "", ""]
    return padded[1].strip().upper(), padded[2].strip().upper()


def is_physical_run(where: str, text: str) -> bool:
    """Whether a row is of the run that is not paid, after an intervention."""
    runs = {"0": False, "1": True}
    run = runs.get(text.strip().removesuffix(".0"))
    if run is None:
        raise DataError(f"{where}: INTERVENTION is {text!r}; expected 0 or 1")
    return run


class Stamps:
    """Reads `2025/01/31 23:55:00`, each date and each time of day once."""

    def __init__(self, file_name: str, column: str = "SETTLEMENTDATE") -> None:
        self._file_name = file_name
        self._column = column
        self._day_minutes: dict[str, int] = {}
        self._time_minutes: dict[str, int] = {}

    def end_minute(self, line: int, text: str) -> int:
        """End of an interval, in minutes of NEM time since the year 1."""
        day, _, clock = text.strip().partition(" ")
        try:
            if day not in self._day_minutes:
                self._day_minutes[day] = _minutes_of_day(day)
            if clock not in self._time_minutes:
                self._time_minutes[clock] = _minutes_of_clock(clock)
        except ValueError as error:
            raise DataError(
                f"{self._file_name}:{line}: {self._column} is {text!r} ({error}); "
                "expected the end of a 5-minute interval such as "
                "'2025/01/31 23:55:00', from 1998 on; a spreadsheet may have changed "
                "it: take the file as it was downloaded"
            ) from error
        return self._day_minutes[day] + self._time_minutes[clock]


def _minutes_of_day(text: str) -> int:
    if len(text) != len("2025/01/31") or text[4] != "/" or text[7] != "/":
        raise ValueError("no date like 2025/01/31")
    day = date(int(text[:4]), int(text[5:7]), int(text[8:]))
    if day.year < FIRST_YEAR:
        raise ValueError("before the market began")
    return day.toordinal() * DAY_MINUTES


def _minutes_of_clock(text: str) -> int:
    if len(text) not in (len("23:55"), len("23:55:00")):
        raise ValueError("no time like 23:55:00")
    clock = time.fromisoformat(text)
    if clock.minute % 5 or clock.second:
        raise ValueError("off the market's clock")
    return clock.hour * 60 + clock.minute


def columns_at(where: str, header: list[str], wanted: Sequence[str]) -> list[int]:
    """Places of some columns, or refuse a header without them."""
    if any(header.count(name) != 1 for name in wanted):
        raise DataError(
            f"{where}: the columns are {shown(header)}; expected "
            f"{','.join(wanted)}, each once; AEMO has changed its file, or another "
            "program has"
        )
    return [header.index(name) for name in wanted]


def require_whole(file_name: str, line: int, row: list[str], header: list[str]) -> None:
    """Refuse a row that was cut off."""
    if len(row) != len(header):
        raise DataError(
            f"{file_name}:{line}: the row has {len(row)} columns, {len(header)} were "
            "expected; the file was cut off or changed: download it again"
        )


def names(row: Sequence[str]) -> list[str]:
    """Return the names of columns, as they are compared."""
    return [cell.strip().upper() for cell in row]


def shown(row: Sequence[str]) -> str:
    """Return a row for a message, not too long."""
    text = ",".join(row)
    return repr(text if len(text) <= 80 else text[:80] + "...")


def written_end(minute: int) -> str:
    """End of an interval as AEMO writes it."""
    day = date.fromordinal(minute // DAY_MINUTES)
    hour, rest = divmod(minute % DAY_MINUTES, 60)
    return f"{day:%Y/%m/%d} {hour:02}:{rest:02}"
