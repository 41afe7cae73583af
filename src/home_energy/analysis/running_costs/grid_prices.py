"""What a kilowatt-hour cost in each five minutes: on record, or in the tariff."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from home_energy.analysis.running_costs.costed_home import CostedHome
from home_energy.analysis.tariffs.channel_prices import ChannelPrices
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.usage.period_inputs import read_spot
from home_energy.domain.price import Channel, Quality
from home_energy.domain.price_rows import place_prices
from home_energy.domain.series import FloatArray, PriceSeries
from home_energy.domain.time_grid import TimeGrid, nem_day_start


@dataclass(frozen=True, slots=True, eq=False)
class _Recorded:
    """`PassedOnPrices` in which a hole is 0, to be taken out again afterwards."""

    grid: TimeGrid
    c_per_kwh: Mapping[Channel, FloatArray]

    def on(
        self, grid: TimeGrid, channel: Channel, spot: PriceSeries | None
    ) -> PriceSeries:
        """Price of one channel on a part of the axis."""
        del spot
        first = (grid.start - self.grid.start) // grid.step
        values = self.c_per_kwh[channel][first : first + grid.count]
        return PriceSeries(grid, np.nan_to_num(values))


def prices_on(
    home: CostedHome, grid: TimeGrid, channels: Collection[Channel]
) -> dict[Channel, FloatArray]:
    """Price of each channel in each five minutes; NaN where it is not known.

    Before the tariff begins nothing is known. A tariff that passes Amber's prices on
    has those on record, estimates too, but no forecast; nothing is rebuilt. Of a rate
    in blocks it is the price of the first.

    Parameters
    ----------
    grid
        In steps of five minutes.

    Returns
    -------
    dict
        (T,) of each channel. On feed-in positive when the household is paid. [c/kWh]
    """
    begun = nem_day_start(home.plan.period[0].start)
    before = min(max((begun - grid.start) // grid.step, 0), grid.count)
    start = grid.start + before * grid.step
    within = TimeGrid(start, grid.step, grid.count - before)
    told = _prices_on(home, within, channels) if within.count else {}
    prices = {channel: np.full(grid.count, np.nan) for channel in channels}
    for channel, c_per_kwh in told.items():
        prices[channel][before:] = c_per_kwh
    return prices


def _prices_on(
    home: CostedHome, grid: TimeGrid, channels: Collection[Channel]
) -> dict[Channel, FloatArray]:
    """Prices on an axis that does not begin before the tariff."""
    silent = np.full(grid.count, np.nan)
    recorded, spot = dict.fromkeys(channels, silent), silent
    if home.plan.passes_on_amber:
        recorded = {channel: _recorded(home, channel, grid) for channel in channels}
    if any(rate.spot is not None for rate in home.plan.energy_rates):
        spot = _spot(home, grid)
    tariff = PlanTariff(home.plan, _Recorded(grid, recorded))
    priced = tariff.prices(grid, PriceSeries(grid, np.nan_to_num(spot)), channels)
    return {
        channel: _with_holes(one, recorded[channel], spot)
        for channel, one in priced.items()
    }


def _with_holes(
    priced: ChannelPrices, recorded: FloatArray, spot: FloatArray
) -> FloatArray:
    """Prices, but for those that were made of what is not known."""
    is_hole = priced.rates.is_amber[priced.number] & np.isnan(recorded)
    is_hole |= (priced.rates.spot_factor[priced.number] != 0) & np.isnan(spot)
    return np.where(is_hole, np.nan, priced.c_per_kwh)


def _recorded(home: CostedHome, channel: Channel, grid: TimeGrid) -> FloatArray:
    """Amber's prices, also those that only a usage row tells."""
    key, store = home.site_key, home.store
    if key is None:
        return np.full(grid.count, np.nan)
    rows = store.prices.rows_between(key, channel, grid.start, grid.end)
    values = place_prices(rows, grid, Quality.ESTIMATE).c_per_kwh
    if not np.isnan(values).any():
        return values
    rows = store.readings.price_rows(key, channel, grid.start, grid.end)
    told = place_prices(rows, grid).c_per_kwh
    return np.where(np.isnan(values), told, values)


def _spot(home: CostedHome, grid: TimeGrid) -> FloatArray:
    """Wholesale price with GST, as Amber told it, else as the market published it."""
    key, values = home.site_key, np.full(grid.count, np.nan)
    if key is not None:
        rows = home.store.prices.rows_between(
            key, Channel.GENERAL, grid.start, grid.end
        )
        rows = replace(rows, c_per_kwh=rows.spot_c_per_kwh)
        rows = rows.only(~np.isnan(rows.c_per_kwh))
        values = place_prices(rows, grid, Quality.ESTIMATE).c_per_kwh
    if not np.isnan(values).any():
        return values
    published = read_spot(home.store, home.settings.home.region, grid).c_per_kwh
    return np.where(np.isnan(values), published, values)
