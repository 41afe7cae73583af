"""From a plan that cannot quite be done to a schedule of battery and car that can be.

What a plan stores may ask for a charge and a discharge at once, or for a charge below
the charger's least. `as_done` keeps as near to it as can be. `steered` knows what a kWh
is worth in battery and car besides: it looks for the cheapest among all corners of the
interval's cost and the plan itself, and being off the plan has a price. Where many
plans are equally good, as under a flat tariff, that is one whose powers can be.
"""

from typing import NamedTuple

import numpy as np

from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.joint.case import JointCase
from home_energy.analysis.simulation.joint.cost import (
    MOST_VERTICES,
    JointInterval,
    Pair,
    ac_energy,
    joint_booked_cost,
    joint_interval,
    stored_change,
    write_beside,
    write_vertices,
)
from home_energy.analysis.simulation.joint.paths import JointPaths, booked
from home_energy.analysis.simulation.joint.problem import JointSteps, StorageFigures
from home_energy.domain.series import FloatArray

STILL_KWH = 1e-7
"""A plan that moves no more stands still. [AC]"""

MOST_MOVES = MOST_VERTICES + 20
"""The corners, ten beside the plan's power of the car, six with that of the battery."""


class JointPlan(NamedTuple):
    """What is stored, (T + 1,) [kWh], and what a kWh more is worth, (T,) [c/kWh]."""

    stored_kwh: FloatArray
    car_stored_kwh: FloatArray
    worth_c_per_kwh: FloatArray
    car_worth_c_per_kwh: FloatArray


def as_done(case: JointCase, plan: JointPlan) -> JointPaths:
    """Follow what a plan stores, each one way only and the car as its charger can."""
    stored, car_stored = np.empty_like(plan.stored_kwh), np.empty_like(plan.stored_kwh)
    _follow(case.steps, case.pair, plan, stored, car_stored)
    return booked(case, stored, car_stored)


def steered(case: JointCase, plan: JointPlan, pull_c_per_kwh2: float) -> JointPaths:
    """Do in each interval the cheapest by cost and worths that keeps near the plan.

    To be off it by a kWh counts `pull_c_per_kwh2`, by two four times that.
    """
    stored, car_stored = np.empty_like(plan.stored_kwh), np.empty_like(plan.stored_kwh)
    paths = (stored, car_stored)
    _steer(case.steps, case.pair, plan, float(pull_c_per_kwh2), paths)
    return booked(case, stored, car_stored)


@compiled
def _follow(
    steps: JointSteps,
    pair: Pair,
    plan: JointPlan,
    stored_kwh: FloatArray,
    car_stored_kwh: FloatArray,
) -> None:
    count = stored_kwh.size - 1
    stored_kwh[0], car_stored_kwh[0] = pair.battery.start_kwh, pair.car.start_kwh
    for t in range(count):
        given = joint_interval(steps, t)
        aim = _aim(pair, plan, t, count)
        limits = given.charge_limit_kwh, given.discharge_limit_kwh
        before, car_before = stored_kwh[t], car_stored_kwh[t]
        stored_kwh[t + 1] = _moved(pair.battery, limits, before, aim - before)
        aim = plan.car_stored_kwh[t + 1] - car_before
        car_stored_kwh[t + 1] = _car_moved(given, pair, car_before, aim)


@compiled
def _aim(pair: Pair, plan: JointPlan, t: int, count: int) -> float:
    """What the battery is to hold after interval t."""
    aim = plan.stored_kwh[t + 1]
    if t == count - 1:
        aim = min(max(aim, pair.battery.end_least_kwh), pair.battery.end_most_kwh)
    return float(aim)


@compiled
def _moved(
    storage: StorageFigures, limits: tuple[float, float], before: float, aim: float
) -> float:
    """As near to a change as limits and room allow."""
    power = min(max(ac_energy(storage, aim), -limits[1]), limits[0])
    if abs(power) < STILL_KWH:
        return before
    after = before + stored_change(storage, power)
    return min(max(after, 0.0), storage.capacity_kwh)


