"""Price forecasts on record, as a plan made at each half-hour could know them.

A plan is given the newest forecast that had been issued when it was made, whatever
hours that speaks of: what counts is the time of issue, never the time it is about.

- The retailer's own, where the tariff passes on Amber's prices: what its own model
  predicts where it does, else the market's forecast with charges.
- The market operator's pre-dispatch for everything else that follows the market: the
  tariff's own charges on top, and Amber's as its recorded prices show them.

Half-hours of which neither tells are left to the causal forecaster.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from home_energy.analysis.simulation.outlook import IssuedPrices
from home_energy.analysis.tariffs.amber_coefficients import financial_years
from home_energy.analysis.tariffs.amber_prices import AmberPrices
from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.usage.gap_rules import BoolArray
from home_energy.analysis.usage.home_on_record import home_on_record
from home_energy.analysis.usage.period_inputs import fit_rows, read_all_rows
from home_energy.domain.forecast import Forecast
from home_energy.domain.price import Channel
from home_energy.domain.series import FloatArray, PriceSeries
from home_energy.domain.spot import SPOT_C_PER_KWH_PER_RRP
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import DataError
from home_energy.settings import Settings
from home_energy.store import Store

HALF_HOUR = timedelta(minutes=30)

HALF_HOURS_AHEAD = 72
"""As far as the strategy plans: 36 hours."""

OLDEST = timedelta(hours=2)
"""A forecast issued longer before a plan is not used. Chosen: Amber issues every five
minutes and the market operator every half-hour, so that an older one is a gap."""

_CHANNELS = (Channel.GENERAL, Channel.FEED_IN)

NONE_ON_RECORD = (
    "no price forecast of these days is on record as it was issued: what was expected "
    "is made from the past alone"
)


@dataclass(frozen=True, slots=True)
class TariffOnRecord:
    """A tariff, and Amber's prices that it may be made of.

    Parameters
    ----------
    tariff
        Whose all-in prices are forecast.
    amber
        Prices on record; `None` where the home has none.
    """

    tariff: PlanTariff
    amber: AmberPrices | None


def issued_prices(
    store: Store, settings: Settings, priced_by: TariffOnRecord, grid: TimeGrid
) -> tuple[IssuedPrices | None, tuple[str, ...]]:
    """Forecasts on record of a tariff's prices, and words on what they are.

    Parameters
    ----------
    grid
        Axis of the run, in steps that divide half an hour; it begins on a half-hour.

    Returns
    -------
    tuple
        `None` where there is no forecast. Nothing is said of a tariff whose prices are
        known beforehand.
    """
    if not priced_by.tariff.follows_market:
        return None, ()
    plans = TimeGrid.between(grid.start, grid.end, HALF_HOUR)
    parts = _parts(priced_by.tariff.plan, plans)
    spot = SPOT_C_PER_KWH_PER_RRP * store.market_forecasts.known_at_each(
        settings.home.region, plans, HALF_HOURS_AHEAD, OLDEST
    )
    own = amber = np.full((2, *spot.shape), np.nan)
    notes: tuple[str, ...] = ()
    if np.any(parts.of_amber):
        own = _issued_by_amber(store, settings, plans)
        made, notes = _made_of_spot(store, settings, priced_by.amber, spot, plans)
        amber = np.where(np.isnan(own), made, own)
    if parts.need_a_forecast and np.all(np.isnan(spot)) and np.all(np.isnan(amber)):
        return None, (*notes, NONE_ON_RECORD)
    prices = np.stack([parts.price(side, spot, amber[side]) for side in (0, 1)])
    is_told: BoolArray = np.asarray(~np.isnan(prices).any(axis=0))
    if not np.any(is_told):
        return None, (*notes, NONE_ON_RECORD)
    is_by_amber: BoolArray = np.asarray(is_told & ~np.isnan(own).all(axis=0))
    of_a_price = HALF_HOUR // grid.step
    known_from = np.arange(plans.count) * of_a_price
    issued = IssuedPrices(known_from, of_a_price, *prices)
    return issued, (*notes, _words(is_told, is_by_amber))


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """What prices are made of, in half-hours from the first plan on. Each (2, N).

    Import and export: ``constant + of_spot x spot + of_amber x Amber's price``.
    """

    constant_c_per_kwh: FloatArray
    of_spot: FloatArray
    of_amber: FloatArray

    @property
    def need_a_forecast(self) -> bool:
        """Whether no half-hour is known of both prices without one."""
        needed = (self.of_spot != 0) | (self.of_amber != 0)
        return bool(np.all(needed.any(axis=0)))

    def price(self, side: int, spot: FloatArray, amber: FloatArray) -> FloatArray:
        """Price of import or export, NaN where what it needs is. (P, H) [c/kWh]"""
        price = _ahead(self.constant_c_per_kwh[side]).copy()
        for factor, values in ((self.of_spot, spot), (self.of_amber, amber)):
            share = _ahead(factor[side])
            price += np.where(share == 0, 0.0, share * values)
        return price


def _parts(plan: Plan, plans: TimeGrid) -> _Parts:
    """Take a plan apart: its prices where spot and Amber's price are 0 or 1 c/kWh."""
    axis = _axis(plans)

    def rates(spot: float, amber: float) -> FloatArray:
        prices = PriceSeries(axis, np.full(axis.count, spot))
        found = PlanTariff(plan, _OnePrice(amber)).rates(axis, prices)
        return np.stack([found.import_c_per_kwh, found.export_c_per_kwh])

    constant = rates(0, 0)
    return _Parts(constant, rates(1, 0) - constant, rates(0, 1) - constant)


