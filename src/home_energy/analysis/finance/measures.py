"""Measures of cash flows, of many at once: worth, payback, return, break-even price.

Every function takes flows of (..., Y+1), year 0 first, and gives one figure for each.
"""

import numpy as np

from home_energy.analysis.finance.assumptions import Assumptions
from home_energy.analysis.finance.cash_flow import CashFlow, loan_aud
from home_energy.domain.series import FloatArray

NEVER = np.inf
"""Payback of what does not pay back within the horizon."""

NOTHING_TO_PAY = np.nan
"""Payback of what is free: there is none to show."""


def npv_aud(flow_aud: FloatArray, factors: FloatArray) -> FloatArray:
    """Worth of flows in year 0, the sum of flow x discount factor.

    Parameters
    ----------
    flow_aud
        (..., Y+1) [AUD]
    factors
        Of `discount_factors`. (Y+1,) or (..., Y+1)

    Returns
    -------
    FloatArray
        (...,) [AUD]
    """
    worth: FloatArray = np.sum(flow_aud * factors, axis=-1)
    return worth


def payback_years(flow_aud: FloatArray) -> FloatArray:
    """When what was paid has come back for good.

    From then on the sum of all flows never falls below 0 again within the horizon, so
    a replacement that eats what was gained counts. Within a year money comes evenly.
    For the discounted payback give flows times discount factors.

    Parameters
    ----------
    flow_aud
        `CashFlow.earned_aud`. (..., Y+1) [AUD]

    Returns
    -------
    FloatArray
        `NEVER` where it does not come back, `NOTHING_TO_PAY` where nothing was paid.
        (...,) [years]
    """
    balance = np.cumsum(flow_aud, axis=-1)
    last = balance.shape[-1] - 1
    # The last year that ends below 0; argmax finds the first, so from behind.
    year = last - np.argmax(balance[..., ::-1] < 0, axis=-1)
    after = np.minimum(year + 1, last)
    owed = -np.take_along_axis(balance, year[..., None], axis=-1)[..., 0]
    gained = np.take_along_axis(flow_aud, after[..., None], axis=-1)[..., 0]
    is_back = year < last
    within = np.divide(owed, gained, out=np.zeros_like(owed), where=is_back)
    payback = np.where(is_back, year + within, NEVER)
    return np.where(flow_aud[..., 0] < 0, payback, NOTHING_TO_PAY)


def roi_fraction(flow: CashFlow) -> FloatArray:
    """What is gained within the horizon for each dollar paid, undiscounted.

    Returns
    -------
    FloatArray
        NaN where nothing was paid. (...,)
    """
    gained = flow.unfinanced_aud.sum(axis=-1)
    paid = np.broadcast_to(-flow.price_aud[..., 0], gained.shape)
    nothing = np.full(gained.shape, np.nan)
    ratio: FloatArray = np.divide(gained, paid, out=nothing, where=paid > 0)
    return ratio


def break_even_price_aud(
    flow: CashFlow,
    assumptions: Assumptions,
    incentives_aud: float | FloatArray,
    factors: FloatArray | None = None,
) -> FloatArray:
    """Price before incentives at which the purchase is worth nothing and costs nothing.

    The worth is a straight line of the price: all but the price, less each dollar paid
    times what a dollar costs with the loan. Incentives stay as they are, for they do
    not follow the price.

    Parameters
    ----------
    factors
        Of other discount rates than the assumptions', (N, Y+1).

    Returns
    -------
    FloatArray
        Below the incentives where benefits do not even pay for keeping it: somebody
        would have to pay for its being taken. (...,) [AUD]
    """
    if factors is None:
        factors = assumptions.discount_factors
    but_the_price = flow.unfinanced_aud - flow.price_aud
    worth = npv_aud(but_the_price, factors)
    dollar = 1 - npv_aud(loan_aud(1.0, assumptions), factors)
    return np.where(worth > 0, worth / dollar, worth) + incentives_aud


def levelised_c_per_kwh(
    cost_aud: FloatArray, discharge_kwh: FloatArray, assumptions: Assumptions
) -> FloatArray:
    """What a kWh out of the battery costs, less what was paid for charging it.

    Discounted costs over kWh that are discounted at the real rate, so the figure is in
    dollars of the day of installation in whichever dollars the flows are.

    Parameters
    ----------
    cost_aud
        Positive is paid. (..., Y+1) [AUD]
    discharge_kwh
        (..., Y) [kWh AC]

    Returns
    -------
    FloatArray
        NaN where nothing comes out. (...,) [c/kWh]
    """
    paid = npv_aud(cost_aud, assumptions.discount_factors)
    real = assumptions.as_real().discount_factors
    energy = npv_aud(discharge_kwh, real[1:])
    shape = np.broadcast_shapes(paid.shape, energy.shape)
    nothing = np.full(shape, np.nan)
    cost: FloatArray = np.divide(100 * paid, energy, out=nothing, where=energy > 0)
    return cost
