"""A home whose last seven months are billed, one of them with days missing.

Usage and prices are invented; their shape is that of a Sydney home with solar.
"""

from datetime import date, timedelta

import numpy as np

from home_energy.domain.meter_day import Flow, MeterDay, MeterRegister
from home_energy.domain.price import Channel, Price, Quality
from home_energy.domain.time_grid import nem_day_start
from tests.dashboard.recorded_home import NOON, SITE, RecordedHome, price

FIRST = date(2026, 5, 1)
MISSING = (date(2026, 8, 9), date(2026, 8, 12))
HALF_HOUR = timedelta(minutes=30)
IMPORT_KWH = np.array(
    [0.12] * 12 + [0.35] * 6 + [0.05] * 14 + [0.6] * 10 + [0.25] * 6  # from midnight
)
EXPORT_KWH = np.array([0.0] * 18 + [0.8] * 12 + [0.0] * 18)
IMPORT_C_PER_KWH = [22.0] * 18 + [9.0] * 14 + [41.0] * 8 + [27.0] * 8


def billed_home(
    home: RecordedHome,
    dearer: float = 1.0,
    first: date = FIRST,
    days_late: int = 2,
) -> None:
    """Half-hours of usage and Amber's price of each, up to two days ago."""
    general = MeterRegister("nem12", SITE.nmi, "E1", Flow.GENERAL)
    feed_in = MeterRegister("nem12", SITE.nmi, "B1", Flow.FEED_IN)
    last = home.clock.time.date() - timedelta(days=days_late)
    days = [
        first + timedelta(days=number)
        for number in range((last - first).days + 1)
        if not MISSING[0] <= first + timedelta(days=number) <= MISSING[1]
    ]
    meter = {
        general: [_day(day, IMPORT_KWH * _season(day)) for day in days],
        feed_in: [_day(day, EXPORT_KWH / _season(day)) for day in days],
    }
    home.store.meter_days.save(meter, home.clock.time)
    home.save([row for day in days for row in _prices(day, dearer)])
    home.save([price(home.clock.time, 24.6)])
    home.is_collecting()


def dear_home(home: RecordedHome) -> None:
    """Everything takes most letters: thousands of dollars, DEMO, an unsure clock."""
    home.base_url = "http://127.0.0.1:9/v1/"
    home.clock.time = NOON - timedelta(days=53)  # September, its name is the longest
    home.clock.synchronised = False
    billed_home(home, dearer=9.0)


def without_usage(home: RecordedHome) -> None:
    """Prices alone, as on the first day."""
    home.save([price(NOON, 24.6)])
    home.is_collecting()


def _day(day: date, kwh: np.ndarray) -> MeterDay:
    return MeterDay.of_one_quality(day, np.round(kwh, 3), Quality.ACTUAL)


def _season(day: date) -> float:
    """More in winter and on weekends."""
    winter = 1.35 if day.month in (6, 7, 8) else 1.0
    return winter * (1.2 if day.weekday() >= 5 else 1.0) * (1 + day.day % 5 / 20)


def _prices(day: date, dearer: float) -> list[Price]:
    rows = []
    for number, c_per_kwh in enumerate(IMPORT_C_PER_KWH):
        start = nem_day_start(day) + number * HALF_HOUR
        earned = c_per_kwh / 3 + 2
        rows.append(price(start, dearer * c_per_kwh, minutes=30))
        rows.append(price(start, earned, Channel.FEED_IN, minutes=30))
    return rows
