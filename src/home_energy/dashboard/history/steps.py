"""Prices as steps in time, and what can be said of them in three numbers."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from home_energy.domain.price import Price, Quality


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of one price. [aware UTC], [c/kWh]"""

    start: datetime
    end: datetime
    c_per_kwh: float
    is_final: bool

    @property
    def length(self) -> timedelta:
        """How long the price held."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class PriceRange:
    """Lowest, mean and highest price over the time that is on record. [c/kWh]"""

    lowest_c_per_kwh: float
    mean_c_per_kwh: float
    highest_c_per_kwh: float


def price_steps(prices: Sequence[Price], start: datetime, end: datetime) -> list[Step]:
    """Prices between two instants, each moment once.

    Where rows overlap, as when half hours and five minutes are on record for the
    same time, the surer one stands, and of equally sure ones the shorter.

    Parameters
    ----------
    prices
        Of one channel, in any order.
    start, end
        Half-open; longer intervals are cut. [aware UTC]
    """
    waiting = deque(sorted(prices, key=lambda price: price.start))
    edges = {price.start for price in prices} | {price.end for price in prices}
    within = sorted({min(max(edge, start), end) for edge in edges})
    running: list[Price] = []
    steps: list[Step] = []
    for first, last in pairwise(within):
        while waiting and waiting[0].start <= first:
            running.append(waiting.popleft())
        running = [price for price in running if price.end > first]
        if running:
            best = max(running, key=lambda p: (p.quality, -p.duration_minutes))
            is_final = best.quality >= Quality.ACTUAL
            steps.append(Step(first, last, best.c_per_kwh, is_final))
    return steps


def price_range(steps: Sequence[Step]) -> PriceRange | None:
    """Lowest, time-weighted mean and highest; `None` when nothing is on record."""
    if not steps:
        return None
    seconds = [step.length.total_seconds() for step in steps]
    weighted = sum(
        step.c_per_kwh * length for step, length in zip(steps, seconds, strict=True)
    )
    return PriceRange(
        lowest_c_per_kwh=min(step.c_per_kwh for step in steps),
        mean_c_per_kwh=weighted / sum(seconds),
        highest_c_per_kwh=max(step.c_per_kwh for step in steps),
    )


def usual_high(steps: Sequence[Step]) -> float | None:
    """Price that is exceeded for a quarter of the time on record. [c/kWh]"""
    left = sum((step.length for step in steps), timedelta()) / 4
    for step in sorted(steps, key=lambda step: step.c_per_kwh, reverse=True):
        left -= step.length
        if left < timedelta(0):
            return step.c_per_kwh
    return None
