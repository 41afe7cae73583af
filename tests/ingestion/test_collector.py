"""The loop beside the demo server: good days, bad days, and wrong clocks."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.ingestion.simulated_home import NearMarket, SimulatedHome, near_market

from home_energy.demo.faults import Faults
from home_energy.demo.market import Row
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.domain.price import Channel, Quality
from home_energy.domain.time_grid import nem_day_start
from home_energy.errors import StoreError

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TICK = timedelta(minutes=5)
START = datetime(2026, 11, 20, 3, 0, 0, tzinfo=UTC)
"""13:00 NEM, at a boundary."""


@pytest.fixture
def home(tmp_path: Path) -> SimulatedHome:
    return SimulatedHome(tmp_path, START)


def test_estimate_then_confirmed_then_quiet(home: SimulatedHome) -> None:
    home.live(timedelta(seconds=70))
    home.calls.clear()
    boundary = START + TICK
    home.live(boundary + timedelta(seconds=10) - home.now())
    (early,) = home.prices(boundary, boundary + TICK)

    home.live(timedelta(seconds=60))
    (late,) = home.prices(boundary, boundary + TICK)
    seen_at = [at for at, kind in home.calls if kind == "current"]
    home.live(timedelta(seconds=200))

    assert early.quality is Quality.ESTIMATE
    assert late.quality is Quality.ACTUAL
    assert seen_at[0] == boundary + timedelta(seconds=2)
    assert [at for at, kind in home.calls if kind == "current"] == seen_at


def test_an_honest_hour_costs_about_three_calls_an_interval(
    home: SimulatedHome,
) -> None:
    home.live(HOUR)  # start-up and history
    home.calls.clear()

    home.live(HOUR)

    ticks = [(at - START) // TICK for at, kind in home.calls if kind == "current"]
    print(f"{len(ticks)} calls in 12 intervals")  # noqa: T201
    assert len(ticks) <= 48
    assert max(ticks.count(tick) for tick in ticks) <= 5
    home.assert_true_and_whole(START + HOUR, START + 2 * HOUR - TICK)


def test_a_half_hour_site_is_asked_in_every_tick_and_confirmed_in_the_last(
    tmp_path: Path,
) -> None:
    market = near_market(START, minutes=30)
    home = SimulatedHome(tmp_path, START, market)
    home.live(HOUR)
    home.calls.clear()

    home.live(HOUR)

    ticks = [(at - START) // TICK for at, kind in home.calls if kind == "current"]
    assert len(set(ticks)) == 12
    assert len(ticks) <= 60
    home.assert_true_and_whole(START, START + 2 * HOUR - timedelta(minutes=30))


def test_a_price_confirmed_many_minutes_late_is_final_in_the_end(
    tmp_path: Path,
) -> None:
    late = Faults({"late_confirmation": 1.0}, late_minutes=25)
    home = SimulatedHome(tmp_path, START, faults=late)

    home.live(2 * HOUR)
    late.is_on = False
    home.live(10 * timedelta(minutes=1))

    home.assert_true_and_whole(START, START + 2 * HOUR)


@pytest.mark.parametrize("hours", [2, 26, 72])
def test_an_outage_is_caught_up(tmp_path: Path, hours: int) -> None:
    home = SimulatedHome(tmp_path, START)
    home.live(HOUR)

    home.is_network_up = False
    # Failing polls of the whole outage would prove nothing more than these.
    home.live(HOUR)
    home.pass_time((hours - 2) * 3600.0)
    home.live(HOUR)
    home.is_network_up = True
    home.live(2 * HOUR)

    home.assert_true_and_whole(START, home.now() - TICK)
    assert home.events("prices now") == ["left", "returned"]


def test_history_comes_newest_first_in_weeks_with_its_progress_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="home_energy")
    home = SimulatedHome(tmp_path, START, history_days=20)

    home.live(timedelta(minutes=20))

    told = [r.getMessage() for r in caplog.records if "price history" in r.message]
    assert [line.split(",")[1:] for line in told] == [
        # 6 days of 288 on 3 channels, and 144 of today's 157: 13 came with the price.
        [" price history: 2026-11-14 to 2026-11-20", " 5616 rows new or changed"],
        [" price history: 2026-11-07 to 2026-11-13", " 6048 rows new or changed"],
        [" price history: 2026-10-31 to 2026-11-06", " 6048 rows new or changed"],
    ]
    home.assert_true_and_whole(nem_day_start(START.date() - 20 * DAY), START)


class CorrectedMarket(NearMarket):
    """The market operator corrects one price after the fact."""

    corrected: datetime | None = None

    def final_rows(
        self, channel: str, start: datetime, end: datetime, minutes: int
    ) -> list[Row]:
        rows = super().final_rows(channel, start, end, minutes)
        step = timedelta(minutes=minutes)
        return [
            row | {"perKwh": 77.7}
            if datetime.fromisoformat(row["endTime"]) - step == self.corrected
            else row
            for row in rows
        ]


def test_a_correction_two_days_later_is_taken_up_and_the_old_value_kept(
    tmp_path: Path,
) -> None:
    market = CorrectedMarket(SyntheticHome(1))
    home = SimulatedHome(tmp_path, START, market)
    home.live(HOUR)
    moment = START + 2 * TICK
    (before,) = home.prices(moment, moment + TICK)

    market.corrected = moment
    home.pass_time(46 * 3600.0)
    home.live(2 * HOUR)

    (after,) = home.prices(moment, moment + TICK)
    kept = [
        value
        for channel, start, value, quality, _ in home.store.prices.revisions(
            home.site_key, moment, moment + TICK
        )
        if channel is Channel.GENERAL and quality is Quality.ACTUAL
    ]
    assert after.c_per_kwh == 77.7
    assert kept == [before.c_per_kwh]


def test_usage_is_asked_for_until_it_is_there_and_never_for_today(
    tmp_path: Path,
) -> None:
    home = SimulatedHome(tmp_path, datetime(2026, 11, 19, 13, 0, tzinfo=UTC))
    home.live(HOUR + timedelta(minutes=10))  # past midnight NEM
    midnight = nem_day_start(home.start.date() + DAY)

    def days() -> set[str]:
        readings = home.store.readings.between(
            home.site_key, "amber", midnight - 3 * DAY, home.now()
        )
        return {(r.start + timedelta(hours=10)).date().isoformat() for r in readings}

    before = days()
    home.live(9 * HOUR)

    assert before == {"2026-11-17", "2026-11-18"}
    assert days() == {"2026-11-17", "2026-11-18", "2026-11-19"}
    assert home.status("usage").failing_since is None


def test_estimated_usage_is_read_again_until_it_is_final(tmp_path: Path) -> None:
    start = datetime(2026, 11, 13, 3, 0, tzinfo=UTC)  # the 11th is read 5 days late
    home = SimulatedHome(tmp_path, start, near_market(start, usage_days=5))
    home.live(HOUR)

    def estimated() -> int:
        readings = home.store.readings.between(
            home.site_key, "amber", start - 5 * DAY, start
        )
        return sum(reading.quality is Quality.ESTIMATE for reading in readings)

    before = estimated()
    home.pass_time(6 * 86400.0)
    home.live(2 * HOUR)

    assert before > 0
    assert estimated() == 0


@pytest.mark.parametrize("fault", ["empty", "actual_only"])
def test_an_answer_without_a_price_is_no_zero_and_is_said_once(
    tmp_path: Path, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    faults = Faults({fault: 1.0})
    faults.is_on = False
    home = SimulatedHome(tmp_path, START, faults=faults)
    home.live(HOUR)
    caplog.clear()

    faults.is_on = True
    home.live(HOUR)
    during = home.prices(START + HOUR + TICK, home.now())
    faults.is_on = False
    home.live(HOUR)

    # Actual rows are told even then, an interval late; `[]` tells nothing.
    assert len(during) == (0 if fault == "empty" else 10)
    assert home.events("prices now") == ["left", "returned"]
    told = [r for r in caplog.records if "prices now" in r.message]
    assert [r.levelname for r in told if r.levelname == "WARNING"] == ["WARNING"]
    home.assert_true_and_whole(START, home.now() - TICK)


def test_no_network_at_start_and_then_network(home: SimulatedHome) -> None:
    home.is_network_up = False
    home.live(timedelta(minutes=20))
    assert home.status("sites").failure_kind == "SourceUnavailable"

    home.is_network_up = True
    home.live(timedelta(minutes=1))

    assert home.status("prices now").last_success is not None
    assert home.status("sites").failing_since is None


@pytest.mark.parametrize(
    "offset",
    [
        datetime(2001, 1, 1, tzinfo=UTC) - START,
        timedelta(days=400),
        2 * HOUR,
        -2 * HOUR,
        timedelta(seconds=50),
        timedelta(seconds=-50),
    ],
)
def test_a_wrong_clock_misplaces_nothing_and_polls_in_time(
    home: SimulatedHome, offset: timedelta
) -> None:
    home.machine.offset = offset
    home.live(HOUR)
    home.calls.clear()

    home.live(HOUR)

    seconds = {(at - START) % TICK for at, kind in home.calls if kind == "current"}
    ticks = [(at - START) // TICK for at, kind in home.calls if kind == "current"]
    assert timedelta(seconds=2) in seconds
    assert max(ticks.count(tick) for tick in ticks) <= 5
    home.assert_true_and_whole(START, home.now() - TICK)
    assert home.prices(home.now(), datetime.max.replace(tzinfo=UTC)) == []


@pytest.mark.parametrize("jump", [2 * HOUR, -2 * HOUR, timedelta(days=-9000)])
def test_a_clock_that_jumps_mid_run_changes_nothing(
    home: SimulatedHome, jump: timedelta
) -> None:
    home.live(HOUR)
    home.calls.clear()

    home.machine.offset = jump
    home.live(timedelta(minutes=7))
    home.machine.offset = timedelta(0)
    home.live(timedelta(minutes=8))

    calls = [at for at, kind in home.calls if kind == "current"]
    assert len(calls) <= 15
    assert {(at - START) // TICK for at in calls} >= {12, 13, 14}
    home.assert_true_and_whole(START, home.now() - TICK)


def test_after_a_suspend_the_price_is_asked_for_at_once(home: SimulatedHome) -> None:
    home.live(HOUR)
    home.calls.clear()

    home.pass_time(3 * 3600.0)
    woken = home.now()
    home.live(timedelta(minutes=1))

    assert home.calls[0] == (woken, "current")
    home.assert_true_and_whole(START, woken - TICK)


def test_a_token_refused_mid_run_is_said_once_and_work_resumes(
    home: SimulatedHome, caplog: pytest.LogCaptureFixture
) -> None:
    home.live(HOUR)
    home.token = "psk_revoked"
    home.restart()
    caplog.clear()
    home.live(HOUR)
    refused = home.status("prices now")
    tries = home.calls_by_kind()["current"]

    home.token = "psk_simulated"
    home.restart()
    home.live(timedelta(minutes=5))

    assert refused.failure_kind == "SourceAuthError"
    assert refused.failing_since is not None
    warned = [r for r in caplog.records if "prices now" in r.message]
    assert [r.levelname for r in warned if r.levelname == "WARNING"] == ["WARNING"]
    assert tries <= home.calls_by_kind()["current"] < tries + 10
    assert home.events("prices now") == ["left", "returned"]
    home.assert_true_and_whole(START, home.now() - TICK)


def test_a_token_refused_for_an_hour_at_amber_is_tried_four_times(
    home: SimulatedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.live(HOUR)
    home.calls.clear()

    monkeypatch.setattr(
        "home_energy.demo.amber_server.hmac.compare_digest", lambda *_: False
    )
    home.live(HOUR)
    tries = home.calls_by_kind()["current"]
    monkeypatch.undo()
    home.live(timedelta(minutes=16))

    assert 4 <= tries <= 5
    assert home.events("prices now") == ["left", "returned"]


def test_a_list_of_closed_sites_does_not_stop_the_collecting(tmp_path: Path) -> None:
    faults = Faults({"closed_only": 1.0})
    faults.is_on = False
    home = SimulatedHome(tmp_path, START, faults=faults)
    home.live(HOUR)

    faults.is_on = True
    home.restart()  # at start the sites are asked for again
    home.live(HOUR)

    assert home.status("sites").failure_kind == "ConfigError"
    home.assert_true_and_whole(START, home.now() - TICK)


def test_a_full_disk_is_said_once_and_the_record_is_whole_afterwards(
    home: SimulatedHome,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    home.live(HOUR)
    caplog.set_level("INFO", logger="home_energy")
    caplog.clear()

    def full(*_: object) -> None:
        raise StoreError("home.sqlite: the disk is full, nothing was changed")

    for table in ("prices", "readings", "sources", "forecasts", "verdicts"):
        for deed in ("save", "record_success", "record_failure", "save_sites"):
            owner = getattr(home.store, table)
            if hasattr(owner, deed):
                monkeypatch.setattr(owner, deed, full)
    home.live(HOUR)
    monkeypatch.undo()
    home.live(HOUR)

    told = [r.message for r in caplog.records if r.levelname in ("ERROR", "INFO")]
    assert sum("the disk is full" in line for line in told) == 1
    assert sum("the store works again" in line for line in told) == 1
    home.assert_true_and_whole(START, home.now() - TICK)


def test_a_fault_of_ours_in_usage_holds_up_nothing_and_is_said_once(
    home: SimulatedHome,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(home.store.readings, "save", broken)
    home.live(HOUR)

    home.assert_true_and_whole(START, home.now() - TICK)
    assert home.status("usage").failure_kind == "ZeroDivisionError"
    traces = [r for r in caplog.records if r.exc_info]
    assert len(traces) == 1


def test_a_fault_of_ours_in_the_verdict_costs_no_price_and_no_history(
    home: SimulatedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr("home_energy.ingestion.live_prices.decide", broken)
    home.live(HOUR)
    unjudged = home.store.verdicts.latest(home.site_key)
    monkeypatch.undo()
    home.live(timedelta(minutes=10))

    assert unjudged is None
    assert home.store.verdicts.latest(home.site_key) is not None
    home.assert_true_and_whole(START - 6 * HOUR, home.now() - TICK)


def test_one_forecast_is_kept_in_each_tick_as_it_was_issued(
    home: SimulatedHome,
) -> None:
    home.live(HOUR)

    forecasts = home.store.forecasts.issued_between(
        home.site_key, Channel.GENERAL, START, home.now()
    )

    ticks = [(forecast.issued_at - START) // TICK for forecast in forecasts]
    assert ticks == list(range(12))
    for forecast in forecasts:
        rows = home.market.forecast_rows("general", forecast.issued_at, 5)
        expected = [round(row["perKwh"], 5) for row in rows]
        assert [point.c_per_kwh for point in forecast.points] == expected


def test_a_restart_goes_on_with_the_price_before_anything_else(
    home: SimulatedHome,
) -> None:
    home.live(HOUR)
    home.calls.clear()

    home.restart()
    home.live(timedelta(seconds=30))

    assert next(kind for _, kind in home.calls) == "current"


def test_calls_stay_within_the_quota_while_a_long_history_is_read(
    tmp_path: Path,
) -> None:
    market = near_market(START, minutes=30)  # as many questions, fewer rows
    home = SimulatedHome(tmp_path, START, market, history_days=365)

    home.live(timedelta(minutes=50))

    for kinds in (("prices", "current"), ("sites", "usage")):
        made_at = [at for at, kind in home.calls if kind in kinds]
        for first in made_at:
            window = [at for at in made_at if first <= at < first + TICK]
            assert len(window) <= 40
    assert home.calls_by_kind()["prices"] == 53  # 366 days in weeks
    assert home.status("prices now").failing_since is None
