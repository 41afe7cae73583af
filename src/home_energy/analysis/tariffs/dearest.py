"""The dearest intervals of a bill: how much of it is a few spikes."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from home_energy.analysis.tariffs.billing import require_priced, used_kwh
from home_energy.analysis.tariffs.blocks import block_uses
from home_energy.analysis.tariffs.channel_prices import ChannelPrices, sum_by_rate
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.tariffs.stretches import Stretch, stretches
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.price import Channel
from home_energy.domain.series import FloatArray, PriceSeries


@dataclass(frozen=True, slots=True)
class DearInterval:
    """What was bought in one interval.

    Parameters
    ----------
    start
        Start on the tariff's clock. [aware]
    kwh
        Bought on all registers. [kWh]
    c_per_kwh
        Mean price of it, with GST. [c/kWh]
    aud
        Its cost, with GST. [AUD]
    """

    start: datetime
    kwh: float
    c_per_kwh: float
    aud: float


@dataclass(frozen=True, slots=True)
class Dearest:
    """The dearest intervals, and the bill without what was used in them.

    Parameters
    ----------
    intervals
        Dearest first; of two alike the earlier.
    total_aud
        Total of the bill. [AUD]
    """

    intervals: tuple[DearInterval, ...]
    total_aud: float

    @property
    def intervals_aud(self) -> float:
        """Cost of the energy bought in these intervals. [AUD]"""
        return sum(interval.aud for interval in self.intervals)

    @property
    def total_without_aud(self) -> float:
        """Total less that cost; discounts and demand stay as billed. [AUD]"""
        return self.total_aud - self.intervals_aud


def dearest_intervals(
    tariff: PlanTariff,
    energy: MeteredEnergy,
    spot: PriceSeries | None,
    total_aud: float,
    count: int = 10,
) -> Dearest:
    """Find the intervals whose bought energy cost most.

    Intervals in which nothing was bought, or it cost nothing, are not dear.

    Parameters
    ----------
    total_aud
        Total of the bill of the same energy. [AUD]

    Raises
    ------
    DataError, AlignmentError
        As `PlanTariff.bill`.
    """
    used = used_kwh(energy)
    bought = used.keys() - {Channel.FEED_IN}
    prices = tariff.prices(energy.grid, spot, bought)
    require_priced(energy, prices, tariff.name)
    cost_aud, bought_kwh = np.zeros((2, energy.grid.count))
    parts = stretches(tariff.plan, tariff.axis(energy.grid))
    for channel in sorted(bought):
        cost_aud += _costs_aud(prices[channel], parts, used[channel])
        bought_kwh += used[channel]
    order = np.argsort(-cost_aud, kind="stable")[:count]
    return Dearest(
        tuple(
            DearInterval(
                (energy.grid.start + int(n) * energy.grid.step).astimezone(
                    tariff.plan.zone
                ),
                float(bought_kwh[n]),
                float(100 * cost_aud[n] / bought_kwh[n]),
                float(cost_aud[n]),
            )
            for n in order
            if cost_aud[n] > 0
        ),
        total_aud,
    )


def _costs_aud(
    prices: ChannelPrices, parts: tuple[Stretch, ...], kwh: FloatArray
) -> FloatArray:
    """Cost of what was bought on one channel, by interval. (T,) [AUD]"""
    cents = np.where(kwh > 0, kwh * prices.c_per_kwh, 0.0)
    for use in block_uses(prices, parts, sum_by_rate(prices, parts, kwh)):
        place = use.stretch.first + np.flatnonzero(
            prices.number[use.stretch.intervals] == use.number
        )
        c_per_kwh = [block.c_per_kwh for block in use.rate.blocks]
        per_block = use.parts_of(kwh[place])
        cents[place] = prices.rates.gst_factor * np.array(c_per_kwh) @ per_block
    return cents / 100
