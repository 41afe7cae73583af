"""What Amber's rows become: the ten rules and every oddity, one by one."""

import math
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from tests.ingestion.amber_answers import (
    NOON,
    SITE_ID,
    Row,
    client_hearing,
    interval,
    site,
    usage,
    without,
)

from home_energy.domain.forecast import ForecastPoint
from home_energy.domain.price import Channel, Price, PriceContext, Quality
from home_energy.domain.site import SiteChannel, choose_site
from home_energy.errors import ConfigError, SourceDataError

FIVE, HALF_HOUR = timedelta(minutes=5), timedelta(minutes=30)


def prices_of(*rows: Row) -> list[Price]:
    return (
        client_hearing(list(rows))
        .current_prices(SITE_ID, previous=1, following=1)
        .prices
    )


def points_of(*rows: Row) -> tuple[ForecastPoint, ...]:
    answer = client_hearing(list(rows)).current_prices(SITE_ID, previous=0, following=9)
    (forecast,) = answer.forecasts
    return forecast.points


def test_start_is_end_minus_duration_and_the_late_start_time_is_ignored() -> None:
    (price,) = prices_of(interval(startTime="1999-01-01T00:00:00Z"))

    assert price.start == NOON
    assert price.end == NOON + FIVE


def test_an_end_in_another_zone_is_the_same_instant_in_utc() -> None:
    (price,) = prices_of(interval(endTime="2026-11-22T12:05:00+10:00"))

    assert price.start == NOON
    assert price.start.utcoffset() == timedelta(0)


def test_import_price_is_kept_and_feed_in_turned_once() -> None:
    bought, heated, sold = prices_of(
        interval(per_kwh=25.5),
        interval(per_kwh=14.25, channel="controlledLoad"),
        interval(per_kwh=-6.125, channel="feedIn"),
    )

    assert (bought.channel, bought.c_per_kwh) == (Channel.GENERAL, 25.5)
    assert (heated.channel, heated.c_per_kwh) == (Channel.CONTROLLED_LOAD, 14.25)
    assert (sold.channel, sold.c_per_kwh) == (Channel.FEED_IN, 6.125)
    assert sold.spot_c_per_kwh == 11.25  # the spot price keeps its sign


def test_feed_in_is_negative_when_the_household_pays_to_export() -> None:
    (price,) = prices_of(interval(per_kwh=1.86, channel="feedIn"))

    assert price.c_per_kwh == -1.86


@pytest.mark.parametrize("channel", ["general", "feedIn"])
@pytest.mark.parametrize("zero", [0, 0.0, -0.0])
def test_minus_zero_never_appears(channel: str, zero: float) -> None:
    (price,) = prices_of(interval(per_kwh=zero, spotPerKwh=zero, channel=channel))

    assert math.copysign(1, price.c_per_kwh) == 1
    assert price.spot_c_per_kwh is not None
    assert math.copysign(1, price.spot_c_per_kwh) == 1


def test_each_row_has_its_own_duration() -> None:
    five, half_hour = points_of(
        interval(NOON + 5 * FIVE, kind="ForecastInterval"),
        interval(NOON + HALF_HOUR, kind="ForecastInterval", minutes=30),
    )

    assert (five.start, five.duration_minutes) == (NOON + 5 * FIVE, 5)
    assert (half_hour.start, half_hour.duration_minutes) == (NOON + HALF_HOUR, 30)


@pytest.mark.parametrize(
    ("kind", "estimate", "quality"),
    [
        ("ActualInterval", {}, Quality.ACTUAL),
        ("CurrentInterval", {"estimate": False}, Quality.ACTUAL),
        ("CurrentInterval", {"estimate": True}, Quality.ESTIMATE),
        ("CurrentInterval", {"estimate": None}, Quality.ESTIMATE),
        ("CurrentInterval", {}, Quality.ESTIMATE),
    ],
)
def test_only_the_word_false_confirms_a_current_price(
    kind: str, estimate: dict[str, Any], quality: Quality
) -> None:
    (price,) = prices_of(interval(kind=kind, **estimate))

    assert price.quality is quality


def test_forecasts_are_no_prices_and_prices_no_forecasts() -> None:
    rows = [interval(), interval(NOON + FIVE, kind="ForecastInterval", per_kwh=31.5)]

    answer = client_hearing(rows).current_prices(SITE_ID, previous=0, following=1)

    assert [price.start for price in answer.prices] == [NOON]
    assert [point.c_per_kwh for point in answer.forecasts[0].points] == [31.5]
    assert answer.forecasts[0].issued_at == NOON


@pytest.mark.parametrize("absent", ["key", "null"])
def test_absent_keys_and_nulls_are_unknown(absent: str) -> None:
    keys = (
        *("tariffInformation", "advancedPrice", "range", "spotPerKwh"),
        *("spikeStatus", "descriptor"),
    )
    row = interval(kind="ForecastInterval")
    row = without(row, *keys) if absent == "key" else row | dict.fromkeys(keys)

    (point,) = points_of(row)
    (price,) = prices_of(row | {"type": "ActualInterval"})

    assert point == ForecastPoint(NOON, 5, 25.5)
    assert price.context == PriceContext()
    assert price.spot_c_per_kwh is None


