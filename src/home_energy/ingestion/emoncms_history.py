"""What emoncms' feeds have said, into the record: five-minute means, week by week.

Each week is kept as it comes, and one that is on record whole is not asked for again:
an outage in the middle loses nothing, and twice is once. A mean on record stands.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from home_energy.domain.power import FIVE_MINUTES
from home_energy.domain.time_grid import floor_to_step
from home_energy.errors import DataError, SourceUnavailable
from home_energy.ingestion.sources.emoncms import SOURCE, Feed, FeedMeans
from home_energy.ingestion.sources.emoncms_service import EmoncmsClient
from home_energy.ingestion.waits import Waits
from home_energy.store import Store

SETTLED_AFTER = timedelta(minutes=15)
"""An emonPi writes what it measured to its card only every five minutes or so: a mean
over what is not written yet would be of a part."""

CHUNK = timedelta(days=7)
"""2,016 steps; old versions of emoncms give at most 3,000."""

_T = TypeVar("_T")
_TRIES = 3
_WAITS = Waits(timedelta(seconds=2), timedelta(seconds=10))

OnProgress = Callable[[Feed, int, int], None]
"""Called with a feed, how many weeks of it are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class History:
    """From when to when, and how to wait.

    Parameters
    ----------
    start
        `None` begins with each feed's first reading. [aware UTC]
    end
        [aware UTC]
    pause
        Waits between tries. [s]
    """

    start: datetime | None
    end: datetime
    pause: Callable[[float], None]


@dataclass(frozen=True, slots=True)
class ImportedFeed:
    """What the history of one feed brought.

    Parameters
    ----------
    feed
        Which one.
    start, end
        From when to when; the same where the feed has nothing in the period.
        [aware UTC]
    new_count
        Means that were not on record before.
    known_count
        Means that were, and stand.
    hole_count
        Five minutes without any: the feed said nothing.
    impossible_count
        Means that cannot be power of the stream; they are holes.
    """

    feed: Feed
    start: datetime
    end: datetime
    new_count: int
    known_count: int
    hole_count: int
    impossible_count: int


def import_feeds(
    store_path: Path,
    client: EmoncmsClient,
    feeds: Sequence[Feed],
    history: History,
    on_progress: OnProgress,
) -> list[ImportedFeed]:
    """Ask for the history of every feed, and keep what is not on record.

    Raises
    ------
    SourceError
        By its kind, if there is no whole and true answer; what came before it is kept.
    DataError
        If a feed has no five-minute means, or does not tell since when it is.
    StoreError
        If the store cannot be written.
    """
    with closing(Store.open(store_path)) as store:
        asking = _Asking(store, client, history, on_progress)
        return [asking.import_feed(feed) for feed in feeds]


@dataclass(slots=True)
class _Asking:
    store: Store
    client: EmoncmsClient
    history: History
    on_progress: OnProgress
    new_count: int = 0

    def import_feed(self, feed: Feed) -> ImportedFeed:
        start, end = self._period(feed)
        known_count = self.store.power.mean_count(SOURCE, feed.stream, start, end)
        new_before, impossible_count = self.new_count, 0
        chunks = _chunks(start, end)
        self.on_progress(feed, 0, len(chunks))
        for number, (begin, until) in enumerate(chunks, start=1):
            impossible_count += self._import_chunk(feed, begin, until)
            self.on_progress(feed, number, len(chunks))
        new_count = self.new_count - new_before
        hole_count = (end - start) // FIVE_MINUTES - known_count - new_count
        counts = (new_count, known_count, hole_count, impossible_count)
        return ImportedFeed(feed, start, end, *counts)

    def _period(self, feed: Feed) -> tuple[datetime, datetime]:
        """From the feed's first reading, or where the household wants to begin."""
        span = self._patiently(lambda: self.client.span(feed))
        step_s = FIVE_MINUTES.total_seconds()
        if span.interval_seconds is not None and span.interval_seconds > step_s:
            raise DataError(
                f"{feed.words}: it holds one number for every "
                f"{span.interval_seconds} s, at most {step_s:.0f} s expected for means "
                "of five minutes; name the feed that is logged more often"
            )
        starts = [s for s in (span.first, self.history.start) if s is not None]
        if not starts:
            raise DataError(
                f"{feed.words}: emoncms does not tell its first reading, a day to "
                "begin with expected; add --since YYYY-MM-DD"
            )
        start = floor_to_step(max(starts), FIVE_MINUTES)
        return start, max(floor_to_step(self.history.end, FIVE_MINUTES), start)

    def _import_chunk(self, feed: Feed, start: datetime, end: datetime) -> int:
        """Keep a week, unless it is on record; return how many means cannot be."""
        held = self.store.power.mean_count(SOURCE, feed.stream, start, end)
        if held == (end - start) // FIVE_MINUTES:
            return 0
        found: FeedMeans = self._patiently(lambda: self.client.means(feed, start, end))
        self.new_count += self.store.power.keep_missing(found.means)
        return found.impossible_count

    def _patiently(self, ask: Callable[[], _T]) -> _T:
        for failed_count in range(_TRIES):
            try:
                return ask()
            except SourceUnavailable as error:
                if failed_count == _TRIES - 1:
                    raise SourceUnavailable(
                        f"{error}; {self.new_count:,} new means are on record, run "
                        "the same command again to go on from there"
                    ) from None
            self.history.pause(_WAITS.after(failed_count).total_seconds())
        raise AssertionError  # pragma: no cover - the last try returns or raises


def _chunks(start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    count = -((start - end) // CHUNK)
    return [
        (start + n * CHUNK, min(start + (n + 1) * CHUNK, end)) for n in range(count)
    ]
