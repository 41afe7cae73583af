"""AEMO's wholesale prices from files: by month, or as NEMWEB publishes them.

Gives the regional reference price in $/MWh without GST. `SETTLEMENTDATE` is the end of
the interval in NEM time, so the row stamped 00:00 is the last of the day before.
Intervals have 30 minutes until 1 October 2021 and 5 since.

- By month, `PRICE_AND_DEMAND_YYYYMM_REGION.csv`:
  `REGION,SETTLEMENTDATE,TOTALDEMAND,RRP,PERIODTYPE`.
- NEMWEB, `PUBLIC_DISPATCHIS_*`, `PUBLIC_TRADINGIS_*`, `PUBLIC_PRICES_*`,
  `PUBLIC_DAILY_*` and the monthly archive: many tables in one file, `I` rows name the
  columns of the `D` rows below them, the last row says `END OF REPORT`.
- After an intervention NEMWEB gives two runs of an interval: `INTERVENTION` 0 is the
  pricing run, which is paid, and 1 the physical run, which is not.

See docs/sources/aemo.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.spot import SpotDay
from home_energy.errors import DataError
from home_energy.ingestion.sources.aemo_rows import (
    DAY_MINUTES,
    Stamps,
    columns_at,
    csv_rows_of,
    is_physical_run,
    names,
    region_of,
    require_end_of_report,
    require_whole,
    rrp_of,
    shown,
    table_name,
    table_rows,
    written_end,
)
from home_energy.ingestion.sources.source_file import FileContent, SourceFile

_FIVE_MINUTE_SETTLEMENT = date(2021, 10, 1)
_MONTHLY_COLUMNS = ("REGION", "SETTLEMENTDATE", "TOTALDEMAND", "RRP", "PERIODTYPE")
_NEMWEB_COLUMNS = ("SETTLEMENTDATE", "REGIONID", "RRP")
_NEMWEB_TABLES = (
    ("DISPATCH", "PRICE"),
    ("DREGION", ""),
    ("TRADING", "PRICE"),
    ("TREGION", ""),
)
"""Those with prices, the finest first; one of them is read."""
_ALWAYS_FIVE_MINUTES = ("DISPATCH", "DREGION")
_EXPECTED = "a CSV file of AEMO (PRICE_AND_DEMAND_... or NEMWEB's)"

_Prices = dict[str, dict[int, float]]  # region, then end in minutes of NEM time


@dataclass(slots=True)
class _Found:
    """Prices of a file while it is read."""

    file_name: str
    prices: _Prices
    problems: list[str]
    row_count: int = 0
    is_dispatch: bool = False

    def add(self, line: int, region: str, end_minute: int, rrp: float) -> None:
        self.row_count += 1
        mine = self.prices.setdefault(region, {})
        there = mine.setdefault(end_minute, rrp)
        if there != rrp:
            raise DataError(
                f"{self.file_name}:{line}: {region} has {rrp} $/MWh for the interval "
                f"that ends at {written_end(end_minute)}, and {there} above; expected "
                "one price; download the file again"
            )


def read_aemo(file: SourceFile) -> FileContent:
    """Wholesale prices of every region in a file.

    Raises
    ------
    DataError
        If the file is none of AEMO's price files, was cut off, or holds a price, a
        region or a stamp that cannot be.
    """
    rows = csv_rows_of(file, _EXPECTED)
    first = rows[0][1]
    found = _Found(file.name, {}, [])
    if first[0].upper() in ("C", "I"):
        _read_nemweb(found, rows)
    elif "SETTLEMENTDATE" in names(first):
        _read_monthly(found, rows)
    else:
        raise DataError(
            f"{file.name}:1: the first row is {shown(first)}; expected {_EXPECTED} "
            f"with the columns {','.join(_MONTHLY_COLUMNS)}"
        )
    if not found.row_count:
        raise DataError(
            f"{file.name}: there is no price in it; expected {_EXPECTED}; download it "
            "again"
        )
    days = tuple(
        day for region in sorted(found.prices) for day in _days_of_region(found, region)
    )
    return FileContent("aemo", found.row_count, tuple(found.problems), spot=days)


def _read_monthly(found: _Found, rows: Sequence[tuple[int, list[str]]]) -> None:
    header = names(rows[0][1])
    columns = columns_at(f"{found.file_name}:1", header, _MONTHLY_COLUMNS)
    region_at, stamp_at, _, rrp_at, kind_at = columns
    stamps = Stamps(found.file_name)
    for line, row in rows[1:]:
        require_whole(found.file_name, line, row, header)
        if row[kind_at].strip() != "TRADE":
            raise DataError(
                f"{found.file_name}:{line}: PERIODTYPE is {row[kind_at]!r}, TRADE was "
                "expected; a forecast is no price, and a cut line is half a file"
            )
        end_minute = stamps.end_minute(line, row[stamp_at])
        where = f"{found.file_name}:{line}"
        region = region_of(where, row[region_at])
        found.add(line, region, end_minute, rrp_of(where, row[rrp_at]))


def _read_nemweb(found: _Found, rows: Sequence[tuple[int, list[str]]]) -> None:
    require_end_of_report(found.file_name, rows)
    table = _price_table(found.file_name, rows)
    found.is_dispatch = table[0] in _ALWAYS_FIVE_MINUTES
    stamps = Stamps(found.file_name)
    left_out = 0
    for line, header, row in table_rows(rows, table):
        where = f"{found.file_name}:{line}"
        stamp_at, region_at, rrp_at = columns_at(where, header, _NEMWEB_COLUMNS)
        require_whole(found.file_name, line, row, header)
        if "INTERVENTION" in header and is_physical_run(
            where, row[header.index("INTERVENTION")]
        ):
            left_out += 1
            continue
        end_minute = stamps.end_minute(line, row[stamp_at])
        region = region_of(where, row[region_at])
        found.add(line, region, end_minute, rrp_of(where, row[rrp_at]))
    if left_out:
        found.problems.append(
            f"{found.file_name}: rows of the physical run (INTERVENTION 1) left out: "
            f"{left_out}; the price is that of the pricing run"
        )


def _price_table(
    file_name: str, rows: Sequence[tuple[int, list[str]]]
) -> tuple[str, str]:
    tables = {table_name(row) for _, row in rows if row[0].strip().upper() == "I"}
    for table in _NEMWEB_TABLES:
        if table in tables:
            return table
    there = ", ".join(".".join(filter(None, table)) for table in sorted(tables))
    raise DataError(
        f"{file_name}: no table of prices in it, found {there or 'none'}; expected "
        "DISPATCH.PRICE, TRADING.PRICE, DREGION or TREGION"
    )


def _days_of_region(found: _Found, region: str) -> list[SpotDay]:
    prices = found.prices[region]
    ends = np.array(sorted(prices), dtype=np.int64)
    border = _FIVE_MINUTE_SETTLEMENT.toordinal() * DAY_MINUTES
    days = []
    for part, minutes_of_one in (
        (ends[ends <= border], 30),
        (ends[ends > border], 5),
    ):
        if part.size:
            minutes = (
                5 if found.is_dispatch else _interval_minutes(part, minutes_of_one)
            )
            days += _days(region, prices, part, minutes)
            _note_holes(found, region, part, minutes)
    return days


def _interval_minutes(ends: NDArray[np.int64], minutes_of_one: int) -> int:
    """Length of the intervals, from their stamps; one alone follows its time."""
    if ends.size == 1 and not ends[0] % 30:
        return minutes_of_one
    return 5 if np.any(ends % 30) else 30


def _days(
    region: str, prices: dict[int, float], ends: NDArray[np.int64], minutes: int
) -> list[SpotDay]:
    starts = ends - minutes
    numbers, firsts = np.unique(starts // DAY_MINUTES, return_index=True)
    days = []
    for number, mine in zip(numbers, np.split(starts, firsts[1:]), strict=True):
        values = np.full(DAY_MINUTES // minutes, np.nan)
        values[mine % DAY_MINUTES // minutes] = [prices[s + minutes] for s in mine]
        days.append(SpotDay(region, date.fromordinal(int(number)), minutes, values))
    return days


def _note_holes(
    found: _Found, region: str, ends: NDArray[np.int64], minutes: int
) -> None:
    steps = np.diff(ends) // minutes
    missing = int(steps.sum() - steps.size)
    if missing:
        first = int(ends[np.argmax(steps > 1)]) + minutes
        found.problems.append(
            f"{found.file_name}: {region} lacks {missing} of its {minutes}-minute "
            f"intervals, the first ends at {written_end(first)}; they stay missing"
        )
