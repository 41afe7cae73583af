"""The dearest intervals of a bill: how much of it is a few spikes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from home_energy.analysis.tariffs.billing import require_priced, used_kwh
from home_energy.analysis.tariffs.blocks import block_uses
from home_energy.analysis.tariffs.channel_prices import ChannelPrices, sum_by_rate
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.tariffs.stretches import Stretch, stretches
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.price import Channel
from home_energy.domain.series import FloatArray, PriceSeries
from home_energy.domain.time_grid import floor_to_step

_HALF_HOUR = timedelta(minutes=30)


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

    Energy that is even within every half-hour was metered by half-hours, and these
    are what is found.
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
    step = energy.grid.step * _intervals_per_reading(energy)
    cost_aud, bought_kwh = (
        values.reshape(-1, step // energy.grid.step).sum(axis=1)
        for values in (cost_aud, bought_kwh)
    )
    order = np.argsort(-cost_aud, kind="stable")[:count]
    return Dearest(
        tuple(
            DearInterval(
                (energy.grid.start + int(n) * step).astimezone(tariff.plan.zone),
                float(bought_kwh[n]),
                float(100 * cost_aud[n] / bought_kwh[n]),
                float(cost_aud[n]),
            )
            for n in order
            if cost_aud[n] > 0
        ),
        total_aud,
    )


def _intervals_per_reading(energy: MeteredEnergy) -> int:
    """How many intervals share one reading of the meter."""
    count, rest = divmod(_HALF_HOUR, energy.grid.step)
    is_aligned = floor_to_step(energy.grid.start, _HALF_HOUR) == energy.grid.start
    if rest or not is_aligned or energy.grid.count % count:
        return 1
    registers = (energy.general_kwh, energy.feed_in_kwh, energy.controlled_load_kwh)
    by_half_hour = [kwh.reshape(-1, count) for kwh in registers if kwh is not None]
    is_even = all(np.all(kwh == kwh[:, :1]) for kwh in by_half_hour)
    return count if is_even else 1


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
