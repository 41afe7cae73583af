from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.analysis.simulation.plugged_cars import (
    LOSSLESS as LOSSLESS_CHARGER,
)
from tests.analysis.simulation.plugged_cars import (
    announced_late,
    another_future,
    car_at_home,
    home_with_car,
)
from tests.analysis.simulation.random_cars import (
    BOTH_WAYS,
    ONE_PHASE,
    VEHICLE,
    Driving,
    car_of,
    drawn_home_with_car,
)
from tests.analysis.simulation.random_homes import problem_of, weather
from tests.analysis.simulation.small_homes import LOSSLESS

from home_energy.analysis.simulation.car_schedule import exact_car_schedule
from home_energy.analysis.simulation.charging_strategy import (
    ChargingStrategy,
    OnArrival,
    Paths,
    Sequential,
    SolarFirst,
)
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem, EndOfRun
from home_energy.analysis.simulation.flows import book_flows
from home_energy.analysis.simulation.forecast_strategy import ForecastStrategy
from home_energy.analysis.simulation.forecaster import Forecaster
from home_energy.analysis.simulation.joint.forecast import JointForecastStrategy
from home_energy.analysis.simulation.joint.schedule import joint_schedule
from home_energy.analysis.simulation.outlook import IssuedPrices
from home_energy.domain.car_at_home import CarAtHome, Discharge
from home_energy.domain.dispatch import Dispatch
from home_energy.domain.grid_connection import GridConnection
from home_energy.errors import DataError

pytestmark = [pytest.mark.xdist_group("car"), pytest.mark.timeout(400)]
"""The first test compiles the loop, which takes half a minute and more."""

SEEDS = st.integers(0, 2**31 - 1)
DAYS = 4


def flows(problem: DispatchProblem, paths: Paths) -> Dispatch:
    """Booked, which refuses what no battery, car or charger can do."""
    return book_flows(problem, paths.battery_stored_kwh, paths.car_stored_kwh)


def cost_c(problem: DispatchProblem, paths: Paths) -> float:
    """Of energy, wear, charging elsewhere, and what was missing of wanted levels."""
    car, battery = problem.car, problem.battery
    assert car is not None
    booked = flows(problem, paths)
    assert booked.car is not None
    bought = booked.grid_import_kwh @ problem.rates.import_c_per_kwh
    sold = booked.grid_export_kwh @ problem.rates.export_c_per_kwh
    out = np.maximum(-np.diff(paths.car_stored_kwh), 0)[car.is_plugged].sum()
    missing = np.maximum(car.wanted_kwh - paths.car_stored_kwh, 0).sum()
    total = bought - sold + car.car.wear_c_per_kwh * out
    total += car.public_c_per_kwh * booked.car.public_kwh.sum()
    if battery is not None:
        moved = np.abs(np.diff(paths.battery_stored_kwh)).sum()
        total += battery.wear_c_per_kwh * moved
    return float(total + car.short_c_per_kwh * missing)


def published(problem: DispatchProblem) -> JointForecastStrategy:
    return JointForecastStrategy(Forecaster(published=problem.rates))


def stored(problem: DispatchProblem) -> list[float]:
    """In the car, with prices that are published."""
    values = published(problem).paths(problem).car_stored_kwh
    return [round(float(value), 4) for value in values]


def test_it_has_a_name_and_has_not_seen_the_future() -> None:
    strategy: ChargingStrategy = JointForecastStrategy()

    assert strategy.name == "forecast"
    assert not strategy.is_upper_bound


def test_a_trip_is_provided_for_at_the_cheapest_prices() -> None:
    # Of 3.0 kWh the first interval gives 1.6 at 10 c; on the first day 10 c is also
    # what energy is worth after the horizon. The other 1.4 come at 20 c.
    problem = home_with_car([0] * 5, [0] * 5, [10, 50, 20, 30, 40], trips={(4, 5): 3.0})

    assert stored(problem) == [0, 1.6, 1.6, 3.0, 3.0, 0.0]


def test_a_trip_that_nobody_announced_is_not_provided_for() -> None:
    # It becomes known in interval 3, at 30 c, where 1.4 are missing.
    problem = home_with_car(
        [0] * 5, [0] * 5, [10, 50, 20, 30, 40], trips={(4, 5): 3.0}, announced=3
    )

    assert stored(problem) == [0, 1.6, 1.6, 1.6, 3.0, 0.0]


def test_a_wanted_level_is_provided_for() -> None:
    problem = home_with_car([0] * 5, [0] * 5, [10, 50, 20, 30, 40], ready={4: 3.0})

    assert stored(problem) == [0, 1.6, 1.6, 3.0, 3.0, 3.0]


