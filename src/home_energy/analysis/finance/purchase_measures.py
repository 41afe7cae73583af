"""Every measure of one purchase, with words where there is no figure."""

from dataclasses import dataclass
from math import isinf, isnan

import numpy as np
import pyxirr

from home_energy.analysis.finance.assumptions import Assumptions
from home_energy.analysis.finance.benefit import YearlyBenefit
from home_energy.analysis.finance.cash_flow import CashFlow
from home_energy.analysis.finance.internal_rate import InternalRate, internal_rate
from home_energy.analysis.finance.measures import (
    break_even_price_aud,
    levelised_c_per_kwh,
    payback_years,
    roi_fraction,
)
from home_energy.analysis.finance.purchase import PartKind, Purchase
from home_energy.analysis.finance.warranty import benefit_after_aud, warranty_of
from home_energy.analysis.simulation.battery_life import Warranty
from home_energy.domain.series import FloatArray


@dataclass(frozen=True, slots=True)
class Payback:
    """When a purchase has paid itself back.

    Parameters
    ----------
    years
        `None` where it never does within the horizon, and where it costs nothing.
    costs_nothing
        There is no payback to show.
    horizon_years
        How far was looked.
    """

    years: float | None
    costs_nothing: bool
    horizon_years: int

    @property
    def said(self) -> str:
        """Sentence for a person."""
        if self.costs_nothing:
            return "It costs nothing, so there is no payback to show."
        if self.years is None:
            return f"It does not pay back within {self.horizon_years} years."
        return f"It pays back after {self.years:.1f} years."


@dataclass(frozen=True, slots=True)
class PurchaseMeasures:
    """What a purchase comes to, in the dollars of its assumptions.

    Parameters
    ----------
    npv_aud
        Net present value, with the loan if there is one. [AUD]
    simple_payback, discounted_payback
        Of what is saved, less what keeping it costs; neither loan nor salvage pays
        anything back.
    internal_rate
        Of the purchase itself, without the loan.
    roi_fraction
        Gained within the horizon for each dollar paid; `None` where nothing is paid.
    levelised_c_per_kwh
        Cost of a kWh out of the battery, less what charging it cost, in dollars of the
        day of installation; `None` without a battery or a price of its own.
    break_even_price_aud
        Price before incentives at which `npv_aud` is 0. [AUD]
    warranty
        When it ends; `None` where the maker limits nothing that is known.
    benefit_aud, benefit_after_warranty_aud
        Saved within the horizon, and what of it comes when the warranty is over;
        `None` without one. [AUD]
    """

    npv_aud: float
    simple_payback: Payback
    discounted_payback: Payback
    internal_rate: InternalRate
    roi_fraction: float | None
    levelised_c_per_kwh: float | None
    break_even_price_aud: float
    warranty: Warranty | None
    benefit_aud: float
    benefit_after_warranty_aud: float | None

    @property
    def pays_back_in_warranty(self) -> bool | None:
        """Whether the simple payback comes first; `None` without warranty or price."""
        if self.warranty is None or self.simple_payback.costs_nothing:
            return None
        years = self.simple_payback.years
        return years is not None and years <= self.warranty.years


def purchase_measures(
    purchase: Purchase,
    assumptions: Assumptions,
    benefit: YearlyBenefit,
    flow: CashFlow,
) -> PurchaseMeasures:
    """Every measure of one purchase.

    Parameters
    ----------
    benefit
        (Y,)
    flow
        Of `cash_flow` for these. (Y+1,)
    """
    rate, years = assumptions.discount_fraction_per_year, assumptions.horizon_years
    warranty = warranty_of(purchase, benefit.discharge_kwh)
    after = None
    if warranty is not None:
        after = float(benefit_after_aud(flow.benefit_aud, warranty.years))
    earned = flow.earned_aud
    discounted = earned * assumptions.discount_factors
    # None at a rate of -100 % only, which no assumptions have.
    worth = pyxirr.npv(rate, flow.total_aud)
    return PurchaseMeasures(
        npv_aud=np.nan if worth is None else worth,
        simple_payback=_payback(earned, years),
        discounted_payback=_payback(discounted, years),
        internal_rate=internal_rate(flow.unfinanced_aud),
        roi_fraction=_known(roi_fraction(flow)),
        levelised_c_per_kwh=_levelised(purchase, assumptions, benefit, flow),
        break_even_price_aud=float(
            break_even_price_aud(flow, assumptions, purchase.incentives_aud)
        ),
        warranty=warranty,
        benefit_aud=float(flow.benefit_aud.sum()),
        benefit_after_warranty_aud=after,
    )


def _payback(flow_aud: FloatArray, horizon_years: int) -> Payback:
    years = float(payback_years(flow_aud))
    known = None if isnan(years) or isinf(years) else years
    return Payback(known, isnan(years), horizon_years)


def _levelised(
    purchase: Purchase,
    assumptions: Assumptions,
    benefit: YearlyBenefit,
    flow: CashFlow,
) -> float | None:
    """Of a battery alone with all its costs, of one among others with its price."""
    only_battery = (PartKind.BATTERY,)
    if purchase.kinds == {*only_battery}:
        cost = flow.benefit_aud - flow.unfinanced_aud
    else:
        parts = [part for part in purchase.parts if part.kinds == only_battery]
        if not parts:
            return None
        cost = np.zeros(assumptions.horizon_years + 1)
        cost[0] = sum(part.net_aud for part in parts)
    return _known(levelised_c_per_kwh(cost, benefit.discharge_kwh, assumptions))


def _known(value: FloatArray) -> float | None:
    return None if np.isnan(value) else float(value)
