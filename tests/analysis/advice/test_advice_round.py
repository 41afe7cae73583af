"""Advice on what is on record, kept and scored as time goes on."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from tests.analysis.advice.priced import (
    HALF_HOUR,
    HOUR,
    MINUTE,
    NOON,
    SYDNEY,
    final_prices,
    half_hours,
)

from home_energy.analysis.advice.advice_round import (
    advice_now,
    give_advice,
    prices_on_record,
)
from home_energy.analysis.advice.best_start import Call, NoAdvice
from home_energy.domain.advice import GivenAdvice
from home_energy.domain.appliance import EVERYDAY, Appliance
from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.price import Channel, Price, Quality
from home_energy.store import Store

PUMP = Appliance("Pump", kw=2.0, minutes=30, by=time(14))  # 1 kWh
AT = NOON + MINUTE
RUNNING = Price(Channel.GENERAL, NOON, 5, 50.0, Quality.ESTIMATE)


def _learn(
    store: Store,
    site_key: int,
    points: tuple[ForecastPoint, ...],
    at: datetime = AT,
    running: Price = RUNNING,
) -> None:
    store.prices.save(site_key, [running], at)
    store.forecasts.save(site_key, [Forecast(Channel.GENERAL, at, points)])


def _kept(store: Store, site_key: int) -> list[GivenAdvice]:
    return store.advice.starting_between(site_key, NOON, NOON + timedelta(days=1))


# What is known


def test_the_running_price_goes_before_the_forecast(
    store: Store, site_key: int
) -> None:
    _learn(store, site_key, half_hours(40.0, 30.0))

    found = prices_on_record(store, site_key, AT)

    # The first half-hour is forecast at 40 from the running price's end on.
    assert found == (
        ForecastPoint(NOON, 5, 50.0),
        ForecastPoint(NOON + 5 * MINUTE, 25, 40.0),
        ForecastPoint(NOON + HALF_HOUR, 30, 30.0),
    )


def test_what_the_running_price_covers_is_not_forecast(
    store: Store, site_key: int
) -> None:
    running = replace(RUNNING, start=NOON + HALF_HOUR)
    _learn(store, site_key, half_hours(40.0, 30.0), AT, running)

    found = prices_on_record(store, site_key, NOON + HALF_HOUR)

    assert found == (
        ForecastPoint(NOON + HALF_HOUR, 5, 50.0),
        ForecastPoint(NOON + 35 * MINUTE, 25, 30.0),
    )


def test_of_two_prices_of_one_start_the_shorter_is_running(
    store: Store, site_key: int
) -> None:
    store.prices.save(site_key, [RUNNING, *final_prices(20.0)], AT)

    found = prices_on_record(store, site_key, AT)

    assert found == (ForecastPoint(NOON, 5, 50.0),)


def test_a_forecast_of_feed_in_is_no_price_of_a_run(
    store: Store, site_key: int
) -> None:
    general = Forecast(Channel.GENERAL, AT, half_hours(40.0))
    feed_in = Forecast(Channel.FEED_IN, AT, half_hours(3.0, 3.0))
    store.forecasts.save(site_key, [general, feed_in])

    assert prices_on_record(store, site_key, AT) == half_hours(40.0)


def test_a_hole_behind_the_running_price_stays_one(store: Store, site_key: int) -> None:
    _learn(store, site_key, half_hours(30.0, start=NOON + HALF_HOUR))

    (advice,) = advice_now(store, site_key, [PUMP], AT, SYDNEY)

    assert advice.best.why is NoAdvice.NO_PRICE


def test_a_forecast_that_is_too_old_is_not_advised_on(
    store: Store, site_key: int
) -> None:
    _learn(store, site_key, half_hours(*[20.0] * 20))

    three_hours = AT + 3 * HOUR
    assert len(prices_on_record(store, site_key, three_hours)) == 20
    assert prices_on_record(store, site_key, three_hours + MINUTE) == ()


def test_what_comes_to_be_known_later_changes_no_advice(
    store: Store, site_key: int
) -> None:
    _learn(store, site_key, half_hours(40.0, 30.0, 10.0, 60.0))
    before = advice_now(store, site_key, [PUMP], AT, SYDNEY)

    later = NOON + 5 * MINUTE
    turned = half_hours(1.0, 99.0, 99.0, 99.0)
    _learn(store, site_key, turned, later, replace(RUNNING, start=later, c_per_kwh=1.0))
    store.prices.save(site_key, final_prices(1.0, 2.0, start=NOON + HALF_HOUR), later)

    assert advice_now(store, site_key, [PUMP], AT, SYDNEY) == before
    assert before[0].best.call is Call.WAIT
    assert advice_now(store, site_key, [PUMP], later, SYDNEY) != before


# What is kept


def test_advice_is_kept_when_its_start_is_new(store: Store, site_key: int) -> None:
    _learn(store, site_key, half_hours(40.0, 30.0, 10.0, 60.0))
    (first,) = give_advice(store, site_key, [PUMP], AT, SYDNEY)
    for minutes in (5, 10):  # the same again, at other times
        give_advice(store, site_key, [PUMP], AT + minutes * MINUTE, SYDNEY)
    moved = half_hours(40.0, 30.0, 20.0, 5.0)
    _learn(
        store, site_key, moved, AT + HALF_HOUR, replace(RUNNING, duration_minutes=30)
    )

    give_advice(store, site_key, [PUMP], AT + HALF_HOUR, SYDNEY)

    kept = _kept(store, site_key)
    assert kept[0] == first.best.given()
    assert [(a.start, a.issued_at) for a in kept] == [
        (NOON + HOUR, AT),
        (NOON + 3 * HALF_HOUR, AT + HALF_HOUR),
    ]


def test_reading_keeps_nothing(store: Store, site_key: int) -> None:
    _learn(store, site_key, half_hours(40.0, 30.0, 10.0))

    (advice,) = advice_now(store, site_key, [PUMP], AT, SYDNEY)

    assert advice.best.call is Call.WAIT
    assert _kept(store, site_key) == []


def test_what_does_not_wait_is_not_advised(store: Store, site_key: int) -> None:
    _learn(store, site_key, half_hours(40.0, 30.0, 10.0))

    found = give_advice(store, site_key, [*EVERYDAY, PUMP], AT, SYDNEY)

    assert [advice.best.appliance for advice in found] == [PUMP]


# What was wrong too often


def _wrong_before(store: Store, site_key: int, count: int) -> None:
    for number in range(count):
        start = NOON - timedelta(days=1) + number * HALF_HOUR
        wrong = GivenAdvice(
            "Pump", 2.0, 30, start - HOUR, start, NOON, 0.40, 0.10, 0.20, -0.05
        )
        store.advice.keep(site_key, wrong)


@pytest.mark.parametrize(("count", "is_withheld"), [(9, False), (10, True)])
def test_advice_is_withheld_and_kept_all_the_same(
    store: Store, site_key: int, count: int, *, is_withheld: bool
) -> None:
    _wrong_before(store, site_key, count)
    _learn(store, site_key, half_hours(40.0, 30.0, 10.0))

    (advice,) = give_advice(store, site_key, [PUMP], AT, SYDNEY)

    assert advice.is_withheld is is_withheld
    assert len(_kept(store, site_key)) == 1  # by it the advice can be earned back


def test_now_is_never_withheld(store: Store, site_key: int) -> None:
    _wrong_before(store, site_key, 20)
    _learn(store, site_key, half_hours(60.0, 60.0, 60.0))

    (advice,) = give_advice(store, site_key, [PUMP], AT, SYDNEY)

    assert advice.best.call is Call.NOW
    assert not advice.is_withheld


def test_a_round_scores_what_is_due(store: Store, site_key: int) -> None:
    _learn(store, site_key, half_hours(40.0, 30.0, 10.0))
    give_advice(store, site_key, [PUMP], AT, SYDNEY)
    store.prices.save(site_key, final_prices(42.0, 30.0, 12.0), NOON + 2 * HOUR)
    first = replace(
        RUNNING, c_per_kwh=42.0, quality=Quality.ACTUAL, duration_minutes=30
    )
    store.prices.save(site_key, [first], NOON + 2 * HOUR)

    (advice,) = give_advice(store, site_key, [PUMP], NOON + 2 * HOUR, SYDNEY)

    # At 12:01 29 minutes at 42 and one at 30, 41.6; at 1 pm 12: 29.6 c saved.
    assert advice.score.scored_count == 1
    assert advice.score.mean_real_saving_aud == pytest.approx(0.296)
