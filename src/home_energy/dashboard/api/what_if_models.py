"""What the sliders answer, field by field; see `models`."""

from typing import Annotated

from pydantic import Field, FiniteFloat

from home_energy.dashboard.api.models import Answer

Fraction = Annotated[FiniteFloat, Field(ge=0, le=1)]


class SliderRow(Answer):
    """How far a slider goes."""

    least: FiniteFloat
    """Where it begins."""
    most: FiniteFloat
    """Where it ends; 0 where it cannot be moved."""
    step: FiniteFloat
    """Between two positions."""
    start: FiniteFloat
    """Where it stands first."""
    said: str
    """What it moves, or why it cannot be moved."""


class StrategyRow(Answer):
    """A way to run the devices."""

    name: str
    """For the question."""
    said: str
    """What it does."""
    is_upper_bound: bool
    """Whether it has seen the year, as no home can."""
    needs: list[str]
    """Devices of which it runs at least one: `battery`, `car`."""


class TariffRow(Answer):
    """A tariff that can be tried on these days."""

    name: str
    """For the question."""
    said: str
    """Its title."""
    is_prepared: bool
    """Whether it was asked for before; the first answer on it takes a second more."""


class SlidersAnswer(Answer):
    """What can be moved."""

    is_ready: bool
    """Whether questions are answered; else `said` tells what is done, or is wrong."""
    said: str
    """On which days the years are run."""
    first_day: str | None
    """First of them, in NEM time; null until ready."""
    last_day: str | None
    """Last of them; null until ready."""
    solar_kw: SliderRow | None
    """New panels, all in one array. [kW]"""
    battery_kwh: SliderRow | None
    """A new battery. [kWh]"""
    car_km_per_year: SliderRow | None
    """How far a car is driven; 0 for none. [km]"""
    strategies: list[StrategyRow]
    """Each fits any position of the sliders; empty until ready."""
    tariffs: list[TariffRow]
    """The home's own first; empty until ready."""


class QuestionRow(Answer):
    """What was asked, and run."""

    tariff: str
    """Of the home with the new devices."""
    strategy: str
    """As asked."""
    solar_kw: FiniteFloat
    """New panels, to a tenth. [kW]"""
    battery_kwh: FiniteFloat
    """New battery, to a tenth. [kWh]"""
    car_km_per_year: int
    """0 for no car. [km]"""
    run_as: str
    """What the strategy is with these devices, as a scenario's result calls it."""


class RangeRow(Answer):
    """Of many draws, those at a tenth, at the half and at nine tenths."""

    p10: FiniteFloat | None
    """One of ten is less; null where that is without end."""
    p50: FiniteFloat | None
    """Half are less."""
    p90: FiniteFloat | None
    """Nine of ten are less."""


class MonthRow(Answer):
    """One month of the run."""

    month: str
    """Such as 2025-01, in NEM time."""
    saving_aud: FiniteFloat
    """Cost of the home as it is less this one. [AUD]"""


class MoneyRow(Answer):
    """What buying the devices today comes to."""

    net_aud: FiniteFloat
    """Price less what others pay. [AUD]"""
    price_aud: FiniteFloat
    """By the dated cost curves, with GST. [AUD]"""
    incentives_aud: FiniteFloat
    """What others pay. [AUD]"""
    npv_aud: FiniteFloat
    """Net present value over the horizon. [AUD]"""
    npv_range_aud: RangeRow | None
    """The same under doubt. [AUD]"""
    simple_payback_years: FiniteFloat | None
    """Null where it does not pay back, or costs nothing. [years]"""
    simple_payback_range_years: RangeRow | None
    """The same under doubt; null within is never. [years]"""
    irr_fraction_per_year: FiniteFloat | None
    """Internal rate of return; null where there is none."""
    pays_back_in_warranty_fraction: Fraction | None
    """Share of the draws; null without a warranty."""
    sentences: list[str]
    """The same in words."""


class WhatIfAnswer(Answer):
    """The whole year, run with the devices of one question."""

    question: QuestionRow
    """What was asked, and run."""
    baseline_cost_aud: FiniteFloat
    """Of the home as it is, its car charged on arrival. [AUD]"""
    cost_aud: FiniteFloat
    """Bill, wear and charging elsewhere, less what is left in the stores. [AUD]"""
    saving_aud: FiniteFloat
    """The first less the second. [AUD]"""
    saving_range_aud: RangeRow | None
    """The same, had other months of its seasons come; null where too few are known."""
    bill_aud: FiniteFloat
    """Of the days that are run. [AUD]"""
    bill_by_kind_aud: dict[str, FiniteFloat]
    """Its lines; feed-in below 0 where the household is paid. [AUD]"""
    import_kwh: FiniteFloat
    """Bought. [kWh]"""
    export_kwh: FiniteFloat
    """Sold. [kWh]"""
    solar_kwh: FiniteFloat
    """What all panels could give. [kWh]"""
    discharge_kwh: FiniteFloat
    """Out of the battery. [kWh]"""
    self_sufficiency_fraction: FiniteFloat | None
    """Share of the load that sun served; null without a load."""
    self_consumption_fraction: FiniteFloat | None
    """Share of the sun that was not sold; null without any."""
    months: list[MonthRow]
    """They sum to the saving."""
    money: MoneyRow | None
    """What buying it comes to; null where `money_missing` says why."""
    money_missing: str | None
    """Why there is none, and what to do."""
    is_upper_bound: bool
    """Whether the strategy has seen the year: then no figure is a reason to buy."""
    notes: list[str]
    """What the figures rest on."""
    scenario_href: str
    """The same question as a file for `home-energy scenario run`."""
