"""Drives and charges as Tessie's app exports them, in CSV.

Columns name their units, and the first two the clock: `Started At (AEST)`. Times are
local, to the minute, without an offset; columns are found by name. From what owners'
tools read; Tessie publishes no list. See docs/sources/tessie.md.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from home_energy.domain.car_history import CarHistory, Place
from home_energy.errors import DataError
from home_energy.ingestion.sources.car_clock import (
    LocalSpan,
    Span,
    instants,
    settle_spans,
)
from home_energy.ingestion.sources.car_record import (
    ToldCharge,
    ToldDrive,
    settled_charges,
    settled_drives,
)
from home_energy.ingestion.sources.car_rows import (
    CarFileOptions,
    CarRow,
    CarTable,
    CarUnits,
    car_table,
    place_of,
)
from home_energy.ingestion.sources.counted_problems import CountedProblems
from home_energy.ingestion.sources.csv_rows import require_known_year
from home_energy.ingestion.sources.source_file import FileContent, SourceFile

SOURCE = "tessie"

_UNIT = re.compile(r"(?P<name>.*?)\s*\((?P<unit>[^)]*)\)\s*", re.ASCII | re.DOTALL)
_UTC_NAMES = ("UTC", "GMT", "Z")
_OTHERS = {
    "timestamp": "the telemetry of one drive",
    "usable capacity": "the health of the battery",
}
_DOUBT = (
    "a time in the season in which {zone} shows another zone than the header's {named};"
    " read as the clock on the wall. Tessie's API leaves no such doubt"
)


class _Export(NamedTuple):
    """A table whose columns have lost the units in their names."""

    rows: list[CarRow]
    units: dict[str, str]

    def has(self, name: str) -> bool:
        return name in self.units


def read_tessie_csv(file: SourceFile, options: CarFileOptions) -> FileContent:
    """Drives or charges of one export.

    Raises
    ------
    DataError
        If it is another export, leaves a unit open that nobody said, is on another
        clock than was said, or cannot be true.
    """
    problems = CountedProblems(file.name)
    export = _without_units(car_table(file, problems))
    is_charges = export.has("energy added")
    if not export.has("started at") or not (is_charges or export.has("distance")):
        raise DataError(
            f"{file.name}:1: {_what_else(export)}; expected the drives (Started At, "
            "Ended At, Distance) or charges (Started At, Ended At, Energy Added) of "
            "Tessie; export those"
        )
    spans = _spans(file, export, options, problems)
    drives: list[ToldDrive] = []
    charges: list[ToldCharge] = []
    for row, span in zip(export.rows, spans, strict=True):
        if is_charges:
            charges.append(_charge(row, span))
        else:
            drives.append(_drive(row, span, _units(file, export, options)))
    history = CarHistory(
        SOURCE,
        options.car,
        settled_drives(drives, problems, file.name),
        settled_charges(charges, problems),
    )
    nothing = () if export.rows else (f"{file.name}:1: a header and no rows",)
    return FileContent(
        SOURCE, len(export.rows), (*nothing, *problems.told()), cars=(history,)
    )


def _without_units(table: CarTable) -> _Export:
    """`Distance (km)` is found as `distance`, its unit beside."""
    units: dict[str, str] = {}
    columns: dict[str, int] = {}
    for place, name in enumerate(table.names):
        parts = _UNIT.fullmatch(name)
        bare = (parts["name"] if parts else name).lower()
        units.setdefault(bare, parts["unit"] if parts else "")
        columns.setdefault(bare, place)
    return _Export([row._replace(columns=columns) for row in table.rows], units)


def _what_else(export: _Export) -> str:
    found = next((what for name, what in _OTHERS.items() if export.has(name)), None)
    if found is None and export.has("started at"):
        found = "neither drives nor charges, such as idles"
    return f"this is {found}" if found else "this is no export of Tessie's that is read"


def _units(file: SourceFile, export: _Export, options: CarFileOptions) -> CarUnits:
    """Units by the header; what it leaves open must have been said."""
    distance = export.units["distance"].lower()
    warmth = export.units.get("average outside temperature", "C").upper()[-1:]
    if distance in ("km", "mi") and warmth in ("C", "F"):
        return CarUnits(distance == "mi", warmth == "F")
    if options.units is None:
        raise DataError(
            f"{file.name}:1: a distance in {distance[:20]!r} and a temperature in "
            f"{warmth!r}; expected km or mi, C or F; say --units, such as --units km"
        )
    return options.units


def _spans(
    file: SourceFile,
    export: _Export,
    options: CarFileOptions,
    problems: CountedProblems,
) -> list[Span | None]:
    """From when to when each row was; `None` of a row without an end."""
    zone = _zone(file, export.units["started at"], options.zone)
    local: list[LocalSpan | None] = []
    units = _units(file, export, options) if export.has("distance") else CarUnits()
    for row in export.rows:
        start, end = (_stamp(row, name) for name in ("started at", "ended at"))
        if start is None or end is None:
            local.append(None)
            continue
        local.append(
            LocalSpan(
                row.line,
                start,
                end,
                row.number("duration"),
                units.km(row.number("starting odometer", "odometer")),
            )
        )
    known = [span for span in local if span is not None]
    settled = iter(settle_spans(known, zone, problems))
    _note_doubt(known, export.units["started at"], zone, problems)
    return [None if span is None else next(settled) for span in local]


def _zone(file: SourceFile, named: str, asked: ZoneInfo) -> ZoneInfo:
    """Clock of the file: what its header names must be a name of the asked zone."""
    if named.upper() in _UTC_NAMES:
        return ZoneInfo("UTC")
    names = _zone_names(asked)
    if named and named.upper() not in names:
        raise DataError(
            f"{file.name}:1: times are in {named[:20]}, which {asked.key} never shows "
            f"({', '.join(names)} expected); say the car's zone with --timezone, such "
            "as Australia/Perth"
        )
    return asked


def _zone_names(zone: ZoneInfo) -> list[str]:
    """Return what a zone calls its clock in the course of a year."""
    days = [datetime(2025, month, 1, tzinfo=UTC) for month in (1, 7)]
    return sorted({day.astimezone(zone).tzname() or "" for day in days})


def _note_doubt(
    spans: Sequence[LocalSpan], named: str, zone: ZoneInfo, problems: CountedProblems
) -> None:
    """Count times in a season that the header's abbreviation is not of."""
    if not named or named.upper() in _UTC_NAMES:
        return
    for span in spans:
        found = instants(span.start, zone)
        if len(found) == 1 and found[0].astimezone(zone).tzname() != named.upper():
            problems.add(span.line, _DOUBT.format(zone=zone.key, named=named))


