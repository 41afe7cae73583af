"""Health: each trouble is told with what to do, and all is well when it is."""

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from home_energy.dashboard.health.finding import DiskSpace, Facts, Severity
from home_energy.dashboard.health.findings import findings, health_status
from home_energy.dashboard.now import ChannelNow, Now
from home_energy.domain.coverage import Coverage, Gap
from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.freshness import price_age
from home_energy.domain.meter import MeterReading
from home_energy.domain.notice import TASK_NOTIFY
from home_energy.domain.price import Channel, Quality
from home_energy.errors import (
    HomeEnergyError,
    RateLimited,
    SourceAuthError,
    SourceDataError,
    SourceUnavailable,
)
from home_energy.store import SourceStatus
from tests.dashboard.recorded_home import (
    CANARY_TOKEN,
    NOON,
    SITE,
    RecordedHome,
    price,
    price_run,
)

WORKING = SourceStatus("amber", "prices now", last_success=NOON)


def failing(error: type[HomeEnergyError], task: str = "prices now") -> SourceStatus:
    return SourceStatus(
        "amber",
        task,
        last_success=NOON - timedelta(hours=3),
        failing_since=NOON - timedelta(hours=2),
        last_failure=NOON,
        failure_kind=error.__name__,
        failure_message="the message",
    )


def moment(
    *statuses: SourceStatus,
    age: timedelta = timedelta(0),
    time: datetime | None = NOON,
) -> Now:
    """A home at noon whose last price ended `age` ago."""
    newest = price(NOON - age - timedelta(minutes=5), 25.0)
    channels = {
        Channel.GENERAL: ChannelNow(newest, NOON, price_age(newest, NOON, time))
    }
    forecast = Forecast(Channel.GENERAL, NOON, (ForecastPoint(NOON, 30, 20.0),))
    return Now(
        time=time,
        site=SITE,
        channels=channels,
        decision=None,
        forecasts={Channel.GENERAL: forecast} if time else {},
        cheapest=None,
        statuses=list(statuses),
        is_demo=False,
    )


def facts(**known: Any) -> Facts:
    usual: dict[str, Any] = {
        "zone": ZoneInfo("Australia/Sydney"),
        "is_demo": False,
        "has_token": True,
        "is_synchronised": True,
        "machine_time": NOON,
        "disk": DiskSpace(8_000_000_000, 16_000_000_000),
    }
    return Facts(**{**usual, **known})


def codes(now: Now | None, known: Facts) -> list[tuple[str, str]]:
    return [(f.code, f.severity.value) for f in findings(now, known)]


def test_when_all_is_well_there_is_nothing_to_say() -> None:
    assert findings(moment(WORKING), facts()) == []
    assert health_status(moment(WORKING), []) == "ok"


@pytest.mark.parametrize(
    ("error", "code", "severity", "what"),
    [
        (
            SourceAuthError,
            "token_refused",
            "problem",
            "Amber has refused the token",
        ),
        (
            SourceUnavailable,
            "source_unavailable",
            "warning",
            "Amber has not been reached",
        ),
        (
            RateLimited,
            "rate_limited",
            "warning",
            "Amber has asked us to wait",
        ),
        (
            SourceDataError,
            "source_answer_wrong",
            "warning",
            "Amber has answered in a way this program does not understand",
        ),
        (
            HomeEnergyError,
            "source_failed",
            "warning",
            "Amber has failed",
        ),
    ],
)
def test_a_source_that_fails_is_told_with_its_kind(
    error: type[HomeEnergyError], code: str, severity: str, what: str
) -> None:
    (found,) = findings(moment(failing(error)), facts())

    assert (found.code, found.severity) == (code, severity)
    assert found.what == f"{what} since 10:00 am"
    assert found.where == "Amber: prices now"


def test_without_a_price_a_silent_source_is_a_problem_and_told_first() -> None:
    now = moment(failing(SourceUnavailable), age=timedelta(hours=2))

    assert codes(now, facts()) == [
        ("source_unavailable", "problem"),
        ("price_old", "problem"),
    ]


def test_tasks_that_fail_alike_are_told_as_one() -> None:
    now = moment(failing(SourceUnavailable), failing(SourceUnavailable, "usage"))

    (found,) = findings(now, facts())

    assert found.where == "Amber: prices now, usage"


def test_no_token_is_told_before_the_collector_is_blamed() -> None:
    now = moment()

    assert codes(now, facts(has_token=False)) == [("no_token", "problem")]


def test_a_token_that_only_the_collector_knows_is_enough() -> None:
    assert codes(moment(WORKING), facts(has_token=False)) == []


def test_a_demonstration_needs_no_token() -> None:
    known = facts(has_token=False, is_demo=True)

    assert codes(moment(WORKING), known) == [("demo", "note")]


