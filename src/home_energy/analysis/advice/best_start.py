"""When a run costs least, on the forecast as it stands.

The rules and their figures, with a worked example, are in `docs/models/advice.md`.
Nothing but the prices given decides: what comes to be known later changes no advice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

import numpy as np

from home_energy.analysis.advice.priced_time import PricedTime
from home_energy.analysis.driving.local_clock import instant_of
from home_energy.domain.advice import GivenAdvice
from home_energy.domain.appliance import Appliance
from home_energy.domain.forecast import ForecastPoint
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import floor_to_step, require_aware

DAY = timedelta(days=1)
START_STEP = timedelta(minutes=15)
"""A later start is on the quarter-hour: beyond the hour forecasts are half-hourly."""
LEAST_SAVING_AUD = 0.05
LEAST_SAVING_FRACTION = 0.1
"""Of what a run costs that starts at once."""
_TIE_C_PER_KWH = 1e-9
_ROUNDING_AUD = 1e-9


class Call(StrEnum):
    """What to do."""

    WAIT = "wait"
    NOW = "now"
    NONE = "none"


class NoAdvice(StrEnum):
    """Why there is no advice."""

    NO_PRICE = "no_price"
    """Some of a run that starts at once, or all that comes later, has no price."""
    LITTLE = "little"
    """Waiting would save too little."""
    UNSURE = "unsure"
    """Within the forecast's band waiting may cost more."""


@dataclass(frozen=True, slots=True)
class BestStart:
    """What to do with an appliance.

    Parameters
    ----------
    at
        When this was decided. [aware UTC]
    deadline
        By when a run has to be over. [aware UTC]
    why
        Without a call, the reason.
    start
        Cheapest start, the earliest of equals; `None` without prices. [aware UTC]
    cost_now_aud, cost_then_aud, highest_cost_then_aud
        Of a run at once; of one at `start`, also with prices at the high end of the
        forecast's band; `None` without prices. [AUD]
    """

    appliance: Appliance
    call: Call
    at: datetime
    deadline: datetime
    why: NoAdvice | None = None
    start: datetime | None = None
    cost_now_aud: float | None = None
    cost_then_aud: float | None = None
    highest_cost_then_aud: float | None = None

    @property
    def saving_aud(self) -> float | None:
        """What the cheapest start saves against starting at once. [AUD]"""
        if self.cost_now_aud is None or self.cost_then_aud is None:
            return None
        return self.cost_now_aud - self.cost_then_aud

    def given(self) -> GivenAdvice | None:
        """As it is kept; only advice to wait can turn out wrong."""
        costs = (self.cost_now_aud, self.cost_then_aud, self.highest_cost_then_aud)
        if self.call is not Call.WAIT or self.start is None or None in costs:
            return None
        now_aud, then_aud, highest_aud = (float(cost or 0.0) for cost in costs)
        return GivenAdvice(
            appliance=self.appliance.name,
            kw=self.appliance.kw,
            minutes=self.appliance.minutes,
            issued_at=self.at,
            start=self.start,
            deadline=self.deadline,
            cost_now_aud=now_aud,
            cost_then_aud=then_aud,
            highest_cost_then_aud=highest_aud,
        )


def best_start(
    appliance: Appliance,
    now: datetime,
    prices: Sequence[ForecastPoint],
    zone: tzinfo,
) -> BestStart:
    """Find the start from `now` on that costs least and is over by the deadline.

    Parameters
    ----------
    now
        A run that starts at once starts here. [aware UTC]
    prices
        The running one and those that are coming, in order of start. A run of which
        any part has no price is not considered.
    zone
        Clock of the appliance's deadline.
    """
    until = deadline(appliance, now, zone)
    run = timedelta(minutes=appliance.minutes)
    starts = _starts(now, until - run)
    starts_s = np.array([start.timestamp() for start in starts])
    expected = [point.best_c_per_kwh for point in prices]
    mean = PricedTime.of(prices, expected).run_c_per_kwh(starts_s, run)
    if np.isnan(mean[0]) or np.isnan(mean[1:]).all():
        return BestStart(appliance, Call.NONE, now, until, NoAdvice.NO_PRICE)
    best = _earliest_of_cheapest(mean)
    highest = PricedTime.of(prices, [_highest(point) for point in prices])
    at_most = highest.run_c_per_kwh(starts_s[best : best + 1], run)
    now_aud, then_aud, most_aud = (
        float(price) / 100 * appliance.kwh
        for price in (mean[0], mean[best], at_most[0])
    )
    call, why = _call(
        is_now=best == 0, now_aud=now_aud, then_aud=then_aud, most_aud=most_aud
    )
    return BestStart(
        appliance, call, now, until, why, starts[best], now_aud, then_aud, most_aud
    )


def deadline(appliance: Appliance, now: datetime, zone: tzinfo) -> datetime:
    """When a run has to be over: the next time that one begun now can still meet.

    Without a time of day, a day from now. [aware UTC]
    """
    require_aware(now, "deadline.now")
    if appliance.by is None:
        return now + DAY
    earliest = now + timedelta(minutes=appliance.minutes)
    day = now.astimezone(zone).date()
    moment = instant_of(day, appliance.by, zone)
    while moment < earliest:
        day += DAY
        moment = instant_of(day, appliance.by, zone)
    return moment


def _starts(now: datetime, last: datetime) -> list[datetime]:
    """Now, and every quarter-hour after it up to the last start that is in time."""
    first = floor_to_step(now, START_STEP) + START_STEP
    count = max((last - first) // START_STEP + 1, 0)
    return [now, *(first + number * START_STEP for number in range(count))]


def _earliest_of_cheapest(mean_c_per_kwh: FloatArray) -> int:
    least = np.nanmin(mean_c_per_kwh)
    return int(np.flatnonzero(mean_c_per_kwh <= least + _TIE_C_PER_KWH)[0])


def _highest(point: ForecastPoint) -> float:
    """High end of the band, where the forecast has one above what it expects."""
    if point.high_c_per_kwh is None:
        return point.best_c_per_kwh
    return max(point.high_c_per_kwh, point.best_c_per_kwh)


def _call(
    *, is_now: bool, now_aud: float, then_aud: float, most_aud: float
) -> tuple[Call, NoAdvice | None]:
    if is_now:
        return Call.NOW, None
    least_aud = max(LEAST_SAVING_AUD, LEAST_SAVING_FRACTION * abs(now_aud))
    if now_aud - then_aud < least_aud - _ROUNDING_AUD:
        return Call.NONE, NoAdvice.LITTLE
    if most_aud >= now_aud:
        return Call.NONE, NoAdvice.UNSURE
    return Call.WAIT, None
