"""Cheap, normal or expensive: now or later?

The model is described, with its reasons and numbers, in `docs/models/verdict.md`.
A decision is a pure function of the decision before it and of prices; it is kept with
the price it judges, so every screen says the same, also after a restart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.price import Price, Quality

HISTORY = timedelta(days=30)
CHEAP_PERCENTILE = 30
EXPENSIVE_PERCENTILE = 80
ALWAYS_CHEAP_C_PER_KWH = 5.0
ALWAYS_EXPENSIVE_C_PER_KWH = 100.0
ENOUGH_HISTORY = 7 * 288
"""Five-minute prices without which the percentiles say too little: seven days."""

HYSTERESIS_FRACTION = 0.04
HYSTERESIS_C_PER_KWH = 1.0
LEAST_HOLD = timedelta(minutes=10)
MEMORY = timedelta(minutes=30)
"""A decision older than this no longer holds back a new one."""

CONFIRMATION_DUE = timedelta(seconds=90)
"""An estimate changes the verdict only when its confirmation is this late."""

LOOK_AHEAD = timedelta(hours=12)
RUN = timedelta(hours=1)
WORTH_WAITING_FRACTION = 0.25
WORTH_WAITING_C_PER_KWH = 5.0


class Verdict(StrEnum):
    """What the price means for someone about to start the dishwasher."""

    CHEAP = "cheap"
    NORMAL = "normal"
    EXPENSIVE = "expensive"


class VerdictBasis(StrEnum):
    """What the verdict rests on."""

    OWN_HISTORY = "own_history"
    RETAILER_DESCRIPTOR = "retailer_descriptor"


_DESCRIPTOR_VERDICT = {
    "negative": Verdict.CHEAP,
    "extremelyLow": Verdict.CHEAP,
    "veryLow": Verdict.CHEAP,
    "low": Verdict.NORMAL,
    "neutral": Verdict.NORMAL,
    "high": Verdict.EXPENSIVE,
    "spike": Verdict.EXPENSIVE,
}


@dataclass(frozen=True, slots=True)
class PriceLevels:
    """Where cheap ends and expensive begins for this home. [c/kWh]"""

    cheap_below_c_per_kwh: float
    expensive_above_c_per_kwh: float


@dataclass(frozen=True, slots=True)
class CheapestRun:
    """The hour ahead with the lowest mean price.

    Parameters
    ----------
    start, end
        Half-open. [aware UTC]
    c_per_kwh
        Mean over the run. [c/kWh]
    """

    start: datetime
    end: datetime
    c_per_kwh: float


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict, since when it holds and what it rests on.

    Parameters
    ----------
    since
        When the verdict became what it is. [aware UTC]
    decided_at
        When the price that was judged was known. [aware UTC]
    levels
        Levels that were used; `None` when the retailer's word was.
    """

    verdict: Verdict
    basis: VerdictBasis
    since: datetime
    decided_at: datetime
    levels: PriceLevels | None


def price_levels(recent_c_per_kwh: NDArray[np.float64]) -> PriceLevels | None:
    """Levels from the home's own recent prices.

    Parameters
    ----------
    recent_c_per_kwh
        Import prices of the trailing `HISTORY`, one for each five minutes, in any
        order, shape (N,). [c/kWh]

    Returns
    -------
    PriceLevels or None
        `None` when there are fewer than `ENOUGH_HISTORY` prices.
    """
    if recent_c_per_kwh.size < ENOUGH_HISTORY:
        return None
    cheap, expensive = np.percentile(
        recent_c_per_kwh, [CHEAP_PERCENTILE, EXPENSIVE_PERCENTILE]
    )
    cheap = max(float(cheap), ALWAYS_CHEAP_C_PER_KWH)
    expensive = min(float(expensive), ALWAYS_EXPENSIVE_C_PER_KWH)
    return PriceLevels(cheap, max(expensive, cheap))


def cheapest_run(
    points: Sequence[ForecastPoint], now: datetime, length: timedelta = RUN
) -> CheapestRun | None:
    """Cheapest stretch of `length` that starts within `LOOK_AHEAD`.

    A stretch with a hole in the forecast is not considered.

    Parameters
    ----------
    points
        Forecast in order of start.
    now
        Stretches that start before this are not considered. [aware UTC]
    """
    runs = [
        run
        for i, point in enumerate(points)
        if now <= point.start < now + LOOK_AHEAD
        and (run := _run_from(points[i:], length)) is not None
    ]
    return min(runs, key=lambda run: run.c_per_kwh, default=None)


