"""A made-up home of two weeks over the end of a financial year, for years of choices.

Load with evenings, a hot water register, a wholesale price that falls below 0 at noon
and spikes, Victoria's sun, and tariffs of every kind in files of their own.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from home_energy.domain.meter_day import Flow, MeterDay, MeterRegister
from home_energy.domain.price import Quality
from home_energy.domain.rooftop import RooftopDay
from home_energy.domain.spot import SpotDay
from home_energy.settings import BillSettings, HomeSettings, Settings
from home_energy.store import Store

FIRST, LAST = date(2025, 6, 24), date(2025, 7, 7)
KNOWN_AT = datetime(2026, 1, 2, tzinfo=UTC)
GENERAL = MeterRegister("table:gross", "", "GC", Flow.GENERAL)
HOT_WATER = MeterRegister("table:gross", "", "HW", Flow.CONTROLLED_LOAD)

_HEAD = """
title = "Made up"
clock = "Australia/Melbourne"
[[period]]
from = 2025-01-01
source = "made up"
"""
_STANDING = """
[[period.usage]]
name = "Hot water"
channel = "controlled_load"
c_per_kwh = 15.0
[[period.fixed]]
name = "Supply"
c_per_day = 100.0
[[period.fixed]]
name = "Fee"
aud_per_month = 15.0
"""
TARIFFS = {
    "flat": """
[[period.usage]]
name = "Anytime"
c_per_kwh = 30.0
[[period.feed_in]]
name = "Feed-in"
c_per_kwh = 4.0
"""
    + _STANDING,
    "by-the-clock": """
[[period.usage]]
name = "Peak"
hours = ["15:00-21:00"]
c_per_kwh = 45.0
[[period.usage]]
name = "Day"
hours = ["10:00-15:00"]
c_per_kwh = 12.0
[[period.usage]]
name = "Other"
c_per_kwh = 25.0
"""
    + _STANDING,
    "market": """
[[period.usage]]
name = "Anytime"
spot = { loss_factor = 1.04, c_per_kwh = 14.0 }
[[period.feed_in]]
name = "Feed-in"
spot = { loss_factor = 1.04, c_per_kwh = -1.0 }
"""
    + _STANDING,
    "blocks-and-demand": """
[[period.usage]]
name = "Anytime"
blocks = [{ up_to_kwh = 6.0, c_per_kwh = 20.0 }, { c_per_kwh = 35.0 }]
block_period = "day"
[[period.feed_in]]
name = "Feed-in"
c_per_kwh = 4.0
[[period.demand]]
name = "Demand"
hours = ["15:00-21:00"]
aud_per_kw_per_month = 9.0
[[period.discount]]
name = "On time"
percent = 5.0
"""
    + _STANDING,
}

BATTERY = {
    "usable_kwh": 10.0,
    "charge_kw": 5.0,
    "discharge_kw": 4.0,
    "charge_efficiency_fraction": 0.95,
    "discharge_efficiency_fraction": 0.94,
    "standby_kw": 0.01,
    "wear_c_per_kwh": 1.0,
}
QUESTION: dict[str, Any] = {
    "name": "sizes",
    "title": "Which size",
    "period": {"from": FIRST, "to": LAST, "resolution_minutes": 30},
    "solar": {"array": [{"kw_dc": 5.0, "inverter_kw_ac": 4.0}, {"kw_dc": 2.0}]},
    "battery": BATTERY,
    "strategy": {
        "names": ["self_consumption"],
        "charge_windows": [{"hours": ["10:00-14:00"]}],
        "discharge_windows": [{"hours": ["16:00-21:00"]}],
    },
}


def swept_home(
    folder: Path, last: date = LAST, *, has_sun: bool = True
) -> tuple[Store, Settings]:
    """A record of the home, and its settings."""
    path = folder / "home.sqlite"
    days = [FIRST + timedelta(days=n) for n in range((last - FIRST).days + 1)]
    half_hour = np.arange(48)
    evening = np.exp(-(((half_hour - 37) / 4.0) ** 2))
    noon = np.exp(-(((half_hour - 24) / 7.0) ** 2))
    chance = np.random.default_rng(3)
    load = 0.15 + 0.9 * evening + chance.gamma(1.0, 0.1, (len(days), 48))
    price = 90.0 + 160.0 * evening - 130.0 * noon + chance.normal(0, 25, load.shape)
    price[3, 36:38] = 14_000.0
    hot_water = np.where(half_hour < 6, 0.4, 0.0)
    with_sun = [date(2025, 1, 1) + timedelta(days=n) for n in range(730 * has_sun)]
    store = Store.open(path)
    store.meter_days.save(
        {
            GENERAL: _meter_days(days, load),
            HOT_WATER: _meter_days(days, np.tile(hot_water, (len(days), 1))),
        },
        KNOWN_AT,
    )
    store.spot_days.save(
        [SpotDay("VIC1", day, 30, rrp) for day, rrp in zip(days, price, strict=True)],
        KNOWN_AT,
    )
    store.rooftop_days.save(
        [RooftopDay("VIC1", day, 100.0 * noon**2) for day in with_sun], KNOWN_AT
    )
    (folder / "tariffs").mkdir()
    for name, text in TARIFFS.items():
        (folder / "tariffs" / f"{name}.toml").write_text(
            f'name = "{name}"{_HEAD}{text}'
        )
    settings = Settings(
        home=HomeSettings(store=path, timezone="Australia/Melbourne"),
        bill=BillSettings(tariff="flat"),
    )
    return store, settings.read_from(folder)


def _meter_days(days: list[date], kwh: np.ndarray) -> list[MeterDay]:
    return [
        MeterDay.of_one_quality(day, row, Quality.ACTUAL)
        for day, row in zip(days, kwh, strict=True)
    ]
