"""The home that a scenario asks about: what stands before any device is chosen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from home_energy.analysis.scenario.as_it_is import AsItIs, as_it_is
from home_energy.analysis.scenario.car_year import CarYear, car_year
from home_energy.analysis.scenario.issued_forecasts import (
    TariffOnRecord,
    issued_prices,
)
from home_energy.analysis.scenario.new_solar import NewSolar, new_solar
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.analysis.simulation.outlook import IssuedPrices
from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.usage.home_year import HomeYear, home_year
from home_energy.analysis.usage.period_inputs import (
    BilledDays,
    PeriodInputs,
    UsageChoice,
    read_inputs,
)
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.series import PriceSeries
from home_energy.settings import Settings
from home_energy.store import Store

OnProgress = Callable[[str], None]
"""Called with what is done next."""


@dataclass(frozen=True, slots=True, eq=False)
class ScenarioHome:
    """A scenario's home on one axis, at the scenario's resolution.

    Parameters
    ----------
    store, settings
        The record, and the household's settings in the scenario's market region.
    scenario, inputs
        What was asked, and what of the record it rests on.
    home, spot
        Load and present solar, without the car's recorded charging; wholesale price.
    connection
        Limits at the meter.
    car
        `None` for a home without.
    solar
        New panels, if any.
    baseline
        The home as it is, on its own tariff.
    """

    store: Store
    settings: Settings
    scenario: Scenario
    inputs: PeriodInputs
    home: HomeYear
    spot: PriceSeries
    connection: GridConnection
    car: CarYear | None
    solar: NewSolar | None
    baseline: AsItIs

    def tariff(self, name: str | None) -> PlanTariff:
        """A tariff by name with the prices that it asks for; `None` is the home's."""
        return _tariff(self.settings, self.inputs, name)

    def issued(self, tariff: PlanTariff) -> tuple[IssuedPrices | None, tuple[str, ...]]:
        """Forecasts on record of a tariff's prices, and words on what they are."""
        priced_by = TariffOnRecord(tariff, self.inputs.amber_of(tariff.plan))
        return issued_prices(self.store, self.settings, priced_by, self.home.grid)


def scenario_home(
    store: Store, settings: Settings, scenario: Scenario, on_progress: OnProgress
) -> ScenarioHome:
    """Read the home of a scenario from the record.

    Raises
    ------
    ConfigError
        If a name is unknown, or a needed figure of the car is.
    CoverageError, DataError
        If usage, a price, a trip or the sun is missing.
    """
    on_progress("reading the record")
    settings = _with_region(settings, scenario)
    inputs = _read(store, settings, scenario)
    step = timedelta(minutes=scenario.period.resolution_minutes)
    home, spot = home_year(inputs).at_step(step), inputs.spot.at_step(step)
    car = solar = None
    if scenario.car is not None:
        on_progress("the car's trips")
        car, home = car_year(store, settings, scenario.car, home)
    if scenario.solar is not None:
        on_progress("the sun on new panels")
        solar = new_solar(store, settings, scenario.solar, home.grid)
    on_progress("the home as it is")
    connection = GridConnection(**scenario.connection.model_dump())
    tariff = _tariff(settings, inputs, baseline_tariff(scenario, settings))
    on_axis = None if car is None else car.on_axis
    return ScenarioHome(
        store=store,
        settings=settings,
        scenario=scenario,
        inputs=inputs,
        home=home,
        spot=spot,
        connection=connection,
        car=car,
        solar=solar,
        baseline=as_it_is(home, tariff, spot, connection, on_axis),
    )


def baseline_tariff(scenario: Scenario, settings: Settings) -> str:
    """Tariff of the home as it is: as the file says, else the household's own."""
    prices = scenario.prices
    return prices.baseline_tariff or prices.tariff or settings.bill.tariff


def _read(store: Store, settings: Settings, scenario: Scenario) -> PeriodInputs:
    first, last = scenario.period.days
    usage = scenario.usage
    choice = UsageChoice(usage.gap_rule, usage.sources or None, usage.moved_from)
    return read_inputs(store, settings, BilledDays(first, last), choice)


def _tariff(settings: Settings, inputs: PeriodInputs, name: str | None) -> PlanTariff:
    plan = find_plan(name or settings.bill.tariff, settings.tariff_folder)
    return inputs.tariff(plan)


def _with_region(settings: Settings, scenario: Scenario) -> Settings:
    region = scenario.prices.market_region
    if region is None:
        return settings
    home = settings.home.model_copy(update={"market_region": region})
    return settings.model_copy(update={"home": home})