def _stamp(row: CarRow, name: str) -> datetime | None:
    """`2025-04-06 02:30` or with seconds, on the file's clock."""
    cell = row.text(name)
    if cell is None:
        return None
    try:
        stamp = datetime.fromisoformat(cell)
    except ValueError:
        stamp = None
    if stamp is None or stamp.tzinfo is not None or len(cell) < len("2025-04-06 02:30"):
        raise DataError(
            f"{row.file.name}:{row.line}: {name} is {cell[:40]!r}, a time like "
            "2025-04-06 02:30 expected; a spreadsheet may have changed it: export again"
        )
    require_known_year(row.file, row.line, stamp)
    return stamp


def _drive(row: CarRow, span: Span | None, units: CarUnits) -> ToldDrive:
    start, end = span or (None, None)
    return ToldDrive(
        line=row.line,
        start=start,
        end=end,
        km=units.km(row.number("distance")),
        energy_kwh=row.number("total energy used"),
        start_percent=row.number("starting battery"),
        end_percent=row.number("ending battery"),
        outside_c=units.celsius(row.number("average outside temperature")),
        start_place=_place(row, "starting "),
        end_place=_place(row, "ending "),
        start_odometer_km=units.km(row.number("starting odometer")),
        end_odometer_km=units.km(row.number("ending odometer")),
    )


def _charge(row: CarRow, span: Span | None) -> ToldCharge:
    start, end = span or (None, None)
    is_fast = row.truth("supercharger") or row.truth("fast charger")
    return ToldCharge(
        line=row.line,
        start=start,
        end=end,
        added_kwh=row.number("energy added"),
        drawn_kwh=row.number("energy used"),
        start_percent=row.number("starting battery"),
        end_percent=row.number("ending battery"),
        is_fast=is_fast,
        place=_place(row, ""),
    )


def _place(row: CarRow, which: str) -> Place:
    return place_of(
        row.text(f"{which}saved location"),
        row.text(f"{which}location"),
        row.number(f"{which}latitude"),
        row.number(f"{which}longitude"),
    )
