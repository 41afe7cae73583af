"""The day before: from the retailer's meter, else from power that is nearly whole."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.analysis.running_costs.measured_home import GRID_METER, measure_steadily
from tests.dashboard.recorded_home import FIVE_MINUTES, NOON, RecordedHome, price
from tests.dashboard.tiny_bill import tiny_home, use

from home_energy.analysis.running_costs.costs_so_far import costs_so_far
from home_energy.analysis.running_costs.day_cost import CostSource, DayCost
from home_energy.domain.meter import MeterReading
from home_energy.domain.price import Channel, Quality

MIDNIGHT = NOON - timedelta(hours=12)
DAY_BEFORE = MIDNIGHT - timedelta(days=1)


def yesterday(home: RecordedHome, now: datetime = NOON) -> DayCost | None:
    return costs_so_far(home.store, home.settings, now).yesterday


def test_usage_is_billed_on_the_day_of_the_homes_clock(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    # Of meter days, an hour later than those of summer.
    use(home, date(2026, 11, 20), date(2026, 11, 21))

    day = yesterday(home)

    # 12 kWh x 30 c - 4.8 kWh x 5 c, and $1
    assert day is not None
    assert day.day == date(2026, 11, 21)
    assert day.energy_aud == pytest.approx(3.36, abs=1e-9)
    assert day.cost_aud == pytest.approx(4.36, abs=1e-9)
    assert (day.import_kwh, day.export_kwh) == pytest.approx((12.0, 4.8), abs=1e-9)
    assert day.source is CostSource.METER
    assert day.known_fraction == 1.0


def test_ambers_usage_has_its_own_prices_where_no_price_row_is(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    half_hours = [DAY_BEFORE + n * timedelta(minutes=30) for n in range(48)]
    readings = [
        reading
        for start in half_hours
        for reading in (
            _reading(Channel.GENERAL, start, 0.5, 20.0),
            _reading(Channel.FEED_IN, start, 0.0, None),
        )
    ]
    home.store.readings.save(home.site_key, "amber", readings, NOON)
    # A price row of its own time stands before the usage's.
    home.save([price(DAY_BEFORE, 50.0, minutes=30)])

    day = yesterday(home)

    # 23.5 kWh x 20 c + 0.5 kWh x 50 c
    assert day is not None
    assert day.energy_aud == pytest.approx(4.95, abs=1e-9)
    assert day.source is CostSource.USAGE


def test_without_usage_power_counts_if_nearly_all_is_known(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    home.power = GRID_METER
    # 14 of 288 five minutes are missing: 95.1 % is known
    measure_steadily(home, DAY_BEFORE + 14 * FIVE_MINUTES, MIDNIGHT, 1200.0)

    day = yesterday(home)

    # 274 x 0.1 kWh x 30 c: the rest is not made up
    assert day is not None
    assert day.energy_aud == pytest.approx(8.22, abs=1e-9)
    assert day.source is CostSource.POWER
    assert day.known_seconds == 274 * 300


def test_a_day_with_a_longer_hole_is_not_told(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    home.power = GRID_METER
    measure_steadily(home, DAY_BEFORE + 15 * FIVE_MINUTES, MIDNIGHT, 1200.0)

    assert yesterday(home) is None


def _reading(
    channel: Channel, start: datetime, kwh: float, c_per_kwh: float | None
) -> MeterReading:
    register = "E1" if channel is Channel.GENERAL else "B1"
    return MeterReading(
        channel, register, start, 30, kwh, Quality.ACTUAL, c_per_kwh, None
    )