def test_the_least_power_of_the_charger_is_kept() -> None:
    # Of 2.0 kWh 0.4 are left for interval 2: 0.5 of AC, the least of 1 gives 0.8.
    problem = home_with_car([0] * 5, [0] * 5, [10, 50, 20, 30, 40], ready={4: 2.0})

    assert stored(problem) == [0, 1.6, 1.6, 2.4, 2.4, 2.4]


def test_prices_on_record_are_planned_on() -> None:
    # There is room for 1.6 kWh. As expected on the first day 30 c would stay.
    problem = home_with_car([0] * 4, [0] * 4, 30.0, start_stored_kwh=8.4)
    told = np.array([[30.0, 30, 10, 30]])
    issued = IssuedPrices(np.array([0]), 1, told, told)

    run = JointForecastStrategy().run(problem, issued)

    assert run.paths.car_stored_kwh == pytest.approx([8.4, 8.4, 8.4, 10, 10])
    unknowing = JointForecastStrategy().paths(problem)
    assert unknowing.car_stored_kwh == pytest.approx([8.4, 10, 10, 10, 10])
    # One interval of each plan's 72 was told less than of the one before.
    assert run.issued_fraction == pytest.approx((4 + 3 + 2 + 1) / (4 * 72))


def test_v2h_serves_the_load_and_sells_nothing() -> None:
    # Twice 1.6 kWh are stored at 10 c. At 50 c a load of 1 kWh takes 2 of them, and
    # the rest serves 0.6. Selling 1.4 more at 45 c would be more than the load.
    car = car_at_home(discharge=Discharge.V2H)
    problem = home_with_car([1] * 4, [0] * 4, [10, 10, 50, 50], 45.0, car=car)

    assert stored(problem) == [0, 1.6, 3.2, 1.2, 0]


def test_v2g_sells_up_to_the_export_limit() -> None:
    # 2 kW are 1 kWh in a half-hour, which takes 2 from the cells.
    car = car_at_home(discharge=Discharge.V2G)
    problem = home_with_car(
        [0] * 3,
        [0] * 3,
        [10, 10, 50],
        [5, 5, 45],
        car=car,
        connection=GridConnection(20.0, 2.0),
    )

    assert stored(problem) == pytest.approx([0, 1.6, 3.2, 1.2])


def test_the_battery_makes_room_for_the_car_behind_the_main_switch() -> None:
    # 4 kWh are wanted in two intervals, and 1.5 kWh let in: half a kWh of the battery
    # goes into the car in each.
    problem = home_with_car(
        [0] * 3,
        [0] * 3,
        30.0,
        car=car_at_home(LOSSLESS_CHARGER),
        trips={(2, 3): 4.0},
        battery=LOSSLESS,
        connection=GridConnection(3.0, 5.0),
    )
    problem = replace(problem, start_stored_kwh=1.0)

    paths = published(problem).paths(problem)

    assert paths.car_stored_kwh == pytest.approx([0, 2, 4, 0], abs=1e-3)
    assert paths.battery_stored_kwh[:3] == pytest.approx([1, 0.5, 0], abs=1e-3)


def test_a_plan_is_made_when_the_car_is_plugged_in() -> None:
    # At five minutes: a plan in intervals 0 and 6, and where the car comes back.
    problem = home_with_car([0] * 12, [0] * 12, trips={(0, 8): 1.0}, minutes=5)

    assert JointForecastStrategy().run(problem).plan_count == 3


