"""The least cost over the hulls of all intervals, by an interior-point method.

In interval t one of the corners k is done, or a mix of them with shares x_tk that add
up to 1: it changes what is stored by the shares of u_tk and w_tk and costs those of
c_tk. What battery and car hold (S, Z) lies in boxes. With the rows

    S_t+1 - S_t - sum of x u = 0,   Z_t+1 - Z_t - sum of x w = 0,   sum of x = 1

it is a linear programme. A level that is wanted costs per kWh missed; so the car's
energy is held in two parts, one up to the level, whose every kWh earns that price, and
one above it, which is filled after the first because it earns nothing.

Mehrotra's predictor-corrector on 0 <= v <= upper. With Theta the scaling of the
variables, the matrix A Theta A' of the rows is block tridiagonal: a block of three for
each interval, whose third row is eliminated by its pivot, and diagonal couplings
between one interval and the next, for what is stored between them. Of each block the
part that the coupling ahead adds (P) is kept apart from the rest (R): what elimination
leaves for the next is P - P (P + R)^-1 P = P (P + R)^-1 R, which loses no digits.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from home_energy.analysis.simulation.compiling import compiled
from home_energy.domain.series import FloatArray

NOTHING_KWH = 1e-9
"""A box that is no wider holds one value."""

MOST_ITERATIONS = 60

FIRST_DUAL_FRACTION = 4e-4
"""Of what a corner is above the least of its interval, in the mean: with so much every
dual begins; little, for the guess is good. [c, and c/kWh]"""

FIRST_EDGE = 0.01
"""Of a box: so far from its edges everything begins."""

NEARLY = 0.995
"""Of the way to the edge is gone at most."""

FAMILIES = 3
"""Boxed in each interval: the battery's energy, the car's as wanted, and the rest."""


class Corners(NamedTuple):
    """Corners of all intervals, one after the other."""

    starts: npt.NDArray[np.int64]  # (T + 1,) where each interval's begin
    change_kwh: FloatArray  # (n,)
    car_change_kwh: FloatArray  # (n,)
    cost_c: FloatArray  # (n,)


class Boxes(NamedTuple):
    """What is stored after each interval. (3, T), one row a family"""

    upper_kwh: FloatArray
    cost_c_per_kwh: FloatArray
    gained_kwh: FloatArray
    """(2, T) what is stored when all are at their least, less that before."""


class Values(NamedTuple):
    """A point, or a direction from one to the next."""

    share: FloatArray  # (n,)
    reduced: FloatArray  # (n,) dual of share >= 0
    held: FloatArray  # (3, T)
    below: FloatArray  # (3, T) dual of held >= 0
    above: FloatArray  # (3, T) dual of held <= upper
    worth: FloatArray  # (3, T) of the rows


class Blocks(NamedTuple):
    """The rows' matrix, factored, and what stands on the right of every equation."""

    scale: FloatArray  # (n,) Theta of the shares
    held_scale: FloatArray  # (3, T)
    mean: FloatArray  # (2, T) of u and w, by Theta
    weight: FloatArray  # (T,) sum of Theta over the shares
    factor: FloatArray  # (3, T) inverse of P + R: 11, 12, 22
    missed: FloatArray  # (3, T) by how much the rows are
    right: FloatArray  # (3, T)
    product: FloatArray  # (n,) what share times dual is to gain
    below_product: FloatArray  # (3, T) likewise
    above_product: FloatArray  # (3, T)
    pull: FloatArray  # (n,) by how much a dual is missed, with its product
    held_pull: FloatArray  # (3, T)


class Measure(NamedTuple):
    """How far a point is from the end."""

    complementarity: float
    gap: float  # relative
    missed: float  # most by which a row is missed


