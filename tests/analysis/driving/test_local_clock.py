"""The household's clock along an axis, over the nights on which it changes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from home_energy.analysis.driving.local_clock import instant_of, local_clock
from home_energy.domain.time_grid import TimeGrid

SYDNEY = ZoneInfo("Australia/Sydney")
HALF_HOUR = timedelta(minutes=30)


def test_the_hour_after_two_is_shown_twice_when_daylight_saving_ends() -> None:
    # 6 April 2025: at 16:00 UTC the clock goes from 03:00 (UTC+11) back to 02:00.
    grid = TimeGrid(datetime(2025, 4, 5, 14, 30, tzinfo=UTC), HALF_HOUR, 6)

    clock = local_clock(grid, SYDNEY)

    hours = [1.5, 2.0, 2.5, 2.0, 2.5, 3.0]
    assert (clock.second / 3600).tolist() == hours
    assert clock.weekday.tolist() == [6] * 6  # a Sunday


def test_the_hour_after_two_is_not_shown_when_daylight_saving_begins() -> None:
    # 5 October 2025: at 16:00 UTC the clock goes from 02:00 (UTC+10) on to 03:00.
    grid = TimeGrid(datetime(2025, 10, 4, 15, 0, tzinfo=UTC), HALF_HOUR, 4)

    clock = local_clock(grid, SYDNEY)

    assert (clock.second / 3600).tolist() == [1.0, 1.5, 3.0, 3.5]


@pytest.mark.parametrize("zone", ["Australia/Sydney", "Australia/Adelaide"])
def test_a_year_agrees_with_every_single_time(zone: str) -> None:
    grid = TimeGrid.calendar_year(2025, ZoneInfo(zone), HALF_HOUR)

    clock = local_clock(grid, ZoneInfo(zone))

    local = [moment.astimezone(ZoneInfo(zone)) for moment in grid]
    assert clock.second.tolist() == [3600 * t.hour + 60 * t.minute for t in local]
    assert clock.weekday.tolist() == [t.weekday() for t in local]


def test_a_time_that_the_clock_jumps_over_lies_an_hour_on() -> None:
    day = datetime(2025, 10, 5, tzinfo=SYDNEY).date()

    moment = instant_of(day, time(2, 30), SYDNEY)

    assert moment == datetime(2025, 10, 4, 16, 30, tzinfo=UTC)  # 03:30, UTC+11


def test_a_time_that_is_shown_twice_is_the_first() -> None:
    day = datetime(2025, 4, 6, tzinfo=SYDNEY).date()

    moment = instant_of(day, time(2, 30), SYDNEY)

    assert moment == datetime(2025, 4, 5, 15, 30, tzinfo=UTC)  # still UTC+11
