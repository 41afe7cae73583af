"""What a battery does on an order, within what battery and connection can do."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.flows import sealed
from home_energy.domain.series import FloatArray
from home_energy.errors import AlignmentError


class Order(IntEnum):
    """What a rule tells the battery to do in an interval."""

    BALANCE = 0
    """Store solar that is left over, serve load that solar leaves."""
    SAVE = 1
    """Store solar that is left over, serve nothing that the grid can."""
    FILL = 2
    """Charge as fast as may be, from solar and grid."""
    EMPTY = 3
    """Discharge as fast as may be, to load and grid; store what no limit lets out."""


Orders = NDArray[np.int8]


class DailyBudget(NamedTuple):
    """How much may come out of the cells in each day of the axis. [kWh]"""

    out_kwh: float
    intervals_per_day: int


NO_BUDGET = DailyBudget(float("inf"), 1)


class _Device(NamedTuple):
    """Arrays (T,) [kWh] and figures of a problem, for the compiled loop."""

    lacking: FloatArray
    charge_limit: FloatArray
    discharge_limit: FloatArray
    export_limit: FloatArray
    import_limit: FloatArray
    capacity: float
    start_stored: float
    charge_efficiency: float
    discharge_efficiency: float


def follow(
    problem: DispatchProblem, orders: Orders, budget: DailyBudget = NO_BUDGET
) -> FloatArray:
    """Stored energy of a battery that gets one order in each interval.

    Whatever the order, limits of power, capacity, import and export hold; the battery
    gives what it can where load exceeds the import limit; and it charges or
    discharges, never both.

    Parameters
    ----------
    orders
        An `Order` for each interval. (T,)
    budget
        Days are counted from the first interval.

    Returns
    -------
    FloatArray
        Above the reserve, before the first interval and after each. (T + 1,) [kWh]
    """
    if orders.shape != (problem.grid.count,):
        raise AlignmentError(
            f"orders of shape {orders.shape} for {problem.grid.count} intervals"
        )
    battery = problem.battery
    if battery is None:
        return np.zeros(problem.grid.count + 1)
    device = _Device(
        lacking=sealed(problem.whole_load_kwh - problem.solar_kwh),
        charge_limit=sealed(problem.charge_limits_kwh),
        discharge_limit=sealed(problem.discharge_limits_kwh),
        export_limit=sealed(problem.connection.export_limits_kwh(problem.grid)),
        import_limit=sealed(problem.connection.import_limits_kwh(problem.grid)),
        capacity=problem.capacity_kwh,
        start_stored=problem.start_stored_kwh,
        charge_efficiency=battery.charge_efficiency_fraction,
        discharge_efficiency=battery.discharge_efficiency_fraction,
    )
    return np.asarray(_follow(device, np.ascontiguousarray(orders), budget))


@compiled
def _follow(device: _Device, orders: Orders, budget: DailyBudget) -> FloatArray:
    stored = np.empty(orders.size + 1)
    stored[0] = device.start_stored
    budget_left = budget.out_kwh
    for t in range(orders.size):
        if t % budget.intervals_per_day == 0:
            budget_left = budget.out_kwh
        held = stored[t]
        wanted = _wanted(device, t, orders[t])
        if wanted > 0:
            held += wanted * device.charge_efficiency
        elif wanted < 0:
            out = min(-wanted / device.discharge_efficiency, held, budget_left)
            held -= out
            budget_left -= out
        stored[t + 1] = min(max(held, 0.0), device.capacity)
    return stored


@compiled
def _wanted(device: _Device, t: int, order: int) -> float:
    """AC energy that goes in, negative if out, but for what the cells hold. [kWh]"""
    lacking = device.lacking[t]
    most_import, most_export = device.import_limit[t], device.export_limit[t]
    if order == Order.FILL:
        wanted = most_import - lacking
    elif order == Order.EMPTY:
        wanted = -most_export - lacking
    elif order == Order.BALANCE:
        wanted = -lacking
    else:
        wanted = max(-lacking, 0.0) + min(most_import - lacking, 0.0)
    least, most = -device.discharge_limit[t], device.charge_limit[t]
    return float(max(min(wanted, most), least))