@compiled
def begin(
    corners: Corners,
    boxes: Boxes,
    point: Values,
    guess: tuple[FloatArray, FloatArray],
) -> None:
    """Begin near a guess of what is held (3, T) and of the first two worths (2, T)."""
    held, worths = guess
    first_dual = _begin_shares(corners, point, worths)
    count = held.shape[1]
    for f in range(FAMILIES):
        worth = point.worth[_row(f)]
        for t in range(count):
            upper = boxes.upper_kwh[f, t]
            edge = FIRST_EDGE * upper
            point.held[f, t] = min(max(held[f, t], edge), upper - edge)
            cost = boxes.cost_c_per_kwh[f, t] - worth[t]
            if t + 1 < count:
                cost += worth[t + 1]
            point.below[f, t] = max(cost, 0.0) + first_dual
            point.above[f, t] = max(-cost, 0.0) + first_dual


@compiled
def _begin_shares(corners: Corners, point: Values, worths: FloatArray) -> float:
    """Begin with the more of a corner the nearer it is to the least; first dual. [c]"""
    starts, reduced = corners.starts, point.reduced
    count, total = worths.shape[1], 0.0
    for t in range(count):
        first, second, least = worths[0, t], worths[1, t], np.inf
        for i in range(starts[t], starts[t + 1]):
            reduced[i] = corners.cost_c[i]
            reduced[i] += corners.change_kwh[i] * first
            reduced[i] += corners.car_change_kwh[i] * second
            least = min(least, reduced[i])
        for i in range(starts[t], starts[t + 1]):
            reduced[i] -= least
            total += reduced[i]
        point.worth[0, t], point.worth[1, t], point.worth[2, t] = first, second, least
    first_dual = max(FIRST_DUAL_FRACTION * total / reduced.size, FIRST_DUAL_FRACTION)
    for t in range(count):
        whole = 0.0
        for i in range(starts[t], starts[t + 1]):
            reduced[i] += first_dual
            whole += 1 / reduced[i]
        for i in range(starts[t], starts[t + 1]):
            point.share[i] = 1 / (reduced[i] * whole)
        point.worth[2, t] -= first_dual
    return first_dual


@compiled
def approach(
    corners: Corners,
    boxes: Boxes,
    point: Values,
    work: tuple[Values, Blocks],
    tolerance: float,
) -> None:
    """Move the point until its gap is below `tolerance`, or no more is gained."""
    direction, blocks = work
    for _ in range(MOST_ITERATIONS):
        _find_missed(corners, boxes, point, blocks)
        now = _measure(corners, boxes, point, blocks)
        if now.gap < tolerance and now.missed < tolerance:
            break
        if not np.isfinite(now.gap):
            break
        _factor(corners, boxes, point, blocks)
        direction.share[:] = direction.held[:] = 0.0
        target = 0.0
        for corrects in (False, True):
            _fill_pulls(corners, point, direction, blocks, target)
            _fill_held_pulls(boxes, point, direction, blocks, target)
            _fill_right(corners, boxes, blocks)
            _solve(direction, blocks)
            _find_direction(corners, point, direction, blocks)
            _find_held(boxes, point, direction, blocks)
            if not corrects:
                ahead = _ahead(boxes, point, direction)
                target = now.complementarity * (ahead / now.complementarity) ** 3
        _advance(boxes, point, direction)


@compiled
def _row(family: int) -> int:
    return 0 if family == 0 else 1


@compiled
def _find_missed(corners: Corners, boxes: Boxes, point: Values, blocks: Blocks) -> None:
    """By how much the rows are missed."""
    starts, held, missed = corners.starts, point.held, blocks.missed
    for t in range(starts.size - 1):
        change = car_change = whole = 0.0
        for i in range(starts[t], starts[t + 1]):
            change += point.share[i] * corners.change_kwh[i]
            car_change += point.share[i] * corners.car_change_kwh[i]
            whole += point.share[i]
        change -= boxes.gained_kwh[0, t] + held[0, t]
        car_change -= boxes.gained_kwh[1, t] + held[1, t] + held[2, t]
        if t > 0:
            change += held[0, t - 1]
            car_change += held[1, t - 1] + held[2, t - 1]
        missed[0, t], missed[1, t], missed[2, t] = change, car_change, 1 - whole


