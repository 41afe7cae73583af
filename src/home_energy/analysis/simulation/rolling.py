"""Re-plan every half-hour on what is expected then, act on what is measured.

At a re-plan the exact optimum (`slope_list`) is found of the hours ahead: intervals of
the axis first, then longer blocks of them. Kept of it is the value function after each
interval until the next re-plan, V_{t+1}: what one more stored kWh is worth there. When
interval t comes, its measured prices, load and solar are put against V_{t+1}, and that
one step is decided by its levels. So a plan need not be right about the interval that
it decides, and a battery that is not where it was planned needs no new plan.

Of what lies after the horizon only the worth of a stored kWh is known.
"""

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
    end_near,
    plan,
    slope_list,
    step_from,
)
from home_energy.analysis.simulation.step_cost import Device, Steps
from home_energy.domain.series import FloatArray

NOW_C_PER_KWH = 1e-6
"""By so little is now preferred to a later interval of the same price.

Without it a plan that may as well wait would wait for ever: at a price that never
changes no load would be served. The price to buy is taken as so much higher; that to
sell as so much lower where solar is left over, which is stored sooner, and higher
elsewhere, where only the battery can sell.
"""


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


@compiled
def run_rolling(run: Run, known: Known, room: Room, stored_kwh: FloatArray) -> int:
    """Fill `stored_kwh` (T + 1,) from its first value on, and the errors of `room`.

    Returns
    -------
    int
        Intervals of all horizons, together, that no issued forecast told of.
    """
    actual, device, home, horizon = run
    work, window, ahead = room.work, room.window, room.ahead
    count, between = stored_kwh.size - 1, horizon.between_plans
    k, made = -1, 0
    for start in range(0, count, between):
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
        for j in range(min(between, count - start)):
            t = start + j
            measure(window, j, actual, t)
            plan(window, device, (j, j + 1), work, kept(work, room.values, j))
            stored_kwh[t + 1] = step_from(window, j, device, work, stored_kwh[t])
    return made


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
