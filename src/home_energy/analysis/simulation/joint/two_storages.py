"""The best that a home battery and a car could have done together."""

from dataclasses import dataclass

import numpy as np

from home_energy.analysis.simulation.flows import sealed
from home_energy.analysis.simulation.joint.box_bound import Multipliers, box_bound
from home_energy.analysis.simulation.joint.interior_point import solve_into, unpack
from home_energy.analysis.simulation.joint.problem import (
    JointPrices,
    JointSteps,
    StorageFigures,
)
from home_energy.analysis.simulation.joint.room import room_for
from home_energy.domain.series import FloatArray

__all__ = [
    "JointOptimum",
    "JointPrices",
    "JointSteps",
    "StorageFigures",
    "solve_two_storages",
]


@dataclass(frozen=True, slots=True, eq=False)
class JointOptimum:
    """A joint schedule, what it costs, and below what no schedule can be.

    Parameters
    ----------
    battery_stored_kwh, car_stored_kwh
        Before the first interval and after each. (T + 1,) [kWh]
    battery_worth_c_per_kwh, car_worth_c_per_kwh
        What one more kWh stored would be worth after each interval. (T,) [c/kWh]
    cost_c
        Of the schedule, with public charging and what the car was short, less what is
        stored at the end. [c]
    lower_bound_c
        No schedule costs less, however the one found was rounded. [c]
    iterations
        Of the interior-point method.
    car_charge_kwh, car_discharge_kwh, battery_charge_kwh, battery_discharge_kwh
        As planned; a plan may do both at once where burning energy pays. (T,)
        [kWh, AC]
    """

    battery_stored_kwh: FloatArray
    car_stored_kwh: FloatArray
    battery_worth_c_per_kwh: FloatArray
    car_worth_c_per_kwh: FloatArray
    cost_c: float
    lower_bound_c: float
    iterations: int
    car_charge_kwh: FloatArray
    car_discharge_kwh: FloatArray
    battery_charge_kwh: FloatArray
    battery_discharge_kwh: FloatArray


def solve_two_storages(
    steps: JointSteps,
    battery: StorageFigures,
    car: StorageFigures,
    prices: JointPrices,
    tolerance: float = 1e-8,
) -> JointOptimum:
    """Find the joint schedule of least cost, within `tolerance` of that cost.

    It is the optimum of the module `problem`'s linear programme, by the interior-point
    method. Without a schedule that fits (an end that cannot be reached) what is
    returned is where the method stopped, and `lower_bound_c` rises without end.
    """
    count = steps.load_kwh.size
    room = room_for(count)
    problem = (
        JointSteps(*(sealed(values) for values in steps)),
        StorageFigures(*(float(figure) for figure in battery)),
        StorageFigures(*(float(figure) for figure in car)),
        JointPrices(*(float(price) for price in prices)),
    )
    outcome = solve_into(room, problem, tolerance)
    rows = np.empty((9, count))
    unpack(room, problem[1:3], rows)
    bound = box_bound(problem, Multipliers(rows[6], rows[7], rows[8]))
    return JointOptimum(
        battery_stored_kwh=np.append(battery.start_kwh, rows[4]),
        car_stored_kwh=np.append(car.start_kwh, rows[5]),
        battery_worth_c_per_kwh=-rows[7],
        car_worth_c_per_kwh=-rows[8],
        cost_c=outcome.cost_c,
        lower_bound_c=bound,
        iterations=outcome.iterations,
        car_charge_kwh=rows[2],
        car_discharge_kwh=rows[3],
        battery_charge_kwh=rows[0],
        battery_discharge_kwh=rows[1],
    )
