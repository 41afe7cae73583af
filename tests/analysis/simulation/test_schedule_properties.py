"""What must hold of the exact schedule of any home."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.simulation.highs_referee import change_cost_c
from tests.analysis.simulation.random_homes import (
    DEFAULT,
    drawn_home,
    problem_of,
    weather,
)
from tests.analysis.simulation.small_homes import LOSSLESS, home, with_battery

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem, EndOfRun
from home_energy.analysis.simulation.exact_schedule import (
    device_of,
    exact_schedule,
    steps_of,
)
from home_energy.analysis.simulation.flows import book_flows
from home_energy.analysis.simulation.slope_list import (
    end_near,
    plan,
    slope_list,
    step_from,
)
from home_energy.domain.rates import Rates
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid

NEAR_C = 1e-6
seeds = st.integers(0, 10_000)
few = settings(max_examples=40, deadline=None)


def _money_c(problem: DispatchProblem, stored_kwh: FloatArray, dropped: float) -> float:
    """Cost of the booked flows."""
    flows = book_flows(problem, stored_kwh)
    bought = problem.rates.import_c_per_kwh @ flows.grid_import_kwh
    sold = problem.rates.export_c_per_kwh @ flows.grid_export_kwh
    wear = 0.0 if problem.battery is None else problem.battery.wear_c_per_kwh
    worn = wear * np.abs(np.diff(stored_kwh)).sum()
    return float(bought - sold + worn + dropped * flows.unserved_kwh.sum())


@few
@given(seeds)
def test_its_flows_balance_and_cost_what_it_says(seed: int) -> None:
    problem = drawn_home(seed, 30, days=2)

    ours = exact_schedule(problem)

    assert ours.stored_kwh.min() >= 0
    assert ours.stored_kwh.max() <= problem.capacity_kwh
    assert ours.stored_kwh[0] == problem.start_stored_kwh
    if problem.end is EndOfRun.AS_START:
        assert ours.stored_kwh[-1] == pytest.approx(problem.start_stored_kwh, abs=1e-9)
    if problem.end is EndOfRun.AT_LEAST_START:
        assert ours.stored_kwh[-1] >= problem.start_stored_kwh - 1e-9
    cost = _money_c(problem, ours.stored_kwh, ours.unserved_c_per_kwh)
    assert ours.cost_c == pytest.approx(cost, abs=NEAR_C)


@few
@given(
    seeds, st.floats(1, 3), st.sampled_from(["kwh", "in", "out", "import", "export"])
)
def test_more_of_anything_is_never_worse(seed: int, more: float, what: str) -> None:
    problem = drawn_home(seed, 30, days=2)
    battery, connection = problem.battery, problem.connection
    assert battery is not None
    if what == "kwh":
        battery = replace(battery, usable_kwh=battery.usable_kwh * more)
    elif what == "in":
        battery = replace(battery, charge_kw=battery.charge_kw * more)
    elif what == "out":
        battery = replace(battery, discharge_kw=battery.discharge_kw * more)
    elif what == "import":
        limit = connection.import_limit_kw * more
        connection = replace(connection, import_limit_kw=limit)
    else:
        limits = np.asarray(connection.export_limit_kw) * more
        connection = replace(
            connection, export_limit_kw=np.broadcast_to(limits, problem.grid.count)
        )

    larger = exact_schedule(replace(problem, battery=battery, connection=connection))

    smaller = exact_schedule(problem)
    assert larger.lower_bound_c <= smaller.lower_bound_c + NEAR_C


@few
@given(seeds, st.floats(0.1, 10))
def test_prices_times_k_cost_k_times(seed: int, k: float) -> None:
    problem = problem_of(weather(seed, 2), 30)
    rates = Rates(
        problem.grid,
        problem.rates.import_c_per_kwh * k,
        problem.rates.export_c_per_kwh * k,
    )
    battery = replace(DEFAULT, wear_c_per_kwh=DEFAULT.wear_c_per_kwh * k)

    scaled = exact_schedule(replace(problem, rates=rates, battery=battery))

    assert scaled.cost_c == pytest.approx(k * exact_schedule(problem).cost_c, rel=1e-9)


@few
@given(seeds, st.integers(1, 90), st.floats(0, 1))
def test_the_policy_is_right_from_wherever_the_battery_is(
    seed: int, first: int, full_fraction: float
) -> None:
    problem = problem_of(weather(seed, 2), 30, end=EndOfRun.FREE)
    count = problem.grid.count
    steps = steps_of(problem, problem.connection.import_limits_kwh(problem.grid))
    device = device_of(problem)
    work = slope_list(count)
    ends = end_near(work, 0.0, device.capacity_kwh, 0.0)
    plan(steps, device, (0, count), work, ends)
    stored = [full_fraction * device.capacity_kwh]

    for t in range(first, count):
        stored.append(step_from(steps, t, device, work, stored[-1]))

    rest = _rest_of(problem, first, stored[0])
    again = exact_schedule(rest)
    followed = _money_c(rest, np.array(stored), again.unserved_c_per_kwh)
    assert again.lower_bound_c - NEAR_C <= followed
    assert followed <= again.lower_bound_c + again.certificate_c + NEAR_C


def _rest_of(
    problem: DispatchProblem, first: int, stored_kwh: float
) -> DispatchProblem:
    grid = problem.grid
    rest = TimeGrid(grid.start + first * grid.step, grid.step, grid.count - first)
    return replace(
        problem,
        rates=Rates(
            rest,
            problem.rates.import_c_per_kwh[first:],
            problem.rates.export_c_per_kwh[first:],
        ),
        load_kwh=problem.load_kwh[first:],
        solar_kwh=problem.solar_kwh[first:],
        start_stored_kwh=stored_kwh,
    )


LEVELS_KWH = np.arange(5.0)
"""Of a battery of 4 kWh, on which six half-hours have 5^6 paths."""


def _cheapest_path_c(problem: DispatchProblem, unserved_c_per_kwh: float) -> float:
    """Least cost over every path that steps from level to level."""
    battery = problem.battery
    assert battery is not None
    start = problem.start_stored_kwh
    paths = np.array([[start, *path] for path in product(LEVELS_KWH, repeat=6)])
    if problem.end is EndOfRun.AS_START:
        paths = paths[paths[:, -1] == start]
    changes = np.diff(paths, axis=1)
    powers = np.where(
        changes > 0,
        changes / battery.charge_efficiency_fraction,
        changes * battery.discharge_efficiency_fraction,
    )
    limits_in = problem.charge_limits_kwh
    can_be = np.all((powers <= limits_in) & (-powers <= 2), axis=1)
    costs = change_cost_c(problem, unserved_c_per_kwh, powers[can_be])
    return float(costs.sum(axis=1).min())


def _six_half_hours(
    seed: int, *, whole: bool, efficiency: float, end: EndOfRun
) -> DispatchProblem:
    rng = np.random.default_rng(seed)
    load, solar = rng.uniform(0, 3, 6), rng.uniform(0, 3, 6)
    if whole:
        load, solar = load.round(), solar.round()
    buy = rng.choice([-15.0, 4.0, 12.0, 30.0, 80.0], 6)
    battery = with_battery(
        LOSSLESS,
        usable_kwh=4.0,
        charge_efficiency_fraction=efficiency,
        discharge_efficiency_fraction=efficiency,
        wear_c_per_kwh=float(rng.choice([0.0, 1.5])),
    )
    return home(
        list(load),
        list(solar),
        list(buy),
        list(buy - rng.choice([2.0, 9.0], 6)),
        battery=battery,
        start_stored_kwh=float(rng.integers(5)),
        end=end,
    )


@pytest.mark.parametrize("end", [EndOfRun.AS_START, EndOfRun.FREE])
@pytest.mark.parametrize("seed", range(15))
def test_no_path_of_six_half_hours_is_cheaper_when_all_is_whole(
    seed: int, end: EndOfRun
) -> None:
    # Whole kWh without losses: the optimum steps from level to level, and is found.
    problem = _six_half_hours(seed, whole=True, efficiency=1.0, end=end)

    ours = exact_schedule(problem)

    best = _cheapest_path_c(problem, ours.unserved_c_per_kwh)
    assert ours.cost_c == pytest.approx(best, abs=NEAR_C)


@pytest.mark.parametrize("seed", range(15))
def test_no_path_of_six_half_hours_is_below_the_bound(seed: int) -> None:
    problem = _six_half_hours(seed, whole=False, efficiency=0.8, end=EndOfRun.AS_START)

    ours = exact_schedule(problem)

    best = _cheapest_path_c(problem, ours.unserved_c_per_kwh)
    assert ours.lower_bound_c <= best + NEAR_C
    assert ours.cost_c <= best + NEAR_C
