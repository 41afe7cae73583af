"""Every run of a scenario in its stress years, with the tornado of what is bought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from home_energy.analysis.finance.tornado import Bar
from home_energy.analysis.scenario.charging_runs import RULES
from home_energy.analysis.scenario.money import JudgedHome, RunMoney
from home_energy.analysis.scenario.run_tornado import JudgedRun, tornado_of
from home_energy.analysis.scenario.scenario_home import ScenarioHome, baseline_tariff
from home_energy.analysis.scenario.strategy_run import StrategyRun, Tell
from home_energy.analysis.scenario.stress_years import (
    StressedHome,
    StressYear,
    spiked_prices,
)
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem

LONG_STEP_HOURS = 0.5
"""A car alone is planned within a second in such steps, and in no shorter ones."""


@dataclass(frozen=True, slots=True)
class StressedRuns:
    """What the runs of a scenario are worth in other years.

    Parameters
    ----------
    years
        Of each run, by its strategy.
    tornados
        Of each run whose devices are bought and offered, by its strategy.
    """

    years: Mapping[str, tuple[StressYear, ...]]
    tornados: Mapping[str, tuple[Bar, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class MoneyOfRuns:
    """What was bought for the runs; see `money_of_run`.

    Parameters
    ----------
    home
        As purchases for it are judged; `None` where nothing is bought.
    of
        Of each run, by its strategy.
    """

    home: JudgedHome | None
    of: Mapping[str, RunMoney]

    @property
    def notes(self) -> tuple[str, ...]:
        """What it rests on."""
        return () if self.home is None else self.home.notes


def stress_runs(
    found: ScenarioHome,
    problems: Mapping[str, DispatchProblem],
    runs: Sequence[StrategyRun],
    money: MoneyOfRuns,
    tell: Tell,
) -> StressedRuns:
    """Set every run in its stress years.

    Parameters
    ----------
    problems
        The home of each run, by its strategy.
    tell
        Runs a strategy anew.
    """
    home = _stressed_home(found, money.home)
    years, tornados = {}, {}
    for run in runs:
        name, problem = run.strategy, problems[run.strategy]
        again = tell if is_quick(name, problem) else None
        years[name] = home.years(run, problem, again)
        judged = money.of.get(name)
        if judged is None or money.home is None or money.home.is_hypothetical:
            continue
        own = replace(money.home, baseline=judged.baseline)
        asked = JudgedRun(own, run, problem, judged, years[name], again)
        tornados[name] = tornado_of(asked)
    return StressedRuns(years, tornados)


def is_quick(strategy: str, problem: DispatchProblem) -> bool:
    """Whether a year is run in less than about a second; measured, not promised."""
    if problem.car is None or strategy in RULES:
        return True
    return problem.battery is None and problem.hours >= LONG_STEP_HOURS


def _stressed_home(found: ScenarioHome, judged: JudgedHome | None) -> StressedHome:
    scenario, grid = found.scenario, found.home.grid
    tariff = found.tariff(scenario.prices.tariff)
    now = before = spiked_prices(tariff, grid, found.spot)
    before_name = baseline_tariff(scenario, found.settings)
    if before_name != tariff.name:
        before = spiked_prices(found.tariff(before_name), grid, found.spot)
    years_per_run = 1.0 if judged is None else judged.years_per_run
    return StressedHome(found.baseline, before, now, years_per_run)
