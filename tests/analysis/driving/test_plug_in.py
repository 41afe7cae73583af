"""When the car is plugged in: by the clock, by the day, by what it comes home with."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from home_energy.analysis.driving.consumption import Consumption
from home_energy.analysis.driving.driving_profile import (
    Commute,
    DrivingProfile,
    WeekendTrips,
)
from home_energy.analysis.driving.local_clock import WEEKDAYS
from home_energy.analysis.driving.plug_in import PlugInHabit, plugged_in
from home_energy.analysis.driving.profile_trips import profile_trips
from home_energy.analysis.driving.trips_on_axis import TripsOnAxis, trips_on_axis
from home_energy.domain.car_at_home import CarAtHome
from home_energy.domain.charger import Charger
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.trip import Trip
from home_energy.domain.vehicle import Vehicle
from home_energy.errors import DataError

SYDNEY = ZoneInfo("Australia/Sydney")
HOUR = timedelta(hours=1)
HALF_HOUR = timedelta(minutes=30)
# 60 kWh between a floor of 10 % (6 kWh) and a limit of 90 %: 48 kWh to work with.
CAR = CarAtHome(
    Vehicle("a car", 60.0, 10.0, 11.0, 160.0),
    Charger("a charger", 1, 10.0, 0.9),
    floor_fraction=0.1,
    limit_fraction=0.9,
)


def without_trips(start: datetime, count: int) -> TripsOnAxis:
    return trips_on_axis([], TimeGrid(start, HALF_HOUR, count), None)


def local_hours(trips: TripsOnAxis, flags: np.ndarray) -> list[str]:
    grid = trips.grid
    moments = [grid.start + int(n) * grid.step for n in np.flatnonzero(flags)]
    return [f"{moment.astimezone(SYDNEY):%H:%M}" for moment in moments]


def test_always_is_whenever_it_is_at_home() -> None:
    grid = TimeGrid(datetime(2025, 7, 1, tzinfo=UTC), HALF_HOUR, 4)
    away = Trip(grid.start + HALF_HOUR, grid.start + HOUR, 5, 1)

    plugged = plugged_in(
        PlugInHabit(), trips_on_axis([away], grid, None), SYDNEY, CAR, 0
    )

    assert plugged.is_plugged.tolist() == [True, False, True, True]
    assert plugged.would_plug.tolist() == [True] * 4


def test_a_night_over_midnight() -> None:
    trips = without_trips(datetime(2025, 7, 1, 14, tzinfo=UTC), 48)  # from midnight
    habit = PlugInHabit(between=(time(22), time(1, 30)))

    plugged = plugged_in(habit, trips, SYDNEY, CAR, 0)

    hours = ["00:00", "00:30", "01:00", "22:00", "22:30", "23:00", "23:30"]
    assert local_hours(trips, plugged.is_plugged) == hours
    assert np.array_equal(plugged.would_plug, plugged.is_plugged)


def test_an_interval_counts_only_if_it_is_plugged_in_throughout() -> None:
    trips = without_trips(datetime(2025, 7, 1, 14, tzinfo=UTC), 48)
    habit = PlugInHabit(between=(time(9, 10), time(10, 40)))

    plugged = plugged_in(habit, trips, SYDNEY, CAR, 0)

    assert local_hours(trips, plugged.is_plugged) == ["09:30", "10:00"]


def test_a_night_is_longer_when_daylight_saving_ends_and_shorter_when_it_begins() -> (
    None
):
    habit = PlugInHabit(between=(time(1), time(4)))
    longer = without_trips(datetime(2025, 4, 5, 13, tzinfo=UTC), 50)
    shorter = without_trips(datetime(2025, 10, 4, 14, tzinfo=UTC), 46)

    april = plugged_in(habit, longer, SYDNEY, CAR, 0).is_plugged
    october = plugged_in(habit, shorter, SYDNEY, CAR, 0).is_plugged

    assert april.sum() == 8  # 01:00 to 04:00 with the hour from 02:00 twice
    assert october.sum() == 4  # 01:00 to 02:00, 03:00 to 04:00


def test_weekdays_only() -> None:
    # Friday 4 July 2025 to Monday 7 July, at UTC+10.
    trips = without_trips(datetime(2025, 7, 3, 14, tzinfo=UTC), 4 * 48)

    plugged = plugged_in(PlugInHabit(weekdays=WEEKDAYS), trips, SYDNEY, CAR, 0)

    days = plugged.is_plugged.reshape(4, 48)
    assert days.all(axis=1).tolist() == [True, False, False, True]
    assert days.any(axis=1).tolist() == [True, False, False, True]


def test_below_a_level_is_decided_when_it_comes_home() -> None:
    # Hours; above the floor. 34 kWh at first. Below 50 % of 60 kWh is below 30 kWh in
    # the cells, 24 kWh above the floor.
    start = datetime(2025, 7, 1, tzinfo=UTC)
    grid = TimeGrid(start, HOUR, 12)
    trips = [
        Trip(start + 2 * HOUR, start + 3 * HOUR, 60, 10.0),  # 24 left, not below 24
        Trip(start + 5 * HOUR, start + 6 * HOUR, 60, 1.0),  # 23 left: plugged in,
        # two hours of 10 kW x 0.9 = 18 kWh: 41
        Trip(start + 8 * HOUR, start + 9 * HOUR, 60, 18.0),  # 23 left: plugged in
    ]

    plugged = plugged_in(
        PlugInHabit(below_fraction=0.5),
        trips_on_axis(trips, grid, None),
        SYDNEY,
        CAR,
        34.0,
    )

    assert np.flatnonzero(plugged.is_plugged).tolist() == [6, 7, 9, 10, 11]
    assert plugged.would_plug.all()


def test_a_car_charged_elsewhere_comes_home_at_its_floor_and_fills_up() -> None:
    # 8 kWh at first, 20 % of 60 with the floor: plugged in below 30 %. It goes with 8
    # and needs 100, so it comes home with 0 and is full, 48, after 6 of 9 hours. After
    # a trip of 37 it has 11, less than 30 % with the floor, and is plugged in again.
    start = datetime(2025, 7, 1, tzinfo=UTC)
    grid = TimeGrid(start, HOUR, 14)
    trips = [
        Trip(start, start + HOUR, 600, 100.0),
        Trip(start + 10 * HOUR, start + 11 * HOUR, 200, 37.0),
    ]

    plugged = plugged_in(
        PlugInHabit(below_fraction=0.3),
        trips_on_axis(trips, grid, None),
        SYDNEY,
        CAR,
        8.0,
    )

    assert np.flatnonzero(plugged.is_plugged).tolist() == [*range(1, 10), 11, 12, 13]


def test_what_was_charged_elsewhere_is_not_owed_at_home() -> None:
    # Home with 0 after a trip of 100, 9 after an hour, 7 after a trip of 2: 6 is low.
    start = datetime(2025, 7, 1, tzinfo=UTC)
    grid = TimeGrid(start, HOUR, 5)
    trips = [
        Trip(start, start + HOUR, 600, 100.0),
        Trip(start + 2 * HOUR, start + 3 * HOUR, 10, 2.0),
    ]
    habit = PlugInHabit(below_fraction=0.2)

    plugged = plugged_in(habit, trips_on_axis(trips, grid, None), SYDNEY, CAR, 0.0)

    assert np.flatnonzero(plugged.is_plugged).tolist() == [1]


def test_a_low_car_charges_only_in_the_hours_of_the_habit() -> None:
    # Nights from 22:00 UTC+10 on, 12:00 UTC. The car is home with 0 at 11:00 UTC, has
    # 9 kWh after one hour plugged in and goes at 13:00 with all of them: home again
    # with 0 and plugged in. With the hour before 22:00 it would have kept 9 kWh, 25 %.
    start = datetime(2025, 7, 1, 10, tzinfo=UTC)
    grid = TimeGrid(start, HOUR, 6)
    trips = [
        Trip(start, start + HOUR, 60, 20.0),
        Trip(start + 3 * HOUR, start + 4 * HOUR, 60, 9.0),
    ]
    habit = PlugInHabit(between=(time(22), time(6)), below_fraction=0.2)

    plugged = plugged_in(habit, trips_on_axis(trips, grid, None), SYDNEY, CAR, 0.0)

    assert np.flatnonzero(plugged.is_plugged).tolist() == [2, 4, 5]


def test_never_away_and_plugged_in_at_once() -> None:
    profile = DrivingProfile(
        seed=3,
        commute=Commute(60.0),
        weekend=WeekendTrips(3.0, 2.0),
        km_per_year=20_000,
    )
    grid = TimeGrid.calendar_year(2025, SYDNEY, HALF_HOUR)
    made = profile_trips(profile, grid, SYDNEY, Consumption(160.0))
    trips = trips_on_axis(made.trips, grid, None)
    habits = [
        PlugInHabit(),
        PlugInHabit(between=(time(21), time(7))),
        PlugInHabit(below_fraction=0.5),
        PlugInHabit(weekdays=WEEKDAYS, below_fraction=0.8),
    ]

    for habit in habits:
        plugged = plugged_in(habit, trips, SYDNEY, CAR, 20.0)

        assert plugged.is_plugged.any()
        assert not np.any(plugged.is_plugged & trips.is_away)
        assert np.all(plugged.would_plug[plugged.is_plugged])


@pytest.mark.parametrize(
    ("habit", "said"),
    [
        ({"between": (time(7), time(7))}, "between"),
        ({"weekdays": frozenset({7})}, "weekdays"),
        ({"below_fraction": 0.0}, "below_fraction"),
        ({"below_fraction": 80.0}, "below_fraction"),
    ],
)
def test_a_habit_that_cannot_be_is_refused(habit: dict[str, object], said: str) -> None:
    with pytest.raises(DataError, match=said):
        PlugInHabit(**habit)  # type: ignore[arg-type]


def test_a_level_below_the_floor_is_refused() -> None:
    trips = without_trips(datetime(2025, 7, 1, tzinfo=UTC), 2)

    with pytest.raises(DataError, match="floor is 10%"):
        plugged_in(PlugInHabit(below_fraction=0.1), trips, SYDNEY, CAR, 0)
