"""Whether an event is on, steady against flips."""

from datetime import datetime

from home_energy.announcing.notifications.events import EventRule, Sight
from home_energy.domain.notice import ToldEvent


class EventTrack:
    """One kind of event as time goes on.

    Parameters
    ----------
    rule
        How long it must hold to be on, and be gone to be over.
    told
        What was told last, before a restart: the event goes on from there.
    """

    def __init__(self, rule: EventRule, told: ToldEvent | None = None) -> None:
        self._rule = rule
        self.is_on = told is not None and told.is_on
        self.since: datetime | None = told.since if told else None
        self._seen_since: datetime | None = None
        self._gone_since: datetime | None = None

    def see(self, sight: Sight, at: datetime) -> None:
        """Take in what is seen at a moment; what cannot be said changes nothing.

        Parameters
        ----------
        at
            Trusted time. [aware UTC]
        """
        if sight.holds is None:
            return
        if sight.holds:
            self._gone_since = None
            self._seen_since = min(self._seen_since or at, sight.since or at, at)
            is_long_enough = at - self._seen_since >= self._rule.begins_after
            if not self.is_on and is_long_enough:
                self.is_on, self.since = True, self._seen_since
        else:
            self._seen_since = None
            self._gone_since = min(self._gone_since or at, at)
            if self.is_on and at - self._gone_since >= self._rule.ends_after:
                self.is_on, self.since = False, self._gone_since
