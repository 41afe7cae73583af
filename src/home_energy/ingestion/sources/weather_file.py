"""Typical years from files: EPW (EnergyPlus) and TMY3 (NREL), hourly.

Both count hours in local standard time and stamp their **end**: hour 1 is 00:00 to
01:00. Radiation is what fell in the hour, in Wh/m2, which is its mean in W/m2; dry bulb
and wind are read at the stamp (EnergyPlus, Auxiliary Programs, "EPW Data Dictionary";
NREL/TP-581-43156, tables 1-2 and 1-4). So temperature and wind of an hour are the mean
of both its ends. Missing is written 9999, 99.9 and 999 or more in EPW, -9900 in TMY3.

Months come from different years; the year a row names means nothing. The files are read
by `pvlib.iotools`.

See docs/sources/weather.md.
"""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np

from home_energy.domain.series import FloatArray
from home_energy.errors import DataError
from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.ingestion.sources.source_text import text_of
from home_energy.ingestion.sources.typical_hours import (
    HOURS,
    mean_with_previous,
    typical_series,
)

_EXPECTED = "a weather file in EPW or TMY3"
_EPW_MISSING = {
    "ghi": 9999.0,
    "dni": 9999.0,
    "dhi": 9999.0,
    "temp_air": 99.9,
    "wind_speed": 999.0,
}
_TMY3_MISSING = dict.fromkeys(_EPW_MISSING, -9900.0)
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class _Hours:
    """Rows of a file as they stand, without a 29 February."""

    kind: str
    frame: Any
    month: FloatArray
    latitude_deg: float
    longitude_deg: float
    utc_offset_hours: float
    missing: dict[str, float]


def read_weather_file(file: SourceFile) -> FileContent:
    """Return a typical year, on the market's days of the nominal year.

    Raises
    ------
    DataError
        If the file is neither EPW nor TMY3, or not of 8,760 hours in order.
    """
    text = text_of(file, _EXPECTED)
    first, _, rest = text.partition("\n")
    try:
        if first.upper().startswith("LOCATION,"):
            hours = _read_epw(text)
        elif rest.lstrip('"').startswith("Date (MM/DD/YYYY)"):
            hours = _read_tmy3(text)
        else:
            raise DataError(
                f"{file.name}:1: the first row is {first.strip()[:80]!r}; expected "
                f"{_EXPECTED}; an EPW begins with LOCATION"
            )
    except (ValueError, LookupError, TypeError) as error:
        raise DataError(
            f"{file.name}: no whole weather file ({type(error).__name__}: "
            f"{' '.join(str(error).split())}); expected {_EXPECTED}; download it again"
        ) from error
    expected_months = np.repeat(np.arange(1, 13), np.array(_MONTH_DAYS) * 24)
    if not np.array_equal(hours.month, expected_months):
        raise DataError(
            f"{file.name}: {hours.month.size} hours; expected the {HOURS} of a year "
            "from 1 January on, hour by hour; download the file again"
        )
    return _content(file.name, hours)


def _content(file_name: str, hours: _Hours) -> FileContent:
    columns = {name: _column(hours, name) for name in hours.missing}
    source = f"{hours.kind}:{_stem(file_name)}"
    place = (hours.latitude_deg, hours.longitude_deg)
    try:
        series = typical_series(
            source,
            place,
            hours.utc_offset_hours,
            {
                "ghi_w_per_m2": columns["ghi"],
                "dni_w_per_m2": columns["dni"],
                "dhi_w_per_m2": columns["dhi"],
                "air_temperature_c": mean_with_previous(columns["temp_air"]),
                "wind_speed_m_per_s": mean_with_previous(columns["wind_speed"]),
            },
        )
    except DataError as error:
        raise DataError(f"{file_name}: {error}") from error
    missing = series.missing_count
    said = f"{file_name}: intervals without weather: {missing}; they stay missing"
    return FileContent(source, HOURS, (said,) if missing else (), weather=(series,))


def _read_epw(text: str) -> _Hours:
    from pvlib.iotools import read_epw  # noqa: PLC0415 - a second of pandas

    frame, meta = read_epw(io.StringIO(text))
    frame = frame[~((frame["month"] == 2) & (frame["day"] == 29))]
    if not np.array_equal(frame["hour"], np.arange(len(frame)) % 24 + 1):
        raise ValueError("hours out of order, or parts of hours")
    return _Hours(
        "epw",
        frame,
        np.array(frame["month"]),
        meta["latitude"],
        meta["longitude"],
        meta["TZ"],
        _EPW_MISSING,
    )


def _read_tmy3(text: str) -> _Hours:
    from pvlib.iotools import read_tmy3  # noqa: PLC0415 - a second of pandas

    frame, meta = read_tmy3(io.StringIO(text))
    ends = frame.index.hour
    if not np.array_equal(ends, (np.arange(len(frame)) + 1) % 24):
        raise ValueError("hours out of order, or parts of hours")
    month = np.array(frame["Date (MM/DD/YYYY)"].str[:2].astype(int))
    return _Hours(
        "tmy3",
        frame,
        month,
        meta["latitude"],
        meta["longitude"],
        meta["TZ"],
        _TMY3_MISSING,
    )


def _column(hours: _Hours, name: str) -> FloatArray:
    values = np.array(hours.frame[name], dtype=np.float64)
    bound = hours.missing[name]
    is_missing = values <= bound if bound < 0 else values >= bound
    values[is_missing] = np.nan
    return values


def _stem(file_name: str) -> str:
    """`week.zip/AUS_VIC.epw` is `AUS_VIC`."""
    name = file_name.rsplit("/", 1)[-1].removesuffix(".gz")
    return name.rsplit(".", 1)[0]
