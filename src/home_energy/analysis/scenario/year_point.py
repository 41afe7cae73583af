"""One choice of devices, tariff and strategy for a home's year, and its scenario."""

from dataclasses import asdict, dataclass, replace

from home_energy.analysis.scenario.scenario_file import (
    BatteryChoice,
    Scenario,
    Solar,
)
from home_energy.analysis.simulation.catalogue import battery_named
from home_energy.domain.battery import Battery
from home_energy.errors import DataError

SCALED = ("usable_kwh", "charge_kw", "discharge_kw", "warranty_throughput_kwh")
"""Figures of a battery that grow with it; the others stay."""


@dataclass(frozen=True, slots=True)
class YearPoint:
    """One choice.

    Parameters
    ----------
    tariff
        Name of a tariff, or a `.toml` file.
    strategy
        How battery and car are run; of no account in a home without either.
    solar_kw
        New panels, all arrays of the scenario together, each with its share and its
        inverter; 0 for none. [kW]
    battery_kwh
        The scenario's battery in another size, its power in the same proportion; 0 for
        none. [kWh]
    battery_product
        One of the catalogue instead; the scenario's own figures stand before it.
    """

    tariff: str
    strategy: str
    solar_kw: float = 0.0
    battery_kwh: float = 0.0
    battery_product: str | None = None

    def __post_init__(self) -> None:
        """Refuse sizes that cannot be, and two batteries."""
        for name in ("solar_kw", "battery_kwh"):
            size = getattr(self, name)
            if not 0 <= size < float("inf"):
                raise DataError(f"{name} must be 0 or more, got {size}; correct it")
        if self.battery_product is not None and self.battery_kwh:
            raise DataError(
                f"battery_kwh {self.battery_kwh:g} and battery_product "
                f"{self.battery_product}: expected one of them"
            )

    @property
    def has_battery(self) -> bool:
        """Whether there is a new battery."""
        return self.battery_kwh > 0 or self.battery_product is not None


def scenario_at(scenario: Scenario, point: YearPoint, baseline: str) -> Scenario:
    """The question that a point answers, to be run by itself.

    Parameters
    ----------
    scenario
        What does not change from point to point.
    baseline
        Tariff of the home as it is.

    Raises
    ------
    DataError
        If a device is asked for that the scenario does not describe.
    """
    prices = scenario.prices.model_copy(
        update={"tariff": point.tariff, "baseline_tariff": baseline}
    )
    parts = {
        "prices": prices,
        "solar": solar_at(scenario.solar, point),
        "battery": battery_choice_at(scenario.battery, point),
        "strategy": scenario.strategy.model_copy(update={"names": (point.strategy,)}),
    }
    return Scenario.model_construct(
        **{name: getattr(scenario, name) for name in Scenario.model_fields} | parts
    )


def solar_at(solar: Solar | None, point: YearPoint) -> Solar | None:
    """Panels of a point."""
    if point.solar_kw == 0:
        return None
    if solar is None:
        raise DataError(
            f"solar_kw {point.solar_kw:g}: the scenario has no [solar] to scale; "
            "describe one array"
        )
    times = point.solar_kw / solar.kw_dc
    arrays = tuple(
        roof.model_copy(
            update={
                "kw_dc": roof.kw_dc * times,
                "inverter_kw_ac": (roof.inverter_kw_ac or roof.kw_dc) * times,
            }
        )
        for roof in solar.array
    )
    return solar.model_copy(update={"array": arrays})


def battery_choice_at(
    choice: BatteryChoice | None, point: YearPoint
) -> BatteryChoice | None:
    """Battery of a point as a scenario writes it."""
    if not point.has_battery:
        return None
    if point.battery_product is not None:
        base = BatteryChoice() if choice is None else choice
        return base.model_copy(update={"product": point.battery_product})
    if choice is None:
        raise DataError(
            f"battery_kwh {point.battery_kwh:g}: the scenario has no [battery] to "
            "scale; describe one, by its product or its figures"
        )
    sized = scaled(battery_named(choice.product, choice.own_figures), point.battery_kwh)
    return choice.model_copy(update={name: getattr(sized, name) for name in SCALED})


def scaled(battery: Battery, usable_kwh: float) -> Battery:
    """A battery in another size: energy, power and warranted throughput alike."""
    times = usable_kwh / battery.usable_kwh
    sizes = {
        name: size * times
        for name, size in asdict(battery).items()
        if name in SCALED and size is not None
    }
    return replace(battery, **sizes | {"usable_kwh": usable_kwh})


def battery_at(choice: BatteryChoice | None, point: YearPoint) -> Battery | None:
    """Battery of a point.

    Raises
    ------
    ConfigError
        If the product is unknown, or a needed figure of it is.
    """
    found = battery_choice_at(choice, point)
    return None if found is None else battery_named(found.product, found.own_figures)