def decide(
    previous: Decision | None,
    price: Price,
    known_at: datetime,
    levels: PriceLevels | None,
    forecast: Forecast | None,
) -> Decision | None:
    """Judge the newest price, in the light of the decision before it.

    Parameters
    ----------
    previous
        Decision before this one; forgotten when further away than `MEMORY`.
    price, known_at
        Newest import price and when the source gave it.
    levels
        From `price_levels`; `None` while there is too little history.
    forecast
        Newest forecast of the same channel, if any.

    Returns
    -------
    Decision or None
        `None` when there is nothing to judge the price by.
    """
    # A decision from the future was made by a wrong clock and must not hold either.
    if previous is not None and abs(known_at - previous.decided_at) > MEMORY:
        previous = None
    wanted = _wanted(previous, price, levels, forecast)
    if wanted is None:
        return None
    verdict, basis = wanted
    if previous is not None and verdict is not previous.verdict:
        is_held = known_at - previous.since < LEAST_HOLD
        if (is_held or not _is_settled(price, known_at)) and not _is_urgent(price):
            verdict = previous.verdict
    is_new = previous is None or verdict is not previous.verdict
    since = known_at if is_new or previous is None else previous.since
    return Decision(verdict, basis, since, known_at, levels)


def _wanted(
    previous: Decision | None,
    price: Price,
    levels: PriceLevels | None,
    forecast: Forecast | None,
) -> tuple[Verdict, VerdictBasis] | None:
    """Verdict as it would be if none had to be held."""
    if levels is None:
        basis = VerdictBasis.RETAILER_DESCRIPTOR
        word = _DESCRIPTOR_VERDICT.get(price.context.descriptor or "")
        verdict = Verdict.EXPENSIVE if _is_urgent(price) else word
    else:
        basis = VerdictBasis.OWN_HISTORY
        before = None if previous is None else previous.verdict
        verdict = _sticky(before, price, levels)
    if verdict is None:
        return None
    if forecast is not None:
        verdict = _look_ahead(verdict, price, forecast)
    return verdict, basis


def _is_settled(price: Price, known_at: datetime) -> bool:
    """Whether the price is confirmed, or its confirmation is overdue."""
    return price.quality >= Quality.ACTUAL or known_at - price.start >= CONFIRMATION_DUE


def _plain(c_per_kwh: float, levels: PriceLevels) -> Verdict:
    is_cheap = c_per_kwh <= levels.cheap_below_c_per_kwh
    is_expensive = c_per_kwh >= levels.expensive_above_c_per_kwh
    if is_cheap == is_expensive:  # neither, or both where every price is the same
        return Verdict.NORMAL
    return Verdict.CHEAP if is_cheap else Verdict.EXPENSIVE


def _sticky(current: Verdict | None, price: Price, levels: PriceLevels) -> Verdict:
    """Plain verdict, unless the price left the current one by less than a margin."""
    if _is_urgent(price):
        return Verdict.EXPENSIVE
    cheap, expensive = levels.cheap_below_c_per_kwh, levels.expensive_above_c_per_kwh
    if current is Verdict.CHEAP:
        cheap += _margin(cheap)
    if current is Verdict.EXPENSIVE:
        expensive -= _margin(expensive)
    return _plain(price.c_per_kwh, PriceLevels(cheap, max(expensive, cheap)))


def _margin(level_c_per_kwh: float) -> float:
    return max(HYSTERESIS_C_PER_KWH, HYSTERESIS_FRACTION * abs(level_c_per_kwh))


def _is_urgent(price: Price) -> bool:
    return price.context.is_spike or price.c_per_kwh >= ALWAYS_EXPENSIVE_C_PER_KWH


def _look_ahead(verdict: Verdict, now: Price, forecast: Forecast) -> Verdict:
    """Soften what the coming hours contradict."""
    coming = [
        point
        for point in forecast.points
        if now.end <= point.start < now.end + LOOK_AHEAD
    ]
    if not coming or _is_urgent(now):
        return verdict
    best = cheapest_run(forecast.points, now.end)
    if verdict is Verdict.CHEAP and best is not None and _is_worth_waiting(now, best):
        return Verdict.NORMAL
    horizon = _known_until(coming, now.end) - now.end
    no_relief = min(point.best_c_per_kwh for point in coming) >= now.c_per_kwh
    if verdict is Verdict.EXPENSIVE and no_relief and horizon >= LOOK_AHEAD / 2:
        return Verdict.NORMAL
    return verdict


def _is_worth_waiting(now: Price, best: CheapestRun) -> bool:
    saved = now.c_per_kwh - best.c_per_kwh
    least = max(WORTH_WAITING_C_PER_KWH, WORTH_WAITING_FRACTION * abs(now.c_per_kwh))
    return now.c_per_kwh > ALWAYS_CHEAP_C_PER_KWH and saved >= least


def _known_until(points: Sequence[ForecastPoint], start: datetime) -> datetime:
    """End of the forecast before its first hole; what lies in a hole is unknown."""
    cursor = start
    for point in points:
        if point.start > cursor:
            break
        cursor = max(cursor, point.end)
    return cursor


def _run_from(points: Sequence[ForecastPoint], length: timedelta) -> CheapestRun | None:
    """Mean price of `length` from the first point, if the forecast has no hole."""
    start = cursor = points[0].start
    end = start + length
    weighted_c_seconds = 0.0
    for point in points:
        if cursor >= end or point.start != cursor:
            break
        part = min(point.end, end) - cursor
        weighted_c_seconds += point.best_c_per_kwh * part.total_seconds()
        cursor = point.end
    if cursor < end:
        return None
    return CheapestRun(start, end, weighted_c_seconds / length.total_seconds())