def test_tariff_information_is_taken_over_word_by_word() -> None:
    tariff = {"period": "peak", "season": "summer", "block": 2, "demandWindow": True}

    (price,) = prices_of(interval(tariffInformation=tariff))

    assert price.context == PriceContext(
        descriptor="neutral",
        spike_status="none",
        tariff_period="peak",
        tariff_season="summer",
        tariff_block=2,
        is_demand_window=True,
    )


def test_advanced_price_on_feed_in_is_turned_and_its_ends_ordered() -> None:
    # Seen on a real feed-in row: low -7.1, predicted -11.1, high -14.9.
    advanced = {"low": -7.1, "predicted": -11.1, "high": -14.9}

    (point,) = points_of(
        interval(kind="ForecastInterval", channel="feedIn", advancedPrice=advanced)
    )

    assert point.low_c_per_kwh == 7.1
    assert point.predicted_c_per_kwh == 11.1
    assert point.high_c_per_kwh == 14.9


def test_advanced_price_across_zero_is_ordered_too() -> None:
    advanced = {"low": 3.0, "predicted": -1.0, "high": -4.0}

    (point,) = points_of(
        interval(kind="ForecastInterval", channel="feedIn", advancedPrice=advanced)
    )

    ends = (point.low_c_per_kwh, point.predicted_c_per_kwh, point.high_c_per_kwh)
    assert ends == (-3.0, 1.0, 4.0)


def test_range_is_spot_and_keeps_its_sign_on_feed_in() -> None:
    (point,) = points_of(
        interval(
            kind="ForecastInterval", channel="feedIn", range={"min": 2.5, "max": 9.75}
        )
    )

    assert (point.spot_min_c_per_kwh, point.spot_max_c_per_kwh) == (2.5, 9.75)


def test_words_that_amber_adds_later_cost_nothing() -> None:
    strange = interval(
        descriptor="balmy",
        spikeStatus="brewing",
        tariffInformation={"period": "twilight", "season": "monsoon"},
        somethingNew={"deep": [1, 2]},
    )

    price, ordinary = prices_of(strange, interval(NOON - FIVE))

    expected = PriceContext("balmy", "brewing", "twilight", "monsoon")
    assert price.context == expected
    assert ordinary.context.descriptor == "neutral"


def test_a_row_of_unknown_type_or_channel_is_left_out_and_the_rest_kept() -> None:
    rows = [
        interval(kind="SettledInterval"),
        interval(channel="vehicle"),
        interval(per_kwh=19.5),
    ]

    assert [price.c_per_kwh for price in prices_of(*rows)] == [19.5]


def test_a_repeated_forecast_row_is_left_out() -> None:
    row = interval(NOON + FIVE, kind="ForecastInterval")

    assert len(points_of(row, row)) == 1


def test_forecast_points_never_overlap_when_both_lengths_cover_a_span() -> None:
    rows = [
        interval(NOON + HALF_HOUR, kind="ForecastInterval", minutes=30),
        *[
            interval(NOON + HALF_HOUR + n * FIVE, kind="ForecastInterval")
            for n in range(6)
        ],
    ]

    points = points_of(*rows)

    assert all(one.end <= next_.start for one, next_ in pairwise(points))
    assert len(points) == 6


@pytest.mark.parametrize("spike", ["potential", "spike"])
def test_a_coming_spike_is_marked(spike: str) -> None:
    (point,) = points_of(interval(kind="ForecastInterval", spikeStatus=spike))

    assert point.is_spike_possible


def test_renewables_above_100_percent_are_no_fault() -> None:
    assert len(prices_of(interval(renewables=109.08))) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"perKwh": float("nan")},
        {"perKwh": float("inf")},
        {"perKwh": float("-inf")},
        {"perKwh": 1e300},
        {"perKwh": 25_000},  # the cap is 2,233 c; more than 20,000 is a fault
        {"perKwh": None},
        {"perKwh": "cheap"},
        {"spotPerKwh": float("nan")},
        {"spotPerKwh": -1e9},
        {"duration": 0},
        {"duration": -5},
        {"duration": 5.5},
        {"duration": None},
        {"endTime": "2026-11-22T12:05:00"},  # no zone
        {"endTime": "soon"},
        {"endTime": None},
        {"endTime": "2026-11-22T02:03:00Z"},  # off the five minutes
        {"endTime": "2026-11-22T02:05:01Z"},
        {"endTime": "0001-01-01T00:00:00Z"},
        {"endTime": "9999-12-31T23:55:00Z"},
        {"endTime": "2026-11-22T02:15:00Z"},  # an actual price of the coming hour
        {"advancedPrice": {"low": 1.0}},
        {"advancedPrice": {"low": 1.0, "predicted": float("nan"), "high": 2.0}},
        {"range": {"min": 0.0, "max": float("inf")}},
    ],
)
def test_one_impossible_row_refuses_the_whole_answer(wrong: Row) -> None:
    with pytest.raises(SourceDataError, match="the answer was not used"):
        prices_of(interval(NOON - FIVE), interval(**wrong))


