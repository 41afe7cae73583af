"""From means of an hour to points five minutes apart, without losing energy.

The mean of an hour is no value of its middle: in the hour of sunrise the sun may shine
for ten minutes only. A mean is shared over the points of its interval in the shape of
the clear sky, so the sum stays and no light falls while the sun is down.
"""

from dataclasses import dataclass

import numpy as np

from home_energy.analysis.solar.sun_path import POINT_STEP, SunPath, sun_path
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.weather import WeatherSeries
from home_energy.errors import AlignmentError, DataError


@dataclass(frozen=True, slots=True, eq=False)
class SunAndSky:
    """Weather at points five minutes apart, with the sun that belongs to it.

    Parameters
    ----------
    grid
        Axis of T intervals of five minutes; it covers whole intervals of the weather.
    sun
        In the middle of each interval.
    ghi_w_per_m2, dni_w_per_m2, dhi_w_per_m2
        Irradiances; NaN where missing. (T,) [W/m2]
    air_temperature_c, wind_speed_m_per_s
        Between the middles of the weather's intervals. (T,) [°C], [m/s]
    impossible_beam_kwh_per_m2
        Beam that was left out, for no sky lets so much through: see `split_weather`.
    """

    grid: TimeGrid
    sun: SunPath
    ghi_w_per_m2: FloatArray
    dni_w_per_m2: FloatArray
    dhi_w_per_m2: FloatArray
    air_temperature_c: FloatArray
    wind_speed_m_per_s: FloatArray
    impossible_beam_kwh_per_m2: float


def split_weather(weather: WeatherSeries, target: TimeGrid) -> SunAndSky:
    """Weather of the intervals that `target` touches, at points five minutes apart.

    Each irradiance keeps the energy of each interval of the weather
    (`share_by_shape`). Some sources give the beam of an hour of sunrise as the mean
    over the minutes with sun; in so few minutes that would be more than air ever lets
    through. Beam above the limit of `possible_beam_w_per_m2` is left out and counted.

    Raises
    ------
    AlignmentError
        If steps or starts do not lie on common five minutes.
    DataError
        If the weather says nothing of the time of `target`.
    """
    first, last = _touched(weather.grid, target)
    step = weather.grid.step
    grid = TimeGrid(
        weather.grid.start + first * step,
        POINT_STEP,
        (last - first) * (step // POINT_STEP),
    )
    sun = sun_path(weather.latitude_deg, weather.longitude_deg, grid)
    cut = slice(first, last)
    dni = share_by_shape(weather.dni_w_per_m2[cut], sun.clear_dni_w_per_m2)
    possible_dni = np.minimum(dni, possible_beam_w_per_m2(sun))
    return SunAndSky(
        grid=grid,
        sun=sun,
        ghi_w_per_m2=share_by_shape(weather.ghi_w_per_m2[cut], sun.clear_ghi_w_per_m2),
        dni_w_per_m2=possible_dni,
        dhi_w_per_m2=share_by_shape(weather.dhi_w_per_m2[cut], sun.clear_dhi_w_per_m2),
        air_temperature_c=_between_middles(weather.air_temperature_c[cut], grid.count),
        wind_speed_m_per_s=_between_middles(
            weather.wind_speed_m_per_s[cut], grid.count
        ),
        impossible_beam_kwh_per_m2=float(np.nansum(dni - possible_dni) / 12 / 1000),
    )


def share_by_shape(means: FloatArray, shape: FloatArray) -> FloatArray:
    """Points in the proportions of `shape` whose means are `means`.

    Where the shape is nothing all through an interval, its mean stands at every point:
    energy is kept also where it cannot be placed (twilight).

    Parameters
    ----------
    means
        One for each long interval. (N,)
    shape
        Not negative, one for each point. (N x k,)

    Returns
    -------
    FloatArray
        (N x k,), NaN where the mean is.
    """
    if shape.size == 0:
        return shape
    by_interval = shape.reshape(means.size, -1)
    mean_shape = by_interval.mean(axis=1)
    is_dark = mean_shape <= 0
    factor = means / np.where(is_dark, 1.0, mean_shape)
    points = np.where(is_dark[:, None], means[:, None], by_interval * factor[:, None])
    return np.asarray(points.ravel())


def possible_beam_w_per_m2(sun: SunPath) -> FloatArray:
    """Most beam that is ever measured, ``0.95 E0 cos(z)^0.2 + 10``. [W/m2] [1]_

    References
    ----------
    .. [1] C. Long, E. Dutton, "BSRN Global Network recommended QC tests, V2.0", 2002:
       "extremely rare limits" of direct normal irradiance.
    """
    beam = 0.95 * sun.extraterrestrial_w_per_m2 * sun.cos_zenith**0.2 + 10
    return np.asarray(beam)


def _touched(weather: TimeGrid, target: TimeGrid) -> tuple[int, int]:
    """First interval of the weather within `target`, and the one after the last."""
    lengths = (weather.step, target.step, target.start - weather.start)
    if any(length % POINT_STEP for length in lengths):
        raise AlignmentError(
            f"weather on {weather} and solar on {target} have no common five minutes; "
            "expected steps and starts that are multiples of 5 minutes"
        )
    first = max((target.start - weather.start) // weather.step, 0)
    last = min(-((weather.start - target.end) // weather.step), weather.count)
    if target.count and first >= last:
        raise DataError(
            f"weather from {weather.start} to {weather.end} says nothing of "
            f"{target.start} to {target.end}; expected weather of the same time"
        )
    return first, max(first, last)


def _between_middles(means: FloatArray, count: int) -> FloatArray:
    """Straight lines between the middles of intervals; level before and after.

    A missing interval stays missing and takes nothing from its neighbours.
    """
    is_known = np.isfinite(means)
    if not np.any(is_known):
        return np.full(count, np.nan)
    per_interval = count // means.size
    middles = (np.arange(means.size) + 0.5) * per_interval
    lines = np.interp(np.arange(count) + 0.5, middles[is_known], means[is_known])
    return np.where(np.repeat(is_known, per_interval), lines, np.nan)
