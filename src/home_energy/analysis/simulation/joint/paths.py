"""Schedules of battery and car: what they cost as booked, and the cheaper parts of two.

Two schedules that hold the same at some moments can be cut there and joined again in
any way, and each part taken from the one in which it is cheaper.
"""

from typing import NamedTuple

import numpy as np

from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.joint.case import JointCase
from home_energy.analysis.simulation.joint.cost import (
    Pair,
    joint_booked_cost,
    joint_interval,
)
from home_energy.analysis.simulation.joint.problem import JointSteps
from home_energy.domain.series import FloatArray

SAME_KWH = 1e-10
"""So little apart, two schedules hold the same."""

ROUNDING_KWH = 1e-7
"""By how much what is stored may miss its limits."""


class JointPaths(NamedTuple):
    """What is stored, (T + 1,) [kWh], and what each interval costs, (T,) [c].

    An interval's cost holds what the car is short of at its end, and is infinite where
    it cannot be done.
    """

    stored_kwh: FloatArray
    car_stored_kwh: FloatArray
    costs_c: FloatArray

    @property
    def cost_c(self) -> float:
        """Of all intervals. [c]"""
        return float(self.costs_c.sum())


def booked(
    case: JointCase, stored_kwh: FloatArray, car_stored_kwh: FloatArray
) -> JointPaths:
    """What a battery and a car cost that hold so much. (T + 1,) [kWh]"""
    costs = np.empty(case.steps.load_kwh.size)
    stored = np.array(stored_kwh, dtype=np.float64)
    car_stored = np.array(car_stored_kwh, dtype=np.float64)
    _fill_costs(case.steps, case.pair, stored, car_stored, costs)
    return JointPaths(stored, car_stored, costs)


@compiled
def _fill_costs(
    steps: JointSteps,
    pair: Pair,
    stored_kwh: FloatArray,
    car_stored_kwh: FloatArray,
    costs_c: FloatArray,
) -> None:
    count = costs_c.size
    battery, car = pair.battery, pair.car
    for t in range(count):
        given = joint_interval(steps, t)
        after, car_after = stored_kwh[t + 1], car_stored_kwh[t + 1]
        change, car_change = after - stored_kwh[t], car_after - car_stored_kwh[t]
        cost = joint_booked_cost(given, pair, change, car_change)
        short = max(steps.ready_kwh[t + 1] - car_after, 0.0)
        costs_c[t] = cost + pair.prices.short_c_per_kwh * short
        if not (
            _is_between(after, 0.0, battery.capacity_kwh)
            and _is_between(car_after, 0.0, car.capacity_kwh)
        ):
            costs_c[t] = np.inf
    if not _is_between(stored_kwh[count], battery.end_least_kwh, battery.end_most_kwh):
        costs_c[count - 1] = np.inf


@compiled
def _is_between(stored_kwh: float, least_kwh: float, most_kwh: float) -> bool:
    return least_kwh - ROUNDING_KWH <= stored_kwh <= most_kwh + ROUNDING_KWH


def cheaper_parts(one: JointPaths, other: JointPaths) -> JointPaths:
    """Of every part between moments at which both hold the same, the cheaper."""
    apart = np.abs(one.stored_kwh - other.stored_kwh)
    apart = np.maximum(apart, np.abs(one.car_stored_kwh - other.car_stored_kwh))
    cuts = np.flatnonzero(apart[:-1] <= SAME_KWH)
    costs = (np.add.reduceat(paths.costs_c, cuts) for paths in (one, other))
    lengths = np.diff(cuts, append=one.costs_c.size)
    takes_other = np.repeat(np.greater(*costs), lengths)

    def joined(first: FloatArray, second: FloatArray) -> FloatArray:
        return np.append(first[0], np.where(takes_other, second[1:], first[1:]))

    return JointPaths(
        joined(one.stored_kwh, other.stored_kwh),
        joined(one.car_stored_kwh, other.car_stored_kwh),
        np.where(takes_other, other.costs_c, one.costs_c),
    )
