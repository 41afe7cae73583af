"""Amber's rules, asked of the server one by one."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from home_energy.demo.amber_server import create_amber_app
from home_energy.demo.clocks import SteppedClock
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import (
    CLOSED_SITE_ID,
    SITE_ID,
    SyntheticMarket,
)

TOKEN = "psk_demo"
AUTH = {"Authorization": f"Bearer {TOKEN}"}
NOW = datetime(2025, 6, 17, 6, 20, 5, tzinfo=UTC)  # 16:20:05 NEM
SITE = f"/v1/sites/{SITE_ID}"
CURRENT = f"{SITE}/prices/current"
CHANNELS = ["general", "controlledLoad", "feedIn"]

Rows = list[dict[str, Any]]
Get = Callable[..., TestResponse]


@pytest.fixture(scope="module")
def market() -> SyntheticMarket:
    return SyntheticMarket(SyntheticHome(0))


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(NOW)


@pytest.fixture
def client(market: SyntheticMarket, clock: SteppedClock) -> FlaskClient:
    return create_amber_app(market, clock, token=TOKEN).test_client()


@pytest.fixture
def get(client: FlaskClient) -> Get:
    def ask(path: str, **query: object) -> TestResponse:
        return client.get(path, query_string=query, headers=AUTH)

    return ask


def rows_of(response: TestResponse, channel: str = "general") -> Rows:
    assert response.status_code == 200, response.text
    return [row for row in response.get_json() if row["channelType"] == channel]


def test_sites_hold_a_closed_twin_of_the_active_one(get: Get) -> None:
    closed, active = get("/v1/sites").get_json()

    assert (closed["status"], active["status"]) == ("closed", "active")
    assert closed["nmi"] == active["nmi"]
    assert "closedOn" in closed
    assert "closedOn" not in active
    assert active["intervalLength"] == 5
    assert [channel["type"] for channel in active["channels"]] == CHANNELS
    assert [channel["identifier"] for channel in active["channels"]] == [
        *("E1", "E2", "B1")
    ]


def test_without_token_401(client: FlaskClient) -> None:
    response = client.get("/v1/sites")

    assert response.status_code == 401
    assert response.get_json() == {"message": "Unauthorized"}
    assert "RateLimit-Limit" not in response.headers


@pytest.mark.parametrize("given", ["Bearer psk_wrong", TOKEN, "Bearer ü"])
def test_wrong_token_403(client: FlaskClient, given: str) -> None:
    response = client.get("/v1/sites", headers={"Authorization": given})

    assert response.status_code == 403
    assert "explicit deny" in response.get_json()["message"]
    assert "RateLimit-Limit" not in response.headers


def test_unknown_site_404_and_closed_site_empty(get: Get) -> None:
    assert get("/v1/sites/01NOBODY/prices/current").status_code == 404
    assert get(f"/v1/sites/{CLOSED_SITE_ID}/prices/current").get_json() == []


def test_date_comes_from_the_simulated_clock(get: Get, clock: SteppedClock) -> None:
    first = parsedate_to_datetime(get("/v1/sites").headers["Date"])
    clock.advance(3600)
    second = parsedate_to_datetime(get("/v1/sites").headers["Date"])

    assert first == NOW
    assert second == NOW + timedelta(hours=1)


def test_rate_limit_headers(get: Get) -> None:
    headers = get("/v1/sites").headers

    assert headers["RateLimit-Limit"] == "50"
    assert headers["RateLimit-Remaining"] == "49"
    assert headers["RateLimit-Reset"] == "295"  # 06:20:05 to 06:25:00
    assert headers["RateLimit-Policy"] == "50;w=300"


def test_quota_is_refused_and_returns_with_the_next_window(
    get: Get, clock: SteppedClock
) -> None:
    statuses = [get("/v1/sites").status_code for _ in range(51)]
    refused = get("/v1/sites")
    other_counter = get(CURRENT)
    clock.advance(295)
    after = get("/v1/sites")

    assert statuses == [200] * 50 + [429]
    assert refused.get_json() == {"message": "Too Many Requests"}
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert refused.headers["RateLimit-Reset"] == "295"
    assert other_counter.status_code == 200
    assert after.status_code == 200
    assert after.headers["RateLimit-Remaining"] == "49"


def test_usage_spends_the_quota_of_sites(get: Get) -> None:
    get("/v1/sites")

    response = get(f"{SITE}/usage", startDate="2025-06-10", endDate="2025-06-10")

    assert response.headers["RateLimit-Remaining"] == "48"


def test_channels_come_in_ambers_order(get: Get) -> None:
    rows = get(CURRENT, next=2, previous=1).get_json()

    assert [row["channelType"] for row in rows] == [
        channel for channel in CHANNELS for _ in range(4)
    ]
    assert [row["type"] for row in rows[:4]] == [
        "ActualInterval",
        "CurrentInterval",
        "ForecastInterval",
        "ForecastInterval",
    ]


def test_stamps_are_ambers(get: Get) -> None:
    row = rows_of(get(CURRENT))[0]

    assert row["startTime"] == "2025-06-17T06:20:01Z"  # a second late
    assert row["endTime"] == "2025-06-17T06:25:00Z"
    assert row["nemTime"] == "2025-06-17T16:25:00+10:00"  # the end
    assert row["date"] == "2025-06-17"


def test_last_interval_of_a_nem_day_ends_on_the_next_date(
    get: Get, clock: SteppedClock
) -> None:
    clock.advance(timedelta(hours=7, minutes=35).total_seconds())  # 23:55:05 NEM

    row = rows_of(get(CURRENT))[0]

    assert row["date"] == "2025-06-17"
    assert row["nemTime"] == "2025-06-18T00:00:00+10:00"


def test_durations_are_mixed_and_touch(get: Get) -> None:
    rows = rows_of(get(CURRENT, next=288))

    durations = [row["duration"] for row in rows]
    five_minutes = durations.count(5)
    assert durations == [5] * 8 + [30] * (len(rows) - 8)  # 16:20 to 17:00
    assert five_minutes == 8
    assert rows[-1]["nemTime"] == "2025-06-19T04:00:00+10:00"
    for before, after in pairwise(rows):
        assert after["startTime"][:-3] == before["endTime"][:-3]


def test_resolution_30_gives_half_hours_only(get: Get) -> None:
    rows = rows_of(get(CURRENT, next=100, previous=3, resolution=30))

    assert {row["duration"] for row in rows} == {30}
    assert [row["type"] for row in rows[2:5]] == [
        "ActualInterval",
        "CurrentInterval",
        "ForecastInterval",
    ]
    assert rows[3]["estimate"] is True  # final only in the last five minutes


def test_half_hour_row_is_the_mean_of_six(get: Get) -> None:
    half_hour = rows_of(get(CURRENT, previous=1, resolution=30))[0]
    fives = rows_of(get(CURRENT, previous=10))[:6]  # 05:30 to 06:00

    assert half_hour["endTime"] == fives[-1]["endTime"] == "2025-06-17T06:00:00Z"
    mean = sum(row["spotPerKwh"] for row in fives) / 6
    assert half_hour["spotPerKwh"] == pytest.approx(mean, abs=1e-5)


def test_half_hour_estimate_takes_up_each_confirmed_price(
    get: Get, clock: SteppedClock, market: SyntheticMarket
) -> None:
    start = datetime(2025, 6, 17, 6, 20, tzinfo=UTC)

    before = rows_of(get(CURRENT, resolution=30))[0]
    clock.advance((market.confirmed_at(start, 5) - NOW).total_seconds())
    after = rows_of(get(CURRENT, resolution=30))[0]

    fives = rows_of(get(CURRENT, next=1, previous=4))
    assert [row["type"] for row in fives[3:]] == [
        *("ActualInterval", "CurrentInterval", "ForecastInterval")
    ]
    mean = sum(row["spotPerKwh"] for row in fives) / 6
    assert before["spotPerKwh"] != after["spotPerKwh"]
    assert after["spotPerKwh"] == pytest.approx(mean, abs=1e-5)


def test_estimate_becomes_final_and_then_actual(
    get: Get, clock: SteppedClock, market: SyntheticMarket
) -> None:
    start = datetime(2025, 6, 17, 6, 20, tzinfo=UTC)
    delay = market.confirmed_at(start, 5) - start

    estimate = rows_of(get(CURRENT))[0]
    clock.advance((delay - timedelta(seconds=5)).total_seconds() + 0.01)
    final = rows_of(get(CURRENT))[0]
    clock.advance(300)
    actual = rows_of(get(CURRENT, previous=1))[0]

    assert timedelta(seconds=17) < delay < timedelta(minutes=4)
    assert (estimate["type"], estimate["estimate"]) == ("CurrentInterval", True)
    assert "advancedPrice" in estimate
    assert (final["type"], final["estimate"]) == ("CurrentInterval", False)
    assert "advancedPrice" not in final
    assert actual["type"] == "ActualInterval"
    assert "estimate" not in actual
    assert estimate["perKwh"] != final["perKwh"] == actual["perKwh"]


def test_absent_keys_are_absent_and_not_null(get: Get) -> None:
    response = get(CURRENT, next=288, previous=12)

    for row in response.get_json():
        assert None not in row.values()
        has_tariff = "tariffInformation" in row
        assert has_tariff == (row["channelType"] == "general")
        assert ("estimate" in row) == (row["type"] == "CurrentInterval")


def test_advanced_price_reaches_a_day_and_is_reversed_on_feed_in(get: Get) -> None:
    response = get(CURRENT, next=288)

    for channel in CHANNELS:
        forecasts = rows_of(response, channel)[1:]
        near = [row for row in forecasts if row["endTime"] <= "2025-06-18T06:20:00Z"]
        far = [row for row in forecasts if row["endTime"] > "2025-06-18T07:30:00Z"]
        assert all("advancedPrice" in row for row in near)
        assert far
        assert not any("advancedPrice" in row for row in far)
        for row in near:
            band = [row["advancedPrice"][name] for name in ("low", "predicted", "high")]
            assert band == sorted(band, reverse=channel == "feedIn")


def test_range_is_on_far_rows_and_not_on_all(get: Get) -> None:
    forecasts = rows_of(get(CURRENT, next=288))[1:]

    assert "range" in forecasts[-1]
    assert forecasts[-1]["range"]["min"] <= forecasts[-1]["spotPerKwh"]
    assert not all("range" in row for row in forecasts)


def test_half_hour_forecasts_change_only_each_half_hour(
    get: Get, clock: SteppedClock
) -> None:
    def by_end() -> dict[str, float]:
        rows = rows_of(get(CURRENT, next=288))
        return {row["endTime"]: row["perKwh"] for row in rows if row["duration"] == 30}

    first = by_end()
    clock.advance(5 * 60)
    same_issue = by_end()
    clock.advance(5 * 60)
    next_issue = by_end()

    assert same_issue == first
    shared = first.keys() & next_issue.keys()
    assert len(shared) > 60
    assert any(first[end] != next_issue[end] for end in shared)


def test_prices_of_past_days_are_complete_actual_rows(get: Get) -> None:
    response = get(f"{SITE}/prices", startDate="2025-04-05", endDate="2025-04-06")

    for channel in CHANNELS:
        rows = rows_of(response, channel)
        assert len({row["endTime"] for row in rows}) == len(rows) == 2 * 288
        assert {row["type"] for row in rows} == {"ActualInterval"}
        assert {row["date"] for row in rows} == {"2025-04-05", "2025-04-06"}


def test_prices_of_today_hold_all_three_types(get: Get) -> None:
    rows = rows_of(get(f"{SITE}/prices"))

    assert {row["date"] for row in rows} == {"2025-06-17"}
    types = [row["type"] for row in rows]
    assert types.count("CurrentInterval") == 1
    assert types.count("ActualInterval") == 16 * 12 + 4  # midnight to 16:20 NEM
    assert rows[0]["nemTime"] == "2025-06-17T00:05:00+10:00"
    assert rows[-1]["nemTime"] == "2025-06-18T00:00:00+10:00"


def test_running_interval_comes_once_when_it_is_confirmed(
    get: Get, clock: SteppedClock
) -> None:
    clock.advance(290)

    rows = rows_of(get(f"{SITE}/prices"))

    current = [row for row in rows if row["endTime"] == "2025-06-17T06:25:00Z"]
    assert [row["type"] for row in current] == ["CurrentInterval"]
    assert current[0]["estimate"] is False


def test_prices_of_tomorrow_are_forecasts(get: Get) -> None:
    rows = rows_of(get(f"{SITE}/prices", startDate="2025-06-18", endDate="2025-06-18"))

    assert {row["type"] for row in rows} == {"ForecastInterval"}
    assert len(rows) == 48


def test_prices_before_the_history_are_empty(get: Get) -> None:
    response = get(f"{SITE}/prices", startDate="2024-06-01", endDate="2024-06-03")

    assert response.get_json() == []


def test_prices_and_current_agree(get: Get) -> None:
    history = rows_of(get(f"{SITE}/prices"))
    live = rows_of(get(CURRENT, previous=12))[:12]

    assert history[16 * 12 + 4 - 12 :][:12] == live


@pytest.mark.parametrize("path", ["prices", "usage"])
def test_eight_inclusive_days_are_given_and_nine_refused(get: Get, path: str) -> None:
    eight = get(f"{SITE}/{path}", startDate="2025-06-01", endDate="2025-06-08")
    nine = get(f"{SITE}/{path}", startDate="2025-06-01", endDate="2025-06-09")

    assert len({row["date"] for row in rows_of(eight)}) == 8
    assert nine.status_code == 422
    assert nine.mimetype == "text/plain"
    assert nine.text == "Range requested is too large. Maximum 7 days."
    assert nine.headers["RateLimit-Limit"] == "50"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (CURRENT, {"next": 2000, "previous": 49}),
        (CURRENT, {"next": -1}),
        (CURRENT, {"resolution": 15}),
        (f"{SITE}/prices", {"startDate": "2025-06-31"}),
        (f"{SITE}/prices", {"startDate": "yesterday"}),
        (f"{SITE}/prices", {"startDate": "2025-06-02", "endDate": "2025-06-01"}),
        (f"{SITE}/usage", {"startDate": "2025-06-02"}),
        (f"{SITE}/usage", {}),
    ],
)
def test_what_cannot_be_answered_is_422(
    get: Get, path: str, query: dict[str, object]
) -> None:
    assert get(path, **query).status_code == 422


def test_2048_neighbours_are_allowed(get: Get) -> None:
    rows = rows_of(get(CURRENT, next=48, previous=2000))

    assert sum(row["type"] == "ActualInterval" for row in rows) == 2000


def test_usage_has_real_signs(get: Get) -> None:
    response = get(f"{SITE}/usage", startDate="2025-06-01", endDate="2025-06-02")

    exported = [row for row in rows_of(response, "feedIn") if row["kwh"] > 0]
    paid = [row for row in exported if row["perKwh"] < 0]
    assert all(row["kwh"] >= 0 for row in response.get_json())
    assert paid
    assert all(row["cost"] < 0 for row in paid if row["kwh"] * row["perKwh"] < -1e-3)
    assert {row["channelIdentifier"] for row in response.get_json()} == {
        *("E1", "E2", "B1")
    }
    for row in response.get_json():
        assert row["cost"] == round(row["kwh"] * row["perKwh"], 4)
        assert "estimate" not in row


def test_usage_prices_are_those_of_prices(get: Get) -> None:
    days = {"startDate": "2025-06-01", "endDate": "2025-06-01"}

    prices, usage = get(f"{SITE}/prices", **days), get(f"{SITE}/usage", **days)

    for channel in CHANNELS:
        assert [row["perKwh"] for row in rows_of(usage, channel)] == [
            row["perKwh"] for row in rows_of(prices, channel)
        ]


def test_usage_of_yesterday_arrives_in_the_morning_and_todays_never(
    get: Get, clock: SteppedClock
) -> None:
    def count() -> int:
        days = {"startDate": "2025-06-17", "endDate": "2025-06-18"}
        return len(get(f"{SITE}/usage", **days).get_json())

    clock.advance(timedelta(hours=10, minutes=35).total_seconds())  # 02:55 NEM, 18th
    before = count()
    clock.advance(timedelta(hours=4, minutes=10).total_seconds())  # 07:05 NEM
    after = count()

    assert before == 0
    assert after == 3 * 288


def test_usage_older_than_ninety_days_is_gone(get: Get) -> None:
    days = {"startDate": "2025-03-18", "endDate": "2025-03-19"}

    rows = rows_of(get(f"{SITE}/usage", **days))

    assert {row["date"] for row in rows} == {"2025-03-19"}  # 90 days before 17 June


def test_some_days_are_estimated_first_and_billable_later(
    get: Get, clock: SteppedClock
) -> None:
    def usage(day: str) -> list[tuple[str, float]]:
        rows = rows_of(get(f"{SITE}/usage", startDate=day, endDate=day))
        return [(row["quality"], row["kwh"]) for row in rows]

    first_day = datetime(2025, 6, 16, tzinfo=UTC)
    estimated = None
    for _ in range(60):
        clock.advance(86_400)
        first_day += timedelta(days=1)
        shown = usage(first_day.date().isoformat())
        if any(quality == "estimated" for quality, _ in shown):
            estimated = first_day.date().isoformat(), shown
            break
    assert estimated is not None
    clock.advance(6 * 86_400)
    settled = usage(estimated[0])

    assert {quality for quality, _ in settled} == {"billable"}
    assert [kwh for _, kwh in settled] != [kwh for _, kwh in estimated[1]]


def test_renewables_need_no_token_and_spend_no_quota(client: FlaskClient) -> None:
    response = client.get("/v1/state/vic/renewables/current?next=1&previous=1")

    rows = response.get_json()
    assert [row["type"] for row in rows] == [
        "ActualRenewable",
        "CurrentRenewable",
        "ForecastRenewable",
    ]
    assert {row["duration"] for row in rows} == {30}
    assert "RateLimit-Limit" not in response.headers
    assert client.get("/v1/state/wa/renewables/current").status_code == 404


def test_body_is_a_json_array_of_compact_rows(get: Get) -> None:
    response = get(CURRENT)

    assert response.mimetype == "application/json"
    assert isinstance(json.loads(response.text), list)


def test_unknown_path_is_404(get: Get) -> None:
    assert get("/v1/nothing").status_code == 404


def test_half_hour_site_is_final_in_its_last_five_minutes() -> None:
    market = SyntheticMarket(SyntheticHome(0), interval_minutes=30)
    clock = SteppedClock(datetime(2025, 6, 17, 6, 20, tzinfo=UTC))
    client = create_amber_app(market, clock, token=TOKEN).test_client()

    def shown() -> dict[str, Any]:
        return rows_of(client.get(CURRENT, headers=AUTH))[0]

    at_20 = shown()
    clock.advance(6 * 60)  # 26:00, after the confirmation at about 25:22
    at_26 = shown()

    assert (at_20["duration"], at_20["estimate"]) == (30, True)
    assert (at_26["duration"], at_26["estimate"]) == (30, False)
    usage = client.get(
        f"{SITE}/usage?startDate=2025-06-01&endDate=2025-06-01", headers=AUTH
    )
    assert len(rows_of(usage)) == 48
