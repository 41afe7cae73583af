"""Values on a regular axis: energy and prices."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, DataError

FloatArray = NDArray[np.float64]


def read_only(values: FloatArray) -> FloatArray:
    """Values that nobody changes any more; a copy when they were not ours to keep."""
    kept = (
        np.array(values, dtype=np.float64, copy=True)
        if values.flags.writeable
        else values
    )
    kept.flags.writeable = False
    return kept


def require_same_grid(first: TimeGrid, second: TimeGrid, what: str) -> None:
    """Refuse to put two axes together that differ."""
    if first != second:
        raise AlignmentError(f"{what} lie on different axes: {first} and {second}")


def starts_utc(grid: TimeGrid) -> NDArray[np.datetime64]:
    """Start of each interval, in UTC without saying so. (T,)"""
    first = np.datetime64(grid.start.replace(tzinfo=None), "s")
    step = np.timedelta64(int(grid.step.total_seconds()), "s")
    return np.asarray(first + np.arange(grid.count) * step)


@dataclass(frozen=True, slots=True, eq=False)
class EnergySeries:
    """Energy of each interval; what is missing is NaN.

    Parameters
    ----------
    grid
        Axis of T intervals.
    kwh
        Energy, never negative. (T,) [kWh per interval]
    """

    grid: TimeGrid
    kwh: FloatArray

    def __post_init__(self) -> None:
        """Refuse what does not fit its axis, and negative energy."""
        object.__setattr__(self, "kwh", _fitting(self.kwh, self.grid, "EnergySeries"))
        if np.any(self.kwh < 0):
            first = int(np.argmax(self.kwh < 0))
            raise DataError(
                f"EnergySeries.kwh must not be negative, got {self.kwh[first]} at "
                f"{self.grid.start + first * self.grid.step}: direction belongs to "
                "the name"
            )

    @property
    def missing_count(self) -> int:
        """Intervals without a value."""
        return int(np.count_nonzero(np.isnan(self.kwh)))

    def at_step(self, step: timedelta) -> "EnergySeries":
        """Sum to longer intervals, or share evenly over shorter ones.

        A longer interval with any missing part is missing. Sharing evenly assumes
        constant power within the interval.
        """
        grid, ratio, is_longer = _restepped(self.grid, step)
        if is_longer:
            return EnergySeries(grid, self.kwh.reshape(-1, ratio).sum(axis=1))
        return EnergySeries(grid, np.repeat(self.kwh / ratio, ratio))


@dataclass(frozen=True, slots=True, eq=False)
class PriceSeries:
    """Price of each interval; what is missing is NaN.

    Parameters
    ----------
    grid
        Axis of T intervals.
    c_per_kwh
        (T,) [c/kWh]
    """

    grid: TimeGrid
    c_per_kwh: FloatArray

    def __post_init__(self) -> None:
        """Refuse what does not fit its axis."""
        values = _fitting(self.c_per_kwh, self.grid, "PriceSeries")
        object.__setattr__(self, "c_per_kwh", values)

    @property
    def missing_count(self) -> int:
        """Intervals without a value."""
        return int(np.count_nonzero(np.isnan(self.c_per_kwh)))

    def at_step(self, step: timedelta) -> "PriceSeries":
        """Mean over longer intervals, or the same price in shorter ones.

        A longer interval with any missing part is missing.
        """
        grid, ratio, is_longer = _restepped(self.grid, step)
        if is_longer:
            return PriceSeries(grid, self.c_per_kwh.reshape(-1, ratio).mean(axis=1))
        return PriceSeries(grid, np.repeat(self.c_per_kwh, ratio))


def _fitting(values: FloatArray, grid: TimeGrid, name: str) -> FloatArray:
    if values.shape != (grid.count,):
        raise AlignmentError(
            f"{name} has values of shape {values.shape} for {grid.count} intervals"
        )
    if np.any(np.isinf(values)):
        raise DataError(f"{name} holds an infinite value; a missing one is NaN")
    return read_only(values)


def _restepped(grid: TimeGrid, step: timedelta) -> tuple[TimeGrid, int, bool]:
    """Axis with another step, how many fit into one, and whether it is longer."""
    longer, shorter = max(step, grid.step), min(step, grid.step)
    if shorter <= timedelta(0) or longer % shorter:
        raise AlignmentError(f"{step} is no multiple or whole part of {grid.step}")
    return (
        TimeGrid.between(grid.start, grid.end, step),
        longer // shorter,
        step > grid.step,
    )
