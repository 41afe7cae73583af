"""Regular, half-open time axes, and the market's own clock.

Inside the program every instant is an aware UTC `datetime` and every interval is
named by its start. NEM time (fixed UTC+10, named by its end) is met only where a
source is read and where a day of the market is meant.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from home_energy.errors import DataError

NEM_TIME = timezone(timedelta(hours=10), "NEM")
"""The National Electricity Market's clock: UTC+10 all year, no daylight saving."""


def require_utc(moment: datetime, name: str) -> datetime:
    """Return `moment`, or refuse one that is naive or not in UTC."""
    if moment.utcoffset() != timedelta(0):
        raise DataError(f"{name} must be an aware UTC time, got {moment.isoformat()}")
    return moment


def require_aware(moment: datetime, name: str) -> datetime:
    """Return `moment`, or refuse one without a zone: it would be taken as local."""
    if moment.utcoffset() is None:
        raise DataError(f"{name} must have a time zone, got {moment.isoformat()}")
    return moment


def floor_to_step(moment: datetime, step: timedelta) -> datetime:
    """Latest multiple of `step` since the epoch that is not after `moment`."""
    require_aware(moment, "floor_to_step.moment")
    seconds = int(step.total_seconds())
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, UTC)


def nem_date(moment: datetime) -> date:
    """Day of the market in which an interval starting at `moment` lies."""
    return require_aware(moment, "nem_date.moment").astimezone(NEM_TIME).date()


def nem_day_start(day: date) -> datetime:
    """First instant of a day of the market. [aware UTC]"""
    return datetime.combine(day, time(), NEM_TIME).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class TimeGrid:
    """Regular half-open axis of `count` intervals of `step`, from `start`.

    Parameters
    ----------
    start
        Start of the first interval. [aware UTC]
    step
        Length of every interval, more than zero.
    count
        Number of intervals, zero or more.
    """

    start: datetime
    step: timedelta
    count: int

    def __post_init__(self) -> None:
        """Refuse an axis that cannot be."""
        require_utc(self.start, "TimeGrid.start")
        _require_step(self.step)
        if self.count < 0:
            raise DataError(f"TimeGrid.count must not be negative, got {self.count}")

    @classmethod
    def between(cls, start: datetime, end: datetime, step: timedelta) -> "TimeGrid":
        """Axis that covers `start` up to, not including, `end`."""
        _require_step(step)
        length = require_utc(end, "TimeGrid.end") - require_utc(start, "TimeGrid.start")
        count, remainder = divmod(length, step)
        if remainder:
            raise DataError(f"{start} to {end} is not a whole number of {step}")
        return cls(start, step, count)

    @classmethod
    def calendar_year(cls, year: int, zone: tzinfo, step: timedelta) -> "TimeGrid":
        """Axis of a local calendar year."""
        first = datetime(year, 1, 1, tzinfo=zone).astimezone(UTC)
        last = datetime(year + 1, 1, 1, tzinfo=zone).astimezone(UTC)
        return cls.between(first, last, step)

    @property
    def end(self) -> datetime:
        """First instant after the last interval."""
        return self.start + self.count * self.step

    def index(self, moment: datetime) -> int:
        """Number of the interval that holds `moment`."""
        require_aware(moment, "TimeGrid.index.moment")
        number = (moment - self.start) // self.step
        if not 0 <= number < self.count:
            raise DataError(f"{moment} is outside {self.start} to {self.end}")
        return number

    def __iter__(self) -> Iterator[datetime]:
        """Starts of the intervals, in order."""
        return (self.start + i * self.step for i in range(self.count))

    def local_days(self, zone: tzinfo) -> list[tuple[date, "TimeGrid"]]:
        """Cut into local calendar days: 46, 48 or 50 half-hours, never forced to 48.

        The first and the last day may be parts of days.
        """
        days: list[tuple[date, TimeGrid]] = []
        cursor = self.start
        while cursor < self.end:
            day = cursor.astimezone(zone).date()
            midnight = datetime.combine(day + timedelta(days=1), time(), zone)
            day_end = min(midnight.astimezone(UTC), self.end)
            days.append((day, TimeGrid.between(cursor, day_end, self.step)))
            cursor = day_end
        return days


def _require_step(step: timedelta) -> None:
    if step <= timedelta(0):
        raise DataError(f"TimeGrid.step must be more than zero, got {step}")
