"""What flowed into and out of a car, interval by interval."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.series import FloatArray, read_only
from home_energy.errors import AlignmentError


@dataclass(frozen=True, slots=True, eq=False)
class CarFlows:
    """Flows of a car on one axis of T intervals. [kWh per interval]

    Parameters
    ----------
    solar_to_car_kwh, battery_to_car_kwh, grid_to_car_kwh
        What it was charged with at home. (T,) [AC]
    car_to_load_kwh, car_to_battery_kwh, car_to_grid_kwh
        What it gave back. (T,) [AC]
    lost_kwh
        What charging and discharging took. (T,)
    driven_kwh
        What trips took from the cells, in the interval in which each departs. (T,)
    public_kwh
        What of that could not be had at home and was charged elsewhere. (T,) [cells]
    short_kwh
        What was missing of a level that was wanted at the start of the interval. (T,)
    is_away
        Whether the car was not at home. (T,)
    stored_kwh
        In the cells above the floor, before the first interval and after each.
        (T + 1,)
    """

    solar_to_car_kwh: FloatArray
    battery_to_car_kwh: FloatArray
    grid_to_car_kwh: FloatArray
    car_to_load_kwh: FloatArray
    car_to_battery_kwh: FloatArray
    car_to_grid_kwh: FloatArray
    lost_kwh: FloatArray
    driven_kwh: FloatArray
    public_kwh: FloatArray
    short_kwh: FloatArray
    is_away: NDArray[np.bool_]
    stored_kwh: FloatArray

    def __post_init__(self) -> None:
        """Refuse rows of different lengths."""
        count = self.is_away.size
        for name in self.energy_names():
            values = getattr(self, name)
            expected = count + (name == "stored_kwh")
            if values.shape != (expected,):
                raise AlignmentError(
                    f"CarFlows.{name} has shape {values.shape}, ({expected},) expected"
                )
            object.__setattr__(self, name, read_only(values))

    @classmethod
    def energy_names(cls) -> tuple[str, ...]:
        """Names of every row of energy."""
        return tuple(field.name for field in fields(cls) if field.name != "is_away")

    @property
    def charge_kwh(self) -> FloatArray:
        """Into the car at home. (T,) [AC]"""
        return self.solar_to_car_kwh + self.battery_to_car_kwh + self.grid_to_car_kwh

    @property
    def discharge_kwh(self) -> FloatArray:
        """Out of the car at home. (T,) [AC]"""
        return self.car_to_load_kwh + self.car_to_battery_kwh + self.car_to_grid_kwh

    @property
    def residual_kwh(self) -> FloatArray:
        """By how much what went in and out misses the change of the store. (T,)"""
        gained = self.charge_kwh + self.public_kwh
        gone = self.discharge_kwh + self.lost_kwh + self.driven_kwh
        return np.asarray(gained - gone - np.diff(self.stored_kwh))
