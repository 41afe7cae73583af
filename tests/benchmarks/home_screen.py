"""How long the home screen waits for the store, with two years on record."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from tests.benchmarks.measure import MEGABYTE, Measure, remove_store

from home_energy.dashboard.now import Now, read_now
from home_energy.demo.clocks import SteppedClock
from home_energy.demo.price_answers import View, current_rows
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SyntheticMarket
from home_energy.domain.price import Channel, Price, PriceContext, Quality
from home_energy.domain.verdict import Decision, Verdict, VerdictBasis
from home_energy.ingestion.sources.amber_wire import (
    INTERVALS,
    SITES,
    to_forecasts,
    to_prices,
    to_sites,
)
from home_energy.settings import Settings
from home_energy.store import Store
from home_energy.store.forecasts import BLOCK

NOW = datetime(2026, 11, 22, 5, 58, 30, tzinfo=UTC)  # a block is nearly over
YEARS = timedelta(days=730)
TICK = timedelta(minutes=5)
RUNS = 300
WAIT_TARGET_MS = 5.0


def measure_screen(path: Path) -> list[Measure]:
    """Median and 95th percentile of the one question the home screen asks."""
    remove_store(path)
    store = Store.open(path)
    _fill(store)
    size = Measure("Store with two years, for the screen", _megabytes(path), "MB")
    clock = SteppedClock(NOW, is_synchronised=True)

    reader = Store.open_read_only(path)
    warm = _waits_ms(lambda: read_now(reader, Settings(), clock))
    cold = _waits_ms(lambda: _read_once(path, clock))
    uncached = _waits_ms(lambda: _read_once(path, clock), before=lambda: _forget(path))
    # Right after a block is packed its newest issue must be unpacked from it.
    store.forecasts.pack_finished_blocks(1, NOW + BLOCK)
    packed = _waits_ms(lambda: read_now(reader, Settings(), clock))
    reader.close()
    store.close()
    return [
        size,
        *_two("Home screen, open connection", warm),
        *_two("Home screen, new connection", cold),
        *_two("Home screen, newest forecast in a block", packed),
        *_two("Home screen, new connection, nothing cached", uncached, target=None),
    ]


def _two(
    what: str, waits_ms: list[float], target: float | None = WAIT_TARGET_MS
) -> list[Measure]:
    median, most = np.percentile(waits_ms, [50, 95])
    return [
        Measure(f"{what}: median", float(median), "ms", target),
        Measure(f"{what}: 95th percentile", float(most), "ms", target),
    ]


def _waits_ms(
    deed: Callable[[], Now], before: Callable[[], None] = lambda: None
) -> list[float]:
    waits_ms = []
    for _ in range(RUNS):
        before()
        began = time.perf_counter()
        now = deed()
        waits_ms.append((time.perf_counter() - began) * 1000)
        assert now.channels
        assert now.forecasts
        assert now.cheapest is not None
    return waits_ms


def _read_once(path: Path, clock: SteppedClock) -> Now:
    store = Store.open_read_only(path)
    try:
        return read_now(store, Settings(), clock)
    finally:
        store.close()


def _forget(path: Path) -> None:
    """Ask the kernel to drop the file from memory, as after a start."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def _megabytes(path: Path) -> float:
    return path.stat().st_size / MEGABYTE


def _fill(store: Store) -> None:
    store._database.execute("PRAGMA synchronous=OFF")
    market = SyntheticMarket(SyntheticHome(1))
    store.sources.save_sites(to_sites(SITES.validate_python(market.sites())))
    key = store.sources.site_key(market.site_id)
    assert key is not None
    _fill_prices(store, key)
    _fill_now(store, key, market)
    _fill_old_blocks(store, key)
    basis = VerdictBasis.OWN_HISTORY
    store.verdicts.save(key, Decision(Verdict.NORMAL, basis, NOW, NOW, None))
    for task in ("prices now", "price history", "usage", "sites"):
        store.sources.record_success("amber", task, NOW)
    store._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _fill_prices(store: Store, key: int) -> None:
    """Two years up to the last hours, a week in one save."""
    chance = np.random.default_rng(3)
    week = timedelta(days=7)
    context = PriceContext("neutral", "none", "peak", "default", None, False)  # noqa: FBT003
    start = NOW - timedelta(hours=2) - YEARS
    start -= timedelta(seconds=start.timestamp() % 300)
    while start < NOW - timedelta(hours=2):
        count = min(week, NOW - timedelta(hours=2) - start) // TICK
        prices = [
            Price(channel, start + i * TICK, 5, c, Quality.ACTUAL, c / 2, context)
            for channel in Channel
            for i, c in enumerate(chance.normal(30.0, 9.0, count).round(5).tolist())
        ]
        store.prices.save(key, prices, start + week)
        start += week


def _fill_now(store: Store, key: int, market: SyntheticMarket) -> None:
    """The last six hours as the collector would have them, not yet packed."""
    for number in range(BLOCK // TICK, -1, -1):
        at = NOW - number * TICK
        view = View(market, at, 5, lambda _: timedelta(0))
        rows = INTERVALS.validate_python(current_rows(view, previous=2, following=288))
        store.prices.save(key, to_prices(rows), at)
        store.forecasts.save(key, to_forecasts(rows, at))


def _fill_old_blocks(store: Store, key: int) -> None:
    """Two years of blocks that only weigh what packed ones do: none is opened."""
    store.forecasts.pack_finished_blocks(key, NOW)
    first_s = int((NOW - YEARS).timestamp()) // 21_600 * 21_600
    last_s = int(NOW.timestamp()) // 21_600 * 21_600 - 2 * 21_600
    store._database.execute_many(
        "INSERT OR IGNORE INTO forecast_block VALUES (?, ?, zeroblob(35000))",
        [(key, start_s) for start_s in range(first_s, last_s, 21_600)],
    )
