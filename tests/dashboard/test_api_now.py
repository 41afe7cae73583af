"""`/api/v1/now`: a price that is not for now cannot be read as one."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.price import Channel, Quality
from home_energy.domain.verdict import Decision, PriceLevels, Verdict, VerdictBasis
from tests.dashboard.recorded_home import (
    CANARY_TOKEN,
    FIVE_MINUTES,
    NOON,
    SITE,
    RecordedHome,
    price,
)


@pytest.fixture
def home(tmp_path: Path) -> RecordedHome:
    return RecordedHome(tmp_path)


def now_of(home: RecordedHome) -> dict[str, Any]:
    answer = home.client().get("/api/v1/now")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.get_json()
    return body


def decide_cheap(home: RecordedHome, at: datetime) -> None:
    levels = PriceLevels(cheap_below_c_per_kwh=18.0, expensive_above_c_per_kwh=40.0)
    decision = Decision(Verdict.CHEAP, VerdictBasis.OWN_HISTORY, at, at, levels)
    home.store.verdicts.save(home.site_key, decision)


def forecast_from(
    start: datetime, values_c_per_kwh: list[float], channel: Channel = Channel.GENERAL
) -> Forecast:
    points = tuple(
        ForecastPoint(
            start=start + i * timedelta(minutes=30),
            duration_minutes=30,
            c_per_kwh=value,
            predicted_c_per_kwh=value + 1,
            low_c_per_kwh=value - 2,
            high_c_per_kwh=value + 4,
        )
        for i, value in enumerate(values_c_per_kwh)
    )
    return Forecast(channel, NOON - timedelta(minutes=1), points)


def test_a_fresh_price_is_current(home: RecordedHome) -> None:
    home.save([price(NOON, 25.5)])

    general = now_of(home)["general"]

    assert general["freshness"] == "fresh"
    assert general["age_seconds"] == 0.0
    assert general["current"]["c_per_kwh"] == 25.5
    assert general["current"]["spot_c_per_kwh"] == 12.75
    assert general["current"]["start_utc"] == "2026-11-22T01:00:00Z"
    assert general["current"]["end_utc"] == "2026-11-22T01:05:00Z"
    assert general["current"]["quality"] == "actual"
    assert general["current"]["descriptor"] == "neutral"
    assert general["good_until_utc"] == "2026-11-22T01:05:00Z"


@pytest.mark.parametrize(
    ("minutes_since_end", "freshness"), [(7, "stale"), (31, "old"), (3000, "old")]
)
def test_a_price_past_its_time_is_last_known_and_not_current(
    home: RecordedHome, minutes_since_end: int, freshness: str
) -> None:
    start = NOON - FIVE_MINUTES - timedelta(minutes=minutes_since_end)
    home.save([price(start, 25.5)], known_at=start)
    decide_cheap(home, start)

    answer = now_of(home)

    assert answer["general"]["freshness"] == freshness
    assert answer["general"]["age_seconds"] == minutes_since_end * 60
    assert answer["general"]["current"] is None
    assert answer["general"]["last_known"]["c_per_kwh"] == 25.5
    assert answer["verdict"] is None


def test_without_a_trusted_time_nothing_is_current(home: RecordedHome) -> None:
    home.clock.synchronised = False
    home.save([price(NOON, 25.5)])
    decide_cheap(home, NOON)
    home.store.forecasts.save(home.site_key, [forecast_from(NOON, [10.0, 11.0])])

    answer = now_of(home)

    assert answer["time_utc"] is None
    assert answer["general"]["freshness"] == "checking_time"
    assert answer["general"]["age_seconds"] is None
    assert answer["general"]["current"] is None
    assert answer["general"]["next"] == []
    assert answer["verdict"] is None
    assert answer["cheapest_run"] is None


def test_before_the_first_price_all_is_null(home: RecordedHome) -> None:
    answer = now_of(home)

    assert answer["general"] == {
        "freshness": "none",
        "age_seconds": None,
        "good_until_utc": None,
        "known_at_utc": None,
        "current": None,
        "last_known": None,
        "forecast_issued_at_utc": None,
        "next": [],
    }
    assert answer["feed_in"] is None
    assert answer["controlled_load"] is None


def test_before_the_first_contact_there_is_no_site(tmp_path: Path) -> None:
    answer = now_of(RecordedHome(tmp_path, has_site=False))

    assert answer["site_id"] is None
    assert answer["general"]["current"] is None


def test_the_verdict_stands_beside_a_fresh_price(home: RecordedHome) -> None:
    home.save([price(NOON, 15.0)])
    decide_cheap(home, NOON)

    assert now_of(home)["verdict"] == {
        "verdict": "cheap",
        "basis": "own_history",
        "since_utc": "2026-11-22T01:00:00Z",
        "decided_at_utc": "2026-11-22T01:00:00Z",
        "levels": {"cheap_below_c_per_kwh": 18.0, "expensive_above_c_per_kwh": 40.0},
    }


def test_a_verdict_on_the_price_before_does_not_stand_beside_this_one(
    home: RecordedHome,
) -> None:
    home.save([price(NOON, 95.0)])
    decide_cheap(home, NOON - timedelta(minutes=1))

    assert now_of(home)["verdict"] is None


def test_what_comes_next_leaves_out_what_is_over_and_what_is_now(
    home: RecordedHome,
) -> None:
    home.save([price(NOON, 25.5)])
    # 11:30 is over, 12:00 holds now, 12:30 and 1:00 come.
    forecast = forecast_from(NOON - timedelta(minutes=30), [9.0, 10.0, 11.0, 12.0])
    home.store.forecasts.save(home.site_key, [forecast])

    general = now_of(home)["general"]

    assert [row["c_per_kwh"] for row in general["next"]] == [11.0, 12.0]
    assert [row["best_c_per_kwh"] for row in general["next"]] == [12.0, 13.0]
    first = general["next"][0]
    assert first["start_utc"] == "2026-11-22T01:30:00Z"
    assert (first["low_c_per_kwh"], first["high_c_per_kwh"]) == (9.0, 15.0)
    assert general["forecast_issued_at_utc"] == "2026-11-22T00:59:00Z"


def test_channels_do_not_mix(home: RecordedHome) -> None:
    home.save([price(NOON, 25.5), price(NOON, -3.25, Channel.FEED_IN)])

    answer = now_of(home)

    assert answer["general"]["current"]["c_per_kwh"] == 25.5
    assert answer["feed_in"]["current"]["c_per_kwh"] == -3.25
    assert answer["controlled_load"] is None


def test_an_estimate_is_called_one(home: RecordedHome) -> None:
    home.save([price(NOON, 25.5, quality=Quality.ESTIMATE)])

    assert now_of(home)["general"]["current"]["quality"] == "estimate"


def test_neither_the_token_nor_the_meter_is_named(home: RecordedHome) -> None:
    home.save([price(NOON, 25.5)])

    for path in ("now", "prices", "forecasts", "health", "openapi.json"):
        text = home.client().get(f"/api/v1/{path}").get_data(as_text=True)
        assert CANARY_TOKEN not in text
        assert SITE.nmi not in text


def test_another_source_than_amber_is_a_demonstration(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path, base_url="http://localhost:5051/v1/")

    assert now_of(home)["is_demo"] is True


@given(
    kept=st.lists(st.booleans(), min_size=3, max_size=3),
    age_minutes=st.integers(0, 90),
    synchronised=st.booleans(),
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_is_dropped_never_becomes_a_number(
    tmp_path_factory: pytest.TempPathFactory,
    kept: list[bool],
    age_minutes: int,
    synchronised: bool,  # noqa: FBT001
) -> None:
    home = RecordedHome(tmp_path_factory.mktemp("home"))
    home.clock.synchronised = synchronised
    start = NOON - timedelta(minutes=age_minutes)
    channels = [
        channel for channel, is_kept in zip(Channel, kept, strict=True) if is_kept
    ]
    home.save([price(start, 33.0, channel) for channel in channels], known_at=start)
    decide_cheap(home, start)

    answer = now_of(home)

    # A price holds 5 min and is advised on until 6 min after that.
    is_current = synchronised and age_minutes <= 11
    for channel in Channel:
        found = answer[channel.value] or {"current": None, "last_known": None}
        assert (found["last_known"] is not None) == (channel in channels)
        assert (found["current"] is not None) == (channel in channels and is_current)
        for row in (found["current"], found["last_known"]):
            assert row is None or row["c_per_kwh"] == 33.0
    has_verdict = is_current and Channel.GENERAL in channels
    assert (answer["verdict"] is not None) == has_verdict
