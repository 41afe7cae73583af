"""Bounds of battery and car together: never above what can be done, and how high."""

from functools import cache

import highspy
import numpy as np
import pytest
from tests.analysis.simulation.joint.truth import Rule, solve_jointly
from tests.analysis.simulation.random_cars import drawn_home_with_car

from home_energy.analysis.simulation.joint.bound import joint_bound
from home_energy.analysis.simulation.joint.case import JointCase, joint_case
from home_energy.analysis.simulation.joint.following import JointPlan
from home_energy.analysis.simulation.joint.hulls import hull_optimum, joint_corners
from home_energy.domain.series import FloatArray

pytestmark = [pytest.mark.xdist_group("car"), pytest.mark.timeout(400)]
"""The first test compiles the solvers, which takes a minute and more."""

HOMES = range(10)


@cache
def _drawn(seed: int) -> tuple[JointCase, float, JointPlan]:
    """A home, what the best there costs, and HiGHS's linear programme as a guess."""
    problem = drawn_home_with_car(seed, 30, 2)
    case = joint_case(problem)
    price = case.pair.prices.unserved_c_per_kwh
    truth = solve_jointly(problem, price, Rule.PHYSICAL)
    linear = solve_jointly(problem, price)
    guess = JointPlan(
        linear.stored_kwh,
        linear.car_stored_kwh,
        linear.worth_c_per_kwh,
        linear.car_worth_c_per_kwh,
    )
    return case, truth.cost_c - case.beyond_c, guess


def _bound(case: JointCase, worth: FloatArray, car_worth: FloatArray) -> float:
    return float(joint_bound(case.steps, case.pair, worth, car_worth))


@pytest.mark.parametrize("seed", HOMES)
def test_whatever_the_worths_no_bound_is_above_the_best(seed: int) -> None:
    case, best, guess = _drawn(seed)
    rng = np.random.default_rng(seed)

    for size in (0.0, 0.1, 3.0, 30.0):
        off, car_off = rng.normal(0, size, (2, guess.worth_c_per_kwh.size))
        worths = guess.worth_c_per_kwh + off, guess.car_worth_c_per_kwh + car_off
        assert _bound(case, *worths) <= best + 1e-6 * abs(best)


@pytest.mark.parametrize("seed", HOMES)
def test_the_worths_of_the_hulls_give_the_highest_bound(seed: int) -> None:
    case, best, guess = _drawn(seed)

    hulls = hull_optimum(case.steps, case.pair, guess, 1e-8)

    assert hulls is not None
    ours = _bound(case, hulls.worth_c_per_kwh, hulls.car_worth_c_per_kwh)
    highest = _least_over_corners_c(case)
    assert ours == pytest.approx(highest, rel=1e-6, abs=1e-3)
    assert highest <= best + 1e-6 * abs(best)


@pytest.mark.parametrize("seed", HOMES)
def test_the_hulls_give_no_lower_bound_than_the_linear_programme(seed: int) -> None:
    case, _, guess = _drawn(seed)

    hulls = hull_optimum(case.steps, case.pair, guess, 1e-8)

    assert hulls is not None
    ours = _bound(case, hulls.worth_c_per_kwh, hulls.car_worth_c_per_kwh)
    theirs = _bound(case, guess.worth_c_per_kwh, guess.car_worth_c_per_kwh)
    assert ours >= theirs - 1e-6 * abs(theirs) - 1e-3


def _least_over_corners_c(case: JointCase) -> float:
    """HiGHS: shares of every interval's corners, what is stored, and what is short."""
    steps, battery, car = case.steps, case.pair.battery, case.pair.car
    corners = joint_corners(steps, case.pair)
    count = steps.load_kwh.size
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", bool(0))
    interval = np.repeat(np.arange(count), np.diff(corners.starts))
    share = [highs.addVariable(0, highspy.kHighsInf, cost) for cost in corners.cost_c]
    stored, car_stored = [], []
    objective = -case.pair.prices.short_c_per_kwh
    total = -objective * float(steps.ready_kwh.sum())
    for t in range(count + 1):
        least, most = 0.0, battery.capacity_kwh
        if t in (0, count):
            ends = (battery.end_least_kwh, battery.end_most_kwh)
            least, most = ends if t else (battery.start_kwh, battery.start_kwh)
        stored.append(highs.addVariable(least, most, 0.0))
        wanted = float(steps.ready_kwh[t])
        up_to = highs.addVariable(0, wanted, objective)
        above = highs.addVariable(0, car.capacity_kwh - wanted, 0.0)
        car_stored.append(up_to + above)
    highs.addConstr(car_stored[0] == car.start_kwh)
    for t in range(count):
        own = np.flatnonzero(interval == t)
        highs.addConstr(sum(share[i] for i in own) == 1)
        change = sum(share[i] * corners.change_kwh[i] for i in own)
        highs.addConstr(stored[t + 1] - stored[t] == change)
        change = sum(share[i] * corners.car_change_kwh[i] for i in own)
        highs.addConstr(car_stored[t + 1] - car_stored[t] == change)
    highs.run()
    return float(highs.getInfo().objective_function_value) + total
