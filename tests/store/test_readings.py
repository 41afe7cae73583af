"""The record of the meter: once, never worse, by register and source."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from home_energy.domain.meter import MeterReading
from home_energy.domain.price import Channel, Quality
from home_energy.store import Store
from tests.domain.sample_prices import FIVE_MINUTES, HALF_HOUR, NOON

KNOWN = NOON + timedelta(days=1)
LATER = KNOWN + timedelta(hours=1)
DAY = timedelta(days=1)
MARKET_DAY = datetime(2025, 10, 4, 14, tzinfo=UTC)  # 2025-10-05 begins
AMBER = "amber"


def _reading(
    kwh: float = 0.25,
    start: datetime = NOON,
    quality: Quality = Quality.ACTUAL,
    register: str = "E1",
    minutes: int = 5,
) -> MeterReading:
    channel = Channel.FEED_IN if register.startswith("B") else Channel.GENERAL
    return MeterReading(channel, register, start, minutes, kwh, quality)


def _run(
    start: datetime, count: int, register: str = "E1", minutes: int = 5
) -> list[MeterReading]:
    step = timedelta(minutes=minutes)
    return [
        _reading(0.5, start + i * step, register=register, minutes=minutes)
        for i in range(count)
    ]


def _all(store: Store, site_key: int, source: str = AMBER) -> list[MeterReading]:
    return store.readings.between(site_key, source, NOON - 999 * DAY, NOON + 999 * DAY)


def _final(store: Store, site_key: int) -> dict[date, int]:
    return store.readings.final_minutes_by_day(
        site_key, AMBER, MARKET_DAY - 5 * DAY, MARKET_DAY + 5 * DAY
    )


def test_reading_comes_back_as_it_was_saved(store: Store, site_key: int) -> None:
    full = replace(_reading(0.12345), c_per_kwh=-3.25, amount_aud=0.004)
    bare = _reading(0.0, NOON + FIVE_MINUTES, Quality.ESTIMATE)

    assert store.readings.save(site_key, AMBER, [bare, full], KNOWN) == 2

    assert _all(store, site_key) == [full, bare]
    assert store.readings.last_start(site_key, AMBER) == NOON + FIVE_MINUTES


def test_saving_twice_is_saving_once(store: Store, site_key: int) -> None:
    readings = _run(NOON, 12)
    store.readings.save(site_key, AMBER, readings, KNOWN)

    assert store.readings.save(site_key, AMBER, readings, LATER) == 0
    assert _all(store, site_key) == readings


def test_empty_record_answers_with_nothing(store: Store, site_key: int) -> None:
    assert store.readings.save(site_key, AMBER, [], KNOWN) == 0
    assert _all(store, site_key) == []
    assert store.readings.last_start(site_key, AMBER) is None
    assert _final(store, site_key) == {}


@pytest.mark.parametrize("known_at", [KNOWN - DAY, KNOWN, LATER])
def test_quality_never_falls(store: Store, site_key: int, known_at: datetime) -> None:
    store.readings.save(site_key, AMBER, [_reading()], KNOWN)
    worse = _reading(9.0, quality=Quality.SUBSTITUTE)

    assert store.readings.save(site_key, AMBER, [worse], known_at) == 0
    assert _all(store, site_key) == [_reading()]


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_values_in_one_answer_the_surer_stands(
    store: Store, site_key: int, *, turned: bool
) -> None:
    answer = [_reading(1.0), _reading(2.0, quality=Quality.ESTIMATE)]

    store.readings.save(site_key, AMBER, answer[::-1] if turned else answer, KNOWN)

    assert _all(store, site_key) == [_reading(1.0)]


def test_estimate_is_corrected_and_the_later_of_two_actuals_stands(
    store: Store, site_key: int
) -> None:
    saves = [
        (_reading(1.0, quality=Quality.ESTIMATE), KNOWN, 1),
        (_reading(2.0), KNOWN + FIVE_MINUTES, 1),
        (_reading(3.0), LATER, 1),
        (_reading(2.5), LATER - FIVE_MINUTES, 0),  # told before
    ]

    for reading, known_at, changed in saves:
        assert store.readings.save(site_key, AMBER, [reading], known_at) == changed

    assert _all(store, site_key) == [_reading(3.0)]


def test_sources_stand_side_by_side(store: Store, site_key: int) -> None:
    store.readings.save(site_key, AMBER, [_reading(1.0)], KNOWN)
    store.readings.save(site_key, "nem12", [_reading(2.0)], KNOWN)

    assert _all(store, site_key) == [_reading(1.0)]
    assert _all(store, site_key, "nem12") == [_reading(2.0)]
    assert store.readings.last_start(site_key + 1, AMBER) is None


def test_registers_of_one_channel_stand_side_by_side(
    store: Store, site_key: int
) -> None:
    both = [_reading(1.0, register="E1"), _reading(2.0, register="E3")]
    store.readings.save(site_key, AMBER, both, KNOWN)

    assert _all(store, site_key) == both


def test_day_is_final_only_as_far_as_every_register(
    store: Store, site_key: int
) -> None:
    store.readings.save(site_key, AMBER, _run(MARKET_DAY, 288), KNOWN)
    assert _final(store, site_key) == {date(2025, 10, 5): 1440}

    store.readings.save(
        site_key, AMBER, _run(MARKET_DAY, 12, "B1") + _run(MARKET_DAY + DAY, 1), KNOWN
    )

    # B1 has an hour of the first day and nothing of the second.
    assert _final(store, site_key) == {date(2025, 10, 5): 60, date(2025, 10, 6): 0}


def test_days_turn_at_the_markets_midnight(store: Store, site_key: int) -> None:
    store.readings.save(site_key, AMBER, _run(MARKET_DAY - FIVE_MINUTES, 2), KNOWN)

    assert _final(store, site_key) == {date(2025, 10, 4): 5, date(2025, 10, 5): 5}


def test_estimates_are_not_final(store: Store, site_key: int) -> None:
    estimate = _reading(start=MARKET_DAY, quality=Quality.ESTIMATE)
    store.readings.save(site_key, AMBER, [estimate], KNOWN)

    assert _final(store, site_key) == {date(2025, 10, 5): 0}


def test_time_told_in_two_lengths_does_not_hide_a_gap(
    store: Store, site_key: int
) -> None:
    # Regression: half a day told twice looked like a whole day.
    twice = _run(MARKET_DAY, 144) + _run(MARKET_DAY, 24, minutes=30)
    store.readings.save(site_key, AMBER, twice, KNOWN)

    assert _final(store, site_key) == {date(2025, 10, 5): 720}
    assert len(_all(store, site_key)) == 168
    last = MARKET_DAY + 144 * FIVE_MINUTES - FIVE_MINUTES
    assert store.readings.last_start(site_key, AMBER) == last
    assert last > MARKET_DAY + 23 * HALF_HOUR


def test_final_readings_tell_their_prices(store: Store, site_key: int) -> None:
    readings = [
        replace(_reading(), c_per_kwh=31.5),
        replace(_reading(start=NOON + FIVE_MINUTES), c_per_kwh=-2.25),
        replace(
            _reading(start=NOON + 2 * FIVE_MINUTES, quality=Quality.ESTIMATE),
            c_per_kwh=99.0,
        ),
        _reading(start=NOON + 3 * FIVE_MINUTES),  # tells none
        replace(_reading(register="B1"), c_per_kwh=7.0),  # another channel
        replace(_reading(start=NOON + DAY), c_per_kwh=8.0),
    ]
    store.readings.save(site_key, AMBER, readings, KNOWN)

    rows = store.readings.price_rows(site_key, Channel.GENERAL, NOON, NOON + DAY)

    assert rows.c_per_kwh.tolist() == [31.5, -2.25]
    assert (rows.start_s - rows.start_s[0]).tolist() == [0, 300]
    assert rows.duration_minutes.tolist() == [5, 5]
    assert set(rows.quality.tolist()) == {Quality.ACTUAL}
    assert np.isnan(rows.spot_c_per_kwh).all()


def test_registers_that_tell_two_prices_of_one_interval_tell_none(
    store: Store, site_key: int
) -> None:
    readings = [
        replace(_reading(register=register, start=start), c_per_kwh=c_per_kwh)
        for register, start, c_per_kwh in (
            ("E1", NOON, 31.5),
            ("E3", NOON, 31.6),
            ("E1", NOON + FIVE_MINUTES, 20.0),
            ("E3", NOON + FIVE_MINUTES, 20.0),
        )
    ]
    store.readings.save(site_key, AMBER, readings, KNOWN)

    rows = store.readings.price_rows(site_key, Channel.GENERAL, NOON, NOON + DAY)

    assert rows.c_per_kwh.tolist() == [20.0]


def test_readings_without_prices_tell_none(store: Store, site_key: int) -> None:
    store.readings.save(site_key, AMBER, [_reading()], KNOWN)

    rows = store.readings.price_rows(site_key, Channel.GENERAL, NOON, NOON + DAY)

    assert len(rows) == 0
