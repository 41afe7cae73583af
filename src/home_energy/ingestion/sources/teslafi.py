"""Drives and charges from TeslaFi's monthly download: what the car said, by the minute.

Settings > Account > Advanced > Download TeslaFi Data. One row a minute while awake;
`driveNumber` and `chargeNumber` join rows. Distances are miles and temperatures
degrees Celsius whatever the settings show, as the car itself says them; `Date` is
local time without a zone, of the home in TeslaFi's settings. See
docs/sources/teslafi.md, with what is confirmed and what is not.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

from home_energy.domain.car_history import CarHistory, Place
from home_energy.errors import DataError
from home_energy.ingestion.sources.car_clock import (
    LocalStamp,
    Span,
    settle_stamps,
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
    short_car_name,
)
from home_energy.ingestion.sources.counted_problems import CountedProblems
from home_energy.ingestion.sources.csv_rows import require_known_year
from home_energy.ingestion.sources.source_file import FileContent, SourceFile

SOURCE = "teslafi"

_UNITS = CarUnits(is_miles=True)
_CUT = "a drive or charge cut by the end of the month; its parts are kept as two"


class _Kind(NamedTuple):
    """What joins rows to a drive or a charge."""

    number_column: str
    state_column: str
    states: tuple[str, ...]


_DRIVES = _Kind("drivenumber", "shift_state", ("D", "R", "N"))
_CHARGES = _Kind("chargenumber", "charging_state", ("Starting", "Charging"))


def read_teslafi(file: SourceFile, options: CarFileOptions) -> FileContent:
    """Drives and charges of one month.

    Raises
    ------
    DataError
        If it is another file, is of several cars, or cannot be true.
    """
    problems = CountedProblems(file.name)
    table = car_table(file, problems)
    _require_known_shape(file, table)
    rows, stamps = _stamped(table, problems)
    moments = settle_stamps(stamps, options.zone, problems)
    drives, charges = _sessions(rows, _DRIVES), _sessions(rows, _CHARGES)
    for session in (*drives, *charges):
        if session[0] == 0 or session[-1] == len(rows) - 1:
            problems.add(rows[session[0]].line, _CUT)
    history = CarHistory(
        SOURCE,
        options.car or _car(file, rows),
        settled_drives(
            [
                _drive([rows[i] for i in session], _span(session, moments), problems)
                for session in drives
            ],
            problems,
            file.name,
        ),
        settled_charges(
            [
                _charge([rows[i] for i in session], _span(session, moments), problems)
                for session in charges
            ],
            problems,
        ),
    )
    nothing = () if rows else (f"{file.name}:1: a header and no rows",)
    return FileContent(SOURCE, len(rows), (*nothing, *problems.told()), cars=(history,))


def _require_known_shape(file: SourceFile, table: CarTable) -> None:
    is_numbered = table.has("drivenumber", "chargenumber")
    if table.has("date", "odometer", "battery_level") and (
        is_numbered or table.has("shift_state")
    ):
        return
    raise DataError(
        f"{file.name}:1: not TeslaFi's monthly data; expected Date, odometer, "
        "battery_level and driveNumber among its columns; take Settings > Account > "
        "Advanced > Download TeslaFi Data (its lists of drives and charges are not "
        "read: nobody has published their columns)"
    )


def _stamped(
    table: CarTable, problems: CountedProblems
) -> tuple[list[CarRow], list[LocalStamp]]:
    """Rows that have a time, in the order in which they were written."""
    rows, stamps = [], []
    for row in table.rows:
        moment = _moment(row)
        if moment is None:
            problems.add(row.line, "a row without a time: left out")
            continue
        rows.append(row)
        stamps.append(LocalStamp(row.line, moment, _seen_at(row)))
    if stamps and stamps[-1].moment < stamps[0].moment:
        rows.reverse()
        stamps.reverse()
    return rows, stamps


def _moment(row: CarRow) -> datetime | None:
    """When a row was written: `2016-07-01 00:00:35`, local."""
    cell = row.text("date")
    if cell is None:
        return None
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not None:
        raise DataError(
            f"{row.file.name}:{row.line}: Date is {cell[:40]!r}; expected a local time "
            "like 2025-04-06 02:30:11; a spreadsheet has changed it (and may have "
            "changed day and month): download the file again"
        )
    require_known_year(row.file, row.line, moment)
    return moment


def _seen_at(row: CarRow) -> datetime | None:
    """Instant of the last fix of the position, on another clock. [aware UTC]"""
    seconds = row.number("gps_as_of") if row.text("gps_as_of") != "0" else None
    if seconds is None or not 946_684_800 <= seconds <= 4_102_444_800:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _car(file: SourceFile, rows: Iterable[CarRow]) -> str:
    """End of the VIN, else the car's name."""
    for column in ("vin", "display_name"):
        names = {short_car_name(name) for row in rows if (name := row.text(column))}
        if column == "vin" and len(names) > 1:
            raise DataError(
                f"{file.name}: rows of {len(names)} cars by their VIN "
                f"({', '.join(sorted(names))}), one was expected; download the months "
                "of each car by itself"
            )
        if len(names) == 1:
            return names.pop()
    return ""


