"""Drives and charges of TeslaMate, which a household runs itself, as CSV.

It has no export of its own. Read are its tables `drives` and `charging_processes` as
PostgreSQL copies them, best by the queries in docs/sources/teslamate.md, and the
panels of its dashboards as Grafana downloads them without formatting. Tables are in
UTC without saying so, km and degrees Celsius whatever the settings; Grafana's columns
name their units, and `start_date_ts` counts milliseconds in UTC.
"""

from datetime import UTC, datetime, timedelta

from home_energy.domain.car_history import CarHistory, Place
from home_energy.errors import DataError
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

SOURCE = "teslamate"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST_MS = 4_102_444_800_000  # the year 2100
_MILES, _FAHRENHEIT = CarUnits(is_miles=True), CarUnits(is_fahrenheit=True)
_DRIVES = "start_date, end_date and distance of the table drives"
_CHARGES = "start_date, end_date and charge_energy_added of charging_processes"
_HOW = "export them by the queries in docs/sources/teslamate.md"
_OTHERS = {
    "charging_process_id": "single samples (the table charges)",
    "battery_level": "single samples (the table positions)",
    "destination": "a formatted table of Grafana, in local time and words; turn off "
    "`Formatted data` and `Apply panel transformations` before the download",
}


def read_teslamate(file: SourceFile, options: CarFileOptions) -> FileContent:
    """Drives or charges of one table, of every car in it.

    Raises
    ------
    DataError
        If it is another table, tells no time that can be relied on, or cannot be true.
    """
    problems = CountedProblems(file.name)
    table = car_table(file, problems)
    is_charges = table.has("charge_energy_added")
    _require_known_shape(file, table, is_charges=is_charges)
    drives: dict[str, list[ToldDrive]] = {}
    charges: dict[str, list[ToldCharge]] = {}
    for row in table.rows:
        car = row.text("car_id") or ""
        if is_charges:
            charges.setdefault(car, []).append(_charge(row))
        else:
            drives.setdefault(car, []).append(_drive(row))
    cars = sorted({*drives, *charges})
    if options.car and len(cars) > 1:
        raise DataError(
            f"{file.name}:1: holds the cars {', '.join(cars)} by their car_id, one was "
            "expected with --car; leave it out, or export them one by one"
        )
    histories = tuple(
        CarHistory(
            SOURCE,
            options.car or car,
            settled_drives(drives.get(car, ()), problems, file.name),
            settled_charges(charges.get(car, ()), problems),
        )
        for car in cars
    )
    said = problems.told()
    if table.rows:
        said += _without_energy(file.name, table, is_charges=is_charges)
        said += _without_places(file.name, table, "" if is_charges else "start_")
    else:
        said += (f"{file.name}:1: a header and no rows",)
    return FileContent(SOURCE, len(table.rows), said, cars=histories)


def _require_known_shape(
    file: SourceFile, table: CarTable, *, is_charges: bool
) -> None:
    has_distance = any(
        table.has(*names)
        for names in (
            ("distance",),
            ("distance_km",),
            ("distance_mi",),
            ("start_km", "end_km"),
        )
    )
    is_stamped = table.has("start_date_ts", "end_date_ts")
    is_table = table.has("start_date", "end_date")
    if not (is_charges or has_distance) or not (is_stamped or is_table):
        other = next((what for name, what in _OTHERS.items() if table.has(name)), "")
        raise DataError(
            f"{file.name}:1: {other or 'neither drives nor charges'}; expected "
            f"{_CHARGES if is_charges else _DRIVES}, or those of its dashboards; {_HOW}"
        )
    if not is_stamped and table.has("duration_str"):
        raise DataError(
            f"{file.name}:1: a table of Grafana without start_date_ts and end_date_ts, "
            "whose other times are in the zone of a browser; expected both; download "
            f"it with all columns, or {_HOW}"
        )


def _without_energy(name: str, table: CarTable, *, is_charges: bool) -> tuple[str, ...]:
    """What to say if a table has not what the energy of drives follows from."""
    if is_charges or table.has("consumption_kwh"):
        return ()
    ranges = ("start_rated_range_km", "end_rated_range_km", "car_efficiency")
    missing = [column for column in ranges if not table.has(column)]
    if not missing:
        return ()
    said = (
        f"{name}:1: no {', '.join(missing)}, so the energy of its drives is left open"
    )
    return (f"{said}; {_HOW} to have it",)


