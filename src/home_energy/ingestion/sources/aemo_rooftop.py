"""AEMO's rooftop solar, actual: what the roofs of each region gave, by half-hour.

Gives mean power in MW. Stamps are NEM time and name the end of the half-hour. It is an
estimate from a sample of systems and from satellites, and the capacity on the roofs
grows through the year.

- NEMWEB, `PUBLIC_ROOFTOP_PV_ACTUAL_*` and the monthly archive, table `ROOFTOP.ACTUAL`:
  `INTERVAL_DATETIME,REGIONID,POWER,QI,TYPE,LASTCHANGED`. By `TYPE`, `DAILY` is the
  best and comes a day later, `MEASUREMENT` the best of the day itself, `SATELLITE`
  what satellites saw (AEMO, MMS Data Model Report, table ROOFTOP_PV_ACTUAL).
- A table of all regions, `INTERVAL_END_NEM,NSW1,QLD1,SA1,TAS1,VIC1`, one row for each
  half-hour; an empty cell is missing.

See docs/sources/aemo.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import isfinite

import numpy as np

from home_energy.domain.rooftop import RooftopDay
from home_energy.domain.spot import REGIONS
from home_energy.errors import DataError
from home_energy.ingestion.sources.aemo_rows import (
    DAY_MINUTES,
    Stamps,
    columns_at,
    csv_rows_of,
    names,
    region_of,
    require_end_of_report,
    require_whole,
    shown,
    table_rows,
    written_end,
)
from home_energy.ingestion.sources.source_file import FileContent, SourceFile

WIDE_STAMP = "INTERVAL_END_NEM"
"""First column of the table of all regions."""
NEMWEB_TABLE = ("ROOFTOP", "ACTUAL")

_EXPECTED = "a CSV file of AEMO's rooftop solar"
_NEMWEB_COLUMNS = ("INTERVAL_DATETIME", "REGIONID", "POWER", "TYPE")
_PARTS_OF_REGIONS = ("QLDC", "QLDN", "QLDS", "TASN", "TASS")
_RANKS = {"MEASUREMENT": 0, "DAILY": 1}
_SATELLITE = "SATELLITE"
_HALF_HOUR = 30


@dataclass(slots=True)
class _Found:
    """Power of a file while it is read: region, then end in minutes of NEM time."""

    file_name: str
    mw: dict[str, dict[int, tuple[int, float]]] = field(default_factory=dict)
    row_count: int = 0
    empty_count: int = 0

    def add(
        self, line: int, region: str, end_minute: int, text: str, rank: int
    ) -> None:
        if not text.strip():
            self.empty_count += 1
            return
        mw = self._power(line, text)
        if end_minute % _HALF_HOUR:
            raise DataError(
                f"{self.file_name}:{line}: the interval ends at "
                f"{written_end(end_minute)}; expected the end of a half-hour"
            )
        mine = self.mw.setdefault(region, {})
        there = mine.get(end_minute)
        if there is None or there[0] < rank:
            mine[end_minute] = (rank, mw)
        elif there[0] == rank and there[1] != mw:
            raise DataError(
                f"{self.file_name}:{line}: {region} has {mw} MW for the half-hour that "
                f"ends at {written_end(end_minute)}, and {there[1]} above; expected "
                "one; download the file again"
            )

    def _power(self, line: int, text: str) -> float:
        try:
            mw = float(text)
        except ValueError:
            mw = float("nan")
        if not isfinite(mw) or mw < 0:
            raise DataError(
                f"{self.file_name}:{line}: power is {text!r}; expected a number from "
                "0 MW, or nothing where it is missing"
            )
        return mw


def read_aemo_rooftop(file: SourceFile) -> FileContent:
    """Rooftop solar of every region in a file.

    Raises
    ------
    DataError
        If the file is no rooftop file of AEMO, was cut off, or holds a power, a region
        or a stamp that cannot be.
    """
    rows = csv_rows_of(file, _EXPECTED)
    found = _Found(file.name)
    first = rows[0][1]
    if first[0].upper() in ("C", "I"):
        problems = _read_nemweb(found, rows)
    elif names(first)[0] == WIDE_STAMP:
        problems = _read_wide(found, rows)
    else:
        raise DataError(
            f"{file.name}:1: the first row is {shown(first)}; expected {_EXPECTED}, "
            f"of NEMWEB or with the columns {WIDE_STAMP},{','.join(REGIONS)}"
        )
    if found.empty_count:
        problems.append(
            f"{file.name}: empty values: {found.empty_count}; they stay missing"
        )
    days = tuple(day for region in sorted(found.mw) for day in _days(found, region))
    return FileContent("aemo", found.row_count, tuple(problems), rooftop=days)


def _read_wide(found: _Found, rows: Sequence[tuple[int, list[str]]]) -> list[str]:
    header = names(rows[0][1])
    where = f"{found.file_name}:1"
    regions = [region_of(where, name) for name in header[1:]]
    columns_at(where, header, regions or REGIONS)
    stamps = Stamps(found.file_name, WIDE_STAMP)
    for line, row in rows[1:]:
        require_whole(found.file_name, line, row, header)
        end_minute = stamps.end_minute(line, row[0].replace("-", "/"))
        found.row_count += 1
        for region, text in zip(regions, row[1:], strict=True):
            found.add(line, region, end_minute, text, rank=0)
    return []


def _read_nemweb(found: _Found, rows: Sequence[tuple[int, list[str]]]) -> list[str]:
    require_end_of_report(found.file_name, rows)
    stamps = Stamps(found.file_name, "INTERVAL_DATETIME")
    satellite_count = 0
    for line, header, row in table_rows(rows, NEMWEB_TABLE):
        where = f"{found.file_name}:{line}"
        stamp_at, region_at, mw_at, type_at = columns_at(where, header, _NEMWEB_COLUMNS)
        require_whole(found.file_name, line, row, header)
        if row[region_at].strip() in _PARTS_OF_REGIONS:
            continue
        kind = row[type_at].strip().upper()
        if kind == _SATELLITE:
            satellite_count += 1
            continue
        if kind not in _RANKS:
            raise DataError(
                f"{where}: TYPE is {row[type_at]!r}; expected DAILY, MEASUREMENT or "
                "SATELLITE"
            )
        region = region_of(where, row[region_at])
        end_minute = stamps.end_minute(line, row[stamp_at])
        found.row_count += 1
        found.add(line, region, end_minute, row[mw_at], _RANKS[kind])
    if not satellite_count:
        return []
    said = (
        f"{found.file_name}: rows of TYPE SATELLITE left out: {satellite_count}; they "
        "would stand in place of better ones: import the files named MEASUREMENT"
    )
    return [said]


def _days(found: _Found, region: str) -> list[RooftopDay]:
    by_day: dict[int, list[float]] = {}
    for end_minute, (_, mw) in found.mw[region].items():
        day, minute = divmod(end_minute - _HALF_HOUR, DAY_MINUTES)
        by_day.setdefault(day, [np.nan] * 48)[minute // _HALF_HOUR] = mw
    return [
        RooftopDay(region, date.fromordinal(day), np.array(by_day[day]))
        for day in sorted(by_day)
    ]