def _sessions(rows: Sequence[CarRow], kind: _Kind) -> list[list[int]]:
    """Rows by TeslaFi's number of a session; without any, runs of the car's state."""
    by_number: dict[float, list[int]] = {}
    for place, row in enumerate(rows):
        number = row.number(kind.number_column)
        if number:
            by_number.setdefault(number, []).append(place)
    if by_number:
        return list(by_number.values())
    runs: list[list[int]] = []
    was_in = False
    for place, row in enumerate(rows):
        if row.text(kind.state_column) in kind.states:
            if not was_in:
                runs.append([])
            runs[-1].append(place)
            was_in = True
        elif row.text("state", kind.state_column) is not None:
            was_in = False
    return runs


def _span(session: Sequence[int], moments: Sequence[datetime]) -> Span:
    return moments[session[0]], moments[session[-1]]


def _drive(rows: Sequence[CarRow], span: Span, problems: CountedProblems) -> ToldDrive:
    odometer_km = [_UNITS.km(row.number("odometer")) for row in rows]
    return ToldDrive(
        line=rows[0].line,
        start=span[0],
        end=span[1],
        km=None,  # by the odometer
        start_percent=_first(_levels(rows)),
        end_percent=_first(reversed(_levels(rows))),
        outside_c=_mean(row.number("outside_temp") for row in rows),
        start_place=_place(rows, problems),
        end_place=_place(rows[::-1], problems),
        start_odometer_km=_first(odometer_km),
        end_odometer_km=_first(reversed(odometer_km)),
    )


def _charge(
    rows: Sequence[CarRow], span: Span, problems: CountedProblems
) -> ToldCharge:
    return ToldCharge(
        line=rows[0].line,
        start=span[0],
        end=span[1],
        added_kwh=_added_kwh([row.number("charge_energy_added") for row in rows]),
        start_percent=_first(_levels(rows)),
        end_percent=_first(reversed(_levels(rows))),
        is_fast=_is_fast(rows),
        place=_place(rows, problems),
    )


def _added_kwh(counted: Sequence[float | None]) -> float | None:
    """Energy by a counter of the session, from its first row to its last.

    The first may still show the session before; then the counter falls back.
    """
    known = [kwh for kwh in counted if kwh is not None]
    if len(known) < 2:
        return None
    return sum(
        after - before if after >= before else after
        for before, after in pairwise(known)
    )


def _is_fast(rows: Sequence[CarRow]) -> bool | None:
    said = {row.truth("fast_charger_present") for row in rows} - {None}
    return any(said) if said else None


def _levels(rows: Sequence[CarRow]) -> list[float | None]:
    return [row.number("battery_level") for row in rows]


def _place(rows: Iterable[CarRow], problems: CountedProblems) -> Place:
    """Where the first row was that says so."""
    for row in rows:
        try:
            latitude, longitude = row.number("latitude"), row.number("longitude")
        except DataError:
            problems.add(row.line, "a coordinate that is no number; left open")
            continue
        place = place_of(None, None, latitude, longitude)
        if place.latitude_deg is not None:
            return place
    return Place()


def _first(values: Iterable[float | None]) -> float | None:
    return next((value for value in values if value is not None), None)


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
