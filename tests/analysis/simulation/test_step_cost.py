"""One interval's cost and its hull, against a hull found point by point."""

from datetime import timedelta

import numpy as np
import pytest
from tests.analysis.simulation.highs_referee import cost_points
from tests.analysis.simulation.random_homes import START

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.exact_schedule import device_of, steps_of
from home_energy.analysis.simulation.step_cost import (
    MOST_PIECES,
    Device,
    Interval,
    Pieces,
    booked_cost,
    hull,
    hull_cost,
    interval_of,
)
from home_energy.domain.battery import Battery
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.rates import Rates
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid

COUNT = 3_000
TOLERANCE_C = 1e-9


def _intervals(seed: int, *, curtails: bool, from_grid: bool) -> DispatchProblem:
    """Intervals that have nothing to do with each other, many of them odd."""
    rng = np.random.default_rng(seed)
    grid = TimeGrid(START, timedelta(minutes=30), COUNT)
    buy = rng.choice([-100.0, -20.0, -3.0, 0.0, 8.0, 30.0, 500.0], COUNT)
    sell = buy + rng.choice([-15.0, -4.0, 0.0, 6.0], COUNT)
    some = [0.0, 0.3, 1.7, 4.0]
    return DispatchProblem(
        Rates(grid, buy + rng.standard_normal(COUNT), sell),
        rng.choice(some, COUNT) * rng.random(COUNT),
        rng.choice(some, COUNT) * rng.random(COUNT),
        Battery(
            "drawn", 10, 5, 4, 0.9, 0.85, wear_c_per_kwh=0.4,
            may_charge_from_grid=from_grid,
        ),
        GridConnection(3.0, rng.choice([0.0, 1.5, 8.0], COUNT), curtails),
    )  # fmt: skip


def _lower_hull(changes: FloatArray, costs: FloatArray) -> FloatArray:
    """Height of the lower convex hull of points above each of them."""
    order = np.lexsort((costs, changes))
    kept: list[int] = []
    for i in order:
        if kept and changes[i] - changes[kept[-1]] < 1e-12:
            continue
        while len(kept) > 1 and _turns_down(changes, costs, kept[-2], kept[-1], i):
            kept.pop()
        kept.append(int(i))
    return np.asarray(np.interp(changes, changes[kept], costs[kept]))


def _turns_down(
    changes: FloatArray, costs: FloatArray, first: int, middle: int, last: int
) -> bool:
    rise = (costs[middle] - costs[first]) * (changes[last] - changes[first])
    return bool(
        rise >= (costs[last] - costs[first]) * (changes[middle] - changes[first])
    )


@pytest.mark.parametrize("from_grid", [True, False])
@pytest.mark.parametrize("curtails", [True, False])
def test_hull_is_the_hull_of_the_cost(*, curtails: bool, from_grid: bool) -> None:
    problem = _intervals(1, curtails=curtails, from_grid=from_grid)
    device = device_of(problem)
    steps = steps_of(problem, problem.connection.import_limits_kwh(problem.grid))
    pieces = Pieces(np.empty(5), np.empty(5))
    changes, costs = cost_points(problem, device.unserved_c_per_kwh)
    equal = 0

    for t in range(COUNT):
        given = interval_of(steps, t)
        shape = hull(given, device, *pieces)
        booked = [booked_cost(given, device, u) for u in changes[t]]
        ours = np.array(
            [hull_cost(given, device, pieces, shape, u) for u in changes[t]]
        )
        expected = _lower_hull(changes[t], costs[t])

        tolerance = TOLERANCE_C * max(1.0, np.abs(costs[t]).max())
        assert booked == pytest.approx(costs[t], abs=tolerance)
        assert np.all(np.diff(pieces.slopes[: shape.pieces]) >= 0)
        assert np.sum(pieces.lengths[: shape.pieces]) == pytest.approx(
            np.ptp(changes[t])
        )
        if given.sell_c_per_kwh > 0 > given.buy_c_per_kwh:
            # Selling earns and buying earns: only a bound is promised.
            assert np.all(ours <= expected + tolerance)
        else:
            assert ours == pytest.approx(expected, abs=tolerance)
            equal += 1

    assert equal > COUNT / 2


UNSERVED_C_PER_KWH = 2_000.0


