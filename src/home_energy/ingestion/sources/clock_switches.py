"""The days on which a zone's clocks change, on the clock that a table shows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

DAY_MINUTES = 1440
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class ClockSwitch:
    """A change of the clocks: an hour that does not exist, or happens twice.

    Parameters
    ----------
    first_minute
        Where that hour begins on the local clock. [minutes since 1970-01-01 00:00]
    length_minutes
        Its length; half an hour on Lord Howe Island.
    is_skip
        Whether it does not exist.
    """

    first_minute: int
    length_minutes: int
    is_skip: bool

    @property
    def spoken(self) -> str:
        """Its beginning, for messages."""
        return spoken_minute(self.first_minute)


def spoken_minute(wall_minute: int) -> str:
    """A stamp on the table's clock, for messages."""
    moment = datetime.combine(EPOCH, datetime.min.time()) + timedelta(
        minutes=int(wall_minute)
    )
    return f"{moment:%Y-%m-%d %H:%M}"


def wall_minute(moment: datetime) -> int:
    """A naive stamp as the minutes that `WallValues` counts."""
    midnight = (moment.date() - EPOCH).days * DAY_MINUTES
    return midnight + moment.hour * 60 + moment.minute


def switches_between(
    zone: str, first_minute: int, last_minute: int
) -> list[ClockSwitch]:
    """Changes of a zone's clocks on the days of two stamps and all days between."""
    first_day, last_day = first_minute // DAY_MINUTES, last_minute // DAY_MINUTES
    years = range(
        (EPOCH + timedelta(days=first_day)).year,
        (EPOCH + timedelta(days=last_day)).year + 1,
    )
    return [
        switch
        for year in years
        for switch in _switches_in(zone, year)
        if first_day <= switch.first_minute // DAY_MINUTES <= last_day
    ]


@cache
def _switches_in(zone: str, year: int) -> tuple[ClockSwitch, ...]:
    tz = ZoneInfo(zone)
    found = []
    for number in range(366):
        day = date(year, 1, 1) + timedelta(days=number)
        if day.year == year and offset_minutes(midnight_of(day), tz) != offset_minutes(
            midnight_of(day + timedelta(days=1)), tz
        ):
            found.append(_switch_on(day, tz))
    return tuple(found)


def _switch_on(day: date, tz: ZoneInfo) -> ClockSwitch:
    moments = [
        midnight_of(day) + timedelta(minutes=m) for m in range(0, DAY_MINUTES, 30)
    ]
    changed = [
        moment
        for moment in moments
        if offset_minutes(moment, tz) != offset_minutes(moment.replace(fold=1), tz)
    ]
    first = changed[0]
    return ClockSwitch(
        wall_minute(first),
        30 * len(changed),
        offset_minutes(first, tz) < offset_minutes(first.replace(fold=1), tz),
    )


def midnight_of(day: date) -> datetime:
    """Beginning of a day on the table's clock, naive."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the table's clock


def offset_minutes(moment: datetime, tz: ZoneInfo) -> int:
    """Distance from UTC at a naive stamp on the clock of a zone. [minutes]"""
    offset = moment.replace(tzinfo=tz).utcoffset()
    assert offset is not None  # noqa: S101 - a zone always knows
    return int(offset.total_seconds()) // 60
