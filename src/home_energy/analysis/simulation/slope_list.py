"""The exact optimum of one battery: dynamic programming on a list of slopes.

Let V_t(S) be the least cost from interval t to the end with S kWh stored before it:

    V_t(S) = min over u of f_t(u) + V_{t+1}(S + u),   0 <= S + u <= capacity

with f_t the convex hull of the interval's cost (`step_cost`). V is convex and piecewise
linear, and is kept as a sorted list of (slope, length): slope in c per kWh of stored
energy (minus what one more kWh is worth), lengths adding up to the capacity. The
minimum is an infimal convolution of V_{t+1} with f_t reflected, whose list is
(-slope, length) of every piece of f_t: two sorted lists are merged, then the greatest
charge is cut off the left end and the greatest discharge off the right end.

The lengths of the charging pieces add up to the greatest charge, so merging them and
cutting comes to this, for each of slope m and length e, the dearest first: with q the
level below which the list is steeper than -m (one more kWh is worth more than m),
[0, q) slides left by e over the end, and what becomes free before q has slope -m.
Discharging pieces slide [q, capacity) to the right in the same way, the cheapest first.
What lies between does not move, so the list is kept in the middle of an array and only
its two ends are touched. Equal slopes are joined, which keeps the list of a flat tariff
at a handful of pieces.

The levels q are all that is kept: from any S the best step is to go from S + (least
change) through the pieces in order, each as far as its length and its q allow. So they
are a policy, right from wherever the battery really is.
"""

from typing import NamedTuple

import numpy as np

from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.step_cost import (
    MOST_PIECES,
    NOTHING_KWH,
    Device,
    Pieces,
    Steps,
    at,
    booked_cost,
    hull,
    hull_cost,
    interval_of,
)
from home_energy.domain.series import FloatArray

FORBIDDEN_C_PER_KWH = 1e7
"""Slope that no price reaches, for stored energy that may not be missing at the end."""


class SlopeList(NamedTuple):
    """Room for the list and for what it decides; made once, used for many runs.

    `slopes` and `lengths` have room for every piece of every interval on either side of
    the middle; memory that is never reached is never given by the system.
    """

    slopes: FloatArray  # (10 T + 8,) [c/kWh]
    lengths: FloatArray  # (10 T + 8,) [kWh]
    pieces: Pieces
    levels_kwh: FloatArray  # (T, 5) [kWh]


class Ends(NamedTuple):
    """Where in its room the list begins and where its last entry is."""

    left: int
    right: int


class Part(NamedTuple):
    """One end of the list, as far as it lies outside the piece at hand."""

    end: int  # place of its outermost entry
    place: int  # of the first entry that is not in it
    kwh: float  # how long it is
    stop: int  # place past the other end of the list
    inward: int  # the way to the next place, 1 from the left and -1 from the right


def slope_list(count: int) -> SlopeList:
    """Room for runs of up to `count` intervals."""
    slopes, lengths = np.empty((2, 2 * (MOST_PIECES * count + 4)))
    return SlopeList(
        slopes,
        lengths,
        Pieces(np.empty(MOST_PIECES), np.empty(MOST_PIECES)),
        np.empty((count, MOST_PIECES)),
    )


@compiled
def end_near(
    work: SlopeList, stored_kwh: float, capacity_kwh: float, above_c_per_kwh: float
) -> Ends:
    """List of the end: less than `stored_kwh` is forbidden, more costs `above`.

    `above_c_per_kwh` is `FORBIDDEN_C_PER_KWH` to end with just that much and 0 to end
    with at least that. With `stored_kwh` 0 and `above_c_per_kwh` -v every kWh that is
    left at the end is worth v.
    """
    left = work.slopes.size // 2
    right = left - 1
    if stored_kwh > 0:
        right += 1
        work.slopes[right] = -FORBIDDEN_C_PER_KWH
        work.lengths[right] = stored_kwh
    if capacity_kwh > stored_kwh:
        right += 1
        work.slopes[right] = above_c_per_kwh
        work.lengths[right] = capacity_kwh - stored_kwh
    return Ends(left, right)


