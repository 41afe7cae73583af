"""What one column of the joint programme does in an iteration.

A column has a level v within 0 and u, a dual z of its lower end and w of its upper end.
Its reduced cost is z - w at every iterate, so w need not be kept. For steps dv, dz, dw,
with g what the multipliers' step takes off the reduced cost,

    z dv + v dz = target - v z - (second order)
   -w dv + (u - v) dw = target - (u - v) w - (second order)
    dz - dw = -g

give dv = gives (g + h) with gives = 1 / (z / v + w / (u - v)) and h = -(reduced cost)
for the predictor, which aims at 0 without second order. The corrector adds `bent` to h.
A column with u = 0 gives nothing and stays where it is.
"""

from typing import NamedTuple

from home_energy.analysis.simulation.compiling import numerical

TINY = 1e-60
"""Not 0, and its fourth power is a number."""

LEAST_DUAL = 1e-20


class Column(NamedTuple):
    """Where a column stands."""

    level: float
    dual: float
    most: float
    reduced_c: float


class Aim(NamedTuple):
    """What the corrector aims at, and what comes with the iterate before."""

    target: float
    step: float
    dual_step: float


class Standing(NamedTuple):
    """What follows of a column alone."""

    other_dual: float
    per_level: float
    """1 / v; 0 for a column with u = 0, as the next."""
    per_rest: float
    gives: float
    is_there: float
    """1, or 0 for a column with u = 0."""


@numerical
def standing(column: Column) -> Standing:
    """Work out what both directions need."""
    level, dual, most, reduced = column
    rest = most - level
    other = max(dual - reduced, LEAST_DUAL)
    product = level * rest
    inverse = 1.0 / max(product, TINY)
    gives = product / max(dual * rest + other * level, TINY)
    return Standing(other, rest * inverse, level * inverse, gives, product * inverse)


@numerical
def bent(column: Column, state: Standing, predicted: float, target: float) -> float:
    """What centre and second order add to h, for the predictor's step of the level."""
    down = predicted * state.per_level
    up = predicted * state.per_rest
    return (
        target * (state.per_level - state.per_rest)
        + column.dual * down * (1.0 + down)
        + state.other_dual * up * (1.0 - up)
    )


@numerical
def whole_step(
    column: Column, state: Standing, gains: tuple[float, float], target: float
) -> tuple[float, float]:
    """Steps of level and dual, for what predictor and whole take off the cost."""
    predicted = state.gives * (gains[0] - column.reduced_c)
    h = bent(column, state, predicted, target) - column.reduced_c
    step = state.gives * (gains[1] + h)
    down = predicted * state.per_level
    towards = state.is_there - down * (1.0 + down) + step * state.per_level
    return step, target * state.per_level - column.dual * towards


@numerical
def blocked(
    column: Column, state: Standing, steps: tuple[float, float], gain: float
) -> tuple[float, float]:
    """How often the steps of level and duals go to the nearest end; 1 just reaches."""
    step, dual_step = steps
    inverse = state.is_there / max(column.dual * state.other_dual, TINY)
    lower = -dual_step * state.other_dual
    upper = -(dual_step + gain) * column.dual
    level = max(-step * state.per_level, step * state.per_rest)
    return level, max(lower, upper) * inverse
