"""Prices by amount: how much of the energy lies in which block."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from home_energy.analysis.tariffs.channel_prices import ChannelPrices
from home_energy.analysis.tariffs.plan import EnergyRate
from home_energy.analysis.tariffs.stretches import Stretch
from home_energy.domain.series import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class BlockUse:
    """Energy of one rate with blocks in one stretch of a bill.

    Parameters
    ----------
    number
        Of the rate, in its `ChannelRates`.
    counted_kwh
        Counted before this stretch in the same block period. [kWh]
    used_kwh
        Used in this stretch. [kWh]
    ends_kwh
        Where the blocks but the last end. (B - 1,) [kWh]
    """

    stretch: Stretch
    number: int
    rate: EnergyRate
    counted_kwh: float
    used_kwh: float
    ends_kwh: FloatArray

    @property
    def block_kwh(self) -> FloatArray:
        """Energy in each block. (B,) [kWh]"""
        return self.parts_of(np.array([self.used_kwh]))[:, 0]

    def parts_of(self, kwh: FloatArray) -> FloatArray:
        """Energy of the stretch's intervals, in order, by block. (B, N) [kWh]"""
        counted = self.counted_kwh + np.concatenate([[0.0], np.cumsum(kwh)])
        return np.diff(_split_at(counted, self.ends_kwh), axis=1)


def _split_at(counted_kwh: FloatArray, ends_kwh: FloatArray) -> FloatArray:
    """Part of a running count that lies in each block. (B, N) [kWh]"""
    starts = np.concatenate([[0.0], ends_kwh])[:, None]
    ends = np.concatenate([ends_kwh, [np.inf]])[:, None]
    within: FloatArray = np.clip(counted_kwh, starts, ends) - starts
    return within


def block_uses(
    prices: ChannelPrices, parts: Sequence[Stretch], kwh: FloatArray
) -> Iterator[BlockUse]:
    """Energy of every rate with blocks, by stretch, in order of time.

    The end of a block per day is multiplied by the billed days of the stretch, that
    of a block per month by its share of the month, as retailers do; so energy is
    counted anew in every stretch. A block per year is counted from 1 January, or from
    the first billed interval of that year, and goes on when the figures change as long
    as the rate keeps its name.

    Parameters
    ----------
    kwh
        Energy by stretch and number of the rate. (stretches, R + 1) [kWh]
    """
    counted: dict[tuple[str, int], float] = {}
    for place, part in enumerate(parts):
        for number, rate in enumerate(prices.rates.rates):
            if rate is None or not rate.blocks or kwh[place, number] == 0:
                continue
            used = float(kwh[place, number])
            year = (rate.name, part.month.year)
            before = counted.get(year, 0.0) if rate.block_period == "year" else 0.0
            counted[year] = before + used
            yield BlockUse(part, number, rate, before, used, _ends(rate, part))


def _ends(rate: EnergyRate, part: Stretch) -> FloatArray:
    times = {"day": part.days, "month": part.month_fraction, "year": 1.0}
    ends = [block.up_to_kwh for block in rate.blocks if block.up_to_kwh is not None]
    return np.array(ends) * times[rate.block_period]
