"""What a run costs on prices of which some may be missing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np

from home_energy.domain.forecast import ForecastPoint
from home_energy.domain.price import Price
from home_energy.domain.series import FloatArray

_ROUNDING_S = 1e-3
"""Far above the rounding of seconds since 1970, far below an interval."""


class Interval(Protocol):
    """Anything that has a start and an end."""

    @property
    def start(self) -> datetime:
        """First instant. [aware UTC]"""
        ...

    @property
    def end(self) -> datetime:
        """First instant after it. [aware UTC]"""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class PricedTime:
    """Prices of some stretches of time; between them nothing is known.

    Parameters
    ----------
    edges_s
        Where a price begins or ends, rising, in seconds since 1970. (N + 1,) [UTC]
    known_s
        Time up to each edge for which there is a price. (N + 1,) [s]
    sum_c_s_per_kwh
        Prices summed over that time. (N + 1,) [c s/kWh]
    """

    edges_s: FloatArray
    known_s: FloatArray
    sum_c_s_per_kwh: FloatArray

    @classmethod
    def of(
        cls, intervals: Sequence[Interval], c_per_kwh: Sequence[float]
    ) -> "PricedTime":
        """Prices of intervals in order of start; what overlaps counts to the first."""
        edges, is_known, prices = [-np.inf], [False], [0.0]
        for interval, price in zip(intervals, c_per_kwh, strict=True):
            end_s = interval.end.timestamp()
            start_s = max(interval.start.timestamp(), edges[-1])
            if end_s <= start_s:
                continue
            if start_s > edges[-1]:
                edges.append(start_s)
                is_known.append(False)
                prices.append(0.0)
            edges.append(end_s)
            is_known.append(True)
            prices.append(price)
        edges_s = np.array(edges[1:])
        lengths_s = np.diff(edges_s, prepend=edges_s[:1])
        return cls(
            edges_s,
            np.cumsum(lengths_s * np.array(is_known[1:])),
            np.cumsum(lengths_s * np.array(prices[1:])),
        )

    def run_c_per_kwh(self, starts_s: FloatArray, run: timedelta) -> FloatArray:
        """Mean price of a run from each start; NaN where any of it has no price.

        Parameters
        ----------
        starts_s
            In seconds since 1970. (N,) [UTC]
        """
        length_s = run.total_seconds()
        if not self.edges_s.size:
            return np.full(starts_s.size, np.nan)

        def over(values: FloatArray) -> FloatArray:
            ends = np.interp(starts_s + length_s, self.edges_s, values)
            return np.asarray(ends - np.interp(starts_s, self.edges_s, values))

        mean = over(self.sum_c_s_per_kwh) / length_s
        is_whole = over(self.known_s) > length_s - _ROUNDING_S
        return np.where(is_whole, mean, np.nan)

    def run_from(self, start: datetime, run: timedelta) -> float | None:
        """Mean price of one run; `None` where any of it has no price. [c/kWh]"""
        (mean,) = self.run_c_per_kwh(np.array([start.timestamp()]), run).tolist()
        return None if np.isnan(mean) else mean


def now_and_coming(
    price: Price | None, points: Sequence[ForecastPoint]
) -> tuple[ForecastPoint, ...]:
    """The running price, then the forecast from its end on.

    Parameters
    ----------
    price
        Newest on record, an estimate or final.
    points
        Forecast in order of start.
    """
    if price is None:
        return tuple(points)
    running = ForecastPoint(price.start, price.duration_minutes, price.c_per_kwh)
    later = [point for point in points if point.end > price.end]
    return (running, *(_from(point, max(point.start, price.end)) for point in later))


def _from(point: ForecastPoint, start: datetime) -> ForecastPoint:
    """Part of a point from an instant within it on."""
    minutes = (point.end - start) // timedelta(minutes=1)
    return replace(point, start=start, duration_minutes=minutes)
