"""One scenario run: the home as it is, and with new devices under each strategy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from home_energy.analysis.scenario.as_it_is import (
    AsItIs,
    as_it_is_of,
    nothing_bought,
)
from home_energy.analysis.scenario.car_answers import CarAnswer, car_answer
from home_energy.analysis.scenario.car_year import CarYear, is_weekday
from home_energy.analysis.scenario.charging_runs import ChargingRunner
from home_energy.analysis.scenario.money import JudgedHome, RunMoney, money_of_run
from home_energy.analysis.scenario.new_solar import NewSolar
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.analysis.scenario.scenario_home import (
    OnProgress,
    ScenarioHome,
    baseline_tariff,
    scenario_home,
)
from home_energy.analysis.scenario.scheduled import Scheduled
from home_energy.analysis.scenario.strategy_run import RunTeller, StrategyRun
from home_energy.analysis.scenario.strategy_runs import StrategyRunner
from home_energy.analysis.scenario.stressed_runs import (
    MoneyOfRuns,
    StressedRuns,
    stress_runs,
)
from home_energy.analysis.simulation.catalogue import battery_named
from home_energy.analysis.simulation.charging_strategy import OnArrival
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem, EndOfRun
from home_energy.analysis.simulation.forecast_strategy import ForecastStrategy
from home_energy.analysis.simulation.strategy import PerfectForesight
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.usage.gap_rules import BoolArray
from home_energy.analysis.usage.home_year import HomeYear
from home_energy.analysis.usage.period_inputs import (
    PeriodInputs,
)
from home_energy.domain.bill import Bill
from home_energy.domain.rates import Rates
from home_energy.settings import Settings
from home_energy.store import Store

NO_BATTERY = "no_battery"
"""Name of the run with the new solar alone."""

UPPER_BOUND = PerfectForesight.name
"""The strategy that has seen the year: no home can reach it."""


@dataclass(frozen=True, slots=True, eq=False)
class ScenarioRun:
    """A scenario's runs beside the home as it is.

    Parameters
    ----------
    scenario, inputs, home
        What was asked, and what of the record it rests on.
    baseline
        The home as it is.
    same_energy
        Its bill on the scenario's tariff.
    problem
        The home with the new devices, on the scenario's tariff.
    solar
        New panels, if any.
    car
        The car, if any.
    runs
        What nobody has to decide first: `no_battery`, or with a car `on_arrival`. Then
        each strategy in the file's order.
    answers
        Of each run with a car, what it comes to beside its twins, by its strategy.
    notes
        Which price forecasts were on record as issued, and what no strategy sees.
    money
        Of each run whose devices are bought, what the purchase comes to, by its
        strategy.
    stressed
        The runs in stress years, with the tornado of what is bought; `None` where they
        were not asked for.
    """

    scenario: Scenario
    inputs: PeriodInputs
    home: HomeYear
    baseline: AsItIs
    same_energy: Bill
    problem: DispatchProblem
    solar: NewSolar | None
    car: CarYear | None
    runs: tuple[StrategyRun, ...]
    answers: dict[str, CarAnswer] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    money: dict[str, RunMoney] = field(default_factory=dict)
    stressed: StressedRuns | None = None

    def run_of(self, strategy: str) -> StrategyRun | None:
        """Run of one strategy."""
        return next((run for run in self.runs if run.strategy == strategy), None)

    @property
    def is_hypothetical(self) -> bool:
        """Whether nobody is known to offer what is asked of car and charger."""
        return self.car is not None and self.car.feasibility.is_hypothetical

    def problem_of(self, run: StrategyRun) -> DispatchProblem:
        """The home of one run."""
        return _home_of(run.strategy, self.problem)

    def saving_aud(self, run: StrategyRun) -> float:
        """Cost of the home as it is less the one of a run. [AUD]"""
        return self.baseline.cost_aud - run.cost_aud

    def capture_ratio(self, run: StrategyRun) -> float | None:
        """Share of what the devices could save that a run's strategy saved.

        Both beside the first run; `None` where the exact dispatch was not asked for, or
        saves nothing.
        """
        best, none = self.run_of(UPPER_BOUND), self.runs[0]
        if best is None or none.cost_aud - best.cost_aud < 0.005:
            return None
        return (none.cost_aud - run.cost_aud) / (none.cost_aud - best.cost_aud)


def run_scenario(
    store: Store,
    settings: Settings,
    scenario: Scenario,
    on_progress: OnProgress = lambda _words: None,
    *,
    with_doubt: bool = False,
) -> ScenarioRun:
    """Run one scenario on the record.

    Parameters
    ----------
    with_doubt
        Whether every run is set in stress years, too: it is run twice more for them,
        and once more for each device that is bought.

    Raises
    ------
    ConfigError
        If a name is unknown, or a needed figure of the battery is.
    CoverageError, DataError
        If usage, a price or the sun is missing.
    """
    found = scenario_home(store, settings, scenario, on_progress)
    tariff, baseline = found.tariff(scenario.prices.tariff), found.baseline
    problem = _problem(found, tariff.rates(found.home.grid, found.spot))
    devices, notes = _devices(found, tariff, problem, on_progress)
    runs = devices.runs(scenario.strategy_names, problem)
    problems = {run.strategy: _home_of(run.strategy, problem) for run in runs}
    money = _money(found, devices, problems, runs)
    stressed = None
    if with_doubt:
        again = devices.in_stress_years
        stressed = stress_runs(found, problems, runs, money, again)
    answers = {}
    if problem.car is not None:
        weekdays = is_weekday(found.settings, found.home.grid)
        answers = devices.answers(runs, problem, weekdays)
    return ScenarioRun(
        scenario=scenario,
        inputs=found.inputs,
        home=found.home,
        baseline=baseline,
        same_energy=tariff.bill(baseline.metered, found.spot),
        problem=problem,
        solar=found.solar,
        car=found.car,
        runs=runs,
        answers=answers,
        notes=(*notes, *money.notes),
        money=dict(money.of),
        stressed=stressed,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Devices:
    """Runs the devices of a scenario by each strategy."""

    teller: RunTeller
    runner: StrategyRunner | ChargingRunner
    on_progress: OnProgress

    def runs(
        self, names: Sequence[str], problem: DispatchProblem
    ) -> tuple[StrategyRun, ...]:
        """What nobody has to decide first, then every strategy."""
        if problem.car is not None:
            every = dict.fromkeys((OnArrival.name, *names))
            return tuple(self._tell(name, problem) for name in every)
        first = self._tell(NO_BATTERY, _home_of(NO_BATTERY, problem))
        if problem.battery is None:
            return (first,)
        return (first, *(self._tell(name, problem) for name in names))

    def answers(
        self,
        runs: Sequence[StrategyRun],
        problem: DispatchProblem,
        weekdays: BoolArray,
    ) -> dict[str, CarAnswer]:
        """Twins of every run with a car."""

        def tell(name: str, twin: DispatchProblem) -> StrategyRun:
            return self._tell(name, twin, "its twins")

        return {run.strategy: car_answer(run, problem, weekdays, tell) for run in runs}

    def in_later_years(self, name: str, problem: DispatchProblem) -> StrategyRun:
        """A run on a home whose devices have aged."""
        return self._tell(name, problem, "its later years")

    def in_stress_years(self, name: str, problem: DispatchProblem) -> StrategyRun:
        """A run at other prices, or on a home whose devices have aged otherwise."""
        return self._tell(name, problem, "its stress years")

    def unbought(self, name: str, problem: DispatchProblem) -> StrategyRun:
        """A run of the home with nothing bought."""
        return self._tell(name, problem, "with nothing bought")

    def _tell(self, name: str, problem: DispatchProblem, of: str = "") -> StrategyRun:
        self.on_progress(f"{name}, {of}" if of else name)
        if not problem.has_storage:
            nothing = Scheduled(np.zeros(problem.grid.count + 1))
            return self.teller.tell(name, problem, nothing)
        return self.teller.tell(name, problem, self.runner.schedule(name, problem))


def _devices(
    found: ScenarioHome,
    tariff: PlanTariff,
    problem: DispatchProblem,
    on_progress: OnProgress,
) -> tuple[_Devices, tuple[str, ...]]:
    """What runs the scenario's strategies, and words on what they see."""
    scenario = found.scenario
    issued, notes = None, tuple[str, ...]()
    if ForecastStrategy.name in scenario.strategy_names and problem.has_storage:
        on_progress("price forecasts on record")
        issued, notes = found.issued(tariff)
    runner = StrategyRunner(scenario.strategy, tariff, issued)
    controlled = found.home.metered.controlled_load_kwh
    devices = _Devices(
        RunTeller(tariff, found.spot, controlled, found.baseline.energy_c),
        runner if problem.car is None else ChargingRunner(runner),
        on_progress,
    )
    return devices, (*notes, *runner.notes(problem))


