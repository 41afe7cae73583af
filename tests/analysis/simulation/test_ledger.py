"""Money by flow, by hand and against the bill."""

from dataclasses import replace

import numpy as np
import pytest
from tests.analysis.simulation.random_homes import problem_of, weather
from tests.analysis.simulation.small_cars import with_car, with_charger
from tests.analysis.simulation.small_homes import LOSSLESS, LOSSY, home, with_battery

from home_energy.analysis.simulation.car_schedule import exact_car_schedule
from home_energy.analysis.simulation.flows import book_flows
from home_energy.analysis.simulation.ledger import ledger
from home_energy.analysis.simulation.strategy import SelfConsumption, SmartCycles
from home_energy.analysis.tariffs.plan_files import SHIPPED, load_plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.domain.bill import LineKind
from home_energy.domain.car_at_home import Discharge
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.rates import Rates
from home_energy.errors import AlignmentError


def test_each_flow_has_its_price_by_hand() -> None:
    # 1: solar 3: 1 to load saves 30 c; 1 stores 0.8; 1 sold earns 5 c. Wear 0.8 x 1 c.
    # 2: 0.8 of the cells give 0.4 to the load, which saves 16 c (40 c/kWh); 0.6 bought
    #    cost 24 c. Wear 0.8 c.
    # 3: 2 bought into the battery at 10 c/kWh cost 20 c, store 1.6; wear 1.6 c.
    # 4: 1.6 of the cells are 0.8 AC, sold at 50 c/kWh: 40 c. Wear 1.6 c.
    battery = with_battery(LOSSY, wear_c_per_kwh=1.0)
    problem = home(
        [1, 1, 0, 0], [3, 0, 0, 0], [30, 40, 10, 60], [5, 5, 5, 50], battery=battery
    )
    flows = book_flows(problem, np.array([0, 0.8, 0, 1.6, 0]))

    money = ledger(flows, problem.rates, battery)

    assert money.solar_to_load_c == pytest.approx([30, 0, 0, 0])
    assert money.solar_to_grid_c == pytest.approx([5, 0, 0, 0])
    assert money.battery_to_load_c == pytest.approx([0, 16, 0, 0])
    assert money.grid_to_load_c == pytest.approx([0, 24, 0, 0])
    assert money.grid_to_battery_c == pytest.approx([0, 0, 20, 0])
    assert money.battery_to_grid_c == pytest.approx([0, 0, 0, 40])
    assert money.wear_c == pytest.approx([0.8, 0.8, 1.6, 1.6])
    # 24 + 20 - 5 - 40 = -1 c: the home is paid a cent.
    assert money.energy_aud == pytest.approx(-0.01)
    assert money.wear_aud == pytest.approx(0.048)


def test_grid_energy_that_is_sold_again_is_no_earning_of_the_sun() -> None:
    # Pitfall 9: bought at night, sold in the evening.
    problem = home([0, 0], [0, 0], [10, 60], [5, 50])
    flows = book_flows(problem, np.array([0.0, 2, 0]))

    money = ledger(flows, problem.rates, problem.battery)

    assert money.solar_to_grid_c.sum() == 0
    assert money.battery_to_grid_c.sum() == pytest.approx(100)


def test_money_is_each_intervals_own_not_mean_price_by_sum_of_energy() -> None:
    # Pitfalls 12 and 14: 0.5 kWh at 10 c and 1.5 at 90 c are 140 c, not 2 x 50 = 100.
    problem = home([0.5, 1.5], [0, 0], [10, 90], battery=None, minutes=5)
    flows = book_flows(problem, np.zeros(3))

    assert ledger(flows, problem.rates, None).energy_aud == pytest.approx(1.40)


@pytest.mark.parametrize("plan", ["flat-nsw-ausgrid", "tou-nsw-ausgrid"])
@pytest.mark.parametrize("minutes", [5, 30])
def test_energy_closes_with_the_bill_to_the_cent(plan: str, minutes: int) -> None:
    tariff = PlanTariff(load_plan(SHIPPED / f"{plan}.toml"))
    count = 40 * 24 * 60 // minutes
    random = np.random.default_rng(4)
    sun = np.maximum(np.sin(np.arange(count) * minutes / 1440 * 2 * np.pi), 0)
    problem = home(
        list(random.random(count) * minutes / 30),
        list(sun * minutes / 15),
        battery=with_battery(LOSSLESS, charge_efficiency_fraction=0.9),
        minutes=minutes,
    )
    rates = tariff.rates(problem.grid, None)
    flows = book_flows(problem, SelfConsumption().stored_kwh(problem))

    bill = tariff.bill(flows.metered(), None)

    lines = [
        line.amount_aud
        for line in bill.lines
        if line.kind in (LineKind.USAGE, LineKind.FEED_IN)
    ]
    assert len(lines) >= 2
    assert ledger(flows, rates, problem.battery).energy_aud == pytest.approx(
        sum(lines), abs=0.005
    )


