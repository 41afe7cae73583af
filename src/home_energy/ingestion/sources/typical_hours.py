"""The 8,760 hours of a typical year, brought onto the market's days.

A file or a service counts its hours in its own standard time. The market's year begins
some hours before or after; the hours that stick out at one end are those that lack at
the other, and a typical year has no year before it: they go round. A zone that is half
an hour off the market's clock has each hour as two halves.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid, nem_day_start
from home_energy.domain.typical_year import TYPICAL_YEAR
from home_energy.domain.weather import WeatherSeries
from home_energy.errors import DataError

HOURS = 8760
_NEM_OFFSET_HOURS = 10


def mean_with_next(values: FloatArray) -> FloatArray:
    """Mean over each hour of what was read at its start."""
    mean: FloatArray = (values + np.roll(values, -1)) / 2
    return mean


def mean_with_previous(values: FloatArray) -> FloatArray:
    """Mean over each hour of what was read at its end."""
    mean: FloatArray = (values + np.roll(values, 1)) / 2
    return mean


def typical_series(
    source: str,
    place: tuple[float, float],
    utc_offset_hours: float,
    columns: Mapping[str, FloatArray],
) -> WeatherSeries:
    """Typical weather on the market's days of the nominal year.

    Parameters
    ----------
    source
        Under which name it goes into the record: `epw:Melbourne`.
    place
        Latitude and longitude. [degrees]
    utc_offset_hours
        Standard time in which the hours are counted. [hours]
    columns
        Of each quantity of `WeatherSeries` the means of 8,760 hours, from 1 January
        00:00 of that standard time on, without a 29 February.

    Raises
    ------
    DataError
        If a column has another length or an impossible value, or the zone is not on
        the half-hour.
    """
    offset_halves = 2 * (_NEM_OFFSET_HOURS - utc_offset_hours)
    if offset_halves != int(offset_halves):
        raise DataError(
            f"{source}: a standard time of UTC{utc_offset_hours:+} h; expected whole "
            "or half hours"
        )
    parts = 1 if offset_halves % 2 == 0 else 2
    shift = int(offset_halves) * parts // 2

    def placed(values: FloatArray) -> FloatArray:
        if values.shape != (HOURS,):
            raise DataError(f"{source}: {values.size} hours, {HOURS} expected")
        return np.roll(np.repeat(values, parts), shift)

    grid = TimeGrid(
        nem_day_start(date(TYPICAL_YEAR, 1, 1)),
        timedelta(hours=1) / parts,
        HOURS * parts,
    )
    moved = {name: placed(values) for name, values in columns.items()}
    latitude_deg, longitude_deg = place
    return WeatherSeries(latitude_deg, longitude_deg, grid, **moved, source=source)