def _money(
    found: ScenarioHome,
    devices: _Devices,
    problems: Mapping[str, DispatchProblem],
    runs: Sequence[StrategyRun],
) -> MoneyOfRuns:
    """What the purchase behind each run comes to."""
    scenario, days, car = found.scenario, found.inputs.days, found.car
    if scenario.purchase is None:
        return MoneyOfRuns(None, {})
    home = JudgedHome(
        name=scenario.name,
        choice=scenario.purchase,
        baseline=found.baseline,
        present_solar_kwh=found.home.solar_kwh,
        kw_dc=0.0 if scenario.solar is None else scenario.solar.kw_dc,
        day_count=(days.last - days.first).days + 1,
        is_hypothetical=car is not None and car.feasibility.is_hypothetical,
    )
    money = {}
    for run in runs:
        problem = problems[run.strategy]
        if home.can_price(problem):
            before = _unbought(found, run.strategy, devices.on_progress)
            own = replace(home, baseline=before)
            money[run.strategy] = money_of_run(
                own, run, problem, devices.in_later_years
            )
    return MoneyOfRuns(home, money)


def _unbought(found: ScenarioHome, strategy: str, on_progress: OnProgress) -> AsItIs:
    """The home with nothing bought, its car charged by a strategy."""
    if found.car is None or strategy == OnArrival.name:
        return found.baseline
    tariff = found.tariff(baseline_tariff(found.scenario, found.settings))
    rates = tariff.rates(found.home.grid, found.spot)
    problem = nothing_bought(found.home, rates, found.connection, found.car.on_axis)
    devices, _ = _devices(found, tariff, problem, on_progress)
    run = devices.unbought(strategy, problem)
    return as_it_is_of(run, found.home.metered.controlled_load_kwh)


def _home_of(strategy: str, problem: DispatchProblem) -> DispatchProblem:
    """The home of a run: `no_battery` has the new solar alone."""
    return replace(problem, battery=None) if strategy == NO_BATTERY else problem


def _problem(found: ScenarioHome, rates: Rates) -> DispatchProblem:
    battery, choice = None, found.scenario.battery
    if choice is not None:
        battery = battery_named(choice.product, choice.own_figures)
    new_kwh = 0.0 if found.solar is None else found.solar.ac_kwh
    return DispatchProblem(
        rates=rates,
        load_kwh=found.home.load_kwh,
        solar_kwh=found.home.solar_kwh + new_kwh,
        battery=battery,
        connection=found.connection,
        end=EndOfRun.AT_LEAST_START,
        car=None if found.car is None else found.car.on_axis,
    )
