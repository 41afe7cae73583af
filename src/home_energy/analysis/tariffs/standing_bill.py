"""What a bill holds whatever goes through the meter, of plans that are sums of prices.

Where every kilowatt-hour costs what its interval says, a bill is

    standing lines + sum over intervals of (bought x price - sold x price)

and whoever needs only its total need not make its lines.
"""

import numpy as np

from home_energy.analysis.tariffs.calendar_axis import CalendarAxis
from home_energy.analysis.tariffs.plan import Plan, PlanPeriod
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.tariffs.stretches import period_starts
from home_energy.domain.bill import Bill
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.series import FloatArray, PriceSeries
from home_energy.domain.time_grid import TimeGrid


def is_sum_of_prices(plan: Plan, axis: CalendarAxis) -> bool:
    """Whether every kWh of an axis costs or earns what its interval says.

    Blocks, demand charges, discounts and export allowances ask for more than that.
    Blocks of controlled load do not count: it is never dispatched.
    """
    return all(_is_sum(plan.period[number]) for number, _ in period_starts(plan, axis))


def standing_bill(
    tariff: PlanTariff,
    grid: TimeGrid,
    spot: PriceSeries | None,
    controlled_load_kwh: FloatArray | None,
) -> Bill:
    """Bill of a home that neither buys nor sells but by its controlled load.

    Parameters
    ----------
    controlled_load_kwh
        `None` without such a register. (T,) [kWh]

    Raises
    ------
    DataError, AlignmentError
        As `PlanTariff.bill`.
    """
    nothing = np.zeros(grid.count)
    return tariff.bill(MeteredEnergy(grid, nothing, nothing, controlled_load_kwh), spot)


def _is_sum(period: PlanPeriod) -> bool:
    rates = (
        *(rate for rate in period.usage if rate.channel == "general"),
        *period.feed_in,
    )
    asks_more = period.demand or period.discount or period.export_allowance
    return not asks_more and not any(rate.blocks for rate in rates)
