"""Weather from a source that knows only the light from the whole sky."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.solar.sun_path import POINT_STEP, sun_path
from home_energy.domain.series import FloatArray, starts_utc
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.weather import WeatherSeries
from home_energy.errors import AlignmentError

LOWEST_BEAM_ZENITH_DEG = 87.0


@dataclass(frozen=True, slots=True, eq=False)
class GlobalSun:
    """Global horizontal irradiance of one place; what is missing is NaN.

    Parameters
    ----------
    latitude_deg, longitude_deg
        Place; south and west are negative. [degrees]
    grid
        Axis of T intervals.
    ghi_w_per_m2
        Means of the intervals. (T,) [W/m2]
    """

    latitude_deg: float
    longitude_deg: float
    grid: TimeGrid
    ghi_w_per_m2: FloatArray


def weather_from_global(
    sun: GlobalSun,
    air_temperature_c: FloatArray,
    wind_speed_m_per_s: FloatArray,
    source: str,
) -> WeatherSeries:
    """Part global light into beam and diffuse, by how clear the sky was. [1]_

    Below 3 degrees, where the beam cannot be told from so little, all is diffuse.

    Parameters
    ----------
    sun
        Light of each interval.
    air_temperature_c, wind_speed_m_per_s
        On the same axis. (T,) [°C], [m/s]
    source
        Who says so, in words for a result.

    References
    ----------
    .. [1] D. Erbs, S. Klein, J. Duffie, "Estimation of the diffuse radiation fraction
       for hourly, daily and monthly-average global radiation", Solar Energy 28, 1982,
       pp. 293-302.
    """
    from pvlib import irradiance  # noqa: PLC0415

    # The mean height over an interval, so that beam and diffuse make up the mean.
    per_interval = _points_in(sun.grid)
    points = TimeGrid(sun.grid.start, POINT_STEP, sun.grid.count * per_interval)
    path = sun_path(sun.latitude_deg, sun.longitude_deg, points)
    cos_zenith = path.cos_zenith.reshape(sun.grid.count, -1).mean(axis=1)
    parts = irradiance.erbs(
        sun.ghi_w_per_m2,
        np.degrees(np.arccos(cos_zenith)),
        _days_of_year(sun.grid),
        max_zenith=LOWEST_BEAM_ZENITH_DEG,
    )
    return WeatherSeries(
        latitude_deg=sun.latitude_deg,
        longitude_deg=sun.longitude_deg,
        grid=sun.grid,
        ghi_w_per_m2=sun.ghi_w_per_m2,
        dni_w_per_m2=np.where(np.isnan(sun.ghi_w_per_m2), np.nan, parts["dni"]),
        dhi_w_per_m2=np.where(np.isnan(sun.ghi_w_per_m2), np.nan, parts["dhi"]),
        air_temperature_c=air_temperature_c,
        wind_speed_m_per_s=wind_speed_m_per_s,
        source=source,
    )


def _points_in(grid: TimeGrid) -> int:
    if grid.step % POINT_STEP:
        raise AlignmentError(
            f"global irradiance on {grid}; expected a step that is a multiple of "
            "5 minutes"
        )
    return grid.step // POINT_STEP


def _days_of_year(grid: TimeGrid) -> NDArray[np.int64]:
    starts = starts_utc(grid)
    days = starts.astype("datetime64[D]") - starts.astype("datetime64[Y]")
    return np.asarray(days.astype(np.int64) + 1)
