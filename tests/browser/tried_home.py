"""A home to try solar, a battery and a car on, and the report of its scenarios.

Usage, prices and sun are invented; their shape is that of a home in Sydney.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from home_energy.domain.meter_day import Flow, MeterDay, MeterRegister
from home_energy.domain.price import Quality
from home_energy.domain.rooftop import RooftopDay
from home_energy.domain.spot import SpotDay
from home_energy.settings import ReportSettings, Settings
from tests.dashboard.recorded_home import NOON, SITE, RecordedHome, price

IN_JANUARY = NOON + timedelta(days=59)
"""The sun is set by the twelve months up to days in two years."""
MONTH = timedelta(days=31)
YEAR = timedelta(days=386)
POSTCODE = "2000"

_HEAD = """
clock = "Australia/Sydney"
[[period]]
from = 2025-01-01
source = "made up"
[[period.fixed]]
name = "Supply"
c_per_day = 110.0
[[period.feed_in]]
name = "Solar"
c_per_kwh = 4.0
"""
TARIFFS = {
    "by-the-clock": 'title = "Made up, by the clock"'
    + _HEAD
    + """
[[period.usage]]
name = "Peak"
hours = ["15:00-21:00"]
c_per_kwh = 52.0
[[period.usage]]
name = "Other"
c_per_kwh = 26.0
""",
    "flat": 'title = "Made up, the same all day"'
    + _HEAD
    + """
[[period.usage]]
name = "Anytime"
c_per_kwh = 33.0
""",
}
_HALF_HOUR = np.arange(48)
_EVENING = np.exp(-(((_HALF_HOUR - 37) / 4.0) ** 2))
_MORNING = np.exp(-(((_HALF_HOUR - 15) / 2.5) ** 2))
_NOON = np.exp(-(((_HALF_HOUR - 24) / 7.0) ** 2))


@dataclass
class TriedHome(RecordedHome):
    """A home with a postcode, and a folder for its report."""

    tariff: str = "by-the-clock"
    postcode: str | None = POSTCODE

    @property
    def settings(self) -> Settings:
        known = super().settings
        home = known.home.model_copy(update={"postcode": self.postcode})
        report = ReportSettings(folder=self.folder / "report")
        return known.model_copy(update={"home": home, "report": report}).read_from(
            self.folder
        )


def use(home: TriedHome, span: timedelta = MONTH) -> None:
    """Record half-hours of usage, spot and sun up to yesterday, and two tariffs."""
    home.clock.time = IN_JANUARY
    end = IN_JANUARY.date()
    days = [end - timedelta(days=n) for n in range(span.days, 0, -1)]
    chance = np.random.default_rng(5)
    load = 0.12 + 0.75 * _EVENING + 0.35 * _MORNING
    loads = [
        np.round(load * _winter(day) + chance.gamma(1.0, 0.05, 48), 3) for day in days
    ]
    bought = MeterRegister("nem12", SITE.nmi, "E1", Flow.GENERAL)
    sold = MeterRegister("nem12", SITE.nmi, "B1", Flow.FEED_IN)
    nothing = [np.zeros(48) for _ in days]
    home.store.meter_days.save(
        {bought: _meter_days(days, loads), sold: _meter_days(days, nothing)},
        home.clock.time,
    )
    spot = 90.0 + 160.0 * _EVENING - 110.0 * _NOON
    home.store.spot_days.save(
        [SpotDay("NSW1", day, 30, spot + chance.normal(0, 20, 48)) for day in days],
        home.clock.time,
    )
    with_sun = [end - timedelta(days=n) for n in range(400, 0, -1)]
    home.store.rooftop_days.save(
        [RooftopDay("NSW1", day, 100.0 * _NOON**2 / _winter(day)) for day in with_sun],
        home.clock.time,
    )
    folder = home.folder / "tariffs"
    folder.mkdir()
    for name, text in TARIFFS.items():
        (folder / f"{name}.toml").write_text(f'name = "{name}"\n{text}')
    home.save([price(home.clock.time, 24.6)])
    home.is_collecting()


def _meter_days(days: list[date], kwh: list[np.ndarray]) -> list[MeterDay]:
    return [
        MeterDay.of_one_quality(day, row, Quality.ACTUAL)
        for day, row in zip(days, kwh, strict=True)
    ]


def _winter(day: date) -> float:
    """More use and less sun in winter: 1 in January, 1.5 in July."""
    return 1.25 - 0.25 * float(np.cos(2 * np.pi * (day.timetuple().tm_yday - 15) / 365))
