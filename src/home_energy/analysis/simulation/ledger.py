"""Money by flow: what each cost or earned, in each interval and in total."""

from dataclasses import dataclass

import numpy as np

from home_energy.domain.battery import Battery
from home_energy.domain.car_at_home import CarAtHome
from home_energy.domain.dispatch import Dispatch
from home_energy.domain.rates import Rates
from home_energy.domain.series import FloatArray, require_same_grid


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """What the flows of a run cost and earned at its prices. (T,) [c per interval]

    Parameters
    ----------
    grid_to_load_c, grid_to_battery_c, grid_to_car_c
        Cost of what was bought; negative where buying pays.
    solar_to_grid_c, battery_to_grid_c, car_to_grid_c
        Earned by what was sold; negative where selling costs.
    solar_to_load_c, battery_to_load_c, car_to_load_c
        What this load would have cost from the grid: information, in no sum.
    solar_to_car_c, battery_to_car_c
        What charging with it would have cost from the grid: likewise.
    wear_c, car_wear_c
        Cost of using battery and car: a cost of the owner, on no bill. Of the car it is
        that of what left the cells for home and grid.
    """

    grid_to_load_c: FloatArray
    grid_to_battery_c: FloatArray
    grid_to_car_c: FloatArray
    solar_to_grid_c: FloatArray
    battery_to_grid_c: FloatArray
    car_to_grid_c: FloatArray
    solar_to_load_c: FloatArray
    battery_to_load_c: FloatArray
    car_to_load_c: FloatArray
    solar_to_car_c: FloatArray
    battery_to_car_c: FloatArray
    wear_c: FloatArray
    car_wear_c: FloatArray

    @property
    def energy_c(self) -> FloatArray:
        """What is to be paid for energy, less what it earns. (T,)"""
        bought = self.grid_to_load_c + self.grid_to_battery_c + self.grid_to_car_c
        sold = self.solar_to_grid_c + self.battery_to_grid_c + self.car_to_grid_c
        return bought - sold

    @property
    def energy_aud(self) -> float:
        """The energy lines of the bill: usage less feed-in. [AUD]"""
        return total_aud(self.energy_c)

    @property
    def wear_aud(self) -> float:
        """Cost of using battery and car. [AUD]"""
        return total_aud(self.wear_c + self.car_wear_c)


def ledger(
    flows: Dispatch,
    rates: Rates,
    battery: Battery | None,
    car: CarAtHome | None = None,
) -> Ledger:
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
    nothing = np.zeros(flows.grid.count)
    of_car, car_wear_c = flows.car, nothing
    if of_car is not None and car is not None and car.discharge_kw:
        efficiency = car.charger.discharge_efficiency_fraction or 1.0
        car_wear_c = of_car.discharge_kwh / efficiency * car.wear_c_per_kwh
    return Ledger(
        grid_to_load_c=flows.grid_to_load_kwh * buy,
        grid_to_battery_c=flows.grid_to_battery_kwh * buy,
        grid_to_car_c=nothing if of_car is None else of_car.grid_to_car_kwh * buy,
        solar_to_grid_c=flows.solar_to_grid_kwh * sell,
        battery_to_grid_c=flows.battery_to_grid_kwh * sell,
        car_to_grid_c=nothing if of_car is None else of_car.car_to_grid_kwh * sell,
        solar_to_load_c=flows.solar_to_load_kwh * buy,
        battery_to_load_c=flows.battery_to_load_kwh * buy,
        car_to_load_c=nothing if of_car is None else of_car.car_to_load_kwh * buy,
        solar_to_car_c=nothing if of_car is None else of_car.solar_to_car_kwh * buy,
        battery_to_car_c=nothing if of_car is None else of_car.battery_to_car_kwh * buy,
        wear_c=np.abs(np.diff(flows.stored_kwh)) * wear,
        car_wear_c=car_wear_c,
    )


def total_aud(values_c: FloatArray) -> float:
    """Sum over the intervals. (T,) [c] to [AUD]"""
    return float(values_c.sum()) / 100