@compiled
def _car_moved(given: JointInterval, pair: Pair, before: float, aim: float) -> float:
    """The same of a car: on a trip, unplugged, or by its least power."""
    if given.trip_kwh > 0:
        return max(before + min(max(aim, -given.trip_kwh), 0.0), 0.0)
    limits = given.car_charge_limit_kwh, given.car_discharge_limit_kwh
    after = _moved(pair.car, limits, before, aim)
    charge = ac_energy(pair.car, after - before)
    if not 0 < charge < pair.least_charge_kwh:
        return after
    if charge < pair.least_charge_kwh / 2:
        return before
    after = before + stored_change(pair.car, pair.least_charge_kwh)
    return after if after <= pair.car.capacity_kwh else before


@compiled
def _steer(
    steps: JointSteps,
    pair: Pair,
    plan: JointPlan,
    pull: float,
    paths: tuple[FloatArray, FloatArray],
) -> None:
    stored, car_stored = paths
    stored[0], car_stored[0] = pair.battery.start_kwh, pair.car.start_kwh
    room = np.empty((MOST_MOVES, 3))
    count = plan.worth_c_per_kwh.size
    for t in range(count):
        given = joint_interval(steps, t)
        before, car_before = stored[t], car_stored[t]
        aim, car_aim = _aim(pair, plan, t, count), plan.car_stored_kwh[t + 1]
        worth, car_worth = plan.worth_c_per_kwh[t], plan.car_worth_c_per_kwh[t]
        stored[t + 1], car_stored[t + 1] = before, car_before
        least = np.inf
        aims = aim - before, car_aim - car_before
        for k in range(_write_moves(given, pair, aims, room)):
            change, car_change, cost = room[k]
            after, car_after = before + change, car_before + car_change
            off = (after - aim) ** 2 + (car_after - car_aim) ** 2
            value = cost - worth * change - car_worth * car_change + pull * off
            if value < least and (
                0 <= after <= pair.battery.capacity_kwh
                and 0 <= car_after <= pair.car.capacity_kwh
            ):
                least = value
                stored[t + 1], car_stored[t + 1] = after, car_after


@compiled
def _write_moves(
    given: JointInterval, pair: Pair, aims: tuple[float, float], room: FloatArray
) -> int:
    """Fill rows of change, car change and cost: corners, and what the plan aims at."""
    count = write_vertices(given, pair, room)
    limits = given.charge_limit_kwh, given.discharge_limit_kwh
    change = _moved(pair.battery, limits, 0.0, aims[0]) if aims[0] > 0 else 0.0
    if aims[0] < 0:
        power = max(ac_energy(pair.battery, aims[0]), -limits[1])
        change = stored_change(pair.battery, power)
    if given.trip_kwh > 0:
        car_change = min(max(aims[1], -given.trip_kwh), 0.0)
        for gone in (car_change, 0.0, -given.trip_kwh):
            count = _write_move(given, pair, (change, gone), room, count)
        return _write_move(given, pair, (0.0, car_change), room, count)
    most, most_out = given.car_charge_limit_kwh, given.car_discharge_limit_kwh
    power = min(max(ac_energy(pair.car, aims[1]), -most_out), most)
    if not 0 < power < pair.least_charge_kwh:
        count = write_beside(given, pair, room, count, power)
    for car_power in (0.0, power, most, pair.least_charge_kwh, -most_out):
        car_change = stored_change(pair.car, car_power)
        count = _write_move(given, pair, (change, car_change), room, count)
    return count


@compiled
def _write_move(
    given: JointInterval,
    pair: Pair,
    changes: tuple[float, float],
    room: FloatArray,
    count: int,
) -> int:
    cost = joint_booked_cost(given, pair, changes[0], changes[1])
    if cost == np.inf:
        return count
    room[count, 0], room[count, 1], room[count, 2] = changes[0], changes[1], cost
    return count + 1
