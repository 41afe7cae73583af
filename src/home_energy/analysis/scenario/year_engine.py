"""A home's year read once, then any choice of devices, tariff and strategy on it.

What `run_scenario` does for one scenario is here cut in two: `prepare_year` reads what
no choice changes, and `PreparedYear.evaluate` does the rest, in milliseconds. It books
the flows that `run_scenario` books and comes to its figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from home_energy.analysis.billing.billed_period import usage_notes
from home_energy.analysis.scenario.as_it_is import (
    AsItIs,
    as_it_is_of,
    nothing_bought,
)
from home_energy.analysis.scenario.charging_runs import ChargingRunner
from home_energy.analysis.scenario.month_costs import (
    MonthCosts,
    months_of,
    months_of_bill,
    with_sums,
)
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
from home_energy.analysis.scenario.year_figures import (
    YearFigures,
    by_kind_aud,
    figures_of,
)
from home_energy.analysis.scenario.year_point import YearPoint, battery_at
from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.analysis.simulation.charging_strategy import OnArrival
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem, EndOfRun
from home_energy.analysis.simulation.exact_schedule import exact_schedule
from home_energy.analysis.simulation.forecast_strategy import ForecastStrategy
from home_energy.analysis.simulation.outlook import IssuedPrices
from home_energy.analysis.simulation.stored_at_end import stored_at_end
from home_energy.analysis.simulation.strategy import PerfectForesight
from home_energy.analysis.simulation.year_totals import PartTotals, year_totals
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.tariffs.standing_bill import (
    is_sum_of_prices,
    standing_bill,
)
from home_energy.analysis.usage.home_year import HomeYear
from home_energy.domain.bill import LineKind
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.rates import Rates
from home_energy.domain.series import FloatArray, PriceSeries
from home_energy.errors import ConfigError, DataError
from home_energy.settings import Settings
from home_energy.store import Store
from home_energy.toml_faults import suggestion


@dataclass(frozen=True, slots=True)
class Capacity:
    """What is left of new devices.

    Parameters
    ----------
    battery_fraction, solar_fraction
        Of their size when new; power stays.
    """

    battery_fraction: float = 1.0
    solar_fraction: float = 1.0


AS_NEW = Capacity()


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be asked for.

    Parameters
    ----------
    tariffs
        By name.
    strategies
        Forecasts on record are read where one of them plans on such.
    """

    tariffs: tuple[str, ...]
    strategies: tuple[str, ...]

    @property
    def has_forecasts(self) -> bool:
        """Whether any strategy plans on forecasts."""
        return ForecastStrategy.name in self.strategies


