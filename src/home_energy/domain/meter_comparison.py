"""Two sources that counted the same energy: how far apart, and whose clock is off.

The criterion and the figures behind it: docs/models/coverage.md.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.series import EnergySeries, FloatArray
from home_energy.domain.time_grid import nem_date, nem_day_start
from home_energy.errors import AlignmentError

MOST_SHIFT = timedelta(hours=3)
"""Farther off no clock is looked for."""
MOST_ERROR_RATIO = 0.8
"""A shift is named only if it leaves at most so much of the error without one."""
LEAST_AGREEMENT_FRACTION = 0.6
"""Of the days of a stretch so many must point to its shift, each for itself."""
LEAST_STRETCH_DAYS = 7
"""On fewer days a shift is not named. [days with data of both]"""
SWITCH_COST_DAYS = 2.0
"""A change of shift must save so much error, in days of mean energy. [days]"""
_LEAST_SHARED_FRACTION = 0.5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayDifference:
    """Energy of both sources on one NEM day, where both are known. [kWh]"""

    day: date
    first_kwh: float
    second_kwh: float

    @property
    def difference_kwh(self) -> float:
        """Second less first. [kWh]"""
        return self.second_kwh - self.first_kwh


@dataclass(frozen=True, slots=True)
class ClockShift:
    """A stretch of days on which the second source stamps the energy elsewhere.

    Parameters
    ----------
    first_day, last_day
        NEM days, both included.
    shift
        Positive where the second has the same energy later than the first.
    error_fraction, unshifted_error_fraction
        Mean absolute difference with the shift taken out and without, as a share of
        the first source's energy.
    agreement_fraction
        Share of the days that point to this shift, each for itself.
    """

    first_day: date
    last_day: date
    shift: timedelta
    error_fraction: float
    unshifted_error_fraction: float
    agreement_fraction: float


@dataclass(frozen=True, slots=True)
class MeterComparison:
    """What two sources say of one flow.

    Parameters
    ----------
    shared_minutes
        Time for which both have a value. [minutes]
    first_kwh, second_kwh
        Energy in that time. [kWh]
    days
        Every NEM day of which they share at least half, in order.
    shifts
        Stretches with a shift that is beyond doubt, in order; none is no shift.
    """

    shared_minutes: int
    first_kwh: float
    second_kwh: float
    days: tuple[DayDifference, ...]
    shifts: tuple[ClockShift, ...]

    @property
    def ratio(self) -> float | None:
        """Second by first; `None` where the first counted nothing."""
        return self.second_kwh / self.first_kwh if self.first_kwh else None

    @property
    def median_day_difference_fraction(self) -> float | None:
        """Median over the days of the absolute difference, by the first's energy."""
        shares = [
            abs(day.difference_kwh) / day.first_kwh
            for day in self.days
            if day.first_kwh
        ]
        return float(np.median(shares)) if shares else None


