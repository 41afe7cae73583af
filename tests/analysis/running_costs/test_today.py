"""The day so far: every five minutes at its own price, and nothing invented."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.analysis.running_costs.measured_home import (
    GRID_METER,
    measure,
    measure_steadily,
)
from tests.dashboard.recorded_home import FIVE_MINUTES, NOON, RecordedHome, price
from tests.dashboard.tiny_bill import PLAN, tiny_home

from home_energy.analysis.running_costs.costs_so_far import costs_so_far
from home_energy.analysis.running_costs.day_cost import CostSource, DayCost
from home_energy.domain.price import Channel, Quality

MIDNIGHT = NOON - timedelta(hours=12)
HALF_PAST = MIDNIGHT + timedelta(minutes=17)
"""Three five minutes are over."""


@pytest.fixture
def amber(tmp_path: Path) -> RecordedHome:
    """Home whose prices are Amber's, $25 a month."""
    return RecordedHome(tmp_path, power=GRID_METER)


def today(home: RecordedHome, now: datetime) -> DayCost:
    found = costs_so_far(home.store, home.settings, now)
    assert found.fault is None
    assert found.today is not None
    return found.today


def at(number: int) -> datetime:
    return MIDNIGHT + number * FIVE_MINUTES


def test_each_five_minutes_costs_its_own_price(amber: RecordedHome) -> None:
    measure(amber, MIDNIGHT, [1200.0, 2400.0, -600.0])
    amber.save([price(at(0), 30.0), price(at(1), 40.0), price(at(2), 50.0)])
    amber.save([price(at(2), -5.0, Channel.FEED_IN)])

    day = today(amber, HALF_PAST)

    # 0.1 kWh x 30 c + 0.2 kWh x 40 c - 0.05 kWh x -5 c: export costs
    assert day.energy_aud == pytest.approx(0.03 + 0.08 + 0.0025, abs=1e-12)
    # $25 a month of 30 days
    assert day.supply_aud == pytest.approx(25 / 30, abs=1e-12)
    assert day.cost_aud == pytest.approx(0.1125 + 25 / 30, abs=1e-12)
    assert (day.import_kwh, day.export_kwh) == pytest.approx((0.3, 0.05), abs=1e-12)
    assert (day.known_seconds, day.passed_seconds) == (900.0, 900.0)
    assert day.source is CostSource.POWER


def test_what_is_not_known_costs_nothing_and_is_counted(amber: RecordedHome) -> None:
    # Of the second there is no power, of the third no price of what was sold.
    measure(amber, at(0), [1200.0])
    measure(amber, at(2), [-600.0])
    amber.save([price(at(n), 30.0) for n in range(3)])

    day = today(amber, HALF_PAST)

    assert day.energy_aud == pytest.approx(0.03, abs=1e-12)
    assert day.export_kwh == 0.0
    assert (day.known_seconds, day.passed_seconds) == (300.0, 900.0)
    assert day.known_fraction == pytest.approx(1 / 3)


def test_an_estimate_counts_and_a_forecast_does_not(amber: RecordedHome) -> None:
    measure(amber, MIDNIGHT, [1200.0, 1200.0])
    amber.save([price(at(0), 30.0, quality=Quality.ESTIMATE)])
    amber.save([price(at(1), 30.0, quality=Quality.FORECAST)])

    day = today(amber, HALF_PAST)

    assert day.energy_aud == pytest.approx(0.03, abs=1e-12)
    assert day.known_seconds == 300.0


def test_a_price_that_was_revised_counts_as_it_is_now(amber: RecordedHome) -> None:
    measure(amber, MIDNIGHT, [1200.0])
    amber.save([price(at(0), 30.0, quality=Quality.ESTIMATE)])
    before = today(amber, HALF_PAST).energy_aud
    amber.save([price(at(0), 300.0)])

    after = today(amber, HALF_PAST).energy_aud

    assert (before, after) == pytest.approx((0.03, 0.30), abs=1e-12)


