"""What an interval costs that battery and car share, against trying everything."""

from collections.abc import Iterator

import numpy as np
import pytest

from home_energy.analysis.simulation.joint.cost import (
    MOST_VERTICES,
    JointInterval,
    Pair,
    Stage,
    joint_booked_cost,
    stage_minimum,
    write_vertices,
)
from home_energy.analysis.simulation.joint.problem import JointPrices, StorageFigures

# Every limit is a whole number of these, so that every bend is at a point of the grid.
GRID_KWH = 0.5

LOSSLESS = StorageFigures(10.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 10.0, 0.0)
PRICES = JointPrices(1_000.0, 70.0, 70.0)
PAIR = Pair(
    LOSSLESS,
    LOSSLESS,
    PRICES,
    least_charge_kwh=1.0,
    takes_solar_only=False,
    curtails_solar=True,
    sells_stored=True,
)
# A home with 1 kWh of load and 0.5 kWh of sun; everything may do up to 3 kWh.
EVENING = JointInterval(30.0, 5.0, 1.0, 0.5, 3.0, 3.0, 3.0, 3.0, 5.0, 2.0, 0.0)


def test_both_charge_from_the_grid() -> None:
    # 1 - 0.5 + 2 + 1 = 3.5 kWh at 30 c.
    assert joint_booked_cost(EVENING, PAIR, 2.0, 1.0) == pytest.approx(105.0)


def test_the_battery_charges_the_car_for_nothing_but_wear() -> None:
    wears = StorageFigures(10.0, 0.8, 0.5, 1.0, 2.0, 0.0, 0.0, 10.0, 0.0)
    pair = PAIR._replace(battery=wears, car=LOSSLESS._replace(charge_efficiency=0.5))

    cost = joint_booked_cost(EVENING, pair, -5.0, 1.0)

    # 5 kWh from the cells are 2.5 kWh of AC: 0.5 for the load, 2 for the car, which
    # keeps 1. Wear 5 x 2 c.
    assert cost == pytest.approx(10.0)


def test_a_trip_is_charged_elsewhere_as_far_as_the_car_does_not_pay_for_it() -> None:
    away = EVENING._replace(trip_kwh=4.0, car_charge_limit_kwh=0.0)

    # 0.5 kWh at 30 c for the home, and 1 of 4 kWh at 70 c.
    assert joint_booked_cost(away, PAIR, 0.0, -3.0) == pytest.approx(85.0)


@pytest.mark.parametrize(
    ("change_kwh", "car_change_kwh"),
    [
        (0.0, 0.9),  # below the least charge of 1 kWh
        (3.1, 0.0),
        (0.0, 3.1),
        (-3.1, 0.0),
        (-2.0, -2.0),  # 3.5 kWh to export, 2 of them allowed and 0.5 of them sun
    ],
)
def test_what_cannot_be_done_has_no_cost(
    change_kwh: float, car_change_kwh: float
) -> None:
    assert joint_booked_cost(EVENING, PAIR, change_kwh, car_change_kwh) == np.inf


def test_the_main_switch_carries_battery_and_car_only_if_load_goes_unserved() -> None:
    # Load and both charges less sun are 6.5 kWh; 5 come in, only 1 kWh is load.
    assert joint_booked_cost(EVENING, PAIR, 3.0, 3.0) == np.inf
    # 5.5 kWh: half a kWh of the load goes unserved.
    some = joint_booked_cost(EVENING, PAIR, 2.0, 3.0)
    assert some == pytest.approx(5 * 30 + 0.5 * 1_000)


def test_where_neither_may_export_both_serve_no_more_than_the_load() -> None:
    pair = PAIR._replace(sells_stored=False)

    assert joint_booked_cost(EVENING, pair, -0.25, -0.25) == pytest.approx(0.0)
    assert joint_booked_cost(EVENING, pair, -0.5, -0.25) == np.inf


def _drawn(seed: int) -> tuple[JointInterval, Pair, tuple[float, float]]:
    rng = np.random.default_rng(seed)

    def up_to(most: float) -> float:
        return GRID_KWH * int(rng.integers(0, int(most / GRID_KWH) + 1))

    solar_only = rng.random() < 0.3
    load, solar, charge = up_to(3), up_to(3), up_to(3)
    given = JointInterval(
        float(rng.choice([-20, -3, 0, 10, 30, 300])),
        float(rng.choice([-20, -3, 0, 5, 8, 40, 400])),
        load,
        solar,
        min(charge, max(solar - load, 0.0)) if solar_only else charge,
        up_to(3),
        up_to(3.5) * (rng.random() < 0.8),
        up_to(3) * (rng.random() < 0.6),
        up_to(5),
        up_to(3),
        0.0,
    )
    if rng.random() < 0.2:
        away = {"car_charge_limit_kwh": 0.0, "car_discharge_limit_kwh": 0.0}
        given = given._replace(**away, trip_kwh=2.0)
    pair = Pair(
        _storage(rng, float(rng.choice([0.0, 1.0]))),
        _storage(rng, 0.0),
        PRICES,
        float(rng.choice([0.0, 0.5, 1.0, 2.0])),
        bool(solar_only),
        bool(rng.random() < 0.8),
        bool(rng.random() < 0.8),
    )
    worth, car_worth = rng.normal(15, 30, 2)
    return given, pair, (worth, car_worth)


