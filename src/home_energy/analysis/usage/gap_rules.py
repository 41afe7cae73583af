"""Rules by name that put an estimate where the record has nothing.

Which rule is how wrong: docs/models/gaps.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.tariffs.calendar_axis import calendar_axis
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import ConfigError

REFUSE = "refuse"
"""The rule that fills nothing."""

NEAR_DAYS = 21
"""Days on either side whose values a missing one is estimated from. [days]"""
FEWEST_SAMPLES = 3
"""Fewer values than these say nothing of a usual one."""
LONGEST_LINE = timedelta(hours=1)
"""Longest gap across which a straight line was measured to be the better guess."""

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class SlotTable:
    """Where each of T intervals lies in a table of local days and times of day.

    Parameters
    ----------
    row, column
        Local day from the first, and time of day in steps of the axis. (T,)
    is_weekend
        Kind of each local day; public holidays are not told apart. (days,)
    column_count
        Steps in a day of 24 hours.
    """

    row: IntArray
    column: IntArray
    is_weekend: BoolArray
    column_count: int

    def of(self, values: FloatArray) -> FloatArray:
        """Values as days by times of day; of a repeated hour the second. NaN is none.

        (T,) becomes (days, column_count).
        """
        table = np.full((self.is_weekend.size, self.column_count), np.nan)
        table[self.row, self.column] = values
        return table

    def part(self, intervals: slice) -> "SlotTable":
        """Table of a stretch of the axis, from the local day that it begins in."""
        row = self.row[intervals]
        days = slice(int(row[0]), int(row[-1]) + 1)
        return SlotTable(
            row=row - row[0],
            column=self.column[intervals],
            is_weekend=self.is_weekend[days],
            column_count=self.column_count,
        )


GapRule = Callable[[FloatArray, SlotTable, BoolArray, timedelta], FloatArray]
"""Known values, their place, where estimates are wanted, the step; estimates out.

An estimate is NaN where the rule has too little to go by. (T,)
"""


def slot_table(grid: TimeGrid, zone: ZoneInfo) -> SlotTable:
    """Table of the local days of an axis."""
    calendar = calendar_axis(grid, zone.key, None)
    first, last = int(calendar.day[0]), int(calendar.day[-1])
    step_seconds = int(grid.step.total_seconds())
    weekday = (np.arange(first, last + 1) - 1) % 7  # ordinal 1 was a Monday
    return SlotTable(
        row=calendar.day - first,
        column=calendar.wall_seconds % 86_400 // step_seconds,
        is_weekend=weekday >= 5,
        column_count=86_400 // step_seconds,
    )


def same_slot_median(
    kwh: FloatArray,
    slots: SlotTable,
    is_wanted: BoolArray,
    step: timedelta,  # noqa: ARG001 - every rule is asked the same way
) -> FloatArray:
    """Median of the same time of day on days of the same kind nearby.

    Nearest to most single intervals, but usage has few high and many low values, so
    the median loses energy: see docs/models/gaps.md.
    """
    return _from_near_days(kwh, slots, is_wanted, _median)


def line_then_mean(
    kwh: FloatArray, slots: SlotTable, is_wanted: BoolArray, step: timedelta
) -> FloatArray:
    """Straight line across short gaps; else mean of the same time of day nearby.

    Short is up to `LONGEST_LINE`. The mean is of days of the same kind, and keeps the
    energy where the median does not.
    """
    estimate = _from_near_days(kwh, slots, is_wanted, _mean)
    is_known = ~np.isnan(kwh)
    if not is_known.any():
        return estimate
    number = np.arange(kwh.size)
    before = np.maximum.accumulate(np.where(is_known, number, -1))
    after = np.minimum.accumulate(np.where(is_known, number, kwh.size)[::-1])[::-1]
    is_inside = (before >= 0) & (after < kwh.size)
    is_short = is_inside & (after - before - 1 <= LONGEST_LINE // step)
    chosen = is_wanted & is_short
    estimate[chosen] = np.interp(number[chosen], number[is_known], kwh[is_known])
    return estimate


GAP_RULES: dict[str, GapRule] = {
    "same_slot_median": same_slot_median,
    "line_then_mean": line_then_mean,
}
"""Every rule that fills, by its name in settings and on the command line."""


def gap_rule(name: str) -> GapRule | None:
    """Rule of this name; `None` for the one that fills nothing.

    Raises
    ------
    ConfigError
        If there is none of this name.
    """
    if name == REFUSE:
        return None
    if name not in GAP_RULES:
        raise ConfigError(
            f"unknown gap rule {name!r}; expected one of "
            f"{', '.join([REFUSE, *GAP_RULES])}; correct `gap_rule` under [bill] in "
            "home.toml or on the command line"
        )
    return GAP_RULES[name]


def _from_near_days(
    kwh: FloatArray,
    slots: SlotTable,
    is_wanted: BoolArray,
    middle: Callable[[FloatArray, IntArray], FloatArray],
) -> FloatArray:
    """Middle of the same time of day on days of the same kind nearby."""
    estimate = np.full(kwh.size, np.nan)
    table = slots.of(kwh)
    wanted = np.flatnonzero(is_wanted)
    rows, starts = np.unique(slots.row[wanted], return_index=True)
    for row, places in zip(rows, np.split(wanted, starts[1:]), strict=True):
        near = np.arange(max(row - NEAR_DAYS, 0), row + NEAR_DAYS + 1)
        near = near[near < table.shape[0]]
        near = near[slots.is_weekend[near] == slots.is_weekend[row]]
        samples = table[np.ix_(near, slots.column[places])]
        counts = np.count_nonzero(~np.isnan(samples), axis=0)
        is_enough = counts >= FEWEST_SAMPLES
        found = middle(samples[:, is_enough], counts[is_enough])
        estimate[places[is_enough]] = found
    return estimate


def _median(samples: FloatArray, counts: IntArray) -> FloatArray:
    """Median of each column's known values; `np.nanmedian` takes ten times as long."""
    ordered = np.sort(samples, axis=0)  # NaN last
    column = np.arange(counts.size)
    lower, upper = ordered[(counts - 1) // 2, column], ordered[counts // 2, column]
    return np.asarray((lower + upper) / 2)


def _mean(samples: FloatArray, counts: IntArray) -> FloatArray:
    return np.asarray(np.nansum(samples, axis=0) / counts)