@compiled
def _measure(corners: Corners, boxes: Boxes, point: Values, blocks: Blocks) -> Measure:
    """Cost against the cost of the dual, and what the rows miss."""
    worth = point.worth
    total = cost = dual = missed = 0.0
    pairs = corners.cost_c.size
    for i in range(corners.cost_c.size):
        total += point.share[i] * point.reduced[i]
        cost += point.share[i] * corners.cost_c[i]
    for f in range(FAMILIES):
        for t in range(worth.shape[1]):
            missed = max(missed, abs(blocks.missed[f, t]))
            upper, held = boxes.upper_kwh[f, t], point.held[f, t]
            if upper > NOTHING_KWH:
                total += held * point.below[f, t] + (upper - held) * point.above[f, t]
                cost += boxes.cost_c_per_kwh[f, t] * held
                dual -= upper * point.above[f, t]
                pairs += 2
    for t in range(worth.shape[1]):
        dual += worth[2, t]
        for row in range(2):
            dual -= worth[row, t] * boxes.gained_kwh[row, t]
    return Measure(total / pairs, abs(cost - dual) / (1 + abs(cost)), missed)


@compiled
def _factor(corners: Corners, boxes: Boxes, point: Values, blocks: Blocks) -> None:
    """Scale the variables and factor the rows' matrix."""
    starts = corners.starts
    left = (0.0, 0.0, 0.0)
    for t in range(starts.size - 1):
        weight = mean = car_mean = 0.0
        for i in range(starts[t], starts[t + 1]):
            scale = point.share[i] / point.reduced[i]
            blocks.scale[i] = scale
            weight += scale
            mean += scale * corners.change_kwh[i]
            car_mean += scale * corners.car_change_kwh[i]
        mean, car_mean = mean / weight, car_mean / weight
        r11, r12, r22 = left
        for i in range(starts[t], starts[t + 1]):
            change = corners.change_kwh[i] - mean
            car_change = corners.car_change_kwh[i] - car_mean
            r11 += blocks.scale[i] * change * change
            r12 += blocks.scale[i] * change * car_change
            r22 += blocks.scale[i] * car_change * car_change
        for f in range(FAMILIES):
            upper, held = boxes.upper_kwh[f, t], point.held[f, t]
            blocks.held_scale[f, t] = 0.0
            if upper > NOTHING_KWH:
                steep = point.below[f, t] / held + point.above[f, t] / (upper - held)
                blocks.held_scale[f, t] = 1 / steep
        coupling = (
            blocks.held_scale[0, t],
            blocks.held_scale[1, t] + blocks.held_scale[2, t],
        )
        inverse = _inverse(r11 + coupling[0], r12, r22 + coupling[1])
        left = _parallel(coupling, inverse, (r11, r12, r22))
        blocks.weight[t] = weight
        blocks.mean[0, t], blocks.mean[1, t] = mean, car_mean
        for k in range(3):
            blocks.factor[k, t] = inverse[k]


@compiled
def _inverse(d11: float, d12: float, d22: float) -> tuple[float, float, float]:
    """Inverse of a symmetric block of two; a row without anything in it stays 0."""
    tiny = 1e-18
    if d11 < tiny:
        return 0.0, 0.0, (1 / d22 if d22 > tiny else 0.0)
    ratio = d12 / d11
    rest = d22 - ratio * d12
    last = 1 / rest if rest > max(tiny, 1e-15 * d22) else 0.0
    return 1 / d11 + ratio * ratio * last, -ratio * last, last


@compiled
def _parallel(
    coupling: tuple[float, float],
    inverse: tuple[float, float, float],
    rest: tuple[float, float, float],
) -> tuple[float, float, float]:
    """P (P + R)^-1 R, which is symmetric."""
    p1, p2 = coupling
    i11, i12, i22 = inverse
    r11, r12, r22 = rest
    across = p1 * (i11 * r12 + i12 * r22) + p2 * (i12 * r11 + i22 * r12)
    return p1 * (i11 * r11 + i12 * r12), across / 2, p2 * (i12 * r12 + i22 * r22)


