"""Below what no schedule of battery and car can be.

Let S and Z be what battery and car hold, T + 1 values each, and F_t the cost of
interval t (`cost`). For any worths a_t and b_t of a kWh stored, every schedule
that can be done costs

    sum over t of F_t(u_t, w_t) + p(Z) - e(S, Z)
        = sum of [F_t - a_t u_t - b_t w_t] + sum of [a_t (S_t+1 - S_t)]
        + sum of [b_t (Z_t+1 - Z_t)] + p(Z) - e(S, Z)

with p the price of levels that are missed and e the worth of what is stored at the end.
Each sum is no less than the sum of its least terms: of the first by `stage_minimum`,
and of the others, collected by S_t and Z_t, over what each may hold. No assumption is
made on the worths, so rounding in them costs nothing but a little height.
"""

import numpy as np

from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.joint.cost import (
    MOST_VERTICES,
    Pair,
    joint_interval,
    stage_minimum,
)
from home_energy.analysis.simulation.joint.problem import JointSteps, StorageFigures
from home_energy.domain.series import FloatArray


@compiled
def joint_bound(
    steps: JointSteps, pair: Pair, worth: FloatArray, car_worth: FloatArray
) -> float:
    """Cost below which no schedule is, by the worths (T,) [c/kWh, cells]. [c]

    The nearer the worths are to what one more kWh is worth after each interval, the
    higher it is; those of the linear programme make it no lower than that.
    """
    bound = 0.0
    room = np.empty((MOST_VERTICES, 3))
    for t in range(worth.size):
        given = joint_interval(steps, t)
        bound += stage_minimum(given, pair, worth[t], car_worth[t], room).value_c
    short = pair.prices.short_c_per_kwh
    nothing = np.zeros_like(steps.ready_kwh)
    bound += _held_c(pair.battery, worth, nothing, short)
    return bound + _held_c(pair.car, car_worth, steps.ready_kwh, short)


@compiled
def _held_c(
    storage: StorageFigures, worth: FloatArray, ready_kwh: FloatArray, short: float
) -> float:
    """Least that holding energy costs where each kWh put in is paid its worth. [c]

    At each boundary that is linear but for the bend at the level that is wanted.
    """
    count = worth.size
    start = storage.start_kwh
    total = short * max(ready_kwh[0] - start, 0.0)
    total -= worth[0] * start
    for t in range(1, count):
        ends = (0.0, storage.capacity_kwh)
        slope = worth[t - 1] - worth[t]
        total += _least_held_c(slope, ends, ready_kwh[t], short)
    slope = worth[count - 1] - storage.end_worth_c_per_kwh
    ends = (storage.end_least_kwh, storage.end_most_kwh)
    return float(total + _least_held_c(slope, ends, ready_kwh[count], short))


@compiled
def _least_held_c(
    slope: float, ends: tuple[float, float], wanted_kwh: float, short: float
) -> float:
    """Least of slope * S + short * max(wanted - S, 0) with S between the ends."""
    least, most = ends
    bend = min(max(wanted_kwh, least), most)
    at_least = slope * least + short * max(wanted_kwh - least, 0.0)
    at_bend = slope * bend + short * max(wanted_kwh - bend, 0.0)
    at_most = slope * most + short * max(wanted_kwh - most, 0.0)
    return min(at_least, at_bend, at_most)
