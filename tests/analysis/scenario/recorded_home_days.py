"""A store with the meter data of a home, written a day at a time."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from home_energy.analysis.record.meter_sources import RecordedHome
from home_energy.analysis.usage.home_on_record import HomeOnRecord
from home_energy.domain.meter_day import Flow, MeterDay, MeterRegister
from home_energy.domain.price import Quality
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid, nem_day_start
from home_energy.store import Store

NMI = "6001234567"
KNOWN_AT = datetime(2025, 7, 1, tzinfo=UTC)
HOME = HomeOnRecord(RecordedHome(None, {}, {}), NMI)
DAY = date(2025, 3, 12)


def meter(name: str, source: str = "nem12", flow: Flow | None = None) -> MeterRegister:
    return MeterRegister(source, NMI, name, flow)


def half_hours(kwh: float) -> FloatArray:
    return np.full(48, kwh)


def day_grid(step_minutes: int = 30, days: int = 1) -> TimeGrid:
    """Axis of days of the market from `DAY` on."""
    start = nem_day_start(DAY)
    end = start + timedelta(days=days)
    return TimeGrid.between(start, end, timedelta(minutes=step_minutes))


class HomeStore:
    """Store that takes days by register."""

    def __init__(self, folder: Path) -> None:
        self.store = Store.open(folder / "home.sqlite")

    def add(
        self,
        register: MeterRegister,
        kwh: FloatArray,
        day: date = DAY,
        quality: Quality = Quality.ACTUAL,
    ) -> "HomeStore":
        told = MeterDay.of_one_quality(day, kwh, quality)
        self.store.meter_days.save({register: [told]}, KNOWN_AT)
        return self
