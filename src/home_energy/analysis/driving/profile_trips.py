"""Trips of a household that are made up from its profile, the same on every machine.

What is left to chance is drawn for each day on its own, from `PCG64` seeded by the
profile's seed and the day: whoever commutes one day less keeps every other trip.
Only whole numbers of the generator are used, which numpy promises never to change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from math import fsum

import numpy as np

from home_energy.analysis.driving.consumption import Consumption
from home_energy.analysis.driving.driving_profile import (
    WEEKEND_FROM_HOUR,
    WEEKEND_TO_HOUR,
    DrivingProfile,
)
from home_energy.analysis.driving.local_clock import instant_of
from home_energy.analysis.driving.outside_temperature import OutsideTemperature
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.trip import Trip
from home_energy.errors import DataError

LONG_LEAVE_HOUR, LONG_BACK_HOUR = 9, 17
"""When holidays begin on the first day and end on the last. Chosen."""

_LEAVING, _RETURNING, _WEEKEND, _LONG = range(4)


@dataclass(frozen=True, slots=True)
class ProfileTrips:
    """Trips of a profile on an axis.

    Parameters
    ----------
    trips
        In order, none overlaps another, each touches the axis.
    left_out_count
        Trips of the calendar years of the axis that fell into another one: a commute
        during a holiday.
    mild_km
        Driven at a temperature that is not known, so taken as mild. [km]
    """

    trips: tuple[Trip, ...]
    left_out_count: int
    mild_km: float


@dataclass(frozen=True, slots=True)
class _Way:
    """A trip before its energy; `share` is its part of what weekends come to."""

    depart: datetime
    arrive: datetime
    km: float = 0.0
    share: float = 0.0


def profile_trips(
    profile: DrivingProfile,
    grid: TimeGrid,
    zone: tzinfo,
    consumption: Consumption,
    outside: OutsideTemperature | None = None,
) -> ProfileTrips:
    """Make up the trips that touch an axis.

    They are made for whole calendar years of the household's clock, so two axes of
    one year hold the same trips; none goes over New Year. Holidays come first, then
    the commute, then weekend trips: one that would overlap an earlier one is left out
    and counted. Half of a trip is driven at the temperature at which it leaves and
    half at the one at which it returns.

    Raises
    ------
    DataError
        If the kilometres of the year are less than commute and holidays take.
    """
    first_year = grid.start.astimezone(zone).year
    last_year = (grid.end - grid.step).astimezone(zone).year
    left_out = 0
    ways: list[_Way] = []
    for year in range(first_year, last_year + 1):
        wished = [
            *_long_ways(profile, year, zone),
            *_commutes(profile, year, zone),
            *_weekend_ways(profile, year, zone),
        ]
        kept = _disjoint(wished)
        left_out += len(wished) - len(kept)
        ways += _scaled(kept, profile, year)
    trips = []
    mild_km = 0.0
    for way in ways:
        if way.arrive <= grid.start or way.depart >= grid.end:
            continue
        kwh = 0.0
        for moment in (way.depart, way.arrive):
            outside_c = None if outside is None else outside.at(moment)
            mild_km += way.km / 2 if outside_c is None else 0.0
            kwh += consumption.energy_kwh(way.km / 2, outside_c)
        trips.append(Trip(way.depart, way.arrive, way.km, kwh))
    return ProfileTrips(tuple(trips), left_out, mild_km)


def _long_ways(profile: DrivingProfile, year: int, zone: tzinfo) -> Iterator[_Way]:
    """One in each of equal parts of the year."""
    long = profile.long
    if long is None:
        return
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    part_days = (after - first).days // long.per_year
    for number in range(long.per_year):
        begin = first + timedelta(days=number * part_days)
        (chance,) = _chances(profile.seed, _LONG, begin, 1)
        begin += timedelta(days=int(chance * (part_days - long.days + 1)))
        leave = datetime.combine(begin, time(LONG_LEAVE_HOUR))
        last = begin + timedelta(days=long.days - 1)
        back = datetime.combine(last, time(LONG_BACK_HOUR))
        yield _way(leave, back, zone, km=long.km)


def _commutes(profile: DrivingProfile, year: int, zone: tzinfo) -> Iterator[_Way]:
    commute = profile.commute
    if commute is None:
        return
    away = timedelta(minutes=commute.away_minutes)
    for day in _days_of(year):
        if day.weekday() not in commute.weekdays or day in profile.days_off:
            continue
        leave = datetime.combine(day, commute.leave)
        late, later = (
            timedelta(minutes=round(commute.spread_minutes * _middling(*chances)))
            for chances in (
                _chances(profile.seed, _LEAVING, day, 2),
                _chances(profile.seed, _RETURNING, day, 2),
            )
        )
        back = leave + away + later
        if back.year == year:
            yield _way(leave + late, back, zone, km=commute.km)


def _weekend_ways(profile: DrivingProfile, year: int, zone: tzinfo) -> Iterator[_Way]:
    """Over whole weeks; the days of other years are left to those."""
    weekend = profile.weekend
    if weekend is None:
        return
    monday = date(year, 1, 1) - timedelta(days=date(year, 1, 1).weekday())
    while monday.year <= year:
        more, which = _chances(profile.seed, _WEEKEND, monday, 2)
        count = int(weekend.per_week) + (more < weekend.per_week % 1)
        days = profile.weekend_days
        turn = int(which * len(days))
        for place, weekday in enumerate((*days[turn:], *days[:turn])):
            day = monday + timedelta(days=weekday)
            in_day = len(range(place, count, len(days)))
            if day.year == year:
                yield from _ways_of_day(profile, day, in_day, zone)
        monday += timedelta(weeks=1)


def _ways_of_day(
    profile: DrivingProfile, day: date, count: int, zone: tzinfo
) -> Iterator[_Way]:
    """Trips of one weekend day, each in its part of the day."""
    weekend = profile.weekend
    if weekend is None or not count:
        return
    begin = datetime.combine(day, time(WEEKEND_FROM_HOUR))
    part_hours = (WEEKEND_TO_HOUR - WEEKEND_FROM_HOUR) / count
    chances = _chances(profile.seed, _WEEKEND, day, 2 * count)
    for number in range(count):
        spare_hours = number * part_hours
        spare_hours += chances[2 * number] * (part_hours - weekend.hours)
        leave = begin + timedelta(minutes=int(60 * spare_hours))
        back = leave + timedelta(hours=weekend.hours)
        share = 0.5 + chances[2 * number + 1]
        yield _way(leave, back, zone, share=share)


def _scaled(ways: list[_Way], profile: DrivingProfile, year: int) -> list[_Way]:
    """Give weekend trips their kilometres, and put all in order."""
    shares = fsum(way.share for way in ways)
    count = sum(way.share > 0 for way in ways)
    fixed_km = fsum(way.km for way in ways)
    weekend_km = 0.0
    if profile.km_per_year is not None:
        weekend_km = profile.km_per_year - fixed_km
        if weekend_km < 0 or not count:
            raise DataError(
                f"driving profile: {profile.km_per_year:.0f} km in {year}, but commute "
                f"and holidays take {fixed_km:.0f} km and {count} weekend trips are "
                "left to follow; give more km_per_year, or leave it out"
            )
    elif profile.weekend is not None and profile.weekend.km is not None:
        weekend_km = profile.weekend.km * count
    each = weekend_km / shares if count else 0.0
    scaled = [_Way(way.depart, way.arrive, way.km + each * way.share) for way in ways]
    return sorted(scaled, key=lambda way: way.depart)


def _disjoint(wished: list[_Way]) -> list[_Way]:
    """Without those that overlap one before them."""
    kept: list[_Way] = []
    for way in wished:
        if all(way.arrive <= k.depart or k.arrive <= way.depart for k in kept):
            kept.append(way)
    return kept


def _way(
    leave: datetime, back: datetime, zone: tzinfo, *, km: float = 0.0, share: float = 0
) -> _Way:
    depart = instant_of(leave.date(), leave.time(), zone)
    arrive = instant_of(back.date(), back.time(), zone)
    if arrive <= depart:  # a change of the clock lies between
        arrive = depart + (back - leave)
    return _Way(depart, arrive, km, share)


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _middling(one: float, other: float) -> float:
    """Between -1 and 1, mostly near 0."""
    return one + other - 1


def _chances(seed: int, stream: int, day: date, count: int) -> list[float]:
    """Even numbers from 0 up to, not including, 1."""
    source = np.random.PCG64(np.random.SeedSequence((seed, stream, day.toordinal())))
    return [int(raw >> 11) * 2.0**-53 for raw in source.random_raw(count)]