@dataclass(frozen=True, slots=True, eq=False)
class PricedYear:
    """One tariff on the axis of the year.

    Parameters
    ----------
    tariff, rates
        The tariff and its prices.
    issued
        Price forecasts on record; `None` without any, or where nobody asked for them.
    standing_aud
        What a bill holds whatever is bought and sold, by kind; `None` where the rest of
        it is more than a sum of prices. [AUD]
    standing_months
        The same by month; empty where it is `None`. (M)
    notes
        What the forecasts rest on.
    """

    tariff: PlanTariff
    rates: Rates
    issued: IssuedPrices | None
    standing_aud: Mapping[LineKind, float] | None
    standing_months: tuple[MonthCosts, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PreparedYear:
    """Everything of a home's year that no choice of devices changes.

    Parameters
    ----------
    scenario
        What is the same for all choices.
    baseline_tariff
        Of the home as it is, by name.
    home, spot
        The home before anything is added, and the wholesale price.
    baseline
        The home as it is.
    connection
        Limits at the meter.
    solar
        The scenario's panels; `None` without any.
    car
        `None` for a home without.
    car_is_hypothetical
        Whether nobody is known to offer what is asked of car and charger.
    tariffs
        Every tariff that may be asked for, by name.
    notes
        What the figures rest on.
    """

    scenario: Scenario
    baseline_tariff: str
    home: HomeYear
    spot: PriceSeries
    baseline: AsItIs
    connection: GridConnection
    solar: NewSolar | None
    car: CarOnAxis | None
    car_is_hypothetical: bool
    tariffs: Mapping[str, PricedYear]
    notes: tuple[str, ...]

    def evaluate(self, point: YearPoint, capacity: Capacity = AS_NEW) -> YearFigures:
        """Run one choice.

        Raises
        ------
        ConfigError
            If a tariff was not prepared, or a product is unknown.
        DataError
            If a device is asked for that the scenario does not describe.
        """
        priced = self.priced(point.tariff)
        problem = self.problem(point, capacity)
        if problem.car is not None or priced.standing_aud is None:
            run = self._with_every_flow(point, priced, problem)
            return figures_of(run, self.baseline.cost_aud)
        scheduled = self._schedule(point, priced, problem)
        months = months_of(problem.grid)
        totals = year_totals(problem, scheduled.stored_kwh, months.starts)
        aud = dict(priced.standing_aud)
        for kind, cost_c in (
            (LineKind.USAGE, totals.bought_c),
            (LineKind.FEED_IN, -totals.sold_c),
        ):
            aud[kind] = aud.get(kind, 0.0) + cost_c / 100
        return YearFigures(
            bill_by_kind_aud=aud,
            wear_aud=totals.wear_c / 100,
            public_aud=0.0,
            left_aud=stored_at_end(problem, scheduled.stored_kwh).worth_aud,
            baseline_cost_aud=self.baseline.cost_aud,
            energy=totals.energy,
            certificate_aud=scheduled.certificate_aud,
            months=_with_flows(priced.standing_months, totals.parts),
        )

    def unbought(self, strategy: str) -> AsItIs:
        """The home with nothing bought, its car charged by a strategy.

        What a purchase saves is counted from it: better hours alone need none.
        """
        if self.car is None or strategy == OnArrival.name:
            return self.baseline
        point = YearPoint(self.baseline_tariff, strategy)
        priced = self.priced(point.tariff)
        problem = nothing_bought(self.home, priced.rates, self.connection, self.car)
        run = self._with_every_flow(point, priced, problem)
        return as_it_is_of(run, self.home.metered.controlled_load_kwh)

    def priced(self, tariff: str) -> PricedYear:
        """A tariff on the year's axis."""
        if tariff not in self.tariffs:
            raise ConfigError(
                f"tariff {tariff} was not prepared{suggestion(tariff, self.tariffs)}; "
                "name it beforehand"
            )
        return self.tariffs[tariff]

    def problem(self, point: YearPoint, capacity: Capacity = AS_NEW) -> DispatchProblem:
        """The home with the devices of a point."""
        battery = battery_at(self.scenario.battery, point)
        if battery is not None:
            left_kwh = battery.usable_kwh * capacity.battery_fraction
            battery = replace(battery, usable_kwh=left_kwh)
        return DispatchProblem(
            rates=self.priced(point.tariff).rates,
            load_kwh=self.home.load_kwh,
            solar_kwh=self._solar_kwh(point.solar_kw * capacity.solar_fraction),
            battery=battery,
            connection=self.connection,
            end=EndOfRun.AT_LEAST_START,
            car=self.car,
        )

    def _solar_kwh(self, solar_kw: float) -> FloatArray:
        """Present panels and new ones; what arrays give grows with their size. (T,)"""
        if solar_kw == 0:
            return self.home.solar_kwh
        if self.solar is None or self.scenario.solar is None:
            raise DataError(
                f"solar_kw {solar_kw:g}: the scenario has no [solar] to scale; "
                "describe one array"
            )
        times = solar_kw / self.scenario.solar.kw_dc
        found: FloatArray = self.home.solar_kwh + self.solar.ac_kwh * times
        return found

    def _with_every_flow(
        self, point: YearPoint, priced: PricedYear, problem: DispatchProblem
    ) -> StrategyRun:
        """As `run_scenario`, with every flow and every line of the bill."""
        controlled = self.home.metered.controlled_load_kwh
        teller = RunTeller(priced.tariff, self.spot, controlled, self.baseline.energy_c)
        scheduled = self._schedule(point, priced, problem)
        return teller.tell(point.strategy, problem, scheduled)

    def _schedule(
        self, point: YearPoint, priced: PricedYear, problem: DispatchProblem
    ) -> Scheduled:
        if not problem.has_storage:
            return Scheduled(np.zeros(problem.grid.count + 1))
        is_best = point.strategy == PerfectForesight.name
        if is_best and priced.standing_aud is not None and problem.car is None:
            exact = exact_schedule(problem)
            certificate_aud = exact.certificate_c / 100
            return Scheduled(exact.stored_kwh, certificate_aud=certificate_aud)
        runner = StrategyRunner(self.scenario.strategy, priced.tariff, priced.issued)
        if problem.car is not None:
            return ChargingRunner(runner).schedule(point.strategy, problem)
        return runner.schedule(point.strategy, problem)


def prepare_year(
    store: Store,
    settings: Settings,
    scenario: Scenario,
    choices: Choices,
    on_progress: OnProgress = lambda _words: None,
) -> PreparedYear:
    """Read everything that points on these tariffs need.

    Parameters
    ----------
    scenario
        What is the same for all choices; its own tariff, sizes and strategy names are
        of account for the home as it is alone.

    Raises
    ------
    ConfigError
        If a name is unknown.
    CoverageError, DataError
        If usage, a price or the sun is missing.
    """
    read = scenario_home(store, settings, scenario, on_progress)
    tariffs, before = {}, baseline_tariff(scenario, settings)
    wanted = dict.fromkeys(choices.tariffs)
    if read.car is not None:
        wanted |= {before: None}  # see `unbought`
    for name in wanted:
        on_progress(f"prices of {name}")
        tariffs[name] = priced_year(read, name, has_forecasts=choices.has_forecasts)
    solar, car = read.solar, read.car
    return PreparedYear(
        scenario=scenario,
        baseline_tariff=before,
        home=read.home,
        spot=read.spot,
        baseline=read.baseline,
        connection=read.connection,
        solar=solar,
        car=None if car is None else car.on_axis,
        car_is_hypothetical=car is not None and bool(car.figures["is_hypothetical"]),
        tariffs=tariffs,
        notes=(
            read.home.note,
            *usage_notes(read.inputs),
            *(() if solar is None else solar.notes),
            *(() if car is None else car.notes),
        ),
    )


def priced_year(read: ScenarioHome, name: str, *, has_forecasts: bool) -> PricedYear:
    """One tariff on the home's axis.

    Parameters
    ----------
    has_forecasts
        Whether those on record are read.
    """
    tariff, grid = read.tariff(name), read.home.grid
    issued, notes = None, tuple[str, ...]()
    if has_forecasts:
        issued, notes = read.issued(tariff)
    standing, months = None, tuple[MonthCosts, ...]()
    if is_sum_of_prices(tariff.plan, tariff.axis(grid)):
        controlled = read.home.metered.controlled_load_kwh
        bill = standing_bill(tariff, grid, read.spot, controlled)
        standing, months = by_kind_aud(bill), months_of_bill(grid, bill)
    return PricedYear(
        tariff=tariff,
        rates=tariff.rates(grid, read.spot),
        issued=issued,
        standing_aud=standing,
        standing_months=months,
        notes=notes,
    )


def _with_flows(
    months: tuple[MonthCosts, ...], parts: PartTotals
) -> tuple[MonthCosts, ...]:
    """Standing lines of each month, and what its flows come to."""
    sums = {
        "bought_aud": parts.bought_c / 100,
        "sold_aud": -parts.sold_c / 100,
        "wear_aud": parts.wear_c / 100,
        "discharge_kwh": parts.discharge_kwh,
    }
    return with_sums(months, sums)
