"""Days of the home's own clock as axes of five minutes: 276, 288 or 300 of them."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from home_energy.domain.power import FIVE_MINUTES
from home_energy.domain.time_grid import TimeGrid, floor_to_step

DAY = timedelta(days=1)


def local_midnight(day: date, zone: tzinfo) -> datetime:
    """First instant of a day of a clock. [aware UTC]"""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def local_day(day: date, zone: tzinfo) -> TimeGrid:
    """Axis of a whole day."""
    end = local_midnight(day + DAY, zone)
    return TimeGrid.between(local_midnight(day, zone), end, FIVE_MINUTES)


def local_day_so_far(now: datetime, zone: tzinfo) -> tuple[date, TimeGrid]:
    """Day of a clock, and the axis of its five minutes that are over."""
    day = now.astimezone(zone).date()
    end = floor_to_step(now, FIVE_MINUTES)
    return day, TimeGrid.between(local_midnight(day, zone), end, FIVE_MINUTES)
