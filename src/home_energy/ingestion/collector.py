"""The live loop: one thread, one question at a time, for weeks.

The price comes first: a question for history or usage is asked only in the quiet
part of the five minutes. What a question brought is saved in one transaction, so a
power cut loses nothing that was acknowledged. Everything that can be asked again is
asked again later, so an outage is caught up by itself.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta

from home_energy.domain.clock import Clock, trusted_now
from home_energy.domain.price import Channel, Price, Quality
from home_energy.domain.site import RetailSite, choose_site
from home_energy.domain.time_grid import floor_to_step
from home_energy.domain.verdict import HISTORY, decide, price_levels
from home_energy.errors import (
    ConfigError,
    RateLimited,
    SourceAuthError,
    SourceError,
    SourceUnavailable,
    StoreError,
)
from home_energy.ingestion.catch_up import CatchUp
from home_energy.ingestion.day_chunks import DayChunk
from home_energy.ingestion.market_schedule import (
    TICK,
    PollState,
    is_settled,
    next_poll,
)
from home_energy.ingestion.sources.amber import AmberClient, CurrentPrices
from home_energy.store import Store

_log = logging.getLogger(__name__)

SOURCE = "amber"
TASK_SITES = "sites"
TASK_PRICES = "prices now"
TASK_HISTORY = "price history"
TASK_USAGE = "usage"
_PACK = "pack forecasts"

HISTORY_DAYS = 730
"""Amber had prices back to 2025-03-01 when last seen; an empty answer ends it."""
USAGE_DAYS = 90
"""Amber keeps usage for about 90 days and nobody else does."""

LEAST_PREVIOUS, MOST_PREVIOUS = 12, 288
FOLLOWING_INTERVALS = 288
KEEP_FORECAST_BY = timedelta(seconds=80)
"""A forecast is kept with the confirmed price, or this long into the tick."""

STATUS_EVERY = timedelta(minutes=5)
QUIET_SECONDS = 4.0
"""Background questions wait while the price is due sooner than this."""

SITES_EVERY_SECONDS = 24 * 3600.0
LOOK_FOR_GAPS_EVERY_SECONDS = 1800.0
PACK_EVERY_SECONDS = 3600.0
PERSON_NEEDED_RETRY_SECONDS = 900.0
FAILURE_RETRY_SECONDS = 30.0
LONE_THROTTLE_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 60.0


class Collector:
    """Keeps one site's record up to date.

    Parameters
    ----------
    client, store, clock
        Where to ask, where to keep, what time it is.
    site_id
        Site to follow; `None` for the only active one.
    """

    def __init__(
        self,
        client: AmberClient,
        store: Store,
        clock: Clock,
        site_id: str | None = None,
    ) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._wanted_site_id = site_id
        self._site = self._known_site()
        self._last_poll: PollState | None = None
        self._forecast_tick: datetime | None = None
        self._status_noted_at: datetime | None = None
        self._not_before_seconds: defaultdict[str, float] = defaultdict(float)
        self._is_store_failing = False
        self._catch_ups = (
            CatchUp(
                task=TASK_HISTORY,
                look_back_days=HISTORY_DAYS,
                includes_today=True,
                final_minutes=self._final_prices,
                fetch=self._ask_prices,
            ),
            CatchUp(
                task=TASK_USAGE,
                look_back_days=USAGE_DAYS,
                includes_today=False,
                final_minutes=self._final_readings,
                fetch=self._ask_usage,
            ),
        )

    def run(self, stop: threading.Event) -> None:
        """Collect until `stop` is set. Nothing but that ends it."""
        while not stop.is_set():
            self._clock.wait(self.step(), stop)

    def step(self) -> float:
        """Do the most urgent thing that is due; return how long to wait. [s]"""
        try:
            wait_seconds = self._do_most_urgent()
        except StoreError as error:
            if not self._is_store_failing:
                _log.error("%s", error)
            self._is_store_failing = True
            return FAILURE_RETRY_SECONDS
        except Exception:  # noqa: BLE001
            # The one broad catch: a fault of ours must not end weeks of collecting.
            _log.exception("unexpected failure; going on")
            return FAILURE_RETRY_SECONDS
        if self._is_store_failing:
            _log.info("the store works again")
            self._is_store_failing = False
        return wait_seconds

    def _do_most_urgent(self) -> float:
        if self._site is None:
            if self._is_due(TASK_SITES):
                self._attempt(TASK_SITES, self._update_sites)
                return 0.0
            return min(self._seconds_until(TASK_SITES), LONGEST_WAIT_SECONDS)
        live_seconds = self._seconds_until_price()
        if live_seconds <= 0:
            self._attempt(TASK_PRICES, self._update_prices)
            return 0.0
        if live_seconds > QUIET_SECONDS and self._do_background():
            return 0.0
        return min(live_seconds, LONGEST_WAIT_SECONDS)

    def _do_background(self) -> bool:
        """Do one thing that can wait; return whether there was one."""
        if self._is_due(TASK_SITES):
            self._attempt(TASK_SITES, self._update_sites)
            return True
        if self._is_due(_PACK):
            self._postpone(_PACK, PACK_EVERY_SECONDS)
            self._store.forecasts.pack_finished_blocks(self._site_key(), self._now())
            return True
        for catch_up in self._catch_ups:
            if not self._is_due(catch_up.task):
                continue
            chunk = catch_up.next_chunk(self._now(), self._steady_seconds())
            if chunk is None:
                self._postpone(catch_up.task, LOOK_FOR_GAPS_EVERY_SECONDS)
                continue
            self._attempt(catch_up.task, self._asking(catch_up, chunk))
            return True
        return False

    def _asking(self, catch_up: CatchUp, chunk: DayChunk) -> Callable[[], None]:
        def deed() -> None:
            catch_up.ask(chunk, self._now(), self._steady_seconds())

        return deed

    def _attempt(self, task: str, deed: Callable[[], None]) -> None:
        """Do something; a source's error is noted, and the next try put off."""
        asked_at = self._now()
        try:
            deed()
        except (ConfigError, SourceError) as error:
            if task == TASK_PRICES:
                self._last_poll = PollState(asked_at, is_settled=False)
            self._postpone(task, self._retry_seconds(task, error))
            if _is_worth_noting(task, error, self._clock):
                self._note_failure(task, error)

    def _retry_seconds(self, task: str, error: Exception) -> float:
        if isinstance(error, RateLimited):
            return (error.retry_at - self._clock.now()).total_seconds()
        if isinstance(error, (SourceAuthError, ConfigError)):
            return PERSON_NEEDED_RETRY_SECONDS
        # The market's own schedule spaces the questions for the price.
        return 0.0 if task == TASK_PRICES else FAILURE_RETRY_SECONDS

    def _update_sites(self) -> None:
        sites = self._client.sites()
        # Chosen before it is kept: Amber has shown only a closed site for some days.
        self._site = choose_site(sites, self._wanted_site_id)
        with self._store.transaction():
            self._store.sources.save_sites(sites)
            self._note_success(TASK_SITES)
        self._postpone(TASK_SITES, SITES_EVERY_SECONDS)

    def _update_prices(self) -> None:
        site_key = self._site_key()
        answer = self._client.current_prices(
            self._followed_site().site_id,
            previous=self._previous_wanted(site_key),
            following=FOLLOWING_INTERVALS,
        )
        asked_at = self._now()
        current = _current_price(answer)
        settled = current is not None and is_settled(current, asked_at)
        with self._store.transaction():
            saved = self._store.prices.save(site_key, answer.prices, answer.answered_at)
            kept_forecast = self._keep_forecast(site_key, answer, settled=settled)
            has_changed = kept_forecast or saved.inserted + saved.revised > 0
            if current is not None and has_changed:
                self._judge(site_key, answer)
            if current is not None and (has_changed or self._is_status_due(asked_at)):
                self._note_success(TASK_PRICES)
                self._status_noted_at = asked_at
        if current is None:
            raise SourceUnavailable(
                "Amber answered without a current price; it may be down, trying again"
            )
        self._last_poll = PollState(asked_at, settled)

    def _keep_forecast(
        self, site_key: int, answer: CurrentPrices, *, settled: bool
    ) -> bool:
        """Keep one forecast in each tick; return whether this is the one."""
        tick = floor_to_step(answer.answered_at, TICK)
        is_late = answer.answered_at - tick >= KEEP_FORECAST_BY
        is_wanted = (settled or is_late) and tick != self._forecast_tick
        if not is_wanted or not answer.forecasts:
            return False
        self._store.forecasts.save(site_key, answer.forecasts)
        self._forecast_tick = tick
        return True

    def _judge(self, site_key: int, answer: CurrentPrices) -> None:
        newest = self._store.prices.latest(site_key, Channel.GENERAL)
        if newest is None:
            return
        price, known_at = newest
        recent = self._store.prices.values_between(
            site_key, Channel.GENERAL, known_at - HISTORY, known_at
        )
        general = (f for f in answer.forecasts if f.channel is Channel.GENERAL)
        decision = decide(
            self._store.verdicts.latest(site_key),
            price,
            answer.answered_at,
            price_levels(recent),
            next(general, None),
        )
        if decision is not None:
            self._store.verdicts.save(site_key, decision)

    def _final_prices(self, start: datetime, end: datetime) -> dict[date, int]:
        """Minutes of each day that are final on every channel that has prices."""
        site_key = self._site_key()
        by_channel = [
            self._store.prices.final_minutes_by_day(site_key, channel, start, end)
            for channel in self._store.prices.channels(site_key)
        ]
        days = {day for minutes in by_channel for day in minutes}
        return {day: min(m.get(day, 0) for m in by_channel) for day in days}

    def _final_readings(self, start: datetime, end: datetime) -> dict[date, int]:
        return self._store.readings.final_minutes_by_day(
            self._site_key(), SOURCE, start, end
        )

    def _ask_prices(self, first: date, last: date) -> int:
        answer = self._client.price_history(self._followed_site().site_id, first, last)
        prices = [price for price in answer if price.quality is Quality.ACTUAL]
        with self._store.transaction():
            saved = self._store.prices.save(self._site_key(), prices, self._now())
            self._note_success(TASK_HISTORY)
        _log_rows(TASK_HISTORY, first, last, saved.inserted + saved.revised)
        return len(prices)

    def _ask_usage(self, first: date, last: date) -> int:
        readings = self._client.usage(self._followed_site().site_id, first, last)
        with self._store.transaction():
            changed = self._store.readings.save(
                self._site_key(), SOURCE, readings, self._now()
            )
            self._note_success(TASK_USAGE)
        _log_rows(TASK_USAGE, first, last, changed)
        return len(readings)

    def _previous_wanted(self, site_key: int) -> int:
        """Intervals to ask for so that an outage of up to a day closes at once."""
        newest = self._store.prices.latest(site_key, Channel.GENERAL)
        if newest is None:
            return LEAST_PREVIOUS
        price, _ = newest
        missing = (self._now() - price.start) // timedelta(
            minutes=price.duration_minutes
        )
        return min(max(missing + 1, LEAST_PREVIOUS), MOST_PREVIOUS)

    def _note_success(self, task: str) -> None:
        if self._client.anchor is not None:
            self._store.sources.save_anchor(self._client.anchor)
        if self._store.sources.record_success(SOURCE, task, self._now()):
            _log.info("amber, %s: works again", task)

    def _note_failure(self, task: str, error: Exception) -> None:
        if self._store.sources.record_failure(SOURCE, task, self._now(), error):
            _log.warning("amber, %s: %s", task, error)

    def _known_site(self) -> RetailSite | None:
        try:
            return choose_site(self._store.sources.sites(), self._wanted_site_id)
        except ConfigError:
            return None  # never asked, or to be asked again

    def _followed_site(self) -> RetailSite:
        assert self._site is not None  # noqa: S101 - nothing is asked before
        return self._site

    def _site_key(self) -> int:
        key = self._store.sources.site_key(self._followed_site().site_id)
        assert key is not None  # noqa: S101 - a followed site has been kept
        return key

    def _now(self) -> datetime:
        """Best known time: an answer's own when the machine's clock is wrong."""
        return trusted_now(self._clock, self._client.anchor) or self._clock.now()

    def _steady_seconds(self) -> float:
        return self._clock.boottime_seconds()

    def _seconds_until(self, task: str) -> float:
        return self._not_before_seconds[task] - self._steady_seconds()

    def _seconds_until_price(self) -> float:
        now = self._now()
        scheduled = (next_poll(now, self._last_poll) - now).total_seconds()
        return max(scheduled, self._seconds_until(TASK_PRICES))

    def _is_due(self, task: str) -> bool:
        return self._seconds_until(task) <= 0

    def _is_status_due(self, now: datetime) -> bool:
        noted_at = self._status_noted_at
        return noted_at is None or not timedelta(0) <= now - noted_at < STATUS_EVERY

    def _postpone(self, task: str, seconds: float) -> None:
        self._not_before_seconds[task] = self._steady_seconds() + seconds


def _current_price(answer: CurrentPrices) -> Price | None:
    """Import price of the interval in which the answer was given."""
    for price in answer.prices:
        is_now = price.start <= answer.answered_at < price.end
        if price.channel is Channel.GENERAL and is_now:
            return price
    return None


def _is_worth_noting(task: str, error: Exception, clock: Clock) -> bool:
    """Whether a person should hear of it: waiting our turn is no failure."""
    if not isinstance(error, RateLimited):
        return True
    wait_seconds = (error.retry_at - clock.now()).total_seconds()
    return task == TASK_PRICES and wait_seconds > LONE_THROTTLE_SECONDS


def _log_rows(task: str, first: date, last: date, changed: int) -> None:
    if changed:
        _log.info(
            "amber, %s: %s to %s, %d rows new or changed", task, first, last, changed
        )
