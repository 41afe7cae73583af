"""How sure the price of every interval of an axis is."""

from datetime import timedelta

from home_energy.domain.price import Channel, Quality
from home_energy.domain.time_grid import TimeGrid
from home_energy.store import Store
from tests.domain.sample_prices import FIVE_MINUTES, NOON, sample_price

GRID = TimeGrid(NOON, FIVE_MINUTES, 12)


def qualities(store: Store, site_key: int) -> list[int]:
    found = store.prices.qualities(site_key, Channel.GENERAL, GRID)
    return [int(quality) for quality in found]


def test_without_a_price_the_quality_is_none(store: Store, site_key: int) -> None:
    assert qualities(store, site_key) == [0] * 12


def test_the_surest_of_overlapping_prices_counts(store: Store, site_key: int) -> None:
    prices = [
        sample_price(start=NOON, quality=Quality.ESTIMATE, duration_minutes=30),
        sample_price(start=NOON + FIVE_MINUTES),
        sample_price(start=NOON + 8 * FIVE_MINUTES, quality=Quality.FORECAST),
    ]
    store.prices.save(site_key, prices, NOON)

    assert qualities(store, site_key) == [2, 4, 2, 2, 2, 2, 0, 0, 1, 0, 0, 0]


def test_intervals_across_the_ends_count_with_their_part(
    store: Store, site_key: int
) -> None:
    early = NOON - timedelta(minutes=20)
    prices = [
        sample_price(start=early, duration_minutes=30),
        sample_price(start=GRID.end - FIVE_MINUTES, duration_minutes=30),
        sample_price(start=GRID.end),
    ]
    store.prices.save(site_key, prices, NOON)

    assert qualities(store, site_key) == [4, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4]
