"""The internal rate of return, and whether there is one to speak of."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pyxirr

from home_energy.analysis.finance.measures import npv_aud
from home_energy.domain.series import FloatArray

_RATES = np.geomspace(0.01, 11.0, 2001) - 1
"""From -99 % to 1,000 % a year: where rates are looked for."""


class RateFinding(StrEnum):
    """What was found."""

    ONE = "one"
    NO_SIGN_CHANGE = "no_sign_change"
    NO_ROOT = "no_root"
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
        Where the worth changes its sign, to a third of a percent of 1 + rate.
    """

    rate_fraction_per_year: float | None
    finding: RateFinding
    near_fractions: tuple[float, ...]

    @property
    def said(self) -> str:
        """Sentence for a person."""
        if self.rate_fraction_per_year is not None:
            return f"It earns {self.rate_fraction_per_year:.1%} a year."
        if self.finding is RateFinding.NO_SIGN_CHANGE:
            return (
                "It has no rate of return: money flows in one direction only, so there "
                "is either nothing invested or nothing that comes back."
            )
        if self.finding is RateFinding.NO_ROOT:
            return (
                "It has no rate of return: at no rate from -99 % to 1,000 % a year do "
                "costs and benefits balance."
            )
        rates = ", ".join(f"{rate:.1%}" for rate in self.near_fractions)
        return (
            f"It has no one rate of return: costs and benefits balance at about "
            f"{rates} a year, and none of them says what it earns; its net present "
            f"value does."
        )


def internal_rate(flow_aud: FloatArray) -> InternalRate:
    """Return the internal rate of one flow, by pyxirr, where it is the only one.

    Parameters
    ----------
    flow_aud
        `CashFlow.unfinanced_aud`, year 0 first. (Y+1,) [AUD]
    """
    signs = np.sign(flow_aud[flow_aud != 0])
    if signs.size == 0 or (signs == signs[0]).all():
        return InternalRate(None, RateFinding.NO_SIGN_CHANGE, ())
    ends = _brackets(flow_aud)
    near = tuple(float(low + high) / 2 for low, high in ends)
    if len(ends) > 1:
        return InternalRate(None, RateFinding.SEVERAL, near)
    if not ends:
        return InternalRate(None, RateFinding.NO_ROOT, ())
    rate = pyxirr.irr(flow_aud, guess=near[0], silent=True)
    low, high = ends[0]
    if rate is None or not low - 1e-9 <= rate <= high + 1e-9:
        return InternalRate(None, RateFinding.NO_ROOT, near)
    return InternalRate(rate, RateFinding.ONE, near)


def _brackets(flow_aud: FloatArray) -> list[tuple[float, float]]:
    """Pairs of neighbouring rates between which the worth changes its sign."""
    years = np.arange(flow_aud.size, dtype=np.float64)
    worth = npv_aud(flow_aud, (1 + _RATES[:, None]) ** -years)
    is_above = worth > 0
    places = np.flatnonzero(is_above[1:] != is_above[:-1])
    return [(float(_RATES[i]), float(_RATES[i + 1])) for i in places]
