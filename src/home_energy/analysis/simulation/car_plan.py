"""Trips and wanted levels in the list of slopes, and a charger's least power.

The recursion over the intervals at home is that of `slope_list`. In between stand:

A trip. With E kWh to take from the cells and P the price of charging elsewhere,

    V_t(S) = min over d of P (E - d) + V_{t+1}(S - d),   0 <= d <= min(E, S)

which is a discharge of up to E kWh that is worth P each: one piece of slope -P goes
into the list, and E is cut off its right end. Its level is the policy: of S kWh the
trip takes what lies above the level, and the rest is charged elsewhere. What no full
car could hold is charged elsewhere whatever is done.

A wanted level. Missing kWh cost so much each at one moment: so much is taken off the
slopes of the first kWh, as many as are wanted.

The least power. Over the hulls of what a charger can do (`step_cost`) the recursion is
exact, but following its levels a charge may end between nothing and the least. Then V
behind the interval is found again, and of all that can be done the cheapest of cost and
V together is done (`cheapest_step`); so it is where a hull lies below its cost. V is
found again from lists that were kept every `BLOCK` intervals.

The sum of the hulls along the levels, followed as if any charge could be, is the lower
bound.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.corner_steps import cheapest_step
from home_energy.analysis.simulation.slope_list import (
    Ends,
    Part,
    SlopeList,
    climb,
    end_near,
    plan,
    slide,
    slope_list,
    step_from,
)
from home_energy.analysis.simulation.step_cost import (
    MOST_PIECES,
    NOTHING_KWH,
    Device,
    Steps,
    booked_cost,
    hull,
    hull_cost,
    interval_of,
    is_too_little,
)
from home_energy.domain.series import FloatArray

BLOCK = 128
"""Intervals from one list that is kept to the next."""

WORTH_MENDING_C = 1e-9
"""By so little a step may cost more than its hull."""


class CarEvents(NamedTuple):
    """What is asked of a car besides the home."""

    trip_kwh: FloatArray  # (T,) from the cells, in the interval of departure
    wanted_kwh: FloatArray  # (T + 1,) at the start of each interval and at the end
    public_c_per_kwh: float
    short_c_per_kwh: float


class CarCase(NamedTuple):
    """What is solved, and room to do it in."""

    steps: Steps
    device: Device
    events: CarEvents
    work: SlopeList


class _Kept(NamedTuple):
    """Lists at the ends of blocks, one after the other."""

    slopes: FloatArray
    lengths: FloatArray
    first: npt.NDArray[np.int64]  # (B + 1,) where that after each block begins


def car_room(count: int) -> SlopeList:
    """Room for runs of up to `count` intervals, any of which may begin with a wish."""
    work = slope_list(2 * count + 1)
    return work._replace(levels_kwh=np.zeros((count, MOST_PIECES)))


@compiled
def end_of_car(
    events: CarEvents, work: SlopeList, capacity_kwh: float, worth_c_per_kwh: float
) -> Ends:
    """List of the end: what is wanted there, and what else a kWh left is worth."""
    ends = end_near(work, 0.0, capacity_kwh, -worth_c_per_kwh)
    return _wish(events, events.wanted_kwh.size - 1, work, ends)


@compiled
def plan_car(
    steps: Steps,
    device: Device,
    events: CarEvents,
    span: tuple[int, int],
    after: tuple[SlopeList, Ends],
) -> Ends:
    """Fill the levels of the intervals of `span`, from its end backwards.

    `after` is the list after the span, with what is wanted there, from `end_of_car` or
    an earlier `plan_car`; that before the span, with what is wanted at its start, is
    returned.
    """
    work, ends = after
    t = span[1]
    while t > span[0]:
        if events.trip_kwh[t - 1] > NOTHING_KWH:
            t -= 1
            ends = _depart(events, t, device.capacity_kwh, work, ends)
        else:
            end = t
            t -= 1
            while t > span[0] and not (
                events.wanted_kwh[t] > 0 or events.trip_kwh[t - 1] > NOTHING_KWH
            ):
                t -= 1
            ends = plan(steps, device, (t, end), work, ends)
        ends = _wish(events, t, work, ends)
    return ends


@compiled
def _depart(
    events: CarEvents, t: int, capacity_kwh: float, work: SlopeList, ends: Ends
) -> Ends:
    """Put a trip into the list."""
    part = Part(ends.right, ends.right, 0.0, ends.left - 1, -1)
    piece = (-events.public_c_per_kwh, min(events.trip_kwh[t], capacity_kwh))
    part, above = slide(work.slopes, work.lengths, part, piece)
    work.levels_kwh[t, 0] = capacity_kwh - above
    return Ends(ends.left, part.end)


@compiled
def _wish(events: CarEvents, t: int, work: SlopeList, ends: Ends) -> Ends:
    """Put what is wanted before interval t into the list."""
    rest = events.wanted_kwh[t]
    if rest <= NOTHING_KWH:
        return ends
    slopes, lengths = work.slopes, work.lengths
    left, place = ends.left, ends.left
    while place <= ends.right and lengths[place] <= rest + NOTHING_KWH:
        slopes[place] -= events.short_c_per_kwh
        rest -= lengths[place]
        place += 1
    if place > ends.right or rest <= NOTHING_KWH:
        return ends
    left -= 1
    for i in range(left, place - 1):
        slopes[i] = slopes[i + 1]
        lengths[i] = lengths[i + 1]
    slopes[place - 1] = slopes[place] - events.short_c_per_kwh
    lengths[place - 1] = rest
    lengths[place] -= rest
    return Ends(left, ends.right)


@compiled
def car_step_from(
    steps: Steps,
    t: int,
    device: Device,
    planned: tuple[CarEvents, SlopeList],
    stored_kwh: float,
) -> float:
    """Stored energy after interval t, by the levels, from `stored_kwh` before it.

    It may be a charge below the least.
    """
    events, work = planned
    if events.trip_kwh[t] > NOTHING_KWH:
        return _departed(events.trip_kwh[t], work.levels_kwh[t, 0], stored_kwh)
    return step_from(steps, t, device, work, stored_kwh)


@compiled
def _departed(trip_kwh: float, level_kwh: float, stored_kwh: float) -> float:
    """What is left when a trip has taken what it does, by its level."""
    return max(stored_kwh - trip_kwh, min(level_kwh, stored_kwh), 0.0)


@compiled
def solve_car(case: CarCase, stored_kwh: FloatArray) -> tuple[float, float]:
    """Fill the levels and `stored_kwh` (T + 1,) from its first value on.

    Returns
    -------
    tuple[float, float]
        What the schedule costs, booked as charger and car can do it, and below what no
        schedule can be. [c]
    """
    kept = _plan_keeping(case.steps, case.device, case.events, case.work)
    odd = np.empty(case.steps.load_kwh.size, np.int64)
    bound, count = _follow(case, stored_kwh, odd)
    return bound + _mend(case, kept, odd[:count], stored_kwh), bound


@compiled
def _plan_keeping(
    steps: Steps, device: Device, events: CarEvents, work: SlopeList
) -> _Kept:
    """Fill the levels of all intervals; the list after each block."""
    count = steps.load_kwh.size
    blocks = (count + BLOCK - 1) // BLOCK
    first = np.zeros(blocks + 1, np.int64)
    slopes, lengths = np.empty(BLOCK * blocks + 8), np.empty(BLOCK * blocks + 8)
    end = slopes.size
    first[blocks] = end
    ends = end_of_car(events, work, device.capacity_kwh, 0.0)
    for block in range(blocks - 1, -1, -1):
        size = ends.right - ends.left + 1
        if size > end:
            room = slopes.size
            slopes = np.concatenate((np.empty(room + size), slopes))
            lengths = np.concatenate((np.empty(room + size), lengths))
            first += room + size
            end += room + size
        for i in range(size):
            slopes[end - size + i] = work.slopes[ends.left + i]
            lengths[end - size + i] = work.lengths[ends.left + i]
        end -= size
        first[block] = end
        span = (block * BLOCK, min((block + 1) * BLOCK, count))
        ends = plan_car(steps, device, events, span, (work, ends))
    return _Kept(slopes, lengths, first)


@compiled
def _follow(
    case: CarCase, stored_kwh: FloatArray, odd: npt.NDArray[np.int64]
) -> tuple[float, int]:
    """Go by the levels as if any charge could be, filling `stored_kwh`.

    Returns
    -------
    tuple[float, int]
        The sum of the hulls, and how many intervals are noted in `odd`: those whose
        cost lies above, or in which the charger cannot do it. [c]
    """
    steps, device, events, work = case
    (slopes, lengths), levels = work.pieces, work.levels_kwh
    trips, wanted = events.trip_kwh, events.wanted_kwh
    bound, count = 0.0, 0
    before = stored_kwh[0]
    for t in range(trips.size):
        given = interval_of(steps, t)
        if trips[t] > NOTHING_KWH:
            after = _departed(trips[t], levels[t, 0], before)
            bound += events.public_c_per_kwh * (trips[t] + after - before)
            bound += booked_cost(given, device, 0.0)
        else:
            shape = hull(given, device, slopes, lengths)
            reach = (before + shape.least_kwh, device.capacity_kwh)
            after = climb(lengths, levels, t, shape.pieces, reach)
            lowest = booked = booked_cost(given, device, after - before)
            is_too_low = is_too_little(device, after - before)
            if is_too_low or shape.is_below:
                lowest = hull_cost(given, device, work.pieces, shape, after - before)
                if is_too_low or booked - lowest > WORTH_MENDING_C:
                    odd[count] = t
                    count += 1
            bound += lowest
        if wanted[t + 1] > 0:
            bound += events.short_c_per_kwh * max(wanted[t + 1] - after, 0.0)
        stored_kwh[t + 1] = after
        before = after
    return bound, count


@compiled
def _mend(
    case: CarCase,
    kept: _Kept,
    odd: npt.NDArray[np.int64],
    stored_kwh: FloatArray,
) -> float:
    """Turn what was followed into what can be done; what that costs more. [c]"""
    above, t = 0.0, 0
    for first in odd:
        if first < t:
            continue
        t, loose, is_odd = first, stored_kwh[first], True
        while is_odd:
            best = _best_after(case, kept, t, stored_kwh[t])
            more, t, loose, is_odd = _part(case, t, best, loose, stored_kwh)
            above += more
    return max(above, 0.0)


@compiled
def _part(
    case: CarCase, t: int, after: float, loose: float, stored_kwh: FloatArray
) -> tuple[float, int, float, bool]:
    """End interval t with `after` instead and go on from there by the levels.

    `loose` is stored before it as if any charge could be, where `stored_kwh[t]` can.
    It goes on until both hold the same, or up to the next odd interval.

    Returns
    -------
    tuple[float, int, float, bool]
        What that costs more than the hulls; the interval before which it ends, `loose`
        there, and whether it is odd. [c]
    """
    steps, device, events, work = case
    (slopes, lengths), levels = work.pieces, work.levels_kwh
    trips, wanted, count = events.trip_kwh, events.wanted_kwh, events.trip_kwh.size
    above, first, done = 0.0, t, stored_kwh[t]
    while t == first or (t < count and done != loose):
        loose_after = stored_kwh[t + 1]
        if trips[t] > NOTHING_KWH:
            after = _departed(trips[t], levels[t, 0], done)
            gained = after - done - (loose_after - loose)
            above += events.public_c_per_kwh * gained
        else:
            given = interval_of(steps, t)
            shape = hull(given, device, slopes, lengths)
            if t > first:
                reach = (done + shape.least_kwh, device.capacity_kwh)
                after = climb(lengths, levels, t, shape.pieces, reach)
            lowest = booked = booked_cost(given, device, after - done)
            if t > first and shape.is_below:
                lowest = hull_cost(given, device, work.pieces, shape, after - done)
            is_odd = is_too_little(device, after - done)
            if t > first and (is_odd or booked - lowest > WORTH_MENDING_C):
                return above, t, loose, True
            lowest = booked_cost(given, device, loose_after - loose)
            if shape.is_below or is_too_little(device, loose_after - loose):
                lowest = hull_cost(
                    given, device, work.pieces, shape, loose_after - loose
                )
            above += booked - lowest
        if wanted[t + 1] > 0:
            missing = max(wanted[t + 1] - after, 0.0)
            missing -= max(wanted[t + 1] - loose_after, 0.0)
            above += events.short_c_per_kwh * missing
        stored_kwh[t + 1] = after
        done, loose = after, loose_after
        t += 1
    return above, t, loose, False


@compiled
def _best_after(case: CarCase, kept: _Kept, t: int, before: float) -> float:
    """Stored energy after the cheapest that can be done, with what follows it."""
    steps, device, _, work = case
    ends = _list_after(case, kept, t)
    given = interval_of(steps, t)
    shape = hull(given, device, work.pieces.slopes, work.pieces.lengths)
    rows = slice(ends.left, ends.right + 1)
    return cheapest_step(
        given,
        device,
        before,
        (shape.least_kwh, shape.most_kwh),
        (work.slopes[rows], work.lengths[rows]),
    )


@compiled
def _list_after(case: CarCase, kept: _Kept, t: int) -> Ends:
    """Find the value function after interval t again, from that after its block."""
    steps, device, events, work = case
    block = t // BLOCK
    left = place = work.slopes.size // 2
    for i in range(kept.first[block], kept.first[block + 1]):
        work.slopes[place] = kept.slopes[i]
        work.lengths[place] = kept.lengths[i]
        place += 1
    span = (t + 1, min((block + 1) * BLOCK, steps.load_kwh.size))
    return plan_car(steps, device, events, span, (work, Ends(left, place - 1)))