def test_a_collector_that_stopped_asking_is_told() -> None:
    quiet = SourceStatus("amber", "prices now", NOON - timedelta(minutes=21))

    (found,) = findings(moment(quiet), facts())

    assert found.code == "collector_silent"
    assert found.what == "Nobody has asked for prices since 11:39 am"


def test_a_collector_that_fails_is_not_called_silent() -> None:
    assert ("collector_silent", "problem") not in codes(
        moment(failing(SourceAuthError)), facts()
    )


def test_a_phone_that_gets_no_message_is_told_and_is_not_amber() -> None:
    unreached = replace(
        failing(SourceAuthError, TASK_NOTIFY),
        source="ntfy",
        last_success=NOON,
        failure_message="ntfy answered a message with 403; check NTFY_TOKEN",
    )

    assert codes(moment(unreached, WORKING), facts()) == [
        ("notification_failed", "warning")
    ]
    # That ntfy was asked just now says nothing about the collector.
    assert ("collector_silent", "problem") in codes(moment(unreached), facts())


def test_an_unsure_time_is_a_problem() -> None:
    now = moment(WORKING, time=None)

    assert codes(now, facts()) == [("clock_not_trusted", "problem")]
    assert health_status(now, findings(now, facts())) == "down"


@pytest.mark.parametrize(
    ("ahead", "told"),
    [
        (timedelta(seconds=60), None),
        (timedelta(minutes=7), "7 min fast"),
        (-timedelta(hours=2), "2 h slow"),
    ],
)
def test_a_clock_that_differs_is_told_by_how_much(
    ahead: timedelta, told: str | None
) -> None:
    found = findings(moment(WORKING), facts(machine_time=NOON + ahead))

    assert [f.code for f in found] == ([] if told is None else ["clock_differs"])
    assert told is None or told in found[0].what


@pytest.mark.parametrize(
    ("age", "expected", "status"),
    [
        (timedelta(minutes=6), [], "ok"),
        (timedelta(minutes=7), [("price_stale", "warning")], "degraded"),
        (timedelta(minutes=31), [("price_old", "problem")], "down"),
    ],
)
def test_a_late_price_is_told_by_the_ladder(
    age: timedelta, expected: list[tuple[str, str]], status: str
) -> None:
    now = moment(WORKING, age=age)

    assert codes(now, facts()) == expected
    assert health_status(now, findings(now, facts())) == status


@pytest.mark.parametrize(
    ("free_bytes", "severity"),
    [(1_000_000_000, None), (999_999_999, "warning"), (99_999_999, "problem")],
)
def test_a_disk_that_fills_is_told_in_time(
    free_bytes: int, severity: str | None
) -> None:
    known = facts(disk=DiskSpace(free_bytes, 16_000_000_000))

    expected = [] if severity is None else [("disk_nearly_full", severity)]
    assert codes(moment(WORKING), known) == expected


