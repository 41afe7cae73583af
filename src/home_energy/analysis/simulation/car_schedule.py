"""The best that could be done with a car, with proof of how near to the best it is."""

from dataclasses import dataclass

import numpy as np

from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.analysis.simulation.car_plan import (
    CarCase,
    CarEvents,
    car_room,
    solve_car,
)
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.exact_schedule import device_of, steps_of
from home_energy.analysis.simulation.flows import sealed
from home_energy.analysis.simulation.step_cost import Device, Steps
from home_energy.domain.series import FloatArray
from home_energy.errors import DataError

UNSERVED_PER_PUBLIC = 20.0
"""Load that is not met costs at least so many times what charging elsewhere does."""


@dataclass(frozen=True, slots=True, eq=False)
class CarSchedule:
    """A schedule of a car, what it costs, and below what no schedule can be.

    Parameters
    ----------
    stored_kwh
        Above the floor, before the first interval and after each. (T + 1,) [kWh]
    cost_c
        Of the home's energy bought less that sold; of the car's wear; of charging
        elsewhere; of every kWh that is missing of a level wanted, at the end as at any
        other time, at `CarOnAxis.short_c_per_kwh`; and of load that is not met at
        `unserved_c_per_kwh`. Booked as a charger can do it: nothing, or at least its
        least power, or a discharge. [c]
    lower_bound_c
        No schedule with the same start costs less. [c]
    unserved_c_per_kwh
        Twice the highest price of the run, `UNSERVED_PER_PUBLIC` times the price of
        charging elsewhere, or `LEAST_UNSERVED_C_PER_KWH`, whichever is most.
    thresholds_kwh
        The policy, right from any stored energy. At home as in `ExactSchedule`. A trip
        that departs in interval t takes what lies above `thresholds_kwh[t, 0]`, as far
        as it needs it. (T, 5) [kWh]
    """

    stored_kwh: FloatArray
    cost_c: float
    lower_bound_c: float
    unserved_c_per_kwh: float
    thresholds_kwh: FloatArray

    @property
    def certificate_c(self) -> float:
        """By how much the schedule may miss the best, at most. [c]"""
        return self.cost_c - self.lower_bound_c


def exact_car_schedule(
    problem: DispatchProblem, battery_net_kwh: FloatArray | None = None
) -> CarSchedule:
    """Find a car's schedule of least cost, knowing prices, sun and trips beforehand.

    Exact (`certificate_c` is 0) but where the charger's least power is in the way, or
    an interval's cost is not convex; there within `certificate_c` of the best.

    Parameters
    ----------
    battery_net_kwh
        What the battery takes less what it gives; without it the battery stands still.
        (T,) [kWh, AC]

    Raises
    ------
    DataError
        If the home has no car.
    """
    case = car_case(problem, battery_net_kwh)
    return car_schedule_of(case, car_of(problem).start_stored_kwh)


def car_schedule_of(case: CarCase, start_stored_kwh: float) -> CarSchedule:
    """As `exact_car_schedule`, of a problem that is already laid out."""
    stored = np.full(case.steps.load_kwh.size + 1, float(start_stored_kwh))
    cost, bound = solve_car(case, stored)
    return CarSchedule(
        stored_kwh=sealed(stored),
        cost_c=cost,
        lower_bound_c=bound,
        unserved_c_per_kwh=case.device.unserved_c_per_kwh,
        thresholds_kwh=sealed(case.work.levels_kwh),
    )


def car_case(
    problem: DispatchProblem, battery_net_kwh: FloatArray | None = None
) -> CarCase:
    """Arrays and figures of a home's car, and room to solve it in.

    Parameters
    ----------
    battery_net_kwh
        As in `exact_car_schedule`.
    """
    car = car_of(problem)
    steps = steps_of(problem, problem.connection.import_limits_kwh(problem.grid))
    steps = steps._replace(
        charge_limit_kwh=sealed(problem.car_charge_limits_kwh),
        discharge_limit_kwh=sealed(problem.car_discharge_limits_kwh),
    )
    if battery_net_kwh is not None:
        steps = beside(steps, battery_net_kwh)
    events = CarEvents(
        sealed(car.trip_kwh),
        sealed(car.wanted_kwh),
        float(car.public_c_per_kwh),
        float(car.short_c_per_kwh),
    )
    return CarCase(steps, car_device_of(problem), events, car_room(problem.grid.count))


def beside(steps: Steps, net_kwh: FloatArray) -> Steps:
    """The same for one storage while another takes `net_kwh` (T,) more than it gives.

    It joins the load, which may then be below 0: `step_cost` says what holds there.
    """
    return steps._replace(load_kwh=sealed(steps.load_kwh + net_kwh))


def car_of(problem: DispatchProblem) -> CarOnAxis:
    """The car of a home that has one.

    Raises
    ------
    DataError
        If it has none.
    """
    if problem.car is None:
        raise DataError("the home has no car; a schedule of one was asked for")
    return problem.car


def car_device_of(problem: DispatchProblem) -> Device:
    """Figures of a home's car, for the compiled loops."""
    on_axis = car_of(problem)
    car, home = on_axis.car, device_of(problem)
    return Device(
        capacity_kwh=car.capacity_kwh,
        charge_efficiency=car.charger.charge_efficiency_fraction,
        discharge_efficiency=car.charger.discharge_efficiency_fraction or 1.0,
        charge_wear_c_per_kwh=0.0,
        discharge_wear_c_per_kwh=float(car.wear_c_per_kwh),
        unserved_c_per_kwh=max(
            home.unserved_c_per_kwh, UNSERVED_PER_PUBLIC * on_axis.public_c_per_kwh
        ),
        takes_solar_only=False,
        curtails_solar=home.curtails_solar,
        least_charge_kwh=car.charger.least_kw * problem.hours,
    )
