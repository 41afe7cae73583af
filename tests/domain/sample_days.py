"""Days of a meter and of the market, for tests."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import numpy as np

from home_energy.domain.meter_day import MeterDay, MeterRegister
from home_energy.domain.price import Quality
from home_energy.domain.spot import SpotDay

NAN = float("nan")
DAY = date(2025, 3, 1)
DAY_START = datetime(2025, 2, 28, 14, tzinfo=UTC)
"""Midnight in NEM time, UTC+10, of `DAY`."""
E1 = MeterRegister("nem12", "6001000001", "E1")


def day_of(
    *first_kwh: float,
    rest_kwh: float = NAN,
    day: date = DAY,
    minutes: int = 30,
    quality: Quality = Quality.ACTUAL,
    updated_at: datetime | None = None,
) -> MeterDay:
    """Day that begins with some values, the rest all alike."""
    kwh = _filled(first_kwh, rest_kwh, minutes)
    return MeterDay.of_one_quality(day, kwh, quality, updated_at)


def spot_day(
    *first_rrp: float,
    rest_rrp: float = NAN,
    day: date = DAY,
    minutes: int = 5,
    region: str = "VIC1",
) -> SpotDay:
    """Day of the market that begins with some prices. [$/MWh]"""
    return SpotDay(region, day, minutes, _filled(first_rrp, rest_rrp, minutes))


def _filled(first: Sequence[float], rest: float, minutes: int) -> np.ndarray:
    values = np.full(1440 // minutes, rest)
    values[: len(first)] = first
    return values
