"""One scenario run: the home as it is, and with new devices under each strategy."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from home_energy.analysis.scenario.home_year import HomeYear, home_year
from home_energy.analysis.scenario.issued_forecasts import (
    TariffOnRecord,
    issued_prices,
)
from home_energy.analysis.scenario.new_solar import NewSolar, new_solar
from home_energy.analysis.scenario.period_inputs import (
    BilledDays,
    PeriodInputs,
    UsageChoice,
    read_inputs,
)
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.analysis.scenario.strategy_runs import Scheduled, StrategyRunner
from home_energy.analysis.simulation.battery_life import BatteryUse, battery_use
from home_energy.analysis.simulation.catalogue import battery_named
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.flows import book_flows
from home_energy.analysis.simulation.forecast_strategy import ForecastStrategy
from home_energy.analysis.simulation.ledger import Ledger, ledger
from home_energy.analysis.simulation.stored_at_end import StoredAtEnd, stored_at_end
from home_energy.analysis.simulation.strategy import PerfectForesight
from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.domain.bill import Bill
from home_energy.domain.dispatch import Dispatch
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.rates import Rates
from home_energy.domain.series import FloatArray, PriceSeries
from home_energy.settings import Settings
from home_energy.store import Store

NO_BATTERY = "no_battery"
"""Name of the run with the new solar alone."""

UPPER_BOUND = PerfectForesight.name
"""The strategy that has seen the year: no home can reach it."""

OnProgress = Callable[[str], None]
"""Called with what is done next."""


@dataclass(frozen=True, slots=True, eq=False)
class StrategyRun:
    """One way to run the new devices.

    Parameters
    ----------
    strategy
        Its name; `no_battery` for the new solar alone.
    dispatch
        Every flow.
    bill
        Of what then went through the meter.
    ledger
        Money by flow, and the battery's wear, which no bill shows.
    at_end
        What the battery holds more at the end than at the start.
    use
        What the run does to the battery; `None` without one.
    saving_by_interval_aud
        Energy cost of the home as it is less the one of this run. (T,) [AUD]
    scheduled
        What the strategy decided, with its proof or the error of its forecasts.
    """

    strategy: str
    dispatch: Dispatch
    bill: Bill
    ledger: Ledger
    at_end: StoredAtEnd
    use: BatteryUse | None
    saving_by_interval_aud: FloatArray
    scheduled: Scheduled

    @property
    def cost_aud(self) -> float:
        """Bill and wear, less what is left in the battery. [AUD]"""
        return self.bill.total_aud + self.ledger.wear_aud - self.at_end.worth_aud


@dataclass(frozen=True, slots=True, eq=False)
class ScenarioRun:
    """A scenario's runs beside the home as it is.

    Parameters
    ----------
    scenario, inputs, home
        What was asked, and what of the record it rests on.
    baseline
        Bill of the home as it is.
    problem
        The home with the new devices, on the scenario's tariff.
    solar
        New panels, if any.
    runs
        `no_battery` first, then each strategy in the file's order.
    notes
        Which price forecasts were on record as issued, and what no strategy sees.
    """

    scenario: Scenario
    inputs: PeriodInputs
    home: HomeYear
    baseline: Bill
    problem: DispatchProblem
    solar: NewSolar | None
    runs: tuple[StrategyRun, ...]
    notes: tuple[str, ...] = ()

    def run_of(self, strategy: str) -> StrategyRun | None:
        """Run of one strategy."""
        return next((run for run in self.runs if run.strategy == strategy), None)

    def saving_aud(self, run: StrategyRun) -> float:
        """Cost of the home as it is less the one of a run. [AUD]"""
        return self.baseline.total_aud - run.cost_aud

    def capture_ratio(self, run: StrategyRun) -> float | None:
        """Share of what a battery could save that a run's strategy saved.

        Both beside the same home and panels without a battery; `None` where the exact
        dispatch was not asked for, or saves nothing.
        """
        best, none = self.run_of(UPPER_BOUND), self.run_of(NO_BATTERY)
        if best is None or none is None or none.cost_aud - best.cost_aud < 0.005:
            return None
        return (none.cost_aud - run.cost_aud) / (none.cost_aud - best.cost_aud)


def run_scenario(
    store: Store,
    settings: Settings,
    scenario: Scenario,
    on_progress: OnProgress = lambda _words: None,
) -> ScenarioRun:
    """Run one scenario on the record.

    Raises
    ------
    ConfigError
        If a name is unknown, or a needed figure of the battery is.
    CoverageError, DataError
        If usage, a price or the sun is missing.
    """
    on_progress("reading the record")
    settings = _with_region(settings, scenario)
    inputs = _read(store, settings, scenario)
    step = timedelta(minutes=scenario.period.resolution_minutes)
    home = home_year(inputs).at_step(step)
    spot = inputs.spot.at_step(step)
    prices = scenario.prices
    tariff = _tariff(settings, prices.tariff, inputs)
    baseline_name = prices.baseline_tariff or prices.tariff
    baseline_tariff = _tariff(settings, baseline_name, inputs)
    on_progress("the home as it is")
    baseline = baseline_tariff.bill(home.metered, spot)
    rates = tariff.rates(home.grid, spot)
    solar = None
    if scenario.solar is not None:
        on_progress("the sun on new panels")
        solar = new_solar(store, settings, scenario.solar, home.grid)
    problem = _problem(scenario, home, rates, solar)
    before = baseline_tariff.rates(home.grid, spot)
    teller = _Teller(tariff, spot, home, before)
    nothing = Scheduled(np.zeros(home.grid.count + 1))
    runs = [teller.tell(NO_BATTERY, replace(problem, battery=None), nothing)]
    notes: list[str] = []
    if problem.battery is not None:
        issued = None
        if ForecastStrategy.name in scenario.strategy.names:
            on_progress("price forecasts on record")
            priced_by = TariffOnRecord(tariff, inputs.amber_of(tariff.plan))
            issued, told = issued_prices(store, settings, priced_by, home.grid)
            notes += told
        runner = StrategyRunner(scenario.strategy, tariff, issued)
        notes += filter(None, [runner.demand_note(problem)])
        for name in scenario.strategy.names:
            on_progress(name)
            runs.append(teller.tell(name, problem, runner.schedule(name, problem)))
    return ScenarioRun(
        scenario, inputs, home, baseline, problem, solar, tuple(runs), tuple(notes)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Teller:
    """Tells what schedules of one home come to."""

    tariff: PlanTariff
    spot: PriceSeries
    home: HomeYear
    before: Rates

    def tell(
        self, name: str, problem: DispatchProblem, scheduled: Scheduled
    ) -> StrategyRun:
        """Flows, bill and money of a schedule."""
        dispatch = book_flows(problem, scheduled.stored_kwh)
        controlled = self.home.metered.controlled_load_kwh
        bill = self.tariff.bill(dispatch.metered(controlled), self.spot)
        metered = self.home.metered
        before = self.before
        cost_before_c = (
            metered.general_kwh * before.import_c_per_kwh
            - metered.feed_in_kwh * before.export_c_per_kwh
        )
        money = ledger(dispatch, problem.rates, problem.battery)
        battery = problem.battery
        return StrategyRun(
            strategy=name,
            dispatch=dispatch,
            bill=bill,
            ledger=money,
            at_end=stored_at_end(problem, dispatch.stored_kwh),
            use=None if battery is None else battery_use(dispatch, battery),
            saving_by_interval_aud=(cost_before_c - money.energy_c) / 100,
            scheduled=scheduled,
        )


def _problem(
    scenario: Scenario, home: HomeYear, rates: Rates, solar: NewSolar | None
) -> DispatchProblem:
    battery = None
    if scenario.battery is not None:
        choice = scenario.battery
        battery = battery_named(choice.product, choice.own_figures)
    return DispatchProblem(
        rates=rates,
        load_kwh=home.load_kwh,
        solar_kwh=home.solar_kwh + (0.0 if solar is None else solar.ac_kwh),
        battery=battery,
        connection=GridConnection(
            scenario.connection.import_limit_kw,
            scenario.connection.export_limit_kw,
            scenario.connection.curtails_solar,
        ),
    )


def _read(store: Store, settings: Settings, scenario: Scenario) -> PeriodInputs:
    first, last = scenario.period.days
    usage = scenario.usage
    choice = UsageChoice(usage.gap_rule, usage.sources or None, usage.moved_from)
    return read_inputs(store, settings, BilledDays(first, last), choice)


def _tariff(settings: Settings, name: str | None, inputs: PeriodInputs) -> PlanTariff:
    plan = find_plan(name or settings.bill.tariff, settings.tariff_folder)
    return inputs.tariff(plan)


def _with_region(settings: Settings, scenario: Scenario) -> Settings:
    region = scenario.prices.market_region
    if region is None:
        return settings
    home = settings.home.model_copy(update={"market_region": region})
    return settings.model_copy(update={"home": home})
