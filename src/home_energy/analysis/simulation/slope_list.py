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
from numba import njit

from home_energy.analysis.simulation.step_cost import (
    MOST_PIECES,
    Device,
    Pieces,
    Steps,
    booked_cost,
    hull,
    hull_cost,
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


def slope_list(count: int) -> SlopeList:
    """Room for runs of up to `count` intervals."""
    room = 2 * (MOST_PIECES * count + 4)
    return SlopeList(
        np.empty(room),
        np.empty(room),
        Pieces(np.empty(MOST_PIECES), np.empty(MOST_PIECES)),
        np.empty((count, MOST_PIECES)),
    )


@njit(cache=True)
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


@njit(cache=True)
def plan(
    steps: Steps, device: Device, span: tuple[int, int], work: SlopeList, ends: Ends
) -> Ends:
    """Fill `work.levels_kwh` of the intervals of `span`, from its end backwards.

    `ends` is the list after the span, from `end_near` or from an earlier `plan`; that
    of the list before the span is returned.
    """
    for t in range(span[1] - 1, span[0] - 1, -1):
        count, least, most, _ = hull(steps, t, device, work.pieces)
        ends = _discharge(work, t, -least, device.capacity_kwh, ends)
        ends = _charge(work, t, most, count, ends)
    return ends


@njit(cache=True)
def _discharge(
    work: SlopeList, t: int, kwh: float, capacity_kwh: float, ends: Ends
) -> Ends:
    """Slide the right of the list over its end, the cheapest piece first."""
    part = Part(ends.right, ends.right, 0.0)
    k = 0
    while kwh > 0:
        length = min(work.pieces.lengths[k], kwh)
        piece = (-work.pieces.slopes[k], length)
        part, outside = _slide(work, part, ends.left - 1, piece, -1)
        work.levels_kwh[t, k] = capacity_kwh - outside
        kwh -= work.pieces.lengths[k]
        k += 1
    return Ends(ends.left, part.end)


@njit(cache=True)
def _charge(work: SlopeList, t: int, kwh: float, count: int, ends: Ends) -> Ends:
    """Slide the left of the list over its end, the dearest piece first."""
    part = Part(ends.left, ends.left, 0.0)
    k = count - 1
    while kwh > 0:
        length = min(work.pieces.lengths[k], kwh)
        piece = (-work.pieces.slopes[k], length)
        part, outside = _slide(work, part, ends.right + 1, piece, 1)
        work.levels_kwh[t, k] = outside
        kwh -= work.pieces.lengths[k]
        k -= 1
    return Ends(part.end, ends.right)


@njit(cache=True)
def _slide(
    work: SlopeList, part: Part, stop: int, piece: tuple[float, float], side: int
) -> tuple[Part, float]:
    """Put a piece into the list and cut its length off the end.

    `side` is 1 at the left end, -1 at the right: the way from the end inward. Returns
    the part outside the piece as it is then, and how long it was before.
    """
    slopes, lengths, slope, length = work.slopes, work.lengths, piece[0], piece[1]
    end, place, outside = part
    while place != stop and slopes[place] * side < slope * side:
        outside += lengths[place]
        place += side
    if place == end:
        return part, outside
    joins = place != stop and slopes[place] == slope
    filled = min(outside, length)
    if outside <= length:
        end = place
    else:
        rest = length
        while lengths[end] <= rest:
            rest -= lengths[end]
            end += side
        lengths[end] -= rest
        if not joins:
            for j in range(end, place, side):
                slopes[j - side] = slopes[j]
                lengths[j - side] = lengths[j]
    if joins:
        lengths[place] += filled
        return Part(end, place, outside - filled), outside
    slopes[place - side] = slope
    lengths[place - side] = filled
    return Part(end - side, place, outside), outside


@njit(cache=True)
def step_from(
    steps: Steps, t: int, device: Device, work: SlopeList, stored_kwh: float
) -> float:
    """Stored energy after interval t, by the levels, from `stored_kwh` before it."""
    count, least, _, _ = hull(steps, t, device, work.pieces)
    return _followed(work, t, count, stored_kwh + least, device.capacity_kwh)


@njit(cache=True)
def _followed(
    work: SlopeList, t: int, count: int, stored_kwh: float, capacity_kwh: float
) -> float:
    for k in range(count):
        reach = stored_kwh + work.pieces.lengths[k]
        stored_kwh = max(stored_kwh, min(work.levels_kwh[t, k], reach))
    return min(max(stored_kwh, 0.0), capacity_kwh)


@njit(cache=True)
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
    cost = above = 0.0
    before = stored_kwh[0]
    for t in range(stored_kwh.size - 1):
        count, least, _, is_below = hull(steps, t, device, work.pieces)
        after = _followed(work, t, count, before + least, device.capacity_kwh)
        booked = booked_cost(steps, t, device, after - before)
        if is_below:
            lowest = hull_cost(
                steps, t, device, work.pieces, count, least, after - before
            )
            above += max(booked - lowest, 0.0)
        cost += booked
        stored_kwh[t + 1] = after
        before = after
    return cost, above