@pytest.mark.parametrize(
    "body", [{"message": "hello"}, "hello", 3, None, [3], [[]], [{}], True]
)
def test_an_answer_of_another_shape_is_refused(body: object) -> None:
    client = client_hearing(body)

    with pytest.raises(SourceDataError):
        client.current_prices(SITE_ID, previous=0, following=0)


def test_an_empty_list_is_no_price_at_all() -> None:
    answer = client_hearing([]).current_prices(SITE_ID, previous=0, following=0)

    assert (answer.prices, answer.forecasts) == ([], [])


def test_reading_is_the_magnitude_and_the_channel_its_direction() -> None:
    # R5's real row: +0.177 kWh at -3.85558 c is -0.6824 c of cost: 0.68 c earned.
    row = usage(
        kwh=0.177,
        channelType="feedIn",
        channelIdentifier="B1",
        perKwh=-3.85558,
        cost=-0.6824,
    )
    client = client_hearing([row, row | {"kwh": -0.177}])

    real, contract = client.usage(SITE_ID, date(2026, 11, 21), date(2026, 11, 21))

    assert real == contract
    assert (real.channel, real.register, real.kwh) == (Channel.FEED_IN, "B1", 0.177)
    assert real.c_per_kwh == 3.85558
    assert real.amount_aud == 0.006824


@pytest.mark.parametrize(
    ("word", "quality"),
    [
        ("billable", Quality.ACTUAL),
        ("estimated", Quality.ESTIMATE),
        ("guessed", Quality.ESTIMATE),
    ],
)
def test_only_billable_readings_are_final(word: str, quality: Quality) -> None:
    client = client_hearing([usage(quality=word)])

    (reading,) = client.usage(SITE_ID, date(2026, 11, 21), date(2026, 11, 21))

    assert reading.quality is quality


@pytest.mark.parametrize("kwh", [-0.25, float("nan"), float("inf"), None])
def test_an_import_that_cannot_be_is_refused(kwh: float | None) -> None:
    client = client_hearing([usage() | {"kwh": kwh}])

    with pytest.raises(SourceDataError):
        client.usage(SITE_ID, date(2026, 11, 21), date(2026, 11, 21))


def test_a_reading_of_an_unknown_channel_is_left_out() -> None:
    client = client_hearing([usage(channelType="vehicle"), usage()])

    readings = client.usage(SITE_ID, date(2026, 11, 21), date(2026, 11, 21))

    assert [reading.channel for reading in readings] == [Channel.GENERAL]


def test_sites_of_every_status_are_read() -> None:
    closed = site(id="01CLOSED", status="closed", closedOn="2024-02-09")
    pending = site(id="01PENDING", status="pending", channels=[])
    active = site(channels=[{"identifier": "E9", "type": "general", "tariff": None}])

    sites = client_hearing([closed, pending, active]).sites()

    assert [found.status for found in sites] == ["closed", "pending", "active"]
    assert sites[0].closed_on == date(2024, 2, 9)
    assert sites[1].channels == ()
    assert sites[2].channels == (SiteChannel("E9", Channel.GENERAL),)
    assert choose_site(sites, None).site_id == SITE_ID  # same meter, one active


@pytest.mark.parametrize(
    "row",
    [
        without(site(), "channels", "network", "activeFrom"),
        site(channels=None, network=None, activeFrom=None, closedOn=None),
    ],
)
def test_a_site_without_its_optional_keys_is_a_site(row: Row) -> None:
    (found,) = client_hearing([row]).sites()

    assert (found.channels, found.network, found.active_from) == ((), None, None)


def test_an_unknown_kind_of_channel_is_left_out_of_its_site() -> None:
    channels = [
        {"identifier": "V1", "type": "vehicle", "tariff": "X"},
        {"identifier": "E1", "type": "general"},
    ]

    (found,) = client_hearing([site(channels=channels, status="dreaming")]).sites()

    assert found.status == "dreaming"
    assert found.channels == (SiteChannel("E1", Channel.GENERAL),)


@pytest.mark.parametrize("rows", [[], [site(status="closed")]])
def test_an_account_without_an_active_site_is_a_plain_message(rows: list[Row]) -> None:
    sites = client_hearing(rows).sites()

    with pytest.raises(ConfigError, match="no active site"):
        choose_site(sites, None)


def test_a_price_is_known_at_the_time_that_its_answer_told() -> None:
    answer = client_hearing([interval()]).current_prices(
        SITE_ID, previous=0, following=0
    )

    assert answer.answered_at == datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
