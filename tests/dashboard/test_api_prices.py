"""`/api/v1/prices` and `/api/v1/forecasts`: what is missing is said to be missing."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from home_energy.dashboard.api.openapi import document
from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.price import Channel, Quality
from tests.dashboard.recorded_home import (
    FIVE_MINUTES,
    NOON,
    RecordedHome,
    price,
    price_run,
)


@pytest.fixture
def home(tmp_path: Path) -> RecordedHome:
    return RecordedHome(tmp_path)


def ask(home: RecordedHome, path: str, **query: str) -> dict[str, Any]:
    answer = home.client().get(f"/api/v1/{path}", query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    body: dict[str, Any] = answer.get_json()
    return body


def issue(issued_at: datetime, c_per_kwh: float) -> list[Forecast]:
    point = ForecastPoint(NOON, 30, c_per_kwh)
    return [Forecast(channel, issued_at, (point,)) for channel in Channel]


def test_a_hole_is_a_gap_and_not_a_price(home: RecordedHome) -> None:
    # 11:00 to 11:15 and 11:25 to 12:00 are on record, 11:15 to 11:25 is not.
    first, second = NOON - timedelta(hours=1), NOON - timedelta(minutes=35)
    home.save(price_run(first, [20.0] * 3) + price_run(second, [30.0] * 7))

    answer = ask(
        home, "prices", start="2026-11-22T00:00:00Z", end="2026-11-22T12:00:00+11:00"
    )

    assert [row["c_per_kwh"] for row in answer["prices"]] == [20.0] * 3 + [30.0] * 7
    assert answer["coverage"]["gaps"] == [
        {
            "start_utc": "2026-11-22T00:15:00Z",
            "end_utc": "2026-11-22T00:25:00Z",
            "duration_minutes": 10.0,
        }
    ]
    assert answer["coverage"]["expected_minutes"] == 60
    assert answer["coverage"]["covered_minutes"] == 50
    # 50 of 60 minutes
    assert answer["coverage"]["covered_fraction"] == pytest.approx(0.8333, abs=1e-4)


def test_an_interval_that_reaches_into_the_period_belongs_to_it(
    home: RecordedHome,
) -> None:
    home.save([price(NOON - timedelta(minutes=30), 20.0, minutes=30)])

    answer = ask(
        home, "prices", start="2026-11-22T00:47:00Z", end="2026-11-22T01:00:00Z"
    )

    assert [row["start_utc"] for row in answer["prices"]] == ["2026-11-22T00:30:00Z"]
    assert answer["coverage"]["gaps"] == []
    assert answer["coverage"]["covered_minutes"] == 13


def test_an_interval_that_ended_before_the_period_does_not(home: RecordedHome) -> None:
    home.save(price_run(NOON - timedelta(minutes=10), [20.0, 21.0]))

    answer = ask(home, "prices", start="2026-11-22T00:55:00Z")

    assert [row["c_per_kwh"] for row in answer["prices"]] == [21.0]


def test_what_is_yet_to_come_is_not_missed(home: RecordedHome) -> None:
    # At 12:02 the interval from 12:00 is not over; only up to 12:00 is expected.
    home.clock.time = NOON + timedelta(minutes=2)
    home.save(price_run(NOON - timedelta(minutes=10), [20.0, 21.0]))

    answer = ask(
        home, "prices", start="2026-11-22T00:50:00Z", end="2026-11-22T05:00:00Z"
    )

    assert answer["coverage"]["end_utc"] == "2026-11-22T01:00:00Z"
    assert answer["coverage"]["gaps"] == []


def test_an_interval_that_is_over_and_absent_is_missed(home: RecordedHome) -> None:
    home.clock.time = NOON + timedelta(minutes=5)
    home.save(price_run(NOON - timedelta(minutes=10), [20.0, 21.0]))

    answer = ask(home, "prices", start="2026-11-22T00:50:00Z")

    assert answer["coverage"]["gaps"][0]["start_utc"] == "2026-11-22T01:00:00Z"
    assert answer["coverage"]["gaps"][0]["end_utc"] == "2026-11-22T01:05:00Z"


def test_estimates_are_counted(home: RecordedHome) -> None:
    estimate = price(NOON - FIVE_MINUTES, 22.0, quality=Quality.ESTIMATE)
    home.save([*price_run(NOON - 2 * FIVE_MINUTES, [20.0]), estimate])

    answer = ask(home, "prices", start="2026-11-22T00:50:00Z")

    assert answer["coverage"]["covered_minutes"] == 10
    assert answer["coverage"]["estimated_minutes"] == 5


def test_unless_asked_otherwise_it_is_the_last_day_of_the_import(
    home: RecordedHome,
) -> None:
    home.save([price(NOON, 25.5), price(NOON, 5.0, Channel.FEED_IN)])

    answer = ask(home, "prices")

    assert answer["channel"] == "general"
    assert answer["start_utc"] == "2026-11-21T01:00:00Z"
    assert answer["end_utc"] == "2026-11-22T01:00:00Z"


def test_a_channel_without_prices_is_empty_and_all_gap(home: RecordedHome) -> None:
    home.save([price(NOON, 25.5)])

    answer = ask(home, "prices", channel="feed_in", start="2026-11-22T00:00:00Z")

    assert answer["prices"] == []
    assert answer["coverage"]["covered_fraction"] == 0.0


def test_without_a_trusted_time_the_record_ends_the_period(home: RecordedHome) -> None:
    home.clock.synchronised = False
    home.clock.time = NOON + timedelta(days=40)
    home.save(price_run(NOON - timedelta(hours=1), [20.0] * 12))

    answer = ask(home, "prices", start="2026-11-22T00:00:00Z")

    assert answer["end_utc"] == "2026-11-22T01:00:00Z"
    assert answer["coverage"]["gaps"] == []


def test_forecasts_come_as_they_were_issued(home: RecordedHome) -> None:
    for minutes, value in ((50, 10.0), (20, 11.0), (0, 12.0)):
        issued_at = NOON - timedelta(minutes=minutes)
        home.store.forecasts.save(home.site_key, issue(issued_at, value))

    answer = ask(
        home, "forecasts", start="2026-11-22T00:10:00Z", end="2026-11-22T01:00:00Z"
    )

    # The last was issued at the very end, which is not included.
    assert [
        (issue["issued_at_utc"], issue["points"][0]["c_per_kwh"])
        for issue in answer["forecasts"]
    ] == [("2026-11-22T00:10:00Z", 10.0), ("2026-11-22T00:40:00Z", 11.0)]


def test_what_was_known_at_an_instant_is_nothing_later(home: RecordedHome) -> None:
    for minutes, value in ((50, 10.0), (20, 11.0)):
        issued_at = NOON - timedelta(minutes=minutes)
        home.store.forecasts.save(home.site_key, issue(issued_at, value))

    answer = ask(home, "forecasts", at="2026-11-22T00:39:59Z", channel="feed_in")

    assert len(answer["forecasts"]) == 1
    assert answer["forecasts"][0]["issued_at_utc"] == "2026-11-22T00:10:00Z"
    assert answer["at_utc"] == "2026-11-22T00:39:59Z"
    assert answer["start_utc"] is None


def test_before_the_first_forecast_nothing_was_known(home: RecordedHome) -> None:
    home.store.forecasts.save(home.site_key, issue(NOON, 10.0))

    assert ask(home, "forecasts", at="2026-11-22T00:59:59Z")["forecasts"] == []


@pytest.fixture(scope="module")
def holed_home(tmp_path_factory: pytest.TempPathFactory) -> RecordedHome:
    """Six hours of which every fourth five minutes are missing."""
    home = RecordedHome(tmp_path_factory.mktemp("home"))
    every = price_run(NOON - timedelta(hours=6), [20.0] * 72)
    home.save([row for number, row in enumerate(every) if number % 4 != 3])
    return home


@given(start_minutes=st.integers(-500, 60), length_minutes=st.integers(1, 600))
@settings(max_examples=60, deadline=None)
def test_what_is_covered_and_what_is_missing_make_the_whole(
    holed_home: RecordedHome, start_minutes: int, length_minutes: int
) -> None:
    start = NOON + timedelta(minutes=start_minutes)
    end = start + timedelta(minutes=length_minutes)

    answer = ask(holed_home, "prices", start=start.isoformat(), end=end.isoformat())

    coverage = answer["coverage"]
    missing_minutes = sum(gap["duration_minutes"] for gap in coverage["gaps"])
    assert coverage["covered_minutes"] + missing_minutes == coverage["expected_minutes"]
    assert all(row["c_per_kwh"] == 20.0 for row in answer["prices"])
    schema = {"$ref": "#/components/schemas/PricesAnswer", **document()}
    jsonschema.Draft202012Validator(schema).validate(answer)
