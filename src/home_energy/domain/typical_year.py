"""A typical year of weather: months that were real, in no year that was.

It is kept on the days of one nominal year and moved onto the days of a real one where
it is read. Days keep their month and day, so the sun stands where it should; what the
weather did on a date of that year it does not know, and prices do not move with it.
"""

from datetime import date, timedelta

import numpy as np

from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid, nem_day_start
from home_energy.domain.weather import WeatherSeries
from home_energy.errors import DataError

TYPICAL_YEAR = 1990
"""The nominal year, without a 29 February; the same as pvlib's for PVGIS."""

_TYPICAL_SOURCES = ("epw:", "tmy3:", "pvgis")


def is_typical_year(source: str) -> bool:
    """Whether a source of weather gives typical months, kept on `TYPICAL_YEAR`."""
    return source.startswith(_TYPICAL_SOURCES)


def typical_year_on(weather: WeatherSeries, first: date, last: date) -> WeatherSeries:
    """Move a whole typical year onto NEM days of other years, both ends included.

    A day takes the values of the same month and day; 29 February those of the 28th.

    Parameters
    ----------
    weather
        NEM days of `TYPICAL_YEAR`, all 365.

    Raises
    ------
    DataError
        If `weather` is anything else.
    """
    whole = TimeGrid.between(
        nem_day_start(date(TYPICAL_YEAR, 1, 1)),
        nem_day_start(date(TYPICAL_YEAR + 1, 1, 1)),
        weather.grid.step,
    )
    if weather.grid != whole:
        raise DataError(
            f"weather of {weather.source}: {weather.grid.start} to {weather.grid.end} "
            f"is no typical year; expected the market's days of {TYPICAL_YEAR}"
        )
    grid = TimeGrid.between(
        nem_day_start(first), nem_day_start(last + timedelta(days=1)), whole.step
    )
    days = [
        _typical_day_number(first + timedelta(days=i))
        for i in range((last - first).days + 1)
    ]

    def moved(values: FloatArray) -> FloatArray:
        by_day: FloatArray = values.reshape(365, -1)[np.array(days, dtype=np.intp)]
        return by_day.ravel()

    return WeatherSeries(
        weather.latitude_deg,
        weather.longitude_deg,
        grid,
        ghi_w_per_m2=moved(weather.ghi_w_per_m2),
        dni_w_per_m2=moved(weather.dni_w_per_m2),
        dhi_w_per_m2=moved(weather.dhi_w_per_m2),
        air_temperature_c=moved(weather.air_temperature_c),
        wind_speed_m_per_s=moved(weather.wind_speed_m_per_s),
        source=weather.source,
    )


def _typical_day_number(day: date) -> int:
    """Days since 1 January of the typical year's day with the same month and day."""
    is_leap_day = (day.month, day.day) == (2, 29)
    same = date(TYPICAL_YEAR, day.month, 28 if is_leap_day else day.day)
    return (same - date(TYPICAL_YEAR, 1, 1)).days
