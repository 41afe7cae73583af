"""What is on record of every kind and source, read from a store."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from home_energy.analysis.record.coverage import record_coverage, record_span
from home_energy.analysis.record.days import first_record_day, record_days
from home_energy.analysis.record.meter_sources import (
    SHORTEST_STEP,
    RecordedHome,
    recorded_home,
    recorded_registers,
)
from home_energy.domain.coverage import Gap
from home_energy.domain.day_share import DayShare
from home_energy.domain.meter import MeterReading
from home_energy.domain.meter_day import Flow, MeterDay, MeterRegister
from home_energy.domain.price import Channel, Price, Quality
from home_energy.domain.series import FloatArray
from home_energy.domain.site import RetailSite, SiteChannel
from home_energy.domain.spot import SpotDay
from home_energy.domain.time_grid import TimeGrid, nem_day_start
from home_energy.store import Store

SYDNEY = ZoneInfo("Australia/Sydney")
KNOWN = datetime(2025, 12, 1, tzinfo=UTC)
FIRST = date(2025, 7, 1)
START = nem_day_start(FIRST)
DAY = timedelta(days=1)
HALF_HOUR = timedelta(minutes=30)
NEM12 = MeterRegister("nem12", "6001000001", "E1")
NEM12_EXPORT = MeterRegister("nem12", "6001000001", "B1")
POWERPAL = MeterRegister("powerpal", "", "import", Flow.GENERAL)
SITE = RetailSite(
    "S1", "6001000001", "active", 30, (SiteChannel("E1", Channel.GENERAL),)
)
FILES_ONLY = RecordedHome(None, {}, {})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "home.sqlite")
    yield opened
    opened.close()


def load(days: int) -> FloatArray:
    """Half-hours that are unlike one another."""
    return np.random.default_rng(3).uniform(0.05, 1.5, days * 48)


def days_of(kwh: FloatArray, quality: Quality = Quality.ACTUAL) -> list[MeterDay]:
    parts = kwh.reshape(-1, 48)
    return [
        MeterDay.of_one_quality(FIRST + number * DAY, part.copy(), quality)
        for number, part in enumerate(parts)
    ]


def site_key(store: Store) -> int:
    store.sources.save_sites([SITE])
    key = store.sources.site_key("S1")
    assert key is not None
    return key


def test_a_home_of_files_alone_is_covered(store: Store) -> None:
    kwh = load(10)
    kwh[48:60] = np.nan
    store.meter_days.save({NEM12: days_of(kwh), NEM12_EXPORT: days_of(load(10))}, KNOWN)
    spot = SpotDay("VIC1", FIRST, 5, np.full(288, 80.0))
    store.spot_days.save([spot], KNOWN)

    found = record_coverage(store, FILES_ONLY, START, START + 10 * DAY)

    assert found.prices == ()
    assert [(one.register.name, one.register.flow) for one in found.registers] == [
        ("B1", Flow.FEED_IN),
        ("E1", Flow.GENERAL),
    ]
    assert found.registers[0].coverage.gaps == ()
    assert found.registers[1].coverage.gaps == (
        Gap(START + DAY, START + DAY + 12 * HALF_HOUR),
    )
    # 6 of 240 hours are missing.
    assert found.registers[1].coverage.covered_fraction == pytest.approx(0.975)
    (region,) = found.spot
    assert (region.region, region.covered_fraction) == ("VIC1", 0.1)
    assert region.longest_gap == Gap(START + DAY, START + 10 * DAY)
    assert found.pairs == ()


def test_the_wholesale_prices_of_a_period_are_summed_up(store: Store) -> None:
    # A quarter of the day at -20, an interval at 3100, the other 215 at 80.
    rrp = np.full(288, 80.0)
    rrp[:72], rrp[200] = -20.0, 3100.0
    store.spot_days.save([SpotDay("VIC1", FIRST, 5, rrp)], KNOWN)

    (region,) = record_coverage(store, FILES_ONLY, START, START + DAY).spot

    assert region.negative_fraction == pytest.approx(0.25)
    assert region.highest_aud_per_mwh_ex_gst == pytest.approx(3100.0)
    # (72 x -20 + 3100 + 215 x 80) / 288
    assert region.mean_aud_per_mwh_ex_gst == pytest.approx(18860 / 288)


def test_prices_and_usage_of_the_retailer_are_covered(store: Store) -> None:
    key = site_key(store)
    price = Price(Channel.GENERAL, START, 30, 25.0, Quality.ESTIMATE)
    store.prices.save(key, [price], KNOWN)
    reading = MeterReading(Channel.GENERAL, "E1", START, 30, 0.4, Quality.ESTIMATE)
    store.readings.save(key, "amber", [reading], KNOWN)

    home = recorded_home(store, SITE, {})
    found = record_coverage(store, home, START, START + timedelta(hours=1))

    assert [(one.channel, one.covered_fraction) for one in found.prices] == [
        (Channel.GENERAL, 0.5)
    ]
    (one,) = found.registers
    assert one.register == MeterRegister("amber", "6001000001", "E1", Flow.GENERAL)
    assert one.coverage.covered_fraction == 0.5
    assert one.coverage.estimated_fraction == 1.0


def test_two_sources_of_one_flow_are_compared_and_the_clock_is_found(
    store: Store,
) -> None:
    kwh = load(30)
    late = np.concatenate([[0.3, 0.3], kwh[:-2]])
    store.meter_days.save(
        {
            NEM12: days_of(kwh),
            NEM12_EXPORT: days_of(load(30)),
            POWERPAL: days_of(late),
        },
        KNOWN,
    )

    found = record_coverage(store, FILES_ONLY, START, START + 30 * DAY)

    (pair,) = found.pairs
    assert (pair.flow, pair.first, pair.second) == (Flow.GENERAL, "nem12", "powerpal")
    assert pair.comparison.shared_minutes == 30 * 1440
    (shift,) = pair.comparison.shifts
    assert shift.shift == timedelta(hours=1)
    assert (shift.first_day, shift.last_day) == (FIRST, date(2025, 7, 30))


def test_sources_that_share_no_time_are_not_compared(store: Store) -> None:
    days = days_of(load(20))
    store.meter_days.save({NEM12: days[:10], POWERPAL: days[10:]}, KNOWN)

    assert record_coverage(store, FILES_ONLY, START, START + 20 * DAY).pairs == ()


def test_only_the_period_is_compared(store: Store) -> None:
    days = days_of(load(4))
    store.meter_days.save({NEM12: days, POWERPAL: days}, KNOWN)

    found = record_coverage(
        store, FILES_ONLY, START + timedelta(hours=3), START + timedelta(hours=30)
    )

    # 21 hours of the first day and 6 of the second, which is too little of a day.
    assert found.pairs[0].comparison.shared_minutes == 27 * 60
    assert [one.day for one in found.pairs[0].comparison.days] == [FIRST]


def test_registers_of_one_source_and_flow_are_summed(store: Store) -> None:
    kwh = load(10)
    second = MeterRegister("nem12", "6001000001", "E3", Flow.GENERAL)
    first = MeterRegister("nem12", "6001000001", "E1", Flow.GENERAL)
    # E3 counts from the sixth day on.
    later_days = days_of(kwh)[5:]
    store.meter_days.save(
        {first: days_of(kwh), second: later_days, POWERPAL: days_of(kwh)}, KNOWN
    )

    found = record_coverage(store, FILES_ONLY, START, START + 10 * DAY)

    days = found.pairs[0].comparison.days
    shares = [round(day.second_kwh / day.first_kwh, 9) for day in days]
    assert shares == [1.0] * 5 + [0.5] * 5


def test_a_register_whose_meaning_is_open_is_listed_and_asks_nothing(
    store: Store,
) -> None:
    other = MeterRegister("nem12", "6001000001", "E2")
    store.meter_days.save({NEM12: days_of(load(1)), other: days_of(load(1))}, KNOWN)
    chosen = RecordedHome(None, {"E1": Flow.GENERAL, "E2": Flow.CONTROLLED_LOAD}, {})

    unsaid = [one.register.flow for one in recorded_registers(store, FILES_ONLY)]
    said = [one.register.flow for one in recorded_registers(store, chosen)]

    assert unsaid == [None, None]
    assert said == [Flow.GENERAL, Flow.CONTROLLED_LOAD]


def test_the_span_reaches_over_every_kind(store: Store) -> None:
    key = site_key(store)
    home = recorded_home(store, SITE, {})
    assert record_span(store, home) is None

    store.meter_days.save({NEM12: days_of(load(2))}, KNOWN)
    late = Price(Channel.GENERAL, START + 5 * DAY, 5, 25.0, Quality.ACTUAL)
    store.prices.save(key, [late], KNOWN)

    assert record_span(store, home) == (START, START + 5 * DAY + SHORTEST_STEP)
    assert record_span(store, FILES_ONLY) == (START, START + 2 * DAY)


def test_days_of_prices_and_of_the_surest_source(store: Store) -> None:
    key = site_key(store)
    home = recorded_home(store, SITE, {})
    # Local days begin at 14:00 UTC in July, as the market's do.
    grid = TimeGrid.between(START, START + 2 * DAY, SHORTEST_STEP)
    prices = [
        Price(Channel.GENERAL, START + number * HALF_HOUR, 30, 25.0, quality)
        for number, quality in enumerate([Quality.ACTUAL] * 4 + [Quality.ESTIMATE] * 2)
    ]
    store.prices.save(key, prices, KNOWN)
    estimated = days_of(load(1), Quality.ESTIMATE)
    part = np.where(np.arange(48) < 12, load(1), np.nan)
    store.meter_days.save({NEM12: estimated, POWERPAL: days_of(part)}, KNOWN)

    found = record_days(store, home, grid, SYDNEY)

    second = FIRST + DAY
    assert found.prices == (
        DayShare(FIRST, 1440, 180, 60),
        DayShare(second, 1440, 0, 0),
    )
    # Powerpal has six hours for sure, the estimate the other eighteen.
    assert found.meter == (
        DayShare(FIRST, 1440, 1440, 1080),
        DayShare(second, 1440, 0, 0),
    )


def test_a_kind_that_never_was_on_record_has_no_days(store: Store) -> None:
    grid = TimeGrid.between(START, START + DAY, SHORTEST_STEP)
    store.meter_days.save({NEM12_EXPORT: days_of(load(1))}, KNOWN)

    found = record_days(store, FILES_ONLY, grid, SYDNEY)

    assert found.prices == found.meter == ()


def test_the_first_day_is_that_of_any_kind(store: Store) -> None:
    key = site_key(store)
    home = recorded_home(store, SITE, {})
    assert first_record_day(store, home, SYDNEY) is None

    # 13:55 UTC is five to midnight in July.
    store.prices.save(
        key,
        [Price(Channel.GENERAL, START - SHORTEST_STEP, 5, 25.0, Quality.ACTUAL)],
        KNOWN,
    )
    store.meter_days.save({NEM12: days_of(load(1))}, KNOWN)

    assert first_record_day(store, home, SYDNEY) == date(2025, 6, 30)
    assert first_record_day(store, FILES_ONLY, SYDNEY) == FIRST
