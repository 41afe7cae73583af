"""What each assumption, moved alone, does to the worth of a purchase: widest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from home_energy.analysis.finance.assumptions import Assumptions
from home_energy.analysis.finance.benefit import YearlyBenefit
from home_energy.analysis.finance.cash_flow import cash_flow
from home_energy.analysis.finance.measures import npv_aud
from home_energy.analysis.finance.purchase import Purchase
from home_energy.domain.series import FloatArray
from home_energy.toml_faults import read_toml

SHIPPED = Path(__file__).with_name("tornado.toml")

NOTHING_AUD = 0.005
"""Less than half a cent is no effect."""


class How(StrEnum):
    """How a swing's bounds are meant."""

    TIMES = "times"
    PLUS = "plus"
    TO = "to"


class Swing(BaseModel):
    """Between what one assumption is moved.

    Parameters
    ----------
    said, unit
        What it is called, and what its values are counted in.
    how
        Whether the bounds multiply what is assumed, are added to it, or take its place.
    low, high
        Bounds.
    source, date
        Who says so, or that this program does; see `Figure`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    said: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    how: How
    low: float
    high: float
    source: str = Field(min_length=1)
    date: date

    def bounds(self, middle: float) -> tuple[float, float]:
        """Low and high around what is assumed, which is never beyond them."""
        if self.how is How.TIMES:
            low, high = middle * self.low, middle * self.high
        elif self.how is How.PLUS:
            low, high = middle + self.low, middle + self.high
        else:
            low, high = self.low, self.high
        return min(low, middle), max(high, middle)


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A purchase with all that its worth follows from.

    Parameters
    ----------
    purchase, assumptions
        What is bought, and by what it is judged.
    benefit
        What it saves in each year. (Y,)
    """

    purchase: Purchase
    assumptions: Assumptions
    benefit: YearlyBenefit

    def with_price_times(self, factor: float) -> "World":
        """Every part dearer or cheaper; incentives stay, and salvage within it."""
        parts = tuple(
            replace(part, price_aud=part.price_aud * factor)
            for part in self.purchase.parts
        )
        most_aud = sum(part.price_aud for part in parts)
        salvage_aud = min(self.purchase.salvage_aud, most_aud)
        purchase = replace(self.purchase, parts=parts, salvage_aud=salvage_aud)
        return replace(self, purchase=purchase)

    def with_bought_times(self, factor: float) -> "World":
        """All that the grid sells and charges dearer or cheaper in every year."""
        benefit = replace(
            self.benefit,
            import_avoided_aud=self.benefit.import_avoided_aud * factor,
            fixed_avoided_aud=self.benefit.fixed_avoided_aud * factor,
        )
        return replace(self, benefit=benefit)

    def with_inverter_life(self, years: float) -> "World":
        """The inverter replaced sooner or later; one that is not bought stays away."""
        again = self.purchase.replacement
        if again is None:
            return self
        again = replace(again, after_years=max(round(years), 1))
        return replace(self, purchase=replace(self.purchase, replacement=again))

    def with_rate(self, name: str, rate: float) -> "World":
        """One rate of `Assumptions` of another value."""
        changed: dict[str, Any] = {name: rate}
        return replace(self, assumptions=replace(self.assumptions, **changed))

    def with_more_saved(self, more: Mapping[str, float | FloatArray]) -> "World":
        """More saved in each year, by the names of `YearlyBenefit`. (), (Y,)"""
        moved = {name: getattr(self.benefit, name) + by for name, by in more.items()}
        return replace(self, benefit=replace(self.benefit, **moved))


@dataclass(frozen=True, slots=True, eq=False)
class Swung:
    """One assumption at both ends of its swing, all others in the middle.

    Parameters
    ----------
    assumption
        Its name, that of its `Swing`.
    values
        Low, as assumed, high.
    at_low, at_high
        What follows; the same as in the middle where it is not moved.
    """

    assumption: str
    values: tuple[float, float, float]
    at_low: World
    at_high: World


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the tornado.

    Parameters
    ----------
    assumption, said, unit
        Its name, what it is called, and what its values are counted in.
    low, middle, high
        Values of the assumption.
    npv_low_aud, npv_high_aud
        Net present value at `low` and `high`. [AUD]
    source, date
        Of the bounds.
    """

    assumption: str
    said: str
    unit: str
    low: float
    middle: float
    high: float
    npv_low_aud: float
    npv_high_aud: float
    source: str
    date: date


def tornado(swung: Iterable[Swung]) -> tuple[Bar, ...]:
    """Worth at both ends of every swing; the widest first, what has no effect left out.

    Both ends have to differ: a swing is to one side of what is assumed, or around it.
    """
    every = list(swung)
    if not every:
        return ()
    worth = worths_aud(world for one in every for world in (one.at_low, one.at_high))
    bars = []
    for one, (low_aud, high_aud) in zip(every, worth.reshape(-1, 2), strict=True):
        told = shipped_swings()[one.assumption]
        width_aud = abs(float(high_aud - low_aud))
        bar = Bar(
            assumption=one.assumption,
            said=told.said,
            unit=told.unit,
            low=one.values[0],
            middle=one.values[1],
            high=one.values[2],
            npv_low_aud=float(low_aud),
            npv_high_aud=float(high_aud),
            source=told.source,
            date=told.date,
        )
        if width_aud >= NOTHING_AUD:
            bars.append((width_aud, bar))
    bars.sort(key=lambda pair: -pair[0])
    return tuple(bar for _, bar in bars)


@cache
def shipped_swings() -> Mapping[str, Swing]:
    """Every swing with its source and date, by the assumption's name."""
    tree = read_toml(SHIPPED, "install the program again")
    return {name: Swing.model_validate(swing) for name, swing in tree.items()}


def worths_aud(worlds: Iterable[World]) -> FloatArray:
    """Net present value of each. (N,) [AUD]"""
    flows, factors = [], []
    for world in worlds:
        flow = cash_flow(world.purchase, world.assumptions, world.benefit)
        flows.append(flow.total_aud)
        factors.append(world.assumptions.discount_factors)
    return npv_aud(np.stack(flows), np.stack(factors))
