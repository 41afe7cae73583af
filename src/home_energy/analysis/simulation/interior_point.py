"""The joint optimum of two storages: Mehrotra's predictor and corrector.

S. Mehrotra, On the implementation of a primal-dual interior point method, SIAM J.
Optimization 2 (1992), on the rows of `joint_rows`. Every level has a box, so duals that
fit any multipliers exist: the iterates are dual feasible from the first, and what is
missing in the rows shrinks with every step.
"""

from typing import NamedTuple

import numpy as np

from home_energy.analysis.simulation.joint_columns import Aim
from home_energy.analysis.simulation.joint_extras import (
    extra_column,
    price_extra,
)
from home_energy.analysis.simulation.joint_problem import JointProblem, StorageFigures
from home_energy.analysis.simulation.joint_room import (
    BATTERY,
    BATTERY_PRICE,
    BLOCK,
    BUY,
    CAR,
    CAR_CHARGE,
    CAR_DISCHARGE,
    CAR_PRICE,
    CHARGE,
    DISCHARGE,
    DUAL,
    EXTRA_DUAL,
    EXTRA_LEVEL,
    EXTRA_NUMBERS,
    LEVEL,
    MANY,
    MOST,
    PRICE,
    READY,
    REDUCED,
    ROOM,
    SELL,
    Figures,
    Room,
    blocks_of,
    lay_out,
)
from home_energy.analysis.simulation.joint_rows import reduced_costs
from home_energy.analysis.simulation.stage_passes import (
    first_pass,
    fourth_pass,
    second_pass,
    third_pass,
)
from home_energy.analysis.simulation.step_cost import compiled
from home_energy.domain.series import FloatArray

MOST_ITERATIONS = 100
START_DUAL_C = 10.0
"""[c/kWh] Of every end at the start, above what the reduced cost asks for."""

DEAREST_TYPICAL_C = 100.0
"""[c/kWh] Prices above it do not count where the worth of energy is guessed."""

LEAST_OF_WAY = 0.99
MOST_OF_WAY = 0.9995
"""So much of the way to the nearest end is gone."""

ENOUGH = 0.1
"""Products are not pressed below this share of what is asked: digits would go."""

MISSING = 1e-8
"""Share of what the start misses in the rows that may be left."""


class Outcome(NamedTuple):
    """What was found."""

    cost_c: float
    bound_c: float
    iterations: int


@compiled
def solve_into(room: Room, problem: JointProblem, tolerance: float) -> Outcome:
    """Solve within `tolerance` of the cost, in a room made with `room_for`.

    For other compiled code: nothing is allocated. `unpack` reads the solution.
    """
    return optimum(room, lay_out(room, problem), tolerance, MOST_ITERATIONS)


@compiled
def optimum(
    room: Room, figures: Figures, tolerance: float, most_iterations: int
) -> Outcome:
    """Iterate until cost and bound meet, or as often as allowed."""
    _start(room, figures)
    aim = Aim(0.0, 0.0, 0.0)
    missing = 1.0
    iteration = 0
    while True:
        totals = first_pass(room, figures, aim)
        products = totals.products
        enough = tolerance * (1.0 + abs(totals.bound_c))
        gap = max(products, abs(totals.cost_c - totals.bound_c))
        is_done = gap <= enough and missing <= MISSING
        if is_done or iteration == most_iterations or not np.isfinite(gap):
            return Outcome(totals.cost_c, totals.bound_c, iteration)
        reach = second_pass(room, figures)
        levels, duals = _step(reach.levels, 1.0), _step(reach.duals, 1.0)
        after = products * (1.0 - duals) + (levels - duals) * reach.first
        share = max(after - levels * duals * reach.second, 0.0) / products
        target = max(products * share**3, ENOUGH * enough) / figures.pairs
        third_pass(room, figures, target)
        most, dual_most = fourth_pass(room, figures, target)
        near = 1.0 - products / (1.0 + abs(totals.bound_c))
        way = min(max(LEAST_OF_WAY, near), MOST_OF_WAY)
        aim = Aim(target, _step(most, way), _step(dual_most, way))
        missing *= 1.0 - aim.step
        iteration += 1


@compiled
def _step(reach: float, way: float) -> float:
    """Share of a step that goes part of the way to the nearest end, at most all."""
    return min(1.0, way / max(reach, 1e-30))


@compiled
def _start(room: Room, figures: Figures) -> None:
    """Levels in the middle, multipliers from the prices, duals that fit them."""
    blocks = room.blocks
    worth = 0.0
    for t in range(figures.steps):
        place = _place(t)
        price = 0.5 * (blocks[place + BUY] + blocks[place + SELL])
        blocks[place + PRICE] = price
        worth += min(max(price, 0.0), DEAREST_TYPICAL_C) / figures.steps
    for t in range(figures.steps):
        price = _place(t) + PRICE
        blocks[price + BATTERY_PRICE] = blocks[price + CAR_PRICE] = -worth
        if t > 0 and t % BLOCK == 0:
            before = _place(t - 1) + PRICE + 1
            blocks[before + BATTERY_PRICE] = blocks[before + CAR_PRICE] = -worth
    for b in range(blocks_of(figures.steps)):
        reduced_costs(blocks, b * ROOM, room.bench, figures)
        for i in range(MANY):
            reduced = max(room.bench[REDUCED + i], 0.0)
            blocks[b * ROOM + LEVEL + i] = 0.5 * blocks[b * ROOM + MOST + i]
            blocks[b * ROOM + DUAL + i] = reduced + START_DUAL_C
    for k in range(room.extras.first[blocks_of(figures.steps)]):
        price_extra(room, k)
        column = extra_column(room, k)
        first = k * EXTRA_NUMBERS
        room.extras.numbers[first + EXTRA_LEVEL] = 0.5 * column.most
        dual = max(column.reduced_c, 0.0) + START_DUAL_C
        room.extras.numbers[first + EXTRA_DUAL] = dual


@compiled
def _place(t: int) -> int:
    """Where the rows of step t begin in its block."""
    return t // BLOCK * (ROOM - BLOCK) + t


@compiled
def unpack(
    room: Room, storages: tuple[StorageFigures, StorageFigures], rows: FloatArray
) -> None:
    """Write what was found for each step. (9, T)

    Charged and discharged, by the battery and by the car [kWh, AC]; stored in battery
    and car after the step [kWh]; multipliers of the balance, battery and car [c/kWh].
    """
    battery, car = storages
    count = rows.shape[1]
    for t in range(count):
        place = _place(t)
        rows[0, t] = room.blocks[place + LEVEL + CHARGE]
        rows[1, t] = room.blocks[place + LEVEL + DISCHARGE]
        rows[2, t] = room.blocks[place + LEVEL + CAR_CHARGE]
        rows[3, t] = room.blocks[place + LEVEL + CAR_DISCHARGE]
        rows[4, t] = room.blocks[place + LEVEL + BATTERY]
        rows[5, t] = room.blocks[place + LEVEL + CAR]
        rows[6, t] = room.blocks[place + PRICE]
        rows[7, t] = room.blocks[place + PRICE + BATTERY_PRICE]
        rows[8, t] = room.blocks[place + PRICE + CAR_PRICE]
    rows[4, count - 1] += battery.end_least_kwh
    rows[5, count - 1] += car.end_least_kwh
    extras = room.extras
    for k in range(extras.first[blocks_of(count)]):
        if extras.kind[k] == READY:
            level = extras.numbers[k * EXTRA_NUMBERS + EXTRA_LEVEL]
            rows[5, extras.step[k]] += level