def _without_places(name: str, table: CarTable, which: str) -> tuple[str, ...]:
    """What to say if nothing in a table tells home from elsewhere."""
    if any(table.has(f"{which}{what}") for what in ("geofence", "address", "latitude")):
        return ()
    return (f"{name}:1: no places, so home is not told from elsewhere; {_HOW}",)


def _drive(row: CarRow) -> ToldDrive:
    return ToldDrive(
        line=row.line,
        start=_moment(row, "start_date"),
        end=_moment(row, "end_date"),
        km=_km(row, "distance"),
        energy_kwh=_driven_kwh(row),
        start_percent=row.number("start_battery_level", "% start"),
        end_percent=row.number("end_battery_level", "% end"),
        outside_c=_celsius(row, "outside_temp"),
        start_place=_place(row, "start_"),
        end_place=_place(row, "end_"),
        start_odometer_km=row.number("start_km"),
        end_odometer_km=row.number("end_km"),
    )


def _charge(row: CarRow) -> ToldCharge:
    kind = row.text("charge_type")
    return ToldCharge(
        line=row.line,
        start=_moment(row, "start_date"),
        end=_moment(row, "end_date"),
        added_kwh=row.number("charge_energy_added"),
        drawn_kwh=row.number("charge_energy_used"),
        start_percent=row.number("start_battery_level"),
        end_percent=row.number("end_battery_level"),
        is_fast=row.truth("fast_charger_present") if kind is None else kind == "DC",
        place=_place(row, ""),
    )


def _moment(row: CarRow, name: str) -> datetime | None:
    """An end of a drive: `2022-06-25 07:25:38.845` in UTC, or milliseconds."""
    milliseconds = row.number(f"{name}_ts")
    if milliseconds is not None:
        if not 0 <= milliseconds < _LATEST_MS:
            raise _no_time(row, f"{name}_ts", f"{milliseconds:g}")
        return _EPOCH + timedelta(milliseconds=milliseconds)
    cell = None if f"{name}_ts" in row.columns else row.text(name)
    if cell is None:
        return None
    try:
        stamp = datetime.fromisoformat(cell)
    except ValueError:
        raise _no_time(row, name, cell) from None
    require_known_year(row.file, row.line, stamp)
    return stamp.replace(tzinfo=stamp.tzinfo or UTC).astimezone(UTC)


def _no_time(row: CarRow, name: str, found: str) -> DataError:
    return DataError(
        f"{row.file.name}:{row.line}: {name} is {found[:40]!r}; expected a time in UTC "
        "like 2022-06-25 07:25:38.845, or milliseconds since 1970 in a column that "
        f"ends in _ts; {_HOW}"
    )


def _km(row: CarRow, name: str) -> float | None:
    """Distance in a table's km, or in the unit that a panel's column names."""
    km = row.number(name, f"{name}_km")
    return km if km is not None else _MILES.km(row.number(f"{name}_mi"))


def _celsius(row: CarRow, name: str) -> float | None:
    warmth = row.number(f"{name}_avg", f"{name}_c")
    return (
        warmth if warmth is not None else _FAHRENHEIT.celsius(row.number(f"{name}_f"))
    )


def _driven_kwh(row: CarRow) -> float | None:
    """Energy of a drive as TeslaMate estimates it: range that is gone x kWh/km."""
    told = row.number("consumption_kwh")
    if told is not None:
        return told
    start_km = row.number("start_rated_range_km")
    end_km = row.number("end_rated_range_km")
    kwh_per_km = row.number("car_efficiency")
    if start_km is None or end_km is None or kwh_per_km is None:
        return None
    return (start_km - end_km) * kwh_per_km


def _place(row: CarRow, which: str) -> Place:
    """Place at an end; a panel's address is the geofence's name where there is one."""
    name, address = row.text(f"{which}geofence"), row.text(f"{which}address")
    if name is None and address is not None and "," not in address:
        name, address = address, None
    return place_of(
        name,
        address,
        row.number(f"{which}latitude"),
        row.number(f"{which}longitude"),
    )
