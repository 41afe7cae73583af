"""Better schedules where an interval's hull lies below its cost.

Where burning energy pays, or selling more than buying costs, following the levels may
end inside a pooled piece, at a cost above the hull. Two things make it better:

1. Look at the cost as it is. Of all u take the one with the least f(u) + V(S + u). Both
   are piecewise linear, so it lies at a corner of one of them, and all are tried.
2. Plan for what is done. Keep of every such interval the direction of a schedule, that
   is f for u >= 0 or for u <= 0 only. Each is convex (unless selling pays more than
   buying), so V of that problem is what a real policy costs from any S, and looking one
   step ahead with it costs no more than that policy. Repeat while it gains.

This is policy iteration from two first schedules, that of the levels and that of 1
with V of the hulls. It ends in a schedule that no change of one interval's direction
and re-planning of its own makes better, which need not be the best; the lower bound
stays the sum of the hulls.

The value functions are not kept over a year: the list is, every `BLOCK` intervals, and
those within a block are found again from it.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.flows import sealed
from home_energy.analysis.simulation.slope_list import (
    Ends,
    SlopeList,
    end_near,
    plan,
    step_from,
)
from home_energy.analysis.simulation.step_cost import (
    MOST_PIECES,
    Device,
    Interval,
    Steps,
    booked_cost,
    hull,
    interval_of,
    is_too_little,
    ladder,
)
from home_energy.domain.series import FloatArray

BLOCK = 128
"""Intervals whose value functions are kept at once."""


LEAST_GAIN_C = 1e-6
"""What a further round must gain. [c]"""

MOST_ROUNDS = 4
"""Of planning for what is done; after two or three nothing is gained any more."""


class Case(NamedTuple):
    """What is solved, and room to do it in."""

    steps: Steps
    device: Device
    end_stored_kwh: float
    end_above_c_per_kwh: float  # as in `end_near`
    work: SlopeList


class Values(NamedTuple):
    """Value functions after each interval of a block."""

    slopes: FloatArray  # (BLOCK, width)
    lengths: FloatArray  # (BLOCK, width)
    counts: npt.NDArray[np.int64]  # (BLOCK,)


def improved(
    case: Case, stored_kwh: FloatArray, cost_c: float
) -> tuple[FloatArray, float]:
    """Schedule and cost no worse than `stored_kwh` (T + 1,) with `cost_c`."""
    corners = stored_kwh.copy()
    cost = _follow_corners(case, case.steps, corners)
    best, lowest = stored_kwh, cost_c
    for schedule, before in ((stored_kwh, cost_c), (corners, cost)):
        found, found_cost = _repeated(case, schedule, before)
        if found_cost < lowest:
            best, lowest = found, found_cost
    return best, lowest


def _repeated(
    case: Case, schedule: FloatArray, cost_c: float
) -> tuple[FloatArray, float]:
    for _ in range(MOST_ROUNDS):
        planned = _one_way(case.steps, case.device, schedule)
        after = schedule.copy()
        cost = _follow_corners(case, planned, after)
        if not cost < cost_c - LEAST_GAIN_C:
            break
        schedule, cost_c = after, cost
    return schedule, cost_c


def _one_way(steps: Steps, device: Device, stored_kwh: FloatArray) -> Steps:
    """The same, with only the direction of the schedule left where hulls are below."""
    is_below = _below_cost(steps, device)
    is_charge = np.diff(stored_kwh) > 0
    return steps._replace(
        charge_limit_kwh=sealed(
            np.where(is_below & ~is_charge, 0.0, steps.charge_limit_kwh)
        ),
        discharge_limit_kwh=sealed(
            np.where(is_below & is_charge, 0.0, steps.discharge_limit_kwh)
        ),
    )


@compiled
def _below_cost(steps: Steps, device: Device) -> npt.NDArray[np.bool_]:
    """In which intervals the hull lies below the cost. (T,)"""
    slopes, lengths = np.empty(MOST_PIECES), np.empty(MOST_PIECES)
    found = np.empty(steps.load_kwh.size, dtype=np.bool_)
    for t in range(found.size):
        found[t] = hull(interval_of(steps, t), device, slopes, lengths).is_below
    return found


def _follow_corners(case: Case, planned: Steps, stored_kwh: FloatArray) -> float:
    """Fill `stored_kwh` (T + 1,) from its first value on; what it costs. [c]

    The value functions are those of `planned`.
    """
    steps, device, end_kwh, above, work = case
    ends = end_near(work, end_kwh, device.capacity_kwh, above)
    count = stored_kwh.size - 1
    lists = []
    spans = [(t, min(t + BLOCK, count)) for t in range(0, count, BLOCK)]
    for span in reversed(spans):
        inside = slice(ends.left, ends.right + 1)
        lists.append((work.slopes[inside].copy(), work.lengths[inside].copy()))
        ends = plan(planned, device, span, work, ends)
    width = max(slopes.size for slopes, _ in lists) + MOST_PIECES * BLOCK
    values = Values(
        np.empty((BLOCK, width)), np.empty((BLOCK, width)), np.empty(BLOCK, np.int64)
    )
    cost = 0.0
    for span in spans:
        slopes, lengths = lists.pop()
        left = work.slopes.size // 2
        work.slopes[left : left + slopes.size] = slopes
        work.lengths[left : left + slopes.size] = lengths
        ends = Ends(left, left + slopes.size - 1)
        _keep_values(planned, device, span, (work, ends), values)
        cost += _follow_block(steps, device, span, (work, values), stored_kwh)
    return cost


@compiled
def _keep_values(
    steps: Steps,
    device: Device,
    span: tuple[int, int],
    start: tuple[SlopeList, Ends],
    values: Values,
) -> None:
    work, ends = start
    for t in range(span[1] - 1, span[0] - 1, -1):
        row = t - span[0]
        count = ends.right - ends.left + 1
        values.counts[row] = count
        for i in range(count):
            values.slopes[row, i] = work.slopes[ends.left + i]
            values.lengths[row, i] = work.lengths[ends.left + i]
        ends = plan(steps, device, (t, t + 1), work, ends)


@compiled
def _follow_block(
    steps: Steps,
    device: Device,
    span: tuple[int, int],
    known: tuple[SlopeList, Values],
    stored_kwh: FloatArray,
) -> float:
    work, values = known
    cost = 0.0
    for t in range(span[0], span[1]):
        given = interval_of(steps, t)
        pieces = work.pieces
        shape = hull(given, device, pieces.slopes, pieces.lengths)
        before = stored_kwh[t]
        if shape.is_below:
            row = t - span[0]
            count = values.counts[row]
            after = cheapest_step(
                given,
                device,
                before,
                (shape.least_kwh, shape.most_kwh),
                (values.slopes[row, :count], values.lengths[row, :count]),
            )
        else:
            after = step_from(steps, t, device, work, before)
        stored_kwh[t + 1] = after
        cost += booked_cost(given, device, after - before)
    return cost


@compiled
def cheapest_step(
    given: Interval,
    device: Device,
    before_kwh: float,
    reach_kwh: tuple[float, float],
    value: tuple[FloatArray, FloatArray],
) -> float:
    """Stored energy after the cheapest that can be done, by cost and value together.

    Parameters
    ----------
    reach_kwh
        Least and greatest change of the stored energy.
    value
        Slopes and lengths of the value function after the interval.
    """
    rungs = ladder(given, device)
    least = max(before_kwh + reach_kwh[0], 0.0)
    most = min(before_kwh + reach_kwh[1], device.capacity_kwh)
    best, lowest = before_kwh, np.inf
    for power in (
        rungs.first_end,
        rungs.second_end,
        rungs.third_end,
        0.0,
        -np.inf,
        np.inf,
        device.least_charge_kwh,
    ):
        if power > 0:
            change = power * device.charge_efficiency
        else:
            change = power / device.discharge_efficiency
        after = min(max(before_kwh + change, least), most)
        if is_too_little(device, after - before_kwh):
            continue
        total = booked_cost(given, device, after - before_kwh) + _worth(value, after)
        if total < lowest:
            best, lowest = after, total
    slopes, lengths = value
    level = worth = 0.0
    for i in range(slopes.size):
        if least < level < most and not is_too_little(device, level - before_kwh):
            total = booked_cost(given, device, level - before_kwh) + worth
            if total < lowest:
                best, lowest = level, total
        level += lengths[i]
        worth += slopes[i] * lengths[i]
    return best


@compiled
def _worth(value: tuple[FloatArray, FloatArray], stored_kwh: float) -> float:
    """Value function at `stored_kwh`, against that at 0. [c]"""
    slopes, lengths = value
    worth, rest = 0.0, stored_kwh
    for i in range(slopes.size):
        length = min(lengths[i], rest)
        worth += slopes[i] * length
        rest -= length
    return worth
