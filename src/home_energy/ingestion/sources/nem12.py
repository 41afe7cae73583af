"""NEM12: the meter data file that distributors and retailers give on request.

kWh of every register in 5, 15 or 30-minute intervals, a market day in a line. A day is
taken whole or the file is refused: nothing is cut, padded or guessed. Oddities and
decisions: docs/sources/nem12.md.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import numpy as np

from home_energy.domain.meter_day import MeterDay, MeterRecord, MeterRegister
from home_energy.errors import DataError
from home_energy.ingestion.sources.counted_problems import CountedProblems
from home_energy.ingestion.sources.nem12_day import OpenDay
from home_energy.ingestion.sources.nem12_records import (
    RegisterBlock,
    accumulated_reads,
    quoted,
    read_header,
    read_interval_day,
    read_quality_run,
    read_register,
)
from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.ingestion.sources.source_text import text_of

SOURCE = "nem12"
_DayKey = tuple[MeterRegister, date, int]


def read_nem12(file: SourceFile) -> FileContent:
    """Read every energy register of a NEM12 file.

    Parameters
    ----------
    file
        One unpacked file.

    Returns
    -------
    FileContent
        Registers without flow: what `E2` counts is for the household's settings. A
        day that the file tells twice is there twice, in the file's order.

    Raises
    ------
    DataError
        The file is of another kind, cut off, or says something impossible; with
        `file:line`.
    """
    reading = _Reading(file.name)
    for number, line in enumerate(_lines(file), 1):
        reading.take(number, line)
    return reading.finish()


def _lines(file: SourceFile) -> list[str]:
    text = text_of(file, "a NEM12 file")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _fields(line: str) -> list[str]:
    if '"' not in line:
        return line.split(",")
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error as error:
        raise DataError(
            f"quotation marks that do not match ({error}); the line is cut, ask for "
            "the file again"
        ) from None


class _Reading:
    """State between the lines of one file."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._problems = CountedProblems(name)
        self._block: RegisterBlock | None = None
        self._open: OpenDay | None = None
        self._meter: MeterRecord = {}
        self._told: dict[_DayKey, tuple[MeterDay, str]] = {}
        self._has_header = self._has_days = False
        self._first_line = self._last_line = self._end_line = 0
        self._row_count = 0

    def take(self, number: int, line: str) -> None:
        """Understand one line, or refuse the file."""
        if not line.strip(", \t"):
            return
        with self._place(number):
            fields = _fields(line)
        kind = fields[0].strip()
        if kind != "400":
            self._close_day()
        with self._place(number):
            self._take_record(number, kind, fields)
        self._first_line = self._first_line or number
        self._last_line = number

    def finish(self) -> FileContent:
        """Everything that was read, after the last line."""
        self._close_day()
        with self._place(self._last_line):
            self._require_whole_file()
        if not self._has_header:
            also = "" if self._end_line else " and no end record 900"
            self._problems.add(
                self._first_line,
                f"no header record 100{also}, as some portals leave it out; taken as "
                "NEM12",
            )
        for days in self._meter.values():
            days.sort(key=lambda day: day.day)
        return FileContent(
            SOURCE, self._row_count, self._problems.told(), meter=self._meter
        )

    def _take_record(self, number: int, kind: str, fields: list[str]) -> None:
        if self._end_line:
            raise DataError(
                f"text after the end record 900 in line {self._end_line}: a second "
                "file begins; cut it into two files here"
            )
        match kind:
            case "100":
                self._take_header(fields)
            case "200":
                self._take_register(number, fields)
            case "300":
                self._take_day(number, fields)
            case "400":
                self._take_quality_run(number, fields)
            case "500" | "550":  # orders between retailer and meter provider
                pass
            case "900":
                self._end_line = number
            case "250":
                raise accumulated_reads()
            case _:
                raise DataError(
                    f"a line that begins with {quoted(','.join(fields))} is no record "
                    "of NEM12: 100, 200, 300, 400, 500, 550 or 900 expected; a table "
                    "is read by `home-energy import table`"
                )

    def _take_header(self, fields: list[str]) -> None:
        if self._first_line:
            raise DataError(
                f"a header record 100, but the file began in line {self._first_line}; "
                "cut it into two files here"
            )
        read_header(fields)
        self._has_header = True

    def _take_register(self, number: int, fields: list[str]) -> None:
        block = self._block = read_register(fields)
        if not block.is_energy:
            self._problems.add(
                number,
                f"register {quoted(block.suffix)} in {quoted(block.unit)} left out: "
                "only energy from the grid (E) and to the grid (B) is read",
            )

    def _take_day(self, number: int, fields: list[str]) -> None:
        if self._block is None:
            raise DataError(
                "a 300 record before the first 200 record; the beginning is cut off, "
                "download the file again"
            )
        self._has_days = True
        if self._block.is_energy:
            told = read_interval_day(fields, self._block)
            self._open = OpenDay(number, self._block, told)

    def _take_quality_run(self, number: int, fields: list[str]) -> None:
        if self._block is not None and not self._block.is_energy:
            return
        if self._open is None:
            raise DataError(
                "a 400 record that follows no 300 record; a line is missing, ask for "
                "the file again"
            )
        run = read_quality_run(fields, self._open.block)
        self._open.add(run, number, self._problems)

    def _require_whole_file(self) -> None:
        if self._has_header and not self._end_line:
            raise DataError(
                "the file ends here without its end record 900: half a file; download "
                "it again"
            )
        if not self._has_days:
            raise DataError(
                "the file ends here without interval data (300 records); ask for a "
                "period in which the meter was read"
            )

    def _close_day(self) -> None:
        """Keep the day to which nothing can be added any more."""
        if self._open is None:
            return
        done, self._open = self._open, None
        with self._place(done.line):
            day = done.finished(self._problems)
        register = MeterRegister(SOURCE, done.block.nmi, done.block.suffix)
        key = (register, day.day, day.interval_minutes)
        if key in self._told:
            self._count_contradiction(done, day, *self._told[key])
        self._told[key] = (day, done.block.meter_serial)
        self._meter.setdefault(register, []).append(day)
        self._row_count += 1

    def _count_contradiction(
        self, done: OpenDay, day: MeterDay, before: MeterDay, serial_before: str
    ) -> None:
        """Count a day told twice where it is not plain which telling stands."""
        if not np.any(np.abs(day.kwh - before.kwh) > 0):  # NaN where one is missing
            return
        if done.block.meter_serial != serial_before:
            self._problems.add(
                done.line,
                "two meters tell different values of one day and register; taken as "
                "a correction",
            )
        elif day.updated_at == before.updated_at:
            self._problems.add(
                done.line,
                "a day is there twice with different values and one update time; the "
                "surer value stands, of two equally sure the later in the file",
            )

    @contextmanager
    def _place(self, line: int) -> Iterator[None]:
        try:
            yield
        except DataError as error:
            raise DataError(f"{self._name}:{line}: {error}") from None
