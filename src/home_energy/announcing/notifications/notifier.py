"""Tells a person of events: each once, outside quiet hours, and never too often.

Nothing is queued for later. At every moment what holds is compared with what was told
last; what differs is told as soon as that is allowed. So what began in quiet hours is
told when they end if it still holds, and not at all if it does not.
"""

import logging
from collections import deque
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta

from home_energy.announcing.notifications.channels import named_channels
from home_energy.announcing.notifications.courier import Courier
from home_energy.announcing.notifications.event_track import EventTrack
from home_energy.announcing.notifications.events import event_rules, seen
from home_energy.announcing.notifications.notice import notice_of
from home_energy.announcing.speaker import Moment
from home_energy.domain.notice import TASK_NOTIFY, EventKind, ToldEvent
from home_energy.settings import Settings
from home_energy.store import Store

_log = logging.getLogger(__name__)

_HOUR = timedelta(hours=1)


def named_notifier(settings: Settings) -> "Notifier | None":
    """Notifier of the household; `None` where no message is to be sent anywhere."""
    chosen = settings.notifications
    if not chosen.has_any or not chosen.tell:
        return None
    return Notifier(settings, [Courier(one) for one in named_channels(chosen)])


class Notifier:
    """Watches events and hands messages to couriers.

    Parameters
    ----------
    settings
        Of the home.
    couriers
        Who takes messages out, each to its own channel.
    """

    def __init__(self, settings: Settings, couriers: Sequence[Courier]) -> None:
        self._settings = settings
        self._chosen = settings.notifications
        self._couriers = tuple(couriers)
        self._told: dict[EventKind, ToldEvent] = {}
        self._tracks: dict[EventKind, EventTrack] = {}
        self._sent_at: deque[datetime] = deque()

    def speak(self, moment: Moment) -> None:
        """Tell what differs from what was told last; without a time, nothing."""
        if moment.at is None:
            return
        if not self._tracks:
            self._remember()
        sights = seen(moment, self._settings)
        for kind, track in self._tracks.items():
            track.see(sights[kind], moment.at)
        for kind in self._tracks:
            self._tell(kind, moment, moment.at)
        self._note_outcomes(moment.at)

    def close(self) -> None:
        """Let the couriers end."""
        for courier in self._couriers:
            courier.close()

    def _remember(self) -> None:
        """Go on from what was told before a restart."""
        with closing(Store.open(self._settings.home.store)) as store:
            self._told = store.notifications.last_told()
        rules = event_rules(timedelta(minutes=self._chosen.silent_minutes))
        self._tracks = {
            kind: EventTrack(rules[kind], self._told.get(kind))
            for kind in self._chosen.tell
        }
        self._sent_at.extend(sorted(told.told_at for told in self._told.values()))

    def _tell(self, kind: EventKind, moment: Moment, at: datetime) -> None:
        track, told = self._tracks[kind], self._told.get(kind)
        was_on = told is not None and told.is_on
        if track.is_on == was_on or track.since is None:
            return
        event = ToldEvent(kind, track.is_on, track.since, at)
        notice = notice_of(event, moment, self._settings)
        if notice is not None:
            if not self._may_send(kind, at, is_on=track.is_on):
                return
            self._sent_at.append(at)
            for courier in self._couriers:
                courier.send(notice)
        self._told[kind] = event
        with closing(Store.open(self._settings.home.store)) as store:
            store.notifications.note(event)

    def _may_send(self, kind: EventKind, at: datetime, *, is_on: bool) -> bool:
        while self._sent_at and not timedelta(0) <= at - self._sent_at[0] < _HOUR:
            self._sent_at.popleft()
        if len(self._sent_at) >= self._chosen.most_per_hour:
            return False
        is_loud = kind is EventKind.SPIKE and is_on
        return not self._is_quiet(at) or (is_loud and self._chosen.spike_in_quiet_hours)

    def _is_quiet(self, at: datetime) -> bool:
        start, end = self._chosen.quiet_from, self._chosen.quiet_until
        if start is None or end is None:
            return False
        local = at.astimezone(self._settings.home.zone).time()
        if start < end:
            return start <= local < end
        return local >= start or local < end

    def _note_outcomes(self, at: datetime) -> None:
        outcomes = [courier.take_outcome() for courier in self._couriers]
        known = [outcome for outcome in outcomes if outcome is not None]
        if not known:
            return
        with closing(Store.open(self._settings.home.store)) as store:
            for outcome in known:
                if outcome.error is None:
                    store.sources.record_success(outcome.channel, TASK_NOTIFY, at)
                elif store.sources.record_failure(
                    outcome.channel, TASK_NOTIFY, at, outcome.error
                ):
                    _log.warning("%s: %s", outcome.channel, outcome.error)
