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
    reached = np.concatenate([[0.0], np.cumsum(discharge_kwh)])
    if reached[-1] >= limit_kwh:
        full = int(np.argmax(reached >= limit_kwh)) - 1
        return full + float((limit_kwh - reached[full]) / discharge_kwh[full])
    if discharge_kwh[-1] <= 0:
        return None
    return float(discharge_kwh.size + (limit_kwh - reached[-1]) / discharge_kwh[-1])
