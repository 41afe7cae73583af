"""The round: every few seconds this moment is read once, and everybody speaks of it.

It has a thread and connections of its own, so that the price never waits for a broker
or a host. Once a minute it gives the advice that the screen shows and the scoreboard
judges.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from home_energy.analysis.advice.advice_round import ApplianceAdvice, give_advice
from home_energy.analysis.running_costs.demand_guard import DemandGuard, demand_guard
from home_energy.announcing.speaker import Moment, Speaker
from home_energy.dashboard.now import Now, read_now
from home_energy.domain.clock import Clock
from home_energy.errors import HomeEnergyError
from home_energy.settings import Settings
from home_energy.store import Store

_log = logging.getLogger(__name__)

ROUND_SECONDS = 5.0
ADVICE_EVERY = timedelta(minutes=1)
STOP_SECONDS = 0.8


class Announcer:
    """Reads each moment once and lets every speaker tell it.

    Parameters
    ----------
    settings
        Of the home.
    clock
        Where `now` comes from.
    speakers
        Who tells it to others; used and closed in the round's own thread.
    every_seconds
        Between rounds, of real time. [s]
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        speakers: Sequence[Speaker],
        every_seconds: float = ROUND_SECONDS,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._speakers = tuple(speakers)
        self._every_seconds = every_seconds
        self._reader: Store | None = None
        self._writer: Store | None = None
        self._advices: tuple[ApplianceAdvice, ...] = ()
        self._advised_at: datetime | None = None
        self._faults: dict[str, str] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Go round while the block lasts; the end takes less than a second."""
        stop = threading.Event()
        thread = threading.Thread(
            target=self._go_on, args=(stop,), name="announcing", daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(STOP_SECONDS)

    def round(self) -> None:
        """Read this moment, give advice if it is time, and let everybody speak."""
        moment = self._moment()
        if moment is None:
            return
        for speaker in self._speakers:
            with self._noting(type(speaker).__name__):
                speaker.speak(moment)

    def close(self) -> None:
        """Close speakers and stores."""
        for speaker in self._speakers:
            with self._noting(type(speaker).__name__):
                speaker.close()
        self._drop_reader()
        self._drop_writer()

    def _go_on(self, stop: threading.Event) -> None:
        try:
            while not stop.is_set():
                self.round()
                stop.wait(self._every_seconds)
        finally:
            self.close()

    def _moment(self) -> Moment | None:
        """Read this moment; `None` where the store cannot be read."""
        now = None
        with self._noting("this moment"):
            now = read_now(self._open_reader(), self._settings, self._clock)
        if now is None:
            self._drop_reader()
            return None
        return Moment(now, self._advice(now), self._demand(now), now.time)

    def _demand(self, now: Now) -> DemandGuard | None:
        guard = None
        if now.time is not None and self._speakers:
            with self._noting("demand window"):
                guard = demand_guard(self._open_reader(), self._settings, now.time)
        return guard

    def _advice(self, now: Now) -> tuple[ApplianceAdvice, ...]:
        """Advice of the last minute, or new one; none without a time or a site."""
        if now.time is None or now.site is None or not self._settings.advice.may_wait:
            self._advices, self._advised_at = (), None
            return ()
        if self._advised_at is not None and (
            timedelta(0) <= now.time - self._advised_at < ADVICE_EVERY
        ):
            return self._advices
        self._advised_at = now.time
        advices = None
        with self._noting("advice"):
            advices = self._give_advice(now.site.site_id, now.time)
        if advices is None:
            self._drop_writer()
        self._advices = advices or ()
        return self._advices

    def _give_advice(self, site_id: str, time: datetime) -> tuple[ApplianceAdvice, ...]:
        if self._writer is None:
            self._writer = Store.open(self._settings.home.store)
        key = self._writer.sources.site_key(site_id)
        if key is None:
            return ()
        settings = self._settings
        return give_advice(
            self._writer, key, settings.advice.may_wait, time, settings.home.zone
        )

    @contextmanager
    def _noting(self, place: str) -> Iterator[None]:
        """Say a failure of the block, once until it fails otherwise or works again."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - all else is to go on
            if self._faults.get(place) != repr(error):
                trace = None if isinstance(error, HomeEnergyError) else error
                _log.error("announcing, %s: %s", place, error, exc_info=trace)
            self._faults[place] = repr(error)
        else:
            if self._faults.pop(place, None) is not None:
                _log.info("announcing, %s: works again", place)

    def _open_reader(self) -> Store:
        if self._reader is None:
            self._reader = Store.open_read_only(self._settings.home.store)
        return self._reader

    def _drop_reader(self) -> None:
        store, self._reader = self._reader, None
        if store is not None:
            store.close()

    def _drop_writer(self) -> None:
        store, self._writer = self._writer, None
        if store is not None:
            store.close()
