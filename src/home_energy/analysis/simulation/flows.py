"""From what battery and car hold over time to every flow of the home.

The change of the battery's stored energy is one charge or one discharge, never
both; of the car see `car_path`. What the grid does follows: of all it can do, the
cheapest. With `curtails_solar` that is, for prices b to buy and s to sell,

============ ======================================================
s >= 0       solar, battery and car are exported up to the limit, solar beyond it
             is held back
s < 0 <= b   solar that nobody needs is held back
b < 0        all solar is held back and everything bought, up to the limit
b < 0 <= s   the better of the first and the last
============ ======================================================

and without it always the first. A battery that may not charge from the grid
keeps the solar it charges from. Import beyond the limit is load unserved.

Solar serves the load, then the car, then the battery, then the grid; the battery
serves load, car, grid; the car serves load, battery, grid; the grid serves the
rest. What more than one could serve is served by solar first, then by the battery,
then by the car. A car that may serve the home's load only (V2H) serves it before
the battery does, whose energy then goes further to the grid.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from home_energy.analysis.simulation.car_path import (
    PATH_TOLERANCE_KWH,
    CarPath,
    car_flows,
    car_path,
    serves_home_only,
)
from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.domain.dispatch import Dispatch
from home_energy.domain.series import FloatArray, read_only
from home_energy.errors import AlignmentError, BalanceError


class Fault(IntEnum):
    """What a path asks for that cannot be."""

    NONE = 0
    STORED = 1
    CHARGE = 2
    DISCHARGE = 3
    EXPORT = 4
    IMPORT = 5
    SOLD = 6


_FAULT_WORDS = {
    Fault.STORED: "holds less than nothing or more than fits",
    Fault.CHARGE: "charges more than the battery may",
    Fault.DISCHARGE: "discharges more than the battery may",
    Fault.EXPORT: "discharges more than the export limit lets out",
    Fault.IMPORT: "charges more than the import limit lets in (the main switch)",
    Fault.SOLD: "sells what may not be sold: the car serves the load already",
}

FLOWS = (
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

_SHARES = 6
"""Rows of a car that it fills: solar, battery and grid to it, and it to each other."""


class HomeArrays(NamedTuple):
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
    car_charge: FloatArray
    car_discharge: FloatArray
    curtails_solar: bool
    may_charge_from_grid: bool
    may_export: bool
    has_car: bool
    car_first: bool


def book_flows(
    problem: DispatchProblem,
    stored_kwh: FloatArray,
    car_stored_kwh: FloatArray | None = None,
) -> Dispatch:
    """Every flow of a home whose battery and car hold so much.

    By the rules at the head of this file.

    Parameters
    ----------
    problem
        The home on an axis of T intervals.
    stored_kwh
        In the battery above its reserve, before the first interval and after each.
        (T + 1,) [kWh]
    car_stored_kwh
        In the car above its floor, likewise; `None` for a home without one.

    Raises
    ------
    AlignmentError
        If a path does not fit the axis, or there is one of a car and no car.
    BalanceError
        If a path asks for what battery, car or connection cannot do, by more than
        `PATH_TOLERANCE_KWH`: a fault of the strategy.
    """
    if stored_kwh.shape != (problem.grid.count + 1,):
        raise AlignmentError(
            f"stored energy of shape {stored_kwh.shape} for {problem.grid.count} "
            f"intervals; expected ({problem.grid.count + 1},)"
        )
    path = car_path(problem, car_stored_kwh)
    home = home_arrays(problem, path)
    flows = np.empty((len(FLOWS), problem.grid.count))
    shares = np.empty((_SHARES, problem.grid.count if home.has_car else 0))
    span = (0, problem.grid.count)
    fault, number = book_span(home, sealed(stored_kwh), span, flows, shares)
    if fault != Fault.NONE:
        refuse_path(problem, stored_kwh, fault, number)
    flows.flags.writeable = False
    return Dispatch(
        grid=problem.grid,
        load_kwh=home.load,
        solar_kwh=home.solar,
        stored_kwh=read_only(stored_kwh),
        car=car_flows(problem, path, shares),
        **dict(zip(FLOWS, flows, strict=True)),
    )


def sealed(values: FloatArray) -> FloatArray:
    """Contiguous values that nobody writes to, so that one compiled loop fits all."""
    view = np.ascontiguousarray(values, dtype=np.float64).view()
    view.flags.writeable = False
    return view


def home_arrays(problem: DispatchProblem, path: CarPath) -> HomeArrays:
    """Arrays and figures of a problem, for the compiled loops."""
    battery = problem.battery
    return HomeArrays(
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
        car_charge=path.charge_kwh,
        car_discharge=path.discharge_kwh,
        curtails_solar=problem.connection.curtails_solar,
        may_charge_from_grid=battery is None or battery.may_charge_from_grid,
        may_export=battery is None or battery.may_export,
        has_car=problem.car is not None,
        car_first=serves_home_only(problem),
    )


@compiled
def book_span(
    home: HomeArrays,
    stored: FloatArray,
    span: tuple[int, int],
    flows: FloatArray,
    shares: FloatArray,
) -> tuple[Fault, int]:
    """Fill a column of `FLOWS` and of a car's shares for each interval of a span.

    Returns
    -------
    tuple[Fault, int]
        The first fault and its interval.
    """
    for t in range(span[0], span[1]):
        place = t - span[0]
        change = stored[t + 1] - stored[t]
        charge = max(change, 0.0) / home.charge_efficiency
        discharge = max(-change, 0.0) * home.discharge_efficiency
        fault = _path_fault(home, t, stored[t + 1], charge, discharge)
        if fault != Fault.NONE:
            return fault, t
        curtailed, unserved = _grid_side(home, t, charge, discharge)
        if curtailed > home.solar[t] + PATH_TOLERANCE_KWH:
            return Fault.EXPORT, t
        if unserved > home.load[t] + PATH_TOLERANCE_KWH:
            return Fault.IMPORT, t
        flows[7, place] = min(curtailed, home.solar[t])
        flows[8, place] = max(charge - discharge - change, 0.0)
        flows[9, place] = min(unserved, home.load[t])
        if home.has_car:
            rows = (flows, shares)
            fault = _share_with_car(home, t, (charge, discharge), rows, place)
            if fault != Fault.NONE:
                return fault, t
        else:
            _share(home, t, (charge, discharge), flows, place)
    return Fault.NONE, 0


@compiled
def _share(
    home: HomeArrays,
    t: int,
    powers: tuple[float, float],
    flows: FloatArray,
    place: int,
) -> None:
    """Who serves whom in a home without a car."""
    charge, discharge = powers
    solar = home.solar[t] - flows[7, place]
    served = home.load[t] - flows[9, place]
    # Solar that a battery without leave to charge from the grid takes is its own.
    own = 0.0 if home.may_charge_from_grid else min(solar, charge)
    solar_to_load = min(solar - own, served)
    solar_to_battery = min(solar - solar_to_load, charge)
    battery_to_load = min(discharge, served - solar_to_load)
    flows[0, place] = solar_to_load
    flows[1, place] = solar_to_battery
    flows[2, place] = max(solar - solar_to_load - solar_to_battery, 0.0)
    flows[3, place] = battery_to_load
    flows[4, place] = discharge - battery_to_load
    flows[5, place] = max(served - solar_to_load - battery_to_load, 0.0)
    flows[6, place] = charge - solar_to_battery


@compiled
def _share_with_car(
    home: HomeArrays,
    t: int,
    powers: tuple[float, float],
    rows: tuple[FloatArray, FloatArray],
    place: int,
) -> Fault:
    """Who serves whom in a home with a car."""
    flows, shares = rows
    charge, discharge = powers
    taken, given = home.car_charge[t], home.car_discharge[t]
    solar = home.solar[t] - flows[7, place]
    load = home.load[t] - flows[9, place]
    own = 0.0 if home.may_charge_from_grid else min(solar, charge)
    flows[0, place] = min(solar - own, load)
    load -= flows[0, place]
    shares[0, place] = min(solar - own - flows[0, place], taken)
    taken -= shares[0, place]
    flows[1, place] = min(solar - flows[0, place] - shares[0, place], charge)
    charge -= flows[1, place]
    flows[2, place] = max(
        solar - flows[0, place] - shares[0, place] - flows[1, place], 0.0
    )
    if home.car_first:
        shares[3, place] = min(given, load)
        flows[3, place] = min(discharge, load - shares[3, place])
    else:
        flows[3, place] = min(discharge, load)
        shares[3, place] = min(given, load - flows[3, place])
    load -= flows[3, place] + shares[3, place]
    shares[1, place] = min(discharge - flows[3, place], taken)
    flows[4, place] = discharge - flows[3, place] - shares[1, place]
    shares[4, place] = min(given - shares[3, place], charge)
    shares[5, place] = given - shares[3, place] - shares[4, place]
    flows[5, place] = max(load, 0.0)
    flows[6, place] = charge - shares[4, place]
    shares[2, place] = taken - shares[1, place]
    if home.car_first and given - shares[3, place] > PATH_TOLERANCE_KWH:
        return Fault.IMPORT
    if not home.may_export and flows[4, place] > PATH_TOLERANCE_KWH:
        return Fault.SOLD
    return Fault.NONE


@compiled
def _path_fault(
    home: HomeArrays, t: int, stored_after: float, charge: float, discharge: float
) -> Fault:
    """Whether the path itself can be."""
    if not -PATH_TOLERANCE_KWH <= stored_after <= home.capacity + PATH_TOLERANCE_KWH:
        return Fault.STORED
    if charge > home.charge_limit[t] + PATH_TOLERANCE_KWH:
        return Fault.CHARGE
    if discharge > home.discharge_limit[t] + PATH_TOLERANCE_KWH:
        return Fault.DISCHARGE
    return Fault.NONE


@compiled
def _grid_side(
    home: HomeArrays, t: int, charge: float, discharge: float
) -> tuple[float, float]:
    """Curtailed solar and unserved load at the least cost. [kWh]

    With demand g = load + charge - discharge - solar, the car's with the battery's,
    and k held back, the grid brings g + k. What it costs is linear on either side of
    0, so the least lies at the smallest k, at the k that brings nothing, or at the
    largest.
    """
    demand = home.load[t] + charge - discharge - home.solar[t]
    demand += home.car_charge[t] - home.car_discharge[t]
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


@compiled
def _grid_cost(net: float, buy: float, sell: float) -> float:
    return buy * net if net > 0 else sell * net


def refuse_path(
    problem: DispatchProblem, stored_kwh: FloatArray, fault: Fault, number: int
) -> None:
    """Say in which interval a path asks for what cannot be."""
    raise BalanceError(
        f"the schedule {_FAULT_WORDS[fault]} in interval {number} "
        f"({problem.grid.start + number * problem.grid.step}): from "
        f"{stored_kwh[number]:.9g} to {stored_kwh[number + 1]:.9g} kWh of "
        f"{problem.capacity_kwh:.9g}; this is a fault of the program, please report it "
        "with the scenario"
    )
