"""One scenario in a report: its result, its chosen strategy, its shapes and flows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from home_energy.analysis.report.question import AskedScenario
from home_energy.analysis.report.shapes import shapes
from home_energy.analysis.scenario.result import scenario_result
from home_energy.analysis.scenario.run import NO_BATTERY, UPPER_BOUND, ScenarioRun
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.analysis.scenario.strategy_run import StrategyRun
from home_energy.domain.bill import Bill
from home_energy.settings import Settings


@dataclass(frozen=True, slots=True, eq=False)
class ReportedScenario:
    """A scenario that was run, as a report keeps it.

    Parameters
    ----------
    scenario
        As it was asked.
    figures
        Its entry in the report.
    chosen
        The run whose flows are kept.
    baseline_bill
        Of its home as it is.
    """

    scenario: Scenario
    figures: Mapping[str, Any]
    chosen: StrategyRun
    baseline_bill: Bill

    @property
    def has_devices(self) -> bool:
        """Whether anything is added to the home as it is."""
        asked = self.scenario
        return not (asked.solar is None and asked.battery is None and asked.car is None)


def reported(
    asked: AskedScenario, run: ScenarioRun, settings: Settings
) -> ReportedScenario:
    """Everything that a report tells of a scenario."""
    chosen, zone = chosen_run(run), settings.home.zone
    figures = {
        **scenario_result(run, asked.sha256),
        "file": asked.file,
        "chosen_strategy": chosen.strategy,
        "shapes": {one.strategy: shapes(run, one, zone) for one in run.runs},
    }
    return ReportedScenario(asked.scenario, figures, chosen, run.baseline.bill)


def chosen_run(run: ScenarioRun) -> StrategyRun:
    """The cheapest run of all devices that needs no foresight; of two alike the first.

    A battery that is there is run: `no_battery` stands for it only where no strategy
    but the one with foresight was asked for.
    """
    blind = [one for one in run.runs if one.strategy != UPPER_BOUND]
    has_battery = run.problem.battery is not None
    running = [one for one in blind if not (has_battery and one.strategy == NO_BATTERY)]
    return min(running or blind, key=lambda one: one.cost_aud)
