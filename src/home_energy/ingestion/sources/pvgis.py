"""PVGIS: a typical year of a place, made of twelve real months.

https://re.jrc.ec.europa.eu/api/v5_3/tmy, GET, JSON, no token, of the European
Commission's Joint Research Centre. For Australia the months are ERA5's, of 2005 to
2023: there is no 2025, so what it gives is typical and moves with no price.

Stamps are UTC. ERA5's radiation is the mean of an hour, and the answer says in
`inputs.location.irradiance_time_offset` where its middle lies after the stamp: 0.5 h
means that the stamp is its start. Satellite data (not of Australia) are instants at
another offset, and are refused. Temperature and wind are of the instant of the stamp.

The answer is read by `pvlib.iotools.read_pvgis_tmy`; it is asked by us, with limits of
time and size.

See docs/sources/weather.md.
"""

import io
import json
from typing import Any

import httpx
import numpy as np

from home_energy.domain.series import FloatArray
from home_energy.errors import DataError, SourceDataError
from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.ingestion.sources.typical_hours import (
    HOURS,
    mean_with_next,
    typical_series,
)
from home_energy.ingestion.sources.weather_service import (
    WeatherQuestion,
    fetch_weather,
)

SOURCE = "pvgis"
URL = "https://re.jrc.ec.europa.eu/api/v5_3/tmy"

_SERVICE = "PVGIS"
_HALF_HOUR_TOLERANCE_HOURS = 0.05


def fetch_pvgis(http: httpx.Client, question: WeatherQuestion) -> SourceFile:
    """Ask for the typical year of a place, as the service gives it.

    Raises
    ------
    SourceError
        By its kind, if there is no whole answer.
    """
    query = {
        "lat": f"{question.latitude_deg:.2f}",
        "lon": f"{question.longitude_deg:.2f}",
        "outputformat": "json",
    }
    body = fetch_weather(http, _SERVICE, URL, query, question)
    return SourceFile(f"{SOURCE} {question.place_words}", body)


def read_pvgis(answer: SourceFile, question: WeatherQuestion) -> FileContent:
    """Return the typical year, on the market's days of the nominal year.

    Raises
    ------
    SourceDataError
        If the answer is not what the service promises; nothing of it is used.
    """
    from pvlib.iotools import read_pvgis_tmy  # noqa: PLC0415 - a second of pandas

    try:
        offset_hours = _irradiance_offset_hours(answer.content)
        frame, _ = read_pvgis_tmy(
            io.StringIO(answer.content.decode()), pvgis_format="json"
        )
        columns = _columns(frame)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise SourceDataError(
            f"{_SERVICE}: the answer is no typical year ({type(error).__name__}: "
            f"{error}); it was not used, try later"
        ) from None
    if abs(offset_hours - 0.5) > _HALF_HOUR_TOLERANCE_HOURS:
        raise SourceDataError(
            f"{_SERVICE}: radiation {offset_hours} h after each stamp, an instant of a "
            "satellite; expected the means of ERA5 (0.5 h), as for Australia; choose "
            "another source for this place"
        )
    place = (question.latitude_deg, question.longitude_deg)
    try:
        series = typical_series(SOURCE, place, 0.0, columns)
    except DataError as error:
        raise SourceDataError(
            f"{_SERVICE}: {error}; the answer was not used, try later"
        ) from None
    return FileContent(SOURCE, series.grid.count, weather=(series,))


def _irradiance_offset_hours(body: bytes) -> float:
    return float(json.loads(body)["inputs"]["location"]["irradiance_time_offset"])


def _columns(frame: Any) -> dict[str, FloatArray]:  # noqa: ANN401 - pandas is untyped
    hours = np.arange(len(frame)) % 24
    months = np.array(frame.index.month)
    is_in_order = np.array_equal(frame.index.hour, hours) and np.all(
        np.diff(months) >= 0
    )
    if len(frame) != HOURS or not is_in_order:
        raise ValueError(f"{len(frame)} hours, {HOURS} from 1 January on expected")

    def column(name: str) -> FloatArray:
        return np.array(frame[name], dtype=np.float64)

    return {
        "ghi_w_per_m2": column("ghi"),
        "dni_w_per_m2": column("dni"),
        "dhi_w_per_m2": column("dhi"),
        "air_temperature_c": mean_with_next(column("temp_air")),
        "wind_speed_m_per_s": mean_with_next(column("wind_speed")),
    }