@compiled
def plan(
    steps: Steps, device: Device, span: tuple[int, int], work: SlopeList, ends: Ends
) -> Ends:
    """Fill `work.levels_kwh` of the intervals of `span`, from its end backwards.

    `ends` is the list after the span, from `end_near` or from an earlier `plan`; that
    of the list before the span is returned.
    """
    slopes, lengths, (hull_slopes, hull_lengths), levels = work
    left, right = ends
    for t in range(span[1] - 1, span[0] - 1, -1):
        shape = hull(interval_of(steps, t), device, hull_slopes, hull_lengths)
        part = Part(right, right, 0.0, left - 1, -1)
        rest = -shape.least_kwh
        for k in range(shape.pieces):
            if rest < NOTHING_KWH:
                break
            piece = (-hull_slopes[k], min(hull_lengths[k], rest))
            part, outside = slide(slopes, lengths, part, piece)
            levels[t, k] = device.capacity_kwh - outside
            rest -= hull_lengths[k]
        right = part.end
        part = Part(left, left, 0.0, right + 1, 1)
        rest = shape.most_kwh
        for k in range(shape.pieces - 1, -1, -1):
            if rest < NOTHING_KWH:
                break
            piece = (-hull_slopes[k], min(hull_lengths[k], rest))
            part, outside = slide(slopes, lengths, part, piece)
            levels[t, k] = outside
            rest -= hull_lengths[k]
        left = part.end
    return Ends(left, right)


@compiled
def slide(
    slopes: FloatArray, lengths: FloatArray, part: Part, piece: tuple[float, float]
) -> tuple[Part, float]:
    """Put a piece into the list and cut its length off the end.

    Returns the part outside the piece as it is then, and how long it was before.
    """
    end, place, outside, stop, inward = part
    slope, length = piece
    while place != stop and slopes[at(place)] * inward < slope * inward:
        outside += lengths[at(place)]
        place += inward
    if place == end:
        return part, outside
    joins = place != stop and slopes[at(place)] == slope
    if outside < length + NOTHING_KWH:
        filled = outside
        end = place
    else:
        filled = rest = length
        while lengths[at(end)] <= rest:
            rest -= lengths[at(end)]
            end += inward
        lengths[at(end)] -= rest
        if not joins:
            _shift(slopes, lengths, end, place, inward)
    if joins:
        lengths[at(place)] += filled
        return Part(end, place, outside - filled, stop, inward), outside
    slopes[at(place - inward)] = slope
    lengths[at(place - inward)] = filled
    return Part(end - inward, place, outside, stop, inward), outside


@compiled
def _shift(
    slopes: FloatArray, lengths: FloatArray, end: int, place: int, inward: int
) -> None:
    """Move entries from `end` up to `place` one place outward."""
    while end != place:
        slopes[at(end - inward)] = slopes[at(end)]
        lengths[at(end - inward)] = lengths[at(end)]
        end += inward


@compiled
def step_from(
    steps: Steps, t: int, device: Device, work: SlopeList, stored_kwh: float
) -> float:
    """Stored energy after interval t, by the levels, from `stored_kwh` before it."""
    shape = hull(interval_of(steps, t), device, work.pieces.slopes, work.pieces.lengths)
    reach = (stored_kwh + shape.least_kwh, device.capacity_kwh)
    return climb(work.pieces.lengths, work.levels_kwh, t, shape.pieces, reach)


@compiled
def climb(
    lengths: FloatArray,
    levels_kwh: FloatArray,
    t: int,
    count: int,
    reach_kwh: tuple[float, float],
) -> float:
    """Go up from the least that can be stored, and no higher than fits."""
    stored_kwh, capacity_kwh = reach_kwh
    for k in range(count):
        end = stored_kwh + lengths[k]
        stored_kwh = max(stored_kwh, min(levels_kwh[at(t), k], end))
    return min(max(stored_kwh, 0.0), capacity_kwh)


@compiled
def follow(
    steps: Steps, device: Device, work: SlopeList, stored_kwh: FloatArray
) -> tuple[float, float]:
    """Fill `stored_kwh` (T + 1,) from its first value on.

    Returns
    -------
    tuple[float, float]
        What the schedule costs, booked as a device can do it, and by how much that is
        above the sum of the hulls, below which no schedule can be. [c]
    """
    _, _, pieces, levels = work
    slopes, lengths = pieces
    cost = above = 0.0
    before = stored_kwh[0]
    for t in range(stored_kwh.size - 1):
        given = interval_of(steps, t)
        shape = hull(given, device, slopes, lengths)
        reach = (before + shape.least_kwh, device.capacity_kwh)
        after = climb(lengths, levels, t, shape.pieces, reach)
        booked = booked_cost(given, device, after - before)
        if shape.is_below:
            lowest = hull_cost(given, device, pieces, shape, after - before)
            above += max(booked - lowest, 0.0)
        cost += booked
        stored_kwh[t + 1] = after
        before = after
    return cost, above
