"""What the power of the grid cost, five minutes by five minutes."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.running_costs.costed_home import CostedHome
from home_energy.analysis.running_costs.grid_power import grid_watts_on
from home_energy.analysis.running_costs.grid_prices import prices_on
from home_energy.domain.power import FIVE_MINUTES
from home_energy.domain.price import Channel
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid

_HOURS = FIVE_MINUTES.total_seconds() / 3600


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredCost:
    """Power and prices on an axis of five minutes, NaN where they are not known.

    Parameters
    ----------
    grid_watts
        Positive when bought. (T,) [W]
    import_c_per_kwh, feed_in_c_per_kwh
        Feed-in positive when the household is paid. (T,) [c/kWh]
    """

    grid: TimeGrid
    grid_watts: FloatArray
    import_c_per_kwh: FloatArray
    feed_in_c_per_kwh: FloatArray

    @property
    def aud_per_hour(self) -> FloatArray:
        """``watts / 1000 x price / 100``, by the price of what flowed. (T,) [AUD/h]"""
        c_per_kwh = np.where(
            self.grid_watts >= 0, self.import_c_per_kwh, self.feed_in_c_per_kwh
        )
        return self.grid_watts / 1000 * c_per_kwh / 100

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """Where both power and its price are known. (T,)"""
        return ~np.isnan(self.aud_per_hour)

    def part(self, start: datetime, end: datetime) -> "MeasuredCost":
        """The part of a period that lies on the axis."""
        first = max((start - self.grid.start) // self.grid.step, 0)
        last = max((end - self.grid.start) // self.grid.step, first)
        cut = slice(first, min(last, self.grid.count))
        return MeasuredCost(
            TimeGrid(
                self.grid.start + first * self.grid.step,
                self.grid.step,
                self.grid_watts[cut].size,
            ),
            self.grid_watts[cut],
            self.import_c_per_kwh[cut],
            self.feed_in_c_per_kwh[cut],
        )

    @property
    def known_seconds(self) -> float:
        """Time for which both are known. [s]"""
        return float(np.count_nonzero(self.is_known) * FIVE_MINUTES.total_seconds())

    @property
    def energy_aud(self) -> float:
        """What was bought less what was sold, where both are known. [AUD]"""
        return float(np.nansum(self.aud_per_hour)) * _HOURS

    @property
    def import_kwh(self) -> float:
        """Bought, where both are known. [kWh]"""
        known_watts = self.grid_watts[self.is_known]
        return float(known_watts[known_watts > 0].sum()) / 1000 * _HOURS

    @property
    def export_kwh(self) -> float:
        """Sold, where both are known. [kWh]"""
        known_watts = self.grid_watts[self.is_known]
        return -float(known_watts[known_watts < 0].sum()) / 1000 * _HOURS


def measured_cost(home: CostedHome, grid: TimeGrid) -> MeasuredCost:
    """Read power and prices of an axis of five minutes."""
    means = home.store.power.between(grid.start, grid.end)
    prices = prices_on(home, grid, (Channel.GENERAL, Channel.FEED_IN))
    return MeasuredCost(
        grid,
        grid_watts_on(means, home.rule, grid),
        prices[Channel.GENERAL],
        prices[Channel.FEED_IN],
    )
