"""A home that sliders are tried on: read once, tariffs and cars at their first use."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from home_energy.analysis.billing.billed_period import usage_notes
from home_energy.analysis.scenario.as_it_is import AsItIs, as_it_is
from home_energy.analysis.scenario.car_year import car_year
from home_energy.analysis.scenario.new_solar import NewSolar, new_solar
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.analysis.scenario.scenario_home import (
    OnProgress,
    ScenarioHome,
    scenario_home,
)
from home_energy.analysis.scenario.year_engine import (
    PreparedYear,
    PricedYear,
    priced_year,
)
from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.analysis.simulation.forecast_strategy import ForecastStrategy
from home_energy.analysis.usage.period_inputs import BilledDays
from home_energy.analysis.what_if.kept import Kept
from home_energy.analysis.what_if.question import (
    WhatIfQuestion,
    car_choice,
    scenario_of_home,
)
from home_energy.analysis.what_if.tariffs import (
    OfferedTariff,
    offered_tariffs,
)
from home_energy.domain.typical_year import is_typical_year
from home_energy.errors import HomeEnergyError
from home_energy.settings import Settings
from home_energy.store import Store

MOST_TARIFFS = 24
MOST_FORECASTS = 3
"""Forecasts of a year are tens of megabytes for each tariff."""

_OF_ANOTHER_PLACE = ("epw:", "tmy3:", "synthetic")


class _CarOfYear(NamedTuple):
    """The home with a car, as it is: `None` and no words for one without."""

    on_axis: CarOnAxis | None
    baseline: AsItIs
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sun:
    """The sun on new panels.

    Parameters
    ----------
    solar
        Of the panels of `scenario_of_home`; `None` where no sun is on record.
    reason
        Why there is none.
    """

    solar: NewSolar | None
    reason: str


class WhatIfHome:
    """One home on the days of its sliders.

    Parameters
    ----------
    read
        The home as it is, without panels and car.
    scenario
        What is the same for every question.
    sun
        The sun on its panels.
    tariffs
        What may be asked for, the home's own first.
    """

    def __init__(
        self,
        read: ScenarioHome,
        scenario: Scenario,
        sun: Sun,
        tariffs: tuple[OfferedTariff, ...],
    ) -> None:
        self.read = read
        self.scenario = scenario
        self.sun = sun
        self.tariffs = tariffs
        self._priced = Kept(partial(self._price, has_forecasts=False), MOST_TARIFFS)
        self._forecast = Kept(partial(self._price, has_forecasts=True), MOST_FORECASTS)
        self._cars = Kept(self._car, MOST_TARIFFS)
        self._unbought = Kept(self._charged, MOST_TARIFFS)
        self._notes = (read.home.note, *usage_notes(read.inputs))

    @property
    def own_tariff(self) -> str:
        """Of the home as it is."""
        return self.read.settings.bill.tariff

    @property
    def days(self) -> BilledDays:
        """The days that are run."""
        return self.read.inputs.days

    @property
    def day_count(self) -> int:
        """How many."""
        return (self.days.last - self.days.first).days + 1

    def is_prepared(self, tariff: str) -> bool:
        """Whether a tariff was asked for before."""
        return tariff in self._priced

    def unbought(self, question: WhatIfQuestion) -> AsItIs:
        """The home with nothing bought, its car charged as in a question."""
        km = question.car_km_per_year
        return self._unbought.get(
            WhatIfQuestion(self.own_tariff, question.strategy, car_km_per_year=km)
        )

    def _charged(self, question: WhatIfQuestion) -> AsItIs:
        return self.year(question).unbought(question.run_name)

    def year(self, question: WhatIfQuestion) -> PreparedYear:
        """The year with what a question needs, made now if nobody asked before.

        Raises
        ------
        ConfigError, CoverageError, DataError
            As `prepare_year`.
        """
        read, car = self.read, self._cars.get(question.car_km_per_year)
        name = question.tariff
        is_planned = question.run_name == ForecastStrategy.name
        prices = self._forecast if is_planned else self._priced
        priced = prices.get(name)
        tariffs = {name: priced}
        if car.on_axis is not None:
            tariffs[self.own_tariff] = prices.get(self.own_tariff)
        solar = self.sun.solar
        strategy = question.strategies
        return PreparedYear(
            scenario=self.scenario.model_copy(update={"strategy": strategy}),
            baseline_tariff=self.own_tariff,
            home=read.home,
            spot=read.spot,
            baseline=car.baseline,
            connection=read.connection,
            solar=solar,
            car=car.on_axis,
            car_is_hypothetical=False,
            tariffs=tariffs,
            notes=(
                *self._notes,
                *(() if solar is None or not question.solar_kw else solar.notes),
                *car.notes,
                *priced.notes,
            ),
        )

    def _price(self, tariff: str, *, has_forecasts: bool) -> PricedYear:
        if not has_forecasts:
            return priced_year(self.read, tariff, has_forecasts=False)
        with self._record() as store:
            read = replace(self.read, store=store)
            return priced_year(read, tariff, has_forecasts=True)

    def _car(self, km_per_year: int) -> _CarOfYear:
        read = self.read
        if not km_per_year:
            return _CarOfYear(None, read.baseline, ())
        with self._record() as store:
            car, home = car_year(
                store, read.settings, car_choice(km_per_year), read.home
            )
        own = read.tariff(self.own_tariff)
        baseline = as_it_is(home, own, read.spot, read.connection, car.on_axis)
        return _CarOfYear(car.on_axis, baseline, car.notes)

    def _record(self) -> "closing[Store]":
        """The record for who asks: a connection is of one thread."""
        return closing(Store.open_read_only(self.read.settings.home.store))


def what_if_home(
    store: Store, settings: Settings, days: BilledDays, on_progress: OnProgress
) -> WhatIfHome:
    """Read the home of the sliders from the record.

    Raises
    ------
    ConfigError, CoverageError, DataError
        As `scenario_home`.
    """
    read = scenario_home(store, settings, scenario_of_home(days, None), on_progress)
    on_progress("the sun on new panels")
    sun, weather = _sun(store, settings, read)
    on_progress("tariffs that fit")
    tariffs = offered_tariffs(read)
    return WhatIfHome(read, scenario_of_home(days, weather), sun, tariffs)


def _sun(
    store: Store, settings: Settings, read: ScenarioHome
) -> tuple[Sun, str | None]:
    """The first sun that covers the days, and its name for a scenario's file."""
    reason = ""
    for weather in _weathers(store):
        solar = scenario_of_home(read.inputs.days, weather).solar
        assert solar is not None  # noqa: S101 - asked for with a weather
        try:
            found = new_solar(store, settings, solar, read.home.grid)
        except HomeEnergyError as error:
            reason = reason or str(error)
        else:
            return Sun(found, ""), weather
    return Sun(None, f"no sun of these days is on record: {reason}"), None


def _weathers(store: Store) -> Iterator[str]:
    """Weather of the home's place, the region's roofs, a typical year, another sun."""
    sources = list(dict.fromkeys(one.source for one in store.weather_days.places()))
    of_place = [one for one in sources if not one.startswith(_OF_ANOTHER_PLACE)]
    yield from (one for one in of_place if not is_typical_year(one))
    yield "region"
    yield from (one for one in of_place if is_typical_year(one))
    yield from (one for one in sources if one not in of_place)
