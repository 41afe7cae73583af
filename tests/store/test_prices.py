"""The record of prices: once, never worse, nothing replaced without a trace."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from home_energy.domain.price import Channel, Price, PriceContext, Quality
from home_energy.store import SaveResult, Store
from tests.domain.sample_prices import FIVE_MINUTES, HALF_HOUR, NOON, sample_price

KNOWN = NOON + timedelta(seconds=24)
LATER = KNOWN + timedelta(minutes=5)
GENERAL = Channel.GENERAL
ESTIMATE, ACTUAL = Quality.ESTIMATE, Quality.ACTUAL
MINUTE = timedelta(minutes=1)


def _run(start: datetime, count: int, quality: Quality = ACTUAL) -> list[Price]:
    return [
        sample_price(float(i), start + i * FIVE_MINUTES, quality) for i in range(count)
    ]


def _all(store: Store, site_key: int) -> list[Price]:
    days = timedelta(days=400)
    return store.prices.between(site_key, GENERAL, NOON - days, NOON + days)


def test_price_comes_back_as_it_was_saved(store: Store, site_key: int) -> None:
    context = PriceContext("neutral", "none", "peak", "summer", 2, True)  # noqa: FBT003
    price = replace(sample_price(-12.34567), spot_c_per_kwh=-3.1, context=context)
    bare = sample_price(0.0, NOON + FIVE_MINUTES)

    result = store.prices.save(site_key, [price, bare], KNOWN)

    assert result == SaveResult(inserted=2)
    assert _all(store, site_key) == [price, bare]
    assert store.prices.latest(site_key, GENERAL) == (bare, KNOWN)


def test_saving_twice_is_saving_once(store: Store, site_key: int) -> None:
    prices = _run(NOON, 12)
    store.prices.save(site_key, prices, KNOWN)

    again = store.prices.save(site_key, prices, LATER)

    assert again == SaveResult(unchanged=12)
    assert _all(store, site_key) == prices
    assert store.prices.revisions(site_key, NOON, NOON + HALF_HOUR) == []


def test_saving_nothing_is_nothing(store: Store, site_key: int) -> None:
    assert store.prices.save(site_key, [], KNOWN) == SaveResult()


def test_actual_replaces_estimate_and_the_estimate_is_kept_as_revision(
    store: Store, site_key: int
) -> None:
    store.prices.save(site_key, [sample_price(30.0, quality=ESTIMATE)], KNOWN)

    result = store.prices.save(site_key, [sample_price(31.0)], LATER)

    assert result == SaveResult(revised=1)
    assert _all(store, site_key) == [sample_price(31.0)]
    assert store.prices.revisions(site_key, NOON, NOON + MINUTE) == [
        (GENERAL, NOON, 30.0, ESTIMATE, KNOWN)
    ]


def test_estimate_confirmed_unchanged_is_no_revision_but_actual(
    store: Store, site_key: int
) -> None:
    store.prices.save(site_key, [sample_price(30.0, quality=ESTIMATE)], KNOWN)

    store.prices.save(site_key, [sample_price(30.0)], LATER)

    assert store.prices.latest(site_key, GENERAL) == (sample_price(30.0), LATER)
    assert store.prices.revisions(site_key, NOON, NOON + MINUTE) == []


@pytest.mark.parametrize("known_at", [KNOWN - FIVE_MINUTES, KNOWN, LATER])
def test_quality_never_falls_whenever_it_was_told(
    store: Store, site_key: int, known_at: datetime
) -> None:
    store.prices.save(site_key, [sample_price(31.0)], KNOWN)

    for quality in (Quality.FORECAST, ESTIMATE, Quality.SUBSTITUTE):
        worse = sample_price(99.0, quality=quality)
        assert store.prices.save(site_key, [worse], known_at) == SaveResult(unchanged=1)

    assert store.prices.latest(site_key, GENERAL) == (sample_price(31.0), KNOWN)


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_values_in_one_answer_the_surer_stands(
    store: Store, site_key: int, *, turned: bool
) -> None:
    # Regression: the last in the list stood, also an estimate after its actual.
    answer = [sample_price(31.0), sample_price(30.0, quality=ESTIMATE)]

    result = store.prices.save(site_key, answer[::-1] if turned else answer, KNOWN)

    assert result == SaveResult(inserted=1)
    assert _all(store, site_key) == [sample_price(31.0)]


def test_later_actual_replaces_earlier_actual(store: Store, site_key: int) -> None:
    # AEMO corrects a price now and then.
    store.prices.save(site_key, [sample_price(31.0)], KNOWN)

    store.prices.save(site_key, [sample_price(32.0)], LATER)
    store.prices.save(site_key, [sample_price(33.0)], KNOWN + MINUTE)  # told before

    assert store.prices.latest(site_key, GENERAL) == (sample_price(32.0), LATER)
    assert store.prices.revisions(site_key, NOON, NOON + MINUTE) == [
        (GENERAL, NOON, 31.0, ACTUAL, KNOWN)
    ]


@pytest.mark.parametrize(("after_seconds", "is_noted"), [(59, False), (60, True)])
def test_estimate_told_again_is_known_anew_after_a_minute(
    store: Store, site_key: int, after_seconds: int, *, is_noted: bool
) -> None:
    estimate = sample_price(30.0, quality=ESTIMATE)
    again_at = KNOWN + timedelta(seconds=after_seconds)
    store.prices.save(site_key, [estimate], KNOWN)

    store.prices.save(site_key, [estimate], again_at)

    expected_at = again_at if is_noted else KNOWN
    assert store.prices.latest(site_key, GENERAL) == (estimate, expected_at)


def test_spike_announced_at_the_same_price_is_kept(store: Store, site_key: int) -> None:
    # Regression: only price and quality were compared, and the spike went unseen.
    calm = sample_price(90.0, context=PriceContext(spike_status="potential"))
    spike = replace(calm, context=PriceContext(spike_status="spike"))
    store.prices.save(site_key, [calm], KNOWN)

    result = store.prices.save(site_key, [spike], LATER)

    assert result == SaveResult(revised=1)
    assert store.prices.latest(site_key, GENERAL) == (spike, LATER)
    assert store.prices.revisions(site_key, NOON, NOON + MINUTE) == []
    assert store.prices.save(site_key, [spike], LATER + MINUTE).unchanged == 1


def test_channels_and_sites_stand_apart(store: Store, site_key: int) -> None:
    store.sources.save_sites([replace(store.sources.sites()[0], site_id="S2")])
    other_key = store.sources.site_key("S2")
    assert other_key is not None
    feed_in = replace(sample_price(7.0), channel=Channel.FEED_IN)

    store.prices.save(site_key, [sample_price(30.0), feed_in], KNOWN)
    store.prices.save(other_key, [sample_price(40.0)], KNOWN)

    assert store.prices.channels(site_key) == [GENERAL, Channel.FEED_IN]
    assert store.prices.channels(other_key) == [GENERAL]
    assert _all(store, site_key) == [sample_price(30.0)]
    assert store.prices.latest(site_key, Channel.FEED_IN) == (feed_in, KNOWN)


def test_empty_record_answers_with_nothing(store: Store, site_key: int) -> None:
    prices, period = store.prices, (NOON, NOON + HALF_HOUR)

    assert prices.latest(site_key, GENERAL) is None
    assert prices.between(site_key, GENERAL, *period) == []
    assert prices.values_between(site_key, GENERAL, *period).shape == (0,)
    assert prices.span(site_key, GENERAL) is None
    assert prices.channels(site_key) == []
    assert prices.revisions(site_key, *period) == []
    assert prices.final_minutes_by_day(site_key, GENERAL, *period) == {}
    assert prices.coverage(site_key, GENERAL, *period).covered_minutes == 0
    assert prices.coverage(site_key, GENERAL, NOON, NOON).covered_fraction is None


def test_between_is_half_open_and_in_order(store: Store, site_key: int) -> None:
    prices = _run(NOON, 6)
    store.prices.save(site_key, prices[::-1], KNOWN)

    found = store.prices.between(site_key, GENERAL, NOON, NOON + 5 * FIVE_MINUTES)

    assert found == prices[:5]


def test_latest_is_the_newest_interval_not_the_last_saved(
    store: Store, site_key: int
) -> None:
    newest = sample_price(2.0, NOON + FIVE_MINUTES)
    store.prices.save(site_key, [newest], KNOWN)
    store.prices.save(site_key, [sample_price(1.0)], LATER)

    assert store.prices.latest(site_key, GENERAL) == (newest, KNOWN)


def test_values_count_once_for_each_five_minutes(store: Store, site_key: int) -> None:
    half_hour = sample_price(10.0, NOON, duration_minutes=30)
    five = sample_price(20.0, NOON + HALF_HOUR)
    store.prices.save(site_key, [half_hour, five], KNOWN)

    values = store.prices.values_between(site_key, GENERAL, NOON, NOON + 2 * HALF_HOUR)

    assert values.tolist() == [10.0] * 6 + [20.0]


def test_span_reaches_to_the_end_of_the_last_interval(
    store: Store, site_key: int
) -> None:
    long = sample_price(1.0, NOON, duration_minutes=30)
    short = sample_price(2.0, NOON + FIVE_MINUTES)  # starts later, ends earlier
    store.prices.save(site_key, [long, short], KNOWN)
    store.prices.save(site_key, [sample_price(0.0, NOON - timedelta(days=9))], KNOWN)

    span = store.prices.span(site_key, GENERAL)

    assert span == (NOON - timedelta(days=9), NOON + HALF_HOUR)


# Coverage


def test_coverage_counts_shared_and_overhanging_time_once(
    store: Store, site_key: int
) -> None:
    store.prices.save(
        site_key,
        [
            sample_price(1.0, NOON - HALF_HOUR, duration_minutes=60),  # half outside
            sample_price(2.0, NOON, ESTIMATE),  # also in the one before: final
            sample_price(3.0, NOON + HALF_HOUR, ESTIMATE),
            sample_price(4.0, NOON + 3 * HALF_HOUR, duration_minutes=60),  # also half
        ],
        KNOWN,
    )

    coverage = store.prices.coverage(site_key, GENERAL, NOON, NOON + 4 * HALF_HOUR)

    # Known: 0 to 30, 30 to 35, 90 to 120 of 120 minutes; of them 30 to 35 not final.
    assert coverage.covered_minutes == 65
    assert coverage.estimated_minutes == 5
    assert [(g.start - NOON, g.end - NOON) for g in coverage.gaps] == [
        (35 * MINUTE, 90 * MINUTE)
    ]


# Days of the market


def test_final_minutes_turn_at_the_markets_midnight(
    store: Store, site_key: int
) -> None:
    midnight = datetime(2025, 10, 4, 14, tzinfo=UTC)  # 2025-10-05 00:00 NEM time
    store.prices.save(site_key, _run(midnight - HALF_HOUR, 18), KNOWN)
    store.prices.save(site_key, _run(midnight + 2 * HALF_HOUR, 4, ESTIMATE), KNOWN)

    minutes = store.prices.final_minutes_by_day(
        site_key, GENERAL, midnight - timedelta(days=1), midnight + timedelta(days=1)
    )

    # Six before midnight; twelve after it, the last four estimates told too late.
    assert minutes == {date(2025, 10, 4): 30, date(2025, 10, 5): 60}


def test_estimates_are_not_final_minutes(store: Store, site_key: int) -> None:
    store.prices.save(site_key, _run(NOON, 6, ESTIMATE), KNOWN)
    period = (NOON - timedelta(days=1), NOON + timedelta(days=1))

    assert store.prices.final_minutes_by_day(site_key, GENERAL, *period) == {}


def test_time_told_in_two_lengths_does_not_hide_a_gap(
    store: Store, site_key: int
) -> None:
    # Regression: half-hours over five-minute prices counted twice, and a day with
    # half of it missing looked whole.
    start = datetime(2025, 6, 9, 14, tzinfo=UTC)  # a market day begins
    half_hours = [
        sample_price(1.0, start + i * HALF_HOUR, duration_minutes=30) for i in range(24)
    ]
    store.prices.save(site_key, half_hours + _run(start, 144), KNOWN)

    minutes = store.prices.final_minutes_by_day(
        site_key, GENERAL, start, start + timedelta(days=2)
    )

    assert minutes == {date(2025, 6, 10): 720}


def test_known_prices_need_no_scan_of_the_record(store: Store) -> None:
    # The screen asks for the newest price every few seconds, for years.
    plan = store._database.rows(
        "EXPLAIN QUERY PLAN SELECT c_per_kwh FROM price WHERE site_key = 1 "
        "AND channel = 1 ORDER BY start_utc_s DESC, duration_minutes LIMIT 1"
    )

    assert all(not step.startswith("SCAN") for *_, step in plan)


def test_prices_come_as_arrays_with_what_was_said_around_them(
    store: Store, site_key: int
) -> None:
    peak = PriceContext("high", "none", "peak", "summer", None, True)  # noqa: FBT003
    half_hour = replace(
        sample_price(30.5, NOON - HALF_HOUR), duration_minutes=30, context=peak
    )
    bare = replace(sample_price(-2.25, NOON), spot_c_per_kwh=-1.5)
    no_spot = replace(sample_price(4.0, NOON + FIVE_MINUTES), spot_c_per_kwh=None)
    store.prices.save(site_key, [half_hour, bare, no_spot], KNOWN)

    rows = store.prices.rows_between(
        site_key, GENERAL, NOON - FIVE_MINUTES, NOON + FIVE_MINUTES
    )
    last = store.prices.rows_between(
        site_key, GENERAL, NOON + FIVE_MINUTES, NOON + HALF_HOUR
    )

    # The half-hour before noon reaches into the period; 12:05 begins after it.
    noon_s = int(NOON.timestamp())
    assert rows.start_s.tolist() == [noon_s - 1800, noon_s]
    assert rows.duration_minutes.tolist() == [30, 5]
    assert rows.c_per_kwh.tolist() == [30.5, -2.25]
    assert rows.spot_c_per_kwh[1] == -1.5
    assert rows.contexts[rows.context[0]] == peak
    assert rows.quality.tolist() == [4, 4]
    assert str(last.spot_c_per_kwh.tolist()) == "[nan]"
