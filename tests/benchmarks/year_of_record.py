"""How large a year becomes: some days of it are recorded as the collector would.

The days lie evenly over the year, so that every season has its share; the sum is
scaled to 365 days. Every tick brings an estimate, its confirmation and a forecast,
and every day its usage.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from tests.benchmarks.measure import MEGABYTE, Measure, remove_store

from home_energy.demo.market import Row
from home_energy.demo.price_answers import View, current_rows
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SyntheticMarket
from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.price import Channel
from home_energy.domain.time_grid import nem_date
from home_energy.ingestion.sources.amber_wire import (
    INTERVALS,
    SITES,
    USAGE,
    to_forecasts,
    to_prices,
    to_readings,
    to_sites,
)
from home_energy.store import Store

TICK = timedelta(minutes=5)
YEAR_START = datetime(2025, 7, 1, 14, tzinfo=UTC)
ESTIMATED_AFTER = timedelta(seconds=2)
CONFIRMED_AFTER = timedelta(seconds=60)
YEAR_DAYS = 365
SIZE_TARGET_MB = 100.0

Change = Callable[[list[Forecast]], list[Forecast]]

_TABLES = {
    "prices": "price",
    "prices replaced": "price_revision",
    "forecasts": "forecast_block",
    "readings": "reading",
}


def measure_year(path: Path, day_count: int) -> list[Measure]:
    """Size of a year as the demo home's market behaves."""
    sizes = _record(path, day_count, lambda forecasts: forecasts)
    total = Measure(
        f"A year on disk, from {day_count} days",
        sum(sizes.values()),
        "MB",
        SIZE_TARGET_MB,
    )
    return [total, *(Measure(f"… {name}", size, "MB") for name, size in sizes.items())]


def measure_worst_year(path: Path, day_count: int) -> list[Measure]:
    """Size of a year in which no forecast value ever stays."""
    moving = _record(path, day_count, _WholesaleMoves().change)
    noise = _record(path, day_count, _EverythingMoves().change)
    return [
        Measure(
            "A year, the wholesale price and every band move every 5 min",
            sum(moving.values()),
            "MB",
        ),
        Measure(
            "A year, every value moves by itself every 5 min (pure noise)",
            sum(noise.values()),
            "MB",
        ),
    ]


def _record(path: Path, day_count: int, change: Change) -> dict[str, float]:
    """Record the days and return the size of a year by kind. [MB]"""
    remove_store(path)
    store = Store.open(path)
    # The size is measured here, not the safety.
    store._database.execute("PRAGMA synchronous=OFF")
    market = SyntheticMarket(SyntheticHome(1))
    store.sources.save_sites(to_sites(SITES.validate_python(market.sites())))
    site_key = store.sources.site_key(market.site_id)
    assert site_key is not None
    for number in range(day_count):
        day = YEAR_START + timedelta(days=number * YEAR_DAYS // day_count)
        record_day(store, site_key, market, day, change)
    sizes = {
        name: _table_bytes(store, table) / day_count * YEAR_DAYS / MEGABYTE
        for name, table in _TABLES.items()
    }
    store.close()
    return sizes


def record_day(
    store: Store,
    site_key: int,
    market: SyntheticMarket,
    day: datetime,
    change: Change = lambda forecasts: forecasts,
) -> None:
    """Record what Amber says in a day: prices, forecasts, usage."""
    for number in range(288):
        start = day + number * TICK
        estimated_at = start + ESTIMATED_AFTER
        estimates = [
            market.estimate_row(channel, start, 5, estimated_at)
            for channel in market.channels
        ]
        _save_prices(store, site_key, estimates, estimated_at)
        confirmed_at = start + CONFIRMED_AFTER
        rows = current_rows(_view(market, confirmed_at), previous=2, following=288)
        _save_prices(store, site_key, rows, confirmed_at)
        forecasts = to_forecasts(INTERVALS.validate_python(rows), confirmed_at)
        store.forecasts.save(site_key, change(forecasts))
    end = day + 288 * TICK
    store.forecasts.pack_finished_blocks(site_key, end + timedelta(hours=6))
    usage = [
        row
        for channel in market.channels
        for row in market.usage_rows(channel, nem_date(day), end + timedelta(days=30))
    ]
    readings = to_readings(USAGE.validate_python(usage))
    store.readings.save(site_key, "amber", readings, end)


def _view(market: SyntheticMarket, now: datetime) -> View:
    return View(market, now, 5, lambda _: timedelta(0))


def _save_prices(
    store: Store, site_key: int, rows: list[Row], known_at: datetime
) -> None:
    store.prices.save(site_key, to_prices(INTERVALS.validate_python(rows)), known_at)


def _table_bytes(store: Store, table: str) -> int:
    sql = "SELECT sum(pgsize) FROM dbstat WHERE name = ?"
    row = store._database.row(sql, (table,))
    return 0 if row is None or row[0] is None else int(row[0])


_SLOPE = {Channel.GENERAL: 1.1, Channel.CONTROLLED_LOAD: 1.1, Channel.FEED_IN: 0.95}
"""How much of a move of the wholesale price each channel shows. Assumed."""

_ALL_IN = (
    "c_per_kwh",
    "predicted_c_per_kwh",
    "low_c_per_kwh",
    "high_c_per_kwh",
)
_WHOLESALE = ("spot_c_per_kwh", "spot_min_c_per_kwh", "spot_max_c_per_kwh")


class _WholesaleMoves:
    """Every issue has new wholesale prices and bands; channels follow them."""

    def __init__(self) -> None:
        self._chance = np.random.default_rng(7)

    def change(self, forecasts: list[Forecast]) -> list[Forecast]:
        counts = (len(forecast.points) for forecast in forecasts)
        shape = (max(counts, default=0), len(_ALL_IN) + len(_WHOLESALE))
        # The price and its forecast share a move; each end of a band has its own.
        moves = self._chance.normal(0.0, 2.0, shape)
        moves[:, len(_ALL_IN)] = moves[:, 0]
        return [
            replace(
                forecast,
                points=tuple(
                    _moved(point, move, _SLOPE[forecast.channel])
                    for point, move in zip(forecast.points, moves, strict=False)
                ),
            )
            for forecast in forecasts
        ]


class _EverythingMoves:
    """Every value of every channel of every issue has a move of its own."""

    def __init__(self) -> None:
        self._chance = np.random.default_rng(7)

    def change(self, forecasts: list[Forecast]) -> list[Forecast]:
        return [
            replace(forecast, points=tuple(self._points(forecast)))
            for forecast in forecasts
        ]

    def _points(self, forecast: Forecast) -> Iterator[ForecastPoint]:
        for point in forecast.points:
            move = self._chance.normal(0.0, 2.0, len(_ALL_IN) + len(_WHOLESALE))
            yield _moved(point, move, slope=1.0)


def _moved(
    point: ForecastPoint,
    move: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    slope: float,
) -> ForecastPoint:
    slopes = [slope] * len(_ALL_IN) + [1.0] * len(_WHOLESALE)
    changes = {
        name: round(value + of_channel * float(by), 5)
        for name, of_channel, by in zip(_ALL_IN + _WHOLESALE, slopes, move, strict=True)
        if (value := getattr(point, name)) is not None
    }
    return replace(point, **changes)
