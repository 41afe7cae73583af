"""Where the sun stands, and what a cloudless sky would let through.

In numpy alone: pvlib takes seconds to load, and who only follows the sun should not pay
them. The tests hold it to pvlib's own.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid

POINT_STEP = timedelta(minutes=5)
"""The sun moves 1.25 degrees in it."""

SOLAR_CONSTANT_W_PER_M2 = 1361.0
"""G. Kopp, J. Lean, Geophysical Research Letters 38, 2011, L01706."""

_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, eq=False)
class SunPath:
    """Sun in the middle of each interval of an axis, seen from one place.

    Parameters
    ----------
    zenith_deg
        Apparent angle from straight up, refraction included. (T,) [degrees]
    azimuth_deg
        From north over east. (T,) [degrees]
    extraterrestrial_w_per_m2
        Above the air, on a plane that faces the sun. (T,) [W/m2]
    """

    zenith_deg: FloatArray
    azimuth_deg: FloatArray
    extraterrestrial_w_per_m2: FloatArray

    @property
    def cos_zenith(self) -> FloatArray:
        """Sine of the sun's height, 0 while it is down. (T,)"""
        return np.asarray(np.cos(np.radians(self.zenith_deg)).clip(min=0.0))

    @property
    def clear_ghi_w_per_m2(self) -> FloatArray:
        """Global light under a cloudless sky, by Haurwitz. (T,) [W/m2] [1]_

        References
        ----------
        .. [1] B. Haurwitz, "Insolation in relation to cloudiness and cloud density",
           Journal of Meteorology 2, 1945, pp. 154-166.
        """
        cosine = self.cos_zenith
        # Below 0.06 degrees the light is less than 1e-20 W/m2.
        return np.asarray(1098 * cosine * np.exp(-0.057 / np.maximum(cosine, 1e-3)))

    @property
    def clear_dni_w_per_m2(self) -> FloatArray:
        """Beam under a cloudless sky, by Meinel. (T,) [W/m2] [1]_

        References
        ----------
        .. [1] A. Meinel, M. Meinel, "Applied Solar Energy", Addison-Wesley, 1976; air
           mass by F. Kasten, A. Young, Applied Optics 28, 1989, pp. 4735-4738.
        """
        cosine = self.cos_zenith
        zenith_deg = np.minimum(self.zenith_deg, 90.0)
        air_mass = 1 / (cosine + 0.50572 * (96.07995 - zenith_deg) ** -1.6364)
        beam = self.extraterrestrial_w_per_m2 * 0.7 ** (air_mass**0.678)
        return np.where(cosine > 0, beam, 0.0)

    @property
    def clear_dhi_w_per_m2(self) -> FloatArray:
        """What a cloudless sky gives beside the beam. (T,) [W/m2]"""
        beside = self.clear_ghi_w_per_m2 - self.clear_dni_w_per_m2 * self.cos_zenith
        return np.asarray(beside.clip(min=0.0))


def sun_path(latitude_deg: float, longitude_deg: float, grid: TimeGrid) -> SunPath:
    """Sun in the middle of every interval, within 0.05 degrees until 2050. [1]_

    References
    ----------
    .. [1] J. Michalsky, "The Astronomical Almanac's algorithm for approximate solar
       position (1950-2050)", Solar Energy 40, 1988, pp. 227-235.
    """
    middle_day = (grid.start + grid.step / 2 - _J2000) / timedelta(days=1)
    days = middle_day + np.arange(grid.count) * (grid.step / timedelta(days=1))
    anomaly = np.radians((357.528 + 0.9856003 * days) % 360)
    longitude = np.radians(
        280.460
        + 0.9856474 * days
        + 1.915 * np.sin(anomaly)
        + 0.020 * np.sin(2 * anomaly)
    )
    tilt = np.radians(23.439 - 0.0000004 * days)
    ascension = np.arctan2(np.cos(tilt) * np.sin(longitude), np.cos(longitude))
    declination = np.arcsin(np.sin(tilt) * np.sin(longitude))
    # Sidereal time at Greenwich: the sun's mean turn and one more in a year.
    sidereal_deg = 15 * (6.697375 + 12 + 24.0657098242 * days)
    hour_angle = np.radians(sidereal_deg + longitude_deg) - ascension
    latitude = np.radians(latitude_deg)
    east = -np.cos(declination) * np.sin(hour_angle)
    north = np.sin(declination) * np.cos(latitude) - np.cos(declination) * np.sin(
        latitude
    ) * np.cos(hour_angle)
    up = np.sin(declination) * np.sin(latitude) + np.cos(declination) * np.cos(
        latitude
    ) * np.cos(hour_angle)
    height_deg = np.degrees(np.arcsin(up.clip(-1.0, 1.0)))
    distance = 1.00014 - 0.01671 * np.cos(anomaly) - 0.00014 * np.cos(2 * anomaly)
    return SunPath(
        zenith_deg=90 - height_deg - _refraction_deg(height_deg),
        azimuth_deg=np.degrees(np.arctan2(east, north)) % 360,
        extraterrestrial_w_per_m2=SOLAR_CONSTANT_W_PER_M2 / distance**2,
    )


def _refraction_deg(height_deg: FloatArray) -> FloatArray:
    """By how much air lifts the sun; nothing once it is wholly down. Michalsky 1988."""
    height = np.maximum(height_deg, -0.56)
    lifted = (
        3.51561
        * (0.1594 + 0.0196 * height + 0.00002 * height**2)
        / (1 + 0.505 * height + 0.0845 * height**2)
    )
    return np.where(height_deg > -0.56, lifted, 0.0)
