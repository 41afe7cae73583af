"""Sun, warmth and wind at one place, as means of intervals."""

from dataclasses import dataclass

import numpy as np

from home_energy.domain.series import FloatArray, read_only
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, DataError

_IRRADIANCES = ("ghi_w_per_m2", "dni_w_per_m2", "dhi_w_per_m2")
_NEVER_NEGATIVE = (*_IRRADIANCES, "wind_speed_m_per_s")
_COLUMNS = (*_NEVER_NEGATIVE, "air_temperature_c")


@dataclass(frozen=True, slots=True, eq=False)
class WeatherSeries:
    """Weather of each interval of one axis; what is missing is NaN.

    A value is the mean over its interval, which is named by its start. Where a source
    stamps otherwise (ends, middles, instants), it is turned where it is read.

    Parameters
    ----------
    latitude_deg, longitude_deg
        Place; south and west are negative. [degrees]
    grid
        Axis of T intervals.
    ghi_w_per_m2
        Global horizontal irradiance. (T,) [W/m2]
    dni_w_per_m2
        Direct normal irradiance. (T,) [W/m2]
    dhi_w_per_m2
        Diffuse horizontal irradiance. (T,) [W/m2]
    air_temperature_c
        At 2 m. (T,) [°C]
    wind_speed_m_per_s
        At 10 m. (T,) [m/s]
    source
        Who says so, in words for a result.
    """

    latitude_deg: float
    longitude_deg: float
    grid: TimeGrid
    ghi_w_per_m2: FloatArray
    dni_w_per_m2: FloatArray
    dhi_w_per_m2: FloatArray
    air_temperature_c: FloatArray
    wind_speed_m_per_s: FloatArray
    source: str

    def __post_init__(self) -> None:
        """Refuse a place that is none, unequal columns and impossible values."""
        if not (abs(self.latitude_deg) <= 90 and abs(self.longitude_deg) <= 180):
            raise DataError(
                f"weather of {self.source}: {self.latitude_deg}, {self.longitude_deg} "
                "is no place; expected latitude -90 to 90, longitude -180 to 180"
            )
        for name in _COLUMNS:
            values = getattr(self, name)
            self._require_fitting(name, values)
            object.__setattr__(self, name, read_only(values))

    @property
    def missing_count(self) -> int:
        """Intervals in which any value is missing."""
        columns = [np.isnan(getattr(self, name)) for name in _COLUMNS]
        return int(np.count_nonzero(np.any(columns, axis=0)))

    def _require_fitting(self, name: str, values: FloatArray) -> None:
        if values.shape != (self.grid.count,):
            raise AlignmentError(
                f"weather of {self.source}: {name} has shape {values.shape} for "
                f"{self.grid.count} intervals"
            )
        wrong = np.isinf(values)
        if name in _NEVER_NEGATIVE:
            wrong |= values < 0
        if np.any(wrong):
            first = int(np.argmax(wrong))
            expected = "a number" if name == "air_temperature_c" else "0 or more"
            raise DataError(
                f"weather of {self.source}: {name} is {values[first]} at "
                f"{self.grid.start + first * self.grid.step}; expected {expected}, or "
                "NaN where missing"
            )