def compare_sources(first: EnergySeries, second: EnergySeries) -> MeterComparison:
    """Compare two sources of one flow over the same whole NEM days.

    Each comes in its own intervals: half-hours are compared with half-hours, and a
    shift is found to the finer of the two. A shift of less than the finer interval
    cannot be seen.

    Raises
    ------
    AlignmentError
        If the periods differ, are not whole NEM days, or the intervals do not fit
        into one another.
    """
    _require_whole_days(first, second)
    step = max(first.grid.step, second.grid.step)
    mine, theirs = first.at_step(step), second.at_step(step)
    is_shared = ~np.isnan(mine.kwh) & ~np.isnan(theirs.kwh)
    per_day = (-1, _DAY // step)
    first_kwh = np.where(is_shared, mine.kwh, 0.0).reshape(per_day).sum(axis=1)
    second_kwh = np.where(is_shared, theirs.kwh, 0.0).reshape(per_day).sum(axis=1)
    share = is_shared.reshape(per_day).mean(axis=1)
    total, other_total = float(first_kwh.sum()), float(second_kwh.sum())
    has_both = total > 0 and other_total > 0
    return MeterComparison(
        shared_minutes=round(float(share.sum()) * 1440),
        first_kwh=total,
        second_kwh=other_total,
        days=tuple(
            DayDifference(
                nem_date(first.grid.start) + int(number) * _DAY,
                float(first_kwh[number]),
                float(second_kwh[number]),
            )
            for number in np.flatnonzero(share >= _LEAST_SHARED_FRACTION)
        ),
        shifts=_shifts(first, second, first_kwh, other_total / total)
        if has_both
        else (),
    )


def _require_whole_days(first: EnergySeries, second: EnergySeries) -> None:
    one, other = first.grid, second.grid
    starts = nem_day_start(nem_date(one.start))
    if (one.start, one.end) != (other.start, other.end):
        raise AlignmentError(f"two sources of different periods: {one} and {other}")
    if one.start != starts or (one.end - one.start) % _DAY:
        raise AlignmentError(f"{one} is not made of whole days of the market")


@dataclass(frozen=True, slots=True, eq=False)
class _LagTable:
    """Error of every day for every lag; the lag in the middle is none.

    `error_kwh` is (D, 2 most + 1), zeros where `is_told` (D,) says that the day
    tells nothing; `energy_kwh` (D,) is what the first source counted.
    """

    error_kwh: FloatArray
    is_told: NDArray[np.bool_]
    energy_kwh: FloatArray
    first_day: date
    step: timedelta

    @property
    def most(self) -> int:
        """Column of no lag."""
        return int(self.error_kwh.shape[1]) // 2

    def shift_of(self, days: NDArray[np.intp], lag: int) -> ClockShift | None:
        """Shift of a stretch of days; `None` where it is not beyond doubt."""
        told = days[self.is_told[days]]
        if lag == self.most or told.size < LEAST_STRETCH_DAYS:
            return None
        error, unshifted = self.error_kwh[told][:, [lag, self.most]].sum(axis=0)
        near = self.error_kwh[told, max(lag - 1, 0) : lag + 2].min(axis=1)
        agreement = float(np.mean(near <= self.error_kwh[told].min(axis=1)))
        is_clear = error < MOST_ERROR_RATIO * unshifted
        if not is_clear or agreement < LEAST_AGREEMENT_FRACTION:
            return None
        energy = self.energy_kwh[told].sum()
        return ClockShift(
            first_day=self.first_day + int(told[0]) * _DAY,
            last_day=self.first_day + int(told[-1]) * _DAY,
            shift=(lag - self.most) * self.step,
            error_fraction=float(error / energy),
            unshifted_error_fraction=float(unshifted / energy),
            agreement_fraction=agreement,
        )


def _shifts(
    first: EnergySeries, second: EnergySeries, first_day_kwh: FloatArray, ratio: float
) -> tuple[ClockShift, ...]:
    """Stretches of days with one lag each, those that are beyond doubt."""
    step = min(first.grid.step, second.grid.step)
    level = EnergySeries(second.grid, second.kwh / ratio)
    error_kwh, is_told = _errors_by_day(first, level, MOST_SHIFT // step)
    if not is_told.any():
        return ()
    start = nem_date(first.grid.start)
    table = _LagTable(error_kwh, is_told, first_day_kwh, start, step)
    mean_day_kwh = float(first_day_kwh[is_told].mean())
    lags = _lag_of_each_day(error_kwh, SWITCH_COST_DAYS * mean_day_kwh)
    stretches = np.split(np.arange(lags.size), np.flatnonzero(np.diff(lags)) + 1)
    found = [table.shift_of(days, int(lags[days[0]])) for days in stretches]
    return tuple(shift for shift in found if shift is not None)


def _errors_by_day(
    first: EnergySeries, second: EnergySeries, most: int
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Absolute difference of each day for every lag, and which days tell anything.

    The finer source is moved and then summed to the intervals of the coarser, so
    that nothing is assumed of the energy within an interval.

    Returns
    -------
    tuple
        (D, 2 most + 1) [kWh], zeros on a day that tells nothing; and (D,).
    """
    is_second_fine = second.grid.step <= first.grid.step
    fine, coarse = (second, first) if is_second_fine else (first, second)
    block = coarse.grid.step // fine.grid.step
    per_day = _DAY // coarse.grid.step
    day_count = coarse.grid.count // per_day
    error_kwh = np.zeros((day_count, 2 * most + 1))
    counts = np.zeros((day_count, 2 * most + 1), dtype=np.int64)
    padded = np.pad(fine.kwh, most, constant_values=np.nan)
    for column, lag in enumerate(range(-most, most + 1)):
        offset = most + (lag if is_second_fine else -lag)
        moved = padded[offset : offset + fine.grid.count]
        difference = np.abs(coarse.kwh - moved.reshape(-1, block).sum(axis=1))
        by_day = difference.reshape(day_count, per_day)
        is_known = ~np.isnan(by_day)
        counts[:, column] = is_known.sum(axis=1)
        error_kwh[:, column] = np.where(is_known, by_day, 0.0).sum(axis=1)
    is_told: NDArray[np.bool_] = np.all(
        counts >= _LEAST_SHARED_FRACTION * per_day, axis=1
    )
    error_kwh *= per_day / np.maximum(counts, 1)
    error_kwh[~is_told] = 0.0
    return error_kwh, is_told


def _lag_of_each_day(error_kwh: FloatArray, switch_kwh: float) -> NDArray[np.int64]:
    """Lags with the least error in all, where every change costs `switch_kwh`.

    Exact, by dynamic programming from day to day.
    """
    day_count, lag_count = error_kwh.shape
    came_from = np.empty((day_count, lag_count), dtype=np.int64)
    stay = np.arange(lag_count)
    total = np.zeros(lag_count)
    for day in range(day_count):
        cheapest = int(np.argmin(total))
        is_jump = total[cheapest] + switch_kwh < total
        came_from[day] = np.where(is_jump, cheapest, stay)
        total = np.minimum(total, total[cheapest] + switch_kwh) + error_kwh[day]
    lags = np.empty(day_count, dtype=np.int64)
    lag = int(np.argmin(total))
    for day in range(day_count - 1, -1, -1):
        lags[day] = lag
        lag = int(came_from[day, lag])
    return lags
