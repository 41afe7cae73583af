"""The internal rate of return, and whether there is one to speak of."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
import pyxirr

from home_energy.analysis.finance.measures import npv_aud
from home_energy.domain.series import FloatArray

_RATES = np.geomspace(0.1, 11.0, 1401) - 1
"""From -90 % to 1,000 % a year: what lies beyond says nothing to anybody."""


class RateFinding(StrEnum):
    """What was found."""

    ONE = "one"
    NOTHING_PAID = "nothing_paid"
    NOTHING_BACK = "nothing_back"
    NO_ROOT = "no_root"
    BEYOND = "beyond"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class InternalRate:
    """The discount rate at which a purchase is worth nothing and costs nothing.

    Parameters
    ----------
    rate_fraction_per_year
        `None` unless there is exactly one: of several none means anything.
    finding
        Why.
    near_fractions
        Where the worth changes its sign, to a third of a percent of 1 + rate; -0.9 and
        10 stand for all that lies beyond them.
    """

    rate_fraction_per_year: float | None
    finding: RateFinding
    near_fractions: tuple[float, ...]

    @property
    def said(self) -> str:
        """Sentence for a person."""
        if self.rate_fraction_per_year is not None:
            verb = "loses" if self.rate_fraction_per_year < 0 else "earns"
            return f"It {verb} {abs(self.rate_fraction_per_year):.1%} a year."
        if self.finding is RateFinding.NOTHING_PAID:
            return "It has no rate of return: nothing is invested."
        if self.finding is RateFinding.NOTHING_BACK:
            return "It has no rate of return: nothing comes back."
        if self.finding is RateFinding.NO_ROOT:
            return "It has no rate of return: at no rate do costs and benefits balance."
        if self.finding is RateFinding.BEYOND:
            return (
                f"It has no rate of return that says anything: costs and benefits "
                f"balance only {_place(self.near_fractions[0])} a year."
            )
        places = " and ".join(_place(rate) for rate in self.near_fractions)
        return (
            f"It has no one rate of return: costs and benefits balance {places} a "
            f"year, and none of them says what it earns; its net present value does."
        )


def internal_rate(flow_aud: FloatArray) -> InternalRate:
    """Return the internal rate of one flow, by pyxirr, where it is the only one.

    Parameters
    ----------
    flow_aud
        `CashFlow.unfinanced_aud`, year 0 first. (Y+1,) [AUD]
    """
    if flow_aud[0] >= 0:
        return InternalRate(None, RateFinding.NOTHING_PAID, ())
    if (flow_aud <= 0).all():
        return InternalRate(None, RateFinding.NOTHING_BACK, ())
    near = _sign_changes(flow_aud)
    if not near:
        return InternalRate(None, RateFinding.NO_ROOT, near)
    if len(near) > 1:
        return InternalRate(None, RateFinding.SEVERAL, near)
    rate = None
    if _RATES[0] < near[0] < _RATES[-1]:
        rate = pyxirr.irr(flow_aud, guess=near[0], silent=True)
    if rate is None:
        return InternalRate(None, RateFinding.BEYOND, near)
    return InternalRate(rate, RateFinding.ONE, near)


def _place(rate_fraction: float) -> str:
    if rate_fraction <= _RATES[0]:
        return "below -90 %"
    return (
        "above 1,000 %" if rate_fraction >= _RATES[-1] else f"near {rate_fraction:.0%}"
    )


@lru_cache(maxsize=8)
def _factors(count: int) -> FloatArray:
    """Discount factors of every rate that is looked at. (R, count)"""
    years = np.arange(count, dtype=np.float64)
    found: FloatArray = (1 + _RATES[:, None]) ** -years
    return found


def _sign_changes(flow_aud: FloatArray) -> tuple[float, ...]:
    """Rates near which the worth changes its sign, the ends for all beyond them.

    Far below, the last flow decides about the sign, far above the first.
    """
    flows = np.trim_zeros(flow_aud, "b")
    worth = npv_aud(flows, _factors(flows.size))
    is_above = np.concatenate([[flows[-1] > 0], worth > 0, [flows[0] > 0]])
    between = np.concatenate([_RATES[:1], (_RATES[1:] + _RATES[:-1]) / 2, _RATES[-1:]])
    places = np.flatnonzero(is_above[1:] != is_above[:-1])
    return tuple(float(between[place]) for place in places)