def test_pitfall_14_half_hour_prices_on_five_minute_load_are_refused() -> None:
    # Pitfall 14: a half-hour's prices do not lie on five-minute flows.
    five = home([1, 1], [0, 0], minutes=5)
    thirty = home([1, 1], [0, 0], minutes=30)
    flows = book_flows(five, np.zeros(3))

    with pytest.raises(AlignmentError):
        ledger(flows, thirty.rates, None)


def test_half_hour_prices_are_spread_by_name_not_by_chance() -> None:
    # Pitfall 14: a problem on five minutes takes no half-hourly array.
    five = home([1] * 6, [0] * 6, minutes=5)

    with pytest.raises(AlignmentError):
        Rates(five.grid, np.array([30.0]), np.array([5.0]))


def test_a_home_without_a_battery_wears_nothing() -> None:
    problem = home([1] * 48, [0] * 48, battery=None)
    flows = book_flows(problem, SmartCycles().stored_kwh(problem))

    assert ledger(flows, problem.rates, None).wear_aud == 0


def test_each_flow_of_a_car_has_its_price_by_hand() -> None:
    # 1: 3 into the car: 1 of sun, which would have cost 20 c, and 2 bought for 40 c.
    #    2.4 reach the cells.
    # 2: a trip takes 4; 1.6 charged elsewhere at 70 c/kWh are 112 c, on no bill.
    # 3: 1.5 bought into the car at 10 c/kWh: 15 c. 1.2 reach the cells.
    # 4: 1.2 of the cells are 0.6 AC: 0.4 to the load, which saves 16 c, and 0.2 sold
    #    at 50 c/kWh: 10 c. Wear of 2 c for each of 1.2 kWh: 2.4 c.
    car = with_charger(discharge=Discharge.V2G, wear_c_per_kwh=2.0)
    bare = home([0, 0, 0, 0.4], [1, 0, 0, 0], [20, 30, 10, 40], 50, battery=None)
    problem = with_car(bare, car, {(1, 2): 4.0})
    flows = book_flows(problem, np.zeros(5), np.array([0, 2.4, 0, 1.2, 0]))

    money = ledger(flows, problem.rates, None, car)

    assert money.solar_to_car_c == pytest.approx([20, 0, 0, 0])
    assert money.grid_to_car_c == pytest.approx([40, 0, 15, 0])
    assert money.car_to_load_c == pytest.approx([0, 0, 0, 16])
    assert money.car_to_grid_c == pytest.approx([0, 0, 0, 10])
    assert money.car_wear_c == pytest.approx([0, 0, 0, 2.4])
    # 40 + 15 - 10 = 45 c.
    assert money.energy_aud == pytest.approx(0.45)
    assert money.wear_aud == pytest.approx(0.024)


def test_what_the_battery_gives_the_car_is_valued_at_the_price_to_buy() -> None:
    problem = with_car(home([0], [0], 25))
    flows = book_flows(problem, np.array([2.0, 0]), np.array([0, 1.6]))
    assert problem.car is not None

    money = ledger(flows, problem.rates, problem.battery, problem.car.car)

    assert money.battery_to_car_c == pytest.approx([50])
    assert money.energy_aud == 0


def test_energy_of_a_home_with_a_car_closes_with_the_bill_to_the_cent() -> None:
    tariff = PlanTariff(load_plan(SHIPPED / "tou-nsw-ausgrid.toml"))
    bare = problem_of(weather(2, 40), 30, connection=GridConnection(30.0, 5.0))
    bare = replace(bare, rates=tariff.rates(bare.grid, None))
    car = with_charger(
        discharge=Discharge.V2G,
        wear_c_per_kwh=1.0,
        charge_efficiency_fraction=0.95,
        discharge_efficiency_fraction=0.95,
    )
    problem = with_car(
        bare, car, {(day * 48 + 16, day * 48 + 34): 9.0 for day in range(40)}
    )
    in_car = exact_car_schedule(problem).stored_kwh
    held = np.full(problem.grid.count + 1, problem.start_stored_kwh)
    flows = book_flows(problem, held, in_car)

    bill = tariff.bill(flows.metered(), None)

    lines = [
        line.amount_aud
        for line in bill.lines
        if line.kind in (LineKind.USAGE, LineKind.FEED_IN)
    ]
    money = ledger(flows, problem.rates, problem.battery, car)
    assert flows.car is not None
    assert flows.car.car_to_load_kwh.sum() > 50
    assert money.energy_aud == pytest.approx(sum(lines), abs=0.005)
