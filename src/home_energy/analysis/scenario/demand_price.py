"""A plan's demand charge as the exact dispatch takes it."""

import numpy as np

from home_energy.analysis.simulation.demand_schedule import DemandPrice
from home_energy.analysis.tariffs.calendar_axis import CalendarAxis
from home_energy.analysis.tariffs.demand import ChargedDemand, holds_in, is_charged
from home_energy.analysis.tariffs.plan import DemandCharge, Plan
from home_energy.analysis.tariffs.stretches import stretches


def demand_price(plan: Plan, axis: CalendarAxis) -> DemandPrice | None:
    """Price of each billed month's highest import; `None` where it cannot be told so.

    The exact dispatch knows one charge at a time, on import, by the month, measured
    over intervals of the axis, without a least power. A plan with another demand
    charge is billed right all the same, but no schedule is made for it.
    """
    minutes = int(axis.grid.step.total_seconds()) // 60
    parts = stretches(plan, axis)
    if any(not _is_simple(part.period.demand, minutes) for part in parts):
        return None
    prices = np.zeros(len(parts))
    month = np.empty(axis.grid.count, dtype=np.int64)
    is_window = np.zeros(axis.grid.count, dtype=np.bool_)
    for number, part in enumerate(parts):
        month[part.intervals] = number
        for charge in part.period.demand:
            if not is_charged(charge, part):
                continue
            charged = ChargedDemand(part, charge, kw=0.0)
            prices[number] = plan.gst_factor * charged.price_aud_per_kw
            is_window[part.intervals] = holds_in(charge, part, axis)
    return DemandPrice(month, is_window, prices) if np.any(prices > 0) else None


def _is_simple(charges: tuple[DemandCharge, ...], minutes: int) -> bool:
    return len(charges) <= 1 and all(
        charge.interval_minutes == minutes
        and charge.measured_over == "month"
        and charge.minimum_kw == 0
        and charge.channel == "general"
        for charge in charges
    )
