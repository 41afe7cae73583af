"""Battery and car over the hulls of their intervals: the highest bound of its kind.

The lower bound (`bound`) is highest at the worths that belong to the least cost over
the convex hulls of the intervals' joint costs. The linear programme's are not these
where burning energy pays, or where the car's least power forbids what it planned.
`hull_point` finds them.
"""

import numpy as np

from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.joint.cost import (
    MOST_VERTICES,
    Pair,
    joint_interval,
    write_vertices,
)
from home_energy.analysis.simulation.joint.following import JointPlan
from home_energy.analysis.simulation.joint.hull_point import (
    FAMILIES,
    Blocks,
    Boxes,
    Corners,
    Values,
    approach,
    begin,
)
from home_energy.analysis.simulation.joint.problem import JointSteps
from home_energy.domain.series import FloatArray

SAME_KWH = 1e-9
"""Corners that are no further apart are one."""

SAME_C = 1e-9
"""A corner that is no further below a line is on it."""


def hull_optimum(
    steps: JointSteps, pair: Pair, guess: JointPlan, tolerance: float
) -> JointPlan | None:
    """Least cost over the hulls, to `tolerance` of it, beginning near a guess.

    `None` if rounding spoilt it. If it came less near, its worths are still worths, and
    the bound at them is a bound.
    """
    corners = joint_corners(steps, pair)
    boxes = _boxes(steps, pair)
    size, count = corners.cost_c.size, steps.load_kwh.size
    point, direction = (_values(size, count) for _ in range(2))
    blocks = _blocks(size, count)
    wanted = boxes.upper_kwh[1]
    car_held = guess.car_stored_kwh[1:]
    held = np.stack([guess.stored_kwh[1:], car_held, car_held - wanted])
    worths = np.stack([guess.worth_c_per_kwh, guess.car_worth_c_per_kwh])
    begin(corners, boxes, point, (held, -worths))
    approach(corners, boxes, point, (direction, blocks), tolerance)
    if not np.all(np.isfinite(point.worth)):
        return None
    held, car_held = point.held[0], point.held[1] + point.held[2]
    held[-1] += pair.battery.end_least_kwh
    car_held[-1] += pair.car.end_least_kwh
    return JointPlan(
        np.append(pair.battery.start_kwh, held),
        np.append(pair.car.start_kwh, car_held),
        -point.worth[0],
        -point.worth[1],
    )


def _values(size: int, count: int) -> Values:
    shares = (np.zeros(size) for _ in range(2))
    return Values(*shares, *(np.zeros((FAMILIES, count)) for _ in range(4)))


def _blocks(size: int, count: int) -> Blocks:
    of_shares, of_held = (np.zeros(size) for _ in range(3)), np.zeros((7, 3, count))
    return Blocks(
        scale=next(of_shares),
        held_scale=of_held[0],
        mean=np.zeros((2, count)),
        weight=np.zeros(count),
        factor=of_held[1],
        missed=of_held[2],
        right=of_held[3],
        product=next(of_shares),
        below_product=of_held[4],
        above_product=of_held[5],
        pull=next(of_shares),
        held_pull=of_held[6],
    )


def _boxes(steps: JointSteps, pair: Pair) -> Boxes:
    """What may be stored after each interval, and what is paid for it."""
    battery, car, prices = pair.battery, pair.car, pair.prices
    count = steps.load_kwh.size
    least, most = np.zeros((2, count)), np.empty((2, count))
    start = np.array([battery.start_kwh, car.start_kwh])
    for row, storage in enumerate((battery, car)):
        most[row] = storage.capacity_kwh
        least[row, -1], most[row, -1] = storage.end_least_kwh, storage.end_most_kwh
    wanted = np.clip(steps.ready_kwh[1:] - least[1], 0.0, most[1] - least[1])
    upper = np.stack([most[0] - least[0], wanted, most[1] - least[1] - wanted])
    cost = np.zeros((FAMILIES, count))
    cost[1] = -prices.short_c_per_kwh
    cost[0, -1] -= battery.end_worth_c_per_kwh
    cost[1:, -1] -= car.end_worth_c_per_kwh
    gained = np.diff(least, axis=1, prepend=start[:, np.newaxis])
    return Boxes(upper, cost, gained)


@compiled
def joint_corners(steps: JointSteps, pair: Pair) -> Corners:
    """All vertices of all intervals, each once."""
    count = steps.load_kwh.size
    room = np.empty((MOST_VERTICES, 3))
    starts = np.zeros(count + 1, np.int64)
    for t in range(count):
        given = joint_interval(steps, t)
        starts[t + 1] = starts[t] + _pruned(room, write_vertices(given, pair, room))
    corners = np.empty((3, starts[count]))
    for t in range(count):
        given = joint_interval(steps, t)
        _pruned(room, write_vertices(given, pair, room))
        for i in range(starts[t], starts[t + 1]):
            for k in range(3):
                corners[k, i] = room[i - starts[t], k]
    return Corners(starts, corners[0], corners[1], corners[2])


@compiled
def _pruned(room: FloatArray, count: int) -> int:
    """Keep each corner once, and none above the line between two others in its row.

    In a row are those with the same change of the battery, or of the car.
    """
    kept = 0
    for k in range(count):
        if not _is_among(room, kept, k):
            room[kept] = room[k]
            kept += 1
    for axis in range(2):
        k = 0
        while k < kept:
            if _is_above(room, kept, k, axis):
                kept -= 1
                room[k] = room[kept]
            else:
                k += 1
    return kept


@compiled
def _is_among(room: FloatArray, kept: int, k: int) -> bool:
    for i in range(kept):
        apart = abs(room[i, 0] - room[k, 0]) + abs(room[i, 1] - room[k, 1])
        if apart < SAME_KWH:
            return True
    return False


@compiled
def _is_above(room: FloatArray, count: int, k: int, axis: int) -> bool:
    """Whether a corner lies on or above the line between two others in its row."""
    along, here, cost = 1 - axis, room[k, 1 - axis], room[k, 2]
    for i in range(count):
        left = here - room[i, along]
        if left < SAME_KWH or abs(room[i, axis] - room[k, axis]) > SAME_KWH:
            continue
        for j in range(count):
            right = room[j, along] - here
            if right < SAME_KWH or abs(room[j, axis] - room[k, axis]) > SAME_KWH:
                continue
            line = (room[i, 2] * right + room[j, 2] * left) / (left + right)
            if cost > line - SAME_C:
                return True
    return False
