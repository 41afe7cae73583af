"""How a household drives in a year, said in a few figures."""

from dataclasses import dataclass
from datetime import date, time

from home_energy.analysis.driving.local_clock import EVERY_DAY, WEEKDAYS
from home_energy.errors import DataError

WEEKEND = EVERY_DAY - WEEKDAYS
WEEKEND_FROM_HOUR, WEEKEND_TO_HOUR = 8, 20
"""Weekend trips lie between, on the household's clock. Chosen."""

_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Commute:
    """The way to work and back.

    Parameters
    ----------
    km
        There and back. [km]
    leave, back
        When it leaves home and is back, on the household's clock; the next day if
        `back` is the earlier.
    weekdays
        On which days it leaves; 0 is Monday.
    spread_minutes
        It leaves and returns at most so much earlier or later, mostly less.
    """

    km: float
    leave: time = time(8)
    back: time = time(17, 30)
    weekdays: frozenset[int] = WEEKDAYS
    spread_minutes: float = 30.0

    @property
    def away_minutes(self) -> int:
        """From leaving to being back, without spread."""
        return (_minute(self.back) - _minute(self.leave)) % _DAY_MINUTES

    @property
    def faults(self) -> list[str]:
        """What cannot be."""
        found = []
        if not 0 < self.km < float("inf"):
            found.append(f"commute.km must be over 0, got {self.km}")
        if not self.weekdays or not self.weekdays <= EVERY_DAY:
            found.append(f"commute.weekdays are 0 to 6, got {sorted(self.weekdays)}")
        room = min(self.away_minutes, _DAY_MINUTES - self.away_minutes)
        if not 0 <= 2 * self.spread_minutes < room:
            found.append(
                f"commute.spread_minutes must be 0 or more and below {room / 2:g}, so "
                f"that it leaves before it is back, got {self.spread_minutes}"
            )
        return found


@dataclass(frozen=True, slots=True)
class WeekendTrips:
    """Trips on Saturdays and Sundays that are no days of work.

    Parameters
    ----------
    per_week
        How many in a week, in the mean.
    hours
        From leaving to being back.
    km
        Of one, in the mean; `None` if they follow from the kilometres of the year.
    """

    per_week: float = 2.0
    hours: float = 3.0
    km: float | None = None

    @property
    def faults(self) -> list[str]:
        """What cannot be."""
        found = []
        if not 0 < self.per_week < float("inf"):
            found.append(f"weekend.per_week must be over 0, got {self.per_week}")
        if not 0 < self.hours <= WEEKEND_TO_HOUR - WEEKEND_FROM_HOUR:
            found.append(
                "weekend.hours must be over 0 and at most "
                f"{WEEKEND_TO_HOUR - WEEKEND_FROM_HOUR}, got {self.hours}"
            )
        if self.km is not None and not 0 < self.km < float("inf"):
            found.append(f"weekend.km must be over 0, got {self.km}")
        return found


@dataclass(frozen=True, slots=True)
class LongTrips:
    """Holidays with the car.

    Parameters
    ----------
    per_year
        How many, spread over the year.
    km
        Of one, there, about and back. [km]
    days
        From the morning of the first to the afternoon of the last.
    """

    per_year: int
    km: float
    days: int

    @property
    def faults(self) -> list[str]:
        """What cannot be."""
        found = []
        if self.per_year < 1:
            found.append(f"long.per_year must be 1 or more, got {self.per_year}")
        if not 0 < self.km < float("inf"):
            found.append(f"long.km must be over 0, got {self.km}")
        if self.days < 1 or (self.per_year > 0 and self.days > 365 // self.per_year):
            found.append(
                f"long.days must be 1 or more, and {self.per_year} times a year at "
                f"most {365 // max(self.per_year, 1)}, got {self.days}"
            )
        return found


@dataclass(frozen=True, slots=True)
class DrivingProfile:
    """How a household drives.

    Parameters
    ----------
    seed
        Of all that is left to chance. The same seed gives the same trips.
    commute, weekend, long
        `None` for none.
    km_per_year
        In a calendar year; the kilometres of weekend trips follow from it. `None` if
        `weekend.km` says how many those are.
    days_off
        Days without commute, such as public holidays.
    """

    seed: int
    commute: Commute | None = None
    weekend: WeekendTrips | None = None
    long: LongTrips | None = None
    km_per_year: float | None = None
    days_off: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a profile that cannot be, with every fault at once."""
        parts = (self.commute, self.weekend, self.long)
        faults = [fault for part in parts if part is not None for fault in part.faults]
        if all(part is None for part in parts):
            faults.append("nothing is driven; give commute, weekend or long")
        if self.seed < 0:
            faults.append(f"seed must be 0 or more, got {self.seed}")
        faults += self._faults_of_km()
        if self.weekend is not None:
            faults += self._faults_of_weekends(self.weekend)
        if faults:
            raise DataError(f"driving profile: {'; '.join(faults)}")

    @property
    def weekend_days(self) -> tuple[int, ...]:
        """Saturday and Sunday, as far as they are no days of work."""
        worked = frozenset() if self.commute is None else self.commute.weekdays
        return tuple(sorted(WEEKEND - worked))

    def _faults_of_km(self) -> list[str]:
        if self.km_per_year is None:
            if self.weekend is not None and self.weekend.km is None:
                return ["weekend.km or km_per_year must say how far weekends go"]
            return []
        if not 0 < self.km_per_year < float("inf"):
            return [f"km_per_year must be over 0, got {self.km_per_year}"]
        if self.weekend is None:
            return ["km_per_year needs weekend trips, whose kilometres follow from it"]
        if self.weekend.km is not None:
            return ["weekend.km and km_per_year are both given; leave one out"]
        return []

    def _faults_of_weekends(self, weekend: WeekendTrips) -> list[str]:
        days = len(self.weekend_days)
        if not days:
            return ["weekend trips, but the commute takes Saturday and Sunday"]
        most = -(-weekend.per_week // 1)  # rounded up
        in_a_day = -(-most // days)
        if in_a_day * weekend.hours > WEEKEND_TO_HOUR - WEEKEND_FROM_HOUR:
            room_hours = WEEKEND_TO_HOUR - WEEKEND_FROM_HOUR
            fault = (
                f"{most:g} weekend trips of {weekend.hours:g} hours do not fit into "
                f"{days} days of {room_hours} hours"
            )
            return [fault]
        return []


def _minute(clock: time) -> int:
    return 60 * clock.hour + clock.minute
