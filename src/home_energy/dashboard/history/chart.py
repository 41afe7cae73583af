"""Geometry of the price chart: from steps and gaps to places on a square of 1000.

The square is stretched to whatever room the page has, so nothing here knows of
pixels. x runs with real time, so a day of 23 or 25 hours is drawn as long as it is.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import groupby, pairwise

from home_energy.dashboard.history.steps import Step, usual_high
from home_energy.dashboard.local_words import hour_words
from home_energy.domain.coverage import Gap

SIDE = 1000.0
LEAST_TOP_C_PER_KWH = 10.0
UNCLIPPED_C_PER_KWH = 60.0
"""Up to here nothing is clipped, however calm the rest is."""
CLIP_AT_USUAL_HIGHS = 2.0
BELOW_SHARE_OF_TOP = 0.5
"""Negative prices get at most so much room, measured by what lies above."""
MOST_LINES = 4
LINE_STEPS_C_PER_KWH = (5.0, 10.0, 20.0, 25.0, 50.0, 100.0, 200.0, 500.0, 1000.0)


@dataclass(frozen=True, slots=True)
class PriceAxis:
    """From bottom to top, with a line every so often. [c/kWh]"""

    bottom_c_per_kwh: float
    top_c_per_kwh: float
    lines_c_per_kwh: tuple[float, ...]

    def y(self, c_per_kwh: float) -> float:
        """Height on the square, 0 at the top; what lies beyond is clipped."""
        span = self.top_c_per_kwh - self.bottom_c_per_kwh
        share = (self.top_c_per_kwh - c_per_kwh) / span
        return round(SIDE * min(1.0, max(0.0, share)), 1)

    def clips(self, c_per_kwh: float) -> bool:
        """Whether a price lies beyond the axis."""
        return not self.bottom_c_per_kwh <= c_per_kwh <= self.top_c_per_kwh


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """From `start` to `end`. [aware UTC]"""

    start: datetime
    end: datetime

    def x(self, moment: datetime) -> float:
        """Place on the square, 0 at the left."""
        return round(SIDE * ((moment - self.start) / (self.end - self.start)), 1)


@dataclass(frozen=True, slots=True)
class Path:
    """Line of an unbroken stretch and the area between it and zero."""

    line: str
    area: str
    is_final: bool


@dataclass(frozen=True, slots=True)
class Clipped:
    """Where prices leave the axis, and the one that leaves it farthest."""

    x: float
    is_above: bool
    c_per_kwh: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Box:
    """A stretch of time on the square."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the chart in time, and words below it."""

    x: float
    words_x: float
    words: str


def price_axis(charts: Sequence[Sequence[Step]]) -> PriceAxis:
    """Axis for all channels together, on which no spike flattens the rest.

    The axis reaches to the highest price, but not beyond `UNCLIPPED_C_PER_KWH` or
    `CLIP_AT_USUAL_HIGHS` times the price that is exceeded a quarter of the time,
    whichever is more.
    """
    values = [step.c_per_kwh for steps in charts for step in steps]
    usual = max((usual_high(steps) or 0.0 for steps in charts), default=0.0)
    clip = max(UNCLIPPED_C_PER_KWH, CLIP_AT_USUAL_HIGHS * usual)
    top = max(LEAST_TOP_C_PER_KWH, min(max(values, default=0.0), clip))
    below = min(max(-min(values, default=0.0), 0.0), BELOW_SHARE_OF_TOP * top)
    for step in LINE_STEPS_C_PER_KWH:
        above_count, below_count = math.ceil(top / step), math.ceil(below / step)
        if above_count + below_count <= MOST_LINES:
            break
    return PriceAxis(
        bottom_c_per_kwh=-below_count * step,
        top_c_per_kwh=above_count * step,
        lines_c_per_kwh=tuple(n * step for n in range(-below_count, above_count + 1)),
    )


def step_paths(steps: Sequence[Step], x: TimeAxis, y: PriceAxis) -> list[Path]:
    """Paths of a channel, broken at every gap and where finality changes."""
    runs: list[list[Step]] = []
    for step in steps:
        last = runs[-1][-1] if runs else None
        if last and last.end == step.start and last.is_final == step.is_final:
            runs[-1].append(step)
        else:
            runs.append([step])
    return [_path(run, x, y) for run in runs]


def gap_boxes(gaps: Sequence[Gap], x: TimeAxis) -> list[Box]:
    """Where nothing is known."""
    span = x.end - x.start
    return [Box(x.x(gap.start), round(SIDE * (gap.length / span), 1)) for gap in gaps]


def clipped_runs(steps: Sequence[Step], x: TimeAxis, y: PriceAxis) -> list[Clipped]:
    """Every stretch beyond the axis, marked at its farthest price."""
    found = []
    for side, group in groupby(steps, key=lambda step: _side(step, y)):
        if side:
            farthest = max(group, key=lambda step: side * step.c_per_kwh)
            middle = farthest.start + farthest.length / 2
            found.append(
                Clipped(x.x(middle), side > 0, farthest.c_per_kwh, farthest.start)
            )
    return found


def hour_ticks(day: date, x: TimeAxis, zone: tzinfo) -> list[Tick]:
    """Six, noon and six of one local day."""
    moments = [datetime.combine(day, time(hour), zone) for hour in (6, 12, 18)]
    return [
        Tick(x.x(moment), x.x(moment), hour_words(moment, zone)) for moment in moments
    ]


def day_ticks(first: date, x: TimeAxis, zone: tzinfo) -> list[Tick]:
    """Start of every local day of a week, its weekday below its middle."""
    days = [first + timedelta(days=number) for number in range(7)]
    return [
        Tick(
            x=x.x(datetime.combine(day, time(), zone)),
            words_x=x.x(datetime.combine(day, time(12), zone)),
            words=f"{day:%a}",
        )
        for day in days
    ]


def _path(run: Sequence[Step], x: TimeAxis, y: PriceAxis) -> Path:
    corners = [f"{x.x(run[0].start)} {y.y(run[0].c_per_kwh)}H{x.x(run[0].end)}"]
    for before, step in pairwise(run):
        if step.c_per_kwh != before.c_per_kwh:
            corners.append(f"V{y.y(step.c_per_kwh)}")
        corners.append(f"H{x.x(step.end)}")
    line = "M" + "".join(corners)
    area = f"{line}V{y.y(0.0)}H{x.x(run[0].start)}Z"
    return Path(line, area, run[0].is_final)


def _side(step: Step, y: PriceAxis) -> int:
    """1 above the axis, -1 below it, 0 on it."""
    if not y.clips(step.c_per_kwh):
        return 0
    return 1 if step.c_per_kwh > y.top_c_per_kwh else -1
