"""One position of the sliders, and the scenario that it is."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from home_energy.analysis.scenario.car_choice import (
    CarChoice,
    ChargerChoice,
    DrivingChoice,
    VehicleChoice,
)
from home_energy.analysis.scenario.purchase_block import PurchaseBlock
from home_energy.analysis.scenario.run import NO_BATTERY, UPPER_BOUND
from home_energy.analysis.scenario.scenario_file import (
    BatteryChoice,
    Period,
    Roof,
    Scenario,
    Solar,
    Strategies,
)
from home_energy.analysis.scenario.year_point import YearPoint, scenario_at
from home_energy.analysis.usage.period_inputs import BilledDays

MINUTES = 30
"""Length of an interval of every run. [minutes]"""

BATTERY = BatteryChoice(product="powerwall-3", wear_c_per_kwh=1.0)
"""Scaled to the size asked for; wear as in the shipped scenarios."""

PANELS_KW, INVERTER_KW = 6.6, 5.0
"""An array and its inverter; both grow alike. [kW]"""

VEHICLE, CHARGER = "tesla-model-y-rwd", "ac-7kw"

PUBLIC_C_PER_KWH = 52.0
"""A Tesla at Superchargers, median (evlog.net.au, December 2025). [c/kWh]"""

USUAL_KM, USUAL_COMMUTE_KM, USUAL_HOLIDAY_KM = 13_000.0, 40.0, 600.0
"""The usual driving profile: of a year, a day of work, a holiday. [km]"""

CAR_KM_PER_YEAR = (0, 5_000, 10_000, 15_000, 20_000, 25_000)
"""What may be asked for; each is a car of its own. [km]"""


@dataclass(frozen=True, slots=True)
class OfferedStrategy:
    """A way to run the devices that fits every home.

    Parameters
    ----------
    name
        As a scenario's file says it.
    said
        In words.
    needs
        Devices of which it runs at least one.
    """

    name: str
    said: str
    needs: tuple[str, ...]

    @property
    def is_upper_bound(self) -> bool:
        """Whether it has seen the year, as no home can."""
        return self.name == UPPER_BOUND


_LONG = "with car and battery together this takes seconds"
STRATEGIES = (
    OfferedStrategy(
        "self_consumption",
        "The battery keeps the sun for the evening; a car is charged on arrival",
        ("battery",),
    ),
    OfferedStrategy(
        "smart_cycles",
        "The battery runs one cycle a day over the cheapest and dearest hours; a car "
        "is charged on arrival",
        ("battery",),
    ),
    OfferedStrategy(
        "solar_first",
        "The car takes the sun first; a battery keeps what is left for the evening",
        ("car",),
    ),
    OfferedStrategy(
        "cheapest",
        "The car is charged in the cheapest hours; a battery keeps the sun for the "
        "evening",
        ("car",),
    ),
    OfferedStrategy(
        "forecast",
        f"Planned every half-hour on what was known then; {_LONG}",
        ("battery", "car"),
    ),
    OfferedStrategy(
        UPPER_BOUND,
        "As if the whole year had been known: an upper bound that no home can have; "
        f"{_LONG}",
        ("battery", "car"),
    ),
)
_OF_CAR, _OF_BATTERY = ("car",), ("battery",)
_NEEDS = {one.name: one.needs for one in STRATEGIES}
_ON_ARRIVAL, _SELF_CONSUMPTION = "on_arrival", "self_consumption"


@dataclass(frozen=True, slots=True)
class WhatIfQuestion:
    """One position of the sliders.

    Parameters
    ----------
    tariff
        By name.
    strategy
        Of `STRATEGIES`. One that is of the battery alone leaves a car to be charged on
        arrival; one that is of the car alone leaves a battery to self-consumption.
    solar_kw, battery_kwh
        New ones; 0 for none. [kW], [kWh]
    car_km_per_year
        Of `CAR_KM_PER_YEAR`; 0 for no car. [km]
    """

    tariff: str
    strategy: str = _SELF_CONSUMPTION
    solar_kw: float = 0.0
    battery_kwh: float = 0.0
    car_km_per_year: int = 0

    @property
    def is_bought(self) -> bool:
        """Whether anything with a price is new."""
        return self.solar_kw > 0 or self.battery_kwh > 0

    @property
    def is_upper_bound(self) -> bool:
        """Whether the run has seen the year."""
        return self.run_name == UPPER_BOUND

    @property
    def run_name(self) -> str:
        """Strategy of the run, as a scenario's result calls it."""
        needs = _NEEDS[self.strategy]
        if self.car_km_per_year:
            return _ON_ARRIVAL if needs == _OF_BATTERY else self.strategy
        if not self.battery_kwh:
            return NO_BATTERY
        return _SELF_CONSUMPTION if needs == _OF_CAR else self.strategy

    @property
    def strategies(self) -> Strategies:
        """Block of the scenario's file."""
        rule = _SELF_CONSUMPTION
        if _NEEDS[self.strategy] == _OF_BATTERY:
            rule = self.strategy
        if self.run_name == NO_BATTERY:
            return Strategies()
        if not self.car_km_per_year:
            return Strategies.model_validate({"names": (self.run_name,)})
        names = {"names": (self.run_name,), "battery_rule": rule}
        return Strategies.model_validate(names)

    @property
    def point(self) -> YearPoint:
        """Choice of the prepared year."""
        return YearPoint(self.tariff, self.run_name, self.solar_kw, self.battery_kwh)

    def as_run(self) -> "WhatIfQuestion":
        """The same with a strategy in whose place another would run as well."""
        if self.run_name == NO_BATTERY:
            return replace(self, strategy=_SELF_CONSUMPTION)
        return self

    def told(self) -> dict[str, Any]:
        """For an answer."""
        return {**asdict(self), "run_as": self.run_name}


