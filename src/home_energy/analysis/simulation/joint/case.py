"""A home with battery and car, laid out for the solvers of both together."""

from typing import NamedTuple

import numpy as np

from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.analysis.simulation.car_schedule import car_device_of, car_of
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.exact_schedule import device_of, end_of, steps_of
from home_energy.analysis.simulation.flows import sealed
from home_energy.analysis.simulation.joint.cost import Pair
from home_energy.analysis.simulation.joint.problem import (
    JointPrices,
    JointSteps,
    StorageFigures,
)
from home_energy.analysis.simulation.slope_list import FORBIDDEN_C_PER_KWH
from home_energy.analysis.simulation.step_cost import Device, Steps
from home_energy.domain.car_at_home import Discharge


class JointCase(NamedTuple):
    """What is solved, and what no schedule changes."""

    steps: JointSteps
    pair: Pair
    beyond_c: float
    """Cost of what trips take beyond a full car. [c]"""


def joint_case(problem: DispatchProblem) -> JointCase:
    """Arrays and figures of a home with battery and car.

    Raises
    ------
    DataError
        If it has no car.
    """
    car = car_of(problem)
    home = steps_of(problem, problem.connection.import_limits_kwh(problem.grid))
    if not may_sell_stored(problem):
        home = _nothing_stored_sold(home)
    steps = JointSteps(
        *home[:6],
        sealed(problem.car_charge_limits_kwh),
        sealed(problem.car_discharge_limits_kwh),
        *home[6:],
        sealed(car.coverable_kwh),
        sealed(car.wanted_kwh),
    )
    battery_device, car_device = device_of(problem), car_device_of(problem)
    pair = Pair(
        _battery(problem, battery_device),
        _car(car, car_device),
        JointPrices(
            car_device.unserved_c_per_kwh, car.public_c_per_kwh, car.short_c_per_kwh
        ),
        car_device.least_charge_kwh,
        battery_device.takes_solar_only,
        battery_device.curtails_solar,
        may_sell_stored(problem),
    )
    beyond = float((car.trip_kwh - car.coverable_kwh).sum())
    return JointCase(steps, pair, beyond * car.public_c_per_kwh)


def may_sell_stored(problem: DispatchProblem) -> bool:
    """Whether battery or car may export.

    Where neither may, each may serve what solar leaves of the load, and both together
    no more than that.
    """
    battery, car = problem.battery, car_of(problem).car
    return car.discharge is Discharge.V2G or battery is None or battery.may_export


def _nothing_stored_sold(home: Steps) -> Steps:
    """Nothing is let out where solar leaves something of the load to be served."""
    is_lacking = home.load_kwh > home.solar_kwh
    limit = np.where(is_lacking, 0.0, home.export_limit_kwh)
    return home._replace(export_limit_kwh=sealed(limit))


def _battery(problem: DispatchProblem, device: Device) -> StorageFigures:
    end_kwh, above_c_per_kwh = end_of(problem)
    is_free_above = above_c_per_kwh < FORBIDDEN_C_PER_KWH
    return StorageFigures(
        capacity_kwh=device.capacity_kwh,
        charge_efficiency=device.charge_efficiency,
        discharge_efficiency=device.discharge_efficiency,
        charge_wear_c_per_kwh=device.charge_wear_c_per_kwh,
        discharge_wear_c_per_kwh=device.discharge_wear_c_per_kwh,
        start_kwh=float(problem.start_stored_kwh),
        end_least_kwh=float(end_kwh),
        end_most_kwh=device.capacity_kwh if is_free_above else float(end_kwh),
        end_worth_c_per_kwh=0.0,
    )


def _car(car: CarOnAxis, device: Device) -> StorageFigures:
    return StorageFigures(
        capacity_kwh=device.capacity_kwh,
        charge_efficiency=device.charge_efficiency,
        discharge_efficiency=device.discharge_efficiency,
        charge_wear_c_per_kwh=device.charge_wear_c_per_kwh,
        discharge_wear_c_per_kwh=device.discharge_wear_c_per_kwh,
        start_kwh=float(car.start_stored_kwh),
        end_least_kwh=0.0,
        end_most_kwh=device.capacity_kwh,
        end_worth_c_per_kwh=0.0,
    )