def _chargers(seed: int) -> tuple[list[Interval], Device]:
    """A car beside a battery, whose net power is in the load: it may be below 0."""
    rng = np.random.default_rng(seed)
    device = Device(
        capacity_kwh=40.0,
        charge_efficiency=rng.uniform(0.8, 1),
        discharge_efficiency=rng.uniform(0.8, 1),
        charge_wear_c_per_kwh=0.0,
        discharge_wear_c_per_kwh=rng.choice([0.0, 3.0]),
        unserved_c_per_kwh=UNSERVED_C_PER_KWH,
        takes_solar_only=False,
        curtails_solar=bool(rng.random() < 0.7),
        least_charge_kwh=rng.choice([0.0, 0.69, 2.07]),
    )
    some = [0.0, 0.3, 1.7, 4.0]
    intervals = []
    for _ in range(COUNT // 10):
        buy = rng.choice([-100.0, -20.0, -3.0, 0.0, 8.0, 30.0, 500.0])
        intervals.append(
            Interval(
                buy_c_per_kwh=buy,
                sell_c_per_kwh=buy - rng.choice([0.0, 4.0, 15.0, -6.0]),
                load_kwh=rng.choice(some) * rng.random() - rng.choice([0.0, 2.0, 3.5]),
                solar_kwh=rng.choice(some) * rng.random(),
                charge_limit_kwh=rng.choice([0.0, 0.5, 2.0, 3.5]),
                discharge_limit_kwh=rng.choice([0.0, 2.5]),
                import_limit_kwh=rng.choice([0.5, 3.0]),
                export_limit_kwh=rng.choice([0.0, 1.0, 2.5]),
            )
        )
    return intervals, device


def _charger_cost_c(given: Interval, device: Device, power_kwh: float) -> float:
    """Least cost of an AC power: whatever the sun holds back, all corners tried."""
    lacking = given.load_kwh - given.solar_kwh + power_kwh
    held_back = [0.0, given.solar_kwh]
    if device.curtails_solar:
        ends = (0.0, given.import_limit_kwh, -given.export_limit_kwh)
        held_back += [end - lacking for end in ends]
    else:  # only for the export limit
        held_back = [np.clip(-given.export_limit_kwh - lacking, 0, given.solar_kwh)]
    costs = []
    for held in held_back:
        if not 0 <= held <= given.solar_kwh:
            continue
        net = lacking + held
        unserved = max(net - given.import_limit_kwh, 0.0)
        stuck = max(-given.export_limit_kwh - net, 0.0)
        net += stuck - unserved
        price = given.buy_c_per_kwh if net > 0 else given.sell_c_per_kwh
        costs.append(net * price + UNSERVED_C_PER_KWH * (unserved + stuck))
    out = max(-power_kwh, 0) / device.discharge_efficiency
    return float(min(costs) + device.discharge_wear_c_per_kwh * out)


def _charger_points(given: Interval, device: Device) -> tuple[FloatArray, FloatArray]:
    """Changes among which are all corners, but those the charger cannot do; costs."""
    bends = [-given.export_limit_kwh, 0.0, given.import_limit_kwh]
    bends += [bend - given.solar_kwh for bend in bends]
    powers = np.array([bend - given.load_kwh + given.solar_kwh for bend in bends])
    least, most = -given.discharge_limit_kwh, given.charge_limit_kwh
    least = max(least, -given.export_limit_kwh - given.load_kwh)
    most = min(most, given.import_limit_kwh + given.solar_kwh - min(given.load_kwh, 0))
    ends = [min(least, 0.0), 0.0, most, device.least_charge_kwh]
    powers = np.clip(np.append(powers, ends), min(least, 0.0), most)
    powers = powers[(powers <= 0) | (powers >= device.least_charge_kwh)]
    costs = [_charger_cost_c(given, device, power) for power in powers]
    changes = np.where(
        powers > 0,
        powers * device.charge_efficiency,
        powers / device.discharge_efficiency,
    )
    return changes, np.array(costs)


@pytest.mark.parametrize("seed", range(16))
def test_hull_of_a_charger_that_gives_nothing_or_its_least(seed: int) -> None:
    intervals, device = _chargers(seed)
    pieces = Pieces(np.empty(8), np.empty(8))
    equal = 0

    for given in intervals:
        changes, costs = _charger_points(given, device)
        shape = hull(given, device, *pieces)
        booked = [booked_cost(given, device, u) for u in changes]
        ours = np.array([hull_cost(given, device, pieces, shape, u) for u in changes])
        expected = _lower_hull(changes, costs)

        tolerance = TOLERANCE_C * max(1.0, np.abs(costs).max())
        assert booked == pytest.approx(costs, abs=tolerance)
        assert shape.pieces <= MOST_PIECES
        assert np.all(np.diff(pieces.slopes[: shape.pieces]) >= 0)
        assert shape.most_kwh == pytest.approx(changes.max(), abs=1e-12)
        assert shape.least_kwh == pytest.approx(changes.min(), abs=1e-12)
        lengths = pieces.lengths[: shape.pieces]
        assert lengths.sum() == pytest.approx(np.ptp(changes), abs=1e-9)
        if given.sell_c_per_kwh > 0 > given.buy_c_per_kwh and device.curtails_solar:
            assert np.all(ours <= expected + tolerance)
        else:
            assert ours == pytest.approx(expected, abs=tolerance)
            equal += 1

    assert equal > len(intervals) / 2


def test_a_charger_that_is_given_less_than_its_least_does_not_charge() -> None:
    # 2 kWh is the least; 1.5 of import are all there is. Then 2: just enough, at 10 c
    # a kWh of AC into 0.5 kWh of cells.
    device = Device(10.0, 0.5, 1.0, 0.0, 0.0, 1000.0, False, True, 2.0)  # noqa: FBT003
    pieces = Pieces(np.empty(5), np.empty(5))
    given = Interval(10.0, 5.0, 0.0, 0.0, 3.0, 0.0, 1.5, 5.0)

    less = hull(given, device, *pieces)
    enough = hull(given._replace(import_limit_kwh=2.0), device, *pieces)

    assert (less.pieces, less.most_kwh) == (0, 0)
    assert (enough.pieces, enough.most_kwh) == (1, 1)
    assert pieces.slopes[0] == pytest.approx(20)


def test_the_way_to_the_least_charge_is_straight_by_hand() -> None:
    # Sun 1 for nothing (its price is 0), then bought at 30: 2 kWh are the least and
    # cost 30 c, 15 c a kWh on the way; the third costs 30.
    device = Device(10.0, 1.0, 1.0, 0.0, 0.0, 1000.0, False, True, 2.0)  # noqa: FBT003
    pieces = Pieces(np.empty(5), np.empty(5))

    shape = hull(Interval(30.0, 0.0, 0.0, 1.0, 3.0, 0.0, 9.0, 5.0), device, *pieces)

    assert shape.pieces == 2
    assert pieces.slopes[:2] == pytest.approx([15, 30])
    assert pieces.lengths[:2] == pytest.approx([2, 1])
