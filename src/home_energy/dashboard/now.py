"""Everything the screen and the API say about this moment, read in one go."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from home_energy.dashboard.power_now import PowerMoment, read_power
from home_energy.domain.clock import Clock, trusted_now
from home_energy.domain.cost_rate import GridPrices
from home_energy.domain.forecast import Forecast
from home_energy.domain.freshness import PriceAge, price_age
from home_energy.domain.price import Channel, Price
from home_energy.domain.shadow_day import ShadowSum
from home_energy.domain.site import RetailSite, home_site
from home_energy.domain.verdict import CheapestRun, Decision, cheapest_run
from home_energy.errors import ConfigError
from home_energy.settings import Settings
from home_energy.store import SourceStatus, Store

FORECAST_USABLE = timedelta(hours=3)
"""A forecast issued longer ago than this is not shown as what comes next."""


@dataclass(frozen=True, slots=True)
class ChannelNow:
    """Newest price of one channel and how old it is."""

    price: Price
    known_at: datetime
    age: PriceAge


@dataclass(frozen=True, slots=True)
class Now:
    """One moment of one home.

    Parameters
    ----------
    time
        Trusted time; `None` while no clock can be trusted. [aware UTC]
    site
        The site that is followed; `None` before the first contact with Amber.
    channels
        Newest price by channel; a channel without any price is absent.
    decision
        Verdict, only while the import price is fresh enough to advise on.
    forecasts
        Newest forecast by channel, only while usable.
    cheapest
        Cheapest hour of the next twelve on the general channel.
    statuses
        How every task of every source is doing.
    shadow
        What the first of the chosen batteries would have saved, once a day is booked.
    power
        What flows in the home, and what an hour of it costs.
    """

    time: datetime | None
    site: RetailSite | None
    channels: dict[Channel, ChannelNow]
    decision: Decision | None
    forecasts: dict[Channel, Forecast]
    cheapest: CheapestRun | None
    statuses: list[SourceStatus]
    is_demo: bool
    shadow: ShadowSum | None = None
    power: PowerMoment = field(default_factory=PowerMoment)

    @property
    def import_age(self) -> PriceAge:
        """Where the import price stands on the ladder, also when there is none."""
        general = self.channels.get(Channel.GENERAL)
        return price_age(None, None, self.time) if general is None else general.age


def read_now(store: Store, settings: Settings, clock: Clock) -> Now:
    """Read this moment from the store, all of it from one state of the record.

    Raises
    ------
    StoreError
        If the store cannot be read.
    """
    with store.snapshot():
        return _read_now(store, settings, clock)


def _read_now(store: Store, settings: Settings, clock: Clock) -> Now:
    time = trusted_now(clock, store.sources.anchor())
    site = _site(store, settings)
    key = None if site is None else store.sources.site_key(site.site_id)
    channels = {} if key is None else _channels(store, key, time)
    forecasts = {} if key is None else _forecasts(store, key, time)
    general = channels.get(Channel.GENERAL)
    coming = forecasts.get(Channel.GENERAL)
    return Now(
        time=time,
        site=site,
        channels=channels,
        decision=_decision(store, key, general),
        forecasts=forecasts,
        cheapest=cheapest_run(coming.points, time) if coming and time else None,
        statuses=store.sources.statuses(),
        is_demo=settings.amber.is_demo,
        shadow=_shadow(store, settings),
        power=read_power(
            settings,
            _grid_prices(channels),
            time,
            is_exporting_home=Channel.FEED_IN in channels,
        ),
    )


def _grid_prices(channels: dict[Channel, ChannelNow]) -> GridPrices | None:
    """Prices by which the power of now may be counted: while they are fresh."""
    general, feed_in = channels.get(Channel.GENERAL), channels.get(Channel.FEED_IN)
    if general is None or not general.age.may_advise:
        return None
    sells = feed_in is not None and feed_in.age.may_advise
    return GridPrices(
        general.price.c_per_kwh,
        feed_in.price.c_per_kwh if feed_in is not None and sells else None,
    )


def _shadow(store: Store, settings: Settings) -> ShadowSum | None:
    products = settings.shadow.products
    return store.shadow_days.sum_of(products[0]) if products else None


def _decision(
    store: Store, site_key: int | None, general: ChannelNow | None
) -> Decision | None:
    """Verdict on the newest import price, while that may be advised on."""
    if site_key is None or general is None or not general.age.may_advise:
        return None
    decision = store.verdicts.latest(site_key)
    is_on_this_price = (
        decision is not None and decision.decided_at >= general.price.start
    )
    return decision if is_on_this_price else None


def _site(store: Store, settings: Settings) -> RetailSite | None:
    try:
        return home_site(store.sources.sites(), settings.amber.site_id)
    except ConfigError:  # the health page says why
        return None


def _channels(
    store: Store, site_key: int, time: datetime | None
) -> dict[Channel, ChannelNow]:
    found = {}
    for channel in Channel:
        newest = store.prices.latest(site_key, channel)
        if newest is not None:
            price, known_at = newest
            age = price_age(price, known_at, time)
            found[channel] = ChannelNow(price, known_at, age)
    return found


def _forecasts(
    store: Store, site_key: int, time: datetime | None
) -> dict[Channel, Forecast]:
    if time is None:
        return {}
    return {
        forecast.channel: forecast
        for forecast in store.forecasts.latest(site_key)
        if time - forecast.issued_at <= FORECAST_USABLE
    }