def covering(channel: Channel, *gaps: Gap) -> Coverage:
    start = NOON - timedelta(days=7)
    missing = sum(gap.length.total_seconds() // 60 for gap in gaps)
    return Coverage(channel, start, NOON, 10080 - int(missing), 0, gaps)


@pytest.mark.parametrize(("days_ago", "severity"), [(0.5, "note"), (2, "warning")])
def test_gaps_are_told_once_for_channels_that_miss_the_same(
    days_ago: float, severity: str
) -> None:
    start = NOON - timedelta(days=days_ago)
    gap = Gap(start, start + timedelta(minutes=85))
    coverages = (covering(Channel.GENERAL, gap), covering(Channel.FEED_IN, gap))

    (found,) = findings(moment(WORKING), facts(coverages=coverages))

    assert (found.code, found.severity) == ("gaps", severity)
    assert found.what == "1 h 25 min of the last 7 days are not on record"
    assert found.where == "import and feed-in prices"


@pytest.mark.parametrize(("days", "expected"), [(2, []), (4, ["usage_late"])])
def test_usage_that_stays_away_is_told(days: int, expected: list[str]) -> None:
    known = facts(last_reading_end=NOON - timedelta(days=days))

    assert [code for code, _ in codes(moment(WORKING), known)] == expected


def test_what_matters_most_comes_first() -> None:
    now = moment(failing(RateLimited), age=timedelta(minutes=7))
    known = facts(is_demo=True, disk=DiskSpace(1, 16_000_000_000))

    severities = [f.severity for f in findings(now, known)]

    assert severities == sorted(severities, key=list(Severity).index)
    assert severities[0] is Severity.PROBLEM
    assert severities[-1] is Severity.NOTE


def test_a_store_that_cannot_be_read_is_all_there_is_to_say() -> None:
    known = facts(store_error="home.sqlite: gone; bring it back")

    (found,) = findings(None, known)

    assert found.code == "store_unreadable"
    assert found.do == "home.sqlite: gone; bring it back."
    assert health_status(None, [found]) == "down"


# ---- the page and the API ----


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecordedHome:
    usage = shutil._ntuple_diskusage(16_000_000_000, 8_000_000_000, 8_000_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    home = RecordedHome(tmp_path)
    home.save(price_run(NOON - timedelta(days=8), [20.0] * (8 * 288 + 1)))
    point = ForecastPoint(NOON + timedelta(minutes=30), 30, 20.0)
    home.store.forecasts.save(
        home.site_key, [Forecast(Channel.GENERAL, NOON, (point,))]
    )
    home.is_collecting()
    return home


def health_of(home: RecordedHome) -> tuple[int, dict[str, Any]]:
    answer = home.client().get("/api/v1/health")
    assert answer.content_type == "application/json"
    body: dict[str, Any] = answer.get_json()
    return answer.status_code, body


def test_a_healthy_home_is_ok(home: RecordedHome) -> None:
    status, body = health_of(home)

    assert (status, body["status"], body["findings"]) == (200, "ok", [])
    assert body["clock"] == {
        "time_utc": "2026-11-22T01:00:00Z",
        "is_trusted": True,
        "is_synchronised": True,
        "machine_ahead_seconds": 0.0,
    }
    assert body["coverage"][0]["covered_fraction"] == 1.0
    assert body["store"]["disk_free_fraction"] == 0.5
    assert body["store"]["schema_number"] == home.store.schema_number()


def test_a_healthy_home_shows_what_is_known(home: RecordedHome) -> None:
    text = home.client().get("/health").get_data(as_text=True)

    told = dict(re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", text))
    assert "<h1>All is well</h1>" in text
    assert told["Last price"] == "20.0c at 12:00 pm"
    assert told["Forecast"] == "until 1:00 pm"
    assert told["Usage"] == "none yet"
    assert told["On record"] == "since 14 Nov 2026"
    assert told["Disk"] == "8.0 GB free"
    assert told["Clock"] == "from the network"


def test_a_source_that_is_down_degrades_and_is_still_200(home: RecordedHome) -> None:
    error = SourceAuthError("Amber prices: refused (403); make a new token")
    home.store.sources.record_failure("amber", "prices now", NOON, error)

    status, body = health_of(home)

    assert (status, body["status"]) == (200, "degraded")
    assert body["findings"][0]["code"] == "token_refused"
    assert body["tasks"][0]["failing_since_utc"] == "2026-11-22T01:00:00Z"


def test_an_unreadable_store_is_503_in_the_api_and_words_on_the_page(
    home: RecordedHome,
) -> None:
    home.store.close()
    home.path.write_bytes(b"not a database at all, but long enough to look at" * 100)

    status, body = health_of(home)
    answer = home.client().get("/health")

    assert (status, body["status"]) == (503, "down")
    assert body["store"]["is_readable"] is False
    assert body["findings"][0]["code"] == "store_unreadable"
    assert answer.status_code == 200
    assert "restore a backup" in answer.get_data(as_text=True)


def test_an_account_with_two_homes_asks_which(home: RecordedHome) -> None:
    second = SITE.__class__("01SECOND", "4102000001X", "active", 5, ())
    home.store.sources.save_sites([second])

    _, body = health_of(home)

    assert body["status"] == "down"
    assert body["findings"][0]["code"] == "site_not_chosen"
    assert "AMBER_SITE_ID" in body["findings"][0]["do"]


def test_an_estimate_is_told_as_not_final(home: RecordedHome) -> None:
    later = NOON + timedelta(minutes=5)
    home.clock.time = later
    home.save([price(later, 31.26, quality=Quality.ESTIMATE)])

    text = home.client().get("/health").get_data(as_text=True)

    assert "31.3c at 12:05 pm, not final" in text


def test_findings_have_pages_of_their_own(home: RecordedHome) -> None:
    home.store.sources.record_failure(
        "amber", "prices now", NOON, SourceAuthError("refused")
    )
    client = home.client()

    first = client.get("/health").get_data(as_text=True)
    second = client.get("/health/2").get_data(as_text=True)

    assert "Amber has refused the token since 12:00 pm" in first
    assert "1 of 2" in first
    assert "<dt>Last price</dt>" in second
    assert client.get("/health/3").status_code == 404
    assert client.get("/health/0").status_code == 404
    assert CANARY_TOKEN not in first + second


def test_usage_on_record_is_told(home: RecordedHome) -> None:
    start = datetime(2026, 11, 21, 12, 55, tzinfo=UTC)
    reading = MeterReading(Channel.GENERAL, "E1", start, 5, 0.4, Quality.ACTUAL)
    home.store.readings.save(home.site_key, "amber", [reading], NOON)

    _, body = health_of(home)

    assert body["last_reading_end_utc"] == "2026-11-21T13:00:00Z"
