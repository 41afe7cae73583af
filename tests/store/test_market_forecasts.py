"""The record of published forecasts: nothing is known before it was published."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from home_energy.domain.market_forecast import HALF_HOUR, MarketForecast
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import DataError
from home_energy.store import DaySaveResult, Store

NOON = datetime(2025, 3, 1, 2, tzinfo=UTC)  # 12:00 NEM
NAN = float("nan")


def _minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def _forecast(published_at: datetime, *rrp: float, start: datetime) -> MarketForecast:
    return MarketForecast("VIC1", published_at, start, np.array(rrp))


def _two(store: Store) -> None:
    """One published at 12:02 from 12:00 on, one at 12:32 from 12:30 on."""
    store.market_forecasts.save(
        [
            _forecast(NOON + _minutes(2), 10.0, 11.0, 12.0, start=NOON),
            _forecast(NOON + _minutes(32), 21.0, 22.0, start=NOON + _minutes(30)),
        ]
    )


def test_a_forecast_comes_back_as_it_was_published(store: Store) -> None:
    _two(store)

    found = store.market_forecasts.as_known_at("VIC1", NOON + _minutes(40))

    assert found is not None
    assert found.published_at == NOON + _minutes(32)
    assert found.first_start == NOON + _minutes(30)
    assert list(found.rrp_aud_per_mwh_ex_gst) == [21.0, 22.0]
    assert store.market_forecasts.regions() == ["VIC1"]


def test_nothing_is_known_before_it_was_published(store: Store) -> None:
    _two(store)

    table = store.market_forecasts
    just_before = table.as_known_at("VIC1", NOON + _minutes(31.99))
    none_yet = table.as_known_at("VIC1", NOON + _minutes(1.99))

    assert just_before is not None
    assert list(just_before.rrp_aud_per_mwh_ex_gst) == [10.0, 11.0, 12.0]
    assert none_yet is None
    assert table.as_known_at("NSW1", NOON + _minutes(40)) is None


def test_a_part_of_a_second_is_rounded_up(store: Store) -> None:
    published = NOON + timedelta(seconds=120.5)
    store.market_forecasts.save([_forecast(published, 10.0, start=NOON)])

    too_early = store.market_forecasts.as_known_at("VIC1", NOON + _minutes(2))

    assert too_early is None


def test_what_is_published_as_a_plan_is_made_is_known(store: Store) -> None:
    store.market_forecasts.save([_forecast(NOON, 10.0, start=NOON)])

    at_each = store.market_forecasts.known_at_each(
        "VIC1", TimeGrid(NOON, HALF_HOUR, 1), half_hour_count=1
    )

    assert at_each[0, 0] == 10.0
    assert store.market_forecasts.as_known_at("VIC1", NOON) is not None


def test_every_plan_has_what_was_known_at_its_start(store: Store) -> None:
    _two(store)
    plans = TimeGrid(NOON, HALF_HOUR, 4)  # 12:00, 12:30, 13:00, 13:30

    rrp = store.market_forecasts.known_at_each("VIC1", plans, half_hour_count=3)

    expected = [
        [NAN, NAN, NAN],  # at 12:00 nothing was published
        [11.0, 12.0, NAN],  # at 12:30 only that of 12:02
        [22.0, NAN, NAN],  # at 13:00 that of 12:32
        [NAN, NAN, NAN],  # at 13:30 that of 12:32, which ends there
    ]
    assert np.array_equal(rrp, expected, equal_nan=True)


def test_the_array_says_what_each_plan_by_itself_would(store: Store) -> None:
    random = np.random.default_rng(7)
    forecasts = []
    for i in range(60):  # about half-hourly, published 1 to 50 minutes late, of 1 to 80
        start = NOON + i * HALF_HOUR
        published = start + _minutes(int(random.integers(1, 50))) + timedelta(seconds=i)
        count = int(random.integers(3, 80))
        forecasts.append(_forecast(published, *random.random(count), start=start))
    store.market_forecasts.save(forecasts)
    plans = TimeGrid(NOON, HALF_HOUR, 64)

    rrp = store.market_forecasts.known_at_each("VIC1", plans)

    for plan, row in zip(plans, rrp, strict=True):
        known = store.market_forecasts.as_known_at("VIC1", plan)
        expected = (
            {}
            if known is None
            else dict(zip(known.grid, known.rrp_aud_per_mwh_ex_gst, strict=True))
        )
        for ahead, value in enumerate(row):
            there = expected.get(plan + ahead * HALF_HOUR, NAN)
            assert value == there or (np.isnan(value) and np.isnan(there))


def test_an_old_forecast_is_not_used(store: Store) -> None:
    rrp = [float(i) for i in range(40)]
    store.market_forecasts.save([_forecast(NOON, *rrp, start=NOON)])
    plans = TimeGrid(NOON + timedelta(hours=6), HALF_HOUR, 2)

    table = store.market_forecasts
    found = table.known_at_each("VIC1", plans, half_hour_count=1)

    assert found[0, 0] == 12.0  # six hours are twelve half-hours
    assert np.isnan(found[1, 0])


def test_plans_off_the_half_hour_are_refused(store: Store) -> None:
    _two(store)
    plans = TimeGrid(NOON + _minutes(35), HALF_HOUR, 1)

    with pytest.raises(DataError, match="not on the half-hour"):
        store.market_forecasts.known_at_each("VIC1", plans)


def test_twice_is_once(store: Store) -> None:
    forecast = _forecast(NOON, 10.0, NAN, start=NOON)
    first = store.market_forecasts.save([forecast])

    again = store.market_forecasts.save([forecast])

    assert first == DaySaveResult(new_count=1)
    assert again == DaySaveResult(unchanged_count=1)


def test_what_was_published_does_not_change(store: Store) -> None:
    store.market_forecasts.save([_forecast(NOON, 10.0, start=NOON)])

    with pytest.raises(DataError, match="two forecasts published at"):
        store.market_forecasts.save([_forecast(NOON, 11.0, start=NOON)])
