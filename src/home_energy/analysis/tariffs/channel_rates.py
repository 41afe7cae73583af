"""Prices of one channel: which rate holds in each interval, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.tariffs.calendar_axis import SLOTS, IntArray
from home_energy.analysis.tariffs.plan import EnergyRate, Plan, PlanPeriod
from home_energy.analysis.tariffs.rate_times import names_of, rate_table
from home_energy.domain.price import Channel
from home_energy.domain.series import FloatArray

SPOT_GST = 1.1
"""Spot includes GST; what feed-in earns does not."""


@dataclass(frozen=True, slots=True, eq=False)
class ChannelRates:
    """Every named rate of one channel, in all periods of a plan.

    Number 0 stands for "no rate": what is sold then earns nothing, what is bought has
    no price.

    Parameters
    ----------
    gst_factor
        What the plan's figures are multiplied by to include GST.
    rates
        Rate of each number. (R + 1,)
    table
        Number by period and calendar slot. (P, SLOTS)
    fixed_c_per_kwh
        Price without its wholesale part; of blocks the first. (R + 1,) [c/kWh]
    spot_factor
        What the wholesale price with GST is multiplied by. (R + 1,)
    is_amber
        Whether Amber's own price holds. (R + 1,)
    """

    gst_factor: float
    rates: tuple[EnergyRate | None, ...]
    table: IntArray
    fixed_c_per_kwh: FloatArray
    spot_factor: FloatArray
    is_amber: NDArray[np.bool_]

    @property
    def exists(self) -> bool:
        """Whether the plan has any rate for this channel."""
        return len(self.rates) > 1


def channel_rates(plan: Plan, channel: Channel) -> ChannelRates:
    """Rates of one channel in all periods, with GST on what is bought."""
    rates: list[EnergyRate | None] = [None]
    table = np.zeros((len(plan.period), SLOTS), dtype=np.int64)
    for number, period in enumerate(plan.period):
        of_period = _rates_of(period, channel)
        if not of_period:
            continue
        table[number] = rate_table(of_period).ravel() + len(rates)
        by_name = {rate.name: rate for rate in reversed(of_period)}
        rates += [by_name[name] for name in names_of(of_period)]
    is_sold = channel is Channel.FEED_IN
    gst_factor = 1.0 if is_sold else plan.gst_factor
    fixed_c_per_kwh = gst_factor * np.array([_fixed_c_per_kwh(rate) for rate in rates])
    fixed_c_per_kwh[0] = 0.0 if is_sold else np.nan
    return ChannelRates(
        gst_factor,
        tuple(rates),
        table,
        fixed_c_per_kwh,
        np.array([_spot_factor(rate, is_sold=is_sold) for rate in rates]),
        np.array([rate is not None and rate.amber for rate in rates]),
    )


def _rates_of(period: PlanPeriod, channel: Channel) -> Sequence[EnergyRate]:
    if channel is Channel.FEED_IN:
        return period.feed_in
    return [rate for rate in period.usage if rate.channel == channel.value]


def _fixed_c_per_kwh(rate: EnergyRate | None) -> float:
    if rate is None:
        return 0.0
    if rate.blocks:
        return rate.blocks[0].c_per_kwh
    if rate.spot is not None:
        return rate.spot.c_per_kwh
    return rate.c_per_kwh or 0.0


def _spot_factor(rate: EnergyRate | None, *, is_sold: bool) -> float:
    if rate is None or rate.spot is None:
        return 0.0
    return rate.spot.loss_factor / (SPOT_GST if is_sold else 1.0)
