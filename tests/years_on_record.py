"""A record as if the demo's home had been followed for as far back as is fetched."""

from datetime import datetime, timedelta

from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SyntheticMarket
from home_energy.domain.time_grid import nem_date
from home_energy.ingestion.day_tasks import HISTORY_DAYS, USAGE_DAYS
from home_energy.ingestion.source_notes import SOURCE
from home_energy.ingestion.sources.amber_wire import (
    INTERVALS,
    SITES,
    USAGE,
    to_prices,
    to_readings,
    to_sites,
)
from home_energy.store import Store


def keep_years(store: Store, now: datetime) -> None:
    """Save two years of prices and the usage that Amber gives; it takes a minute."""
    market = SyntheticMarket(SyntheticHome())
    store.sources.save_sites(to_sites(SITES.validate_python(market.sites())))
    site_key = store.sources.site_key(market.site_id)
    assert site_key is not None
    begin = now - timedelta(days=HISTORY_DAYS)
    for channel in market.channels:
        told = market.final_rows(channel, begin, now, 5)
        prices = to_prices(INTERVALS.validate_python(told))
        store.prices.save(site_key, prices, now)
        for back in range(1, USAGE_DAYS + 1):
            day = nem_date(now) - timedelta(days=back)
            usage = market.usage_rows(channel, day, now)
            readings = to_readings(USAGE.validate_python(usage))
            store.readings.save(site_key, SOURCE, readings, now)
