"""The best a battery could have done, with proof of how near to the best it is."""

from dataclasses import dataclass

import numpy as np

from home_energy.analysis.simulation.corner_steps import Case, improved
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem, EndOfRun
from home_energy.analysis.simulation.flows import sealed
from home_energy.analysis.simulation.slope_list import (
    FORBIDDEN_C_PER_KWH,
    end_near,
    follow,
    plan,
    slope_list,
)
from home_energy.analysis.simulation.step_cost import (
    Device,
    Steps,
)
from home_energy.domain.series import FloatArray

WORTH_IMPROVING_FRACTION = 1e-4
"""Of the cost: a certificate below it is left as it is."""

LEAST_UNSERVED_C_PER_KWH = 1000.0
"""Price of load that is not met, where no price of the run comes near."""


@dataclass(frozen=True, slots=True, eq=False)
class ExactSchedule:
    """A schedule, what it costs, and below what no schedule can be.

    Parameters
    ----------
    stored_kwh
        Above the reserve, before the first interval and after each. (T + 1,) [kWh]
    cost_c
        Of the energy bought less that sold, with wear, and with load that is not met
        at `unserved_c_per_kwh`; booked as a device can do it: never charging and
        discharging in one interval. [c]
    lower_bound_c
        No schedule with the same start and end costs less. [c]
    unserved_c_per_kwh
        Twice the highest price of the run, at least `LEAST_UNSERVED_C_PER_KWH`.
    thresholds_kwh
        The policy. In interval t, from S kWh: begin at S + the least change, and go
        up through the pieces k of the interval's cost (`step_cost`), each as far as its
        length and no higher than `thresholds_kwh[t, k]`. Right from any S, planned or
        not. What stands beyond an interval's pieces means nothing. (T, 5) [kWh]
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


def exact_schedule(problem: DispatchProblem) -> ExactSchedule:
    """Find the schedule of least cost, knowing every price, load and sun beforehand.

    Exact where the interval costs are convex (`certificate_c` is 0 then): everywhere
    but where burning energy pays or selling pays more than buying costs. There it is
    within `certificate_c` of the best, and improved (`corner_steps`) where that is more
    than `WORTH_IMPROVING_FRACTION` of the cost.
    """
    case = case_of(problem, problem.connection.import_limits_kwh(problem.grid))
    return schedule_of(case, problem.start_stored_kwh)


def schedule_of(case: Case, start_stored_kwh: float) -> ExactSchedule:
    """As `exact_schedule`, of a problem that is already laid out."""
    stored, cost, bound = followed(case, start_stored_kwh)
    levels = case.work.levels_kwh
    if cost - bound > WORTH_IMPROVING_FRACTION * abs(cost):
        levels = levels.copy()
        stored, cost = improved(case, stored, cost)
    return ExactSchedule(
        stored_kwh=sealed(stored),
        cost_c=cost,
        lower_bound_c=bound,
        unserved_c_per_kwh=case.device.unserved_c_per_kwh,
        thresholds_kwh=sealed(levels),
    )


def case_of(problem: DispatchProblem, import_limits_kwh: FloatArray) -> Case:
    """Arrays and figures of a problem, and room to solve it in."""
    end_kwh, end_c_per_kwh = end_of(problem)
    return Case(
        steps_of(problem, import_limits_kwh),
        device_of(problem),
        end_kwh,
        end_c_per_kwh,
        slope_list(problem.grid.count),
    )


def followed(case: Case, start_stored_kwh: float) -> tuple[FloatArray, float, float]:
    """Schedule (T + 1,) by the levels, its cost and its lower bound. [kWh], [c]"""
    steps, device, end_kwh, end_c_per_kwh, work = case
    count = steps.load_kwh.size
    stored = np.full(count + 1, float(start_stored_kwh))
    if device.capacity_kwh > 0:
        ends = end_near(work, end_kwh, device.capacity_kwh, end_c_per_kwh)
        plan(steps, device, (0, count), work, ends)
    cost, above = follow(steps, device, work, stored)
    return stored, cost, cost - above


def end_of(problem: DispatchProblem) -> tuple[float, float]:
    """What `end_near` is told: stored energy, and slope above it."""
    if problem.end is EndOfRun.FREE:
        return 0.0, 0.0
    if problem.end is EndOfRun.AT_LEAST_START:
        return problem.start_stored_kwh, 0.0
    return problem.start_stored_kwh, FORBIDDEN_C_PER_KWH


def steps_of(problem: DispatchProblem, import_limits_kwh: FloatArray) -> Steps:
    """Arrays of a problem, for the compiled loops."""
    arrays = (
        problem.rates.import_c_per_kwh,
        problem.rates.export_c_per_kwh,
        problem.whole_load_kwh,
        problem.solar_kwh,
        problem.charge_limits_kwh,
        problem.discharge_limits_kwh,
        import_limits_kwh,
        problem.connection.export_limits_kwh(problem.grid),
    )
    return Steps(*(sealed(values) for values in arrays))


def device_of(problem: DispatchProblem) -> Device:
    """Figures of a problem, for the compiled loops."""
    battery = problem.battery
    highest = max(
        problem.rates.import_c_per_kwh.max(), problem.rates.export_c_per_kwh.max()
    )
    return Device(
        capacity_kwh=problem.capacity_kwh,
        charge_efficiency=battery.charge_efficiency_fraction if battery else 1.0,
        discharge_efficiency=battery.discharge_efficiency_fraction if battery else 1.0,
        charge_wear_c_per_kwh=battery.wear_c_per_kwh if battery else 0.0,
        discharge_wear_c_per_kwh=battery.wear_c_per_kwh if battery else 0.0,
        unserved_c_per_kwh=max(2 * float(highest), LEAST_UNSERVED_C_PER_KWH),
        takes_solar_only=battery is not None and not battery.may_charge_from_grid,
        curtails_solar=problem.connection.curtails_solar,
        least_charge_kwh=0.0,
    )
