from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.simulation.plugged_cars import (
    announced_late,
    another_future,
    home_with_car,
)
from tests.analysis.simulation.random_cars import drawn_home_with_car
from tests.analysis.simulation.small_homes import LOSSLESS, with_battery

from home_energy.analysis.simulation.charging_strategy import (
    CHARGING_RULES,
    ChargingRule,
    Cheapest,
    OnArrival,
    Paths,
    Sequential,
    SolarFirst,
    Timer,
)
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.flows import book_flows
from home_energy.analysis.simulation.forecast_strategy import ForecastStrategy
from home_energy.analysis.simulation.forecaster import Forecaster
from home_energy.analysis.simulation.outlook import IssuedPrices
from home_energy.analysis.simulation.strategy import (
    PerfectForesight,
    SelfConsumption,
    SmartCycles,
    Strategy,
    TimeOfUse,
)
from home_energy.domain.dispatch import Dispatch
from home_energy.domain.grid_connection import GridConnection
from home_energy.errors import AlignmentError

SEEDS = st.integers(0, 2**31 - 1)
DAYS = 4
NIGHT = np.arange(DAYS * 48) // 2 % 24 < 6


def rules() -> list[ChargingRule]:
    return [OnArrival(), Timer(NIGHT), Cheapest(), SolarFirst()]


def batteries() -> list[Strategy]:
    return [
        SelfConsumption(),
        SmartCycles(days=2),
        TimeOfUse(NIGHT, np.roll(NIGHT, 24), exports=True),
        ForecastStrategy(),
    ]


def stored(rule: ChargingRule, problem: DispatchProblem) -> list[float]:
    assert problem.car is not None
    values = rule.car_stored_kwh(problem, problem.car)
    return [round(float(value), 9) for value in values]


def flows(problem: DispatchProblem, paths: Paths) -> Dispatch:
    """Booked, which refuses what no battery, car or charger can do."""
    return book_flows(problem, paths.battery_stored_kwh, paths.car_stored_kwh)


def test_rules_have_names_and_have_not_seen_the_future() -> None:
    assert list(CHARGING_RULES) == ["on_arrival", "timer", "cheapest", "solar_first"]
    assert not Sequential(OnArrival()).is_upper_bound
    assert Sequential(OnArrival(), PerfectForesight()).is_upper_bound
    assert Sequential(SolarFirst()).name == "solar_first"


def test_on_arrival_charges_at_full_power_whenever_it_is_plugged_in() -> None:
    # 2 kWh of AC are 1.6 in the cells; the trip takes 1.0 in interval 1.
    problem = home_with_car([0] * 7, [0] * 7, trips={(1, 3): 1.0}, unplugged=[5])

    assert stored(OnArrival(), problem) == [0, 1.6, 0.6, 0.6, 2.2, 3.8, 3.8, 5.4]


def test_a_trip_longer_than_what_is_stored_is_charged_elsewhere() -> None:
    problem = home_with_car([0] * 3, [0] * 3, trips={(1, 2): 4.0})

    dispatch = flows(problem, OnArrival().paths(problem))

    assert dispatch.car is not None
    assert dispatch.car.driven_kwh.tolist() == [0, 4, 0]
    assert dispatch.car.public_kwh == pytest.approx([0, 2.4, 0])


@pytest.mark.parametrize(
    ("start_kwh", "expected"),
    [
        # Room for 3.375 kWh of AC: 2 and 1.375.
        (7.3, [8.9, 10.0]),
        # Room for 2.5: 2 would leave 0.5, less than the least of 1, so 1.5 and 1.
        (8.0, [9.2, 10.0]),
        # Room for 1.75, in one go.
        (8.6, [10.0, 10.0]),
        # Room for 0.625, less than the least.
        (9.5, [9.5, 9.5]),
    ],
)
def test_the_last_kwh_are_charged_with_no_less_than_the_least_power(
    start_kwh: float, expected: list[float]
) -> None:
    problem = home_with_car([0, 0], [0, 0], start_stored_kwh=start_kwh)

    assert stored(OnArrival(), problem)[1:] == pytest.approx(expected)


def test_the_main_switch_slows_charging_down_and_stops_it() -> None:
    # 1.5 kWh may come in. Beside the load 1.5, 1.1 and 0.9 are left; the last is less
    # than the least of 1, but not with 0.5 of sun.
    problem = home_with_car(
        [0, 0.4, 0.6, 0.6], [0, 0, 0, 0.5], connection=GridConnection(3.0, 5.0)
    )

    # 1.5, 1.1, 0 and 1.4 of AC, times 0.8.
    assert stored(OnArrival(), problem) == [0, 1.2, 2.08, 2.08, 3.2]


def test_a_timer_charges_in_its_windows() -> None:
    problem = home_with_car([0] * 4, [0] * 4, trips={(2, 3): 0.1})
    windows = np.array([False, True, True, True])

    assert stored(Timer(windows), problem) == [0, 0, 1.6, 1.5, 3.1]


