"""NASA POWER: hourly weather of a half-degree cell, since 2001, from satellites.

https://power.larc.nasa.gov/api/temporal/hourly/point, GET, JSON, no token. Radiation
(CERES SYN1deg) is a cell of one degree and some months late, weather (MERRA-2) one of
half a degree and some weeks late.

Stamps are UTC and name the **start** of the hour; values are its means
(`pvlib.iotools.get_nasa_power` of pvlib 0.16, which reads the same answer, and to which
a test compares ours). Radiation is in Wh/m2 of the hour, which is its mean in W/m2.
Missing is `header.fill_value`, -999.

It is asked by us and not by pvlib, whose question has no limit of time.

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

SOURCE = "nasa-power"
URL = "https://power.larc.nasa.gov/api/temporal/hourly/point"
FIRST_YEAR = 2001

_SERVICE = "NASA POWER"
_COLUMNS = {
    "ghi_w_per_m2": "ALLSKY_SFC_SW_DWN",
    "dni_w_per_m2": "ALLSKY_SFC_SW_DNI",
    "dhi_w_per_m2": "ALLSKY_SFC_SW_DIFF",
    "air_temperature_c": "T2M",
    "wind_speed_m_per_s": "WS10M",
}
_UNITS = {"T2M": ("C",), "WS10M": ("m/s",)}
_RADIATION_UNITS = ("Wh/m^2", "W/m^2")


class _Properties(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    parameter: dict[str, dict[str, float]]


class _Header(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    fill_value: float


class _Parameter(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    units: str


class _Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    properties: _Properties
    header: _Header
    parameters: dict[str, _Parameter]


def fetch_nasa_power(http: httpx.Client, question: WeatherQuestion) -> SourceFile:
    """Ask for the hours of some days, as the service gives them.

    Raises
    ------
    SourceError
        By its kind, if there is no whole answer.
    """
    query = {
        "latitude": f"{question.latitude_deg:.2f}",
        "longitude": f"{question.longitude_deg:.2f}",
        "start": f"{question.first_utc_day:%Y%m%d}",
        "end": f"{question.last:%Y%m%d}",
        "parameters": ",".join(_COLUMNS.values()),
        "community": "re",
        "format": "json",
        "header": "true",
        "time-standard": "utc",
    }
    body = fetch_weather(http, _SERVICE, URL, query, question)
    return SourceFile(f"{SOURCE} {question.words}", body)


def read_nasa_power(answer: SourceFile, question: WeatherQuestion) -> FileContent:
    """Weather of the question's days, as means of hours named by their start.

    Raises
    ------
    SourceDataError
        If the answer is not what the service promises; nothing of it is used.
    """
    payload = read_payload(_Payload, answer.content, _SERVICE)
    columns = {
        ours: _column(payload, theirs, question) for ours, theirs in _COLUMNS.items()
    }
    try:
        series = WeatherSeries(
            question.latitude_deg,
            question.longitude_deg,
            question.hours,
            **columns,
            source=SOURCE,
        )
    except DataError as error:
        raise SourceDataError(
            f"{_SERVICE}: {error}; the answer was not used, try later"
        ) from None
    missing = series.missing_count
    said = (
        f"{answer.name}: hours without weather: {missing}; they stay missing, and "
        "radiation comes some months late"
    )
    return FileContent(
        SOURCE, series.grid.count, (said,) if missing else (), weather=(series,)
    )


def _column(payload: _Payload, name: str, question: WeatherQuestion) -> FloatArray:
    parameter = payload.parameters.get(name)
    by_stamp = payload.properties.parameter.get(name)
    if parameter is None or by_stamp is None:
        raise SourceDataError(
            f"{_SERVICE}: {name} is not in the answer, which was not used; try later"
        )
    expected = _UNITS.get(name, _RADIATION_UNITS)
    if parameter.units not in expected:
        raise SourceDataError(
            f"{_SERVICE}: {name} is in {parameter.units!r}; expected {expected[0]!r}; "
            "the answer was not used, update home-energy"
        )
    stamps = [f"{start:%Y%m%d%H}" for start in question.hours]
    values = np.array([by_stamp.get(stamp, np.nan) for stamp in stamps])
    values[values == payload.header.fill_value] = np.nan
    if stamps[0] not in by_stamp or np.all(np.isnan(values)):
        raise SourceDataError(
            f"{_SERVICE}: no {name} from {question.first} to {question.last}; expected "
            f"days since {FIRST_YEAR}, and for the last months none; choose others"
        )
    return values
