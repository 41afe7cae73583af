"""A collector beside the demo server, hours of simulated time in seconds."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
from flask import request

from home_energy.demo.amber_server import create_amber_app
from home_energy.demo.clocks import SteppedClock
from home_energy.demo.faults import Faults
from home_energy.demo.market import Market, Row
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SITE_ID, SyntheticMarket
from home_energy.domain.price import Channel, Price
from home_energy.domain.time_grid import nem_date
from home_energy.ingestion.collector import Collector
from home_energy.ingestion.power.inbox import PowerInbox
from home_energy.ingestion.power.power_record import PowerRecord
from home_energy.ingestion.sources.amber import AmberClient
from home_energy.store import SourceStatus, Store
from home_energy.store.present_power import PresentPower

TOKEN = "psk_simulated"
FORECAST_ROWS = 24
WORD = {
    Channel.GENERAL: "general",
    Channel.CONTROLLED_LOAD: "controlledLoad",
    Channel.FEED_IN: "feedIn",
}


class NearMarket(SyntheticMarket):
    """Looks some hours ahead and some days back, so that days pass quickly."""

    first_usage_day = date.min

    def forecast_rows(self, channel: str, at: datetime, minutes: int) -> list[Row]:
        return super().forecast_rows(channel, at, minutes)[:FORECAST_ROWS]

    def usage_rows(self, channel: str, day: date, at: datetime) -> list[Row]:
        if day < self.first_usage_day:
            return []
        return super().usage_rows(channel, day, at)


class WrongClock(SteppedClock):
    """A machine whose clock shows another time; its steady counter is right."""

    offset = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.offset


def near_market(start: datetime, usage_days: int = 2, minutes: int = 5) -> NearMarket:
    """A market of a home that has had its meter for some days."""
    market = NearMarket(SyntheticHome(1), minutes)
    market.first_usage_day = nem_date(start) - timedelta(days=usage_days)
    return market


@dataclass
class SimulatedHome:
    """Server, network and machine of one home; any of them can be taken away."""

    folder: Path
    start: datetime
    given_market: Market | None = None
    faults: Faults = field(default_factory=Faults)
    history_days: int = 1
    inbox: PowerInbox | None = None

    def __post_init__(self) -> None:
        self.market: Market = self.given_market or near_market(self.start)
        self.amber_clock = SteppedClock(self.start)
        self.machine = WrongClock(self.start)
        self.token = TOKEN
        self.is_network_up = True
        self.calls: list[tuple[datetime, str]] = []
        self.store = Store.open(self.folder / "home.sqlite")
        self._app = create_amber_app(
            self.market, self.amber_clock, self.faults, token=TOKEN
        )
        self._app.before_request(self._count)
        self.restart()

    def restart(self) -> None:
        """A new collector over the same store, as after a power cut."""
        http = httpx.Client(transport=_Wire(self))
        client = AmberClient(http, "http://amber.invalid/v1/", self.token, self.machine)
        power = None
        if self.inbox is not None:
            present = PresentPower(self.folder / "power.json")
            power = PowerRecord(self.inbox, self.store, present)
        self.collector = Collector(
            client,
            self.store,
            self.machine,
            history_days=self.history_days,
            power=power,
        )

    def live(self, length: timedelta) -> None:
        """Let the collector work for a while."""
        until = self.amber_clock.now() + length
        while self.amber_clock.now() < until:
            self.pass_time(min(self.collector.step(), 60.0))

    def pass_time(self, seconds: float) -> None:
        """Let time pass everywhere, and nobody work."""
        self.amber_clock.advance(seconds)
        self.machine.advance(seconds)

    @property
    def site_key(self) -> int:
        key = self.store.sources.site_key(SITE_ID)
        assert key is not None
        return key

    def now(self) -> datetime:
        return self.amber_clock.now()

    def prices(
        self, start: datetime, end: datetime, channel: Channel = Channel.GENERAL
    ) -> list[Price]:
        return self.store.prices.between(self.site_key, channel, start, end)

    def status(self, task: str) -> SourceStatus:
        status = self.store.sources.status("amber", task)
        assert status is not None
        return status

    def events(self, task: str) -> list[str]:
        events = self.store.sources.events(limit=1000)[::-1]
        return [event.event for event in events if event.task == task]

    def calls_by_kind(self) -> Counter[str]:
        return Counter(kind for _, kind in self.calls)

    def assert_true_and_whole(self, start: datetime, end: datetime) -> None:
        """Every interval once, final, with the market's value, on every channel."""
        minutes = self.market.interval_minutes
        for channel, word in WORD.items():
            truth = self.market.final_rows(word, start, end, minutes)
            stored = self.prices(start, end, channel)
            step = timedelta(minutes=minutes)
            assert [price.start for price in stored] == [
                datetime.fromisoformat(row["endTime"]) - step for row in truth
            ]
            sign = -1 if channel is Channel.FEED_IN else 1
            for price, row in zip(stored, truth, strict=True):
                assert price.quality.name == "ACTUAL", price
                assert abs(price.c_per_kwh - sign * row["perKwh"]) < 1e-9

    def _count(self) -> None:
        self.calls.append((self.now(), request.path.rpartition("/")[2]))


class _Wire(httpx.BaseTransport):
    """Straight into the demo server's app, or nowhere while the network is down."""

    def __init__(self, home: SimulatedHome) -> None:
        self._home = home
        self._wsgi = httpx.WSGITransport(home._app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not self._home.is_network_up:
            raise httpx.ConnectError("no network", request=request)
        return self._wsgi.handle_request(request)
