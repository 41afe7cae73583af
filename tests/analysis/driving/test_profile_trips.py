"""Made-up trips: what was asked for, the same every time, on the household's clock."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from home_energy.analysis.driving.consumption import Consumption
from home_energy.analysis.driving.driving_profile import (
    Commute,
    DrivingProfile,
    LongTrips,
    WeekendTrips,
)
from home_energy.analysis.driving.outside_temperature import OutsideTemperature
from home_energy.analysis.driving.profile_trips import profile_trips
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.trip import Trip
from home_energy.errors import DataError

SYDNEY = ZoneInfo("Australia/Sydney")
HALF_HOUR = timedelta(minutes=30)
YEAR = TimeGrid.calendar_year(2025, SYDNEY, HALF_HOUR)
MILD = Consumption(160.0)
WHOLE = DrivingProfile(
    seed=11,
    commute=Commute(40.0),
    weekend=WeekendTrips(per_week=2.0, hours=3.0),
    long=LongTrips(per_year=2, km=1500.0, days=8),
    km_per_year=16_000.0,
)

# By numpy's own `Generator(PCG64(SeedSequence((11, 0 or 1, day)))).random(2)`, twice
# each day, times 30 minutes about 08:00 and 17:30 at UTC+11: 2 and -17, -22 and 10, 2
# and -12 minutes.
FIRST_OF_SEED_11 = [
    (
        datetime(2024, 12, 31, 21, 2, tzinfo=UTC),
        datetime(2025, 1, 1, 6, 13, tzinfo=UTC),
    ),
    (
        datetime(2025, 1, 1, 20, 38, tzinfo=UTC),
        datetime(2025, 1, 2, 6, 40, tzinfo=UTC),
    ),
    (
        datetime(2025, 1, 2, 21, 2, tzinfo=UTC),
        datetime(2025, 1, 3, 6, 18, tzinfo=UTC),
    ),
]


def trips_of(profile: DrivingProfile, grid: TimeGrid = YEAR) -> tuple[Trip, ...]:
    return profile_trips(profile, grid, SYDNEY, MILD).trips


def test_the_kilometres_of_the_year_are_those_asked_for() -> None:
    trips = trips_of(WHOLE)

    assert sum(trip.km for trip in trips) == pytest.approx(16_000, abs=1e-6)
    assert sum(trip.energy_kwh for trip in trips) == pytest.approx(2_560, abs=1e-6)


def test_trips_are_in_order_and_one_at_a_time() -> None:
    trips = trips_of(WHOLE)

    assert all(before.arrive <= after.depart for before, after in pairwise(trips))


def test_the_same_seed_gives_the_same_trips_on_every_machine() -> None:
    first = trips_of(DrivingProfile(seed=11, commute=Commute(40.0)))[:3]

    assert [(trip.depart, trip.arrive) for trip in first] == FIRST_OF_SEED_11
    assert trips_of(WHOLE) == trips_of(WHOLE)


def test_another_seed_gives_other_trips() -> None:
    other = DrivingProfile(seed=12, commute=Commute(40.0))

    assert trips_of(other) != trips_of(DrivingProfile(seed=11, commute=Commute(40.0)))


def test_a_part_of_a_year_has_the_trips_of_the_year() -> None:
    march = TimeGrid(datetime(2025, 3, 1, tzinfo=UTC), HALF_HOUR, 31 * 48)

    part = trips_of(WHOLE, march)

    expected = [
        trip
        for trip in trips_of(WHOLE)
        if trip.arrive > march.start and trip.depart < march.end
    ]
    assert list(part) == expected


def test_a_commute_keeps_its_clock_over_both_changes() -> None:
    # Friday before and Monday after: UTC+11 until 6 April, UTC+10 until 5 October.
    profile = DrivingProfile(seed=1, commute=Commute(40.0, spread_minutes=0))

    departs = {trip.depart for trip in trips_of(profile)}

    assert datetime(2025, 4, 3, 21, tzinfo=UTC) in departs  # Friday 4 April, 08:00
    assert datetime(2025, 4, 6, 22, tzinfo=UTC) in departs  # Monday 7 April, 08:00
    assert datetime(2025, 10, 2, 22, tzinfo=UTC) in departs  # Friday 3 October
    assert datetime(2025, 10, 5, 21, tzinfo=UTC) in departs  # Monday 6 October


def test_a_commute_goes_on_its_days_and_within_its_spread() -> None:
    holiday = date(2025, 12, 25)  # a Thursday
    commute = Commute(40.0, weekdays=frozenset({0, 3}), spread_minutes=30)
    profile = DrivingProfile(seed=5, commute=commute, days_off=frozenset({holiday}))

    local = [t.depart.astimezone(SYDNEY) for t in trips_of(profile)]

    # 2025 began on a Wednesday: 52 Mondays and 52 Thursdays, one of them Christmas.
    assert len(local) == 103
    assert {moment.weekday() for moment in local} == {0, 3}
    assert holiday not in {moment.date() for moment in local}
    minutes = np.array([60 * t.hour + t.minute - 480 for t in local])
    assert np.abs(minutes).max() <= 30
    assert np.abs(minutes).mean() == pytest.approx(10, abs=2)  # a triangle's: 30 / 3


def test_a_night_shift_is_back_the_next_day_and_its_length_follows_the_clock() -> None:
    nights = Commute(40.0, time(22), time(6), frozenset(range(7)), spread_minutes=0)
    trips = trips_of(DrivingProfile(seed=1, commute=nights))

    hours = {
        t.depart.astimezone(SYDNEY).date(): (t.arrive - t.depart) / timedelta(hours=1)
        for t in trips
    }

    assert hours[date(2025, 4, 5)] == 9
    assert hours[date(2025, 10, 4)] == 7
    assert sorted(hours.values())[1:-1] == [8.0] * 362  # none over New Year


def test_a_trip_within_the_hour_that_is_skipped_is_still_a_trip() -> None:
    early = Commute(5.0, time(2, 30), time(3, 10), frozenset({6}), spread_minutes=0)

    trips = trips_of(DrivingProfile(seed=1, commute=early))

    # 02:30 is not shown, so 03:30 at UTC+11, and 40 minutes long as ever.
    skipped = next(t for t in trips if t.depart.date() == date(2025, 10, 4))
    assert skipped.depart == datetime(2025, 10, 4, 16, 30, tzinfo=UTC)
    assert skipped.arrive - skipped.depart == timedelta(minutes=40)


@pytest.mark.parametrize(
    ("per_week", "fewest", "most"), [(1.0, 52, 53), (2.0, 104, 104), (3.0, 155, 157)]
)
def test_weekend_trips_are_as_many_as_asked_and_by_day(
    per_week: float, fewest: int, most: int
) -> None:
    profile = DrivingProfile(seed=2, weekend=WeekendTrips(per_week, 3.0, km=30.0))

    trips = trips_of(profile)

    assert fewest <= len(trips) <= most  # 2025 has 52 Saturdays and 52 Sundays
    assert sum(trip.km for trip in trips) == pytest.approx(30 * len(trips))
    for trip in trips:
        leave, back = trip.depart.astimezone(SYDNEY), trip.arrive.astimezone(SYDNEY)
        assert leave.weekday() in {5, 6}
        assert leave.hour >= 8
        assert back <= leave.replace(hour=20, minute=0)


def test_a_part_of_a_trip_a_week_is_left_to_chance() -> None:
    profile = DrivingProfile(seed=2, weekend=WeekendTrips(0.5, 3.0, km=30.0))

    # 26 of 52 weeks in the mean, standard deviation sqrt(52 / 4) = 3.6.
    assert abs(len(trips_of(profile)) - 26) < 11


def test_who_works_on_saturdays_goes_out_on_sundays() -> None:
    profile = DrivingProfile(
        seed=2,
        commute=Commute(10.0, weekdays=frozenset({5})),
        weekend=WeekendTrips(2.0, 3.0, km=30.0),
    )

    days = [t.depart.astimezone(SYDNEY).weekday() for t in trips_of(profile)]

    assert days.count(5) == 52
    assert days.count(6) == 104


def test_nobody_commutes_from_a_holiday_and_that_is_counted() -> None:
    profile = DrivingProfile(
        seed=4, commute=Commute(40.0), long=LongTrips(per_year=1, km=900.0, days=7)
    )

    made = profile_trips(profile, YEAR, SYDNEY, MILD)

    # 261 weekdays in 2025, of which five lie in any seven days.
    (long,) = (trip for trip in made.trips if trip.km == 900.0)
    assert long.arrive - long.depart == timedelta(days=6, hours=8)
    assert len(made.trips) == 261 - 5 + 1
    assert made.left_out_count == 5


def test_holidays_that_fill_the_year_lie_side_by_side() -> None:
    profile = DrivingProfile(seed=4, long=LongTrips(per_year=12, km=90.0, days=30))

    made = profile_trips(profile, YEAR, SYDNEY, MILD)

    assert len(made.trips) == 12
    assert made.left_out_count == 0


def test_a_trip_that_only_meets_the_axis_is_not_on_it() -> None:
    # From being back on Monday 7 July at 17:30 to leaving on Tuesday at 08:00, UTC+10.
    profile = DrivingProfile(seed=1, commute=Commute(40.0, spread_minutes=0))
    grid = TimeGrid(datetime(2025, 7, 7, 7, 30, tzinfo=UTC), HALF_HOUR, 29)

    assert trips_of(profile, grid) == ()


def test_more_holidays_do_not_move_the_other_trips() -> None:
    without = DrivingProfile(seed=4, commute=Commute(40.0))
    with_holiday = DrivingProfile(
        seed=4, commute=Commute(40.0), long=LongTrips(1, 900.0, 7)
    )

    kept = {trip for trip in trips_of(with_holiday) if trip.km == 40.0}

    assert kept < set(trips_of(without))


def test_energy_is_by_the_temperature_of_leaving_and_returning() -> None:
    # 08:00 at 5 degrees, 10 below 15; 17:30 at 30, 10 above 20; 20 km each:
    # 20 x (100 + 10) + 20 x (100 + 20) = 4600 Wh.
    profile = DrivingProfile(seed=1, commute=Commute(40.0, spread_minutes=0))
    grid = TimeGrid(datetime(2025, 7, 1, 14, tzinfo=UTC), HALF_HOUR, 48)
    celsius = np.full(48, 17.0)
    celsius[16], celsius[35] = 5.0, 30.0
    outside = OutsideTemperature(grid, celsius)

    made = profile_trips(profile, grid, SYDNEY, Consumption(100.0, 1.0, 2.0), outside)

    (trip,) = made.trips
    assert trip.energy_kwh == pytest.approx(4.6, abs=1e-12)
    assert made.mild_km == 0


def test_an_unknown_temperature_is_mild_and_counted() -> None:
    profile = DrivingProfile(seed=1, commute=Commute(40.0, spread_minutes=0))
    grid = TimeGrid(datetime(2025, 7, 1, 14, tzinfo=UTC), HALF_HOUR, 48)
    celsius = np.full(48, 5.0)
    celsius[35] = np.nan

    made = profile_trips(
        profile,
        grid,
        SYDNEY,
        Consumption(100.0, 1.0, 2.0),
        OutsideTemperature(grid, celsius),
    )

    assert made.trips[0].energy_kwh == pytest.approx(20 * 0.110 + 20 * 0.100)
    assert made.mild_km == 20


def test_too_few_kilometres_for_the_commute_are_refused() -> None:
    profile = DrivingProfile(
        seed=1, commute=Commute(40.0), weekend=WeekendTrips(), km_per_year=9_000
    )

    # 261 days of 40 km are 10440.
    with pytest.raises(DataError, match=r"9000 km in 2025, but .* take 10440 km"):
        trips_of(profile)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({}, "nothing is driven"),
        ({"commute": Commute(-1.0)}, "commute.km"),
        ({"commute": Commute(9.0, weekdays=frozenset())}, "commute.weekdays"),
        ({"commute": Commute(9.0, spread_minutes=300)}, "below 285"),
        ({"commute": Commute(9.0, time(8), time(8))}, "spread_minutes"),
        ({"weekend": WeekendTrips()}, "weekend.km or km_per_year"),
        ({"weekend": WeekendTrips(km=9.0), "km_per_year": 9.0}, "both given"),
        ({"weekend": WeekendTrips(5.0, 4.5, 9.0)}, "5 weekend trips of 4.5 hours"),
        ({"weekend": WeekendTrips(0.0, 4.0, 9.0)}, "weekend.per_week"),
        ({"weekend": WeekendTrips(1.0, 13.0, 9.0)}, "weekend.hours"),
        ({"commute": Commute(9.0), "km_per_year": 9.0}, "needs weekend trips"),
        ({"long": LongTrips(0, 9.0, 3)}, "long.per_year"),
        ({"long": LongTrips(4, 9.0, 92)}, "at most 91, got 92"),
        ({"long": LongTrips(4, 9.0, 3), "seed": -1}, "seed"),
    ],
)
def test_a_profile_that_cannot_be_is_refused(
    parts: dict[str, object], said: str
) -> None:
    with pytest.raises(DataError, match=said):
        DrivingProfile(**{"seed": 1, **parts})  # type: ignore[arg-type]
