"""What one channel costs in each interval of an axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from home_energy.analysis.tariffs.calendar_axis import CalendarAxis, IntArray
from home_energy.analysis.tariffs.channel_rates import ChannelRates
from home_energy.analysis.tariffs.stretches import Stretch, number_of_stretch
from home_energy.analysis.tariffs.tariff import PassedOnPrices
from home_energy.domain.price import Channel
from home_energy.domain.series import FloatArray, PriceSeries, require_same_grid
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class ChannelPrices:
    """Rates of one channel on one axis of T intervals.

    Parameters
    ----------
    rates
        Every rate of the channel.
    number
        Which of them holds; 0 where none does. (T,)
    c_per_kwh
        Its price; of blocks the first; NaN where nothing can be bought. (T,) [c/kWh]
    """

    channel: Channel
    rates: ChannelRates
    number: IntArray
    c_per_kwh: FloatArray


@dataclass(frozen=True, slots=True)
class Wholesale:
    """What prices that are passed on are made from.

    Parameters
    ----------
    tariff
        Its name, for messages.
    spot
        Wholesale price with GST. [c/kWh]
    passed_on
        Amber's own prices.
    """

    tariff: str
    spot: PriceSeries | None
    passed_on: PassedOnPrices | None


def channel_prices(
    channel: Channel,
    rates: ChannelRates,
    axis: CalendarAxis,
    periods: list[tuple[int, int]],
    wholesale: Wholesale,
) -> ChannelPrices:
    """Price one channel on an axis.

    On import ``loss_factor x spot + c_per_kwh`` with spot including GST, on feed-in
    ``loss_factor x spot / 1.1 + c_per_kwh``.

    Parameters
    ----------
    periods
        Place in the plan and first interval of each period, in order.

    Raises
    ------
    DataError
        If a wholesale or an Amber price is needed and missing.
    """
    edges = [*(first for _, first in periods), axis.grid.count]
    number = np.empty(axis.grid.count, dtype=np.int64)
    for (period, first), stop in zip(periods, edges[1:], strict=True):
        np.take(rates.table[period], axis.slot[first:stop], out=number[first:stop])
    prices = rates.fixed_c_per_kwh[number]
    if np.any(rates.spot_factor):
        prices += _spot_part(rates.spot_factor[number], axis.grid, wholesale)
    if np.any(rates.is_amber):
        is_amber = rates.is_amber[number]
        for first, stop in pairwise(edges):
            part = slice(first, stop)
            if np.any(is_amber[part]):
                amber = _amber(channel, _part_of(axis.grid, part), part, wholesale)
                prices[part] = np.where(is_amber[part], amber, prices[part])
        _require(~np.isnan(prices) | ~is_amber, axis.grid, wholesale, "Amber price")
    return ChannelPrices(channel, rates, number, prices)


def sum_by_rate(
    prices: ChannelPrices, parts: Sequence[Stretch], amounts: FloatArray
) -> FloatArray:
    """Sum over the intervals of each stretch and rate. (stretches, R + 1)

    Parameters
    ----------
    amounts
        One for each interval. (T,)
    """
    shape = (len(parts), len(prices.rates.rates))
    place = number_of_stretch(parts) * shape[1] + prices.number
    sums = np.bincount(place, weights=amounts, minlength=shape[0] * shape[1])
    return sums.astype(np.float64).reshape(shape)


def _spot_part(factor: FloatArray, grid: TimeGrid, wholesale: Wholesale) -> FloatArray:
    is_needed = factor != 0
    spot = wholesale.spot
    if spot is None:
        spot = PriceSeries(grid, np.full(grid.count, np.nan))
    require_same_grid(grid, spot.grid, "energy and wholesale price")
    is_there = ~np.isnan(spot.c_per_kwh)
    _require(is_there | ~is_needed, grid, wholesale, "wholesale price")
    return np.where(is_needed, factor * spot.c_per_kwh, 0.0)


def _amber(
    channel: Channel, grid: TimeGrid, part: slice, wholesale: Wholesale
) -> FloatArray:
    if wholesale.passed_on is None:
        raise DataError(
            f"tariff {wholesale.tariff} passes on Amber's prices, and there are none; "
            "record or import some, or choose another tariff"
        )
    spot = wholesale.spot
    if spot is not None:
        spot = PriceSeries(grid, spot.c_per_kwh[part])
    found = wholesale.passed_on.on(grid, channel, spot)
    require_same_grid(grid, found.grid, "energy and Amber's prices")
    return found.c_per_kwh


def _part_of(grid: TimeGrid, part: slice) -> TimeGrid:
    return TimeGrid(
        grid.start + part.start * grid.step, grid.step, part.stop - part.start
    )


def _require(
    is_right: np.ndarray, grid: TimeGrid, wholesale: Wholesale, what: str
) -> None:
    if not np.all(is_right):
        missing = np.flatnonzero(~is_right)
        first = grid.start + int(missing[0]) * grid.step
        raise DataError(
            f"tariff {wholesale.tariff} needs the {what}, which {missing.size} of "
            f"{grid.count} intervals lack, the first at {first.isoformat()}; import "
            "the wholesale prices of those days (home-energy import aemo), or ask for "
            "other days"
        )