def test_a_price_of_half_an_hour_holds_for_its_six_parts(amber: RecordedHome) -> None:
    measure(amber, MIDNIGHT, [1200.0, 1200.0, 1200.0])
    amber.save([price(MIDNIGHT, 30.0, minutes=30)])

    assert today(amber, HALF_PAST).energy_aud == pytest.approx(0.09, abs=1e-12)


@pytest.mark.parametrize(
    ("midnight", "passed_minutes", "energy_aud"),
    [
        # 4 October has 23 hours: 1380 minutes less five, 27.5 kWh at 30 c
        (datetime(2026, 10, 3, 14, tzinfo=UTC), 1375, 8.25),
        # 5 April has 25 hours: 1500 minutes less five, 29.9 kWh at 30 c
        (datetime(2026, 4, 4, 13, tzinfo=UTC), 1495, 8.97),
    ],
)
def test_a_day_on_which_clocks_change_has_its_own_length(
    tmp_path: Path, midnight: datetime, passed_minutes: int, energy_aud: float
) -> None:
    home = tiny_home(tmp_path)
    home.power = GRID_METER
    day = timedelta(days=1)
    measure_steadily(home, midnight - day, midnight + 2 * day, 1200.0)
    now = midnight + timedelta(minutes=passed_minutes, seconds=299)

    found = today(home, now)

    assert found.passed_seconds == found.known_seconds == passed_minutes * 60
    assert found.energy_aud == pytest.approx(energy_aud, abs=1e-9)


def test_a_plan_of_its_own_prices_needs_no_retailer(tmp_path: Path) -> None:
    peak = PLAN.replace(
        "[[period.feed_in]]",
        '[[period.usage]]\nname = "Peak"\nc_per_kwh = 50.0\nhours = ["11:00-21:00"]\n'
        "[[period.feed_in]]",
    )
    home = tiny_home(tmp_path, peak)
    home.power = GRID_METER
    measure_steadily(home, NOON - timedelta(hours=2), NOON, 1200.0)

    # 10 to 11 am 1.2 kWh at 30 c, 11 am to noon at 50 c
    assert today(home, NOON).energy_aud == pytest.approx(0.96, abs=1e-9)


def test_a_plan_on_the_wholesale_price_takes_it_from_the_price_rows(
    tmp_path: Path,
) -> None:
    spot = PLAN.replace("c_per_kwh = 30.0", "spot = {loss_factor=1.05, c_per_kwh=12}")
    home = tiny_home(tmp_path, spot)
    home.power = GRID_METER
    measure(home, MIDNIGHT, [1200.0, 1200.0])
    home.save([price(MIDNIGHT, 20.0)])

    day = today(home, HALF_PAST)

    # Of 20 c the wholesale part is 10: 0.1 kWh x (1.05 x 10 + 12) c, then a hole
    assert day.energy_aud == pytest.approx(0.0225, abs=1e-12)
    assert day.known_seconds == 300.0


def test_before_the_tariff_nothing_is_known(tmp_path: Path) -> None:
    home = tiny_home(tmp_path, PLAN.replace("2026-01-01", "2026-11-22"))
    home.power = GRID_METER
    measure_steadily(home, MIDNIGHT, NOON, 1200.0)

    found = costs_so_far(home.store, home.settings, NOON)

    # The meter's day begins an hour after the summer's midnight.
    assert found.today is not None
    assert found.today.known_seconds == 11 * 3600
    assert found.yesterday is None


def test_without_a_source_of_power_there_is_no_today(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)

    assert costs_so_far(home.store, home.settings, NOON).today is None


def test_a_silent_source_leaves_the_day_unknown(amber: RecordedHome) -> None:
    day = today(amber, HALF_PAST)

    assert day.energy_aud is None
    assert day.cost_aud is None
    assert day.known_fraction == 0.0


def test_a_tariff_that_is_at_fault_is_told(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path, tariff="no-such", power=GRID_METER)

    found = costs_so_far(home.store, home.settings, NOON)

    assert found.today is None
    assert found.month is None
    assert "tariff 'no-such' is neither" in (found.fault or "")
