"""Takes messages to one channel, in a thread of its own: nobody waits for it."""

import logging
import threading
import time
from dataclasses import dataclass
from datetime import timedelta

from home_energy.announcing.notifications.channels import Channel
from home_energy.announcing.notifications.notice import Notice
from home_energy.errors import SourceError, SourceUnavailable
from home_energy.ingestion.waits import Waits

_log = logging.getLogger(__name__)

WAITS = Waits(first=timedelta(seconds=5), most=timedelta(minutes=5))
GIVE_UP_AFTER = timedelta(hours=1)
CLOSE_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the last try to send: `error` is `None` where it was taken."""

    channel: str
    error: SourceError | None


@dataclass(slots=True)
class _Parcel:
    notice: Notice
    sent_seconds: float


class Courier:
    """Sends what is handed over, and tries again while that may help.

    Of each kind of event only the newest message waits: that a spike began is not
    told any more once it is over.

    Parameters
    ----------
    channel
        Where to send.
    waits
        Between tries.
    give_up_after
        How long a message is tried.
    """

    def __init__(
        self,
        channel: Channel,
        waits: Waits = WAITS,
        give_up_after: timedelta = GIVE_UP_AFTER,
    ) -> None:
        self._channel = channel
        self._waits = waits
        self._give_up_seconds = give_up_after.total_seconds()
        self._changed = threading.Condition()
        self._waiting: dict[str, _Parcel] = {}
        self._outcome: Outcome | None = None
        self._is_hurried = False
        self._is_closed = False
        self._thread: threading.Thread | None = None
        self.lost_count = 0
        """Messages that were given up."""

    def send(self, notice: Notice) -> None:
        """Take over a message; returns at once."""
        with self._changed:
            self._waiting[notice.about] = _Parcel(notice, time.monotonic())
            self._is_hurried = True
            if self._thread is None:
                name = f"to {self._channel.name}"
                self._thread = threading.Thread(
                    target=self._run, name=name, daemon=True
                )
                self._thread.start()
            self._changed.notify_all()

    def take_outcome(self) -> Outcome | None:
        """What came of the last try since this was asked before."""
        with self._changed:
            outcome, self._outcome = self._outcome, None
        return outcome

    def close(self) -> None:
        """End within a second; what is still waiting is lost."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        failed_count = 0
        while (parcel := self._next()) is not None:
            error = self._try(parcel.notice)
            may_help = isinstance(error, SourceUnavailable)
            with self._changed:
                self._outcome = Outcome(self._channel.name, error)
                self._put_away(parcel, error, may_help=may_help)
                failed_count = failed_count + 1 if may_help else 0
                if may_help:
                    seconds = self._waits.after(failed_count - 1).total_seconds()
                    self._changed.wait_for(
                        lambda: self._is_closed or self._is_hurried, seconds
                    )

    def _next(self) -> _Parcel | None:
        """Oldest message that waits; `None` at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            self._is_hurried = False
            return None if self._is_closed else next(iter(self._waiting.values()))

    def _try(self, notice: Notice) -> SourceError | None:
        try:
            self._channel.post(notice)
        except SourceError as error:
            return error
        except Exception as error:  # noqa: BLE001 - the thread must outlive a fault
            _log.error("%s: unexpected failure", self._channel.name, exc_info=error)
            return SourceUnavailable(
                f"{self._channel.name}: a message could not be sent "
                f"({type(error).__name__}); see the log"
            )
        return None

    def _put_away(
        self, parcel: _Parcel, error: SourceError | None, *, may_help: bool
    ) -> None:
        is_replaced = self._waiting.get(parcel.notice.about) is not parcel
        is_late = time.monotonic() - parcel.sent_seconds >= self._give_up_seconds
        if is_replaced or (may_help and not is_late):
            return
        del self._waiting[parcel.notice.about]
        if error is not None:
            self.lost_count += 1
            _log.warning(
                "%s: the message %r was given up, %d so far: %s",
                self._channel.name,
                parcel.notice.title,
                self.lost_count,
                error,
            )
