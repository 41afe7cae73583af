"""How often advice was right: `python -m tests.benchmarks.advice_score`.

Prints the tables of docs/models/advice.md. The program's own round of advice is run as
time goes on, on a store that holds what was known by then and nothing else: over a
month of the demo's market, with forecasts as it issues them, and over real prices of a
home with Amber in ../shared/data, with a forecast made from the days before alone.
Last, that forecast with its prices half a day off: such advice must be withheld.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from home_energy.analysis.advice.advice_round import give_advice
from home_energy.analysis.advice.scoreboard import Score, score_due, score_of
from home_energy.demo.market import Market, Row
from home_energy.demo.replay import ReplayMarket
from home_energy.demo.retail_plan import GENERAL
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SyntheticMarket
from home_energy.domain.advice import GivenAdvice
from home_energy.domain.appliance import Appliance
from home_energy.domain.price import Price
from home_energy.domain.site import RetailSite
from home_energy.ingestion.sources.amber_wire import (
    INTERVALS,
    to_forecasts,
    to_prices,
)
from home_energy.store import Store

SHARED = Path(__file__).parents[3] / "shared/data/amber/prices.jsonl.gz"
APPLIANCES = (
    Appliance("Dishwasher", kw=1.0, minutes=90, by=time(7)),
    Appliance("Dryer", kw=2.0, minutes=60, by=time(18)),
    Appliance("Pool pump", kw=1.1, minutes=240),
)
INTO_TICK = timedelta(seconds=60)
"""By then the collector has the price of a five minutes and a forecast."""
MONTH = timedelta(days=30)
DEMO_START = datetime(2025, 11, 1, tzinfo=UTC)
_Key = tuple[str, datetime]


class HalfADayOff(ReplayMarket):
    """Tells of each half-hour what it forecasts of one twelve hours away."""

    def forecast_rows(self, channel: str, at: datetime, minutes: int) -> list[Row]:
        """Rows with the prices of others."""
        rows = super().forecast_rows(channel, at, minutes)
        others = rows[24:] + rows[:24]
        prices = ("perKwh", "spotPerKwh", "advancedPrice")
        kept = [{k: v for k, v in row.items() if k not in prices} for row in rows]
        return [
            row | {key: other[key] for key in prices if key in other}
            for row, other in zip(kept, others, strict=True)
        ]


class Replay:
    """A home that is advised as time goes on.

    Parameters
    ----------
    market
        What it may learn, and when.
    start, end
        From when to when there is advice. [aware UTC]
    every
        How often.
    """

    def __init__(
        self, market: Market, start: datetime, end: datetime, every: timedelta
    ) -> None:
        self._market = market
        self._start, self._end, self._every = start, end, every
        self._minutes = market.row_minutes(None)
        self._interval = timedelta(minutes=self._minutes)
        self._told_until = start - 2 * self._interval
        self.withheld: dict[_Key, bool] = {}
        self.calls: Counter[tuple[str, str]] = Counter()

    def given(self, store: Store, zone: ZoneInfo) -> list[GivenAdvice]:
        """All advice that was given, scored at the end."""
        store.sources.save_sites(
            [RetailSite("S1", "6001000001", "active", self._minutes, ())]
        )
        key = store.sources.site_key("S1")
        assert key is not None
        for at in self._moments():
            self._learn(store, key, at)
            self._advise(store, key, at, zone)
        after = self._end + timedelta(days=2)
        self._learn(store, key, after, has_forecast=False)
        score_due(store, key, after)
        return store.advice.starting_between(key, self._start, after)

    def _moments(self) -> Iterator[datetime]:
        at = self._start + INTO_TICK
        while at < self._end:
            yield at
            at += self._every

    def _learn(
        self, store: Store, key: int, at: datetime, *, has_forecast: bool = True
    ) -> None:
        """Keep what the retailer tells at an instant."""
        market = self._market
        rows = market.final_rows(GENERAL, self._told_until, at, self._minutes)
        told = to_prices(INTERVALS.validate_python(rows))
        known = [p for p in told if self._is_final(p, at)]
        running = at - (at - self._start) % self._interval
        if has_forecast and all(price.start != running for price in known):
            estimate = market.estimate_row(GENERAL, running, self._minutes, at)
            if estimate is not None:
                known += to_prices(INTERVALS.validate_python([estimate]))
        store.prices.save(key, known, at)
        unsettled = [p.start for p in told if not self._is_final(p, at)]
        self._told_until = min([*unsettled, at - self._interval])
        if has_forecast:
            coming = market.forecast_rows(GENERAL, at, self._minutes)
            issued = to_forecasts(INTERVALS.validate_python(coming), at)
            store.forecasts.save(key, issued)

    def _is_final(self, price: Price, at: datetime) -> bool:
        return self._market.confirmed_at(price.start, self._minutes) <= at

    def _advise(self, store: Store, key: int, at: datetime, zone: ZoneInfo) -> None:
        for advice in give_advice(store, key, APPLIANCES, at, zone):
            name = advice.best.appliance.name
            self.calls[name, advice.best.why or advice.best.call] += 1
            given = advice.best.given()
            if given is not None:
                self.withheld.setdefault((name, given.start), advice.is_withheld)


def main() -> None:
    """Print both scoreboards."""
    demo = SyntheticMarket(SyntheticHome())
    replay = Replay(demo, DEMO_START, DEMO_START + MONTH, timedelta(minutes=5))
    _print("Demo, 30 days, every 5 minutes", replay, ZoneInfo("Australia/Melbourne"))
    if not SHARED.exists():
        print(f"{SHARED} is not there: the real prices are left out")  # noqa: T201
        return
    real = ReplayMarket.from_files([SHARED])
    start, end = real.span
    week = timedelta(days=7)  # until then a forecast knows too few days
    replay = Replay(real, start + week, end - week, timedelta(minutes=30))
    sydney = ZoneInfo("Australia/Sydney")
    _print(f"Real prices, {start:%Y-%m-%d} to {end:%Y-%m-%d}", replay, sydney)
    wrong = HalfADayOff.from_files([SHARED])
    end = start + week + 2 * MONTH
    replay = Replay(wrong, start + week, end, timedelta(minutes=30))
    _print("Forecast half a day off, 60 days", replay, sydney)


def _print(title: str, replay: Replay, zone: ZoneInfo) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "home.sqlite")
        with store.transaction():
            given = replay.given(store, zone)
        store.close()
    print(f"\n{title}")  # noqa: T201
    print(  # noqa: T201
        "| appliance | given | scored | hits | forecast c | real c | withheld | "
        "of these hits, real c | the rest hits, real c |"
    )
    print("|---|---|---|---|---|---|---|---|---|")  # noqa: T201
    for appliance in APPLIANCES:
        _print_row(appliance.name, given, replay)
    print(dict(sorted(replay.calls.items())), file=sys.stderr)  # noqa: T201


def _print_row(name: str, given: list[GivenAdvice], replay: Replay) -> None:
    whole = score_of(name, given)
    mine = [advice for advice in given if advice.appliance == name]
    held = [a for a in mine if replay.withheld[name, a.start]]
    shown = [a for a in mine if not replay.withheld[name, a.start]]
    forecast_aud = _cents(whole.mean_forecast_saving_aud)
    print(  # noqa: T201
        f"| {name} | {whole.given_count} | {whole.scored_count} | {_hits(whole)} | "
        f"{forecast_aud} | {_cents(whole.mean_real_saving_aud)} | {len(held)} | "
        f"{_part(name, held)} | {_part(name, shown)} |"
    )


def _part(name: str, given: list[GivenAdvice]) -> str:
    score = score_of(name, given)
    return f"{_hits(score)}, {_cents(score.mean_real_saving_aud)}"


def _hits(score: Score) -> str:
    return "-" if score.hit_fraction is None else f"{score.hit_fraction:.0%}"


def _cents(value_aud: float | None) -> str:
    return "-" if value_aud is None else f"{100 * value_aud:.1f}"


if __name__ == "__main__":
    main()
