"""AEMO's pre-dispatch: the price forecast of the market operator, as published.

Each half-hour a run forecasts the price of each region to the end of the next day of
trading, some 16 to 40 hours ahead, in $/MWh without GST. `DATETIME` is the end of the
half-hour in NEM time.

- NEMWEB, `PUBLIC_PREDISPATCHIS_<first half-hour>_<published>.zip` and its archives, and
  the monthly archive: table `PREDISPATCH.REGION_PRICES` with `PREDISPATCHSEQNO` (which
  run: day of trading and number of the half-hour), `LASTCHANGED` (when the run's
  results were written) and `INTERVENTION` (1 is the physical run, left out).

A forecast is known from the latest `LASTCHANGED` of its run, or from the second stamp
of the file's name where that is later; never from the time it speaks of.

See docs/sources/aemo.md.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np

from home_energy.domain.market_forecast import HALF_HOUR, MarketForecast
from home_energy.domain.time_grid import NEM_TIME, nem_day_start
from home_energy.errors import DataError
from home_energy.ingestion.sources.aemo_rows import (
    DAY_MINUTES,
    Stamps,
    columns_at,
    csv_rows_of,
    is_physical_run,
    region_of,
    require_end_of_report,
    require_whole,
    rrp_of,
    table_rows,
    written_end,
)
from home_energy.ingestion.sources.source_file import FileContent, SourceFile

NEMWEB_TABLE = ("PREDISPATCH", "REGION_PRICES")

_EXPECTED = "a file of NEMWEB with the table PREDISPATCH.REGION_PRICES"
_COLUMNS = (
    "PREDISPATCHSEQNO",
    "REGIONID",
    "INTERVENTION",
    "RRP",
    "LASTCHANGED",
    "DATETIME",
)
_PUBLISHED_IN_NAME = re.compile(r"PREDISPATCHIS_\d{12}_(\d{14})\.csv$", re.IGNORECASE)
_HALF_HOUR_MINUTES = 30
_LONGEST_LATENESS = timedelta(days=1)


@dataclass(slots=True)
class _Run:
    """One run while it is read: region, then end in minutes of NEM time."""

    line: int
    published_at: datetime
    rrp: dict[str, dict[int, float]] = field(default_factory=dict)


def read_aemo_predispatch(file: SourceFile) -> FileContent:
    """Price forecasts of every run and region in a file.

    Raises
    ------
    DataError
        If the file is none of NEMWEB with the table, was cut off, does not say when it
        was published, or holds a price, a region or a stamp that cannot be.
    """
    rows = csv_rows_of(file, _EXPECTED)
    require_end_of_report(file.name, rows)
    runs: dict[str, _Run] = {}
    stamps = Stamps(file.name, "DATETIME")
    left_out = row_count = 0
    for line, header, row in table_rows(rows, NEMWEB_TABLE):
        where = f"{file.name}:{line}"
        run_at, region_at, physical_at, rrp_at, changed_at, end_at = columns_at(
            where, header, _COLUMNS
        )
        require_whole(file.name, line, row, header)
        if is_physical_run(where, row[physical_at]):
            left_out += 1
            continue
        row_count += 1
        published_at = _moment(where, row[changed_at])
        run = runs.setdefault(row[run_at].strip(), _Run(line, published_at))
        run.published_at = max(run.published_at, published_at)
        end_minute = stamps.end_minute(line, row[end_at])
        _add(run, where, region_of(where, row[region_at]), end_minute, row[rrp_at])
    if not row_count:
        raise DataError(f"{file.name}: no price in it; expected {_EXPECTED}")
    _raise_to_name(file.name, runs)
    forecasts = tuple(
        _forecast(file.name, run, region)
        for run in sorted(runs.values(), key=lambda run: run.published_at)
        for region in sorted(run.rrp)
    )
    return FileContent(
        "aemo", row_count, _problems(file.name, left_out), market_forecasts=forecasts
    )


def _add(run: _Run, where: str, region: str, end_minute: int, text: str) -> None:
    if end_minute % _HALF_HOUR_MINUTES:
        raise DataError(
            f"{where}: DATETIME is {written_end(end_minute)}; expected the end of a "
            "half-hour"
        )
    rrp = rrp_of(where, text) if text.strip() else float("nan")
    there = run.rrp.setdefault(region, {}).setdefault(end_minute, rrp)
    if there != rrp and not (np.isnan(there) and np.isnan(rrp)):
        raise DataError(
            f"{where}: {region} is forecast {rrp} $/MWh for the half-hour that ends at "
            f"{written_end(end_minute)}, and {there} above in the same run; expected "
            "one; download the file again"
        )


def _raise_to_name(file_name: str, runs: dict[str, _Run]) -> None:
    """Where the name says that its one run was published later, believe it."""
    found = _PUBLISHED_IN_NAME.search(file_name)
    if found is None or len(runs) != 1:
        return
    said = datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=NEM_TIME)
    (run,) = runs.values()
    run.published_at = max(run.published_at, said.astimezone(UTC))


def _forecast(file_name: str, run: _Run, region: str) -> MarketForecast:
    ends = run.rrp[region]
    first, last = min(ends), max(ends)
    values = np.full((last - first) // _HALF_HOUR_MINUTES + 1, np.nan)
    for end_minute, rrp in ends.items():
        values[(end_minute - first) // _HALF_HOUR_MINUTES] = rrp
    first_start = _utc(first) - HALF_HOUR
    is_plausible = (
        first_start - HALF_HOUR <= run.published_at < first_start + _LONGEST_LATENESS
    )
    if not is_plausible or run.published_at >= _utc(last):
        raise DataError(
            f"{file_name}:{run.line}: the run was published at "
            f"{run.published_at.astimezone(NEM_TIME):%Y/%m/%d %H:%M:%S} and its first "
            f"half-hour ends at {written_end(first)}; expected it to be published as "
            "that half-hour begins; was LASTCHANGED altered?"
        )
    return MarketForecast(region, run.published_at, first_start, values)


def _moment(where: str, text: str) -> datetime:
    try:
        moment = datetime.strptime(text.strip(), "%Y/%m/%d %H:%M:%S")  # noqa: DTZ007
    except ValueError as error:
        raise DataError(
            f"{where}: LASTCHANGED is {text!r}; expected when the forecast was "
            "published, such as '2025/06/22 00:03:00'; without it nobody knows from "
            "when it was known"
        ) from error
    return moment.replace(tzinfo=NEM_TIME).astimezone(UTC)


def _utc(nem_minute: int) -> datetime:
    day = date.fromordinal(nem_minute // DAY_MINUTES)
    return nem_day_start(day) + timedelta(minutes=nem_minute % DAY_MINUTES)


def _problems(file_name: str, left_out: int) -> tuple[str, ...]:
    if not left_out:
        return ()
    return (
        f"{file_name}: rows of the physical run (INTERVENTION 1) left out: {left_out}",
    )
