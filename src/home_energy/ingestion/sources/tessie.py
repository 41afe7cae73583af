"""Drives and charges as Tessie's API tells them, in JSON.

`{"results": [...]}` of GET /{vin}/drives or /{vin}/charges
(https://developer.tessie.com/reference/get-drives, get-charges). Stamps are Unix
seconds in UTC. Distances are miles or kilometres as they were asked for, and no field
says which; levels in %, energy in kWh. See docs/sources/tessie.md.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from home_energy.domain.car_history import CarHistory
from home_energy.errors import DataError
from home_energy.ingestion.sources.car_record import (
    ToldCharge,
    ToldDrive,
    settled_charges,
    settled_drives,
)
from home_energy.ingestion.sources.car_rows import (
    CarFileOptions,
    CarUnits,
    place_of,
)
from home_energy.ingestion.sources.counted_problems import CountedProblems
from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.ingestion.sources.source_text import text_of
from home_energy.ingestion.sources.tessie_csv import SOURCE, read_tessie_csv

_EXPECTED = "drives or charges of Tessie, as JSON or CSV"


_Seconds = Annotated[float, Field(ge=946_684_800, le=4_102_444_800)]
"""Unix seconds of the years 2000 to 2099; milliseconds lie beyond."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, allow_inf_nan=False)

    started_at: _Seconds
    ended_at: _Seconds | None = None


_T = TypeVar("_T", bound=_Row)


class _DriveRow(_Row):
    odometer_distance: float | None = None
    energy_used: float | None = None
    starting_battery: float | None = None
    ending_battery: float | None = None
    average_outside_temperature: float | None = None
    starting_saved_location: str | None = None
    starting_location: str | None = None
    starting_latitude: float | None = None
    starting_longitude: float | None = None
    starting_odometer: float | None = None
    ending_saved_location: str | None = None
    ending_location: str | None = None
    ending_latitude: float | None = None
    ending_longitude: float | None = None
    ending_odometer: float | None = None

    def told(self, number: int, units: CarUnits) -> ToldDrive:
        return ToldDrive(
            line=number,
            start=_moment(self.started_at),
            end=None if self.ended_at is None else _moment(self.ended_at),
            km=units.km(self.odometer_distance),
            energy_kwh=self.energy_used,
            start_percent=self.starting_battery,
            end_percent=self.ending_battery,
            outside_c=units.celsius(self.average_outside_temperature),
            start_place=place_of(
                self.starting_saved_location,
                self.starting_location,
                self.starting_latitude,
                self.starting_longitude,
            ),
            end_place=place_of(
                self.ending_saved_location,
                self.ending_location,
                self.ending_latitude,
                self.ending_longitude,
            ),
            start_odometer_km=units.km(self.starting_odometer),
            end_odometer_km=units.km(self.ending_odometer),
        )


class _ChargeRow(_Row):
    energy_added: float | None = None
    energy_used: float | None = None
    starting_battery: float | None = None
    ending_battery: float | None = None
    is_supercharger: bool | None = None
    is_fast_charger: bool | None = None
    saved_location: str | None = None
    location: str | None = None
    latitude: float | None = None
    longitude: float | None = None

    def told(self, number: int) -> ToldCharge:
        return ToldCharge(
            line=number,
            start=_moment(self.started_at),
            end=None if self.ended_at is None else _moment(self.ended_at),
            added_kwh=self.energy_added,
            drawn_kwh=self.energy_used,
            start_percent=self.starting_battery,
            end_percent=self.ending_battery,
            is_fast=True if self.is_supercharger else self.is_fast_charger,
            place=place_of(
                self.saved_location, self.location, self.latitude, self.longitude
            ),
        )


def read_tessie(file: SourceFile, options: CarFileOptions) -> FileContent:
    """Drives and charges of one file, in JSON or CSV.

    Raises
    ------
    DataError
        If the file is no such file, leaves its unit open and nobody said it, or
        cannot be true.
    """
    text = text_of(file, _EXPECTED)
    if not text.lstrip().startswith(("{", "[")):
        return read_tessie_csv(file, options)
    rows = _rows(file.name, text)
    problems = CountedProblems(file.name, is_by_row=True)
    drives, charges = [], []
    for number, row in enumerate(rows, start=1):
        if "energy_added" in row:
            charges.append(_checked(_ChargeRow, file.name, number, row).told(number))
        elif "odometer_distance" in row:
            units = options.units or _nobody_said(file.name)
            drive = _checked(_DriveRow, file.name, number, row)
            drives.append(drive.told(number, units))
        else:
            raise DataError(
                f"{file.name}, row {number}: neither odometer_distance of a drive nor "
                f"energy_added of a charge; expected {_EXPECTED}; idles and battery "
                "health are not read"
            )
    history = CarHistory(
        SOURCE,
        options.car,
        settled_drives(drives, problems, file.name),
        settled_charges(charges, problems),
    )
    nothing = () if rows else (f"{file.name}: holds no drive and no charge",)
    return FileContent(SOURCE, len(rows), (*nothing, *problems.told()), cars=(history,))


def _rows(name: str, text: str) -> list[Mapping[str, Any]]:
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{name}: no JSON ({error}); expected {_EXPECTED}; the file was cut off or "
            "is another: fetch it again"
        ) from error
    rows = tree.get("results") if isinstance(tree, dict) else tree
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise DataError(
            f'{name}: no list of rows; expected {_EXPECTED}, as {{"results": [...]}}; '
            "keep the whole answer of the service"
        )
    return rows


def _checked(model: type[_T], name: str, number: int, row: object) -> _T:
    try:
        return model.model_validate(row)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in fault["loc"])
        raise DataError(
            f"{name}, row {number}: {field}: {fault['msg']}; take the rows as Tessie "
            "gives them"
        ) from None


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _nobody_said(name: str) -> CarUnits:
    raise DataError(
        f"{name}: Tessie's JSON does not say whether its distances are km or miles; "
        "expected --units km or --units mi, by the distance_format that was asked for "
        "(mi if none was)"
    )