@dataclass(frozen=True, slots=True)
class _OnePrice:
    """Stands for Amber's prices: always the same; see `PassedOnPrices`."""

    c_per_kwh: float

    def on(
        self, grid: TimeGrid, _channel: Channel, _spot: PriceSeries | None
    ) -> PriceSeries:
        return PriceSeries(grid, np.full(grid.count, self.c_per_kwh))


def _axis(plans: TimeGrid) -> TimeGrid:
    """Every half-hour that a plan looks at. N = P + H - 1"""
    return TimeGrid(plans.start, HALF_HOUR, plans.count + HALF_HOURS_AHEAD - 1)


def _ahead(values: FloatArray) -> FloatArray:
    """Of values of `_axis`, those that each plan looks at, without a copy. (P, H)"""
    return np.lib.stride_tricks.sliding_window_view(values, HALF_HOURS_AHEAD)


def _issued_by_amber(store: Store, settings: Settings, plans: TimeGrid) -> FloatArray:
    """Amber's own forecasts of import and export. (2, P, H) [c/kWh]"""
    prices = np.full((2, plans.count, HALF_HOURS_AHEAD), np.nan)
    site_key = home_on_record(store, settings).recorded.site_key
    if site_key is None:
        return prices
    known = store.forecasts.known_at_each(site_key, plans, OLDEST)
    for k, (start, issue) in enumerate(zip(plans, known, strict=True)):
        for forecast in issue:
            if forecast.channel in _CHANNELS:
                side = _CHANNELS.index(forecast.channel)
                prices[side, k] = _by_half_hour(forecast, start)
    return prices


def _by_half_hour(forecast: Forecast, start: datetime) -> FloatArray:
    """Mean of the points in each half-hour from `start` on, by their length. (H,)"""
    first_s = start.timestamp()
    points = [
        (
            point.start.timestamp() - first_s,
            point.duration_minutes,
            point.best_c_per_kwh,
        )
        for point in forecast.points
    ]
    after_s, minutes, c_per_kwh = np.array(points).reshape(-1, 3).T
    number = (after_s // HALF_HOUR.total_seconds()).astype(np.int64)
    is_ahead = (number >= 0) & (number < HALF_HOURS_AHEAD)
    number, minutes, c_per_kwh = (x[is_ahead] for x in (number, minutes, c_per_kwh))
    total = np.bincount(number, minutes * c_per_kwh, HALF_HOURS_AHEAD)
    length = np.bincount(number, minutes, HALF_HOURS_AHEAD)
    mean: FloatArray = total / np.where(length > 0, length, np.nan)
    return mean


def _made_of_spot(
    store: Store,
    settings: Settings,
    amber: AmberPrices | None,
    spot: FloatArray,
    plans: TimeGrid,
) -> tuple[FloatArray, tuple[str, ...]]:
    """Amber's prices of forecast spot prices, by what it adds. (2, P, H) [c/kWh]

    What it adds is published beforehand; it is read off prices of the whole record.
    """
    nothing = np.full((2, *spot.shape), np.nan)
    if np.all(np.isnan(spot)):
        return nothing, ()
    axis = _axis(plans)
    start_s = np.array([int(start.timestamp()) for start in axis])
    fit = None if amber is None else amber.fit
    if fit is None:
        wanted = np.unique(financial_years(start_s)).tolist()
        try:
            fit = fit_rows(read_all_rows(store, settings), settings, wanted)
        except DataError as error:
            return nothing, (f"the market operator's forecasts were not used: {error}",)
    lines = [fit.coefficients(channel, start_s) for channel in _CHANNELS]
    made = [_ahead(slope) * spot + _ahead(constant) for slope, constant in lines]
    return np.stack(made), ()


def _words(is_told: BoolArray, is_by_amber: BoolArray) -> str:
    shares = {
        "Amber's own": is_by_amber.mean(),
        "the market operator's": (is_told & ~is_by_amber).mean(),
    }
    whose = " and ".join(f"{who} for {n:.0%}" for who, n in shares.items() if n)
    return (
        f"price forecasts as they were issued, none after its plan: {whose} of the "
        "half-hours planned ahead; the others were expected from the past alone"
    )
