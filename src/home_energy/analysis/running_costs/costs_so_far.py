"""What the day and the month have cost so far."""

from dataclasses import dataclass, replace
from datetime import datetime

from home_energy.analysis.running_costs.costed_home import costed_home
from home_energy.analysis.running_costs.day_cost import (
    DayCost,
    today_cost,
    yesterday_cost,
)
from home_energy.analysis.running_costs.month_cost import MonthCost, month_cost
from home_energy.errors import ConfigError, DataError
from home_energy.settings import Settings
from home_energy.store import Store


@dataclass(frozen=True, slots=True)
class CostsSoFar:
    """Costs of one home at one moment.

    Parameters
    ----------
    today
        The day of the home's clock so far; `None` where the sources of power that
        were set up do not tell the grid.
    yesterday
        The day before; `None` where too little of it is known.
    month
        The meter's month so far; `None` where it cannot be billed.
    fault
        Why something is missing that can be mended.
    """

    today: DayCost | None
    yesterday: DayCost | None
    month: MonthCost | None
    fault: str | None = None


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
    found = CostsSoFar(None, None, None)
    try:
        with store.snapshot():
            home = costed_home(store, settings)
            found = replace(found, today=today_cost(home, now))
            found = replace(found, yesterday=yesterday_cost(home, now))
            return replace(found, month=month_cost(home, now))
    except (ConfigError, DataError) as error:
        return replace(found, fault=str(error))