@compiled
def _fill_pulls(
    corners: Corners, point: Values, direction: Values, blocks: Blocks, target: float
) -> None:
    """What each share's dual misses, with what its product is to become."""
    starts, worth = corners.starts, point.worth
    for t in range(starts.size - 1):
        first, second, third = worth[0, t], worth[1, t], worth[2, t]
        for i in range(starts[t], starts[t + 1]):
            share, reduced = point.share[i], point.reduced[i]
            product = target - share * reduced
            product -= direction.share[i] * direction.reduced[i]
            missed = corners.cost_c[i] - reduced - third
            missed += corners.change_kwh[i] * first + corners.car_change_kwh[i] * second
            blocks.product[i] = product
            blocks.pull[i] = missed - product / share


@compiled
def _fill_held_pulls(
    boxes: Boxes, point: Values, direction: Values, blocks: Blocks, target: float
) -> None:
    """The same of what is stored."""
    count = point.held.shape[1]
    for f in range(FAMILIES):
        worth = point.worth[_row(f)]
        for t in range(count):
            upper, held = boxes.upper_kwh[f, t], point.held[f, t]
            if upper <= NOTHING_KWH:
                continue
            step, room = direction.held[f, t], upper - held
            below, above = point.below[f, t], point.above[f, t]
            below_product = target - held * below - step * direction.below[f, t]
            above_product = target - room * above + step * direction.above[f, t]
            missed = boxes.cost_c_per_kwh[f, t] - worth[t] + above - below
            if t + 1 < count:
                missed += worth[t + 1]
            blocks.below_product[f, t] = below_product
            blocks.above_product[f, t] = above_product
            pull = missed - below_product / held + above_product / room
            blocks.held_pull[f, t] = pull


@compiled
def _fill_right(corners: Corners, boxes: Boxes, blocks: Blocks) -> None:
    """Right side of the rows: what they miss, and what the duals ask for."""
    starts, right, missed = corners.starts, blocks.right, blocks.missed
    count = starts.size - 1
    for t in range(count):
        first, second, third = missed[0, t], missed[1, t], missed[2, t]
        for i in range(starts[t], starts[t + 1]):
            pull = blocks.scale[i] * blocks.pull[i]
            first -= pull * corners.change_kwh[i]
            second -= pull * corners.car_change_kwh[i]
            third += pull
        right[0, t] = first + blocks.mean[0, t] * third
        right[1, t] = second + blocks.mean[1, t] * third
        right[2, t] = third
    for f in range(FAMILIES):
        side = right[_row(f)]
        for t in range(count):
            if boxes.upper_kwh[f, t] > NOTHING_KWH:
                pull = blocks.held_scale[f, t] * blocks.held_pull[f, t]
                side[t] += pull
                if t + 1 < count:
                    side[t + 1] -= pull


@compiled
def _solve(direction: Values, blocks: Blocks) -> None:
    """The direction's worths: forward through the blocks, and back."""
    right, factor, scale = blocks.right, blocks.factor, blocks.held_scale
    worth = direction.worth
    count = blocks.weight.size
    for t in range(1, count):
        i11, i12, i22 = factor[0, t - 1], factor[1, t - 1], factor[2, t - 1]
        first, second = right[0, t - 1], right[1, t - 1]
        right[0, t] += scale[0, t - 1] * (i11 * first + i12 * second)
        ahead = scale[1, t - 1] + scale[2, t - 1]
        right[1, t] += ahead * (i12 * first + i22 * second)
    for t in range(count - 1, -1, -1):
        first, second = right[0, t], right[1, t]
        if t + 1 < count:
            first += scale[0, t] * worth[0, t + 1]
            second += (scale[1, t] + scale[2, t]) * worth[1, t + 1]
        i11, i12, i22 = factor[0, t], factor[1, t], factor[2, t]
        worth[0, t] = i11 * first + i12 * second
        worth[1, t] = i12 * first + i22 * second
        worth[2, t] = right[2, t] / blocks.weight[t]
        worth[2, t] += blocks.mean[0, t] * worth[0, t]
        worth[2, t] += blocks.mean[1, t] * worth[1, t]


