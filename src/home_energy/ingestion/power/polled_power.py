"""Power of a source that is asked, again and again, in a thread of its own.

Nothing here makes anyone wait: the thread asks, delivers into the inbox what is new,
and tries later and later while nothing answers. What was measured keeps the source's
own time, so a source that repeats its last word is silent, not fresh.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from home_energy.domain.power import PowerSample, Stream
from home_energy.errors import SourceAuthError, SourceError
from home_energy.ingestion.power.inbox import Heard, PowerInbox, Trouble, Works
from home_energy.ingestion.waits import Waits

_log = logging.getLogger(__name__)

STOP_SECONDS = 0.8

AHEAD = timedelta(minutes=1)
"""A source's clock may be so much ahead of ours; beyond, its time means nothing."""

SILENT_AFTER = timedelta(minutes=5)
"""A stream of which nothing newer comes for so long, or for three holds, is told."""


@dataclass(frozen=True, slots=True)
class PolledAnswer:
    """What a source said when it was asked.

    Parameters
    ----------
    samples
        With the source's own time.
    problems
        Of streams that it could not tell, in words for the household.
    """

    samples: tuple[PowerSample, ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Polling:
    """How a source is asked.

    Parameters
    ----------
    source
        By which the household knows it.
    every
        From one question to the next.
    hold
        How long an answer stands at most.
    waits
        Between tries while nothing answers.
    """

    source: str
    every: timedelta
    hold: timedelta
    waits: Waits = field(default_factory=Waits)


class PolledPower:
    """Asks one source for its power.

    Parameters
    ----------
    polling
        Which source, and how often.
    ask
        Asks once, each wait of it bounded; raises `SourceError` where nothing came.
    inbox
        Where readings and troubles are delivered.
    now
        What time it is. [aware UTC]
    """

    def __init__(
        self,
        polling: Polling,
        ask: Callable[[], PolledAnswer],
        inbox: PowerInbox,
        now: Callable[[], datetime],
    ) -> None:
        self._polling = polling
        self._ask = ask
        self._inbox = inbox
        self._now = now
        self._newest: dict[Stream, datetime] = {}
        self._state: Trouble | Works | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name=polling.source, daemon=True
        )

    def start(self) -> None:
        """Begin to ask; returns at once, whether anything answers or not."""
        self._thread.start()

    def stop(self) -> None:
        """End within a second; a question under way ends without being heard."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        failed_count = 0
        while not self._stopping.is_set():
            wait = self._polling.every
            try:
                answer = self._ask()
                failed_count = 0
            except SourceAuthError as error:
                self._tell(Trouble(self._polling.source, str(error)))
                wait = self._polling.waits.most  # a person must act
            except SourceError as error:
                self._tell(Trouble(self._polling.source, str(error)))
                wait = self._polling.waits.after(failed_count)
                failed_count += 1
            except Exception:  # noqa: BLE001 - the thread must outlive any answer
                _log.exception("asking %s failed", self._polling.source)
                self._tell(Trouble(self._polling.source, f"{_FAULT}; see the log"))
                wait = self._polling.waits.most
            else:
                self._take(answer)
            self._stopping.wait(wait.total_seconds())

    def _take(self, answer: PolledAnswer) -> None:
        if self._stopping.is_set():
            return
        now = self._now()
        problems = list(answer.problems)
        for sample in answer.samples:
            problem = self._deliver(sample, now)
            if problem:
                problems.append(problem)
        source = self._polling.source
        self._tell(Trouble(source, "; ".join(problems)) if problems else Works(source))

    def _deliver(self, sample: PowerSample, now: datetime) -> str | None:
        """Deliver what is newer than the last; return what is wrong with its time."""
        if sample.at - now > AHEAD:
            return (
                f"{sample.stream}: its time is ahead of ours by more than a minute, "
                "the present expected; check the clock of the device"
            )
        at = min(sample.at, now)
        before = self._newest.get(sample.stream)
        if before is None or at > before:
            self._newest[sample.stream] = at
            source, hold = self._polling.source, self._polling.hold
            self._inbox.put(Heard(source, sample.stream, at, sample.watts, hold))
        silent_after = max(SILENT_AFTER, 3 * self._polling.hold)
        if now - at > silent_after:
            minutes = silent_after.total_seconds() / 60
            return (
                f"{sample.stream}: nothing new for more than {minutes:.0f} minutes; "
                "check that its meter still reports, and the clock of the device"
            )
        return None

    def _tell(self, state: Trouble | Works) -> None:
        """Deliver a state when it changes."""
        if state != self._state and not self._stopping.is_set():
            self._state = state
            self._inbox.put(state)


_FAULT = "asking failed by a fault of home-energy, an answer expected"
