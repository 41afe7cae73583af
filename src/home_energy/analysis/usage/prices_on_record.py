"""Where the record has the prices that a tariff takes from the market."""

import numpy as np

from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.usage.gap_rules import BoolArray
from home_energy.analysis.usage.home_on_record import HomeOnRecord
from home_energy.analysis.usage.period_inputs import read_amber_prices, read_spot
from home_energy.domain.time_grid import TimeGrid
from home_energy.settings import Settings
from home_energy.store import Store


def is_priced(
    store: Store, settings: Settings, home: HomeOnRecord, plan: Plan, grid: TimeGrid
) -> BoolArray:
    """Where a plan has what it needs of prices that nobody knows beforehand. (T,)"""
    if not plan.follows_market:
        return np.ones(grid.count, dtype=np.bool_)
    spot = read_spot(store, settings.home.region, grid)
    is_known: BoolArray = ~np.isnan(spot.c_per_kwh)
    if plan.passes_on_amber:
        nowhere = np.zeros(grid.count, dtype=np.bool_)
        amber = read_amber_prices(store, home, settings, grid, nowhere)
        if amber is None:
            return nowhere
        is_recorded = ~nowhere
        for prices in amber.recorded.values():
            is_recorded &= ~np.isnan(prices.c_per_kwh)
        is_known |= is_recorded
    return is_known