def scenario_of_home(days: BilledDays, weather: str | None) -> Scenario:
    """What is the same for every question.

    Parameters
    ----------
    weather
        Where the sun is from; `None` for no new panels.
    """
    solar = None
    if weather is not None:
        roof = Roof(kw_dc=PANELS_KW, inverter_kw_ac=INVERTER_KW)
        solar = Solar(array=(roof,), weather=weather)
    return Scenario(
        name="what-if",
        title="What if",
        period=Period(first=days.first, last=days.last, resolution_minutes=MINUTES),
        solar=solar,
        battery=BATTERY,
    )


def car_choice(km_per_year: int) -> CarChoice:
    """A car whose trips are those of the usual profile, longer or shorter."""
    share = km_per_year / USUAL_KM
    return CarChoice(
        vehicle=VehicleChoice(product=VEHICLE),
        charger=ChargerChoice(product=CHARGER),
        public_c_per_kwh=PUBLIC_C_PER_KWH,
        driving=DrivingChoice(
            km_per_year=float(km_per_year),
            commute_km=USUAL_COMMUTE_KM * share,
            holiday_km=USUAL_HOLIDAY_KM * share,
        ),
    )


def purchase_today(today: date, postcode: str) -> PurchaseBlock:
    """Bought today, for what the dated cost curves say."""
    return PurchaseBlock(installed=today, postcode=postcode)


def scenario_of(
    home: Scenario,
    question: WhatIfQuestion,
    own_tariff: str,
    purchase: PurchaseBlock | None,
) -> Scenario:
    """The scenario that a question is, to be run by itself.

    Parameters
    ----------
    home
        Of `scenario_of_home`.
    purchase
        `None` where nothing is bought, or nobody knows where the home is.
    """
    found = scenario_at(home, question.point, own_tariff)
    car = None
    if question.car_km_per_year:
        car = car_choice(question.car_km_per_year)
    return found.model_copy(
        update={
            "title": title_of(question),
            "car": car,
            "strategy": question.strategies,
            "purchase": purchase if question.is_bought else None,
        }
    )


def title_of(question: WhatIfQuestion) -> str:
    """The question in words."""
    parts = []
    if question.solar_kw:
        parts.append(f"{question.solar_kw:g} kW of panels")
    if question.battery_kwh:
        parts.append(f"a battery of {question.battery_kwh:g} kWh")
    if question.car_km_per_year:
        parts.append(f"a car with {question.car_km_per_year:,} km a year")
    what = ", ".join(parts) or "nothing new"
    return f"What if: {what}, on {question.tariff}"
