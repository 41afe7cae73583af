"""Each fault on demand, and the truth untouched by all of them."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from home_energy.demo.amber_server import create_amber_app
from home_energy.demo.clocks import SteppedClock
from home_energy.demo.faults import KNOWN_FAULTS, Faults, parse_faults
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SITE_ID, SyntheticMarket
from home_energy.errors import DataError

AUTH = {"Authorization": "Bearer t"}
NOW = datetime(2025, 6, 17, 6, 20, 5, tzinfo=UTC)
SITE = f"/v1/sites/{SITE_ID}"
CURRENT = f"{SITE}/prices/current?next=20&previous=12"
USAGE = f"{SITE}/usage?startDate=2025-06-10&endDate=2025-06-10"

MARKET = SyntheticMarket(SyntheticHome(0))

Make = Callable[..., tuple[FlaskClient, Faults, SteppedClock]]


@pytest.fixture
def make() -> Make:
    def build(listing: str, **options: Any) -> tuple[FlaskClient, Faults, SteppedClock]:
        faults = parse_faults(listing, **options)
        clock = SteppedClock(NOW)
        app = create_amber_app(MARKET, clock, faults, token="t")
        return app.test_client(), faults, clock

    return build


@pytest.fixture
def honest() -> str:
    app = create_amber_app(MARKET, SteppedClock(NOW), token="t")
    return app.test_client().get(CURRENT, headers=AUTH).text


def test_quota_429_says_when_to_return(make: Make) -> None:
    client, _, _ = make("quota_429=1")

    response = client.get(CURRENT, headers=AUTH)

    assert response.status_code == 429
    assert response.headers["RateLimit-Remaining"] == "0"
    assert response.headers["RateLimit-Reset"] == "295"


def test_gateway_429_has_31_bytes_and_no_quota(make: Make) -> None:
    client, _, _ = make("gateway_429=1")

    response = client.get(CURRENT, headers=AUTH)

    assert response.status_code == 429
    assert len(response.data) == 31
    assert response.headers["x-amzn-ErrorType"] == "TooManyRequestsException"
    assert not any(name.startswith("RateLimit") for name, _ in response.headers)


@pytest.mark.parametrize(
    ("name", "status", "mimetype"),
    [("http_500", 500, "application/json"), ("http_502", 502, "text/html")],
)
def test_server_errors(make: Make, name: str, status: int, mimetype: str) -> None:
    client, _, _ = make(f"{name}=1")

    response = client.get(CURRENT, headers=AUTH)

    assert (response.status_code, response.mimetype) == (status, mimetype)


def test_hang_holds_the_answer_until_it_is_released(make: Make, honest: str) -> None:
    client, faults, _ = make("hang=1", hang_seconds=3600.0)
    answers: list[str] = []
    caller = threading.Thread(
        target=lambda: answers.append(client.get(CURRENT, headers=AUTH).text)
    )
    caller.start()

    caller.join(timeout=0.2)
    held = caller.is_alive()
    faults.release()
    caller.join(timeout=60)

    assert held
    assert answers == [honest]


def test_hang_ends_by_itself(make: Make, honest: str) -> None:
    client, _, _ = make("hang=1", hang_seconds=0.01)

    assert client.get(CURRENT, headers=AUTH).text == honest


def test_released_hang_holds_no_more(make: Make, honest: str) -> None:
    client, faults, _ = make("hang=1", hang_seconds=3600.0)
    faults.release()

    assert client.get(CURRENT, headers=AUTH).text == honest


def test_truncated_is_the_beginning_of_the_answer(make: Make, honest: str) -> None:
    client, _, _ = make("truncated=1")

    text = client.get(CURRENT, headers=AUTH).text

    assert honest.startswith(text)
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)


def test_closed_only_touches_sites_alone(make: Make, honest: str) -> None:
    client, _, _ = make("closed_only=1")

    sites = client.get("/v1/sites", headers=AUTH).get_json()

    assert [site["status"] for site in sites] == ["closed"]
    assert client.get(CURRENT, headers=AUTH).text == honest


def test_missing_rows_come_back(make: Make, honest: str) -> None:
    client, faults, _ = make("missing=1")

    spoiled = client.get(CURRENT, headers=AUTH).get_json()
    faults.is_on = False
    later = client.get(CURRENT, headers=AUTH).text

    truth = json.loads(honest)
    assert 0 < len(spoiled) < len(truth)
    assert all(row in truth for row in spoiled)
    assert later == honest


def test_missing_differs_from_answer_to_answer(make: Make) -> None:
    client, _, _ = make("missing=1")

    assert client.get(USAGE, headers=AUTH).text != client.get(USAGE, headers=AUTH).text


def test_duplicated_rows_are_equal_rows(make: Make, honest: str) -> None:
    client, _, _ = make("duplicated=1")

    spoiled = client.get(CURRENT, headers=AUTH).get_json()

    counts = Counter(json.dumps(row) for row in spoiled)
    assert set(counts.values()) == {1, 2}
    assert [json.loads(row) for row in counts] == json.loads(honest)


@pytest.mark.parametrize("path", ["/v1/sites", CURRENT, USAGE])
def test_empty(make: Make, path: str) -> None:
    client, _, _ = make("empty=1")

    response = client.get(path, headers=AUTH)

    assert (response.status_code, response.text) == (200, "[]")


def test_actual_only(make: Make) -> None:
    client, _, _ = make("actual_only=1")

    rows = client.get(CURRENT, headers=AUTH).get_json()

    assert {row["type"] for row in rows} == {"ActualInterval"}


@pytest.mark.parametrize("path", ["/v1/sites", USAGE])
def test_actual_only_touches_prices_alone(make: Make, path: str) -> None:
    spoiled, _, _ = make("actual_only=1")
    untouched, _, _ = make("")

    answer = spoiled.get(path, headers=AUTH).text

    assert answer == untouched.get(path, headers=AUTH).text


def test_unknown_word(make: Make, honest: str) -> None:
    client, _, _ = make("unknown_word=1")

    rows = client.get(CURRENT, headers=AUTH).get_json()

    assert "balmy" in {row["descriptor"] for row in rows}
    assert {row["perKwh"] for row in rows} == {
        row["perKwh"] for row in json.loads(honest)
    }


def test_nulls(make: Make, honest: str) -> None:
    client, _, _ = make("nulls=1")

    rows = client.get(CURRENT, headers=AUTH).get_json()

    assert any(row["tariffInformation"] is None for row in rows)
    kept = [
        {key: value for key, value in row.items() if value is not None} for row in rows
    ]
    assert kept == json.loads(honest)


def test_late_confirmation_belongs_to_the_interval(make: Make) -> None:
    client, faults, clock = make("late_confirmation=1")
    start = datetime(2025, 6, 17, 6, 20, tzinfo=UTC)
    due = MARKET.confirmed_at(start, 5)
    lateness = faults.lateness(start)

    def estimates() -> set[bool]:
        rows = client.get(CURRENT, headers=AUTH).get_json()
        return {row["estimate"] for row in rows if "estimate" in row}

    def is_told() -> bool:
        rows = client.get(CURRENT, headers=AUTH).get_json()
        actual = [row for row in rows if row["type"] != "ForecastInterval"]
        final = [row for row in actual if not row.get("estimate")]
        return "2025-06-17T06:25:00Z" in {row["endTime"] for row in final}

    clock.advance((due - clock.now()).total_seconds() + 1)
    at_due = estimates()
    clock.advance((lateness - timedelta(seconds=2)).total_seconds())
    just_before = is_told()
    clock.advance(2)
    after = is_told()

    assert timedelta(minutes=1) <= lateness <= timedelta(minutes=10)
    assert faults.lateness(start) == lateness
    assert at_due == {True}
    assert (just_before, after) == (False, True)
    faults.is_on = False
    assert faults.lateness(start) == timedelta(0)


def test_price_that_is_very_late_stays_out_of_the_rows_before(make: Make) -> None:
    client, faults, clock = make("late_confirmation=1", late_minutes=40)
    boundary = datetime(2025, 6, 17, 6, 25, tzinfo=UTC)
    while faults.lateness(boundary) < timedelta(minutes=30):
        boundary += timedelta(minutes=5)
    end = f"{boundary + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"

    def ends() -> set[str]:
        rows = client.get(CURRENT, headers=AUTH).get_json()
        return {row["endTime"] for row in rows if row["type"] == "ActualInterval"}

    clock.advance((boundary - NOW).total_seconds() + 25 * 60)
    at_25_minutes = ends()
    clock.advance(20 * 60)
    at_45_minutes = ends()

    assert end not in at_25_minutes
    assert end in at_45_minutes


def test_all_faults_leave_the_truth_alone(make: Make) -> None:
    client, faults, clock = make("all=0.07", hang_seconds=0.0)
    honest_clock = SteppedClock(NOW)
    honest_client = create_amber_app(MARKET, honest_clock, token="t").test_client()
    seen = Counter[int]()

    for _ in range(150):
        seen[client.get(CURRENT, headers=AUTH).status_code] += 1
        clock.advance(60)
        honest_clock.advance(60)
    faults.is_on = False
    clock.advance(3600)
    honest_clock.advance(3600)

    assert {200, 429, 500, 502} <= set(seen)
    for path in (CURRENT, USAGE, "/v1/sites"):
        assert (
            client.get(path, headers=AUTH).text
            == honest_client.get(path, headers=AUTH).text
        )


def test_same_seed_gives_the_same_faults() -> None:
    first, second, other = (parse_faults("all", seed=seed) for seed in (5, 5, 6))

    drawn = [[faults.draw("prices") for _ in range(200)] for faults in (first, second)]

    assert drawn[0] == drawn[1]
    assert drawn[0] != [other.draw("prices") for _ in range(200)]


def test_rate_is_the_share_of_answers() -> None:
    faults = Faults({"http_500": 0.2})

    hits = sum(faults.draw("prices") == "http_500" for _ in range(5000))

    assert hits / 5000 == pytest.approx(0.2, abs=0.02)  # 3.5 standard errors


def test_faults_are_off_by_default_and_can_be_switched() -> None:
    faults = parse_faults("http_500=1")

    assert Faults().draw("prices") is None
    assert faults.draw("prices") == "http_500"
    faults.is_on = False
    assert faults.draw("prices") is None


def test_listing_of_names_and_rates() -> None:
    assert parse_faults("").rates == {}
    assert parse_faults(" http_500, missing=0.2 ").rates == {
        "http_500": 0.05,
        "missing": 0.2,
    }
    assert set(parse_faults("all").rates) == set(KNOWN_FAULTS)


def test_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(DataError) as caught:
        parse_faults("trunkated")

    message = str(caught.value)
    assert "did you mean truncated?" in message
    assert all(name in message for name in KNOWN_FAULTS)


@pytest.mark.parametrize("listing", ["hang=often", "hang=1.5", "hang=-1", "hang=nan"])
def test_impossible_rate_is_refused(listing: str) -> None:
    with pytest.raises(DataError, match="fault hang"):
        parse_faults(listing)


def test_rates_that_sum_to_more_than_one_are_refused() -> None:
    with pytest.raises(DataError, match=r"sum to 1\.30"):
        parse_faults("http_500=0.7,hang=0.6,late_confirmation=1")


def test_lateness_beyond_what_answers_look_back_is_refused() -> None:
    with pytest.raises(DataError, match="late_minutes must be 0 to 40, got 90"):
        Faults({"late_confirmation": 1.0}, late_minutes=90)
