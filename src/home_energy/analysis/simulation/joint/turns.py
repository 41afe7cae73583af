"""Battery and car by their exact schedules in turn, each with the other's given."""

import numpy as np

from home_energy.analysis.simulation.car_schedule import (
    beside,
    car_case,
    car_of,
    car_schedule_of,
)
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.exact_schedule import (
    case_of,
    followed,
    schedule_of,
)
from home_energy.analysis.simulation.flows import sealed
from home_energy.analysis.simulation.joint.case import JointCase
from home_energy.analysis.simulation.joint.cost import ac_energies
from home_energy.analysis.simulation.joint.paths import (
    JointPaths,
    booked,
    cheaper_parts,
)
from home_energy.analysis.simulation.step_cost import Steps
from home_energy.domain.series import FloatArray

LEAST_GAIN_FRACTION = 1e-9
"""Of the cost: what another round must gain."""

MOST_ROUNDS = 6


class Turns:
    """Battery and car of one home, and how either is bettered beside the other.

    Parameters
    ----------
    problem
        The home.
    case
        The same, laid out.
    """

    def __init__(self, problem: DispatchProblem, case: JointCase) -> None:
        self._problem, self._case = problem, case
        limits = problem.connection.import_limits_kwh(problem.grid)
        alone = case_of(problem, limits)
        price = case.pair.prices.unserved_c_per_kwh
        device = alone.device._replace(unserved_c_per_kwh=price)
        self._alone = alone._replace(device=device)

    def by_rule(self) -> tuple[JointPaths, JointPaths]:
        """The car first and then the battery; the battery first and then the car."""
        size = self._problem.grid.count + 1
        still = np.full(size, self._problem.start_stored_kwh)
        car_still = np.full(size, car_of(self._problem).start_stored_kwh)
        nothing = booked(self._case, still, car_still)
        car_first = self._battery(self._car(nothing), looks_closely=True)
        battery_first = self._battery(nothing, looks_closely=True)
        return car_first, self._car(battery_first)

    def bettered(self, paths: JointPaths, *, looks_closely: bool = False) -> JointPaths:
        """Better it while it gains, and `looks_closely` where burning energy pays."""
        for _ in range(MOST_ROUNDS):
            before = paths.cost_c
            battery = self._battery(paths, looks_closely=looks_closely)
            paths = cheaper_parts(paths, battery)
            paths = cheaper_parts(paths, self._car(paths))
            if not paths.cost_c < before - LEAST_GAIN_FRACTION * abs(before):
                break
        return paths

    def _battery(self, paths: JointPaths, *, looks_closely: bool) -> JointPaths:
        """The battery's best with the car's given."""
        net = ac_energies(self._case.pair.car, np.diff(paths.car_stored_kwh))
        net = np.where(car_of(self._problem).is_plugged, net, 0.0)
        steps = self._left(beside(self._alone.steps, net), net)
        case = self._alone._replace(steps=steps)
        start = self._problem.start_stored_kwh
        if looks_closely:
            stored = schedule_of(case, start).stored_kwh
        else:
            stored, _, _ = followed(case, start)
        return booked(self._case, stored, paths.car_stored_kwh)

    def _car(self, paths: JointPaths) -> JointPaths:
        """The car's best with the battery's given."""
        net = ac_energies(self._case.pair.battery, np.diff(paths.stored_kwh))
        case = car_case(self._problem, net)
        case = case._replace(steps=self._left(case.steps, net))
        found = car_schedule_of(case, car_of(self._problem).start_stored_kwh)
        return booked(self._case, paths.stored_kwh, found.stored_kwh)

    def _left(self, steps: Steps, other_net_kwh: FloatArray) -> Steps:
        """Where neither may export: serve only what the other leaves of the load."""
        if self._case.pair.sells_stored:
            return steps
        lacking = self._case.steps.load_kwh - self._case.steps.solar_kwh
        left = np.maximum(lacking + np.minimum(other_net_kwh, 0.0), 0.0)
        limit = np.minimum(steps.discharge_limit_kwh, left)
        return steps._replace(discharge_limit_kwh=sealed(limit))
