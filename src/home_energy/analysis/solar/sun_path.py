"""Where the sun stands, and what a cloudless sky would let through.

pvlib and the pandas behind it take a second to load: they are loaded in here, when
called, and nowhere else but in `pv_model`.
"""

import warnings
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid

POINT_STEP = timedelta(minutes=5)
"""The sun moves 1.25 degrees in it."""


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
    clear_ghi_w_per_m2, clear_dni_w_per_m2, clear_dhi_w_per_m2
        Under a cloudless sky; 0 while the sun is down. (T,) [W/m2]
    """

    zenith_deg: FloatArray
    azimuth_deg: FloatArray
    extraterrestrial_w_per_m2: FloatArray
    clear_ghi_w_per_m2: FloatArray
    clear_dni_w_per_m2: FloatArray
    clear_dhi_w_per_m2: FloatArray

    @property
    def cos_zenith(self) -> FloatArray:
        """Sine of the sun's height, 0 while it is down. (T,)"""
        return np.asarray(np.cos(np.radians(self.zenith_deg)).clip(min=0.0))


def sun_path(latitude_deg: float, longitude_deg: float, grid: TimeGrid) -> SunPath:
    """Sun and clear sky in the middle of every interval.

    Position by pvlib's ``ephemeris``, within 0.01 degrees of NREL's SPA and eleven
    times as fast; the clear sky is the simplified Solis model [1]_ with its default
    air (aerosol optical depth 0.1, 1 cm of water), of which only the shape is used.

    References
    ----------
    .. [1] P. Ineichen, "A broadband simplified version of the Solis clear sky model",
       Solar Energy 82, 2008, pp. 758-762.
    """
    import pandas as pd  # noqa: PLC0415
    from pvlib import clearsky, irradiance, solarposition  # noqa: PLC0415

    middles = pd.date_range(
        grid.start + grid.step / 2, periods=grid.count, freq=grid.step
    )
    with warnings.catch_warnings():
        # pvlib 0.16 still says `dayofyear`, which pandas 3 calls old.
        warnings.filterwarnings("ignore", "DatetimeIndex.dayofyear")
        position = solarposition.get_solarposition(
            middles, latitude_deg, longitude_deg, method="ephemeris"
        )
    above_air = np.asarray(
        irradiance.get_extra_radiation(middles.day_of_year.to_numpy())
    )
    height_deg = position["apparent_elevation"].to_numpy()
    clear = clearsky.simplified_solis(height_deg, dni_extra=above_air)
    is_up = height_deg > 0
    return SunPath(
        zenith_deg=90 - height_deg,
        azimuth_deg=position["azimuth"].to_numpy(),
        extraterrestrial_w_per_m2=above_air,
        clear_ghi_w_per_m2=np.where(is_up, clear["ghi"], 0.0),
        clear_dni_w_per_m2=np.where(is_up, clear["dni"], 0.0),
        clear_dhi_w_per_m2=np.where(is_up, clear["dhi"], 0.0),
    )
