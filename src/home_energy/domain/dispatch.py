"""What flowed where in a home, interval by interval."""

from dataclasses import dataclass, fields

import numpy as np

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

    def __post_init__(self) -> None:
        """Refuse flows that do not balance in every interval: a fault of ours."""
        for field in fields(self):
            if field.name == "grid":
                continue
            values = getattr(self, field.name)
            expected = self.grid.count + (field.name == "stored_kwh")
            if values.shape != (expected,):
                raise AlignmentError(
                    f"Dispatch.{field.name} has shape {values.shape}, ({expected},) "
                    "expected"
                )
            object.__setattr__(self, field.name, read_only(values))
        self._require_balance()

    @property
    def charge_kwh(self) -> FloatArray:
        """Into the battery. (T,)"""
        return self.solar_to_battery_kwh + self.grid_to_battery_kwh

    @property
    def discharge_kwh(self) -> FloatArray:
        """Out of the battery. (T,)"""
        return self.battery_to_load_kwh + self.battery_to_grid_kwh

    @property
    def grid_import_kwh(self) -> FloatArray:
        """Bought. (T,)"""
        return self.grid_to_load_kwh + self.grid_to_battery_kwh

    @property
    def grid_export_kwh(self) -> FloatArray:
        """Sold. (T,)"""
        return self.solar_to_grid_kwh + self.battery_to_grid_kwh

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
        residuals = {
            "solar": self.solar_kwh - solar_used - self.curtailed_kwh,
            "load": self.load_kwh - load_served - self.unserved_kwh,
            "battery": self.charge_kwh
            - self.discharge_kwh
            - self.lost_kwh
            - np.diff(self.stored_kwh),
        }
        for name, residual in residuals.items():
            worst = int(np.argmax(np.abs(residual))) if residual.size else 0
            if residual.size and not abs(residual[worst]) <= BALANCE_TOLERANCE_KWH:
                self._refuse(name, worst, float(residual[worst]))
        for field in fields(self):
            if field.name != "grid":
                values = getattr(self, field.name)
                if values.size and not values.min() >= -BALANCE_TOLERANCE_KWH:
                    self._refuse(field.name, int(np.argmin(values)), values.min())
        both = (self.charge_kwh > BALANCE_TOLERANCE_KWH) & (
            self.discharge_kwh > BALANCE_TOLERANCE_KWH
        )
        if np.any(both):
            number = int(np.argmax(both))
            self._refuse("both ways", number, float(self.charge_kwh[number]))

    def _refuse(self, what: str, number: int, residual: float) -> None:
        flows = ", ".join(
            f"{field.name} {getattr(self, field.name)[number]:.9g}"
            for field in fields(self)
            if field.name != "grid"
        )
        raise BalanceError(
            f"{what} does not balance by {residual:.3g} kWh in interval {number} "
            f"({self.grid.start + number * self.grid.step}): {flows}; this is a fault "
            "of the program, please report it with the scenario"
        )
