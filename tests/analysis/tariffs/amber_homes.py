"""Invented homes whose charges are known, and the rows of a real one."""

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from home_energy.domain.price import Channel, Price, PriceContext, Quality
from home_energy.domain.price_rows import PriceRows
from home_energy.domain.time_grid import NEM_TIME

SYDNEY = ZoneInfo("Australia/Sydney")
SHARED = Path(__file__).parents[4] / "shared" / "data" / "amber"
needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="real data is not beside the project: ../shared/data"
)

LOSS_FACTOR = 1.07145
CONSTANTS = {"offPeak": 16.1713, "solarSponge": 8.2530, "peak": 19.9885}
"""An Endeavour home of 2026. [c/kWh]"""

Moment = datetime
Charge = Callable[[Moment], float]


def real_rows(name: str) -> Iterator[dict[str, Any]]:
    """Rows of a real home, as Amber gave them."""
    with gzip.open(SHARED / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def spot_c_per_kwh(starts: list[datetime]) -> list[float]:
    """Invented, the same in every run, from -5 to 45 with spikes of 1,925."""
    numbers = np.random.default_rng(7)
    values = np.round(numbers.uniform(-5, 45, len(starts)), 5)
    values[::977] = 1925.0
    return [float(value) for value in values]


def half_hours(first: date, last: date, zone: tzinfo = NEM_TIME) -> list[datetime]:
    """Starts of the half-hours of days, the last included."""
    start = datetime(first.year, first.month, first.day, tzinfo=zone).astimezone(UTC)
    after = last + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC)
    count = (end - start) // timedelta(minutes=30)
    return [start + i * timedelta(minutes=30) for i in range(count)]


def network_period(start: datetime, zone: tzinfo = SYDNEY) -> str:
    """Endeavour's: solar sponge 10 to 14 h, peak 16 to 20 h on weekdays."""
    local = start.astimezone(zone)
    if 10 <= local.hour < 14:
        return "solarSponge"
    is_peak = 16 <= local.hour < 20 and local.weekday() < 5
    return "peak" if is_peak else "offPeak"


def export_charge(start: datetime, zone: tzinfo = SYDNEY) -> float:
    """What the network adds to feed-in. [c/kWh]"""
    added = {"solarSponge": -1.86, "peak": 3.4703, "offPeak": 0.0}
    return added[network_period(start, zone)]


def import_prices(
    starts: list[datetime],
    constant: Charge | None = None,
    channel: Channel = Channel.GENERAL,
) -> list[Price]:
    """Rows that name their period; five decimals, as Amber rounds."""
    prices = []
    for start, spot in zip(starts, spot_c_per_kwh(starts), strict=True):
        period = network_period(start)
        added = CONSTANTS[period] if constant is None else constant(start)
        prices.append(
            Price(
                channel=channel,
                start=start,
                duration_minutes=30,
                c_per_kwh=round(LOSS_FACTOR * spot + added, 5),
                quality=Quality.ACTUAL,
                spot_c_per_kwh=spot,
                context=PriceContext(tariff_period=period, tariff_season="default"),
            )
        )
    return prices


def feed_in_prices(
    starts: list[datetime], export: Charge = export_charge
) -> list[Price]:
    """Rows without a period, positive when the household is paid."""
    return [
        Price(
            channel=Channel.FEED_IN,
            start=start,
            duration_minutes=30,
            c_per_kwh=round(LOSS_FACTOR * spot / 1.1 + export(start), 5),
            quality=Quality.ACTUAL,
            spot_c_per_kwh=spot,
        )
        for start, spot in zip(starts, spot_c_per_kwh(starts), strict=True)
    ]


def as_rows(prices: list[Price]) -> list[PriceRows]:
    """Rows of each channel that has any."""
    channels = [c for c in Channel if any(p.channel is c for p in prices)]
    return [PriceRows.of(channel, prices) for channel in channels]


def seconds(*starts: datetime) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Instants as the fit takes them."""
    return np.array([int(start.timestamp()) for start in starts], dtype=np.int64)
