"""Exports of a Powerpal: the pulses of the meter's light, counted by minute.

Gives import only: the light blinks for energy that comes from the grid, so in a home
with solar this is never the load. Unit Wh; stamp `datetime_utc`, the interval's start;
intervals of 1, 5, 10, 15, 30 or 60 minutes, as chosen at export, at most 90 days a
file. See docs/sources/powerpal.md for the oddities and their evidence.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from home_energy.domain.meter_day import Flow, MeterRegister
from home_energy.domain.price import Quality
from home_energy.errors import DataError
from home_energy.ingestion.sources.csv_rows import (
    CsvRow,
    columns_of,
    csv_rows,
    number_in,
    require_known_year,
    require_plausible_kwh,
    require_width,
)
from home_energy.ingestion.sources.nem_days import nem_days, starts_on_nem_clock
from home_energy.ingestion.sources.source_file import FileContent, SourceFile

POWERPAL_REGISTER = MeterRegister("powerpal", "", "import", Flow.GENERAL)

_INTERVALS_MINUTES = (1, 5, 10, 15, 30, 60)
_ZONES = tuple(
    ZoneInfo(f"Australia/{place}")
    for place in (
        "Sydney",
        "Brisbane",
        "Adelaide",
        "Perth",
        "Hobart",
        "Darwin",
        "Lord_Howe",
    )
)


class _Reading(NamedTuple):
    line: int
    kwh: float
    local: datetime | None


@dataclass(slots=True)
class _Doubles:
    """Stamps that came more than once."""

    same_count: int = 0
    other_count: int = 0
    first_other_line: int = 0
    first_same_line: int = 0


def read_powerpal(file: SourceFile) -> FileContent:
    """Import of every interval in one export.

    The last interval may have been cut short by the export: it is an estimate, which
    a later export replaces, since every day says when its file ended.

    Raises
    ------
    DataError
        If the file is no Powerpal export, its rows contradict each other, or the
        length of its intervals cannot be told.
    """
    rows = csv_rows(file)
    wanted = ["datetime_utc", "watt_hours", "is_peak"]
    has_local = "datetime_local" in rows[0].cells
    columns = columns_of(
        file, rows[0], [*wanted, "datetime_local"] if has_local else wanted
    )
    readings, doubles = _readings(file, rows, columns)
    if not readings:
        return FileContent(
            "powerpal", 0, (f"{file.name}:1: holds a header and no readings",)
        )
    stamps = sorted(readings)
    minutes = _interval_minutes(file, stamps, readings)
    for stamp in stamps:
        line, kwh, _ = readings[stamp]
        require_plausible_kwh(file, line, "watt_hours", kwh, minutes)
    _require_one_zone(file, readings)
    problems = _problems(file, stamps, minutes, doubles)
    if not has_local:
        problems.append(
            f"{file.name}:1: has no datetime_local; datetime_utc was not checked by it"
        )
    quality = np.full(len(stamps), int(Quality.ACTUAL), dtype=np.uint8)
    quality[-1] = int(Quality.ESTIMATE)
    days = nem_days(
        np.array([int(stamp.timestamp()) for stamp in stamps], dtype=np.int64),
        np.array([readings[stamp].kwh for stamp in stamps]),
        quality,
        minutes,
        stamps[-1] + timedelta(minutes=minutes),
    )
    row_count = len(readings) + doubles.same_count + doubles.other_count
    return FileContent(
        "powerpal", row_count, tuple(problems), {POWERPAL_REGISTER: days}
    )


def _readings(
    file: SourceFile, rows: list[CsvRow], columns: dict[str, int]
) -> tuple[dict[datetime, _Reading], _Doubles]:
    """Reading of each stamp; of several different ones the largest.

    A count that an export cut short is never more than the whole one.
    """
    readings: dict[datetime, _Reading] = {}
    doubles = _Doubles()
    for row in rows[1:]:
        require_width(file, row, len(rows[0].cells))
        if row.cells == rows[0].cells:  # two exports in one file
            continue
        stamp, reading = _reading(file, row, columns)
        known = readings.get(stamp)
        if known is not None and known.kwh == reading.kwh:
            doubles.same_count += 1
            doubles.first_same_line = doubles.first_same_line or row.line
        elif known is not None:
            doubles.other_count += 1
            doubles.first_other_line = doubles.first_other_line or row.line
        if known is None or reading.kwh > known.kwh:
            readings[stamp] = reading
    return readings, doubles


def _reading(
    file: SourceFile, row: CsvRow, columns: dict[str, int]
) -> tuple[datetime, _Reading]:
    """One row: `2024-07-28 00:00:00,2024-07-28 10:00:00,27.8,0.028,false`."""
    stamp = _stamp(file, row, columns, "datetime_utc").replace(tzinfo=UTC)
    local = (
        _stamp(file, row, columns, "datetime_local")
        if "datetime_local" in columns
        else None
    )
    watt_hours = number_in(
        file, row.line, "watt_hours", row.cells[columns["watt_hours"]]
    )
    kwh = watt_hours / 1000
    require_plausible_kwh(file, row.line, "watt_hours", kwh, max(_INTERVALS_MINUTES))
    if row.cells[columns["is_peak"]].lower() not in ("true", "false", ""):
        raise DataError(
            f"{file.name}:{row.line}: is_peak is "
            f"{row.cells[columns['is_peak']][:40]!r}, true or false expected; the file "
            "may be cut off: export it again"
        )
    return stamp, _Reading(row.line, kwh, local)


def _stamp(
    file: SourceFile, row: CsvRow, columns: dict[str, int], name: str
) -> datetime:
    cell = row.cells[columns[name]]
    try:
        stamp = datetime.fromisoformat(cell)
    except ValueError:
        stamp = None
    is_naive = stamp is not None and stamp.tzinfo is None
    if stamp is None or not is_naive or len(cell) < len("2024-07-28 00:00"):
        raise DataError(
            f"{file.name}:{row.line}: {name} is {cell[:40]!r}, a time like 2024-07-28 "
            "00:00:00 expected; a spreadsheet may have changed it: export it again"
        )
    if stamp.second or stamp.microsecond:
        raise DataError(
            f"{file.name}:{row.line}: {name} is {cell[:40]!r}, a whole minute "
            "expected; export it again"
        )
    require_known_year(file, row.line, stamp)
    return stamp


def _interval_minutes(
    file: SourceFile, stamps: list[datetime], readings: dict[datetime, _Reading]
) -> int:
    """Most common distance of neighbours, on whose grid all of them must lie."""
    if len(stamps) < 2:
        raise DataError(
            f"{file.name}:{readings[stamps[0]].line}: holds one reading, at least two "
            "expected to tell how long an interval is; export a longer period"
        )
    seconds = np.array([stamp.timestamp() for stamp in stamps])
    gaps, counts = np.unique(np.diff(seconds), return_counts=True)
    minutes = gaps[np.argmax(counts)] / 60
    if minutes not in _INTERVALS_MINUTES:
        raise DataError(
            f"{file.name}:{readings[stamps[0]].line}: readings are mostly {minutes:g} "
            f"minutes apart, {', '.join(map(str, _INTERVALS_MINUTES))} expected; "
            "export minutes, half-hours or hours"
        )
    for stamp in stamps:
        if not starts_on_nem_clock(int(stamp.timestamp()), int(minutes)):
            raise DataError(
                f"{file.name}:{readings[stamp].line}: {stamp:%Y-%m-%d %H:%M:%S} UTC is "
                f"no start of a {minutes:g}-minute interval of the market (UTC+10); "
                "export minutes or half-hours, each kind in its own file"
            )
    return int(minutes)


def _require_one_zone(file: SourceFile, readings: dict[datetime, _Reading]) -> None:
    """Refuse local times that no Australian zone shows at those instants."""
    seen: dict[datetime, tuple[timedelta, int]] = {}
    for stamp, reading in readings.items():
        if reading.local is None:
            continue
        offset = reading.local - stamp.replace(tzinfo=None)
        half_hour = stamp.replace(minute=stamp.minute // 30 * 30)
        first, _ = seen.setdefault(half_hour, (offset, reading.line))
        if first != offset:
            raise _zone_error(file, reading.line, offset)
    wrong = []
    for zone in _ZONES:
        first_wrong = min(
            (
                (stamp, line, offset)
                for stamp, (offset, line) in seen.items()
                if stamp.astimezone(zone).utcoffset() != offset
            ),
            default=None,
        )
        if first_wrong is None:
            return
        wrong.append(first_wrong)
    _, line, offset = max(wrong)
    raise _zone_error(file, line, offset)


def _zone_error(file: SourceFile, line: int, offset: timedelta) -> DataError:
    return DataError(
        f"{file.name}:{line}: datetime_local is {offset / timedelta(hours=1):+.4g} h "
        "from datetime_utc, which no Australian zone is at that time; a spreadsheet "
        "may have changed the times: export it again"
    )


def _problems(
    file: SourceFile, stamps: list[datetime], minutes: int, doubles: _Doubles
) -> list[str]:
    problems = []
    if doubles.same_count:
        problems.append(
            f"{file.name}:{doubles.first_same_line}: {doubles.same_count} rows repeat "
            "a reading and were left out; this is the first"
        )
    if doubles.other_count:
        problems.append(
            f"{file.name}:{doubles.first_other_line}: {doubles.other_count} rows give "
            "another value for a known interval; the larger was taken, since a part "
            "is never more than the whole; this is the first"
        )
    span = int((stamps[-1] - stamps[0]).total_seconds()) // 60 // minutes + 1
    if span != len(stamps):
        problems.append(
            f"{file.name}:1: {span - len(stamps)} of {span} intervals of {minutes} "
            "minutes have no reading and are missing, not zero"
        )
    return problems