def _storage(rng: np.random.Generator, wear: float) -> StorageFigures:
    up, down = rng.uniform(0.8, 1, 2)
    out_wear = float(rng.choice([0.0, 2.0]))
    return StorageFigures(10.0, up, down, wear, out_wear, 0.0, 0.0, 10.0, 0.0)


@pytest.mark.parametrize("seed", range(300))
def test_no_point_of_a_grid_is_below_the_stage_minimum_and_one_is_on_it(
    seed: int,
) -> None:
    given, pair, worths = _drawn(seed)

    stage = _minimum(given, pair, worths)

    least = min((value for value in _tried(given, pair, worths)), default=np.inf)
    if least == np.inf:
        assert stage.value_c == np.inf
        return
    assert stage.value_c == pytest.approx(least, abs=1e-9)
    changes = stage.change_kwh, stage.car_change_kwh
    cost = joint_booked_cost(given, pair, *changes)
    value = cost - worths[0] * changes[0] - worths[1] * changes[1]
    assert value == pytest.approx(least, abs=1e-9)


def test_there_is_room_for_all_vertices() -> None:
    room = np.empty((200, 3))

    counts = [write_vertices(*_drawn(seed)[:2], room) for seed in range(300)]

    assert max(counts) <= MOST_VERTICES


def _minimum(given: JointInterval, pair: Pair, worths: tuple[float, float]) -> Stage:
    return stage_minimum(given, pair, *worths, np.empty((MOST_VERTICES, 3)))


def _tried(
    given: JointInterval, pair: Pair, worths: tuple[float, float]
) -> Iterator[float]:
    """Cost less worth of every pair of powers on the grid."""
    powers = _between(-given.discharge_limit_kwh, given.charge_limit_kwh)
    car_powers = _between(-given.car_discharge_limit_kwh, given.car_charge_limit_kwh)
    for power in powers:
        change, wear = _in_cells(pair.battery, power)
        for car_power in car_powers:
            if 0 < car_power < pair.least_charge_kwh:
                continue
            car_change, car_wear = _in_cells(pair.car, car_power)
            cost = wear + car_wear + _least_at_the_meter(given, pair, power, car_power)
            cost -= worths[0] * change + worths[1] * car_change
            if given.trip_kwh == 0:
                yield cost
            else:
                for taken in _between(0.0, given.trip_kwh):
                    public = PRICES.public_c_per_kwh * (given.trip_kwh - taken)
                    yield cost + public + worths[1] * taken


def _least_at_the_meter(
    given: JointInterval, pair: Pair, power: float, car_power: float
) -> float:
    """By trying how much sun to hold back and how much load to leave unserved."""
    need = given.load_kwh - given.solar_kwh + power + car_power
    if not pair.sells_stored and need < 0 and given.load_kwh > given.solar_kwh:
        return np.inf
    forced = max(-given.export_limit_kwh - need, 0.0)
    missing = max(need - given.import_limit_kwh, 0.0)
    if forced > given.solar_kwh or missing > given.load_kwh:
        return np.inf
    own = max(power, 0.0) if pair.takes_solar_only else 0.0
    most = given.solar_kwh - own if pair.curtails_solar and missing == 0 else forced
    costs = []
    for held_back in _between(forced, max(most, forced)):
        net = need + held_back - missing
        if net <= given.import_limit_kwh:
            price = given.buy_c_per_kwh if net > 0 else given.sell_c_per_kwh
            costs.append(price * net)
    return min(costs) + PRICES.unserved_c_per_kwh * missing


def _between(least: float, most: float) -> list[float]:
    steps = range(round(least / GRID_KWH), round(most / GRID_KWH) + 1)
    return [step * GRID_KWH for step in steps]


def _in_cells(storage: StorageFigures, power: float) -> tuple[float, float]:
    """Change of what is stored, and its wear."""
    if power > 0:
        change = power * storage.charge_efficiency
        return change, storage.charge_wear_c_per_kwh * change
    change = power / storage.discharge_efficiency
    return change, -storage.discharge_wear_c_per_kwh * change
