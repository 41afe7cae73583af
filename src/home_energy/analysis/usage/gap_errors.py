"""How wrong a gap rule is: known values are hidden, estimated and compared."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np

from home_energy.analysis.usage.gap_rules import (
    NEAR_DAYS,
    GapRule,
    IntArray,
    SlotTable,
    slot_table,
)
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid

HIDDEN_GAPS = (
    (timedelta(minutes=30), 200),
    (timedelta(days=1), 60),
    (timedelta(weeks=1), 30),
)
"""Lengths of gaps, and how many of each are hidden, each alone: a lost message, a lost
day, a meter out of reach until somebody came."""


@dataclass(frozen=True, slots=True)
class GapError:
    """Error of one rule on gaps of one length hidden in one flow's known data.

    Parameters
    ----------
    length
        Of each hidden gap.
    trial_count
        Gaps hidden and estimated, each alone, anywhere in the known data.
    bias_fraction
        Estimated energy of all gaps over their true energy, less one; `None` where
        nothing was used in any.
    interval_error_kwh
        Mean distance of an interval's estimate from its true value. [kWh]
    day_error_kwh
        Mean distance of a local day's hidden energy from its true value. [kWh]
    gap_error_kwh
        Mean distance of a whole gap's energy from its true value. [kWh]
    """

    length: timedelta
    trial_count: int
    bias_fraction: float | None
    interval_error_kwh: float
    day_error_kwh: float
    gap_error_kwh: float


def measure_gap_rule(
    kwh: FloatArray, grid: TimeGrid, zone: ZoneInfo, rule: GapRule, seed: int = 0
) -> tuple[GapError, ...]:
    """Error of a rule on this home's own data, for each length of `HIDDEN_GAPS`.

    A length that never fits between what is missing already is left out, as are the
    gaps that leave the rule too little to go by.

    Parameters
    ----------
    kwh
        NaN where it is missing. (T,) [kWh per interval]
    seed
        Decides which gaps are hidden; the same seed hides the same.
    """
    slots = slot_table(grid, zone)
    chance = np.random.default_rng(seed)
    found = []
    for length, trial_count in HIDDEN_GAPS:
        count = length // grid.step
        starts = _fitting_starts(kwh, count)
        if count == 0 or starts.size == 0:
            continue
        chosen = chance.choice(starts, trial_count)
        errors = [
            told
            for start in chosen.tolist()
            if (told := _hide(kwh, slots, rule, slice(start, start + count), grid.step))
        ]
        if errors:
            found.append(_summary(length, errors))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Trial:
    true_kwh: float
    excess_kwh: float
    interval_errors_kwh: FloatArray
    day_errors_kwh: FloatArray


def _fitting_starts(kwh: FloatArray, count: int) -> IntArray:
    """Where `count` intervals are all known."""
    if count > kwh.size:
        return np.empty(0, dtype=np.int64)
    missing = np.r_[0, np.cumsum(np.isnan(kwh))]
    return np.flatnonzero(missing[count:] == missing[: missing.size - count])


def _hide(
    kwh: FloatArray, slots: SlotTable, rule: GapRule, gap: slice, step: timedelta
) -> _Trial | None:
    """Errors of one hidden gap; `None` where the rule gives no estimate.

    The rule sees the days that it may use and two more: no rule looks farther, and a
    year would take ten times as long.
    """
    beside = timedelta(days=NEAR_DAYS + 2) // step
    seen = slice(max(gap.start - beside, 0), min(gap.stop + beside, kwh.size))
    is_wanted = np.zeros(seen.stop - seen.start, dtype=bool)
    is_wanted[gap.start - seen.start : gap.stop - seen.start] = True
    hidden = np.where(is_wanted, np.nan, kwh[seen])
    excess = rule(hidden, slots.part(seen), is_wanted, step)[is_wanted] - kwh[gap]
    if np.isnan(excess).any():
        return None
    day = slots.row[gap] - slots.row[gap][0]
    return _Trial(
        true_kwh=float(kwh[gap].sum()),
        excess_kwh=float(excess.sum()),
        interval_errors_kwh=np.abs(excess),
        day_errors_kwh=np.abs(np.bincount(day, weights=excess)),
    )


def _summary(length: timedelta, trials: list[_Trial]) -> GapError:
    true_kwh = sum(trial.true_kwh for trial in trials)
    excess_kwh = sum(trial.excess_kwh for trial in trials)
    intervals = np.concatenate([trial.interval_errors_kwh for trial in trials])
    days = np.concatenate([trial.day_errors_kwh for trial in trials])
    return GapError(
        length=length,
        trial_count=len(trials),
        bias_fraction=excess_kwh / true_kwh if true_kwh else None,
        interval_error_kwh=float(intervals.mean()),
        day_error_kwh=float(days.mean()),
        gap_error_kwh=float(np.mean([abs(trial.excess_kwh) for trial in trials])),
    )
