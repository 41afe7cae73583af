"""Below what no schedule of a joint programme can be, by any multipliers at all.

For any prices p of the balance and y, z of the two storages, the least of

    cost + p (net - balance) + y (given - battery's row) + z (given - car's row)

over the boxes alone is below every schedule. It is a sum over columns, and the least of
each is at one of its ends. The multipliers may come from anywhere: rounding in them
makes the bound worse, never wrong.
"""

from typing import NamedTuple

from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.joint.problem import (
    JointProblem,
    JointSteps,
    StorageFigures,
)
from home_energy.domain.series import FloatArray


class Multipliers(NamedTuple):
    """Of the balance, the battery's row and the car's row in each step. (T,)"""

    balance_c_per_kwh: FloatArray
    battery_c_per_kwh: FloatArray
    car_c_per_kwh: FloatArray


@compiled
def box_bound(problem: JointProblem, multipliers: Multipliers) -> float:
    """Least cost by the multipliers. [c]"""
    steps, battery, car, prices = problem
    bound: float = prices.short_c_per_kwh * max(steps.ready_kwh[0] - car.start_kwh, 0.0)
    bound += multipliers.battery_c_per_kwh[0] * battery.start_kwh
    bound += multipliers.car_c_per_kwh[0] * car.start_kwh
    count = steps.load_kwh.size
    for t in range(count):
        bound += _least_of_step(steps, t, battery, car, multipliers)
        y = multipliers.battery_c_per_kwh[t]
        z = multipliers.car_c_per_kwh[t]
        unserved = prices.unserved_c_per_kwh - multipliers.balance_c_per_kwh[t]
        bound += min(unserved, 0.0) * steps.load_kwh[t]
        bound += (min(prices.public_c_per_kwh + z, 0.0) - z) * steps.trip_kwh[t]
        least, most, slope = 0.0, battery.capacity_kwh, -y
        car_least, car_most, car_slope = 0.0, car.capacity_kwh, -z
        if t == count - 1:
            least, most = battery.end_least_kwh, battery.end_most_kwh
            slope -= battery.end_worth_c_per_kwh
            car_least, car_most = car.end_least_kwh, car.end_most_kwh
            car_slope -= car.end_worth_c_per_kwh
        else:
            slope += multipliers.battery_c_per_kwh[t + 1]
            car_slope += multipliers.car_c_per_kwh[t + 1]
        wanted = steps.ready_kwh[t + 1]
        bend = min(max(wanted, car_least), car_most)
        bound += min(slope * least, slope * most)
        bound += min(
            car_slope * car_least + prices.short_c_per_kwh * max(wanted - car_least, 0),
            car_slope * bend + prices.short_c_per_kwh * max(wanted - bend, 0),
            car_slope * car_most + prices.short_c_per_kwh * max(wanted - car_most, 0),
        )
    return bound


@compiled
def _least_of_step(
    steps: JointSteps,
    t: int,
    battery: StorageFigures,
    car: StorageFigures,
    multipliers: Multipliers,
) -> float:
    """Of the columns of the balance, and its right side."""
    p: float = multipliers.balance_c_per_kwh[t]
    y = multipliers.battery_c_per_kwh[t]
    z = multipliers.car_c_per_kwh[t]
    into = battery.charge_efficiency * (battery.charge_wear_c_per_kwh + y)
    out = (battery.discharge_wear_c_per_kwh - y) / battery.discharge_efficiency
    car_into = car.charge_efficiency * (car.charge_wear_c_per_kwh + z)
    car_out = (car.discharge_wear_c_per_kwh - z) / car.discharge_efficiency
    least: float = (
        p * (steps.load_kwh[t] - steps.solar_kwh[t])
        + min(steps.buy_c_per_kwh[t] - p, 0.0) * steps.import_limit_kwh[t]
        + min(p - steps.sell_c_per_kwh[t], 0.0) * steps.export_limit_kwh[t]
        + min(p, 0.0) * steps.solar_kwh[t]
        + min(into + p, 0.0) * steps.charge_limit_kwh[t]
        + min(out - p, 0.0) * steps.discharge_limit_kwh[t]
        + min(car_into + p, 0.0) * steps.car_charge_limit_kwh[t]
        + min(car_out - p, 0.0) * steps.car_discharge_limit_kwh[t]
    )
    return least