def test_a_timer_without_windows_for_every_interval_is_refused() -> None:
    problem = home_with_car([0] * 4, [0] * 4)

    with pytest.raises(AlignmentError, match="timer: windows for 3 of 4"):
        Timer(np.ones(3, bool)).paths(problem)


PRICES = [10.0, 50, 20, 30, 40]


@pytest.mark.parametrize(
    ("trips", "ready", "expected"),
    [
        # 2.0 kWh are 1.6 at 10 c and 0.4 at 20 c; those are 0.5 of AC, the least is 1.
        ({}, {4: 2.0}, [0, 1.6, 1.6, 2.4, 2.4, 2.4]),
        # 3.0 kWh for the trip: 1.6 at 10 c and 1.4 at 20 c.
        ({(4, 5): 3.0}, {}, [0, 1.6, 1.6, 3.0, 3.0, 0.0]),
        # 3.6 kWh are 1.6, 1.6 and, at 30 c, 0.4: the least gives 0.8.
        ({(4, 5): 3.6}, {}, [0, 1.6, 1.6, 3.2, 4.0, 0.4]),
        # Wanted at 2 already: 10 c, and then 50 c; at 4 it is still there.
        ({}, {2: 2.4, 4: 2.0}, [0, 1.6, 2.4, 2.4, 2.4, 2.4]),
        # Nothing is wanted.
        ({}, {}, [0] * 6),
    ],
)
def test_the_cheapest_charges_what_is_wanted_and_no_more(
    trips: dict[tuple[int, int], float], ready: dict[int, float], expected: list[float]
) -> None:
    problem = home_with_car([0] * 5, [0] * 5, PRICES, trips=trips, ready=ready)

    rule = Cheapest(Forecaster(published=problem.rates))

    assert stored(rule, problem) == expected


def test_the_cheapest_goes_by_forecasts_on_record() -> None:
    # On the first day the price of 30 c is expected to stay. The forecast on record
    # says that interval 2 is the cheapest.
    problem = home_with_car([0] * 4, [0] * 4, ready={3: 1.6})
    told = np.array([[30.0, 30, 10, 30]])
    assert problem.car is not None

    rule = Cheapest()
    path = rule.car_stored_kwh(
        problem, problem.car, IssuedPrices(np.array([0]), 1, told, told)
    )

    assert path == pytest.approx([0, 0, 0, 1.6, 1.6])
    assert stored(rule, problem) == [0, 1.6, 1.6, 1.6, 1.6]


def test_the_cheapest_leaves_room_beside_the_load_that_is_expected() -> None:
    # Of 2 kWh let in 1.5 are load, so that nothing can be charged at 10 c.
    problem = home_with_car(
        [1.5, 0, 0],
        [0, 0, 0],
        [10, 40, 30],
        ready={2: 0.8},
        connection=GridConnection(4.0, 5.0),
    )

    rule = Cheapest(Forecaster(published=problem.rates))

    assert stored(rule, problem) == [0, 0, 1.6 / 2, 0.8]


def test_solar_first_charges_what_is_left_over_if_it_is_enough() -> None:
    # 1.5 kWh are left over, of which 1.2 reach the cells; then 0.8, less than the
    # least of 1; then 3, of which the charger takes 2.
    problem = home_with_car([0.5] * 4, [0, 2.0, 1.3, 3.5])

    assert stored(SolarFirst(), problem) == [0, 0, 1.2, 1.2, 2.8]


def test_solar_first_buys_what_is_due_as_late_as_can_be() -> None:
    # 2.0 kWh are wanted at 4. Interval 3 brings 1.6, so 0.4 are due in 2: the least
    # of 1 kWh gives 0.8. Then 1.2 are due.
    problem = home_with_car([0] * 5, [0] * 5, ready={4: 2.0})

    assert stored(SolarFirst(), problem) == [0, 0, 0, 0.8, 2.0, 2.0]


def test_solar_first_provides_for_two_trips_with_little_time_between() -> None:
    # 1.6 between the trips do not suffice for the second of 3.0, so 1.0 + 1.4 must be
    # there before the first: 0.8 in interval 1 and 1.6 in interval 2.
    problem = home_with_car([0] * 6, [0] * 6, trips={(3, 4): 1.0, (5, 6): 3.0})

    assert stored(SolarFirst(), problem) == [0, 0, 0.8, 2.4, 1.4, 3.0, 0.0]


def test_solar_first_counts_on_the_main_switch_of_the_day_before() -> None:
    # Intervals of two hours: 8 kWh of AC each, of which 6.4 reach the cells. The day
    # before, in interval 1, the load left 2 of 8 kWh, less than the least of 4:
    # interval 13 counts for nothing. Of 8.0 wanted at 14 interval 12 brings 6.4, so 1.6
    # are due in 11: the least gives 3.2. In 12 all that is missing is due.
    load = [0.0] * 15
    load[1] = 6.0
    problem = home_with_car(
        load,
        [0] * 15,
        ready={14: 8.0},
        minutes=120,
        connection=GridConnection(4.0, 5.0),
        unplugged=list(range(11)),
    )

    assert stored(SolarFirst(), problem)[11:] == [0, 3.2, 8.0, 8.0, 8.0]


