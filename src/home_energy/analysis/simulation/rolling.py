"""Re-plan every half-hour on what is expected then, act on what is measured.

At a re-plan the exact optimum (`slope_list`) is found of the hours ahead: intervals of
the axis first, then longer blocks of them. Kept of it is the value function after each
interval until the next re-plan, V_{t+1}: what one more stored kWh is worth there. When
interval t comes, its measured prices, load and solar are put against V_{t+1}, and that
one step is decided by its levels. So a plan need not be right about the interval that
it decides, and a battery that is not where it was planned needs no new plan.

Nor does a plan ask what is stored. So the year is planned in spans, as many at once as
there are cores, and then followed in one go.

Of what lies after the horizon only the worth of a stored kWh is known.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.expected_hours import (
    Horizon,
    Issued,
    Misses,
    compare,
    expect,
    newest_issue,
    no_misses,
)
from home_energy.analysis.simulation.forecaster import (
    EXPORT_PRICE,
    IMPORT_PRICE,
    LOAD,
    SOLAR,
    Past,
)
from home_energy.analysis.simulation.slope_list import (
    Ends,
    SlopeList,
    climb,
    end_near,
    plan,
    slope_list,
)
from home_energy.analysis.simulation.step_cost import (
    MOST_PIECES,
    Device,
    Steps,
    hull,
    interval_of,
)
from home_energy.domain.series import FloatArray

NOW_C_PER_KWH = 1e-6
"""By so little is now preferred to a later interval of the same price.

