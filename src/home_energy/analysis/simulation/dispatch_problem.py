"""What a battery's owner knows beforehand of one run: the home, prices, devices."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.domain.battery import Battery
from home_energy.domain.car_at_home import Discharge
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.rates import Rates
from home_energy.domain.series import EnergySeries, FloatArray, read_only
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, DataError


class EndOfRun(StrEnum):
    """What is asked of the stored energy at the end, so that nobody sells it off."""

    AS_START = "as_start"
    AT_LEAST_START = "at_least_start"
    FREE = "free"


@dataclass(frozen=True, slots=True, eq=False)
class DispatchProblem:
    """One home with a battery, a car, both or neither on one axis of T intervals.

    Parameters
    ----------
    rates
        Prices of one more kWh bought and sold. (T,) [c/kWh]
    load_kwh
        What the house uses, without its devices' standby. (T,) [kWh, AC]
    solar_kwh
        What its panels can give after their inverter. (T,) [kWh, AC]
    battery
        `None` for a home without.
    connection
        Limits at the meter.
    start_stored_kwh
        In the battery above its reserve before the first interval. [kWh]
    end
        What is asked of it after the last.
    car
        `None` for a home without.
    """

    rates: Rates
    load_kwh: FloatArray
    solar_kwh: FloatArray
    battery: Battery | None
    connection: GridConnection
    start_stored_kwh: float = 0.0
    end: EndOfRun = EndOfRun.AS_START
    car: CarOnAxis | None = None

    def __post_init__(self) -> None:
        """Refuse missing values and energy that does not fit the axis or battery."""
        for name in ("load_kwh", "solar_kwh"):
            fitted = EnergySeries(self.grid, getattr(self, name)).kwh
            object.__setattr__(self, name, fitted)
        arrays = {
            "load_kwh": self.load_kwh,
            "solar_kwh": self.solar_kwh,
            "import price": self.rates.import_c_per_kwh,
            "export price": self.rates.export_c_per_kwh,
        }
        for name, values in arrays.items():
            is_missing = np.isnan(values)
            if np.any(is_missing):
                first = self.grid.start + int(np.argmax(is_missing)) * self.grid.step
                raise DataError(
                    f"{name} is missing in {np.count_nonzero(is_missing)} intervals, "
                    f"the first at {first}; fill gaps by a named rule first"
                )
        if not 0 <= self.start_stored_kwh <= self.capacity_kwh:
            raise DataError(
                f"start_stored_kwh must lie within 0 and {self.capacity_kwh} kWh, got "
                f"{self.start_stored_kwh}"
            )
        if self.car is not None and self.car.is_away.size != self.grid.count:
            raise AlignmentError(
                f"the car has {self.car.is_away.size} intervals, the home "
                f"{self.grid.count}; expected the same axis"
            )

    @property
    def grid(self) -> TimeGrid:
        """Axis of T intervals."""
        return self.rates.grid

    @property
    def hours(self) -> float:
        """Length of an interval. [hours]"""
        return self.grid.step.total_seconds() / 3600

    @property
    def capacity_kwh(self) -> float:
        """Room in the battery above its reserve; 0 without one. [kWh]"""
        return 0.0 if self.battery is None else self.battery.workable_kwh

    @property
    def has_storage(self) -> bool:
        """Whether there is anything to decide."""
        return self.battery is not None or self.car is not None

    @property
    def whole_load_kwh(self) -> FloatArray:
        """Load with the standby of battery and charger. (T,) [kWh]"""
        standby_kw = 0.0 if self.battery is None else self.battery.standby_kw
        if self.car is not None:
            standby_kw += self.car.car.charger.standby_kw
        if standby_kw == 0:
            return self.load_kwh
        return read_only(self.load_kwh + standby_kw * self.hours)

    @property
    def charge_limits_kwh(self) -> FloatArray:
        """Most that may go in, on the AC side, in each interval. (T,) [kWh]

        Without leave to charge from the grid it is what solar leaves over.
        """
        if self.battery is None:
            return np.zeros(self.grid.count)
        limits = np.full(self.grid.count, self.battery.charge_kw * self.hours)
        if self.battery.may_charge_from_grid:
            return limits
        surplus: FloatArray = np.maximum(self.solar_kwh - self.whole_load_kwh, 0)
        return np.asarray(np.minimum(limits, surplus))

    @property
    def discharge_limits_kwh(self) -> FloatArray:
        """Most that may come out, on the AC side, in each interval. (T,) [kWh]

        Without leave to export it is what solar leaves of the load.
        """
        if self.battery is None:
            return np.zeros(self.grid.count)
        limits = np.full(self.grid.count, self.battery.discharge_kw * self.hours)
        if self.battery.may_export:
            return limits
        lacking: FloatArray = np.maximum(self.whole_load_kwh - self.solar_kwh, 0)
        return np.asarray(np.minimum(limits, lacking))

    @property
    def car_charge_limits_kwh(self) -> FloatArray:
        """Most that may go into the car, on the AC side. (T,) [kWh]"""
        if self.car is None:
            return np.zeros(self.grid.count)
        return np.where(self.car.is_plugged, self.car.car.charge_kw * self.hours, 0.0)

    @property
    def car_discharge_limits_kwh(self) -> FloatArray:
        """Most that may come out of the car, on the AC side. (T,) [kWh]

        V2H is what solar leaves of the load: it never exports.
        """
        if self.car is None:
            return np.zeros(self.grid.count)
        most_kwh = self.car.car.discharge_kw * self.hours
        limits = np.where(self.car.is_plugged, most_kwh, 0.0)
        if self.car.car.discharge is Discharge.V2G:
            return limits
        lacking: FloatArray = np.maximum(self.whole_load_kwh - self.solar_kwh, 0)
        return np.asarray(np.minimum(limits, lacking))
