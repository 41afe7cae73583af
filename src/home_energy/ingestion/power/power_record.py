"""Power that came in, kept: as it is for the screen, in means for the record."""

import logging
from collections import deque
from datetime import datetime, timedelta

from home_energy.domain.power import PowerMean, PowerNow, PowerSample, PowerSamples
from home_energy.domain.power_track import PowerTrack
from home_energy.errors import DataError, SourceUnavailable, StoreError
from home_energy.ingestion.power.inbox import (
    Counted,
    Heard,
    PowerInbox,
    Trouble,
    Works,
)
from home_energy.store import Store
from home_energy.store.present_power import PresentPower
from home_energy.store.sources import TASK_POWER

_log = logging.getLogger(__name__)

WINDOW = timedelta(minutes=1)
"""The power of this moment is a mean over so long: a pulse meter steps in 60 W."""

SHOWN_EVERY = timedelta(seconds=2)
SAMPLES_KEPT = timedelta(days=2)
"""Long enough to look at what an appliance drew."""

MOST_UNKEPT_MEANS = 4 * 288
"""While the disk does not write: four streams for a day."""


class PowerRecord:
    """Takes what sources delivered and keeps it. Used by the collector's thread.

    Parameters
    ----------
    inbox
        Where sources deliver.
    store
        Where means and samples are kept, and how a source does.
    present
        Where the screen finds the power of this moment.
    """

    def __init__(self, inbox: PowerInbox, store: Store, present: PresentPower) -> None:
        self._inbox = inbox
        self._store = store
        self._present = present
        self._tracks: dict[tuple[str, str], PowerTrack] = {}
        self._newest: dict[tuple[str, str], PowerNow] = {}
        self._states: dict[str, Trouble | Works] = {}
        self._unkept: deque[tuple[PowerMean, PowerSamples]] = deque(
            maxlen=MOST_UNKEPT_MEANS
        )
        self._shown_at: datetime | None = None
        self._is_present_failing = False

    def begin_anew(self) -> None:
        """Forget what is not kept: the clock by which it was dated was wrong."""
        self._tracks.clear()
        self._newest.clear()
        self._unkept.clear()

    def take(self, now: datetime) -> None:
        """Take what came in, and show it. Writes to memory only, and never fails.

        Parameters
        ----------
        now
            Best known time. [aware UTC]
        """
        for item in self._inbox.take():
            if isinstance(item, Trouble | Works):
                self._states[item.source] = item
            else:
                self._track(item)
        is_due = self._shown_at is None or not (
            timedelta(0) <= now - self._shown_at < SHOWN_EVERY
        )
        if is_due:
            self._shown_at = now
            self._show(now)

    def keep(self, now: datetime, *, is_last: bool = False) -> None:
        """Keep the means of every five minutes that are over, and how sources do.

        Parameters
        ----------
        is_last
            Keep what is known of the five minutes that run as well.

        Raises
        ------
        StoreError
            If the store cannot be written; what was not kept waits for the next call.
        """
        for track in self._tracks.values():
            self._unkept.extend(track.take_means(now, is_last=is_last))
        if self._unkept:
            with self._store.transaction():
                self._store.power.keep(self._unkept)
                self._store.power.forget_samples_before(now - SAMPLES_KEPT)
            self._unkept.clear()
        for source in list(self._states):
            self._note(self._states[source], now)
            del self._states[source]

    def _track(self, item: Heard | Counted) -> None:
        place = (item.source, item.stream)
        track = self._tracks.get(place)
        if track is None:
            track = PowerTrack(item.source, item.stream, item.hold)
            self._tracks[place] = track
        if isinstance(item, Counted):
            track.count(item.at, item.wh)
            return
        try:
            track.add(PowerSample(item.stream, item.at, item.watts))
        except DataError as error:
            self._states[item.source] = Trouble(item.source, str(error))

    def _show(self, now: datetime) -> None:
        for place, track in self._tracks.items():
            told = track.now(now, WINDOW)
            if told is not None:
                self._newest[place] = told
        try:
            self._present.write(list(self._newest.values()))
        except StoreError as error:
            if not self._is_present_failing:
                _log.error("%s", error)
            self._is_present_failing = True
        else:
            self._is_present_failing = False

    def _note(self, state: Trouble | Works, now: datetime) -> None:
        sources = self._store.sources
        if isinstance(state, Works):
            if sources.record_success(state.source, TASK_POWER, now):
                _log.info("%s: works again", state.source)
            return
        error = SourceUnavailable(state.said)
        if sources.record_failure(state.source, TASK_POWER, now, error):
            _log.warning("%s: %s", state.source, state.said)
