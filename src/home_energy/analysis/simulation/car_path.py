"""From what a car holds over time to what it takes and gives at home and elsewhere."""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.domain.car_at_home import Discharge
from home_energy.domain.car_flows import CarFlows
from home_energy.domain.dispatch import BALANCE_TOLERANCE_KWH
from home_energy.domain.series import FloatArray
from home_energy.errors import AlignmentError, BalanceError

PATH_TOLERANCE_KWH = 1e-7
"""By how much a path may miss a limit: rounding over a year, not a fault."""


class CarFault(IntEnum):
    """What a path asks for that cannot be."""

    NONE = 0
    STORED = 1
    CHARGE = 2
    LEAST = 3
    DISCHARGE = 4
    UNPLUGGED = 5
    GAINED = 6
    LOST = 7


_FAULT_WORDS = {
    CarFault.STORED: "holds less than nothing or more than fits",
    CarFault.CHARGE: "charges more than the charger may",
    CarFault.LEAST: "charges less than the charger can",
    CarFault.DISCHARGE: "discharges more than the charger may",
    CarFault.UNPLUGGED: "moves energy while it is not plugged in",
    CarFault.GAINED: "comes by more than its trip takes on the way",
    CarFault.LOST: "loses more than its trip takes",
}


@dataclass(frozen=True, slots=True, eq=False)
class CarPath:
    """What a car does, interval by interval. (T,) [kWh]

    Parameters
    ----------
    charge_kwh, discharge_kwh
        At home. [AC]
    lost_kwh
        What that took.
    public_kwh
        Charged elsewhere for the trip that departs. [cells]
    short_kwh
        Missing of the level wanted at the start of the interval. [cells]
    stored_kwh
        Before the first interval and after each. (T + 1,) [cells]
    """

    charge_kwh: FloatArray
    discharge_kwh: FloatArray
    lost_kwh: FloatArray
    public_kwh: FloatArray
    short_kwh: FloatArray
    stored_kwh: FloatArray


class _Car(NamedTuple):
    """Arrays (T,) and figures of a car, for the compiled loop. [kWh]"""

    charge_limit: FloatArray
    discharge_limit: FloatArray
    is_plugged: NDArray[np.bool_]
    trip: FloatArray
    wanted: FloatArray
    capacity: float
    least_charge: float
    charge_efficiency: float
    discharge_efficiency: float


def car_path(problem: DispatchProblem, stored_kwh: FloatArray | None) -> CarPath:
    """What a home's car does when it holds `stored_kwh`.

    The change of the stored energy in an interval is, where the car is plugged in, one
    charge or one discharge, never both, and a charge is nothing or at least what the
    charger gives. Where a trip departs it is what was charged elsewhere less what the
    trip takes. Everywhere else there is none.

    Parameters
    ----------
    stored_kwh
        Above the floor, before the first interval and after each; `None` for a home
        without a car, whose rows are then all 0. (T + 1,) [kWh]

    Raises
    ------
    AlignmentError
        If the path does not fit the axis, or there is one and no car, or a car and
        none.
    BalanceError
        If the path asks for what car or charger cannot do, by more than
        `PATH_TOLERANCE_KWH`, or for anything at all where nothing can be done: a fault
        of the strategy.
    """
    car, count = problem.car, problem.grid.count
    rows, stored = np.zeros((5, count)), np.zeros(count + 1)
    if car is not None and stored_kwh is not None:
        if stored_kwh.shape != (count + 1,):
            raise AlignmentError(
                f"stored energy of the car of shape {stored_kwh.shape} for {count} "
                f"intervals; expected ({count + 1},)"
            )
        stored[:] = stored_kwh
        fault, number = _walk(_laid_out(problem, car), stored, rows)
        if fault != CarFault.NONE:
            _refuse(problem, car, stored[number : number + 2], (fault, number))
    elif car is not None or stored_kwh is not None:
        raise AlignmentError(
            f"a home with {'no' if car is None else 'a'} car and with "
            f"{'no' if stored_kwh is None else 'a'} stored energy of it; expected "
            "both or neither"
        )
    for values in (rows, stored):
        values.flags.writeable = False
    charge, discharge, lost, public, short = rows
    return CarPath(charge, discharge, lost, public, short, stored)


