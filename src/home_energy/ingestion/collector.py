"""The live loop: one thread, one question at a time, for weeks.

The price comes first: a question for history or usage is asked only in the quiet
part of the five minutes. What a question brought is saved in one transaction, so a
power cut loses nothing that was acknowledged. Everything that can be asked again is
asked again later, so an outage is caught up by itself. Live power has threads of its
own that never touch the store; what they heard is taken between two questions.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from home_energy.domain.clock import Clock, trusted_now
from home_energy.domain.site import RetailSite, choose_site
from home_energy.errors import (
    ConfigError,
    RateLimited,
    SourceAuthError,
    SourceError,
    StoreDamaged,
    StoreError,
)
from home_energy.ingestion.catch_up import CatchUp
from home_energy.ingestion.day_chunks import DayChunk
from home_energy.ingestion.day_tasks import HISTORY_DAYS, DayTasks
from home_energy.ingestion.live_prices import TASK_PRICES, LivePrices
from home_energy.ingestion.market_schedule import PollState, next_poll
from home_energy.ingestion.power.power_record import PowerRecord
from home_energy.ingestion.source_notes import SourceNotes
from home_energy.ingestion.sources.amber import AmberClient
from home_energy.store import Store
from home_energy.store.upkeep import last_run

_log = logging.getLogger(__name__)

TASK_SITES = "sites"
_PACK = "pack forecasts"
_POWER = "keep power"
_NIGHT = "look what the night's check found"

QUIET_SECONDS = 4.0
"""Background questions wait while the price is due sooner than this."""

SITES_EVERY_SECONDS = 24 * 3600.0
LOOK_FOR_GAPS_EVERY_SECONDS = 1800.0
PACK_EVERY_SECONDS = 3600.0
LOOK_AT_NIGHT_EVERY_SECONDS = 900.0
PERSON_NEEDED_RETRY_SECONDS = 900.0
FAILURE_RETRY_SECONDS = 30.0
FAULT_PAUSE_SECONDS = 5.0
SAME_FAULT_AGAIN_SECONDS = 3600.0
LONE_THROTTLE_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 15.0
"""Whoever watches over the loop hears of it at least so often."""
POWER_EVERY_SECONDS = 1.0
"""How soon what meters told is on the screen."""


class Collector:
    """Keeps one site's record up to date.

    Parameters
    ----------
    client, store, clock
        Where to ask, where to keep, what time it is.
    site_id
        Site to follow; `None` for the only active one.
    history_days
        How far back prices are asked for. [days]
    power
        What takes live power; `None` where no source of it was set up.
    """

    def __init__(  # noqa: PLR0913 - the last two are asked for by name
        self,
        client: AmberClient,
        store: Store,
        clock: Clock,
        site_id: str | None = None,
        *,
        history_days: int = HISTORY_DAYS,
        power: PowerRecord | None = None,
    ) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._wanted_site_id = site_id
        self._history_days = history_days
        self._power = power
        self._anchor_on_record = store.sources.anchor()
        self._known_upkeep = last_run(store.path)
        self._is_time_trusted = True
        self._notes = SourceNotes(client, store)
        self._live = LivePrices(client, store, self._notes)
        self._last_poll: PollState | None = None
        self._fault: tuple[str, float] | None = None
        self._not_before_seconds: defaultdict[str, float] = defaultdict(float)
        self._is_store_failing = False
        self._site: RetailSite | None = None
        self._site_key = 0
        self._catch_ups: tuple[CatchUp, ...] = ()
        try:
            # A site on record lets the price be asked for first after a restart.
            self._follow(choose_site(store.sources.sites(), site_id))
        except ConfigError:
            _log.info("no site on record yet, asking Amber")

    def run(
        self, stop: threading.Event, after_each: Callable[[], None] = lambda: None
    ) -> None:
        """Collect until `stop` is set; of all failures only a damaged store ends it.

        Parameters
        ----------
        after_each
            Called after each finished step, the waits between them at most
            `LONGEST_WAIT_SECONDS` long: who hears nothing knows that the loop hangs.

        Raises
        ------
        StoreDamaged
            If the store is no sound database any more. Writing on would make it worse;
            it is mended before the collector is started anew.
        """
        try:
            while not stop.is_set():
                seconds = self.step()
                after_each()
                self._clock.wait(seconds, stop)
        finally:
            self._guarded(self._take_last_power)

    def step(self) -> float:
        """Do the most urgent thing that is due; return how long to wait. [s]"""
        seconds = self._guarded(self._do_most_urgent)
        if self._power is None:
            return seconds
        self._guarded(self._take_power)
        return min(seconds, POWER_EVERY_SECONDS)

    def _guarded(self, deed: Callable[[], float]) -> float:
        """Do something that says how long to wait; damage alone ends the loop. [s]"""
        try:
            return deed()
        except StoreDamaged:
            raise
        except StoreError as error:
            if not self._is_store_failing:
                _log.error("%s", error)
            self._is_store_failing = True
            return FAILURE_RETRY_SECONDS
        except Exception as error:  # noqa: BLE001
            # The one broad catch: a fault of ours must not end weeks of collecting.
            self._log_fault(error)
            return FAULT_PAUSE_SECONDS

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

    def _take_power(self) -> float:
        """Show the power that was heard, and keep it when no price is due."""
        if self._power is not None:
            anchor = self._client.anchor or self._anchor_on_record
            is_trusted = trusted_now(self._clock, anchor) is not None
            if is_trusted and not self._is_time_trusted:
                self._power.begin_anew()
            self._is_time_trusted = is_trusted
            self._power.take(self._now())
            is_quiet = self._site is None or self._seconds_until_price() > QUIET_SECONDS
            if is_trusted and is_quiet and self._is_due(_POWER):
                self._attempt(_POWER, self._keep_power)
        return 0.0

    def _keep_power(self) -> None:
        if self._power is not None:
            self._power.keep(self._now())

    def _take_last_power(self) -> float:
        if self._power is not None and self._is_time_trusted:
            self._power.take(self._now())
            self._power.keep(self._now(), is_last=True)
        return 0.0

    def _do_background(self) -> bool:
        """Do one thing that can wait; return whether there was one."""
        if self._is_due(TASK_SITES):
            self._attempt(TASK_SITES, self._update_sites)
            return True
        if self._is_due(_PACK):
            self._postpone(_PACK, PACK_EVERY_SECONDS)
            self._attempt(_PACK, self._pack_forecasts)
            return True
        if self._is_due(_NIGHT):
            self._postpone(_NIGHT, LOOK_AT_NIGHT_EVERY_SECONDS)
            self._attempt(_NIGHT, self._heed_the_nights_check)
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
            catch_up.ask(chunk, self._steady_seconds())

        return deed

    def _pack_forecasts(self) -> None:
        self._store.forecasts.pack_finished_blocks(self._site_key, self._now())

    def _heed_the_nights_check(self) -> None:
        """End where the upkeep has found damage that the loop has not met itself."""
        last = last_run(self._store.path)
        if last != self._known_upkeep and last is not None and last.is_damaged:
            raise StoreDamaged(last.failure or f"{self._store.path}: found damaged")
        self._known_upkeep = last

    def _attempt(self, task: str, deed: Callable[[], None]) -> None:
        """Do something; a source's error is noted, and the next try put off."""
        try:
            deed()
        except (ConfigError, SourceError) as error:
            self._put_off(task, self._retry_seconds(task, error))
            if self._is_worth_noting(task, error):
                self._notes.failure(task, self._now(), error)
        except StoreError:
            self._put_off(task, FAILURE_RETRY_SECONDS)
            raise
        except Exception as error:
            # A fault of ours in one task must not hold up the others.
            self._put_off(task, FAILURE_RETRY_SECONDS)
            self._notes.failure(task, self._now(), error)
            raise
        else:
            self._store_works()

    def _put_off(self, task: str, seconds: float) -> None:
        if task == TASK_PRICES:
            self._last_poll = PollState(self._now(), is_settled=False)
        self._postpone(task, seconds)

    def _store_works(self) -> None:
        if self._is_store_failing:
            _log.info("the store works again")
            self._is_store_failing = False

    def _log_fault(self, error: Exception) -> None:
        """Say what failed, with its trace; the same again only after a while."""
        name, now_seconds = repr(error), self._steady_seconds()
        said, said_at_seconds = self._fault or ("", 0.0)
        if said == name and now_seconds - said_at_seconds < SAME_FAULT_AGAIN_SECONDS:
            return
        self._fault = name, now_seconds
        _log.error("unexpected failure; going on", exc_info=error)

    def _retry_seconds(self, task: str, error: Exception) -> float:
        if isinstance(error, RateLimited):
            return self._wait_asked_for(error)
        if isinstance(error, (SourceAuthError, ConfigError)):
            return PERSON_NEEDED_RETRY_SECONDS
        # The market's own schedule spaces the questions for the price.
        return 0.0 if task == TASK_PRICES else FAILURE_RETRY_SECONDS

    def _is_worth_noting(self, task: str, error: Exception) -> bool:
        """Whether a person should hear of it: waiting our turn is no failure."""
        if not isinstance(error, RateLimited):
            return True
        is_lone_throttle = self._wait_asked_for(error) <= LONE_THROTTLE_SECONDS
        return task == TASK_PRICES and not is_lone_throttle

    def _wait_asked_for(self, error: RateLimited) -> float:
        return (error.retry_at - self._clock.now()).total_seconds()

    def _update_sites(self) -> None:
        sites = self._client.sites()
        # Chosen before it is kept: Amber has shown only a closed site for some days.
        site = choose_site(sites, self._wanted_site_id)
        with self._store.transaction():
            self._store.sources.save_sites(sites)
            self._notes.success(TASK_SITES, self._now())
        if site != self._site:
            self._follow(site)
        self._postpone(TASK_SITES, SITES_EVERY_SECONDS)

    def _follow(self, site: RetailSite) -> None:
        site_key = self._store.sources.site_key(site.site_id)
        if site_key is None:
            raise StoreError(f"site {site.site_id} was kept but is not in the store")
        if site_key != self._site_key:
            self._live = LivePrices(self._client, self._store, self._notes)
            self._last_poll = None
        self._site, self._site_key = site, site_key
        tasks = DayTasks(
            self._client, self._store, self._notes, self._now, site.site_id, site_key
        )
        self._catch_ups = tasks.catch_ups(self._history_days)

    def _update_prices(self) -> None:
        if self._site is not None:
            self._last_poll = self._live.ask(
                self._site.site_id, self._site_key, self._now()
            )

    def _now(self) -> datetime:
        """Best known time: the market's, whatever the machine's clock says."""
        return self._client.now()

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

    def _postpone(self, task: str, seconds: float) -> None:
        self._not_before_seconds[task] = self._steady_seconds() + seconds
