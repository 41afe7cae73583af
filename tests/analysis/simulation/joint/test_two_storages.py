"""Battery and car together, against HiGHS on the same linear programme."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from tests.analysis.simulation.highs_referee import solve
from tests.analysis.simulation.joint.homes import (
    BATTERY,
    CAR,
    PRICES,
    JointHome,
    Powers,
    drawn_home,
    steps_of,
    usual_home,
)
from tests.analysis.simulation.joint.referee import JointVerdict, solve_joint
from tests.analysis.simulation.random_homes import problem_of, weather

from home_energy.analysis.simulation.dispatch_problem import EndOfRun
from home_energy.analysis.simulation.joint.two_storages import (
    JointOptimum,
    JointSteps,
    solve_two_storages,
)
from home_energy.domain.battery import Battery
from home_energy.domain.grid_connection import GridConnection

RELATIVE = 1e-8
DRAWN = range(40)


def _solved(home: JointHome, tolerance: float = 1e-8) -> JointOptimum:
    return solve_two_storages(
        home.steps, home.battery, home.car, home.prices, tolerance
    )


@cache
def _drawn(seed: int) -> tuple[JointHome, JointOptimum, JointVerdict]:
    home = drawn_home(seed)
    return home, _solved(home), solve_joint(home)


def _without_limits(steps: JointSteps, *names: str) -> JointSteps:
    none: Any = {name: np.zeros(steps.load_kwh.size) for name in names}
    return steps._replace(**none)


@pytest.mark.parametrize("seed", DRAWN)
def test_the_cost_is_that_of_highs(seed: int) -> None:
    _, ours, referee = _drawn(seed)

    assert referee.is_optimal
    assert ours.cost_c == pytest.approx(referee.cost_c, rel=RELATIVE, abs=RELATIVE)


@pytest.mark.parametrize("seed", DRAWN)
def test_the_bound_is_below_the_optimum_and_near_it(seed: int) -> None:
    _, ours, referee = _drawn(seed)

    allowed = 1e-9 * (1 + abs(referee.cost_c))
    assert ours.lower_bound_c <= referee.cost_c + allowed
    assert ours.lower_bound_c >= referee.cost_c - 20 * allowed


def test_the_drawn_homes_are_of_every_kind() -> None:
    homes = [_drawn(seed)[0] for seed in DRAWN]

    assert any(home.steps.buy_c_per_kwh.min() < 0 for home in homes)
    assert any(home.steps.car_discharge_limit_kwh.max() > 0 for home in homes)
    assert any(home.steps.car_discharge_limit_kwh.max() == 0 for home in homes)
    assert any(np.ptp(home.steps.buy_c_per_kwh) == 0 for home in homes)
    assert any(
        np.any(home.steps.sell_c_per_kwh > home.steps.buy_c_per_kwh) for home in homes
    )
    assert any(home.battery.charge_wear_c_per_kwh == 0 for home in homes)
    assert any(home.car.end_least_kwh == home.car.end_most_kwh for home in homes)


@pytest.mark.parametrize("seed", range(10))
def test_what_is_stored_is_what_flowed(seed: int) -> None:
    home, ours, _ = _drawn(seed)
    battery, car = home.battery, home.car

    changes = np.diff(ours.battery_stored_kwh)
    flowed = (
        ours.battery_charge_kwh * battery.charge_efficiency
        - ours.battery_discharge_kwh / battery.discharge_efficiency
    )
    car_flowed = (
        ours.car_charge_kwh * car.charge_efficiency
        - ours.car_discharge_kwh / car.discharge_efficiency
        - home.steps.trip_kwh
    )
    public = np.diff(ours.car_stored_kwh) - car_flowed

    assert changes == pytest.approx(flowed, abs=1e-6)
    assert public.min() > -1e-6
    assert np.all(public <= home.steps.trip_kwh + 1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_flows_keep_their_limits_and_the_car_moves_nothing_while_away(
    seed: int,
) -> None:
    home, ours, _ = _drawn(seed)

    for flow, limit in (
        (ours.battery_charge_kwh, home.steps.charge_limit_kwh),
        (ours.battery_discharge_kwh, home.steps.discharge_limit_kwh),
        (ours.car_charge_kwh, home.steps.car_charge_limit_kwh),
        (ours.car_discharge_kwh, home.steps.car_discharge_limit_kwh),
    ):
        assert flow.min() >= 0
        assert np.all(flow <= limit)


@pytest.mark.parametrize("seed", [0, 3, 4, 9, 14, 24])
def test_a_kwh_more_at_the_start_is_worth_what_is_told(seed: int) -> None:
    # The cost is convex in what is stored at the start, so its slope at any one place
    # lies between the differences to both sides. With a fixed end both move alike.
    home, ours, _ = _drawn(seed)
    step = 1e-3
    for name in ("battery", "car"):
        figures = getattr(home, name)
        worth = getattr(ours, f"{name}_worth_c_per_kwh")[0]

        costs = [
            _solved(
                replace(
                    home,
                    **{name: figures._replace(start_kwh=figures.start_kwh + more)},
                ),
                1e-11,
            ).cost_c
            for more in (-step, 0.0, step)
        ]

        assert (costs[1] - costs[2]) / step <= worth + 0.01
        assert worth - 0.01 <= (costs[0] - costs[1]) / step


def test_a_car_of_no_capacity_leaves_the_optimum_of_the_battery_alone() -> None:
    battery = Battery("one", 13.5, 5.0, 10.0, 0.943, 0.943, wear_c_per_kwh=1.0)
    drawn = weather(5, 14)
    problem = problem_of(
        drawn, 30, battery, GridConnection(14.5, 5.0), EndOfRun.AT_LEAST_START
    )
    steps = steps_of(drawn, 30, Powers(car_charge=0.0, car_discharge=0.0), 5)
    steps = _without_limits(steps, "trip_kwh")._replace(
        ready_kwh=np.zeros(steps.load_kwh.size + 1)
    )
    start = problem.start_stored_kwh
    figures = BATTERY._replace(start_kwh=start, end_least_kwh=start)
    nothing = CAR._replace(
        capacity_kwh=0.0, start_kwh=0.0, end_least_kwh=0.0, end_most_kwh=0.0
    )

    ours = solve_two_storages(steps, figures, nothing, PRICES)

    alone = solve(problem, PRICES.unserved_c_per_kwh)
    assert ours.cost_c == pytest.approx(alone.cost_c, rel=RELATIVE)


@pytest.mark.parametrize(
    "names",
    [
        ("charge_limit_kwh", "discharge_limit_kwh"),
        ("car_charge_limit_kwh", "car_discharge_limit_kwh"),
        ("export_limit_kwh",),
        ("import_limit_kwh",),
        (
            "charge_limit_kwh",
            "discharge_limit_kwh",
            "car_charge_limit_kwh",
            "car_discharge_limit_kwh",
            "import_limit_kwh",
            "export_limit_kwh",
        ),
    ],
)
def test_limits_may_all_be_zero(names: tuple[str, ...]) -> None:
    usual = usual_home(3, 30, 7)
    home = replace(
        usual,
        steps=_without_limits(usual.steps, *names),
        battery=usual.battery._replace(end_least_kwh=0.0),
        car=usual.car._replace(end_least_kwh=0.0),
    )

    ours = _solved(home)

    assert ours.cost_c == pytest.approx(solve_joint(home).cost_c, rel=RELATIVE)


def test_a_battery_of_no_capacity_is_no_battery() -> None:
    usual = usual_home(4, 30, 7)
    none = usual.battery._replace(
        capacity_kwh=0.0, start_kwh=0.0, end_least_kwh=0.0, end_most_kwh=0.0
    )
    home = replace(usual, battery=none)

    ours = _solved(home)

    assert ours.cost_c == pytest.approx(solve_joint(home).cost_c, rel=RELATIVE)
    assert ours.battery_stored_kwh == pytest.approx(0, abs=1e-9)