def test_a_home_without_a_car_has_the_forecast_strategy_of_its_battery() -> None:
    problem = problem_of(weather(3, days=DAYS), 30)

    run = JointForecastStrategy().run(problem)

    alone = ForecastStrategy().run(problem)
    assert run.paths.battery_stored_kwh.tobytes() == alone.stored_kwh.tobytes()
    assert run.paths.car_stored_kwh.max() == 0
    assert run.error == alone.error


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.booleans(), st.sampled_from([5, 30]))
@example(seed=65, has_battery=True, minutes=5)
@example(seed=602062, has_battery=False, minutes=5)
def test_every_limit_is_kept(
    seed: int,
    has_battery: bool,  # noqa: FBT001
    minutes: int,
) -> None:
    # Of the first example's battery the car once relied on more than it gave; in the
    # second the charger's least power once was worth more than the main switch.
    problem = drawn_home_with_car(seed, minutes, DAYS + 1)
    problem = announced_late(problem, np.random.default_rng(seed))
    if not has_battery:
        problem = replace(problem, battery=None, start_stored_kwh=0.0)
    limit_kwh = problem.connection.import_limit_kw * problem.hours
    alone = np.maximum(problem.whole_load_kwh - problem.solar_kwh - limit_kwh, 0)

    booked = flows(problem, JointForecastStrategy().paths(problem))

    car = problem.car
    assert car is not None
    assert booked.car is not None
    assert booked.grid_import_kwh.max() <= limit_kwh + 1e-9
    assert np.all(booked.unserved_kwh <= alone + 1e-9)
    moved = booked.car.charge_kwh + booked.car.discharge_kwh
    assert moved[~car.is_plugged].max(initial=0) == 0
    if car.car.discharge is Discharge.NONE:
        assert booked.car.discharge_kwh.max() == 0
    if car.car.discharge is Discharge.V2H:
        assert booked.car.car_to_grid_kwh.max() <= 1e-9


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.floats(0, 1), st.sampled_from([15, 30]))
def test_no_decision_depends_on_what_is_not_known_yet(
    seed: int, share: float, minutes: int
) -> None:
    random = np.random.default_rng(seed)
    problem = announced_late(drawn_home_with_car(seed, minutes, DAYS), random)
    number = int(share * (problem.grid.count - 1))
    other = another_future(problem, number, random)

    before, after = (JointForecastStrategy().paths(home) for home in (problem, other))

    for name in ("battery_stored_kwh", "car_stored_kwh"):
        kept, found = (getattr(paths, name)[: number + 2] for paths in (before, after))
        assert kept.tobytes() == found.tobytes()


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_a_car_alone_never_costs_less_than_the_best(seed: int) -> None:
    problem = replace(
        drawn_home_with_car(seed, 30, DAYS), battery=None, start_stored_kwh=0.0
    )
    best = exact_car_schedule(problem)

    paths = JointForecastStrategy().paths(problem)

    unserved_kwh = float(flows(problem, paths).unserved_kwh.sum())
    paid_c = cost_c(problem, paths) + best.unserved_c_per_kwh * unserved_kwh
    assert paid_c >= best.lower_bound_c - 1e-6


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_battery_and_car_never_cost_less_than_the_bound(seed: int) -> None:
    problem = replace(drawn_home_with_car(seed, 30, DAYS), end=EndOfRun.FREE)
    best = joint_schedule(problem)

    for strategy in (JointForecastStrategy(), Sequential(SolarFirst())):
        paths = strategy.paths(problem)

        unserved_kwh = float(flows(problem, paths).unserved_kwh.sum())
        paid_c = cost_c(problem, paths) + best.unserved_c_per_kwh * unserved_kwh
        assert paid_c >= best.lower_bound_c - 1e-6


@pytest.mark.parametrize("discharge", list(Discharge))
def test_it_costs_less_than_charging_on_arrival(discharge: Discharge) -> None:
    # Not a law; so in 40 days of this home, by more than 20 AUD, with a battery that
    # plans ahead beside the car that does not. The trips are announced within a day.
    # What is left in the car at the end counts as `cost_c` says.
    problem = problem_of(weather(2, days=40), 30)
    charger = ONE_PHASE if discharge is Discharge.NONE else BOTH_WAYS
    car = car_of(
        problem.grid, CarAtHome(VEHICLE, charger, discharge), 2, Driving(ready=1.0)
    )
    problem = announced_late(replace(problem, car=car), np.random.default_rng(2))

    planned = JointForecastStrategy().paths(problem)

    simple = Sequential(OnArrival(), ForecastStrategy()).paths(problem)
    assert cost_c(problem, planned) < cost_c(problem, simple) - 2_000


def test_with_trips_known_beforehand_they_are_provided_for() -> None:
    # Fifty kWh for a trip on the second morning, which only a car that charges all of
    # the first evening and night can hold.
    problem = problem_of(weather(4, days=3), 30)
    car = car_of(
        problem.grid, CarAtHome(VEHICLE, ONE_PHASE), 4, Driving(trip_kwh=0.0, ready=0)
    )
    away = np.zeros(problem.grid.count, bool)
    away[60:70] = True
    trip = np.where(np.arange(away.size) == 60, 50.0, 0.0)
    known = replace(
        car,
        is_away=away,
        is_plugged=~away,
        would_plug=np.ones(away.size, bool),
        trip_kwh=trip,
        announced=np.full(away.size, -1),
        start_stored_kwh=0.0,
    )
    late = replace(known, announced=np.where(away, 60, -1))

    public = [
        flows(home, JointForecastStrategy().paths(home)).car
        for home in (replace(problem, car=known), replace(problem, car=late))
    ]

    assert public[0] is not None
    assert public[1] is not None
    assert public[0].public_kwh.sum() == pytest.approx(0, abs=0.7)
    assert public[1].public_kwh.sum() > public[0].public_kwh.sum()


def test_plans_that_are_no_plans_are_refused() -> None:
    with pytest.raises(DataError, match="forecast: expected a horizon of 2 to 168"):
        JointForecastStrategy(horizon_hours=1)
