"""Composed exports of a car's history, and how tests read them."""

from pathlib import Path
from zoneinfo import ZoneInfo

from home_energy.domain.car_history import CarHistory
from home_energy.ingestion.sources.car_rows import CarFileOptions, CarUnits
from home_energy.ingestion.sources.source_file import FileContent, SourceFile

RECORDINGS = Path(__file__).parents[1] / "recordings"
EXPORTS = RECORDINGS / "car_exports"
VIN = "LRW3F7EK8TEST0042"
TESSIE_ANSWERS = RECORDINGS / "api.tessie.com" / VIN
SYDNEY = ZoneInfo("Australia/Sydney")
IN_SYDNEY = CarFileOptions(SYDNEY)
IN_KM = CarFileOptions(SYDNEY, CarUnits())


def recorded(path: Path) -> SourceFile:
    return SourceFile(path.name, path.read_bytes())


def csv_file(name: str, *lines: str) -> SourceFile:
    return SourceFile(name, ("\n".join(lines) + "\n").encode())


def only_car(content: FileContent) -> CarHistory:
    (car,) = content.cars
    return car
