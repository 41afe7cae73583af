"""A collector killed and lied to for days; then the record is held to the truth.

The parent plays Amber with every fault it knows, closes the server for hours and kills
the collector's process with SIGKILL; simulated time lives in a small file and goes on.
"""

import multiprocessing
import random
import socket
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from flask import request
from tests.ingestion import chaos_child
from tests.ingestion.simulated_home import WORD, near_market

from home_energy.demo.amber_server import create_amber_app
from home_energy.demo.clocks import SharedSteppedClock
from home_energy.demo.faults import KNOWN_FAULTS, Faults
from home_energy.demo.market import Row
from home_energy.demo.serving import serving
from home_energy.demo.synthetic_market import SITE_ID
from home_energy.domain.price import Channel
from home_energy.domain.time_grid import nem_date, nem_day_start
from home_energy.store import Store
from home_energy.store.prices import CHANNEL

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([chaos_child.__name__])
"""Children are forked from a process that has done the imports: killing is cheap."""

FIVE_MINUTES = timedelta(minutes=5)
SETTLED = timedelta(minutes=15)
"""Intervals that ended longer ago are confirmed by an honest server, and stored."""
HANG_SECONDS = 0.5
LOOK_SECONDS = 0.002
USAGE_DAYS = 4


class CountedFaults(Faults):
    """Counts what it drew."""

    def __init__(self, rates: dict[str, float], seed: int) -> None:
        super().__init__(rates, seed=seed, hang_seconds=HANG_SECONDS, late_minutes=25)
        self.drawn: Counter[str] = Counter()

    def draw(self, endpoint: str) -> str | None:
        name = super().draw(endpoint)
        if name is not None:
            self.drawn[name] += 1
        return name


@dataclass(frozen=True)
class Plan:
    """What is going to happen, by simulated time."""

    start: datetime
    stormy_until: datetime
    end: datetime
    kills: tuple[datetime, ...]
    outages: tuple[tuple[datetime, datetime], ...]
    rates: dict[str, float]
    seed: int

    @classmethod
    def drawn(
        cls, seed: int, start: datetime, days: int, kill_count: int, calm: timedelta
    ) -> "Plan":
        dice = random.Random(seed)
        stormy_until = start + timedelta(days=days)
        storm_seconds = (stormy_until - start).total_seconds()
        kills = sorted(
            start + timedelta(seconds=dice.uniform(60, storm_seconds))
            for _ in range(kill_count)
        )
        rates = dict.fromkeys(KNOWN_FAULTS, 0.02)
        rates |= {"hang": 0.003, "late_confirmation": 0.03, "closed_only": 0.3}
        storm = stormy_until - start
        # In seven days: 2 h, more than a day, and 5 h without network.
        outages = tuple(
            (start + storm * begin, start + storm * begin + storm * hours / (7 * 24))
            for begin, hours in ((0.15, 2), (0.45, 26), (0.8, 5))
        )
        return cls(
            start, stormy_until, stormy_until + calm, tuple(kills), outages, rates, seed
        )


@dataclass
class Chaos:
    """One run: the truth, the lies, and the child in between."""

    plan: Plan
    folder: Path
    calls: Counter[str] = field(default_factory=Counter)
    kills: int = 0

    def __post_init__(self) -> None:
        self.market = near_market(self.plan.start, USAGE_DAYS)
        self.faults = CountedFaults(self.plan.rates, self.plan.seed)
        self.clock = SharedSteppedClock(self.folder / "clock", self.plan.start)
        self.store_path = self.folder / "home.sqlite"
        self.dice = random.Random(self.plan.seed)
        self.port = free_port()
        app = create_amber_app(
            self.market, self.clock, self.faults, token=chaos_child.TOKEN
        )
        app.before_request(self._count)
        self._app = app

    def run(self) -> None:
        """Live through the plan."""
        with ExitStack() as stack:
            server = stack.enter_context(ExitStack())
            server.enter_context(serving(self._app, self.port))
            child = stack.enter_context(self._child())
            for moment, event in self._events():
                self._await(moment, child)
                if event == "down":
                    server.close()
                elif event == "up":
                    server.enter_context(serving(self._app, self.port))
                elif event == "calm":
                    self.faults.is_on = False
                else:
                    time.sleep(self.dice.uniform(0, 0.03))  # anywhere in its deeds
                    child.kill()
                    child.join()
                    self.kills += 1
                    child = stack.enter_context(self._child())
            child.join()
            assert child.exitcode == 0, self.log()

    def log(self) -> str:
        """What the children said."""
        return (self.folder / "log").read_text()

    def _events(self) -> list[tuple[datetime, str]]:
        events = [(moment, "kill") for moment in self.plan.kills]
        for begin, end in self.plan.outages:
            events += [(begin, "down"), (end, "up")]
        return sorted([*events, (self.plan.stormy_until, "calm")])

    @contextmanager
    def _child(self) -> Iterator[BaseProcess]:
        address = f"http://127.0.0.1:{self.port}/v1/"
        plan = self.plan
        child = PROCESSES.Process(
            target=chaos_child.collect,
            args=(address, self.folder, plan.start, plan.end),
            daemon=True,
        )
        child.start()
        try:
            yield child
        finally:
            child.kill()
            child.join()

    def _await(self, moment: datetime, child: BaseProcess) -> None:
        while self.clock.now() < moment:
            assert child.is_alive(), f"the collector ended by itself: {self.log()}"
            time.sleep(LOOK_SECONDS)

    def _count(self) -> None:
        self.calls[request.path.rpartition("/")[2]] += 1


