"""The best battery and car could have done together, and how near to it it is.

1. The linear programme of both (`two_storages`). It may charge and discharge at once
   and charge the car at any power.
2. Followed as it can be done (`following`), then bettered: the battery's exact
   schedule with the car's given and the car's with the battery's, in turn while it
   gains (`turns`). Where nothing of 1 forbids it, this is its optimum already.
3. The bound at its worths (`bound`). While the schedule is not near it, more
   schedules are made, and of each the parts kept that are cheaper: steered by the
   linear programme; by the least cost over the joint hulls (`hulls`), whose
   worths give the highest bound; and by rule, one storage before the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from home_energy.analysis.simulation.car_schedule import exact_car_schedule
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.exact_schedule import exact_schedule
from home_energy.analysis.simulation.flows import sealed
from home_energy.analysis.simulation.joint.bound import joint_bound
from home_energy.analysis.simulation.joint.case import JointCase, joint_case
from home_energy.analysis.simulation.joint.following import (
    JointPlan,
    as_done,
    steered,
)
from home_energy.analysis.simulation.joint.hulls import hull_optimum
from home_energy.analysis.simulation.joint.paths import JointPaths, cheaper_parts
from home_energy.analysis.simulation.joint.turns import Turns
from home_energy.analysis.simulation.joint.two_storages import solve_two_storages
from home_energy.domain.series import FloatArray

NEAR_FRACTION = 1e-6
"""Of the cost: a schedule no further above the bound is as good as the best."""

HULL_TOLERANCE = 1e-5
"""Of the cost over the hulls; the bound at its worths is a little below it."""

PULLS_C_PER_KWH2 = (0.01, 0.1, 1.0, 10.0)
"""What being off a plan counts, from nearly nothing to more than most prices tell."""


@dataclass(frozen=True, slots=True, eq=False)
class JointSchedule:
    """A schedule of battery and car, its cost, and below what none can be.

    Parameters
    ----------
    battery_stored_kwh, car_stored_kwh
        Above reserve and floor, before the first interval and after each. (T + 1,)
        [kWh]
    cost_c
        Of the energy bought less that sold, with the wear of both, with what is charged
        elsewhere, with each kWh short of a level that was wanted, and with load that is
        not met at `unserved_c_per_kwh`; booked as battery and car can do it. [c]
    lower_bound_c
        No schedule of the two with the same start and end costs less. [c]
    unserved_c_per_kwh
        Price of load that is not met.
    """

    battery_stored_kwh: FloatArray
    car_stored_kwh: FloatArray
    cost_c: float
    lower_bound_c: float
    unserved_c_per_kwh: float

    @property
    def certificate_c(self) -> float:
        """By how much the schedule may miss the best, at most. [c]"""
        return self.cost_c - self.lower_bound_c


def joint_schedule(problem: DispatchProblem) -> JointSchedule:
    """Find a schedule of battery and car, knowing all prices, sun and trips beforehand.

    Within `certificate_c` of the best: rounding where nothing would be burnt and no
    charge be below the charger's least. With one of the two only it is that one's exact
    schedule.
    """
    if problem.car is None or problem.battery is None:
        return _of_one(problem)
    case = joint_case(problem)
    best, bound = _found(case, Turns(problem, case))
    return JointSchedule(
        battery_stored_kwh=sealed(best.stored_kwh),
        car_stored_kwh=sealed(best.car_stored_kwh),
        cost_c=best.cost_c + case.beyond_c,
        lower_bound_c=min(bound, best.cost_c) + case.beyond_c,
        unserved_c_per_kwh=case.pair.prices.unserved_c_per_kwh,
    )


def _of_one(problem: DispatchProblem) -> JointSchedule:
    if problem.car is None:
        battery = exact_schedule(problem)
        still = sealed(np.zeros_like(battery.stored_kwh))
        return JointSchedule(
            battery.stored_kwh,
            still,
            battery.cost_c,
            battery.lower_bound_c,
            battery.unserved_c_per_kwh,
        )
    car = exact_car_schedule(problem)
    still = sealed(np.zeros_like(car.stored_kwh))
    return JointSchedule(
        still, car.stored_kwh, car.cost_c, car.lower_bound_c, car.unserved_c_per_kwh
    )


def _found(case: JointCase, turns: Turns) -> tuple[JointPaths, float]:
    """The schedule, and its bound without what no schedule changes. [c]"""
    steps, pair = case.steps, case.pair
    linear = solve_two_storages(steps, pair.battery, pair.car, pair.prices)
    plan = JointPlan(
        linear.battery_stored_kwh,
        linear.car_stored_kwh,
        linear.battery_worth_c_per_kwh,
        linear.car_worth_c_per_kwh,
    )
    bound = max(linear.lower_bound_c, _bound(case, plan))
    best = turns.bettered(as_done(case, plan))
    if _is_near(best, bound):
        return best, bound
    best = _with(best, (turns.bettered(start) for start in _steered(case, plan)))
    if _is_near(best, bound):
        return best, bound
    hulls = hull_optimum(steps, pair, plan, HULL_TOLERANCE)
    if hulls is not None:
        bound = max(bound, _bound(case, hulls))
        starts = (as_done(case, hulls), *_steered(case, hulls))
        best = _with(best, (turns.bettered(start) for start in starts))
    best = _with(best, (turns.bettered(start) for start in turns.by_rule()))
    return turns.bettered(best, looks_closely=True), bound


def _bound(case: JointCase, plan: JointPlan) -> float:
    worths = plan.worth_c_per_kwh, plan.car_worth_c_per_kwh
    return float(joint_bound(case.steps, case.pair, *worths))


def _steered(case: JointCase, plan: JointPlan) -> list[JointPaths]:
    return [steered(case, plan, pull) for pull in PULLS_C_PER_KWH2]


def _with(best: JointPaths, others: Iterable[JointPaths]) -> JointPaths:
    """The cheaper parts of all."""
    for paths in others:
        best = cheaper_parts(best, paths)
    return best


def _is_near(paths: JointPaths, bound: float) -> bool:
    return paths.cost_c - bound <= NEAR_FRACTION * abs(paths.cost_c)
