"""The joint optimum of two storages: Mehrotra's predictor and corrector.

S. Mehrotra, On the implementation of a primal-dual interior point method, SIAM J.
Optimization 2 (1992), on the rows of `rows`. Every level has a box, so duals that
fit any multipliers exist: the iterates are dual feasible from the first, and what is
missing in the rows is worked off on the way.
"""

from typing import NamedTuple

import numpy as np

from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.joint.extras import (
    extra_column,
    price_extra,
)
from home_energy.analysis.simulation.joint.problem import JointProblem, StorageFigures
from home_energy.analysis.simulation.joint.room import (
    BATTERY,
    BATTERY_PRICE,
    BLOCK,
    BUY,
    CAR,
    CAR_CHARGE,
    CAR_DISCHARGE,
    CAR_GIVEN,
    CAR_PRICE,
    CHARGE,
    DISCHARGE,
    DUAL,
    EXPORT,
    EXTRA_DUAL,
    EXTRA_DUAL_STEP,
    EXTRA_LEVEL,
    EXTRA_LEVEL_STEP,
    EXTRA_NUMBERS,
    GIVEN,
    HELD_BACK,
    IMPORT,
    LEVEL,
    MANY,
    MOST,
    NET,
    PRICE,
    PUBLIC,
    READY,
    REDUCED,
    ROOM,
    SELL,
    UNSERVED,
    Figures,
    Room,
    blocks_of,
    lay_out,
)
from home_energy.analysis.simulation.joint.rows import reduced_costs
from home_energy.analysis.simulation.joint.stage_passes import (
    first_pass,
    fourth_pass,
    second_pass,
    third_pass,
)
from home_energy.analysis.simulation.joint.stretches import (
    Manner,
    products_left,
    set_paces,
    stretches_of,
)
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

MISSING_KWH = 1e-7
"""So much may be missing in a row."""

PATIENCE = 80
"""Iterations after which the same share is gone everywhere, from the start."""

LOST = 1e4
"""Products that grow to so many times their least will not come down again."""


class Outcome(NamedTuple):
    """What was found."""

    cost_c: float
    bound_c: float
    iterations: int
    is_found: bool  # within what was asked


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
    patience = most_iterations
    if stretches_of(figures) > 1:
        patience = min(PATIENCE, most_iterations)
    outcome = _iterate(room, figures, tolerance, Manner(patience, is_together=False))
    if outcome.is_found or patience == most_iterations:
        return outcome
    again = _iterate(
        room, figures, tolerance, Manner(most_iterations, is_together=True)
    )
    iterations = outcome.iterations + again.iterations
    return Outcome(again.cost_c, again.bound_c, iterations, again.is_found)


@compiled
def _iterate(room: Room, figures: Figures, tolerance: float, manner: Manner) -> Outcome:
    """Iterate from the start, so often at most, everywhere alike or not."""
    _start(room, figures)
    target = 0.0
    least = np.inf
    for iteration in range(manner.most_iterations + 1):
        totals = first_pass(room, figures, target)
        products = totals.products
        enough = tolerance * (1.0 + abs(totals.bound_c))
        gap = max(products, abs(totals.cost_c - totals.bound_c))
        is_found = gap <= enough and missing_kwh(room, figures) <= MISSING_KWH
        is_lost = not np.isfinite(gap) or products > LOST * least
        if is_found or is_lost or iteration == manner.most_iterations:
            break
        least = min(least, products)
        second_pass(room, figures)
        set_paces(room, figures, 1.0, manner)
        share = products_left(room, figures) / products
        target = max(products * share**3, ENOUGH * enough) / figures.pairs
        third_pass(room, figures, target)
        fourth_pass(room, figures, target)
        near = 1.0 - products / (1.0 + abs(totals.bound_c))
        way = min(max(LEAST_OF_WAY, near), MOST_OF_WAY)
        set_paces(room, figures, way, manner)
    return Outcome(totals.cost_c, totals.bound_c, iteration, is_found)


@compiled
def missing_kwh(room: Room, figures: Figures) -> float:
    """Most that is missing in a row of a step. [kWh]"""
    extras, k = room.extras, 0
    end = extras.first[blocks_of(figures.steps)]
    most = stored = car_stored = 0.0
    for t in range(figures.steps):
        unserved = public = ready = 0.0
        while k < end and extras.step[k] == t:
            level = extras.numbers[k * EXTRA_NUMBERS + EXTRA_LEVEL]
            unserved += level * (extras.kind[k] == UNSERVED)
            public += level * (extras.kind[k] == PUBLIC)
            ready += level * (extras.kind[k] == READY)
            k += 1
        rows = room.blocks[_place(t) :]
        c, d = rows[CHARGE], rows[DISCHARGE]
        a, e = rows[CAR_CHARGE], rows[CAR_DISCHARGE]
        grid = rows[IMPORT] - rows[EXPORT] - rows[HELD_BACK] + unserved
        stored += rows[GIVEN] + figures.charge * c - figures.discharge * d
        car_stored += rows[CAR_GIVEN] + public
        car_stored += figures.car_charge * a - figures.car_discharge * e
        most = max(
            most,
            abs(rows[NET] - grid + c - d + a - e),
            abs(rows[BATTERY] - stored),
            abs(rows[CAR] + ready - car_stored),
        )
        stored, car_stored = rows[BATTERY], rows[CAR] + ready
    return most


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
        room.extras.numbers[first + EXTRA_LEVEL_STEP] = 0.0
        room.extras.numbers[first + EXTRA_DUAL_STEP] = 0.0


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
