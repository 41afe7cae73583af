"""When the warranty of a purchase ends, and what of the benefit comes after it."""

import numpy as np

from home_energy.analysis.finance.purchase import Purchase
from home_energy.analysis.simulation.battery_life import Warranty, WarrantyEnd
from home_energy.domain.series import FloatArray


def warranty_of(purchase: Purchase, discharge_kwh: FloatArray) -> Warranty | None:
    """When the warranty ends: by years or by throughput, whichever comes first.

    Parameters
    ----------
    discharge_kwh
        Of every year of the horizon. After it, every year is like the last. (Y,)
        [kWh AC]

    Returns
    -------
    Warranty or None
        `None` where the maker limits nothing that is known.
    """
    by_throughput = _years_to(purchase.warranty_throughput_kwh, discharge_kwh)
    by_years = purchase.warranty_years
    if by_throughput is not None and (by_years is None or by_throughput < by_years):
        return Warranty(by_throughput, WarrantyEnd.THROUGHPUT, by_throughput)
    if by_years is not None:
        return Warranty(by_years, WarrantyEnd.YEARS, by_throughput)
    return None


def warranty_end_years(
    purchase: Purchase, discharge_kwh: FloatArray
) -> FloatArray | None:
    """When the warranty ends in each of many draws.

    Parameters
    ----------
    discharge_kwh
        As of `warranty_of`. (N, Y) [kWh AC]

    Returns
    -------
    FloatArray or None
        (N,) [years]; `None` where nothing is known of it.
    """
    limit_kwh, by_years = purchase.warranty_throughput_kwh, purchase.warranty_years
    if limit_kwh is None and by_years is None:
        return None
    ends = np.full(discharge_kwh.shape[0], np.inf if by_years is None else by_years)
    if limit_kwh is None:
        return ends
    by_throughput = _reached_years(limit_kwh, discharge_kwh)
    found: FloatArray = np.minimum(ends, by_throughput)
    return found


def benefit_after_aud(benefit_aud: FloatArray, years: float) -> FloatArray:
    """What of a benefit comes after some years; within a year it comes evenly.

    Parameters
    ----------
    benefit_aud
        `CashFlow.benefit_aud`, discounted or not. (..., Y+1) [AUD]

    Returns
    -------
    FloatArray
        (...,) [AUD]
    """
    year = np.arange(benefit_aud.shape[-1], dtype=np.float64)
    share_after = np.clip(year - years, 0.0, 1.0)
    after: FloatArray = np.sum(benefit_aud * share_after, axis=-1)
    return after


def _years_to(limit_kwh: float | None, discharge_kwh: FloatArray) -> float | None:
    """When as much has come out; `None` without a limit or if it never has."""
    if limit_kwh is None:
        return None
    years = float(_reached_years(limit_kwh, discharge_kwh[None])[0])
    return years if np.isfinite(years) else None


def _reached_years(limit_kwh: float, discharge_kwh: FloatArray) -> FloatArray:
    """When as much has come out, infinite if it never has. (N, Y) to (N,)"""
    reached = np.cumsum(discharge_kwh, axis=-1)
    last = reached.shape[-1] - 1
    is_there = reached >= limit_kwh
    # The first year that gets there; the last stands for all that follow it.
    year = np.where(is_there.any(axis=-1), np.argmax(is_there, axis=-1), last)
    in_year = np.take_along_axis(discharge_kwh, year[:, None], axis=-1)[:, 0]
    left = np.take_along_axis(reached, year[:, None], axis=-1)[:, 0] - limit_kwh
    never = np.full(year.shape, np.inf)
    over = np.divide(left, in_year, out=-never, where=in_year > 0)
    found: FloatArray = year + 1 - over
    return found
