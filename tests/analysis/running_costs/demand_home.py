"""A home with a demand charge: on weekdays from 15 to 21 h in Sydney, in November.

At noon on 22 November 2026, a Sunday, the usage of the meter is on record until the
20th: 0.25 kWh in every half-hour, so 0.5 kW, and 1.5 kWh at 17:00 on the 18th, so 3 kW.
Sydney is 11 hours before UTC.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from tests.dashboard.recorded_home import RecordedHome
from tests.dashboard.tiny_bill import FEED_IN, GENERAL

from home_energy.analysis.running_costs.demand_guard import DemandGuard, demand_guard
from home_energy.domain.meter_day import MeterDay
from home_energy.domain.power import PowerMean, PowerNow, PowerSamples, Stream
from home_energy.domain.price import Quality
from home_energy.settings.power import MqttSettings, PowerSettings, TopicSettings
from home_energy.store.present_power import present_power

HEAD = """
name = "tiny"
title = "Made up for tests"
clock = "Australia/Sydney"
{head}
[[period]]
from = 2026-01-01
source = "made up"
[[period.usage]]
name = "Anytime"
c_per_kwh = 30.0
"""
EVENING = """
[[period.demand]]
name = "Demand"
days = ["weekday"]
hours = ["15:00-21:00"]
aud_per_kw_per_day = 0.40
"""
PEAK_DAY = date(2026, 11, 18)
PEAK_HALF_HOUR = 32
"""17:00 in Sydney is 16:00 in NEM time."""
FIVE_MINUTES = timedelta(minutes=5)
POWER = PowerSettings(
    mqtt=MqttSettings(host="127.0.0.1"),
    topics=(TopicSettings(topic="a/meter", stream=Stream.GRID, name="meter"),),
)


def utc(text: str) -> datetime:
    """`2026-11-23 07:00` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class DemandHome(RecordedHome):
    """Such a home, with what its meters tell."""

    @classmethod
    def with_charge(
        cls, folder: Path, charge: str = EVENING, head: str = ""
    ) -> "DemandHome":
        home = cls(folder, tariff="tiny", power=POWER)
        (folder / "tariffs").mkdir()
        plan = HEAD.format(head=head) + charge
        (folder / "tariffs" / "tiny.toml").write_text(plan)
        return home

    def used(
        self,
        first: date = date(2026, 11, 1),
        last: date = date(2026, 11, 20),
        peak_day: date = PEAK_DAY,
        peak_kwh: float = 1.5,
    ) -> None:
        """The meter tells some days."""
        count = (last - first).days + 1
        days = [first + timedelta(days=n) for n in range(count)]
        general, sold = [], []
        for day in days:
            kwh = np.full(48, 0.25)
            if day == peak_day:
                kwh[PEAK_HALF_HOUR] = peak_kwh
            general.append(MeterDay.of_one_quality(day, kwh, Quality.ACTUAL))
            sold.append(MeterDay.of_one_quality(day, np.zeros(48), Quality.ACTUAL))
        self.store.meter_days.save({GENERAL: general, FEED_IN: sold}, self.clock.time)

    def drew(self, start: str, watts: Sequence[float | None]) -> None:
        """Live power tells five minutes after five minutes; `None` is a silence."""
        begin = utc(start)
        self.store.power.keep(
            (
                PowerMean("meter", Stream.GRID, begin + n * FIVE_MINUTES, one, 30, 300),
                PowerSamples("meter", Stream.GRID, begin + n * FIVE_MINUTES, (), ()),
            )
            for n, one in enumerate(watts)
            if one is not None
        )

    def draws(self, watts: float, at: datetime) -> None:
        """Live power tells the power of a moment."""
        told = PowerNow("meter", Stream.GRID, watts, at, 60, timedelta(minutes=3))
        present_power(self.path).write([told])

    def guard(self, at: str) -> DemandGuard:
        found = demand_guard(self.store, self.settings, utc(at))
        assert found is not None
        return found