@pytest.mark.parametrize("rule", [Cheapest(), SolarFirst()], ids=lambda rule: rule.name)
def test_a_trip_is_provided_for_from_when_it_is_announced(rule: ChargingRule) -> None:
    # Of the trip of 2.0 nothing is known before interval 3, which brings 1.6.
    known, late = (
        home_with_car([0] * 5, [0] * 5, trips={(4, 5): 2.0}, announced=number)
        for number in (-1, 3)
    )

    assert stored(rule, late) == [0, 0, 0, 0, 1.6, 0]
    assert stored(rule, known)[4] >= 2.0


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_a_car_that_is_away_or_unplugged_stores_nothing(rule: ChargingRule) -> None:
    away = home_with_car(
        [0] * 4, [3] * 4, 5.0, trips={(0, 2): 0}, unplugged=[2, 3], ready={3: 5}
    )

    assert stored(rule, away) == [0] * 5


def test_a_home_without_a_car_has_its_battery_alone() -> None:
    problem = replace(home_with_car([1, 1], [2, 0], battery=LOSSLESS), car=None)

    paths = Sequential(OnArrival()).paths(problem)

    assert paths.car_stored_kwh.tolist() == [0, 0, 0]
    assert paths.battery_stored_kwh.tolist() == [0, 1, 0]


def test_a_battery_serves_the_car_as_it_serves_the_load() -> None:
    # The car takes 2 kWh in each interval; 1 kWh of sun serves it, the battery the
    # other, as long as it has one.
    problem = home_with_car([0, 0], [3, 1], battery=LOSSLESS)

    dispatch = flows(problem, OnArrival().paths(problem))

    assert dispatch.car is not None
    assert dispatch.car.solar_to_car_kwh.tolist() == [2, 1]
    assert dispatch.solar_to_battery_kwh.tolist() == [1, 0]
    assert dispatch.car.battery_to_car_kwh.tolist() == [0, 1]


def test_a_battery_that_may_not_export_serves_the_house_alone() -> None:
    battery = with_battery(LOSSLESS, may_export=False)
    problem = home_with_car([0, 0.5], [3, 0], battery=battery)

    dispatch = flows(problem, OnArrival().paths(problem))

    assert dispatch.car is not None
    assert dispatch.car.battery_to_car_kwh.tolist() == [0, 0]
    assert dispatch.battery_to_load_kwh.tolist() == [0, 0.5]


def test_paths_of_different_lengths_are_refused() -> None:
    with pytest.raises(AlignmentError, match="battery of shape"):
        Paths(np.zeros(3), np.zeros(4))


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_every_rule_keeps_every_limit(seed: int) -> None:
    random = np.random.default_rng(seed)
    problem = announced_late(drawn_home_with_car(seed, 30, DAYS), random)
    limit_kwh = problem.connection.import_limit_kw * problem.hours
    alone = np.maximum(problem.whole_load_kwh - problem.solar_kwh - limit_kwh, 0)
    for rule in rules():
        for battery in batteries():
            dispatch = flows(problem, Sequential(rule, battery).paths(problem))
            assert dispatch.car is not None
            assert dispatch.grid_import_kwh.max() <= limit_kwh + 1e-9
            assert np.all(dispatch.unserved_kwh <= alone + 1e-9)
            assert dispatch.car.discharge_kwh.max() == 0


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.floats(0, 1))
def test_no_decision_depends_on_what_is_not_known_yet(seed: int, share: float) -> None:
    random = np.random.default_rng(seed)
    problem = announced_late(drawn_home_with_car(seed, 30, DAYS), random)
    number = int(share * (problem.grid.count - 1))
    other = another_future(problem, number, random)

    for rule in rules():
        before, after = (Sequential(rule).paths(home) for home in (problem, other))
        for name in ("battery_stored_kwh", "car_stored_kwh"):
            kept, found = (getattr(p, name)[: number + 2] for p in (before, after))
            assert kept.tobytes() == found.tobytes()


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_what_is_wanted_is_there_if_charging_all_the_time_had_it_there(
    seed: int,
) -> None:
    # With trips known beforehand, a car that is always plugged in at home, and a main
    # switch that carries load and car; within what the least power may leave undone.
    problem = drawn_home_with_car(seed, 30, DAYS)
    assert problem.car is not None
    car = replace(
        problem.car,
        is_plugged=~problem.car.is_away,
        would_plug=np.ones(problem.grid.count, bool),
    )
    problem = replace(problem, connection=GridConnection(40.0, 5.0), car=car)
    most = OnArrival().car_stored_kwh(problem, car)
    wanted = car.wanted_kwh[:-1]
    wanted = np.maximum(wanted, car.coverable_kwh)
    undone = car.car.charger.least_kw * problem.hours + 1e-9

    for rule in (Cheapest(), SolarFirst()):
        had = rule.car_stored_kwh(problem, car)[:-1]
        assert np.all(had >= np.minimum(wanted, most[:-1]) - undone)
