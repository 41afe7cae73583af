"""What a day is expected to bring, from the days before it."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError

PRICE_TOLERANCE_C_PER_KWH = 1e-6
"""A mean of equal prices may differ from them by rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedDays:
    """What is expected of each day but the first, cut into intervals.

    Parameters
    ----------
    values
        Of D days, whole or cut, the last D - 1. (D - 1, intervals of a day)
    count
        Intervals of the axis.
    """

    values: FloatArray
    count: int

    def of_interval(self) -> FloatArray:
        """Expected value of each interval; NaN in the first day. (T,)"""
        of_a_day = self.values.shape[1]
        first = np.full(of_a_day, np.nan)
        return np.concatenate([first, self.values.ravel()])[: self.count]

    def nth_smallest(self, n: int) -> FloatArray:
        """The nth smallest value of each interval's day; NaN in the first day. (T,)"""
        found = np.partition(self.values, n - 1, axis=1)[:, n - 1]
        return _spread(found, self.values.shape[1], self.count)

    def greatest(self) -> FloatArray:
        """The greatest value of each interval's day; NaN in the first day. (T,)"""
        return _spread(self.values.max(axis=1), self.values.shape[1], self.count)


def dear_price(
    prices: ExpectedDays, lacking_kwh: ExpectedDays, energy_kwh: float
) -> FloatArray:
    """From which price on energy serves a day's expected load, dearest first.

    Intervals of one price are served together or not at all; the dearest are always.

    Parameters
    ----------
    prices
        To buy. [c/kWh]
    lacking_kwh
        Load that solar leaves, of the same days.
    energy_kwh
        What there is to serve it.

    Returns
    -------
    FloatArray
        NaN in the first day. (T,) [c/kWh]
    """
    order = np.argsort(-prices.values, axis=1, kind="stable")
    falling = np.take_along_axis(prices.values, order, axis=1)
    served = np.cumsum(np.take_along_axis(lacking_kwh.values, order, axis=1), axis=1)
    is_last_of_price = np.ones(falling.shape, dtype=np.bool_)
    is_last_of_price[:, :-1] = -np.diff(falling, axis=1) > PRICE_TOLERANCE_C_PER_KWH
    fits = is_last_of_price & (served <= energy_kwh)
    of_a_day = falling.shape[1]
    last_that_fits = of_a_day - 1 - np.argmax(fits[:, ::-1], axis=1)
    dearest = np.argmax(is_last_of_price, axis=1)
    place = np.where(fits.any(axis=1), last_that_fits, dearest)
    found = np.take_along_axis(falling, place[:, np.newaxis], axis=1)[:, 0]
    return _spread(found, of_a_day, prices.count)


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


def expected_days(values: FloatArray, of_a_day: int, days: int) -> ExpectedDays:
    """Mean of up to `days` days before, at each time of day.

    Parameters
    ----------
    values
        Prices or energy. (T,)
    of_a_day
        Intervals of a day. Days are counted from the first interval.
    """
    past = _whole_days_before_last(values, of_a_day)
    sums = np.concatenate([np.zeros((1, of_a_day)), np.cumsum(past, axis=0)])
    numbers = np.arange(1, past.shape[0] + 1)
    firsts = np.maximum(numbers - days, 0)
    means = (sums[numbers] - sums[firsts]) / (numbers - firsts)[:, np.newaxis]
    return ExpectedDays(means, values.size)


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


def _whole_days_before_last(values: FloatArray, of_a_day: int) -> FloatArray:
    """Days that have another, whole or cut, after them."""
    whole_count = max((values.size - 1) // of_a_day, 0)
    return values[: whole_count * of_a_day].reshape(whole_count, of_a_day)


def _spread(of_days: FloatArray, of_a_day: int, count: int) -> FloatArray:
    """From the second day on, the value of an interval's day. (T,)"""
    with_first = np.concatenate([[np.nan], of_days])
    return np.repeat(with_first, of_a_day)[:count]
