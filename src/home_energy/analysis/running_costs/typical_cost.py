"""What an hour at this time of day usually costs, from the meter's usage."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from statistics import median

from home_energy.analysis.running_costs.costed_home import CostedHome, costed_home
from home_energy.analysis.running_costs.kept import Kept
from home_energy.analysis.running_costs.local_day import DAY, local_midnight
from home_energy.analysis.running_costs.metered_cost import (
    MeteredCost,
    metered_cost,
)
from home_energy.domain.power import FIVE_MINUTES
from home_energy.domain.time_grid import TimeGrid, floor_to_step
from home_energy.errors import ConfigError, DataError
from home_energy.settings import Settings
from home_energy.store import Store

MOST_DAYS = 28
"""Whole weeks, so that no day of the week counts more than another. [days]"""
FEWEST_DAYS = 7
"""With fewer, weekday and weekend are not both known. [days]"""

_HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class TypicalCost:
    """Cost of energy in the hour around this time of day: never of now.

    Parameters
    ----------
    aud_per_hour
        Median over the days; negative when it earns. [AUD/h]
    day_count
        Days that it is the median of.
    last_day
        Newest of them, on the home's clock.
    """

    aud_per_hour: float
    day_count: int
    last_day: date


_kept: Kept[MeteredCost | None] = Kept()


def typical_cost(store: Store, settings: Settings, now: datetime) -> TypicalCost | None:
    """Read what an hour at this time of day usually costs.

    Parameters
    ----------
    now
        Trusted time. [aware UTC]

    Returns
    -------
    TypicalCost or None
        `None` where fewer than seven of the last 28 days are on record, or nothing can
        be billed: the bill page says why.

    Raises
    ------
    StoreError
        If the store cannot be read.
    """
    zone = settings.home.zone
    today = now.astimezone(zone).date()
    try:
        with store.snapshot():
            home = costed_home(store, settings)
            found = _kept.of(home, now, today, lambda: _last_days(home, today))
    except (ConfigError, DataError):
        return None
    return None if found is None else _typical(found, now, zone)


def _last_days(home: CostedHome, today: date) -> MeteredCost | None:
    """Usage of the last days, and of the half-hours before and after them."""
    zone = home.settings.home.zone
    start = local_midnight(today - MOST_DAYS * DAY, zone) - _HALF_HOUR
    end = local_midnight(today, zone) + _HALF_HOUR
    return metered_cost(home, TimeGrid.between(start, end, FIVE_MINUTES))


def _typical(found: MeteredCost, now: datetime, zone: tzinfo) -> TypicalCost | None:
    local = floor_to_step(now, FIVE_MINUTES).astimezone(zone)
    width = 2 * _HALF_HOUR // FIVE_MINUTES
    told = {}
    for days_ago in range(1, MOST_DAYS + 1):
        day = local.date() - days_ago * DAY
        middle = datetime.combine(day, local.time(), zone).astimezone(UTC)
        first = (middle - _HALF_HOUR - found.grid.start) // FIVE_MINUTES
        hour = slice(first, first + width)
        if found.is_known[hour].all():
            told[day] = float(found.aud[hour].sum())
    if len(told) < FEWEST_DAYS:
        return None
    return TypicalCost(median(told.values()), len(told), max(told))
