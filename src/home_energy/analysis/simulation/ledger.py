"""Money by flow: what each cost or earned, in each interval and in total."""

from dataclasses import dataclass

import numpy as np

from home_energy.domain.battery import Battery
from home_energy.domain.dispatch import Dispatch
from home_energy.domain.rates import Rates
from home_energy.domain.series import FloatArray, require_same_grid


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """What the flows of a run cost and earned at its prices. (T,) [c per interval]

    Parameters
    ----------
    grid_to_load_c, grid_to_battery_c
        Cost of what was bought; negative where buying pays.
    solar_to_grid_c, battery_to_grid_c
        Earned by what was sold; negative where selling costs.
    solar_to_load_c, battery_to_load_c
        What this load would have cost from the grid: information, in no sum.
    wear_c
        Cost of the battery's use: a cost of the owner, on no bill.
    """

    grid_to_load_c: FloatArray
    grid_to_battery_c: FloatArray
    solar_to_grid_c: FloatArray
    battery_to_grid_c: FloatArray
    solar_to_load_c: FloatArray
    battery_to_load_c: FloatArray
    wear_c: FloatArray

    @property
    def energy_c(self) -> FloatArray:
        """What is to be paid for energy, less what it earns. (T,)"""
        bought = self.grid_to_load_c + self.grid_to_battery_c
        return bought - self.solar_to_grid_c - self.battery_to_grid_c

    @property
    def energy_aud(self) -> float:
        """The energy lines of the bill: usage less feed-in. [AUD]"""
        return total_aud(self.energy_c)

    @property
    def wear_aud(self) -> float:
        """Cost of the battery's use. [AUD]"""
        return total_aud(self.wear_c)


def ledger(flows: Dispatch, rates: Rates, battery: Battery | None) -> Ledger:
    """Money by flow at the prices of one more kWh.

    Its energy closes with the usage and feed-in lines of the bill of
    `flows.metered()` wherever each kWh has the price of its interval. Blocks, whose
    price depends on how much went before, and demand charges are for the bill alone.

    Raises
    ------
    AlignmentError
        If prices and flows lie on different axes.
    """
    require_same_grid(flows.grid, rates.grid, "flows and prices")
    buy, sell = rates.import_c_per_kwh, rates.export_c_per_kwh
    wear = 0.0 if battery is None else battery.wear_c_per_kwh
    return Ledger(
        grid_to_load_c=flows.grid_to_load_kwh * buy,
        grid_to_battery_c=flows.grid_to_battery_kwh * buy,
        solar_to_grid_c=flows.solar_to_grid_kwh * sell,
        battery_to_grid_c=flows.battery_to_grid_kwh * sell,
        solar_to_load_c=flows.solar_to_load_kwh * buy,
        battery_to_load_c=flows.battery_to_load_kwh * buy,
        wear_c=np.abs(np.diff(flows.stored_kwh)) * wear,
    )


def total_aud(values_c: FloatArray) -> float:
    """Sum over the intervals. (T,) [c] to [AUD]"""
    return float(values_c.sum()) / 100
