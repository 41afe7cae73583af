"""The demo home's power, over a real broker and without one."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.ingestion.power.mosquitto import needs_mosquitto

from home_energy.demo.household import demo_settings, power_lines
from home_energy.demo.local_broker import ANYBODY, LocalBroker
from home_energy.demo.power_feed import DemoPower
from home_energy.demo.power_meter import PowerMeter
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.domain.clock import SystemClock
from home_energy.domain.power import PowerNow, Stream
from home_energy.store import Store
from home_energy.store.present_power import present_power

NOON = datetime(2026, 1, 15, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def meter() -> PowerMeter:
    return PowerMeter(SyntheticHome(0))


def _heard(folder: Path, meter: PowerMeter, broker: LocalBroker | None) -> set[Stream]:
    """Run the demo's power until both streams are on hand for the screen."""
    port = broker.port if broker else 1883
    settings = demo_settings(folder, "home.sqlite", "vic", 5050, power_lines(port))
    store, clock = Store.open(settings.home.store), SystemClock()
    power = DemoPower(meter, broker)
    told: list[PowerNow] = []
    with power.told(settings, clock, store, clock.now) as record:
        for _ in range(1000):
            record.take(clock.now())
            told = present_power(settings.home.store).read()
            if len(told) == 2:
                break
            threading.Event().wait(0.01)
    store.close()
    return {each.stream for each in told if each.source == "emonpi"}


@needs_mosquitto
def test_power_comes_over_a_real_broker(tmp_path: Path, meter: PowerMeter) -> None:
    broker = LocalBroker(tmp_path, ANYBODY)

    assert _heard(tmp_path, meter, broker) == {Stream.GRID, Stream.SOLAR}


def test_without_a_broker_power_is_delivered_directly(
    tmp_path: Path, meter: PowerMeter
) -> None:
    assert _heard(tmp_path, meter, None) == {Stream.GRID, Stream.SOLAR}


def test_five_minutes_of_the_meter_are_what_the_retailers_meter_counts(
    meter: PowerMeter,
) -> None:
    seconds = [NOON + timedelta(seconds=second) for second in range(300)]
    grid_kwh = sum(meter.watts(at)[Stream.GRID] for at in seconds) / 3.6e6

    _, series = meter.home.series(NOON, NOON + timedelta(minutes=5))
    counted_kwh = float(series.grid_import_kwh[0] - series.grid_export_kwh[0])

    # The flicker comes to nothing; registers count whole Wh, samples whole watts.
    assert grid_kwh == pytest.approx(counted_kwh, abs=0.0006)


def test_the_past_is_put_on_record_once_and_changes_nothing_heard(
    tmp_path: Path, meter: PowerMeter
) -> None:
    store = Store.open(tmp_path / "home.sqlite")
    day = timedelta(days=1)

    for _ in range(2):
        meter.keep_past(store, NOON, day)

    means = store.power.between(NOON - day, NOON)
    assert len(means) == 2 * 288
    assert {mean.covered_seconds for mean in means} == {300.0}
    store.close()
