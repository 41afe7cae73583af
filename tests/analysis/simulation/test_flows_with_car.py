"""From what battery and car hold to flows: hand cases, and what cannot be."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.simulation.random_homes import DEFAULT, problem_of, weather
from tests.analysis.simulation.small_cars import LOSSY_CAR, with_car, with_charger
from tests.analysis.simulation.small_homes import LOSSLESS, home, with_battery

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.flows import book_flows
from home_energy.domain.car_at_home import CarAtHome, Discharge
from home_energy.domain.grid_connection import GridConnection
from home_energy.errors import AlignmentError, BalanceError

V2G = with_charger(discharge=Discharge.V2G)
V2H = with_charger(discharge=Discharge.V2H)


def test_each_flow_of_a_car_by_hand() -> None:
    # 1: solar 3 serves 1 of load; the car charges 3: 2 from solar, 1 bought; 2.4 reach
    #    the cells.
    # 2: a trip of 5 takes what is there; 2.6 are charged elsewhere.
    # 3: away. 4: 2 bought, 1.6 reach the cells.
    problem = with_car(
        home([1, 1, 1, 0], [3, 0, 0, 0], battery=None), trips_kwh={(1, 3): 5}
    )

    flows = book_flows(problem, np.zeros(5), np.array([0, 2.4, 0, 0, 1.6]))

    car = flows.car
    assert car is not None
    assert flows.solar_to_load_kwh == pytest.approx([1, 0, 0, 0])
    assert flows.grid_to_load_kwh == pytest.approx([0, 1, 1, 0])
    assert car.solar_to_car_kwh == pytest.approx([2, 0, 0, 0])
    assert car.grid_to_car_kwh == pytest.approx([1, 0, 0, 2])
    assert car.lost_kwh == pytest.approx([0.6, 0, 0, 0.4])
    assert car.driven_kwh == pytest.approx([0, 5, 0, 0])
    assert car.public_kwh == pytest.approx([0, 2.6, 0, 0])
    assert car.discharge_kwh == pytest.approx([0, 0, 0, 0])
    assert flows.grid_import_kwh == pytest.approx([1, 1, 1, 2])


def test_solar_serves_the_load_then_the_car_then_the_battery_then_the_grid() -> None:
    # Solar 8: 1 to load, 3 to the car, 2 to the battery, 2 to the grid.
    problem = with_car(home([1], [8]))

    flows = book_flows(problem, np.array([0.0, 2]), np.array([0, 2.4]))

    assert flows.car is not None
    assert flows.solar_to_load_kwh == pytest.approx([1])
    assert flows.car.solar_to_car_kwh == pytest.approx([3])
    assert flows.solar_to_battery_kwh == pytest.approx([2])
    assert flows.solar_to_grid_kwh == pytest.approx([2])


def test_where_solar_is_short_the_car_has_it_before_the_battery() -> None:
    # Solar 3: 1 to load, 2 to the car. Bought: 1 for the car, 2 for the battery.
    problem = with_car(home([1], [3]))

    flows = book_flows(problem, np.array([0.0, 2]), np.array([0, 2.4]))

    assert flows.car is not None
    assert flows.car.solar_to_car_kwh == pytest.approx([2])
    assert flows.solar_to_battery_kwh == pytest.approx([0])
    assert flows.car.grid_to_car_kwh == pytest.approx([1])
    assert flows.grid_to_battery_kwh == pytest.approx([2])


def test_the_battery_serves_the_load_then_the_car_then_the_grid() -> None:
    # The battery gives 2: 0.5 to load, 1 to the car, 0.5 to the grid.
    problem = with_car(home([0.5], [0]))

    flows = book_flows(problem, np.array([2.0, 0]), np.array([0, 0.8]))

    assert flows.car is not None
    assert flows.battery_to_load_kwh == pytest.approx([0.5])
    assert flows.car.battery_to_car_kwh == pytest.approx([1])
    assert flows.battery_to_grid_kwh == pytest.approx([0.5])
    assert flows.discharge_kwh == pytest.approx([2])


def test_the_car_serves_the_load_then_the_battery_then_the_grid() -> None:
    # 6 kWh of the cells are 3 AC: 0.5 to load, 2 to the battery, 0.5 to the grid.
    problem = with_car(home([0.5], [0]), V2G, start_stored_kwh=6)

    flows = book_flows(problem, np.array([0.0, 2]), np.array([6.0, 0]))

    assert flows.car is not None
    assert flows.car.car_to_load_kwh == pytest.approx([0.5])
    assert flows.car.car_to_battery_kwh == pytest.approx([2])
    assert flows.car.car_to_grid_kwh == pytest.approx([0.5])
    assert flows.car.lost_kwh == pytest.approx([3])
    assert flows.grid_export_kwh == pytest.approx([0.5])
    assert flows.charge_kwh == pytest.approx([2])


def test_with_v2g_the_battery_serves_the_load_before_the_car() -> None:
    # Load 3: 2 by the battery, 1 by the car, whose other 2 are sold.
    problem = with_car(home([3], [0]), V2G, start_stored_kwh=6)

    flows = book_flows(problem, np.array([2.0, 0]), np.array([6.0, 0]))

    assert flows.car is not None
    assert flows.battery_to_load_kwh == pytest.approx([2])
    assert flows.car.car_to_load_kwh == pytest.approx([1])
    assert flows.car.car_to_grid_kwh == pytest.approx([2])


def test_with_v2h_the_car_serves_the_load_before_the_battery_which_sells() -> None:
    # Load 3, all by the car; the battery's 2 are sold.
    problem = with_car(home([3], [0]), V2H, start_stored_kwh=6)

    flows = book_flows(problem, np.array([2.0, 0]), np.array([6.0, 0]))

    assert flows.car is not None
    assert flows.car.car_to_load_kwh == pytest.approx([3])
    assert flows.car.car_to_grid_kwh.tolist() == [0]
    assert flows.car.car_to_battery_kwh.tolist() == [0]
    assert flows.battery_to_load_kwh == pytest.approx([0])
    assert flows.battery_to_grid_kwh == pytest.approx([2])


def test_a_trip_larger_than_the_car_is_charged_elsewhere_beyond_what_it_holds() -> None:
    problem = with_car(
        home([0], [0], battery=None), trips_kwh={(0, 1): 55}, start_stored_kwh=40
    )

    flows = book_flows(problem, np.zeros(2), np.array([40.0, 0]))

    assert flows.car is not None
    assert flows.car.public_kwh == pytest.approx([15])


def test_public_charging_may_leave_the_car_as_full_as_it_was() -> None:
    problem = with_car(
        home([0], [0], battery=None), trips_kwh={(0, 1): 5}, start_stored_kwh=9
    )

    flows = book_flows(problem, np.zeros(2), np.array([9.0, 9]))

    assert flows.car is not None
    assert flows.car.public_kwh == pytest.approx([5])


def test_what_is_missing_of_a_wanted_level_is_counted_but_not_at_the_end() -> None:
    # 20 wanted before the 2nd interval, 14 there: 6 short. Before the 3rd 9 are wanted
    # and 16 there. At the end 11.6 are wanted, as at the start: told by nothing here.
    problem = with_car(
        home([0, 0, 0], [0, 0, 0], battery=None),
        start_stored_kwh=11.6,
        ready_kwh={1: 20, 2: 9},
    )

    flows = book_flows(problem, np.zeros(4), np.array([11.6, 14, 16, 16]))

    assert flows.car is not None
    assert flows.car.short_kwh == pytest.approx([0, 6, 0])


def test_a_level_wanted_of_a_car_that_was_not_plugged_in_is_not_missed() -> None:
    problem = with_car(
        home([0, 0], [0, 0], battery=None), unplugged=[0], ready_kwh={1: 20}
    )

    flows = book_flows(problem, np.zeros(3), np.zeros(3))

    assert flows.car is not None
    assert flows.car.short_kwh.tolist() == [0, 0]


def test_solar_makes_room_for_what_the_car_sells_at_the_export_limit() -> None:
    # 3 from the car and 2 from the sun; 8 kW let out 4.
    problem = with_car(
        home([0], [2], battery=None, connection=GridConnection(20.0, 8.0)),
        V2G,
        start_stored_kwh=6,
    )

    flows = book_flows(problem, np.zeros(2), np.array([6.0, 0]))

    assert flows.grid_export_kwh == pytest.approx([4])
    assert flows.curtailed_kwh == pytest.approx([1])


def test_a_car_that_sells_more_than_the_export_limit_lets_out_is_refused() -> None:
    problem = with_car(
        home([0], [0], battery=None, connection=GridConnection(20.0, 4.0)),
        V2G,
        start_stored_kwh=6,
    )

    with pytest.raises(BalanceError, match="more than the export limit lets out"):
        book_flows(problem, np.zeros(2), np.array([6.0, 0]))


def test_the_car_too_is_charged_from_the_grid_when_buying_pays() -> None:
    # Load 1, car 3: all bought, the sun's 2 held back.
    problem = with_car(home([1], [2], -10, -15, battery=None))

    flows = book_flows(problem, np.zeros(2), np.array([0, 2.4]))

    assert flows.car is not None
    assert flows.car.grid_to_car_kwh == pytest.approx([3])
    assert flows.curtailed_kwh == pytest.approx([2])


def test_a_battery_that_may_not_charge_from_the_grid_keeps_its_solar_from_a_car() -> (
    None
):
    # Solar 3, load 1. The battery takes 2 of it; the car's 3 are bought.
    battery = with_battery(LOSSLESS, may_charge_from_grid=False)
    problem = with_car(home([1], [3], battery=battery))

    flows = book_flows(problem, np.array([0.0, 2]), np.array([0, 2.4]))

    assert flows.car is not None
    assert flows.solar_to_battery_kwh == pytest.approx([2])
    assert flows.grid_to_battery_kwh == pytest.approx([0])
    assert flows.car.grid_to_car_kwh == pytest.approx([3])


LIMITED = with_charger(discharge=Discharge.V2H, least_charge_kw=2.0)
TWO_HOURS = [0.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("car", "stored", "said"),
    [
        (LOSSY_CAR, [9, 11.5, 6.5, 6.5, 6.5], "the car charges more than the charger"),
        (LIMITED, [9, 9.7, 4.7, 4.7, 4.7], "charges less than the charger can"),
        (LIMITED, [9, 8.7, 3.7, 3.7, 3.7], "discharges more than the charger may"),
        (LOSSY_CAR, [9, 8.7, 3.7, 3.7, 3.7], "discharges more than the charger may"),
        (V2G, [9, 2, 2, 2, 2], "discharges more than the charger may"),
        (LOSSY_CAR, [9, 9, 9.1, 9.1, 9.1], "comes by more than its trip takes"),
        (LOSSY_CAR, [9, 9, 3.9, 3.9, 3.9], "loses more than its trip takes"),
        (LOSSY_CAR, [9, 9, 4, 4.1, 4.1], "moves energy while it is not plugged in"),
        (LOSSY_CAR, [9, 9, 4, 3.9, 3.9], "moves energy while it is not plugged in"),
        (LOSSY_CAR, [9, 9, 4, 4, 4.1], "moves energy while it is not plugged in"),
        (LOSSY_CAR, [9, 9, -0.5, -0.5, -0.5], "less than nothing"),
        (LOSSY_CAR, [39.5, 40.5, 36, 36, 36], "more than fits"),
    ],
)
def test_what_a_car_cannot_do_is_refused(
    car: CarAtHome, stored: list[float], said: str
) -> None:
    # Plugged in, departing with a trip of 5, away, at home but not plugged in.
    problem = with_car(
        home(TWO_HOURS, TWO_HOURS, battery=None), car, {(1, 3): 5}, unplugged=[3]
    )

    with pytest.raises(BalanceError, match=said):
        book_flows(problem, np.zeros(5), np.array(stored))


def test_a_car_and_a_battery_that_trip_the_main_switch_are_refused() -> None:
    # 1 of load, 2 into the battery and 3 into the car are 6; 4 kW let in 2. Only the
    # load may go short.
    problem = with_car(home([1], [0], connection=GridConnection(4.0, 20.0)))

    with pytest.raises(BalanceError, match=r"import limit lets in \(the main switch\)"):
        book_flows(problem, np.array([0.0, 2]), np.array([0, 2.4]))


def test_v2h_that_charges_the_battery_of_a_home_gone_short_is_refused() -> None:
    # The car gives 3 to a load of 3, the battery takes 2, and nothing can be bought.
    problem = with_car(
        home([3], [0], connection=GridConnection(0.0, 20.0)), V2H, start_stored_kwh=6
    )

    with pytest.raises(BalanceError, match="import limit"):
        book_flows(problem, np.array([0.0, 2]), np.array([6.0, 0]))


def test_a_battery_that_may_not_sell_does_not_serve_what_v2h_serves() -> None:
    battery = with_battery(LOSSLESS, may_export=False)
    problem = with_car(home([3], [0], battery=battery), V2H, start_stored_kwh=6)

    with pytest.raises(BalanceError, match="sells what may not be sold"):
        book_flows(problem, np.array([2.0, 0]), np.array([6.0, 0]))


def test_a_path_of_the_car_is_given_with_a_car_and_not_without() -> None:
    bare = home([1, 1], [0, 0])

    with pytest.raises(AlignmentError, match="a car and with no stored energy"):
        book_flows(with_car(bare), np.zeros(3))
    with pytest.raises(AlignmentError, match="no car and with a stored energy"):
        book_flows(bare, np.zeros(3), np.zeros(3))
    with pytest.raises(AlignmentError, match="expected \\(3,\\)"):
        book_flows(with_car(bare), np.zeros(3), np.zeros(2))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(list(Discharge)))
def test_any_path_that_can_be_balances_and_keeps_to_what_is_allowed(
    seed: int, discharge: Discharge
) -> None:
    rng = np.random.default_rng(seed)
    problem = problem_of(weather(seed, 2), 30, DEFAULT, GridConnection(40.0, 40.0))
    trips = {(14, 30): rng.uniform(0, 60), (60, 61): rng.uniform(0, 20)}
    car = with_charger(discharge=discharge, least_charge_kw=rng.choice([0.0, 1.4]))
    problem = with_car(problem, car, trips, unplugged=[40, 41], start_stored_kwh=20)

    flows = book_flows(
        problem, _wandering(problem.capacity_kwh, rng), _car_wandering(problem, rng)
    )

    parts, grid = flows.car, problem.connection
    assert parts is not None
    assert problem.car is not None
    into = parts.charge_kwh.sum() * car.charger.charge_efficiency_fraction
    out = parts.discharge_kwh.sum() / 0.5
    gained = parts.stored_kwh[-1] - parts.stored_kwh[0]
    driven = parts.driven_kwh.sum() - parts.public_kwh.sum()
    assert into == pytest.approx(out + driven + gained, abs=1e-9)
    assert not np.any(parts.charge_kwh[~problem.car.is_plugged])
    assert not np.any(parts.discharge_kwh[~problem.car.is_plugged])
    least, most = parts.charge_kwh, flows.grid_import_kwh
    assert np.all((least < 1e-9) | (least >= car.charger.least_kw / 2 - 1e-9))
    assert np.all(most <= grid.import_limits_kwh(problem.grid) + 1e-9)
    assert not np.any((flows.grid_export_kwh > 1e-9) & (most > 1e-9))
    if discharge is not Discharge.V2G:
        assert not np.any(parts.car_to_grid_kwh)
        assert not np.any(parts.car_to_battery_kwh)


def _wandering(capacity_kwh: float, rng: np.random.Generator) -> np.ndarray:
    """A battery that charges and discharges at whim, slowly enough."""
    changes = rng.uniform(-2, 2, 96)
    stored = np.full(97, 0.45 * capacity_kwh)
    for t in range(96):
        stored[t + 1] = np.clip(stored[t] + changes[t], 0, capacity_kwh)
    return stored


def _car_wandering(problem: DispatchProblem, rng: np.random.Generator) -> np.ndarray:
    """A car that does likewise within what it may."""
    car = problem.car
    assert car is not None
    stored = np.full(97, float(car.start_stored_kwh))
    for t in range(96):
        low = stored[t] - problem.car_discharge_limits_kwh[t] / 0.5
        high = stored[t] + problem.car_charge_limits_kwh[t] * 0.8
        after = np.clip(rng.uniform(low, high), 0, car.car.capacity_kwh)
        if 0 < after - stored[t] < car.car.charger.least_kw / 2 * 0.8:
            after = stored[t]
        if car.trip_kwh[t] > 0:
            after = max(stored[t] - car.trip_kwh[t], 0) + rng.choice([0, 0.1])
            after = min(after, stored[t])
        stored[t + 1] = after
    return stored


def test_flows_without_a_car_are_those_of_a_car_that_stays_empty() -> None:
    problem = problem_of(weather(3, 4), 30)
    stored = np.full(193, 0.45 * problem.capacity_kwh)
    stored[20:30] += 1
    away = {(0, 192): 0.0}

    with_it = book_flows(with_car(problem, trips_kwh=away), stored, np.zeros(193))

    without = book_flows(problem, stored)
    for name in without.energy_names():
        assert np.array_equal(getattr(with_it, name), getattr(without, name)), name


def test_standby_of_the_charger_is_part_of_the_load() -> None:
    # 0.1 kW are 0.05 kWh in a half-hour.
    car = replace(LOSSY_CAR, charger=replace(LOSSY_CAR.charger, standby_kw=0.1))
    problem = with_car(home([1], [0], battery=None), car)

    flows = book_flows(problem, np.zeros(2), np.zeros(2))

    assert flows.grid_to_load_kwh == pytest.approx([1.05])
