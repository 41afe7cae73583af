"""What a purchase comes to in many futures: ranges in place of one figure."""

from dataclasses import dataclass

import numpy as np

from home_energy.analysis.finance.assumptions import Assumptions
from home_energy.analysis.finance.cash_flow import cash_flow
from home_energy.analysis.finance.draws import (
    USUAL,
    Chance,
    Draws,
    draw,
    drawn_years,
)
from home_energy.analysis.finance.measures import (
    break_even_price_aud,
    npv_aud,
    payback_years,
)
from home_energy.analysis.finance.months_on_record import (
    MonthlyBenefit,
    MonthsOnRecord,
)
from home_energy.analysis.finance.purchase import Purchase
from home_energy.analysis.finance.spreads import Spreads, shipped_spreads
from home_energy.analysis.finance.warranty import warranty_end_years
from home_energy.domain.series import FloatArray

_SHARES = (0.1, 0.5, 0.9)
_BINS = 20
"""About as many columns a histogram has."""


@dataclass(frozen=True, slots=True)
class Range:
    """What eight of ten draws lie within, and the middle one; each a draw itself.

    Parameters
    ----------
    p10, p50, p90
        A tenth, half and nine tenths of all draws are no greater; `None` where that
        draw has no figure, such as a payback that never comes.
    """

    p10: float | None
    p50: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many draws lie between two edges.

    Parameters
    ----------
    edges_aud
        Round amounts, 0 among them where draws lie on both its sides. (B+1) [AUD]
    counts
        (B)
    """

    edges_aud: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A purchase over N draws, in the dollars of its assumptions.

    Parameters
    ----------
    chance
        How many draws, from which seed.
    horizon_years
        How far each looks.
    npv_aud, simple_payback_years, break_even_price_aud
        Of `PurchaseMeasures`. A payback that never comes within the horizon stands
        above every other.
    saving_aud_per_year
        Mean of the horizon's years, at the prices of each. [AUD]
    gains_fraction
        Of the draws, how many are worth more than they cost.
    pays_back_fraction
        Within the horizon; `None` where nothing is paid.
    pays_back_in_warranty_fraction
        Before the warranty ends by years or by throughput, whichever comes first in
        that draw; `None` without warranty or price.
    histogram
        Of `npv_aud`.
    """

    chance: Chance
    horizon_years: int
    npv_aud: Range
    simple_payback_years: Range
    break_even_price_aud: Range
    saving_aud_per_year: Range
    gains_fraction: float
    pays_back_fraction: float | None
    pays_back_in_warranty_fraction: float | None
    histogram: Histogram


def doubt(
    purchase: Purchase,
    assumptions: Assumptions,
    benefit: MonthlyBenefit,
    spreads: Spreads | None = None,
    chance: Chance = USUAL,
) -> Doubt:
    """Draw futures of a purchase and measure it in each.

    Parameters
    ----------
    spreads
        The shipped ones unless given.

    Raises
    ------
    DataError
        If devices were not simulated to the age that the worst draw gives them.
    """
    spreads = shipped_spreads() if spreads is None else spreads
    futures = draw(benefit.months, assumptions, spreads, chance)
    return doubt_in(purchase, assumptions, benefit, futures, chance)


def doubt_in(
    purchase: Purchase,
    assumptions: Assumptions,
    benefit: MonthlyBenefit,
    futures: Draws,
    chance: Chance,
) -> Doubt:
    """The same in futures that are known."""
    yearly = benefit.drawn(futures.month_days, futures.ages)
    flow = cash_flow(purchase, assumptions, yearly, futures.levels)
    worth = npv_aud(flow.total_aud, futures.factors)
    paybacks = payback_years(flow.earned_aud)
    ends = warranty_end_years(purchase, yearly.discharge_kwh)
    is_free = purchase.net_aud <= 0
    in_warranty = None
    if ends is not None and not is_free:
        in_warranty = float(np.mean(paybacks <= ends))
    even = break_even_price_aud(
        flow, assumptions, purchase.incentives_aud, futures.factors
    )
    return Doubt(
        chance=chance,
        horizon_years=assumptions.horizon_years,
        npv_aud=range_of(worth),
        simple_payback_years=range_of(paybacks),
        break_even_price_aud=range_of(even),
        saving_aud_per_year=range_of(flow.benefit_aud[..., 1:].mean(axis=-1)),
        gains_fraction=float(np.mean(worth > 0)),
        pays_back_fraction=None if is_free else float(np.mean(np.isfinite(paybacks))),
        pays_back_in_warranty_fraction=in_warranty,
        histogram=histogram_of(worth),
    )


def saving_range(
    months: MonthsOnRecord, saving_aud: FloatArray, chance: Chance = USUAL
) -> Range | None:
    """What a year saves if other months of its seasons had come, at its own prices.

    Parameters
    ----------
    saving_aud
        Of each month on record. (M,) [AUD]

    Returns
    -------
    Range or None
        `None` where some season has less than two months to choose from: there is
        nothing to learn a range from.
    """
    if not months.has_every_season:
        return None
    per_day = saving_aud / np.array(months.days)
    return range_of(drawn_years(months, chance) @ per_day)


def range_of(drawn: FloatArray) -> Range:
    """Tenth, half and nine tenths of draws, each of them a draw. (N,)"""
    if np.isnan(drawn).any():
        return Range(None, None, None)
    found = np.quantile(drawn, _SHARES, method="inverted_cdf").tolist()
    return Range(*(one if np.isfinite(one) else None for one in found))


def histogram_of(drawn_aud: FloatArray) -> Histogram:
    """Count draws between round amounts. (N,) [AUD]"""
    low, high = float(drawn_aud.min()), float(drawn_aud.max())
    step = _round_step((high - low) / _BINS)
    first, last = np.floor(low / step), np.floor(high / step) + 1
    edges = np.arange(first, last + 1) * step
    counts, _ = np.histogram(drawn_aud, edges)
    return Histogram(tuple(edges.tolist()), tuple(counts.tolist()))


def _round_step(step_aud: float) -> float:
    """1, 2 or 5 times a power of ten, no less than a step, and no less than a cent."""
    if step_aud <= 0.01:
        return 0.01
    power = 10.0 ** np.floor(np.log10(step_aud))
    return float(next(power * n for n in (1, 2, 5, 10) if power * n >= step_aud))
