"""The compiled method: stopped early, used again, on window after window."""

import numpy as np
import pytest
from tests.analysis.simulation.joint.homes import (
    JointHome,
    drawn_home,
    usual_home,
)
from tests.analysis.simulation.joint.referee import solve_joint

from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.joint.box_bound import Multipliers, box_bound
from home_energy.analysis.simulation.joint.interior_point import (
    _iterate,
    missing_kwh,
    optimum,
    solve_into,
    unpack,
)
from home_energy.analysis.simulation.joint.problem import JointProblem, JointSteps
from home_energy.analysis.simulation.joint.room import Room, lay_out, room_for
from home_energy.analysis.simulation.joint.stretches import Manner
from home_energy.analysis.simulation.joint.two_storages import solve_two_storages
from home_energy.domain.series import FloatArray


def _problem(home: JointHome) -> JointProblem:
    return home.steps, home.battery, home.car, home.prices


def _window(home: JointHome, first: int, steps: int) -> JointHome:
    end = first + steps
    cut = [values[first:end] for values in home.steps[:-1]]
    cut.append(home.steps.ready_kwh[first : end + 1])
    return JointHome(JointSteps(*cut), home.battery, home.car, home.prices)


@pytest.mark.parametrize("iterations", [0, 1, 5, 12])
@pytest.mark.parametrize("seed", [0, 7, 13, 22])
def test_the_bound_holds_wherever_the_method_is_stopped(
    seed: int, iterations: int
) -> None:
    home = drawn_home(seed)
    steps = home.steps.load_kwh.size
    room = room_for(steps)
    rows = np.empty((9, steps))

    optimum(room, lay_out(room, _problem(home)), 1e-8, iterations)
    unpack(room, (home.battery, home.car), rows)
    bound = box_bound(_problem(home), Multipliers(rows[6], rows[7], rows[8]))

    cost_c = solve_joint(home).cost_c
    assert bound <= cost_c + 1e-9 * abs(cost_c)


@pytest.mark.parametrize(
    "manner", [Manner(100, is_together=False), Manner(100, is_together=True)]
)
def test_stretches_may_go_their_own_way_or_all_the_same(manner: Manner) -> None:
    # 2,880 steps: eight stretches.
    home = usual_home(6, 30, 60)
    room = room_for(home.steps.load_kwh.size)
    figures = lay_out(room, _problem(home))

    outcome = _iterate(room, figures, 1e-8, manner)

    assert outcome.is_found
    assert outcome.cost_c == pytest.approx(solve_joint(home).cost_c, rel=1e-8)
    assert missing_kwh(room, figures) <= 1e-7


def test_what_cannot_be_done_is_not_found() -> None:
    # Half an hour, 2.5 kWh at most, and 13.5 kWh wanted in an empty battery.
    home = _window(usual_home(1, 30, 1), 0, 1)
    battery = home.battery._replace(start_kwh=0.0, end_least_kwh=13.5)
    problem = (home.steps, battery, home.car._replace(end_least_kwh=0.0), home.prices)

    outcome = solve_into(room_for(1), problem, 1e-8)

    assert not outcome.is_found


@pytest.mark.parametrize("seed", [1, 4])
def test_any_multipliers_give_a_bound(seed: int) -> None:
    home = drawn_home(seed)
    steps = home.steps.load_kwh.size
    rng = np.random.default_rng(seed)

    bounds = [
        box_bound(
            _problem(home), Multipliers(*rng.uniform(-30, 30, (3, steps)) * scale)
        )
        for scale in (0.0, 0.1, 1.0, 10.0)
    ]

    assert max(bounds) <= solve_joint(home).cost_c


def test_a_room_that_was_used_solves_the_next_problem_as_a_new_one() -> None:
    year = usual_home(1, 30, 21)
    room = room_for(100)
    for first, steps in ((0, 96), (40, 64), (300, 100), (500, 61)):
        window = _window(year, first, steps)
        rows = np.empty((9, steps))

        outcome = solve_into(room, _problem(window), 1e-8)
        unpack(room, (window.battery, window.car), rows)

        ours = solve_two_storages(*_problem(window))
        assert outcome.cost_c == ours.cost_c
        assert np.append(window.car.start_kwh, rows[5]).tolist() == (
            ours.car_stored_kwh.tolist()
        )


@compiled
def _costs_c(room: Room, problem: JointProblem, window: int) -> FloatArray:
    steps, battery, car, prices = problem
    count = steps.load_kwh.size - window
    costs = np.empty(count)
    for t in range(count):
        end = t + window
        ahead = JointSteps(
            steps.buy_c_per_kwh[t:end],
            steps.sell_c_per_kwh[t:end],
            steps.load_kwh[t:end],
            steps.solar_kwh[t:end],
            steps.charge_limit_kwh[t:end],
            steps.discharge_limit_kwh[t:end],
            steps.car_charge_limit_kwh[t:end],
            steps.car_discharge_limit_kwh[t:end],
            steps.import_limit_kwh[t:end],
            steps.export_limit_kwh[t:end],
            steps.trip_kwh[t:end],
            steps.ready_kwh[t : end + 1],
        )
        outcome = solve_into(room, (ahead, battery, car, prices), 1e-6)
        costs[t] = outcome.cost_c
    return costs


def test_compiled_code_can_solve_a_window_at_every_step() -> None:
    home = usual_home(2, 30, 5)
    window = 72

    costs = _costs_c(room_for(window), _problem(home), window)

    for t in (0, 50, 167):
        referee = solve_joint(_window(home, t, window))
        assert referee.is_optimal
        assert costs[t] == pytest.approx(referee.cost_c, rel=2e-6, abs=2e-6)


@pytest.mark.parametrize("seed", range(100, 600, 5))
def test_every_drawn_window_converges(seed: int) -> None:
    home = drawn_home(seed)
    steps = min(home.steps.load_kwh.size, 96)
    end_free = home.car._replace(end_least_kwh=0.0, end_most_kwh=55.0)
    battery = home.battery._replace(
        end_least_kwh=0.0, end_most_kwh=home.battery.capacity_kwh
    )
    window = JointHome(_window(home, 0, steps).steps, battery, end_free, home.prices)

    outcome = solve_into(room_for(steps), _problem(window), 1e-6)

    gap = outcome.cost_c - outcome.bound_c
    assert outcome.is_found
    assert gap == pytest.approx(0, abs=2e-6 * (1 + abs(outcome.bound_c)))