def car_flows(
    problem: DispatchProblem, path: CarPath, shares: FloatArray
) -> CarFlows | None:
    """Flows of the home's car, if it has one.

    Parameters
    ----------
    shares
        Solar, battery and grid to the car, then the car to load, battery and grid.
        (6, T) [kWh, AC]
    """
    if problem.car is None:
        return None
    shares.flags.writeable = False
    from_solar, from_battery, from_grid, to_load, to_battery, to_grid = shares
    return CarFlows(
        solar_to_car_kwh=from_solar,
        battery_to_car_kwh=from_battery,
        grid_to_car_kwh=from_grid,
        car_to_load_kwh=to_load,
        car_to_battery_kwh=to_battery,
        car_to_grid_kwh=to_grid,
        lost_kwh=path.lost_kwh,
        driven_kwh=problem.car.trip_kwh,
        public_kwh=path.public_kwh,
        short_kwh=path.short_kwh,
        is_away=problem.car.is_away,
        stored_kwh=path.stored_kwh,
    )


def serves_home_only(problem: DispatchProblem) -> bool:
    """Whether the car may give to the load and to nothing else: V2H."""
    return problem.car is not None and problem.car.car.discharge is Discharge.V2H


def _laid_out(problem: DispatchProblem, car: CarOnAxis) -> _Car:
    charger = car.car.charger
    return _Car(
        charge_limit=np.ascontiguousarray(problem.car_charge_limits_kwh),
        discharge_limit=np.ascontiguousarray(problem.car_discharge_limits_kwh),
        is_plugged=np.ascontiguousarray(car.is_plugged),
        trip=np.array(car.trip_kwh),
        wanted=car.wanted_kwh,
        capacity=car.car.capacity_kwh,
        least_charge=charger.least_kw * problem.hours,
        charge_efficiency=charger.charge_efficiency_fraction,
        discharge_efficiency=charger.discharge_efficiency_fraction or 1.0,
    )


@compiled
def _walk(car: _Car, stored: FloatArray, rows: FloatArray) -> tuple[CarFault, int]:
    """Fill the rows of `CarPath` (5, T); the first fault and its interval."""
    for t in range(car.trip.size):
        change = stored[t + 1] - stored[t]
        if (
            not -PATH_TOLERANCE_KWH
            <= stored[t + 1]
            <= (car.capacity + PATH_TOLERANCE_KWH)
        ):
            return CarFault.STORED, t
        if car.is_plugged[t]:
            charge = max(change, 0.0) / car.charge_efficiency
            discharge = max(-change, 0.0) * car.discharge_efficiency
            fault = _home_fault(car, t, charge, discharge)
            rows[0, t] = charge
            # What rounding has above the limit is not given but lost.
            rows[1, t] = min(discharge, car.discharge_limit[t])
            rows[2, t] = max(charge - rows[1, t] - change, 0.0)
        else:
            fault = _away_fault(car.trip[t], change)
            rows[3, t] = min(max(car.trip[t] + change, 0.0), car.trip[t])
        if fault != CarFault.NONE:
            return fault, t
        rows[4, t] = max(car.wanted[t] - stored[t], 0.0)
    return CarFault.NONE, 0


@compiled
def _home_fault(car: _Car, t: int, charge: float, discharge: float) -> CarFault:
    if charge > car.charge_limit[t] + PATH_TOLERANCE_KWH:
        return CarFault.CHARGE
    if PATH_TOLERANCE_KWH < charge < car.least_charge - PATH_TOLERANCE_KWH:
        return CarFault.LEAST
    if discharge > car.discharge_limit[t] + PATH_TOLERANCE_KWH:
        return CarFault.DISCHARGE
    return CarFault.NONE


@compiled
def _away_fault(trip: float, change: float) -> CarFault:
    """Away nothing is rounded off: what is missing would have nowhere to go."""
    if change > BALANCE_TOLERANCE_KWH:
        return CarFault.UNPLUGGED if trip == 0 else CarFault.GAINED
    if change < -trip - BALANCE_TOLERANCE_KWH:
        return CarFault.UNPLUGGED if trip == 0 else CarFault.LOST
    return CarFault.NONE


def _refuse(
    problem: DispatchProblem,
    car: CarOnAxis,
    stored_kwh: FloatArray,
    found: tuple[CarFault, int],
) -> None:
    fault, number = found
    raise BalanceError(
        f"the car {_FAULT_WORDS[fault]} in interval {number} "
        f"({problem.grid.start + number * problem.grid.step}): from "
        f"{stored_kwh[0]:.9g} to {stored_kwh[1]:.9g} kWh of "
        f"{car.car.capacity_kwh:.9g}, with a trip of {car.trip_kwh[number]:.9g} kWh; "
        "this is a fault of the program, please report it with the scenario"
    )