@compiled
def _find_direction(
    corners: Corners, point: Values, direction: Values, blocks: Blocks
) -> None:
    """Of the shares and of their duals, from that of the worths."""
    starts, worth = corners.starts, direction.worth
    for t in range(starts.size - 1):
        first, second, third = worth[0, t], worth[1, t], worth[2, t]
        for i in range(starts[t], starts[t + 1]):
            along = third - corners.change_kwh[i] * first
            along -= corners.car_change_kwh[i] * second
            share = blocks.scale[i] * (along - blocks.pull[i])
            reduced = blocks.product[i] - point.reduced[i] * share
            direction.share[i] = share
            direction.reduced[i] = reduced / point.share[i]


@compiled
def _find_held(boxes: Boxes, point: Values, direction: Values, blocks: Blocks) -> None:
    """The same of what is stored."""
    count = point.held.shape[1]
    for f in range(FAMILIES):
        worth = direction.worth[_row(f)]
        for t in range(count):
            upper, held = boxes.upper_kwh[f, t], point.held[f, t]
            if upper <= NOTHING_KWH:
                continue
            along = worth[t] - (worth[t + 1] if t + 1 < count else 0.0)
            step = blocks.held_scale[f, t] * (along - blocks.held_pull[f, t])
            below = blocks.below_product[f, t] - point.below[f, t] * step
            above = blocks.above_product[f, t] + point.above[f, t] * step
            direction.held[f, t] = step
            direction.below[f, t] = below / held
            direction.above[f, t] = above / (upper - held)


@compiled
def _lengths(boxes: Boxes, point: Values, direction: Values) -> tuple[float, float]:
    """How far the direction can be gone, by what is and by its duals; 1 at most."""
    far = dual = 1.0
    for i in range(point.share.size):
        far = _shorter(far, point.share[i], direction.share[i])
        dual = _shorter(dual, point.reduced[i], direction.reduced[i])
    for f in range(FAMILIES):
        for t in range(point.held.shape[1]):
            upper, held = boxes.upper_kwh[f, t], point.held[f, t]
            if upper > NOTHING_KWH:
                step = direction.held[f, t]
                far = _shorter(_shorter(far, held, step), upper - held, -step)
                dual = _shorter(dual, point.below[f, t], direction.below[f, t])
                dual = _shorter(dual, point.above[f, t], direction.above[f, t])
    return far, dual


@compiled
def _shorter(length: float, value: float, step: float) -> float:
    """A length at which a value above 0 is still not below it."""
    return -NEARLY * value / step if length * step < -NEARLY * value else length


@compiled
def _ahead(boxes: Boxes, point: Values, direction: Values) -> float:
    """Complementarity at the end of the direction."""
    far, dual = _lengths(boxes, point, direction)
    total, pairs = 0.0, point.share.size
    for i in range(point.share.size):
        share = point.share[i] + far * direction.share[i]
        total += share * (point.reduced[i] + dual * direction.reduced[i])
    for f in range(FAMILIES):
        for t in range(point.held.shape[1]):
            upper = boxes.upper_kwh[f, t]
            if upper > NOTHING_KWH:
                held = point.held[f, t] + far * direction.held[f, t]
                below = point.below[f, t] + dual * direction.below[f, t]
                above = point.above[f, t] + dual * direction.above[f, t]
                total += held * below + (upper - held) * above
                pairs += 2
    return total / pairs


@compiled
def _advance(boxes: Boxes, point: Values, direction: Values) -> None:
    """Go the direction, nearly as far as it can be gone."""
    far, dual = _lengths(boxes, point, direction)
    for i in range(point.share.size):
        point.share[i] += far * direction.share[i]
        point.reduced[i] += dual * direction.reduced[i]
    for f in range(FAMILIES):
        for t in range(point.held.shape[1]):
            point.worth[f, t] += dual * direction.worth[f, t]
            if boxes.upper_kwh[f, t] > NOTHING_KWH:
                point.held[f, t] += far * direction.held[f, t]
                point.below[f, t] += dual * direction.below[f, t]
                point.above[f, t] += dual * direction.above[f, t]
