"""Open-Meteo's historical weather: hourly, anywhere, from models of the real past.

https://archive-api.open-meteo.com/v1/archive, GET, JSON, no token; free for use that is
not commercial, some 10,000 calls a day, CC BY 4.0. ECMWF's IFS (9 km) since 2017, else
ERA5; two to five days late.

`shortwave_radiation`, `direct_normal_irradiance` and `diffuse_radiation` are means of
the hour **before** their stamp, in W/m2; `temperature_2m` and `wind_speed_10m` are of
the instant of the stamp (https://open-meteo.com/en/docs/historical-weather-api, tables
"Hourly Weather Variables": "Preceding hour mean", "Instant"). So an hour's radiation is
that of the stamp at its end, and its temperature and wind the mean of both its ends.

See docs/sources/weather.md.
"""

import httpx
import numpy as np
from pydantic import BaseModel, ConfigDict

from home_energy.domain.series import FloatArray
from home_energy.domain.weather import WeatherSeries
from home_energy.errors import DataError, SourceDataError
from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.ingestion.sources.weather_service import (
    WeatherQuestion,
    fetch_weather,
    read_payload,
)

SOURCE = "open-meteo"
URL = "https://archive-api.open-meteo.com/v1/archive"

_SERVICE = "Open-Meteo"
_HOUR_S = 3600
_UNITS = {
    "time": "unixtime",
    "shortwave_radiation": "W/m²",
    "direct_normal_irradiance": "W/m²",
    "diffuse_radiation": "W/m²",
    "temperature_2m": "°C",
    "wind_speed_10m": "m/s",
}
_Column = list[float | None]


class _Hourly(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    time: list[int]
    shortwave_radiation: _Column
    direct_normal_irradiance: _Column
    diffuse_radiation: _Column
    temperature_2m: _Column
    wind_speed_10m: _Column


class _Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    utc_offset_seconds: int
    hourly_units: dict[str, str]
    hourly: _Hourly


def fetch_open_meteo(http: httpx.Client, question: WeatherQuestion) -> SourceFile:
    """Ask for the hours of some days, as the service gives them.

    Raises
    ------
    SourceError
        By its kind, if there is no whole answer.
    """
    query = {
        "latitude": f"{question.latitude_deg:.2f}",
        "longitude": f"{question.longitude_deg:.2f}",
        "start_date": question.first_utc_day.isoformat(),
        "end_date": question.last.isoformat(),
        "hourly": ",".join(name for name in _UNITS if name != "time"),
        "timezone": "GMT",
        "timeformat": "unixtime",
        "wind_speed_unit": "ms",
    }
    body = fetch_weather(http, _SERVICE, URL, query, question)
    return SourceFile(f"{SOURCE} {question.words}", body)


def read_open_meteo(answer: SourceFile, question: WeatherQuestion) -> FileContent:
    """Weather of the question's days, as means of hours named by their start.

    Raises
    ------
    SourceDataError
        If the answer is not what the service promises; nothing of it is used.
    """
    payload = read_payload(_Payload, answer.content, _SERVICE)
    _require_units(payload)
    try:
        series = _to_domain(payload.hourly, question)
    except DataError as error:
        raise SourceDataError(
            f"{_SERVICE}: {error}; the answer was not used, try later"
        ) from None
    missing = series.missing_count
    said = f"{answer.name}: hours without weather: {missing}; they stay missing"
    return FileContent(
        SOURCE, series.grid.count, (said,) if missing else (), weather=(series,)
    )


def _require_units(payload: _Payload) -> None:
    for name, unit in _UNITS.items():
        found = payload.hourly_units.get(name)
        if found != unit:
            raise SourceDataError(
                f"{_SERVICE}: {name} is in {found!r}; expected {unit!r}; the answer "
                "was not used, update home-energy"
            )
    if payload.utc_offset_seconds:
        raise SourceDataError(
            f"{_SERVICE}: stamps are {payload.utc_offset_seconds} s off UTC; expected "
            "0; the answer was not used, update home-energy"
        )


def _to_domain(hourly: _Hourly, question: WeatherQuestion) -> WeatherSeries:
    grid = question.hours
    # Both ends of every hour: one stamp more than there are hours.
    wanted_s = int(grid.start.timestamp()) + _HOUR_S * np.arange(grid.count + 1)
    given_s = np.array(hourly.time, dtype=np.int64)
    if given_s.size == 0 or np.any(np.diff(given_s) != _HOUR_S):
        raise DataError("the stamps are not every hour")
    places = (wanted_s - given_s[0]) // _HOUR_S
    is_there = (places >= 0) & (places < given_s.size)
    if np.any((wanted_s - given_s[0]) % _HOUR_S) or not is_there.any():
        raise DataError("the stamps are not those of the question")

    def at_ends(name: str) -> FloatArray:
        column: _Column = getattr(hourly, name)
        if len(column) != given_s.size:
            raise DataError(f"{name} has {len(column)} values, {given_s.size} expected")
        values = np.full(wanted_s.size, np.nan)
        values[is_there] = np.array(column, dtype=np.float64)[places[is_there]]
        return values

    def mean_of_ends(name: str) -> FloatArray:
        values = at_ends(name)
        mean: FloatArray = (values[:-1] + values[1:]) / 2
        return mean

    return WeatherSeries(
        question.latitude_deg,
        question.longitude_deg,
        grid,
        ghi_w_per_m2=at_ends("shortwave_radiation")[1:],
        dni_w_per_m2=at_ends("direct_normal_irradiance")[1:],
        dhi_w_per_m2=at_ends("diffuse_radiation")[1:],
        air_temperature_c=mean_of_ends("temperature_2m"),
        wind_speed_m_per_s=mean_of_ends("wind_speed_10m"),
        source=SOURCE,
    )