Without it a plan that may as well wait would wait for ever: at a price that never
changes no load would be served. The price to buy is taken as so much higher; that to
sell as so much lower where solar is left over, which is stored sooner, and higher
elsewhere, where only the battery can sell.
"""


SPANS = 8
"""Parts in which a run is planned, whatever the number of cores, for the same sums."""


class Ahead(NamedTuple):
    """What is known of every interval ahead. [kWh per interval]"""

    charge_limit_kwh: float
    discharge_limit_kwh: float
    import_limit_kwh: float
    standby_kwh: float
    may_charge_from_grid: bool
    may_export: bool


class Run(NamedTuple):
    """What is run."""

    actual: Steps
    device: Device
    home: Ahead
    horizon: Horizon


class Known(NamedTuple):
    """What is known of the time ahead."""

    past: Past
    issued: Issued
    worth_c_per_kwh: FloatArray  # (D,) of a stored kWh after the horizon


class Values(NamedTuple):
    """Value functions after each interval until the next re-plan."""

    slopes: FloatArray  # (between plans, room)
    lengths: FloatArray
    counts: NDArray[np.int64]  # (between plans,)


class Room(NamedTuple):
    """Places to write to, made once."""

    work: SlopeList
    window: Steps
    values: Values
    ahead: FloatArray  # (4, intervals of the horizon)
    misses: Misses


def room_for(horizon: Horizon, leads: NDArray[np.int64]) -> Room:
    """Room for plans of one length."""
    work = slope_list(horizon.steps)
    shape = (horizon.between_plans, work.slopes.size)
    return Room(
        work,
        Steps(*(np.empty(horizon.steps) for _ in Steps._fields)),
        Values(np.empty(shape), np.empty(shape), np.zeros(shape[0], np.int64)),
        np.empty((4, horizon.intervals)),
        no_misses(leads),
    )


class Rolled(NamedTuple):
    """What came of a run."""

    stored_kwh: FloatArray  # (T + 1,)
    misses: Misses
    made_count: int  # intervals of all horizons that no issued forecast told of


def run_rolling(
    run: Run, known: Known, leads: NDArray[np.int64], start_stored_kwh: float
) -> Rolled:
    """Plan every span of a run, and follow the plans.

    Parameters
    ----------
    leads
        How far ahead errors are counted. [intervals]
    """
    count, between = run.actual.load_kwh.size, run.horizon.between_plans
    length = max(-(-count // (SPANS * between)), 1) * between
    spans = [
        (first, min(first + length, count)) for first in range(0, max(count, 1), length)
    ]
    rooms = [room_for(run.horizon, leads) for _ in spans]
    levels = np.empty((count, MOST_PIECES))
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        made = threads.map(
            lambda room, span: plan_span(run, known, room, span, levels), rooms, spans
        )
        made_count = sum(made)
    stored = np.full(count + 1, start_stored_kwh)
    follow_levels(run, rooms[0], levels, stored)
    misses = Misses(
        leads,
        np.sum([room.misses.errors for room in rooms], axis=0),
        np.sum([room.misses.compared for room in rooms], axis=0),
    )
    return Rolled(stored, misses, made_count)


@compiled
def plan_span(
    run: Run, known: Known, room: Room, span: tuple[int, int], levels_kwh: FloatArray
) -> int:
    """Fill the levels (T, 5) of a span's intervals, and the errors of `room`.

    What is stored is of no account to them, so spans can be planned in any order.

    Parameters
    ----------
    span
        From a re-plan to another, or to the end.

    Returns
    -------
    int
        Intervals of all horizons, together, that no issued forecast told of.
    """
    actual, device, home, horizon = run
    work, window, ahead = room.work, room.window, room.ahead
    between = horizon.between_plans
    k, made = -1, 0
    for start in range(span[0], span[1], between):
        k = newest_issue(known.issued, k, start)
        made += expect(known.past, known.issued, k, start, ahead)
        compare(room.misses, known.past, start, ahead)
        lay_out(window, ahead, home, horizon, actual.export_limit_kwh[start])
        worth = known.worth_c_per_kwh[start // known.past.expected.shape[2]]
        ends = end_near(work, 0.0, device.capacity_kwh, -worth)
        ends = plan(window, device, (between, horizon.steps), work, ends)
        for j in range(between - 1, -1, -1):
            keep(work, ends, room.values, j)
            if j > 0:
                ends = plan(window, device, (j, j + 1), work, ends)
        for j in range(min(between, span[1] - start)):
            measure(window, j, actual, start + j)
            plan(window, device, (j, j + 1), work, kept(work, room.values, j))
            for piece in range(MOST_PIECES):
                levels_kwh[start + j, piece] = work.levels_kwh[j, piece]
    return made


@compiled
def follow_levels(
    run: Run, room: Room, levels_kwh: FloatArray, stored_kwh: FloatArray
) -> None:
    """Fill `stored_kwh` (T + 1,) from its first value on, by levels (T, 5)."""
    actual, device, home, _ = run
    window, pieces = room.window, room.work.pieces
    window.import_limit_kwh[0] = home.import_limit_kwh
    for t in range(stored_kwh.size - 1):
        measure(window, 0, actual, t)
        given = interval_of(window, 0)
        shape = hull(given, device, pieces.slopes, pieces.lengths)
        reach = (stored_kwh[t] + shape.least_kwh, device.capacity_kwh)
        stored_kwh[t + 1] = climb(pieces.lengths, levels_kwh, t, shape.pieces, reach)


@compiled
def lay_out(
    window: Steps, ahead: FloatArray, home: Ahead, horizon: Horizon, export_limit: float
) -> None:
    """Turn what is expected of intervals into steps of the plan.

    The export limit is expected to stay.
    """
    first = 0
    for j in range(horizon.steps):
        length = 1 if j < horizon.fine else horizon.of_a_block
        buy = sell = load = solar = lacking = surplus = 0.0
        for i in range(first, first + length):
            buy += ahead[IMPORT_PRICE, i]
            sell += ahead[EXPORT_PRICE, i]
            used = ahead[LOAD, i] + home.standby_kwh
            load += used
            solar += ahead[SOLAR, i]
            lacking += max(used - ahead[SOLAR, i], 0.0)
            surplus += max(ahead[SOLAR, i] - used, 0.0)
        window.buy_c_per_kwh[j] = buy / length
        window.sell_c_per_kwh[j] = sell / length
        window.load_kwh[j] = load
        window.solar_kwh[j] = solar
        charge = length * home.charge_limit_kwh
        discharge = length * home.discharge_limit_kwh
        if not home.may_charge_from_grid:
            charge = min(charge, surplus)
        if not home.may_export:
            discharge = min(discharge, lacking)
        window.charge_limit_kwh[j] = charge
        window.discharge_limit_kwh[j] = discharge
        window.import_limit_kwh[j] = length * home.import_limit_kwh
        window.export_limit_kwh[j] = length * export_limit
        first += length


@compiled
def measure(window: Steps, j: int, actual: Steps, t: int) -> None:
    """Put what is measured of interval t into step j."""
    is_left_over = actual.solar_kwh[t] > actual.load_kwh[t]
    now = -NOW_C_PER_KWH if is_left_over else NOW_C_PER_KWH
    window.buy_c_per_kwh[j] = actual.buy_c_per_kwh[t] + NOW_C_PER_KWH
    window.sell_c_per_kwh[j] = actual.sell_c_per_kwh[t] + now
    window.load_kwh[j] = actual.load_kwh[t]
    window.solar_kwh[j] = actual.solar_kwh[t]
    window.charge_limit_kwh[j] = actual.charge_limit_kwh[t]
    window.discharge_limit_kwh[j] = actual.discharge_limit_kwh[t]
    window.export_limit_kwh[j] = actual.export_limit_kwh[t]


@compiled
def keep(work: SlopeList, ends: Ends, values: Values, j: int) -> None:
    """Keep the list as the value function after interval j."""
    count = ends.right - ends.left + 1
    values.counts[j] = count
    for i in range(count):
        values.slopes[j, i] = work.slopes[ends.left + i]
        values.lengths[j, i] = work.lengths[ends.left + i]


@compiled
def kept(work: SlopeList, values: Values, j: int) -> Ends:
    """Put the value function after interval j back into the list."""
    left = work.slopes.size // 2
    count = values.counts[j]
    for i in range(count):
        work.slopes[left + i] = values.slopes[j, i]
        work.lengths[left + i] = values.lengths[j, i]
    return Ends(left, left + count - 1)
