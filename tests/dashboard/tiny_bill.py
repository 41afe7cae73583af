"""A home whose every day is the same, on a tariff whose sums are made in the head.

A day of 48 half-hours: 12 kWh bought at 30 c are $3.60, 4.8 kWh sold at 5 c are $0.24,
$1 for the day.
"""

from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from home_energy.domain.meter_day import Flow, MeterDay, MeterRegister
from home_energy.domain.price import Quality
from tests.dashboard.recorded_home import SITE, RecordedHome

PLAN = """
name = "tiny"
title = "Made up for tests"
clock = "Australia/Sydney"
[[period]]
from = 2026-01-01
source = "made up"
[[period.usage]]
name = "Anytime"
c_per_kwh = 30.0
[[period.feed_in]]
name = "Solar"
c_per_kwh = 5.0
[[period.fixed]]
name = "Daily"
c_per_day = 100.0
"""
GENERAL = MeterRegister("nem12", SITE.nmi, "E1", Flow.GENERAL)
FEED_IN = MeterRegister("nem12", SITE.nmi, "B1", Flow.FEED_IN)
IMPORT_KWH = np.full(48, 0.25)
EXPORT_KWH = np.full(48, 0.1)


def tiny_home(folder: Path, plan: str = PLAN) -> RecordedHome:
    """Home of noon on 22 November 2026 without any usage."""
    home = RecordedHome(folder, tariff="tiny")
    (folder / "tariffs").mkdir()
    (folder / "tariffs" / "tiny.toml").write_text(plan)
    return home


def use(
    home: RecordedHome, first: date, last: date, without: Collection[date] = ()
) -> None:
    """Record the usage of every day but some."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    kept = [day for day in days if day not in without]
    meter = {
        GENERAL: [_day(day, IMPORT_KWH) for day in kept],
        FEED_IN: [_day(day, EXPORT_KWH) for day in kept],
    }
    home.store.meter_days.save(meter, home.clock.time)


def use_with_a_hole(home: RecordedHome, day: date) -> None:
    """Record a day of which one half-hour of the import is missing."""
    holed = np.where(np.arange(48) == 30, np.nan, IMPORT_KWH)
    meter = {GENERAL: [_day(day, holed)], FEED_IN: [_day(day, EXPORT_KWH)]}
    home.store.meter_days.save(meter, home.clock.time)


def _day(day: date, kwh: np.ndarray) -> MeterDay:
    return MeterDay.of_one_quality(day, kwh, Quality.ACTUAL)
