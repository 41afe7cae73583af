"""What holds for every rule in any home."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.simulation.small_homes import START

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem, EndOfRun
from home_energy.analysis.simulation.exact_schedule import exact_schedule
from home_energy.analysis.simulation.flows import book_flows
from home_energy.analysis.simulation.ledger import ledger
from home_energy.analysis.simulation.outlook import Forecasts, outlook_at
from home_energy.analysis.simulation.strategy import (
    PerfectForesight,
    PriceThreshold,
    SelfConsumption,
    SmartCycles,
    Strategy,
    TimeOfUse,
    TrailingThreshold,
)
from home_energy.domain.battery import Battery
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.rates import Rates
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, DataError

HOURS = 80
"""Three days and a bit of hours: rules that learn from days have some."""

SLOT = np.arange(HOURS) % 24


def rules() -> list[Strategy]:
    return [
        SelfConsumption(),
        TimeOfUse(SLOT < 5, SLOT >= 16),
        TimeOfUse(SLOT < 5, SLOT >= 16, exports=True),
        PriceThreshold(10, 40),
        TrailingThreshold(0.3, 0.7, days=2),
        SmartCycles(1.0, days=2),
        SmartCycles(2.0, days=2),
    ]


@st.composite
def homes(draw: st.DrawFn) -> DispatchProblem:
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    share = st.floats(0.5, 1.0)
    battery = Battery(
        "drawn",
        draw(st.floats(0.5, 30)),
        draw(st.floats(0.5, 12)),
        draw(st.floats(0.5, 12)),
        draw(share),
        draw(share),
        standby_kw=draw(st.sampled_from([0.0, 0.03])),
        reserve_fraction=draw(st.sampled_from([0.0, 0.2])),
        may_charge_from_grid=draw(st.booleans()),
        may_export=draw(st.booleans()),
        wear_c_per_kwh=draw(st.sampled_from([0.0, 2.0])),
    )
    grid = TimeGrid(START, timedelta(hours=1), HOURS)
    buy = random.normal(draw(st.floats(-10, 40)), 25, HOURS)
    flexible = random.choice([0.0, 1.5, 5.0, 10.0], HOURS)
    connection = GridConnection(
        draw(st.sampled_from([2.0, 5.0, 15.0])),
        draw(st.sampled_from([0.0, 1.5, 5.0])) if draw(st.booleans()) else flexible,
        draw(st.booleans()),
    )
    return DispatchProblem(
        Rates(grid, buy, buy - draw(st.floats(0, 20))),
        random.exponential(draw(st.floats(0.1, 3)), HOURS),
        np.maximum(random.normal(0, draw(st.floats(0, 6)), HOURS), 0),
        battery,
        connection,
        draw(st.floats(0, 1)) * battery.workable_kwh,
        EndOfRun.FREE,
    )


@settings(max_examples=60, deadline=None)
@given(homes())
def test_flows_of_every_rule_balance_within_every_limit(
    problem: DispatchProblem,
) -> None:
    battery = problem.battery
    assert battery is not None
    for rule in [*rules(), PerfectForesight()]:
        stored = rule.stored_kwh(problem)
        flows = book_flows(problem, stored)  # refuses what does not balance
        assert stored[0] == problem.start_stored_kwh
        assert stored.min() >= -1e-9
        assert stored.max() <= battery.workable_kwh + 1e-9
        assert flows.charge_kwh.max() <= battery.charge_kw + 1e-6
        assert flows.discharge_kwh.max() <= battery.discharge_kw + 1e-6
        export_limits = problem.connection.export_limits_kwh(problem.grid)
        assert np.all(flows.grid_export_kwh <= export_limits + 1e-6)
        assert flows.grid_import_kwh.max() <= problem.connection.import_limit_kw + 1e-6


@settings(max_examples=40, deadline=None)
@given(homes())
def test_pitfall_17_nothing_goes_both_ways_at_once(problem: DispatchProblem) -> None:
    # Pitfall 17.
    for rule in rules():
        flows = book_flows(problem, rule.stored_kwh(problem))
        assert np.minimum(flows.charge_kwh, flows.discharge_kwh).max() <= 1e-9
        assert np.minimum(flows.grid_import_kwh, flows.grid_export_kwh).max() <= 1e-9


@settings(max_examples=40, deadline=None)
@given(homes())
def test_a_battery_never_leaves_load_unserved_that_was_served_without_it(
    problem: DispatchProblem,
) -> None:
    without = replace(problem, battery=None, start_stored_kwh=0.0)
    lacking = problem.whole_load_kwh - problem.load_kwh
    before = book_flows(without, np.zeros(HOURS + 1)).unserved_kwh + lacking
    for rule in rules():
        after = book_flows(problem, rule.stored_kwh(problem)).unserved_kwh
        assert np.all(after <= before + 1e-9)


@settings(max_examples=40, deadline=None)
@given(homes())
def test_leave_to_charge_from_the_grid_and_to_export_is_kept(
    problem: DispatchProblem,
) -> None:
    battery = problem.battery
    assert battery is not None
    for rule in rules():
        flows = book_flows(problem, rule.stored_kwh(problem))
        if not battery.may_charge_from_grid:
            assert flows.grid_to_battery_kwh.max() <= 1e-6
        if not battery.may_export:
            assert flows.battery_to_grid_kwh.max() <= 1e-6


@settings(max_examples=60, deadline=None)
@given(homes())
def test_self_consumption_never_imports_to_charge(problem: DispatchProblem) -> None:
    # Where buying pays, bought energy stands in for solar that is held back.
    flows = book_flows(problem, SelfConsumption().stored_kwh(problem))

    surplus = np.maximum(problem.solar_kwh - problem.whole_load_kwh, 0)
    assert np.all(flows.charge_kwh <= surplus + 1e-6)
    costs = problem.rates.import_c_per_kwh >= 0
    sound = costs | ~np.array(problem.connection.curtails_solar)
    assert np.all(flows.grid_to_battery_kwh[sound] <= 1e-6)


@settings(max_examples=60, deadline=None)
@given(homes(), st.integers(0, HOURS - 1))
def test_what_comes_after_changes_no_decision(
    problem: DispatchProblem, number: int
) -> None:
    outlook = outlook_at(problem, None, number)

    for rule in rules():
        whole = rule.stored_kwh(problem)
        known = rule.stored_kwh(outlook.problem, outlook.forecasts)
        assert known.tobytes() == whole[: number + 2].tobytes()


def test_perfect_foresight_does_look_ahead() -> None:
    # Pitfall 1: a rise of price after interval 0 changes what it stores in it.
    grid = TimeGrid(START, timedelta(hours=1), 2)
    battery = Battery("any", 10.0, 5.0, 5.0, 1.0, 1.0)
    prices = np.array([10.0, 90.0])
    problem = DispatchProblem(
        Rates(grid, prices, prices - 5),
        np.ones(2),
        np.zeros(2),
        battery,
        GridConnection(),
        end=EndOfRun.FREE,
    )

    whole = PerfectForesight().stored_kwh(problem)
    known = PerfectForesight().stored_kwh(outlook_at(problem, None, 0).problem)

    assert whole[1] == pytest.approx(5)
    assert known[1] == pytest.approx(0)


@settings(max_examples=40, deadline=None)
@given(homes())
def test_no_rule_costs_less_than_the_bound(problem: DispatchProblem) -> None:
    # Pitfalls 1 and 5: with an end that is free for all.
    exact = exact_schedule(problem)
    for rule in [*rules(), PerfectForesight()]:
        flows = book_flows(problem, rule.stored_kwh(problem))
        money = ledger(flows, problem.rates, problem.battery)
        unserved_c = exact.unserved_c_per_kwh * float(flows.unserved_kwh.sum())
        cost_c = float(money.energy_c.sum() + money.wear_c.sum()) + unserved_c
        assert cost_c >= exact.lower_bound_c - 1e-6


@settings(max_examples=60, deadline=None)
@given(homes())
def test_the_optimum_is_booked_at_the_cost_it_claims(problem: DispatchProblem) -> None:
    exact = exact_schedule(problem)
    flows = book_flows(problem, exact.stored_kwh)
    money = ledger(flows, problem.rates, problem.battery)

    unserved_c = exact.unserved_c_per_kwh * float(flows.unserved_kwh.sum())
    cost_c = float(money.energy_c.sum() + money.wear_c.sum()) + unserved_c
    assert cost_c == pytest.approx(exact.cost_c, rel=1e-9, abs=1e-6)


def test_an_outlook_knows_the_forecasts_that_stood() -> None:
    problem = _flat(6)
    forecasts = _forecasts([0, 2, 4], horizon=3)

    outlook = outlook_at(problem, forecasts, 2)

    assert outlook.forecasts is not None
    assert outlook.forecasts.known_from.tolist() == [0, 2]
    assert outlook.problem.grid.count == 3


def test_an_outlook_ends_with_the_interval_that_is_decided() -> None:
    problem = replace(
        _flat(6), connection=GridConnection(15.0, np.array([5.0, 5, 5, 1, 1, 1]))
    )

    outlook = outlook_at(problem, None, 2)

    assert outlook.problem.load_kwh.tolist() == [1, 1, 1]
    limits = outlook.problem.connection.export_limits_kwh(outlook.problem.grid)
    assert limits.tolist() == [5, 5, 5]


def test_forecasts_out_of_order_are_refused() -> None:
    with pytest.raises(DataError, match="must ascend"):
        _forecasts([2, 2], horizon=3)


def test_forecasts_of_different_shapes_are_refused() -> None:
    good = _forecasts([0, 2], horizon=3)

    with pytest.raises(AlignmentError, match="solar_kwh has shape"):
        replace(good, solar_kwh=np.zeros((2, 4)))


def test_a_forecast_with_a_hole_is_refused() -> None:
    # Pitfall 10.
    good = _forecasts([0], horizon=3)

    with pytest.raises(DataError, match="load_kwh has missing values"):
        replace(good, load_kwh=np.array([[1.0, np.nan, 1.0]]))


def _flat(count: int) -> DispatchProblem:
    grid = TimeGrid(START, timedelta(hours=1), count)
    return DispatchProblem(
        Rates(grid, np.full(count, 30.0), np.full(count, 5.0)),
        np.ones(count),
        np.zeros(count),
        Battery("any", 10.0, 5.0, 5.0, 1.0, 1.0),
        GridConnection(),
    )


def _forecasts(known_from: list[int], horizon: int) -> Forecasts:
    values = np.ones((len(known_from), horizon))
    return Forecasts(np.array(known_from), values, values, values, values)
