"""One interval's cost and its hull, against a hull found point by point."""

from datetime import timedelta

import numpy as np
import pytest
from tests.analysis.simulation.highs_referee import cost_points
from tests.analysis.simulation.random_homes import START

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.exact_schedule import device_of, steps_of
from home_energy.analysis.simulation.step_cost import (
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
