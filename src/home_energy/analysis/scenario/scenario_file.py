"""One question as a file: which year, which devices, which strategies.

Every key has its unit in its name; a key that is not known is refused with the nearest
one, and all faults of a file are said at once. docs/models/scenarios.md is the manual.
"""

import hashlib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar, get_args

from pydantic import Field, ValidationError, model_validator

from home_energy.analysis.scenario.car_choice import CarChoice
from home_energy.analysis.scenario.purchase_block import (
    PurchaseBlock,
    with_home_postcode,
)
from home_energy.analysis.scenario.scenario_part import (
    Fraction,
    NotNegative,
    Part,
    Positive,
)
from home_energy.analysis.tariffs.plan import Window
from home_energy.domain.spot import REGIONS
from home_energy.errors import ConfigError
from home_energy.toml_faults import explain, read_toml

MANUAL = "docs/models/scenarios.md"

BatteryRule = Literal[
    "self_consumption", "time_of_use", "price_threshold", "smart_cycles"
]
"""Runs a battery without an eye on a car."""

ChargingRule = Literal["on_arrival", "timer", "cheapest", "solar_first"]
"""Charges a car without an eye on a battery."""

StrategyName = BatteryRule | ChargingRule | Literal["forecast", "perfect_foresight"]


class Period(Part):
    """Which days are run: a calendar year of the meter, or days of it.

    Parameters
    ----------
    year
        Calendar year in NEM time.
    first, last
        Instead of a year, both included; `from` and `to` in the file.
    resolution_minutes
        Length of an interval. Energy metered by half-hours is even within them.
    """

    year: Annotated[int, Field(ge=2000, le=2099)] | None = None
    first: Annotated[date | None, Field(alias="from")] = None
    last: Annotated[date | None, Field(alias="to")] = None
    resolution_minutes: Literal[5, 30] = 5

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        days = (self.first, self.last)
        if self.year is not None and days != (None, None):
            raise ValueError("year goes without from and to")
        if self.year is None and None in days:
            raise ValueError("expected either year, or from and to")
        return self

    @property
    def days(self) -> tuple[date, date]:
        """First and last day."""
        if self.first is not None and self.last is not None:
            return self.first, self.last
        year = self.year or 0
        return date(year, 1, 1), date(year, 12, 31)


class Usage(Part):
    """Where the home's usage is from.

    Parameters
    ----------
    gap_rule
        For what is missing.
    sources
        Instead of every billing-grade source on record, in this order.
    moved_from
        First day of twelve months of usage that are moved onto the year.
    """

    gap_rule: str = "refuse"
    sources: tuple[str, ...] = ()
    moved_from: date | None = None


class Prices(Part):
    """What a kilowatt-hour costs.

    Parameters
    ----------
    tariff
        Name of a tariff, or a `.toml` file; `None` is the household's own.
    baseline_tariff
        Of the home without the new devices, if that would choose another.
    market_region
        Instead of the home's own.
    """

    tariff: str | None = None
    baseline_tariff: str | None = None
    market_region: Literal[REGIONS] | None = None  # type: ignore[valid-type]


class Connection(Part):
    """Limits at the meter; see `GridConnection`."""

    import_limit_kw: Positive = 15.0
    export_limit_kw: NotNegative = 5.0
    curtails_solar: bool = True


class Roof(Part):
    """One array of panels; see `SolarArray`."""

    kw_dc: Positive
    tilt_deg: Annotated[float, Field(ge=0, le=90)] = 22.0
    azimuth_deg: Annotated[float, Field(ge=0, lt=360)] = 0.0
    inverter_kw_ac: Positive | None = None
    losses_fraction: Fraction = 0.14
    shading_fraction: tuple[Fraction, ...] = ()

    @model_validator(mode="after")
    def _twelve(self) -> Self:
        if len(self.shading_fraction) not in (0, 12):
            raise ValueError("shading_fraction: expected 12 figures, or none")
        return self


class Solar(Part):
    """New panels on the roof.

    Parameters
    ----------
    array
        One block for each.
    weather
        `region`: the sun that AEMO's rooftop solar of the market's region had in that
        very year, scaled to the arrays' kW. Else the weather on record that the model
        is fed with, by its source: `open-meteo`, `nasa-power`, `pvgis`, a file's
        typical year, such as `epw:Melbourne`, or `synthetic`, the made-up home's.
    yield_kwh_per_kw
        Of a year, for `region`; `None` follows from the region. [kWh/kW]
    latitude_deg, longitude_deg
        For the model; `None` takes the home's.
    """

    array: Annotated[tuple[Roof, ...], Field(min_length=1)]
    weather: str = "region"
    yield_kwh_per_kw: Positive | None = None
    latitude_deg: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude_deg: Annotated[float, Field(ge=-180, le=180)] | None = None

    @property
    def kw_dc(self) -> float:
        """All arrays together. [kW]"""
        return sum(one.kw_dc for one in self.array)


class BatteryChoice(Part):
    """A battery from the catalogue, with figures of one's own in its place.

    Parameters
    ----------
    product
        Name in the catalogue; without it every needed figure must be given.
    others
        See `Battery`; a figure here stands before the catalogue's.
    """

    product: str | None = None
    usable_kwh: Positive | None = None
    charge_kw: Positive | None = None
    discharge_kw: Positive | None = None
    charge_efficiency_fraction: Fraction | None = None
    discharge_efficiency_fraction: Fraction | None = None
    standby_kw: NotNegative | None = None
    reserve_fraction: Fraction | None = None
    may_charge_from_grid: bool | None = None
    may_export: bool | None = None
    wear_c_per_kwh: NotNegative | None = None
    calendar_fade_fraction_per_year: NotNegative | None = None
    cycle_fade_fraction_per_cycle: NotNegative | None = None
    warranty_years: Positive | None = None
    warranty_throughput_kwh: Positive | None = None
    warranted_capacity_fraction: Fraction | None = None

    @property
    def own_figures(self) -> dict[str, Any]:
        """Figures that stand before the catalogue's."""
        return self.model_dump(exclude={"product"}, exclude_none=True)


