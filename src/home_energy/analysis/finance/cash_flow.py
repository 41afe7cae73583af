"""Money by the year: the purchase, what it saves, what it costs to keep, the loan."""

from dataclasses import dataclass

import numpy as np

from home_energy.analysis.finance.assumptions import Assumptions
from home_energy.analysis.finance.benefit import (
    PriceLevels,
    YearlyBenefit,
    price_levels,
)
from home_energy.analysis.finance.purchase import Purchase
from home_energy.domain.series import FloatArray
from home_energy.errors import AlignmentError


@dataclass(frozen=True, slots=True, eq=False)
class CashFlow:
    """Money at the end of each year; year 0 is the day of installation.

    Positive is what the household gets. Each part is (Y+1,), or (N, Y+1) for N draws
    or purchases; parts of either shape go together.

    Parameters
    ----------
    price_aud
        The purchase after incentives, in year 0. [AUD]
    keeping_aud
        Maintenance and replacement. [AUD]
    benefit_aud
        What is saved. [AUD]
    salvage_aud
        What is left when the horizon ends. [AUD]
    loan_aud
        Borrowed in year 0, then paid back. [AUD]
    """

    price_aud: FloatArray
    keeping_aud: FloatArray
    benefit_aud: FloatArray
    salvage_aud: FloatArray
    loan_aud: FloatArray

    @property
    def earned_aud(self) -> FloatArray:
        """What pays the purchase back: neither salvage nor borrowed money. [AUD]"""
        return self.price_aud + self.keeping_aud + self.benefit_aud

    @property
    def unfinanced_aud(self) -> FloatArray:
        """All but the loan: what the purchase itself does. [AUD]"""
        return self.earned_aud + self.salvage_aud

    @property
    def total_aud(self) -> FloatArray:
        """What goes through the household's account. [AUD]"""
        return self.unfinanced_aud + self.loan_aud


def cash_flow(
    purchase: Purchase,
    assumptions: Assumptions,
    benefit: YearlyBenefit,
    levels: PriceLevels | None = None,
) -> CashFlow:
    """Money of a purchase by the year, in the dollars of the assumptions.

    Parameters
    ----------
    benefit
        (Y,), or (N, Y) for N draws.
    levels
        Price paths of their own, (Y,) or (N, Y), in the dollars of the assumptions;
        the steady ones of the assumptions unless given.

    Raises
    ------
    AlignmentError
        If benefit or levels have another horizon.
    """
    years = assumptions.horizon_years
    levels = price_levels(assumptions) if levels is None else levels
    for what, length in (
        ("the benefit", benefit.years),
        ("the price levels", levels.bought.shape[-1]),
    ):
        if length != years:
            raise AlignmentError(
                f"{what} has {length} years, and the horizon {years}; give one figure "
                f"for each year of the horizon"
            )
    saved = benefit.at(levels)
    return CashFlow(
        price_aud=_in_year_0(-purchase.net_aud, years),
        keeping_aud=_keeping_aud(purchase, assumptions),
        benefit_aud=np.concatenate([np.zeros((*saved.shape[:-1], 1)), saved], axis=-1),
        salvage_aud=_salvage_aud(purchase, assumptions),
        loan_aud=loan_aud(purchase.net_aud, assumptions),
    )


def loan_aud(net_aud: float, assumptions: Assumptions) -> FloatArray:
    """What a net price borrows and pays back; nothing is borrowed below 0. (Y+1,)"""
    if assumptions.loan is None:
        return np.zeros(assumptions.horizon_years + 1)
    nominal = assumptions.loan.flow_per_aud(assumptions.horizon_years)
    return max(net_aud, 0.0) * nominal * assumptions.nominal_deflator


def _keeping_aud(purchase: Purchase, assumptions: Assumptions) -> FloatArray:
    flow = np.full(assumptions.horizon_years + 1, -purchase.maintenance_aud_per_year)
    flow[0] = 0.0
    again = purchase.replacement
    if again is not None:
        flow[again.after_years : -1 : again.after_years] -= again.price_aud
    return flow * _general_level(assumptions)


def _salvage_aud(purchase: Purchase, assumptions: Assumptions) -> FloatArray:
    flow = np.zeros(assumptions.horizon_years + 1)
    flow[-1] = purchase.salvage_aud
    return flow * _general_level(assumptions)


def _general_level(assumptions: Assumptions) -> FloatArray:
    year = np.arange(assumptions.horizon_years + 1, dtype=np.float64)
    level: FloatArray = (1 + assumptions.prices_growth_fraction_per_year) ** year
    return level


def _in_year_0(amount_aud: float, years: int) -> FloatArray:
    flow = np.zeros(years + 1)
    flow[0] = amount_aud
    return flow
