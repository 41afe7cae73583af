"""What the history page says: one day or week of prices, in a chart and in words."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from home_energy.dashboard.history.chart import (
    SIDE,
    Box,
    Clipped,
    Path,
    Tick,
    TimeAxis,
    clipped_runs,
    day_ticks,
    gap_boxes,
    hour_ticks,
    price_axis,
    step_paths,
)
from home_energy.dashboard.history.steps import Step, price_range, price_steps
from home_energy.dashboard.local_words import (
    CHANNEL_WORDS,
    MINUS,
    capitalised,
    clock_range_words,
    price_words,
)
from home_energy.dashboard.price_record import PriceRecord
from home_energy.domain.clock_words import clock_words
from home_energy.domain.coverage import Coverage, Gap
from home_energy.domain.price import Channel

View = Literal["day", "week"]
_DAY = timedelta(days=1)
SHOWN = (Channel.GENERAL, Channel.FEED_IN)


@dataclass(frozen=True, slots=True)
class Span:
    """A local day or week.

    Parameters
    ----------
    first
        Its first local day; a week begins on Monday.
    zone
        Local time of the household.
    """

    view: View
    first: date
    zone: tzinfo

    @classmethod
    def around(cls, view: View, day: date, zone: tzinfo) -> "Span":
        """The day, or the week that holds it."""
        back = day.weekday() if view == "week" else 0
        return cls(view, day - timedelta(days=back), zone)

    @property
    def day_count(self) -> int:
        """Number of local days."""
        return 7 if self.view == "week" else 1

    @property
    def start(self) -> datetime:
        """First instant. [aware UTC]"""
        return _midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """First instant after it: 23, 24 or 25 hours for each day. [aware UTC]"""
        return _midnight(self.first + timedelta(days=self.day_count), self.zone)

    def moved(self, count: int) -> date:
        """First day of the span so many spans later."""
        return self.first + timedelta(days=count * self.day_count)

    @property
    def title(self) -> str:
        """Name of the span, such as `Sun 22 Nov` or `16 to 22 Nov`."""
        if self.view == "day":
            return f"{self.first:%a} {self.first.day} {self.first:%b}"
        last = self.moved(1) - _DAY
        month = "" if last.month == self.first.month else f" {self.first:%b}"
        return f"{self.first.day}{month} to {last.day} {last:%b}"


@dataclass(frozen=True, slots=True)
class Number:
    """A price in words and what it is: `average of 96%` where some is missing."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class ClipLabel:
    """What the farthest price beyond an edge of the chart is."""

    x: float
    is_above: bool
    words: str

    @property
    def side(self) -> Literal["right", "middle", "left"]:
        """Where the words stand to the mark, so that they stay on the page."""
        if self.x < 0.3 * SIDE:
            return "right"
        return "middle" if self.x < 0.7 * SIDE else "left"


