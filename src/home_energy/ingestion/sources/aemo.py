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

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.spot import REGIONS, SpotDay
from home_energy.errors import DataError
from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.ingestion.sources.source_text import text_of

LOWEST_RRP_AUD_PER_MWH = -1_000.0
"""The market's floor (AEMC, 2026 Reliability Standard and Settings Review)."""
HIGHEST_RRP_AUD_PER_MWH = 30_000.0
"""No price: above the market's cap, $20,300 in 2025-26 and rising each July to 2027-28
(AEMC, rule of 7 December 2023)."""
FIRST_YEAR = 1998
"""The market began on 13 December 1998."""

_FIVE_MINUTE_SETTLEMENT = date(2021, 10, 1)
_DAY_MINUTES = 1440
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
                f"that ends at {_stamp(end_minute)}, and {there} above; expected one "
                "price; download the file again"
            )


def read_aemo(file: SourceFile) -> FileContent:
    """Wholesale prices of every region in a file.

    Raises
    ------
    DataError
        If the file is none of AEMO's price files, was cut off, or holds a price, a
        region or a stamp that cannot be.
    """
    rows = _rows(file)
    first = rows[0][1]
    found = _Found(file.name, {}, [])
    if first[0].upper() in ("C", "I"):
        _read_nemweb(found, rows)
    elif "SETTLEMENTDATE" in _names(first):
        _read_monthly(found, rows)
    else:
        raise DataError(
            f"{file.name}:1: the first row is {_shown(first)}; expected {_EXPECTED} "
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


def _rows(file: SourceFile) -> list[tuple[int, list[str]]]:
    """Rows that are not blank, with their line numbers."""
    reader = csv.reader(text_of(file, _EXPECTED).splitlines())
    try:
        return [(reader.line_num, row) for row in reader if any(row)]
    except csv.Error as error:
        raise DataError(
            f"{file.name}:{reader.line_num}: no CSV ({error}); expected {_EXPECTED}"
        ) from error


def _read_monthly(found: _Found, rows: Sequence[tuple[int, list[str]]]) -> None:
    header = _names(rows[0][1])
    columns = _columns(f"{found.file_name}:1", header, _MONTHLY_COLUMNS)
    region_at, stamp_at, _, rrp_at, kind_at = columns
    stamps = _Stamps(found.file_name)
    for line, row in rows[1:]:
        _require_whole(found.file_name, line, row, header)
        if row[kind_at].strip() != "TRADE":
            raise DataError(
                f"{found.file_name}:{line}: PERIODTYPE is {row[kind_at]!r}, TRADE was "
                "expected; a forecast is no price, and a cut line is half a file"
            )
        end_minute = stamps.end_minute(line, row[stamp_at])
        _take(found, line, row[region_at].strip(), end_minute, row[rrp_at])


def _read_nemweb(found: _Found, rows: Sequence[tuple[int, list[str]]]) -> None:
    last_line, last = rows[-1]
    if [cell.strip().upper() for cell in last[:2]] != ["C", "END OF REPORT"]:
        raise DataError(
            f"{found.file_name}:{last_line}: the last row is {_shown(last)}, "
            "C,END OF REPORT was expected; the file was cut off: download it again"
        )
    table = _price_table(found.file_name, rows)
    found.is_dispatch = table[0] in _ALWAYS_FIVE_MINUTES
    stamps = _Stamps(found.file_name)
    left_out = 0
    for line, header, row in _table_rows(rows, table):
        where = f"{found.file_name}:{line}"
        stamp_at, region_at, rrp_at = _columns(where, header, _NEMWEB_COLUMNS)
        _require_whole(found.file_name, line, row, header)
        if "INTERVENTION" in header and _is_physical_run(
            where, row[header.index("INTERVENTION")]
        ):
            left_out += 1
            continue
        end_minute = stamps.end_minute(line, row[stamp_at])
        _take(found, line, row[region_at].strip(), end_minute, row[rrp_at])
    if left_out:
        found.problems.append(
            f"{found.file_name}: rows of the physical run (INTERVENTION 1) left out: "
            f"{left_out}; the price is that of the pricing run"
        )


def _price_table(
    file_name: str, rows: Sequence[tuple[int, list[str]]]
) -> tuple[str, str]:
    tables = {_table(row) for _, row in rows if row[0].strip().upper() == "I"}
    for table in _NEMWEB_TABLES:
        if table in tables:
            return table
    there = ", ".join(".".join(filter(None, table)) for table in sorted(tables))
    raise DataError(
        f"{file_name}: no table of prices in it, found {there or 'none'}; expected "
        "DISPATCH.PRICE, TRADING.PRICE, DREGION or TREGION"
    )


def _table_rows(
    rows: Sequence[tuple[int, list[str]]], table: tuple[str, str]
) -> Iterator[tuple[int, list[str], list[str]]]:
    """Rows of one table, each with its line and the names of its columns."""
    header: list[str] = []
    for line, row in rows:
        kind = row[0].strip().upper()
        if kind == "I":
            header = _names(row) if _table(row) == table else []
        elif kind == "D" and header and _table(row) == table:
            yield line, header, row


def _table(row: Sequence[str]) -> tuple[str, str]:
    padded = [*row, "", ""]
    return padded[1].strip().upper(), padded[2].strip().upper()


def _is_physical_run(where: str, text: str) -> bool:
    runs = {"0": False, "1": True}
    run = runs.get(text.strip().removesuffix(".0"))
    if run is None:
        raise DataError(f"{where}: INTERVENTION is {text!r}; expected 0 or 1")
    return run


def _take(found: _Found, line: int, region: str, end_minute: int, rrp: str) -> None:
    """Check a row's price and region, and keep it."""
    if region not in REGIONS:
        raise DataError(
            f"{found.file_name}:{line}: unknown region {region!r}; expected one of "
            + ", ".join(REGIONS)
        )
    try:
        price = float(rrp)
    except ValueError as error:
        raise DataError(
            f"{found.file_name}:{line}: RRP is {rrp!r}; expected a number of $/MWh"
        ) from error
    if not LOWEST_RRP_AUD_PER_MWH <= price <= HIGHEST_RRP_AUD_PER_MWH:
        raise DataError(
            f"{found.file_name}:{line}: RRP is {rrp} $/MWh; expected "
            f"{LOWEST_RRP_AUD_PER_MWH:.0f} to {HIGHEST_RRP_AUD_PER_MWH:.0f}, the "
            "market's floor and more than its cap; is the unit another?"
        )
    found.add(line, region, end_minute, price)


class _Stamps:
    """Reads `2025/01/31 23:55:00`, each date and each time of day once."""

    def __init__(self, file_name: str) -> None:
        self._file_name = file_name
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
                f"{self._file_name}:{line}: SETTLEMENTDATE is {text!r} ({error}); "
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
    return day.toordinal() * _DAY_MINUTES


def _minutes_of_clock(text: str) -> int:
    if len(text) not in (len("23:55"), len("23:55:00")):
        raise ValueError("no time like 23:55:00")
    clock = time.fromisoformat(text)
    if clock.minute % 5 or clock.second:
        raise ValueError("off the market's clock")
    return clock.hour * 60 + clock.minute


def _days_of_region(found: _Found, region: str) -> list[SpotDay]:
    prices = found.prices[region]
    ends = np.array(sorted(prices), dtype=np.int64)
    border = _FIVE_MINUTE_SETTLEMENT.toordinal() * _DAY_MINUTES
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
    numbers, firsts = np.unique(starts // _DAY_MINUTES, return_index=True)
    days = []
    for number, mine in zip(numbers, np.split(starts, firsts[1:]), strict=True):
        values = np.full(_DAY_MINUTES // minutes, np.nan)
        values[mine % _DAY_MINUTES // minutes] = [prices[s + minutes] for s in mine]
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
            f"intervals, the first ends at {_stamp(first)}; they stay missing"
        )


def _columns(where: str, header: list[str], wanted: Sequence[str]) -> list[int]:
    if any(header.count(name) != 1 for name in wanted):
        raise DataError(
            f"{where}: the columns are {_shown(header)}; expected "
            f"{','.join(wanted)}, each once; AEMO has changed its file, or another "
            "program has"
        )
    return [header.index(name) for name in wanted]


def _require_whole(
    file_name: str, line: int, row: list[str], header: list[str]
) -> None:
    if len(row) != len(header):
        raise DataError(
            f"{file_name}:{line}: the row has {len(row)} columns, {len(header)} were "
            "expected; the file was cut off or changed: download it again"
        )


def _names(row: Sequence[str]) -> list[str]:
    return [cell.strip().upper() for cell in row]


def _shown(row: Sequence[str]) -> str:
    text = ",".join(row)
    return repr(text if len(text) <= 80 else text[:80] + "...")


def _stamp(minute: int) -> str:
    """End of an interval as AEMO writes it."""
    day = date.fromordinal(minute // _DAY_MINUTES)
    hour, rest = divmod(minute % _DAY_MINUTES, 60)
    return f"{day:%Y/%m/%d} {hour:02}:{rest:02}"
