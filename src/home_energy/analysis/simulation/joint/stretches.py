"""How far each stretch of steps goes.

The longest step that keeps every level and dual off its ends is set by the worst of a
million columns, and a whole year would wait for one evening of it. Days far apart
hardly know of each other: so every stretch of `STRETCH` blocks goes as far as it and
its two neighbours can, and not much further than they go. Where two stretches meet that
leaves a residual, a share of the change in stored energy, which is worked off as any
other; duals that do not fit the multipliers there any more are mended.

A year takes a quarter to a third fewer iterations so. No theory says that it must come
to an end: where it does not, the method starts again and goes the same share of the
step everywhere, as in the books.
"""

from typing import NamedTuple

from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.joint.room import (
    BATTERY,
    BLOCK,
    CAR,
    DUAL,
    LEVEL,
    MOST,
    REDUCED,
    ROOM,
    STRETCH,
    Figures,
    Room,
    blocks_of,
)

MOST_AHEAD = 0.1
"""Of the step, that a stretch goes further than its neighbour."""

LEAST_OF_TARGET = 0.1
"""Share of the product aimed at that a mended dual gives at least."""


class Manner(NamedTuple):
    """How to iterate."""

    most_iterations: int
    is_together: bool
    """Whether all stretches go the same share of a step."""


@compiled
def stretches_of(figures: Figures) -> int:
    """How many stretches there are."""
    return (blocks_of(figures.steps) + STRETCH - 1) // STRETCH


@compiled
def set_paces(room: Room, figures: Figures, way: float, manner: Manner) -> None:
    """Work out how far each stretch goes on its way to the nearest end."""
    paces = room.paces
    count = stretches_of(figures)
    for s in range(count):
        begin, end = max(s - 1, 0), min(s + 2, count)
        if manner.is_together:
            begin, end = 0, count
        reach = dual_reach = 1e-30
        for k in range(begin, end):
            reach = max(reach, paces.reach[k])
            dual_reach = max(dual_reach, paces.dual_reach[k])
        paces.step[s] = min(1.0, way / reach)
        paces.dual_step[s] = min(1.0, way / dual_reach)
    for shares in (paces.step, paces.dual_step):
        for s in range(1, count):
            shares[s] = min(shares[s], shares[s - 1] + MOST_AHEAD)
        for s in range(count - 2, -1, -1):
            shares[s] = min(shares[s], shares[s + 1] + MOST_AHEAD)


@compiled
def products_left(room: Room, figures: Figures) -> float:
    """What the predictor would leave of the products. [c]"""
    left = 0.0
    paces = room.paces
    for s in range(stretches_of(figures)):
        step, dual_step = paces.step[s], paces.dual_step[s]
        left += paces.products[s] * (1.0 - dual_step)
        left += (step - dual_step) * paces.first[s]
        left -= step * dual_step * paces.second[s]
    return max(left, 0.0)


@compiled
def is_border(b: int) -> bool:
    """Whether block b is the last of its stretch."""
    return (b + 1) % STRETCH == 0


@compiled
def mend_border(room: Room, b: int, target: float) -> None:
    """Make the duals of what is stored after block b fit its reduced cost."""
    for column in (BATTERY + BLOCK - 1, CAR + BLOCK - 1):
        place = b * ROOM + column
        rest = room.blocks[place + MOST] - room.blocks[place + LEVEL]
        if rest > 0:
            least = room.bench[REDUCED + column] + LEAST_OF_TARGET * target / rest
            room.blocks[place + DUAL] = max(room.blocks[place + DUAL], least)
