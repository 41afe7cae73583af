"""One stream of power as it comes in: smoothed for the screen, in means for the record.

A sample stands until the next one, though no longer than its source's pace allows; a
counter's step is spread evenly over the time since its last one. What lies between is a
hole. A mean over the part that is covered says how large that part is.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from home_energy.domain.power import (
    FIVE_MINUTES,
    PowerMean,
    PowerNow,
    PowerSample,
    PowerSamples,
    Stream,
)
from home_energy.domain.time_grid import floor_to_step

KEPT = 3 * FIVE_MINUTES
"""How long pieces are kept: the five minutes that run, those before, and some delay."""

SAMPLED = timedelta(seconds=10)
"""Samples on record lie no thicker, at their mean: so often an emonPi speaks, and a
meter that speaks every second would write a card full."""

MERGED = timedelta(seconds=1)
"""Samples that come thicker are one, at their mean: a flood costs no memory."""


@dataclass(slots=True)
class _Piece:
    """A stretch over which one power stands, and how many samples say so."""

    start: datetime
    end: datetime
    watts: float
    sample_count: int = 1

    def merge(self, watts: float) -> None:
        """Take one more sample of the same second."""
        self.watts += (watts - self.watts) / (self.sample_count + 1)
        self.sample_count += 1

    def overlap_seconds(self, start: datetime, end: datetime) -> float:
        """How much of the piece lies between two instants. [s]"""
        shared = min(self.end, end) - max(self.start, start)
        return max(shared.total_seconds(), 0.0)


class PowerTrack:
    """What one source told of one stream lately.

    Parameters
    ----------
    source, stream
        Who tells, and of what.
    hold
        How long a sample stands at most, about three times the source's pace.
    """

    def __init__(self, source: str, stream: Stream, hold: timedelta) -> None:
        self.source = source
        self.stream = stream
        self._hold = hold
        self._pieces: deque[_Piece] = deque()
        self._newest_at: datetime | None = None
        self._count: tuple[datetime, float] | None = None
        self._meant_until: datetime | None = None

    @property
    def newest_at(self) -> datetime | None:
        """When the newest sample was taken, or count read. [aware UTC]"""
        return self._newest_at

    def add(self, sample: PowerSample) -> bool:
        """Take a sample; return `False` for one that is no newer than the last."""
        if self._newest_at is not None and sample.at <= self._newest_at:
            return False
        self._newest_at = sample.at
        if self._pieces:
            last = self._pieces[-1]
            if sample.at - last.start < MERGED:
                last.merge(sample.watts)
                return True
            last.end = min(last.end, sample.at)
        self._pieces.append(_Piece(sample.at, sample.at + self._hold, sample.watts))
        return True

    def count(self, at: datetime, wh: float) -> bool:
        """Take a counter's reading; return `False` where no power follows from it.

        That is so for the first reading, one that is no newer, one after a silence
        longer than the hold, and one below the last: the counter began anew. One that
        comes thicker than `MERGED` is passed over; the next one counts its step too.
        """
        if self._newest_at is not None and at <= self._newest_at:
            return False
        before = self._count
        if before is not None and wh >= before[1] and at - before[0] < MERGED:
            return False
        self._newest_at, self._count = at, (at, wh)
        if before is None:
            return False
        then, wh_then = before
        if wh < wh_then or at - then > self._hold:
            return False
        watts = (wh - wh_then) * 3600 / (at - then).total_seconds()
        self._pieces.append(_Piece(then, at, watts))
        return True

    def now(self, moment: datetime, window: timedelta) -> PowerNow | None:
        """Mean over the window up to a moment; `None` while nothing stands in it.

        A counter's newest step ends before the moment, so the window ends there.
        """
        if not self._pieces:
            return None
        end = min(self._pieces[-1].end, moment)
        covered_seconds, ws = self._sums(end - window, end)
        if moment - end > self._hold or covered_seconds == 0:
            return None
        newest = self.newest_at or end
        mean_watts = ws / covered_seconds
        return PowerNow(
            self.source, self.stream, mean_watts, newest, covered_seconds, self._hold
        )

    def take_means(
        self, moment: datetime, *, is_last: bool = False
    ) -> list[tuple[PowerMean, PowerSamples]]:
        """Means and samples of every five minutes that ended since the last call.

        Those without a sample are left out; what comes in later for them is too late.

        Parameters
        ----------
        is_last
            Take the five minutes that run as well, up to the moment.
        """
        until = moment if is_last else floor_to_step(moment, FIVE_MINUTES)
        if not self._pieces:
            self._meant_until = until
            return []
        start = self._meant_until or floor_to_step(self._pieces[0].start, FIVE_MINUTES)
        means = []
        while start < until:
            end = min(start + FIVE_MINUTES, until)
            covered_seconds, ws = self._sums(start, end)
            if covered_seconds > 0:
                begun = [p for p in self._pieces if start <= p.start < end]
                count = sum(piece.sample_count for piece in begun)
                told = (ws / covered_seconds, count, covered_seconds)
                mean = PowerMean(self.source, self.stream, start, *told)
                means.append((mean, self._samples(start, begun)))
            start = end
        self._meant_until = until
        self._forget_before(moment - KEPT)
        return means

    def _samples(self, start: datetime, begun: list[_Piece]) -> PowerSamples:
        """What began to stand in five minutes."""
        offset_seconds, watts = [], []
        for _, group in groupby(begun, lambda piece: (piece.start - start) // SAMPLED):
            pieces = list(group)
            count = sum(piece.sample_count for piece in pieces)
            offset_seconds.append(int((pieces[0].start - start).total_seconds()))
            watts.append(sum(one.sample_count * one.watts for one in pieces) / count)
        return PowerSamples(
            self.source, self.stream, start, tuple(offset_seconds), tuple(watts)
        )

    def _sums(self, start: datetime, end: datetime) -> tuple[float, float]:
        """Seconds covered between two instants, and energy in them. [s], [Ws]"""
        covered_seconds = ws = 0.0
        for piece in self._pieces:
            seconds = piece.overlap_seconds(start, end)
            covered_seconds += seconds
            ws += seconds * piece.watts
        return covered_seconds, ws

    def _forget_before(self, moment: datetime) -> None:
        while self._pieces and self._pieces[0].end < moment:
            self._pieces.popleft()
