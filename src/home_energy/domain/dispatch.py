"""What flowed where in a home, interval by interval."""

from dataclasses import dataclass, fields

import numpy as np

from home_energy.domain.car_flows import CarFlows
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.series import FloatArray, read_only
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, BalanceError

BALANCE_TOLERANCE_KWH = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Dispatch:
    """Flows of one home on one axis of T intervals. [kWh per interval, AC side]

    Parameters
    ----------
    load_kwh
        What the house used, with the standby of its devices. (T,)
    solar_kwh
        What the panels could give after their inverter. (T,)
    solar_to_load_kwh, solar_to_battery_kwh, solar_to_grid_kwh
        Where solar went. (T,)
    battery_to_load_kwh, battery_to_grid_kwh
        Where the battery's energy went. (T,)
    grid_to_load_kwh, grid_to_battery_kwh
        Where bought energy went. (T,)
    curtailed_kwh
        Solar that was held back. (T,)
    lost_kwh
        What charging and discharging took. (T,)
    unserved_kwh
        Load that the import limit did not let in; 0 in a home that works. (T,)
    stored_kwh
        Energy in the battery above its reserve, before the first interval and after
        each. (T + 1,)
    car
        Flows of the car; `None` for a home without.
    """

    grid: TimeGrid
    load_kwh: FloatArray
    solar_kwh: FloatArray
    solar_to_load_kwh: FloatArray
    solar_to_battery_kwh: FloatArray
    solar_to_grid_kwh: FloatArray
    battery_to_load_kwh: FloatArray
    battery_to_grid_kwh: FloatArray
    grid_to_load_kwh: FloatArray
    grid_to_battery_kwh: FloatArray
    curtailed_kwh: FloatArray
    lost_kwh: FloatArray
    unserved_kwh: FloatArray
    stored_kwh: FloatArray
    car: CarFlows | None = None

    def __post_init__(self) -> None:
        """Refuse flows that do not balance in every interval: a fault of ours."""
        for name in self.energy_names():
            values = getattr(self, name)
            expected = self.grid.count + (name == "stored_kwh")
            if values.shape != (expected,):
                raise AlignmentError(
                    f"Dispatch.{name} has shape {values.shape}, ({expected},) expected"
                )
            object.__setattr__(self, name, read_only(values))
        if self.car is not None and self.car.is_away.size != self.grid.count:
            raise AlignmentError(
                f"Dispatch.car has {self.car.is_away.size} intervals, "
                f"{self.grid.count} expected"
            )
        self._require_balance()

    @classmethod
    def energy_names(cls) -> tuple[str, ...]:
        """Names of every row of energy but the car's."""
        left_out = ("grid", "car")
        return tuple(field.name for field in fields(cls) if field.name not in left_out)

    @property
    def charge_kwh(self) -> FloatArray:
        """Into the battery. (T,)"""
        taken = self.solar_to_battery_kwh + self.grid_to_battery_kwh
        return taken if self.car is None else taken + self.car.car_to_battery_kwh

    @property
    def discharge_kwh(self) -> FloatArray:
        """Out of the battery. (T,)"""
        given = self.battery_to_load_kwh + self.battery_to_grid_kwh
        return given if self.car is None else given + self.car.battery_to_car_kwh

    @property
    def grid_import_kwh(self) -> FloatArray:
        """Bought. (T,)"""
        bought = self.grid_to_load_kwh + self.grid_to_battery_kwh
        return bought if self.car is None else bought + self.car.grid_to_car_kwh

    @property
    def grid_export_kwh(self) -> FloatArray:
        """Sold. (T,)"""
        sold = self.solar_to_grid_kwh + self.battery_to_grid_kwh
        return sold if self.car is None else sold + self.car.car_to_grid_kwh

    def metered(self, controlled_load_kwh: FloatArray | None = None) -> MeteredEnergy:
        """What the retailer's meter sees, beside a register that is not dispatched."""
        return MeteredEnergy(
            self.grid, self.grid_import_kwh, self.grid_export_kwh, controlled_load_kwh
        )

    def _require_balance(self) -> None:
        solar_used = (
            self.solar_to_load_kwh + self.solar_to_battery_kwh + self.solar_to_grid_kwh
        )
        load_served = (
            self.solar_to_load_kwh + self.battery_to_load_kwh + self.grid_to_load_kwh
        )
        if self.car is not None:
            solar_used = solar_used + self.car.solar_to_car_kwh
            load_served = load_served + self.car.car_to_load_kwh
        residuals = {
            "solar": self.solar_kwh - solar_used - self.curtailed_kwh,
            "load": self.load_kwh - load_served - self.unserved_kwh,
            "battery": self.charge_kwh
            - self.discharge_kwh
            - self.lost_kwh
            - np.diff(self.stored_kwh),
        }
        if self.car is not None:
            residuals["car"] = self.car.residual_kwh
        for name, residual in residuals.items():
            worst = int(np.argmax(np.abs(residual))) if residual.size else 0
            if residual.size and not abs(residual[worst]) <= BALANCE_TOLERANCE_KWH:
                self._refuse(name, worst, float(residual[worst]))
        for name, values in self._rows().items():
            if values.size and not values.min() >= -BALANCE_TOLERANCE_KWH:
                self._refuse(name, int(np.argmin(values)), values.min())
        self._require_one_way("both ways", self.charge_kwh, self.discharge_kwh)
        if self.car is not None:
            charge, discharge = self.car.charge_kwh, self.car.discharge_kwh
            self._require_one_way("the car both ways", charge, discharge)
            away = np.where(self.car.is_away, charge + discharge, 0.0)
            self._require_one_way("the car at home while away", away, away)

    def _require_one_way(self, what: str, one: FloatArray, other: FloatArray) -> None:
        both = (one > BALANCE_TOLERANCE_KWH) & (other > BALANCE_TOLERANCE_KWH)
        if np.any(both):
            number = int(np.argmax(both))
            self._refuse(what, number, float(one[number]))

    def _rows(self) -> dict[str, FloatArray]:
        rows = {name: getattr(self, name) for name in self.energy_names()}
        if self.car is not None:
            for name in self.car.energy_names():
                rows[f"car.{name}"] = getattr(self.car, name)
        return rows

    def _refuse(self, what: str, number: int, residual: float) -> None:
        flows = ", ".join(
            f"{name} {values[number]:.9g}" for name, values in self._rows().items()
        )
        raise BalanceError(
            f"{what} does not balance by {residual:.3g} kWh in interval {number} "
            f"({self.grid.start + number * self.grid.step}): {flows}; this is a fault "
            "of the program, please report it with the scenario"
        )