class Strategies(Part):
    """How battery and car are run; each is a row of the result.

    Parameters
    ----------
    names
        In the order of the comparison. Where there is a car they are ways to charge
        it, and a battery beside it is run by `battery_rule`; `forecast` and
        `perfect_foresight` run both as one.
    battery_rule
        See `names`.
    timer_windows
        For `timer`, on the tariff's clock.
    charge_windows, discharge_windows
        For `time_of_use`, on the tariff's clock.
    charge_below_c_per_kwh, discharge_above_c_per_kwh
        For `price_threshold`.
    cycles_per_day
        For `smart_cycles`.
    """

    names: Annotated[tuple[StrategyName, ...], Field(min_length=1)] = (
        "self_consumption",
        "forecast",
        "perfect_foresight",
    )
    battery_rule: BatteryRule = "self_consumption"
    timer_windows: tuple[Window, ...] = ()
    charge_windows: tuple[Window, ...] = ()
    discharge_windows: tuple[Window, ...] = ()
    charge_below_c_per_kwh: float | None = None
    discharge_above_c_per_kwh: float | None = None
    cycles_per_day: Literal[1, 2] = 1

    @model_validator(mode="after")
    def _what_each_needs(self) -> Self:
        asked = {*self.names, self.battery_rule}
        if "timer" in asked and not self.timer_windows:
            raise ValueError("timer needs timer_windows")
        windows = self.charge_windows and self.discharge_windows
        if "time_of_use" in asked and not windows:
            raise ValueError("time_of_use needs charge_windows and discharge_windows")
        limits = (self.charge_below_c_per_kwh, self.discharge_above_c_per_kwh)
        if "price_threshold" in asked and None in limits:
            raise ValueError(
                "price_threshold needs charge_below_c_per_kwh and "
                "discharge_above_c_per_kwh"
            )
        return self


class Scenario(Part):
    """One question.

    Parameters
    ----------
    name
        Stands in results and names their folder.
    title
        The question in words.
    """

    name: Annotated[str, Field(pattern="^[a-z0-9][a-z0-9-]*$")]
    title: Annotated[str, Field(min_length=1)]
    period: Period
    usage: Usage = Usage()
    prices: Prices = Prices()
    connection: Connection = Connection()
    solar: Solar | None = None
    battery: BatteryChoice | None = None
    car: CarChoice | None = None
    purchase: PurchaseBlock | None = None
    strategy: Strategies = Strategies()

    @model_validator(mode="after")
    def _names_fit_the_devices(self) -> Self:
        rules = get_args(BatteryRule if self.car is not None else ChargingRule)
        wrong = [name for name in self.strategy.names if name in rules]
        if not wrong or "names" not in self.strategy.model_fields_set:
            return self
        if self.car is None:
            raise ValueError(
                f"strategy.names: {', '.join(wrong)} without [car]; these charge a car"
            )
        raise ValueError(
            f"strategy.names: {', '.join(wrong)} with [car]; expected ways to "
            f"charge it ({', '.join(get_args(ChargingRule))}), and battery_rule for "
            "the battery"
        )

    @model_validator(mode="after")
    def _usage_is_of_the_car(self) -> Self:
        if (
            self.car is not None
            and self.car.is_in_usage
            and self.usage.moved_from is not None
        ):
            raise ValueError(
                "car.is_in_usage with usage.moved_from: the car was charged on other "
                "days than those whose usage is moved"
            )
        return self

    @model_validator(mode="after")
    def _purchase_is_of_the_devices(self) -> Self:
        if self.purchase is None:
            return self
        faults = self.purchase.faults(
            has_solar=self.solar is not None,
            has_battery=self.battery is not None,
            has_car=self.car is not None,
        )
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def strategy_names(self) -> tuple[StrategyName, ...]:
        """Rows of the result; with a car those that the file leaves open charge it."""
        if self.car is None or "names" in self.strategy.model_fields_set:
            return self.strategy.names
        return ("solar_first", "forecast", "perfect_foresight")


Question = TypeVar("Question", bound=Scenario)


def load_scenario(path: Path, home_postcode: str | None = None) -> tuple[Scenario, str]:
    """Read one scenario, and the SHA-256 of its file; see `load_question`."""
    return load_question(path, Scenario, MANUAL, home_postcode)


def load_question(
    path: Path, model: type[Question], manual: str, home_postcode: str | None
) -> tuple[Question, str]:
    """Read one question, and the SHA-256 of its file.

    Parameters
    ----------
    model
        What its file may hold.
    manual
        Page that says so.
    home_postcode
        Where its purchase is, unless it says so itself.

    Raises
    ------
    ConfigError
        With every fault of the file at once: key, what was found, what is allowed.
    """
    tree = read_toml(path, f"compare it with {manual}")
    try:
        asked = model.model_validate(with_home_postcode(tree, home_postcode))
    except ValidationError as error:
        faults = "; ".join(explain(error, model))
        raise ConfigError(f"{path}: {faults}; see {manual}") from error
    return asked, hashlib.sha256(path.read_bytes()).hexdigest()
