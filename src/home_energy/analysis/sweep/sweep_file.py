"""A question with many answers as a file: a scenario, and the choices to try on it.

docs/models/sweeps.md is the manual.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Self

from pydantic import model_validator

from home_energy.analysis.scenario.run import NO_BATTERY
from home_energy.analysis.scenario.scenario_file import (
    Scenario,
    StrategyName,
    load_question,
)
from home_energy.analysis.scenario.scenario_part import NotNegative, Part
from home_energy.analysis.scenario.year_point import (
    YearPoint,
    battery_at,
    scenario_at,
)
from home_energy.analysis.simulation.catalogue import battery_named, catalogue
from home_energy.analysis.sweep.sweep_purchase import SweepPurchase
from home_energy.errors import HomeEnergyError
from home_energy.toml_faults import suggestion

MANUAL = "docs/models/sweeps.md"

NONE = "none"
"""Stands for no battery among products."""

_OF_ONE_PRODUCT = ("product", "usable_kwh")
"""What no two batteries of a sweep have in common."""


class Sweep(Part):
    """Choices that are tried, each with each; what is left out is the scenario's own.

    Parameters
    ----------
    solar_kw
        New panels: all arrays of `[solar]` together; 0 for none. [kW]
    battery_kwh
        The battery of `[battery]` in these sizes; 0 for none. [kWh]
    battery_product
        Batteries of the catalogue instead; "none" for none.
    tariff
        Names of tariffs, or `.toml` files.
    strategy
        Names of strategies.
    """

    solar_kw: tuple[NotNegative, ...] = ()
    battery_kwh: tuple[NotNegative, ...] = ()
    battery_product: tuple[str, ...] = ()
    tariff: tuple[str, ...] = ()
    strategy: tuple[StrategyName, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        faults = [
            f"{name}: {value!r} is named twice"
            for name, values in self
            for value in dict.fromkeys(values)
            if values.count(value) > 1
        ]
        if self.battery_kwh and self.battery_product:
            faults.append("battery_kwh goes without battery_product")
        known = catalogue()
        faults += [
            f"battery_product: {name!r} is not in the catalogue"
            f"{suggestion(name, (*known, NONE))}"
            for name in self.battery_product
            if name not in known and name != NONE
        ]
        if faults:
            raise ValueError("; ".join(faults))
        return self


class SweptScenario(Scenario):
    """A scenario, the choices to try on it, and what buying them costs.

    Parameters
    ----------
    sweep
        The choices.
    purchase
        Without it no money is told but that of the year.
    """

    sweep: Sweep
    purchase: SweepPurchase | None = None

    @model_validator(mode="after")
    def _purchase_is_of_the_devices(self) -> Self:
        """As a scenario's, and what is tried can be: in the place of its validator."""
        faults = list(self._faults())
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def question(self) -> Scenario:
        """What is the same for all choices; nothing is bought in it."""
        same = {name: getattr(self, name) for name in Scenario.model_fields}
        return Scenario.model_construct(**same | {"purchase": None})

    def scenario_of(self, point: YearPoint, baseline_tariff: str) -> Scenario:
        """The scenario that a choice is, with what buying it costs."""
        found = scenario_at(self.question, point, baseline_tariff)
        if self.purchase is None:
            return found
        battery = battery_at(self.battery, point)
        usable_kwh = 0.0 if battery is None else battery.usable_kwh
        purchase = self.purchase.at(point, usable_kwh)
        return found.model_copy(update={"purchase": purchase})

    @property
    def strategies(self) -> tuple[str, ...]:
        """Strategies that are tried."""
        return self.sweep.strategy or self.strategy_names

    def tariffs(self, own: str) -> tuple[str, ...]:
        """Tariffs that are tried; `own` is the household's."""
        return self.sweep.tariff or (self.prices.tariff or own,)

    def points(self, own_tariff: str) -> tuple[YearPoint, ...]:
        """Every choice with every other: by tariff, strategy, panels, battery.

        A home without anything to decide is there once for all strategies.
        """
        every = product(
            self.tariffs(own_tariff), self.strategies, self._solar(), self._batteries()
        )
        points = (
            YearPoint(tariff, strategy, solar_kw, kwh, name)
            if kwh or name or self.car is not None
            else YearPoint(tariff, NO_BATTERY, solar_kw)
            for tariff, strategy, solar_kw, (kwh, name) in every
        )
        return tuple(dict.fromkeys(points))

    def _solar(self) -> Sequence[float]:
        own_kw = 0.0 if self.solar is None else self.solar.kw_dc
        return self.sweep.solar_kw or (own_kw,)

    def _batteries(self) -> Sequence[tuple[float, str | None]]:
        if self.sweep.battery_product:
            names = self.sweep.battery_product
            return [(0.0, None if name == NONE else name) for name in names]
        if self.sweep.battery_kwh:
            return [(kwh, None) for kwh in self.sweep.battery_kwh]
        if self.battery is None:
            return [(0.0, None)]
        own = battery_named(self.battery.product, self.battery.own_figures)
        return [(own.usable_kwh, None)]

    def _faults(self) -> Iterator[str]:
        swept = self.sweep
        if any(swept.solar_kw) and self.solar is None:
            yield "sweep.solar_kw needs [solar] with an array to scale"
        if any(swept.battery_kwh) and self.battery is None:
            yield "sweep.battery_kwh needs [battery] with one to scale"
        if swept.battery_product and self.battery is not None:
            figures = self.battery.model_dump(exclude_none=True)
            wrong = [name for name in _OF_ONE_PRODUCT if name in figures]
            if wrong:
                said = ", ".join(f"battery.{name}" for name in wrong)
                yield f"sweep.battery_product goes without {said}"
        yield from self._lacking()
        if self.purchase is not None:
            yield from self.purchase.faults(
                has_solar=self.solar is not None,
                has_battery=self.battery is not None or bool(swept.battery_product),
                has_car=self.car is not None,
            )

    def _lacking(self) -> Iterator[str]:
        """What is not known of the products that are tried."""
        for kwh, name in self._batteries():
            point = YearPoint("", "", battery_kwh=kwh, battery_product=name)
            try:
                battery_at(self.battery, point)
            except HomeEnergyError as error:
                yield str(error)


def load_sweep(
    path: Path, home_postcode: str | None = None
) -> tuple[SweptScenario, str]:
    """Read one sweep, and the SHA-256 of its file; see `load_question`."""
    return load_question(path, SweptScenario, MANUAL, home_postcode)
