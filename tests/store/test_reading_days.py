"""Amber's usage as days, like those of a file."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from home_energy.domain.meter import MeterReading
from home_energy.domain.meter_day import Flow, MeterRegister
from home_energy.domain.price import Channel, Quality
from home_energy.errors import AlignmentError
from home_energy.store import Store

DAY = date(2025, 10, 5)
START = datetime(2025, 10, 4, 14, tzinfo=UTC)  # midnight in NEM time
KNOWN = datetime(2025, 11, 1, tzinfo=UTC)
E1 = MeterRegister("amber", "6001000001", "E1", Flow.GENERAL)
B1 = MeterRegister("amber", "6001000001", "B1", Flow.FEED_IN)


def reading(
    start: datetime, kwh: float, minutes: int = 30, channel: Channel = Channel.GENERAL
) -> MeterReading:
    name = "E1" if channel is Channel.GENERAL else "B1"
    quality = Quality.ESTIMATE if kwh > 1 else Quality.ACTUAL
    return MeterReading(channel, name, start, minutes, kwh, quality)


def save(store: Store, site_key: int, *readings: MeterReading) -> None:
    store.readings.save(site_key, "amber", readings, KNOWN)


def test_registers_carry_the_sites_meter_and_what_they_count(
    store: Store, site_key: int
) -> None:
    save(
        store,
        site_key,
        reading(START, 0.5),
        reading(START, 0.1, channel=Channel.FEED_IN),
    )

    assert store.readings.registers(site_key) == [B1, E1]
    assert store.readings.registers(site_key + 1) == []


def test_readings_stand_in_their_interval_of_the_markets_day(
    store: Store, site_key: int
) -> None:
    half_hour = timedelta(minutes=30)
    save(
        store,
        site_key,
        reading(START - half_hour, 0.25),
        reading(START, 0.5),
        reading(START + 2 * half_hour, 2.0),
        reading(START, 9.0, channel=Channel.FEED_IN),
    )

    before, day = store.readings.days(site_key, E1, date(2025, 10, 4), DAY)

    assert (before.day, day.day) == (date(2025, 10, 4), DAY)
    assert (day.interval_minutes, day.known_count) == (30, 2)
    assert np.array_equal(day.kwh[:3], [0.5, np.nan, 2.0], equal_nan=True)
    assert day.quality[:3].tolist() == [Quality.ACTUAL, 0, Quality.ESTIMATE]
    assert before.kwh[47] == 0.25
    assert before.known_count == 1


def test_only_days_asked_for_come_and_empty_ones_do_not(
    store: Store, site_key: int
) -> None:
    day = timedelta(days=1)
    save(
        store,
        site_key,
        reading(START, 0.5),
        reading(START + 2 * day, 0.6),
        reading(START + 3 * day, 0.7),
    )

    found = store.readings.days(site_key, E1, DAY, DAY + 2 * day)

    assert [one.day for one in found] == [DAY, DAY + 2 * day]
    assert store.readings.days(site_key, B1, DAY, DAY) == []


def test_a_day_in_two_lengths_comes_twice_the_shorter_first(
    store: Store, site_key: int
) -> None:
    save(store, site_key, reading(START, 0.5), reading(START, 0.1, minutes=5))

    found = store.readings.days(site_key, E1, DAY, DAY)

    assert [one.interval_minutes for one in found] == [5, 30]
    assert [one.kwh[0] for one in found] == [0.1, 0.5]


def test_a_reading_off_its_step_is_refused(store: Store, site_key: int) -> None:
    save(store, site_key, reading(START + timedelta(minutes=5), 0.5))

    with pytest.raises(AlignmentError, match="30 minutes begins at 2025-10-04 14:05"):
        store.readings.days(site_key, E1, DAY, DAY)
