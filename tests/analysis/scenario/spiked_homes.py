"""Homes of a day or a few on tariffs with spikes, for stress years."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from tests.analysis.scenario.test_run import DAY, IMPORT, KNOWN_AT, asked

from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.domain.meter_day import MeterDay
from home_energy.domain.price import Quality
from home_energy.domain.spot import SpotDay
from home_energy.settings import BillSettings, HomeSettings, Settings
from home_energy.store import Store

Home = tuple[Store, Settings]

C_PER_RRP = 0.11
"""Spot with GST: 100 $/MWh are 11 c/kWh."""

_HEAD = """
title = "Made up"
clock = "NEM"
[[period]]
from = 2025-01-01
source = "made up"
"""
_SPOT_BOUGHT = """
[[period.usage]]
name = "Anytime"
spot = { loss_factor = 1.0, c_per_kwh = 30.0 }
"""
_SPOT_SOLD = """
[[period.feed_in]]
name = "Feed-in"
spot = { loss_factor = 1.1, c_per_kwh = 0.0 }
"""
TARIFFS = {
    "spot": _SPOT_BOUGHT + _SPOT_SOLD,
    "spot-and-demand": _SPOT_BOUGHT
    + _SPOT_SOLD
    + """
[[period.demand]]
name = "Demand"
hours = ["15:00-21:00"]
aud_per_kw_per_month = 9.0
""",
    "spot-bought": _SPOT_BOUGHT
    + """
[[period.feed_in]]
name = "Feed-in"
c_per_kwh = 5.0
""",
    "sold-by-the-clock": _SPOT_BOUGHT
    + """
[[period.feed_in]]
name = "Evening"
hours = ["18:00-19:00"]
spot = { loss_factor = 1.1, c_per_kwh = 0.0 }
[[period.feed_in]]
name = "Other"
c_per_kwh = 5.0
""",
    "flat": """
[[period.usage]]
name = "Anytime"
c_per_kwh = 30.0
[[period.feed_in]]
name = "Feed-in"
c_per_kwh = 5.0
""",
}
"""With `spot` a kWh costs 30 c more than the spot price, and sold it earns that."""

BATTERY = {
    "usable_kwh": 2.0,
    "charge_kw": 4.0,
    "discharge_kw": 4.0,
    "charge_efficiency_fraction": 1.0,
    "discharge_efficiency_fraction": 1.0,
    "wear_c_per_kwh": 22.0,
}
BUY: dict[str, Any] = {
    "installed": "2026-03-01",
    "battery_aud": 1500.0,
    "assumptions": {
        "horizon_years": 2,
        "discount_fraction_per_year": 0.0,
        "feed_in_decline_fraction_per_year": 0.4,
        "battery_fade_fraction_per_year": 0.0,
        "solar_fade_fraction_per_year": 0.0,
    },
}
SPIKE, LATER = 36, 40
"""18:00 and 20:00."""


def one_spike() -> np.ndarray:
    """Spot of a day that is 0 but for 220 c at 18:00 and 55 c at 20:00. [c/kWh]"""
    spot = np.zeros(48)
    spot[SPIKE], spot[LATER] = 220.0, 55.0
    return spot


def two_loads() -> np.ndarray:
    """1 kWh at 18:00 and one at 20:00."""
    load = np.zeros(48)
    load[[SPIKE, LATER]] = 1.0
    return load


def home_with(
    folder: Path,
    spot_c_per_kwh: Sequence[np.ndarray],
    load_kwh: Sequence[np.ndarray],
) -> Home:
    """A home of one row a day."""
    path = folder / "home.sqlite"
    store = Store.open(path)
    days = [DAY + timedelta(days=n) for n in range(len(load_kwh))]
    store.meter_days.save(
        {
            IMPORT: [
                MeterDay.of_one_quality(day, kwh, Quality.ACTUAL)
                for day, kwh in zip(days, load_kwh, strict=True)
            ]
        },
        KNOWN_AT,
    )
    store.spot_days.save(
        [
            SpotDay("NSW1", day, 30, spot / C_PER_RRP)
            for day, spot in zip(days, spot_c_per_kwh, strict=True)
        ],
        KNOWN_AT,
    )
    (folder / "tariffs").mkdir()
    for name, text in TARIFFS.items():
        (folder / "tariffs" / f"{name}.toml").write_text(
            f'name = "{name}"{_HEAD}{text}'
        )
    settings = Settings(home=HomeSettings(store=path), bill=BillSettings(tariff="spot"))
    return store, settings.read_from(folder)


def question(days: int = 1, **parts: Any) -> Scenario:
    """The best that the battery could do, unless asked otherwise."""
    last = DAY + timedelta(days=days - 1)
    whole: Mapping[str, Any] = {
        "period": {"from": DAY, "to": last, "resolution_minutes": 30},
        "battery": BATTERY,
        "strategy": {"names": ["perfect_foresight"]},
        **parts,
    }
    return asked(**whole)
