"""The best schedule of a car alone: by hand, and what must hold of any."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.simulation.random_cars import drawn_home_with_car
from tests.analysis.simulation.small_cars import LOSSY_CAR, with_car, with_charger
from tests.analysis.simulation.small_homes import home

from home_energy.analysis.simulation.car_plan import (
    CarCase,
    car_room,
    car_step_from,
    end_of_car,
    plan_car,
)
from home_energy.analysis.simulation.car_schedule import (
    CarSchedule,
    car_case,
    car_schedule_of,
    exact_car_schedule,
)
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.flows import book_flows, sealed
from home_energy.analysis.simulation.step_cost import Steps, booked_cost, interval_of
from home_energy.domain.car_at_home import Discharge
from home_energy.domain.dispatch import Dispatch
from home_energy.domain.grid_connection import GridConnection
from home_energy.errors import DataError

NEAR_C = 1e-6
V2G = with_charger(discharge=Discharge.V2G)
V2H = with_charger(discharge=Discharge.V2H)
seeds = st.integers(0, 10_000)
few = settings(max_examples=40, deadline=None)

# Of all these cars 3 kWh of AC in a half-hour put 2.4 kWh into the cells, and 6 kWh of
# the cells give 3 kWh of AC.


def test_a_trip_is_charged_for_in_the_cheapest_half_hours_before_it() -> None:
    # 4.8 kWh need two half-hours: those at 10 and 20 c. 3 x 10 + 3 x 20 = 90 c. At 5 c
    # it is too late.
    bare = home([0] * 5, [0] * 5, [30, 10, 20, 5, 5], battery=None)
    problem = with_car(bare, trips_kwh={(3, 4): 4.8})

    schedule = exact_car_schedule(problem)

    assert schedule.stored_kwh == pytest.approx([0, 0, 2.4, 4.8, 0, 0])
    assert schedule.cost_c == pytest.approx(90)
    assert schedule.certificate_c == 0


def test_what_is_dearer_at_home_is_charged_elsewhere() -> None:
    # Into the cells a kWh costs 12.5 c at 10 and 25 c at 20; elsewhere 24 c.
    # 3 x 10 + 2.4 x 24 = 87.6 c.
    bare = home([0] * 4, [0] * 4, [30, 10, 20, 5], battery=None)
    problem = with_car(bare, trips_kwh={(3, 4): 4.8}, public_c_per_kwh=24)

    schedule = exact_car_schedule(problem)

    assert schedule.stored_kwh == pytest.approx([0, 0, 2.4, 2.4, 0])
    assert schedule.cost_c == pytest.approx(87.6)


def test_a_trip_may_leave_in_the_car_what_is_worth_more_later() -> None:
    # 6 kWh are there. Sold at 200 c after the trip they earn 3 x 200 = 600 c, charging
    # 4 of them elsewhere costs 280; at the end none are wanted.
    bare = home([0, 0, 0], [0, 0, 0], 300, [0, 0, 200], battery=None)
    problem = with_car(bare, V2G, {(1, 2): 4.0}, start_stored_kwh=6)
    assert problem.car is not None
    problem = replace(problem, car=replace(problem.car, start_stored_kwh=0))
    case = car_case(problem)
    stored = np.full(4, 6.0)
    ends = end_of_car(case.events, case.work, case.device.capacity_kwh, 0.0)
    plan_car(case.steps, case.device, case.events, (0, 3), (case.work, ends))

    for t in range(3):
        stored[t + 1] = car_step_from(
            case.steps, t, case.device, (case.events, case.work), stored[t]
        )

    assert stored == pytest.approx([6, 6, 6, 0])


def test_what_no_full_car_holds_is_charged_elsewhere_whatever_it_costs() -> None:
    # A trip of 55 of a car of 40 that starts full: 15 elsewhere, and at the end it is
    # wanted full again but is not: 40 short at 0.99 x 500 c.
    bare = home([0], [0], battery=None)
    problem = with_car(
        bare, trips_kwh={(0, 1): 55}, start_stored_kwh=40, public_c_per_kwh=500
    )

    schedule = exact_car_schedule(problem)

    assert schedule.stored_kwh == pytest.approx([40, 0])
    assert schedule.cost_c == pytest.approx(15 * 500 + 40 * 495)


@pytest.mark.parametrize(
    ("first_c", "stored", "cost_c"),
    [
        # 37.5 c a kWh into the cells is less than the 69.3 c that missing it counts.
        (30, [0, 2.4, 2.4], 90),
        # 75 c is more: 2.4 x 69.3 c count.
        (60, [0, 0, 0], 166.32),
    ],
)
def test_a_level_wanted_is_met_if_that_costs_less_than_it_counts(
    first_c: float, stored: list[float], cost_c: float
) -> None:
    bare = home([0, 0], [0, 0], [first_c, 5], battery=None)
    problem = with_car(bare, ready_kwh={1: 2.4})

    schedule = exact_car_schedule(problem)

    assert schedule.stored_kwh == pytest.approx(stored)
    assert schedule.cost_c == pytest.approx(cost_c)


def test_at_the_end_as_much_is_wanted_as_was_there_at_the_start() -> None:
    # A trip takes 2.4; they are charged again for 3 x 20 c.
    bare = home([0, 0, 0], [0, 0, 0], [90, 40, 20], battery=None)
    problem = with_car(bare, trips_kwh={(0, 1): 2.4}, start_stored_kwh=5)

    schedule = exact_car_schedule(problem)

    assert schedule.stored_kwh == pytest.approx([5, 2.6, 2.6, 5])
    assert schedule.cost_c == pytest.approx(60)


def test_solar_is_charged_before_it_is_sold_for_less() -> None:
    # 2 of sun go into the car instead of earning 5 c each; 1 of it is bought at 30 c.
    bare = home([0, 0], [2, 0], battery=None)
    problem = with_car(bare, trips_kwh={(1, 2): 2.4})

    assert exact_car_schedule(problem).cost_c == pytest.approx(30)


def test_v2g_sells_dear_and_buys_back_cheap_with_its_wear() -> None:
    # 6 of the cells are 3 AC, sold at 100: 300 c; wear 6 x 2 = 12 c. 6 are wanted
    # again: 7.5 bought at 10 c = 75 c.
    car = with_charger(discharge=Discharge.V2G, wear_c_per_kwh=2.0)
    bare = home([0] * 4, [0] * 4, [150, 10, 10, 10], [100, 0, 0, 0], battery=None)
    problem = with_car(bare, car, start_stored_kwh=6)

    schedule = exact_car_schedule(problem)

    assert schedule.stored_kwh[1] == pytest.approx(0)
    assert schedule.cost_c == pytest.approx(-213)


def test_v2h_serves_what_solar_leaves_of_the_load_and_no_more() -> None:
    # Load 1, solar 0.4: 0.6 come from 1.2 of the cells, though 900 c are paid for more.
    bare = home([1, 0], [0.4, 0], [1000, 10], [900, 0], battery=None)
    problem = with_car(bare, V2H, start_stored_kwh=6)

    schedule = exact_car_schedule(problem)

    assert schedule.stored_kwh == pytest.approx([6, 4.8, 6])
    # 1.2 / 0.8 = 1.5 bought again at 10 c.
    assert schedule.cost_c == pytest.approx(15)


def test_the_last_bit_of_a_charge_is_the_chargers_least_by_hand() -> None:
    # 2.8 kWh are needed, 2.4 of them at 10 c. The other 0.4 would be 0.5 AC at 20 c,
    # 10 c; but the charger gives no less than 1: 20 c, or elsewhere 28 c.
    # (Best would be 2.5 and then 1, for 45 c: between bound and cost.)
    car = with_charger(least_charge_kw=2.0)
    bare = home([0] * 3, [0] * 3, [10, 20, 99], 0, battery=None)
    problem = with_car(bare, car, {(2, 3): 2.8})

    schedule = exact_car_schedule(problem)

    assert schedule.stored_kwh == pytest.approx([0, 2.4, 3.2, 0.4])
    assert schedule.cost_c == pytest.approx(50)
    assert schedule.lower_bound_c == pytest.approx(40)
    assert schedule.certificate_c == pytest.approx(10)


def test_the_last_bit_is_left_away_where_elsewhere_it_costs_less() -> None:
    # As above, with 40 c a kWh elsewhere: 0.4 x 40 = 16 c.
    car = with_charger(least_charge_kw=2.0)
    bare = home([0] * 3, [0] * 3, [10, 20, 99], 0, battery=None)
    problem = with_car(bare, car, {(2, 3): 2.8}, public_c_per_kwh=40)

    schedule = exact_car_schedule(problem)

    assert schedule.stored_kwh == pytest.approx([0, 2.4, 2.4, 0])
    assert schedule.cost_c == pytest.approx(46)


def test_a_car_that_is_not_plugged_in_is_not_charged() -> None:
    bare = home([0, 0, 0], [0, 0, 0], [5, 30, 30], battery=None)
    problem = with_car(bare, trips_kwh={(2, 3): 2.4}, unplugged=[0])

    assert exact_car_schedule(problem).stored_kwh == pytest.approx([0, 0, 2.4, 0])


def test_what_the_battery_takes_counts_at_the_main_switch() -> None:
    # 6 kW let in 3; the battery takes 2 of them at 10 c, so the car has 1 there and
    # 2 more at 20 c.
    connection = GridConnection(6.0, 20.0)
    bare = home([0] * 3, [0] * 3, [10, 20, 99], 0, connection=connection)
    problem = with_car(bare, trips_kwh={(2, 3): 2.4})

    schedule = exact_car_schedule(problem, np.array([2.0, 0, 0]))

    assert schedule.stored_kwh == pytest.approx([0, 0.8, 2.4, 0])
    assert schedule.cost_c == pytest.approx(30 + 40)


def test_the_car_takes_what_the_battery_gives_beyond_the_export_limit() -> None:
    # The battery gives 5, 2 may be sold at 50 c; the car has to take 3. Then it is sold
    # for nothing.
    connection = GridConnection(20.0, 4.0)
    bare = home([0, 0], [0, 0], 60, [50, 0], connection=connection)

    schedule = exact_car_schedule(with_car(bare), np.array([-5.0, 0]))

    assert schedule.stored_kwh == pytest.approx([0, 2.4, 2.4])
    assert schedule.cost_c == pytest.approx(-100)


def test_a_home_without_a_car_has_no_schedule_of_one() -> None:
    with pytest.raises(DataError, match="the home has no car"):
        exact_car_schedule(home([1], [0]))


def _alone(seed: int, minutes: int = 30, days: int = 3) -> DispatchProblem:
    drawn = drawn_home_with_car(seed, minutes, days)
    return replace(drawn, battery=None, start_stored_kwh=0.0)


def _booked(problem: DispatchProblem, schedule: CarSchedule) -> Dispatch:
    return book_flows(problem, np.zeros(problem.grid.count + 1), schedule.stored_kwh)


def _money_c(problem: DispatchProblem, schedule: CarSchedule) -> float:
    """Cost of the booked flows, and of what is missing."""
    flows, car = _booked(problem, schedule), problem.car
    assert car is not None
    assert flows.car is not None
    bought = problem.rates.import_c_per_kwh @ flows.grid_import_kwh
    sold = problem.rates.export_c_per_kwh @ flows.grid_export_kwh
    efficiency = car.car.charger.discharge_efficiency_fraction or 1.0
    out_kwh = flows.car.discharge_kwh.sum() / efficiency
    short_kwh = flows.car.short_kwh.sum()
    short_kwh += max(car.wanted_kwh[-1] - schedule.stored_kwh[-1], 0)
    return float(
        bought
        - sold
        + car.car.wear_c_per_kwh * out_kwh
        + car.public_c_per_kwh * flows.car.public_kwh.sum()
        + car.short_c_per_kwh * short_kwh
        + schedule.unserved_c_per_kwh * flows.unserved_kwh.sum()
    )


@few
@given(seeds)
def test_its_flows_balance_and_cost_what_it_says(seed: int) -> None:
    problem = _alone(seed)

    ours = exact_car_schedule(problem)

    assert ours.cost_c == pytest.approx(_money_c(problem, ours), abs=NEAR_C)
    assert ours.certificate_c >= 0


@few
@given(seeds)
def test_driven_is_charged_less_losses_and_change_of_store(seed: int) -> None:
    problem = _alone(seed)
    car = problem.car
    assert car is not None

    flows = _booked(problem, exact_car_schedule(problem)).car

    assert flows is not None
    charger = car.car.charger
    into = flows.charge_kwh.sum() * charger.charge_efficiency_fraction
    out = flows.discharge_kwh.sum() / (charger.discharge_efficiency_fraction or 1)
    gained = flows.stored_kwh[-1] - flows.stored_kwh[0]
    driven = flows.driven_kwh.sum() - flows.public_kwh.sum()
    assert into == pytest.approx(driven + out + gained, abs=1e-9)
    assert not np.any(flows.charge_kwh[~car.is_plugged])
    assert not np.any(flows.discharge_kwh[~car.is_plugged])


@few
@given(seeds, st.floats(1, 3))
def test_dearer_charging_elsewhere_is_never_cheaper(seed: int, more: float) -> None:
    problem = _alone(seed)
    car = problem.car
    assert car is not None
    dearer = replace(car, public_c_per_kwh=car.public_c_per_kwh * more)

    bound = exact_car_schedule(replace(problem, car=dearer)).lower_bound_c

    assert bound >= exact_car_schedule(problem).lower_bound_c - NEAR_C


@few
@given(seeds)
def test_more_use_of_the_car_is_never_worse(seed: int) -> None:
    problem = _alone(seed)
    car = problem.car
    assert car is not None
    bounds = [
        exact_car_schedule(
            replace(problem, car=replace(car, car=replace(car.car, discharge=use)))
        ).lower_bound_c
        for use in (Discharge.V2G, Discharge.V2H, Discharge.NONE)
    ]

    assert bounds[0] <= bounds[1] + NEAR_C
    assert bounds[1] <= bounds[2] + NEAR_C


@few
@given(seeds)
def test_a_car_that_only_charges_at_any_power_has_no_doubt(seed: int) -> None:
    problem = _alone(seed)
    car = problem.car
    assert car is not None
    charger = replace(car.car.charger, least_charge_kw=0.0)
    any_power = replace(car.car, charger=charger, discharge=Discharge.NONE)

    ours = exact_car_schedule(replace(problem, car=replace(car, car=any_power)))

    assert ours.certificate_c <= NEAR_C


@few
@given(seeds, st.integers(1, 140), st.floats(0, 1))
def test_the_policy_is_right_from_wherever_the_car_is(
    seed: int, first: int, full_fraction: float
) -> None:
    problem = _alone(seed)
    car = problem.car
    assert car is not None
    charger = replace(car.car.charger, least_charge_kw=0.0)
    only = replace(car.car, charger=charger, discharge=Discharge.NONE)
    problem = replace(problem, car=replace(car, car=only))
    case = car_case(problem)
    ends = end_of_car(case.events, case.work, case.device.capacity_kwh, 0.0)
    span = (0, problem.grid.count)
    plan_car(case.steps, case.device, case.events, span, (case.work, ends))
    stored = [full_fraction * only.capacity_kwh]

    planned = (case.events, case.work)
    for t in range(first, problem.grid.count):
        stored.append(car_step_from(case.steps, t, case.device, planned, stored[-1]))

    rest = CarCase(
        Steps(*(sealed(values[first:]) for values in case.steps)),
        case.device,
        case.events._replace(
            trip_kwh=sealed(case.events.trip_kwh[first:]),
            wanted_kwh=sealed(case.events.wanted_kwh[first:]),
        ),
        car_room(problem.grid.count - first),
    )
    again = car_schedule_of(rest, stored[0])
    followed_c = _path_cost_c(rest, stored)
    assert followed_c == pytest.approx(again.cost_c, abs=NEAR_C)


def _path_cost_c(case: CarCase, stored_kwh: list[float]) -> float:
    cost, events = 0.0, case.events
    for t, (before, after) in enumerate(pairwise(stored_kwh)):
        trip = events.trip_kwh[t]
        change = 0.0 if trip else after - before
        cost += booked_cost(interval_of(case.steps, t), case.device, change)
        if trip:
            cost += events.public_c_per_kwh * (trip + after - before)
        missing = max(events.wanted_kwh[t + 1] - after, 0)
        cost += events.short_c_per_kwh * missing
    return cost


def test_a_car_at_home_all_year_with_nothing_to_do_does_nothing() -> None:
    problem = with_car(home([1] * 200, [0] * 200, battery=None), LOSSY_CAR)

    assert not np.any(exact_car_schedule(problem).stored_kwh)
