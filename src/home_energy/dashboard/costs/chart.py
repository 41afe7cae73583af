"""Geometry of the chart of the last hours: what an hour cost, and how dear power was.

As on the price chart, the square of 1000 is stretched to whatever room there is. What
is earned hangs below zero; where no cost is known there is a gap.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import groupby
from typing import TypeVar

import numpy as np

from home_energy.analysis.running_costs.trend import Trend
from home_energy.dashboard.history.chart import SIDE, Box, Tick, TimeAxis
from home_energy.dashboard.local_words import MINUS, hour_words
from home_energy.domain.power import FIVE_MINUTES
from home_energy.domain.series import FloatArray
from home_energy.domain.verdict import PriceLevels

LEAST_TOP_AUD = 0.10
LEAST_BELOW_SHARE = 0.2
"""Room below zero where anything was earned, measured by what lies above."""
UNCLIPPED_AUD = 1.0
"""Up to here nothing is clipped, however little the rest costs."""
CLIP_AT_USUAL = 2.0
USUAL_PERCENTILE = 75
MOST_LINES = 2.2
"""Steps from bottom to top: more labels would lie on one another."""
LINE_STEPS_AUD = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1000.0)
_WORDS_EDGE = 30.0
"""Words below the chart keep so far from its sides."""

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class CostAxis:
    """From bottom to top, with a line at every multiple of a step. [AUD/h]"""

    bottom_aud: float
    top_aud: float
    step_aud: float

    def y(self, aud_per_hour: float) -> float:
        """Height on the square, 0 at the top; what lies beyond is clipped."""
        span = self.top_aud - self.bottom_aud
        share = (self.top_aud - aud_per_hour) / span
        return round(SIDE * min(1.0, max(0.0, share)), 1)

    def side(self, aud_per_hour: float) -> int:
        """1 above the axis, -1 below it, 0 on it or where it is not known."""
        return int(aud_per_hour > self.top_aud) - int(aud_per_hour < self.bottom_aud)

    @property
    def lines_aud(self) -> list[float]:
        """Where lines are. [AUD/h]"""
        first = math.ceil(self.bottom_aud / self.step_aud)
        last = math.floor(self.top_aud / self.step_aud)
        return [number * self.step_aud for number in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class CostLine:
    """A line across the chart and its label."""

    y: float
    words: str
    is_zero: bool


@dataclass(frozen=True, slots=True)
class CostArea:
    """An unbroken stretch of one kind.

    Parameters
    ----------
    kind
        `earning`, or how dear the power was: `cheap`, `normal` or `expensive`.
    """

    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Where costs leave the axis."""

    x: float
    is_above: bool


@dataclass(frozen=True, slots=True)
class CostChart:
    """The chart; `gaps` are where no cost is known."""

    lines: list[CostLine]
    ticks: list[Tick]
    gaps: list[Box]
    areas: list[CostArea]
    marks: list[Mark]


def cost_chart(
    trend: Trend, levels: PriceLevels | None, zone: tzinfo
) -> CostChart | None:
    """Put the chart together; `None` where no cost of the last hours is known.

    Parameters
    ----------
    levels
        Where cheap ends and expensive begins; without them all power is normal.
    """
    costs = trend.cost_aud_per_hour
    if not np.isfinite(costs).any():
        return None
    x = TimeAxis(trend.starts[0], trend.starts[-1] + FIVE_MINUTES)
    y = cost_axis(costs)
    return CostChart(
        lines=[CostLine(y.y(aud), _axis_words(aud), aud == 0) for aud in y.lines_aud],
        ticks=_hour_ticks(x, zone),
        gaps=_gaps(trend, x),
        areas=_areas(trend, levels, x, y),
        marks=_marks(trend, x, y),
    )


def cost_axis(costs_aud_per_hour: FloatArray) -> CostAxis:
    """Axis on which no spike flattens the rest.

    Each side of zero reaches to its largest cost or earning, but not beyond
    `UNCLIPPED_AUD` or `CLIP_AT_USUAL` times what is exceeded a quarter of the time,
    whichever is more.

    Parameters
    ----------
    costs_aud_per_hour
        NaN where not known. (T,) [AUD/h]
    """
    known = costs_aud_per_hour[np.isfinite(costs_aud_per_hour)]
    top = max(LEAST_TOP_AUD, _unclipped(known[known > 0]))
    below = _unclipped(-known[known < 0])
    if below:
        top, below = (
            max(top, LEAST_BELOW_SHARE * below),
            max(below, LEAST_BELOW_SHARE * top),
        )
    enough = [s for s in LINE_STEPS_AUD if (top + below) / s <= MOST_LINES]
    return CostAxis(-below, top, min(enough, default=LINE_STEPS_AUD[-1]))


