"""What the day and the month have cost so far."""

from dataclasses import dataclass
from datetime import datetime

from home_energy.analysis.running_costs.day_cost import DayCost
from home_energy.analysis.running_costs.month_cost import MonthCost
from home_energy.settings import Settings
from home_energy.store import Store


@dataclass(frozen=True, slots=True)
class CostsSoFar:
    """Costs of one home at one moment.

    Parameters
    ----------
    today
        The day of the home's clock so far; `None` where no power is on record of it.
    yesterday
        The day before; `None` where too little of it is known.
    month
        The meter's month so far; `None` where there is nothing to count.
    """

    today: DayCost | None
    yesterday: DayCost | None
    month: MonthCost | None


def costs_so_far(store: Store, settings: Settings, now: datetime) -> CostsSoFar:
    """Read what the day and the month have cost so far.

    Parameters
    ----------
    now
        Trusted time. [aware UTC]

    Raises
    ------
    StoreError
        If the store cannot be read.
    """
    del store, settings, now
    return CostsSoFar(None, None, None)
