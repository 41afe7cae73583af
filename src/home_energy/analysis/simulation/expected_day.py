"""What a day's prices are expected to be, from the days before it."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedDays:
    """The expected prices of each day but the first, cut into intervals.

    Parameters
    ----------
    c_per_kwh
        (D - 1, intervals of a day) [c/kWh]
    count
        Intervals of the axis, which may end within a day.
    """

    c_per_kwh: FloatArray
    count: int

    def nth_cheapest(self, n: int) -> FloatArray:
        """Price of the nth cheapest interval of each interval's day; NaN in the first.

        (T,) [c/kWh]
        """
        return self._nth(n - 1)

    def nth_dearest(self, n: int) -> FloatArray:
        """As `nth_cheapest`, of the dearest. (T,) [c/kWh]"""
        return self._nth(self.c_per_kwh.shape[1] - n)

    def _nth(self, place: int) -> FloatArray:
        of_days = np.partition(self.c_per_kwh, place, axis=1)[:, place]
        return _spread(of_days, self.c_per_kwh.shape[1], self.count)


def intervals_per_day(grid: TimeGrid) -> int:
    """Intervals of 24 hours.

    Raises
    ------
    AlignmentError
        If the step does not divide a day.
    """
    if timedelta(days=1) % grid.step:
        raise AlignmentError(f"a step of {grid.step} does not divide a day")
    return timedelta(days=1) // grid.step


def expected_days(c_per_kwh: FloatArray, of_a_day: int, days: int) -> ExpectedDays:
    """Mean of up to `days` days before, at each time of day.

    Parameters
    ----------
    c_per_kwh
        (T,) [c/kWh]
    of_a_day
        Intervals of a day. Days are counted from the first interval.
    """
    past = _whole_days_before_last(c_per_kwh, of_a_day)
    sums = np.concatenate([np.zeros((1, of_a_day)), np.cumsum(past, axis=0)])
    numbers = np.arange(1, past.shape[0] + 1)
    firsts = np.maximum(numbers - days, 0)
    means = (sums[numbers] - sums[firsts]) / (numbers - firsts)[:, np.newaxis]
    return ExpectedDays(means, c_per_kwh.size)


def daily_quantiles(
    c_per_kwh: FloatArray, of_a_day: int, days: int, fractions: tuple[float, float]
) -> tuple[FloatArray, FloatArray]:
    """Two quantiles of the prices of up to `days` days before each day.

    NaN on the first day. Each (T,) [c/kWh].
    """
    past = _whole_days_before_last(c_per_kwh, of_a_day)
    found = np.empty((past.shape[0], 2))
    for number in range(past.shape[0]):
        before = past[max(number + 1 - days, 0) : number + 1]
        found[number] = np.quantile(before, fractions)
    low, high = found.T
    count = c_per_kwh.size
    return _spread(low, of_a_day, count), _spread(high, of_a_day, count)


def _whole_days_before_last(c_per_kwh: FloatArray, of_a_day: int) -> FloatArray:
    """Days that have another, whole or cut, after them."""
    whole_count = max((c_per_kwh.size - 1) // of_a_day, 0)
    return c_per_kwh[: whole_count * of_a_day].reshape(whole_count, of_a_day)


def _spread(of_days: FloatArray, of_a_day: int, count: int) -> FloatArray:
    """From the second day on, the value of an interval's day. (T,)"""
    with_first = np.concatenate([[np.nan], of_days])
    return np.repeat(with_first, of_a_day)[:count]
