"""A level that is wanted by the clock, on the nights on which it changes too."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from home_energy.analysis.driving.local_clock import WEEKDAYS
from home_energy.analysis.driving.ready_level import ready_levels
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import DataError

SYDNEY = ZoneInfo("Australia/Sydney")
HALF_HOUR = timedelta(minutes=30)


def wanted_at(grid: TimeGrid, clock: time) -> list[datetime]:
    levels = ready_levels(grid, SYDNEY, clock, 20.0)
    assert set(np.unique(levels)) <= {0.0, 20.0}
    return [grid.start + int(n) * grid.step for n in np.flatnonzero(levels)]


def test_a_level_is_wanted_each_day_at_one_time_of_the_clock() -> None:
    # Friday 4 to Monday 7 April 2025; on Sunday UTC+11 becomes UTC+10.
    grid = TimeGrid(datetime(2025, 4, 3, 13, tzinfo=UTC), HALF_HOUR, 4 * 48 + 2)

    assert wanted_at(grid, time(7)) == [
        datetime(2025, 4, 3, 20, tzinfo=UTC),
        datetime(2025, 4, 4, 20, tzinfo=UTC),
        datetime(2025, 4, 5, 21, tzinfo=UTC),
        datetime(2025, 4, 6, 21, tzinfo=UTC),
    ]


def test_a_time_shown_twice_is_wanted_once() -> None:
    grid = TimeGrid(datetime(2025, 4, 5, 13, tzinfo=UTC), HALF_HOUR, 50)

    assert wanted_at(grid, time(2, 30)) == [datetime(2025, 4, 5, 15, 30, tzinfo=UTC)]


def test_a_time_that_is_not_shown_is_wanted_an_hour_on() -> None:
    grid = TimeGrid(datetime(2025, 10, 4, 14, tzinfo=UTC), HALF_HOUR, 46)

    assert wanted_at(grid, time(2, 30)) == [datetime(2025, 10, 4, 16, 30, tzinfo=UTC)]


def test_a_time_within_an_interval_is_wanted_at_its_start() -> None:
    grid = TimeGrid(datetime(2025, 7, 1, 14, tzinfo=UTC), HALF_HOUR, 48)

    # 07:10 at UTC+10 is 21:10 UTC.
    assert wanted_at(grid, time(7, 10)) == [datetime(2025, 7, 1, 21, tzinfo=UTC)]


def test_the_morning_of_a_day_that_ends_after_the_axis() -> None:
    # From 06:00 to 08:00 on 2 July at UTC+10, all of it 1 July in UTC.
    grid = TimeGrid(datetime(2025, 7, 1, 20, tzinfo=UTC), HALF_HOUR, 4)

    assert wanted_at(grid, time(7)) == [datetime(2025, 7, 1, 21, tzinfo=UTC)]


def test_weekdays_only() -> None:
    # Friday 4 July to Monday 7 July 2025, UTC+10.
    grid = TimeGrid(datetime(2025, 7, 3, 14, tzinfo=UTC), HALF_HOUR, 4 * 48)

    levels = ready_levels(grid, SYDNEY, time(7), 20.0, WEEKDAYS)

    assert np.flatnonzero(levels).tolist() == [14, 3 * 48 + 14]


def test_a_negative_level_is_refused() -> None:
    grid = TimeGrid(datetime(2025, 7, 1, tzinfo=UTC), HALF_HOUR, 48)

    with pytest.raises(DataError, match="ready level"):
        ready_levels(grid, SYDNEY, time(7), -1.0)
