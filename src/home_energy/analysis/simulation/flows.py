"""From what a battery holds over time to every flow of the home."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numba import njit

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.domain.dispatch import Dispatch
from home_energy.domain.series import FloatArray, read_only
from home_energy.errors import AlignmentError, BalanceError

PATH_TOLERANCE_KWH = 1e-7
"""By how much a path may miss a limit: rounding over a year, not a fault."""


class _Fault(IntEnum):
    """What a path asks for that cannot be."""

    NONE = 0
    STORED = 1
    CHARGE = 2
    DISCHARGE = 3
    EXPORT = 4
    IMPORT = 5


_FAULT_WORDS = {
    _Fault.STORED: "holds less than nothing or more than fits",
    _Fault.CHARGE: "charges more than the battery may",
    _Fault.DISCHARGE: "discharges more than the battery may",
    _Fault.EXPORT: "discharges more than the export limit lets out",
    _Fault.IMPORT: "charges more than the import limit lets in",
}

_FLOWS = (
    "solar_to_load_kwh",
    "solar_to_battery_kwh",
    "solar_to_grid_kwh",
    "battery_to_load_kwh",
    "battery_to_grid_kwh",
    "grid_to_load_kwh",
    "grid_to_battery_kwh",
    "curtailed_kwh",
    "lost_kwh",
    "unserved_kwh",
)
"""Rows that the compiled loop fills, in its order."""


class _Home(NamedTuple):
    """Arrays (T,) [kWh, c/kWh] and figures of a problem, for the compiled loop."""

    load: FloatArray
    solar: FloatArray
    buy: FloatArray
    sell: FloatArray
    charge_limit: FloatArray
    discharge_limit: FloatArray
    export_limit: FloatArray
    import_limit: FloatArray
    capacity: float
    charge_efficiency: float
    discharge_efficiency: float
    curtails_solar: bool
    may_charge_from_grid: bool


def book_flows(problem: DispatchProblem, stored_kwh: FloatArray) -> Dispatch:
    """Every flow of a home whose battery holds `stored_kwh`.

    The change of the stored energy is one charge or one discharge, never both. What
    the grid does follows: of all it can do, the cheapest. With `curtails_solar` that
    is, for prices b to buy and s to sell,

    ============ ======================================================
    s >= 0       solar and battery are exported up to the limit, solar beyond it is
                 held back
    s < 0 <= b   solar that nobody needs is held back
    b < 0        all solar is held back and everything bought, up to the limit
    b < 0 <= s   the better of the first and the last
    ============ ======================================================

    and without it always the first. A battery that may not charge from the grid
    keeps the solar it charges from. Import beyond the limit is load unserved.

    Solar serves the load, then the battery, then the grid; the battery serves the
    load, then the grid; the grid serves the rest.

    Parameters
    ----------
    problem
        The home on an axis of T intervals.
    stored_kwh
        Above the reserve, before the first interval and after each. (T + 1,) [kWh]

    Raises
    ------
    AlignmentError
        If the path does not fit the axis.
    BalanceError
        If the path asks for what battery or connection cannot do, by more than
        `PATH_TOLERANCE_KWH`: a fault of the strategy.
    """
    if stored_kwh.shape != (problem.grid.count + 1,):
        raise AlignmentError(
            f"stored energy of shape {stored_kwh.shape} for {problem.grid.count} "
            f"intervals; expected ({problem.grid.count + 1},)"
        )
    home = _home(problem)
    flows = np.empty((len(_FLOWS), problem.grid.count))
    fault, number = _book(home, sealed(stored_kwh), flows)
    if fault != _Fault.NONE:
        _refuse(problem, stored_kwh, fault, number)
    flows.flags.writeable = False
    return Dispatch(
        grid=problem.grid,
        load_kwh=home.load,
        solar_kwh=home.solar,
        stored_kwh=read_only(stored_kwh),
        **dict(zip(_FLOWS, flows, strict=True)),
    )


def sealed(values: FloatArray) -> FloatArray:
    """Contiguous values that nobody writes to, so that one compiled loop fits all."""
    view = np.ascontiguousarray(values, dtype=np.float64).view()
    view.flags.writeable = False
    return view


def _home(problem: DispatchProblem) -> _Home:
    battery = problem.battery
    return _Home(
        load=sealed(problem.whole_load_kwh),
        solar=sealed(problem.solar_kwh),
        buy=sealed(problem.rates.import_c_per_kwh),
        sell=sealed(problem.rates.export_c_per_kwh),
        charge_limit=sealed(problem.charge_limits_kwh),
        discharge_limit=sealed(problem.discharge_limits_kwh),
        export_limit=sealed(problem.connection.export_limits_kwh(problem.grid)),
        import_limit=sealed(problem.connection.import_limits_kwh(problem.grid)),
        capacity=problem.capacity_kwh,
        charge_efficiency=battery.charge_efficiency_fraction if battery else 1.0,
        discharge_efficiency=battery.discharge_efficiency_fraction if battery else 1.0,
        curtails_solar=problem.connection.curtails_solar,
        may_charge_from_grid=battery is None or battery.may_charge_from_grid,
    )


@njit(cache=True)
def _book(home: _Home, stored: FloatArray, flows: FloatArray) -> tuple[_Fault, int]:
    """Fill the rows `_FLOWS` (10, T); the first fault and its interval."""
    for t in range(home.load.size):
        change = stored[t + 1] - stored[t]
        charge = max(change, 0.0) / home.charge_efficiency
        discharge = max(-change, 0.0) * home.discharge_efficiency
        fault = _path_fault(home, t, stored[t + 1], charge, discharge)
        if fault != _Fault.NONE:
            return fault, t
        curtailed, unserved = _grid_side(home, t, charge, discharge)
        if curtailed > home.solar[t] + PATH_TOLERANCE_KWH:
            return _Fault.EXPORT, t
        if unserved > home.load[t] + PATH_TOLERANCE_KWH:
            return _Fault.IMPORT, t
        curtailed = min(curtailed, home.solar[t])
        unserved = min(unserved, home.load[t])
        solar = home.solar[t] - curtailed
        served = home.load[t] - unserved
        # Solar that a battery without leave to charge from the grid takes is its own.
        own = 0.0 if home.may_charge_from_grid else min(solar, charge)
        solar_to_load = min(solar - own, served)
        solar_to_battery = min(solar - solar_to_load, charge)
        battery_to_load = min(discharge, served - solar_to_load)
        flows[0, t] = solar_to_load
        flows[1, t] = solar_to_battery
        flows[2, t] = max(solar - solar_to_load - solar_to_battery, 0.0)
        flows[3, t] = battery_to_load
        flows[4, t] = discharge - battery_to_load
        flows[5, t] = max(served - solar_to_load - battery_to_load, 0.0)
        flows[6, t] = charge - solar_to_battery
        flows[7, t] = curtailed
        flows[8, t] = max(charge - discharge - change, 0.0)
        flows[9, t] = unserved
    return _Fault.NONE, 0


@njit(cache=True)
def _path_fault(
    home: _Home, t: int, stored_after: float, charge: float, discharge: float
) -> _Fault:
    """Whether the path itself can be."""
    if not -PATH_TOLERANCE_KWH <= stored_after <= home.capacity + PATH_TOLERANCE_KWH:
        return _Fault.STORED
    if charge > home.charge_limit[t] + PATH_TOLERANCE_KWH:
        return _Fault.CHARGE
    if discharge > home.discharge_limit[t] + PATH_TOLERANCE_KWH:
        return _Fault.DISCHARGE
    return _Fault.NONE


@njit(cache=True)
def _grid_side(
    home: _Home, t: int, charge: float, discharge: float
) -> tuple[float, float]:
    """Curtailed solar and unserved load at the least cost. [kWh]

    With demand g = load + charge - discharge - solar and k held back, the grid brings
    g + k. What it costs is linear on either side of 0, so the least lies at the
    smallest k, at the k that brings nothing, or at the largest.
    """
    demand = home.load[t] + charge - discharge - home.solar[t]
    limit_in = home.import_limit[t]
    least = max(-home.export_limit[t] - demand, 0.0)
    unserved = max(demand - limit_in, 0.0)
    if not home.curtails_solar or unserved > 0:
        return least, unserved
    buy, sell = home.buy[t], home.sell[t]
    most = home.solar[t] if home.may_charge_from_grid else home.solar[t] - charge
    most = max(min(most, limit_in - demand), least)
    curtailed = least
    lowest = _grid_cost(demand + least, buy, sell)
    at_nothing = -demand
    if least < at_nothing <= most and lowest > 0:
        curtailed, lowest = at_nothing, 0.0
    if _grid_cost(demand + most, buy, sell) < lowest:
        curtailed = most
    return curtailed, 0.0


@njit(cache=True)
def _grid_cost(net: float, buy: float, sell: float) -> float:
    return buy * net if net > 0 else sell * net


def _refuse(
    problem: DispatchProblem, stored_kwh: FloatArray, fault: _Fault, number: int
) -> None:
    raise BalanceError(
        f"the schedule {_FAULT_WORDS[fault]} in interval {number} "
        f"({problem.grid.start + number * problem.grid.step}): from "
        f"{stored_kwh[number]:.9g} to {stored_kwh[number + 1]:.9g} kWh of "
        f"{problem.capacity_kwh:.9g}; this is a fault of the program, please report it "
        "with the scenario"
    )