@dataclass(frozen=True, slots=True)
class ChannelHistory:
    """One channel's line and its numbers in words."""

    name: str
    css_class: str
    paths: list[Path]
    clipped: list[Clipped]
    numbers: list[Number]


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A line across the chart and its label."""

    y: float
    words: str
    is_zero: bool


@dataclass(frozen=True, slots=True)
class History:
    """Everything on the page.

    Parameters
    ----------
    now_x
        Where now is on the chart, `None` outside it or without a trusted time.
    record_words
        How much is on record and what is missing.
    """

    span: Span
    channels: list[ChannelHistory]
    lines: list[PriceLine]
    ticks: list[Tick]
    gaps: list[Box]
    now_x: float | None
    clip_labels: list[ClipLabel]
    record_words: list[str]

    @property
    def is_clipped_above(self) -> bool:
        """Whether there is a label above the chart, which needs room."""
        return any(label.is_above for label in self.clip_labels)


def history(
    span: Span, records: dict[Channel, PriceRecord], now: datetime | None
) -> History:
    """Put the page together.

    Parameters
    ----------
    records
        Of the span, by channel; a channel the home does not have is absent.
    now
        Trusted time; `None` while no clock can be trusted.
    """
    x = TimeAxis(span.start, span.end)
    steps = {
        channel: price_steps(record.prices, span.start, span.end)
        for channel, record in records.items()
    }
    y = price_axis(list(steps.values()))
    main = records.get(Channel.GENERAL)
    is_inside = now is not None and span.start <= now < span.end
    return History(
        span=span,
        channels=[
            ChannelHistory(
                name=capitalised(CHANNEL_WORDS[channel]),
                css_class=channel.value.replace("_", "-"),
                paths=step_paths(steps[channel], x, y),
                clipped=clipped_runs(steps[channel], x, y),
                numbers=_numbers(steps[channel], record.coverage),
            )
            for channel, record in records.items()
        ],
        lines=[
            PriceLine(y.y(value), _axis_words(value), value == 0)
            for value in y.lines_c_per_kwh
        ],
        ticks=hour_ticks(span.first, x, span.zone)
        if span.view == "day"
        else day_ticks(span.first, x, span.zone),
        gaps=gap_boxes(main.coverage.gaps, x) if main else [],
        now_x=x.x(now) if now is not None and is_inside else None,
        clip_labels=_clip_labels(
            [c for found in steps.values() for c in clipped_runs(found, x, y)], span
        ),
        record_words=_record_words(records, span),
    )


def _numbers(steps: list[Step], coverage: Coverage) -> list[Number]:
    found = price_range(steps)
    if found is None:
        return [Number("nothing on record", "")]
    mean = f"average of {percent_words(coverage)}" if coverage.gaps else "average"
    return [
        Number("low", price_words(found.lowest_c_per_kwh)),
        Number(mean, price_words(found.mean_c_per_kwh)),
        Number("high", price_words(found.highest_c_per_kwh)),
    ]


def _clip_labels(clipped: list[Clipped], span: Span) -> list[ClipLabel]:
    """One label above and one below, for the farthest price of each."""
    labels = []
    for is_above in (True, False):
        side = [run for run in clipped if run.is_above is is_above]
        if side:
            far = max(side, key=lambda run: abs(run.c_per_kwh))
            words = f"{price_words(far.c_per_kwh)} at {_time_words(far.at, span)}"
            labels.append(ClipLabel(far.x, is_above, words))
    return labels


def _record_words(records: dict[Channel, PriceRecord], span: Span) -> list[str]:
    """Say how much is on record; in one sentence where all channels are alike."""
    told = {
        channel: _coverage_words(record.coverage, span)
        for channel, record in records.items()
    }
    if len(set(told.values())) == 1:
        (words,) = set(told.values())
        return [capitalised(words)]
    return [
        f"{capitalised(CHANNEL_WORDS[channel])}: {words}"
        for channel, words in told.items()
    ]


def _coverage_words(coverage: Coverage, span: Span) -> str:
    if coverage.expected_minutes == 0:
        return "yet to come"
    if coverage.covered_minutes == 0:
        return "nothing on record"
    not_final = ", dotted not final" if coverage.estimated_minutes else ""
    longest = coverage.longest_gap
    if longest is None:
        so_far = " so far" if coverage.end < span.end else ""
        return f"all on record{so_far}{not_final}"
    count = len(coverage.gaps)
    what = "gap" if count == 1 else f"{count} gaps, longest"
    return (
        f"{percent_words(coverage)} on record, {what} "
        f"{_gap_words(longest, span)}{not_final}"
    )


def percent_words(coverage: Coverage) -> str:
    """Share on record, rounded down, so that 100% means all of it."""
    share = coverage.covered_fraction or 0.0
    return f"{math.floor(100 * share)}%" if share >= 0.01 else "under 1%"


def _gap_words(gap: Gap, span: Span) -> str:
    start, end = gap.start.astimezone(span.zone), gap.end.astimezone(span.zone)
    if span.view == "week" and start.date() != end.date():
        return f"{_time_words(start, span)} to {_time_words(end, span)}"
    weekday = f"{start:%a} " if span.view == "week" else ""
    return weekday + clock_range_words(start, end, span.zone)


def _time_words(moment: datetime, span: Span) -> str:
    clock = clock_words(moment, span.zone)
    if span.view == "day":
        return clock
    return f"{moment.astimezone(span.zone):%a} {clock}"


def _axis_words(c_per_kwh: float) -> str:
    sign = MINUS if c_per_kwh < 0 else ""
    if abs(c_per_kwh) < 100:
        return f"{sign}{abs(c_per_kwh):.0f}c"
    dollars = abs(c_per_kwh) / 100
    return f"{sign}${dollars:.0f}" if dollars.is_integer() else f"{sign}${dollars:.2f}"


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
