"""Weather of a place, from one of the services, into the record."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from home_energy.errors import DataError
from home_energy.ingestion.importing import FileImport, ImportedFile, import_answer
from home_energy.ingestion.sources import nasa_power, open_meteo, pvgis
from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.ingestion.sources.weather_service import WeatherQuestion


@dataclass(frozen=True, slots=True)
class WeatherSource:
    """How one service is asked, and how its answer is read."""

    fetch: Callable[[httpx.Client, WeatherQuestion], SourceFile]
    read: Callable[[SourceFile, WeatherQuestion], FileContent]
    is_typical: bool = False


SERVICES = {
    "open-meteo": WeatherSource(
        open_meteo.fetch_open_meteo, open_meteo.read_open_meteo
    ),
    "nasa-power": WeatherSource(
        nasa_power.fetch_nasa_power, nasa_power.read_nasa_power
    ),
    "pvgis": WeatherSource(pvgis.fetch_pvgis, pvgis.read_pvgis, is_typical=True),
}


def service_named(name: str) -> WeatherSource:
    """Return a service, or refuse a name that none has."""
    if name not in SERVICES:
        raise DataError(
            f"--source {name}: no such source of weather; expected one of "
            + ", ".join((*SERVICES, "synthetic"))
        )
    return SERVICES[name]


def import_weather(
    store_path: Path,
    service: WeatherSource,
    question: WeatherQuestion,
    http: httpx.Client,
) -> ImportedFile:
    """Ask a service and keep its answer; from then on it is there offline.

    Raises
    ------
    SourceError
        By its kind, if there is no whole and true answer; the store is as it was.
    StoreError
        If the store cannot be written; it is as it was.
    """
    answer = service.fetch(http, question)
    task = FileImport(
        "weather", lambda file: service.read(file, question), question.now
    )
    return import_answer(store_path, answer, task)
