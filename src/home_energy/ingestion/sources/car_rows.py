"""Tables and units that exports of cars share, and what of a place is kept.

Columns are found by name, whatever their order and case. Of a place no more is kept
than tells home from elsewhere: the household's own name for it, and coordinates to a
thousandth of a degree, about 100 m. An address is kept only where there is neither.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from home_energy.domain.car_history import Place
from home_energy.errors import DataError
from home_energy.ingestion.sources.counted_problems import CountedProblems
from home_energy.ingestion.sources.csv_rows import csv_rows, number_in
from home_energy.ingestion.sources.source_file import SourceFile
from home_energy.ingestion.sources.source_text import text_of

KM_PER_MILE = 1.609344
"""The international mile of 1959, exactly."""

_PLACE_DECIMALS = 3
_MISSING = ("", "null", "none", "nan", "<invalid>")
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}", re.ASCII | re.IGNORECASE)
_VIN_CHARACTERS_KEPT = 6


@dataclass(frozen=True, slots=True)
class CarUnits:
    """Units of a file that does not name its own."""

    is_miles: bool = False
    is_fahrenheit: bool = False

    def km(self, distance: float | None) -> float | None:
        """Distance in kilometres."""
        if distance is None:
            return None
        return distance * KM_PER_MILE if self.is_miles else distance

    def celsius(self, temperature: float | None) -> float | None:
        """Temperature in degrees Celsius."""
        if temperature is None:
            return None
        return (temperature - 32) / 1.8 if self.is_fahrenheit else temperature


@dataclass(frozen=True, slots=True)
class CarFileOptions:
    """What a person says of a file, because the file itself does not.

    Parameters
    ----------
    zone
        On whose clock local times are.
    units
        Of a file that names none; `None` if nobody said.
    car
        The car's name, of a VIN only its end; empty takes what the file says.
    """

    zone: ZoneInfo
    units: CarUnits | None = None
    car: str = ""

    def __post_init__(self) -> None:
        """Forget the rest of a VIN."""
        object.__setattr__(self, "car", short_car_name(self.car))


class CarRow(NamedTuple):
    """One row of a table: its line, its cells, and where each column stands."""

    file: SourceFile
    line: int
    cells: list[str]
    columns: Mapping[str, int]

    def text(self, *names: str) -> str | None:
        """Return what stands in the first of some columns that holds anything."""
        for name in names:
            place = self.columns.get(name)
            if place is None:
                continue
            cell = self.cells[place]
            if cell.lower() not in _MISSING:
                return cell
        return None

    def number(self, *names: str) -> float | None:
        """Return the number in the first of some columns that holds anything."""
        cell = self.text(*names)
        if cell is None:
            return None
        number = number_in(self.file, self.line, names[0], cell)
        if math.isinf(number):
            raise DataError(
                f"{self.file.name}:{self.line}: {names[0]} is {cell[:40]!r}, a number "
                "that can be was expected; correct the cell or export the file again"
            )
        return number

    def truth(self, name: str) -> bool | None:
        """Return a yes or no; `None` where the cell holds neither."""
        cell = (self.text(name) or "").lower()
        return {"true": True, "t": True, "1": True}.get(
            cell, False if cell in ("false", "f", "0") else None
        )


class CarTable(NamedTuple):
    """A header and the rows below it.

    Parameters
    ----------
    names
        Columns as the file writes them.
    rows
        With columns by their names in small letters.
    """

    names: list[str]
    rows: list[CarRow]

    def has(self, *names: str) -> bool:
        """Whether every one of some columns is there."""
        found = {name.lower() for name in self.names}
        return all(name in found for name in names)


def car_table(file: SourceFile, problems: CountedProblems) -> CarTable:
    """Rows of a table with commas, semicolons or tabs; a cut last row is left out.

    Raises
    ------
    DataError
        If the file is no table, a column is there twice, or a row has another width.
    """
    header_line, delimiter = _header(file)
    header, *rows = csv_rows(file, delimiter, header_line)
    columns: dict[str, int] = {}
    for place, name in enumerate(header.cells):
        if name and name.lower() in columns:
            raise DataError(
                f"{file.name}:{header.line}: column {name[:40]!r} is there twice, once "
                "was expected; export the file again, with a name of its own for each"
            )
        columns[name.lower()] = place
    kept: list[CarRow] = []
    for number, row in enumerate(rows, start=1):
        width = len(row.cells)
        if width < len(header.cells) and number == len(rows):
            problems.add(row.line, "the last row was cut off and is left out")
        elif width != len(header.cells):
            raise DataError(
                f"{file.name}:{row.line}: {width} columns, {len(header.cells)} expected"
                " as in the header; the file may be cut off: export it again"
            )
        else:
            kept.append(CarRow(file, row.line, row.cells, columns))
    return CarTable(header.cells, kept)


def _header(file: SourceFile) -> tuple[int, str]:
    """How many lines stand before the header, and what parts its columns."""
    lines = text_of(file, "a table of a car's drives or charges").splitlines()
    skipped = 1 if lines[0].lower().startswith("sep=") and len(lines) > 1 else 0
    return skipped, max(",;\t", key=lines[skipped].count)


def place_of(
    name: str | None,
    address: str | None,
    latitude_deg: float | None,
    longitude_deg: float | None,
) -> Place:
    """As much of a place as may be kept."""
    if not _is_on_earth(latitude_deg, longitude_deg):
        latitude_deg = longitude_deg = None
    if latitude_deg is not None and longitude_deg is not None:
        latitude_deg = round(latitude_deg, _PLACE_DECIMALS)
        longitude_deg = round(longitude_deg, _PLACE_DECIMALS)
        address = None
    return Place(
        name or None,
        None if name else address or None,
        latitude_deg,
        longitude_deg,
    )


def _is_on_earth(latitude_deg: float | None, longitude_deg: float | None) -> bool:
    """Whether both are there and can be; 0, 0 is how an unknown place is written."""
    if not latitude_deg or not longitude_deg:
        return False
    return abs(latitude_deg) <= 90 and abs(longitude_deg) <= 180


def short_car_name(name: str) -> str:
    """Return the end of a VIN, or another name as it is."""
    return name[-_VIN_CHARACTERS_KEPT:] if _VIN.fullmatch(name) else name
