"""A scenario's way to charge its car by name, made ready to run on its home."""

from dataclasses import dataclass
from typing import get_args

import numpy as np

from home_energy.analysis.scenario.scenario_file import ChargingRule
from home_energy.analysis.scenario.scheduled import Scheduled
from home_energy.analysis.scenario.strategy_runs import StrategyRunner
from home_energy.analysis.simulation.charging_strategy import (
    CHARGING_RULES,
    Cheapest,
    Sequential,
    Timer,
)
from home_energy.analysis.simulation.charging_strategy import (
    ChargingRule as Rule,
)
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.forecaster import Forecaster
from home_energy.analysis.simulation.outlook import IssuedPrices
from home_energy.analysis.simulation.strategy import PerfectForesight

RULES: frozenset[str] = frozenset(get_args(ChargingRule))
"""Ways to charge that have no eye on the battery, and never discharge the car."""


@dataclass(frozen=True, slots=True, eq=False)
class ChargingRunner:
    """Strategies of one scenario with a car.

    Parameters
    ----------
    devices
        Strategies of the battery, which a rule for the car leaves to itself.
    """

    devices: StrategyRunner

    def schedule(self, name: str, problem: DispatchProblem) -> Scheduled:
        """Run a strategy on a home; without the car, the battery's part of it."""
        if problem.car is None:
            return self._without_car(name, problem)
        if name == PerfectForesight.name:
            return _best(problem)
        forecaster = self.devices.forecaster(problem)
        if name not in RULES:
            return _planned(problem, forecaster, self.devices.issued)
        battery = self.devices.rule(self.devices.chosen.battery_rule, problem)
        strategy = Sequential(self._rule(name, problem), battery)
        paths = strategy.paths(problem, self.devices.issued)
        return Scheduled(paths.battery_stored_kwh, paths.car_stored_kwh)

    def _without_car(self, name: str, problem: DispatchProblem) -> Scheduled:
        if problem.battery is None:
            return Scheduled(np.zeros(problem.grid.count + 1))
        rule = self.devices.chosen.battery_rule
        return self.devices.schedule(rule if name in RULES else name, problem)

    def _rule(self, name: str, problem: DispatchProblem) -> Rule:
        if name == Timer.name:
            windows = self.devices.chosen.timer_windows
            return Timer(self.devices.hold(windows, problem))
        if name == Cheapest.name:
            return Cheapest(self.devices.forecaster(problem))
        return CHARGING_RULES[name]()


# What decides both together is loaded for a home that has a car, and not before.


def _planned(
    problem: DispatchProblem, forecaster: Forecaster, issued: IssuedPrices | None
) -> Scheduled:
    """Battery and car planned ahead together."""
    from home_energy.analysis.simulation.joint import forecast  # noqa: PLC0415

    run = forecast.JointForecastStrategy(forecaster).run(problem, issued)
    return Scheduled(
        run.paths.battery_stored_kwh,
        run.paths.car_stored_kwh,
        forecast_error=run.error,
        issued_fraction=run.issued_fraction,
    )


def _best(problem: DispatchProblem) -> Scheduled:
    """What could have been, with its proof."""
    from home_energy.analysis.simulation.joint import schedule  # noqa: PLC0415

    best = schedule.joint_schedule(problem)
    return Scheduled(
        best.battery_stored_kwh,
        best.car_stored_kwh,
        lower_bound_aud=best.lower_bound_c / 100,
        certificate_aud=best.certificate_c / 100,
    )
