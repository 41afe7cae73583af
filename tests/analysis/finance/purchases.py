"""Purchases, assumptions and benefits that a calculator can follow."""

from datetime import date
from typing import Any

from home_energy.analysis.finance.assumptions import Assumptions
from home_energy.analysis.finance.benefit import YearlyBenefit
from home_energy.analysis.finance.purchase import PartKind, PricedPart, Purchase


def battery(price_aud: float, incentives_aud: float = 0.0, **others: Any) -> Purchase:
    part = PricedPart((PartKind.BATTERY,), price_aud, "quote", None, incentives_aud)
    figures = {"battery_usable_kwh": 10.0, **others}
    return Purchase("a battery", (part,), date(2026, 3, 1), **figures)


def assumed(years: int = 5, **others: Any) -> Assumptions:
    """5 % a year, no inflation, nothing grows, nothing fades."""
    figures = {
        "is_real": True,
        "discount_fraction_per_year": 0.05,
        "inflation_fraction_per_year": 0.0,
        "import_price_growth_fraction_per_year": 0.0,
        "feed_in_decline_fraction_per_year": 0.0,
        "battery_fade_fraction_per_year": 0.0,
        "solar_fade_fraction_per_year": 0.0,
        **others,
    }
    return Assumptions(horizon_years=years, **figures)


def saves(aud_per_year: float, years: int = 5, **others: float) -> YearlyBenefit:
    return YearlyBenefit.steady(years, import_avoided_aud=aud_per_year, **others)
