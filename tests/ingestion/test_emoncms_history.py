"""Feeds' history goes on record: each mean once, holes as holes, outages survived."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from tests.ingestion.emoncms_feeds import KEY, URL, FakeEmoncms, FakeFeed

from home_energy.domain.power import PowerMean, Stream
from home_energy.errors import DataError, SourceAuthError, SourceUnavailable
from home_energy.ingestion.emoncms_history import History, ImportedFeed, import_feeds
from home_energy.ingestion.sources.emoncms import Feed
from home_energy.ingestion.sources.emoncms_service import (
    HISTORY_LIMITS,
    EmoncmsAccount,
    EmoncmsClient,
)
from home_energy.store import Store

START = datetime(2026, 1, 15, 1, 0, tzinfo=UTC)
FIVE = timedelta(minutes=5)
DAY = timedelta(days=1)
GRID = Feed(1, Stream.GRID)
SOLAR = Feed(2, Stream.SOLAR)


def coarse(days: int) -> FakeFeed:
    """A feed of one number for five minutes: 0 W, 1 W, 2 W..."""
    return FakeFeed(START, [float(n) for n in range(288 * days)], interval_seconds=300)


class Home:
    """A record, and how emoncms is asked for it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "home.sqlite"
        self.paused_seconds: list[float] = []
        self.progress: list[tuple[int, int, int]] = []

    def import_from(
        self,
        emoncms: FakeEmoncms,
        feeds: Sequence[Feed] = (GRID,),
        end: datetime = START + 365 * DAY,
        start: datetime | None = None,
    ) -> list[ImportedFeed]:
        account = EmoncmsAccount(URL, KEY)
        with emoncms.http() as http:
            return import_feeds(
                self.path,
                EmoncmsClient(http, account, HISTORY_LIMITS),
                feeds,
                History(start, end, self.paused_seconds.append),
                lambda feed, done, count: self.progress.append(
                    (feed.feed_id, done, count)
                ),
            )

    def means(self) -> list[PowerMean]:
        store = Store.open_read_only(self.path)
        return store.power.between(START - DAY, START + 400 * DAY)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_weeks_come_one_after_the_other_and_make_one_history(home: Home) -> None:
    emoncms = FakeEmoncms({1: coarse(15)})

    (imported,) = home.import_from(emoncms, end=START + 15 * DAY)

    # 15 days of 288 steps, in three questions: 7 + 7 + 1 days.
    assert (imported.new_count, imported.hole_count) == (4320, 0)
    assert emoncms.actions() == ["getmeta.json"] + ["average.json"] * 3
    assert [mean.mean_watts for mean in home.means()] == [float(n) for n in range(4320)]
    assert home.means()[1].start == START + FIVE
    assert home.progress == [(1, 0, 3), (1, 1, 3), (1, 2, 3), (1, 3, 3)]


def test_twice_is_once_and_whole_weeks_are_not_asked_for_again(home: Home) -> None:
    home.import_from(FakeEmoncms({1: coarse(8)}), end=START + 8 * DAY)
    again = FakeEmoncms({1: coarse(9)})

    (imported,) = home.import_from(again, end=START + 9 * DAY)

    # The second week had one day of seven: it is asked for, of its two days.
    assert (imported.new_count, imported.known_count) == (288, 8 * 288)
    assert again.actions() == ["getmeta.json", "average.json"]
    assert len(home.means()) == 9 * 288


def test_a_mean_on_record_stands(home: Home) -> None:
    live = PowerMean("emoncms", Stream.GRID, START, 123.0, 30, 300.0)
    Store.open(home.path).power.keep_missing([live])

    home.import_from(FakeEmoncms({1: coarse(1)}), end=START + FIVE + FIVE)

    assert home.means() == [
        live,
        PowerMean("emoncms", Stream.GRID, START + FIVE, 1.0, 1, 300.0),
    ]


def test_what_was_not_measured_is_a_hole(home: Home) -> None:
    feed = FakeFeed(START, [500.0] * 30 + [None] * 60 + [100.0] * 15 + [None] * 15)

    (imported,) = home.import_from(FakeEmoncms({1: feed}), end=START + 5 * FIVE)

    # Of 25 minutes two steps hold nothing, one half, and the fifth is not there yet.
    assert [(m.start, m.mean_watts) for m in home.means()] == [
        (START, 500.0),
        (START + 3 * FIVE, 100.0),
    ]
    assert (imported.new_count, imported.hole_count) == (2, 3)


def test_an_outage_in_the_middle_loses_nothing(home: Home) -> None:
    broken = FakeEmoncms({1: coarse(21)}, is_down_after=2)

    with pytest.raises(SourceUnavailable) as caught:
        home.import_from(broken, end=START + 21 * DAY)

    assert "2,016 new means are on record, run the same command again" in str(
        caught.value
    )
    assert home.paused_seconds == [2, 4]  # three tries
    assert len(home.means()) == 7 * 288
    whole = FakeEmoncms({1: coarse(21)})
    home.import_from(whole, end=START + 21 * DAY)
    assert [mean.mean_watts for mean in home.means()] == [float(n) for n in range(6048)]
    assert whole.actions().count("average.json") == 2


def test_a_fault_that_passes_is_waited_for(home: Home) -> None:
    emoncms = FakeEmoncms({1: coarse(1)}, refusals=[httpx.Response(502)])

    (imported,) = home.import_from(emoncms, end=START + DAY)

    assert imported.new_count == 288
    assert home.paused_seconds == [2]


def test_a_wrong_key_is_not_tried_again(home: Home) -> None:
    refusals = [httpx.Response(401, text="Invalid API key")] * 3
    emoncms = FakeEmoncms({1: coarse(1)}, refusals=refusals)

    with pytest.raises(SourceAuthError):
        home.import_from(emoncms)
    assert len(emoncms.asked) == 1


def test_each_feed_has_its_own_first_reading(home: Home) -> None:
    late = FakeFeed(START + 2 * DAY, [7.0] * 288, interval_seconds=300)
    emoncms = FakeEmoncms({1: coarse(3), 2: late})

    grid, solar = home.import_from(emoncms, [GRID, SOLAR], START + 3 * DAY)

    assert (grid.start, grid.new_count) == (START, 3 * 288)
    assert (solar.start, solar.new_count) == (START + 2 * DAY, 288)


def test_a_part_can_be_asked_for(home: Home) -> None:
    emoncms = FakeEmoncms({1: coarse(3)})

    home.import_from(emoncms, start=START + DAY, end=START + 2 * DAY)

    assert [mean.mean_watts for mean in home.means()] == [
        float(n) for n in range(288, 576)
    ]


def test_a_period_before_the_first_reading_is_empty(home: Home) -> None:
    emoncms = FakeEmoncms({1: coarse(1)})

    (imported,) = home.import_from(emoncms, start=START - 9 * DAY, end=START - DAY)

    assert (imported.new_count, imported.start == imported.end) == (0, True)
    assert emoncms.actions() == ["getmeta.json"]


def test_a_feed_of_one_number_an_hour_has_no_means_of_five_minutes(home: Home) -> None:
    hourly = FakeFeed(START, [1.0] * 24, interval_seconds=3600)

    with pytest.raises(DataError, match="one number for every 3600 s"):
        home.import_from(FakeEmoncms({1: hourly}))


def test_a_feed_that_does_not_tell_its_begin_needs_one(home: Home) -> None:
    empty = [httpx.Response(200, text='{"start_time":0,"npoints":0}')]

    with pytest.raises(DataError, match="add --since"):
        home.import_from(FakeEmoncms({1: coarse(1)}, refusals=empty))