@dataclass
class Record:
    """What the collector left, read by other means than its own."""

    chaos: Chaos

    def __post_init__(self) -> None:
        self.store = Store.open_read_only(self.chaos.store_path)
        key = self.store.sources.site_key(SITE_ID)
        assert key is not None
        self.site_key = key
        look_back = timedelta(chaos_child.HISTORY_DAYS)
        self.first = min(
            self.chaos.plan.start,
            nem_day_start(nem_date(self.chaos.plan.end) - look_back),
        )
        self.settled_until = self.chaos.plan.end - SETTLED

    def rows(self, sql: str) -> list[Any]:
        """What SQLite itself says; the connection is not left to the collector."""
        with closing(sqlite3.connect(self.chaos.store_path)) as connection:
            return connection.execute(sql).fetchall()

    def check(self) -> None:
        """Hold the record to the truth."""
        assert self.rows("PRAGMA integrity_check") == [("ok",)]
        for channel in Channel:
            self._check_prices(channel)
            self._check_forecasts(channel)
        self._check_readings()
        self._check_events()

    def _check_prices(self, channel: Channel) -> None:
        truth = self.chaos.market.final_rows(
            WORD[channel], self.first, self.settled_until, 5
        )
        stored = self.store.prices.between(
            self.site_key, channel, self.first, self.settled_until
        )
        sign = -1 if channel is Channel.FEED_IN else 1
        starts = [_end(row) - FIVE_MINUTES for row in truth]
        assert len(starts) > 2016
        assert [price.start for price in stored] == starts  # once each, none elsewhere
        for price, row in zip(stored, truth, strict=True):
            assert price.duration_minutes == 5
            assert price.quality.name == "ACTUAL", price
            assert abs(price.c_per_kwh - sign * row["perKwh"]) < 1e-9, price
        # The market corrected nothing, so nothing final was ever replaced.
        replaced = self.store.prices.revisions(
            self.site_key, self.first, self.chaos.plan.end
        )
        assert [old for old in replaced if old[3].name == "ACTUAL"] == []
        late = self.store.prices.between(
            self.site_key,
            channel,
            self.chaos.plan.end,
            datetime.max.replace(tzinfo=UTC),
        )
        assert late == []

    def _check_forecasts(self, channel: Channel) -> None:
        plan = self.chaos.plan
        forecasts = self.store.forecasts.issued_between(
            self.site_key, channel, datetime(2000, 1, 1, tzinfo=UTC), plan.end
        )
        issued = [forecast.issued_at for forecast in forecasts]
        assert len(issued) > 500
        assert plan.start <= issued[0]
        assert all(one < next_ for one, next_ in pairwise(issued))
        sign = -1 if channel is Channel.FEED_IN else 1
        for forecast in forecasts:
            known = {
                (_end(row), row["duration"]): sign * row["perKwh"]
                for row in self.chaos.market.forecast_rows(
                    WORD[channel], forecast.issued_at, 5
                )
            }
            for point in forecast.points:
                expected = known[point.end, point.duration_minutes]
                assert abs(point.c_per_kwh - expected) < 1e-5  # kept to 5 decimals

    def _check_readings(self) -> None:
        end = self.chaos.plan.end
        readings = self.store.readings.between(
            self.site_key, "amber", datetime(2000, 1, 1, tzinfo=UTC), end
        )
        stored = {(r.register, r.start): (r.kwh, r.quality.name) for r in readings}
        assert len(stored) == len(readings)
        day, truth = self.chaos.market.first_usage_day, dict[Any, Any]()
        while day <= nem_date(end):
            for channel in WORD.values():
                for row in self.chaos.market.usage_rows(channel, day, end):
                    quality = "ACTUAL" if row["quality"] == "billable" else "ESTIMATE"
                    start = _end(row) - FIVE_MINUTES
                    truth[row["channelIdentifier"], start] = row["kwh"], quality
            day += timedelta(days=1)
        assert {key for key in truth if key not in stored} == set()
        wrong = {key for key, value in truth.items() if stored[key] != value}
        assert wrong == set()

    def _check_events(self) -> None:
        events = self.store.sources.events(limit=1000)[::-1]
        assert events
        by_task: dict[str, list[str]] = {}
        for event in events:
            assert self.chaos.plan.start <= event.at <= self.chaos.plan.end
            by_task.setdefault(event.task, []).append(event.event)
        for task, words in by_task.items():
            assert words[-1] == "returned"
            assert all(one != next_ for one, next_ in pairwise(words)), (task, words)
        assert all(s.failing_since is None for s in self.store.sources.statuses())

    def summary(self) -> str:
        """What happened."""
        chaos = self.chaos
        counts = {
            table: self.rows(f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608
            for table in (
                *("price", "price_revision", "forecast_issue", "forecast_block"),
                *("reading", "source_event"),
            )
        }
        return (
            f"{chaos.kills} kills, faults {dict(chaos.faults.drawn)}, "
            f"calls {dict(chaos.calls)}, rows {counts}, "
            f"channels {len(CHANNEL)}, log lines {len(chaos.log().splitlines())}"
        )


def _end(row: Row) -> datetime:
    return datetime.fromisoformat(row["endTime"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