def _unclipped(sizes_aud: FloatArray) -> float:
    if not sizes_aud.size:
        return 0.0
    usual = float(np.percentile(sizes_aud, USUAL_PERCENTILE))
    return min(float(sizes_aud.max()), max(UNCLIPPED_AUD, CLIP_AT_USUAL * usual))


def _hour_ticks(x: TimeAxis, zone: tzinfo) -> list[Tick]:
    """Every whole hour on the clock of the home."""
    local = x.start.astimezone(zone)
    into_hour = timedelta(minutes=local.minute)
    moment = x.start.astimezone(UTC) - into_hour
    ticks = []
    while (moment := moment + timedelta(hours=1)) < x.end:
        at = x.x(moment)
        words_x = min(SIDE - _WORDS_EDGE, max(_WORDS_EDGE, at))
        ticks.append(Tick(at, words_x, hour_words(moment, zone)))
    return ticks


def _runs(keys: Sequence[_Key]) -> list[tuple[_Key, int, int]]:
    """Stretches of one key: the key, its first index and the one after its last."""
    found, first = [], 0
    for key, group in groupby(keys):
        end = first + len(list(group))
        found.append((key, first, end))
        first = end
    return found


def _gaps(trend: Trend, x: TimeAxis) -> list[Box]:
    known = np.isfinite(trend.cost_aud_per_hour).tolist()
    boxes = []
    for is_known, first, end in _runs(known):
        if not is_known:
            left, right = x.x(trend.starts[first]), x.x(_end(trend, end))
            boxes.append(Box(left, round(right - left, 1)))
    return boxes


def _areas(
    trend: Trend, levels: PriceLevels | None, x: TimeAxis, y: CostAxis
) -> list[CostArea]:
    costs, prices = trend.cost_aud_per_hour.tolist(), trend.import_c_per_kwh.tolist()
    kinds = [
        _kind(cost, price, levels) for cost, price in zip(costs, prices, strict=True)
    ]
    zero_y = y.y(0.0)
    areas = []
    for kind, first, end in _runs(kinds):
        if kind is not None:
            tops = [
                f"V{y.y(costs[index])}H{x.x(_end(trend, index + 1))}"
                for index in range(first, end)
            ]
            start = f"M{x.x(trend.starts[first])} {zero_y}"
            areas.append(CostArea(f"{start}{''.join(tops)}V{zero_y}Z", kind))
    return areas


def _kind(
    cost_aud: float, import_c_per_kwh: float, levels: PriceLevels | None
) -> str | None:
    """Kind of a step; `None` where its cost is not known."""
    if math.isnan(cost_aud):
        return None
    if cost_aud < 0:
        return "earning"
    if levels is None:
        return "normal"
    if import_c_per_kwh >= levels.expensive_above_c_per_kwh:
        return "expensive"
    return "cheap" if import_c_per_kwh <= levels.cheap_below_c_per_kwh else "normal"


def _marks(trend: Trend, x: TimeAxis, y: CostAxis) -> list[Mark]:
    sides = [y.side(cost) for cost in trend.cost_aud_per_hour.tolist()]
    return [
        Mark(
            round((x.x(trend.starts[first]) + x.x(_end(trend, end))) / 2, 1),
            is_above=side > 0,
        )
        for side, first, end in _runs(sides)
        if side
    ]


def _end(trend: Trend, index: int) -> datetime:
    """Where the step before an index ends. [aware UTC]"""
    return trend.starts[index - 1] + FIVE_MINUTES


def _axis_words(aud_per_hour: float) -> str:
    sign = MINUS if aud_per_hour < 0 else ""
    cents = round(100 * abs(aud_per_hour))
    if cents % 100 == 0:
        return f"{sign}${cents // 100}"
    return f"{sign}{cents}c" if cents < 100 else f"{sign}${cents / 100:.2f}"
