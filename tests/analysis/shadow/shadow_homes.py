"""A home of half-hours with Amber's prices, for days of a battery that is not there."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
from tests.dashboard.recorded_home import SITE, RecordedHome, price

from home_energy.analysis.shadow.shadow_days import ProductPass, run_shadow_pass
from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.meter_day import Flow, MeterDay, MeterRegister
from home_energy.domain.price import Channel, Quality
from home_energy.domain.shadow_day import ShadowDay
from home_energy.domain.time_grid import nem_day_start
from home_energy.settings import Settings, ShadowSettings

FIRST = date(2026, 10, 2)
DAY = timedelta(days=1)
HALF_HOUR = timedelta(minutes=30)
GENERAL = MeterRegister("nem12", SITE.nmi, "E1", Flow.GENERAL)
FEED_IN = MeterRegister("nem12", SITE.nmi, "B1", Flow.FEED_IN)
EVENING_PEAK = [20.0] * 34 + [60.0] * 6 + [20.0] * 8
"""From 17:00 to 20:00 NEM time."""


class ShadowHome:
    """A store to fill and a pass to run over it."""

    def __init__(
        self, folder: Path, products: Sequence[str] = ("powerwall-3",)
    ) -> None:
        folder.mkdir(exist_ok=True)
        self.recorded = RecordedHome(folder)
        self.store = self.recorded.store
        self.products = tuple(products)

    @property
    def settings(self) -> Settings:
        chosen = ShadowSettings(products=self.products)
        return self.recorded.settings.model_copy(update={"shadow": chosen})

    def use(
        self, day: date, kwh: float = 0.4, quality: Quality = Quality.ACTUAL
    ) -> "ShadowHome":
        """Record as much in every half-hour, nothing sold."""
        meter = {
            register: [MeterDay.of_one_quality(day, np.full(48, each), quality)]
            for register, each in ((GENERAL, kwh), (FEED_IN, 0.0))
        }
        self.store.meter_days.save(meter, self.recorded.clock.time)
        return self

    def cost(
        self, day: date, c_per_kwh: Sequence[float] = EVENING_PEAK
    ) -> "ShadowHome":
        """Record Amber's final prices of a day; 5 c for what is sold."""
        starts = [nem_day_start(day) + n * HALF_HOUR for n in range(48)]
        rows = [
            price(at, c, minutes=30) for at, c in zip(starts, c_per_kwh, strict=True)
        ]
        rows += [price(at, 5.0, Channel.FEED_IN, minutes=30) for at in starts]
        self.recorded.save(rows)
        return self

    def days(self, count: int, first: date = FIRST) -> "ShadowHome":
        """Record the same day so often."""
        for number in range(count):
            self.use(first + number * DAY).cost(first + number * DAY)
        return self

    def forecast(self, issued_at: datetime, c_per_kwh: Sequence[float]) -> None:
        """Record what Amber said of the half-hours from one on."""
        issues = [
            Forecast(
                channel,
                issued_at,
                tuple(
                    ForecastPoint(issued_at + n * HALF_HOUR, 30, c)
                    for n, c in enumerate(values)
                ),
            )
            for channel, values in (
                (Channel.GENERAL, c_per_kwh),
                (Channel.FEED_IN, [5.0] * len(c_per_kwh)),
            )
        ]
        self.store.forecasts.save(self.recorded.site_key, issues)

    def run(self, today: date) -> ProductPass:
        """One pass of the first product."""
        return run_shadow_pass(self.store, self.settings, today)[0]

    def booked(self) -> list[ShadowDay]:
        return self.store.shadow_days.days(self.products[0])
