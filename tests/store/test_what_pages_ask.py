"""Look-ups that exist for the pages."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from home_energy.domain.price import Channel, Price, Quality
from home_energy.domain.site import RetailSite
from home_energy.store import Store
from home_energy.store.migrations import MIGRATIONS

NOON = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
SITE = RetailSite("01TESTHOME", "4102000000X", "active", 5, ())


def test_the_first_start_is_that_of_the_channel(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "home.sqlite")
    store.sources.save_sites([SITE])
    key = store.sources.site_key(SITE.site_id)
    assert key is not None
    rows = [
        Price(channel, NOON - timedelta(minutes=back), 5, 20.0, Quality.ACTUAL)
        for channel, back in (
            (Channel.GENERAL, 10),
            (Channel.GENERAL, 5),
            (Channel.FEED_IN, 60),
        )
    ]
    store.prices.save(key, rows, NOON)

    assert store.prices.first_start(key, Channel.GENERAL) == datetime(
        2026, 11, 22, 0, 50, tzinfo=UTC
    )
    assert store.prices.first_start(key, Channel.CONTROLLED_LOAD) is None


def test_the_schema_number_counts_the_steps_that_ran(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "home.sqlite")

    assert store.schema_number() == len(MIGRATIONS)
