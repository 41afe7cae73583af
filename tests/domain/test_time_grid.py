"""Axes of time: daylight saving, the market's day, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from home_energy.domain.time_grid import (
    NEM_TIME,
    TimeGrid,
    floor_to_step,
    nem_date,
    nem_day_start,
    require_utc,
)
from home_energy.errors import DataError

SYDNEY = ZoneInfo("Australia/Sydney")
HALF_HOUR = timedelta(minutes=30)
FIVE_MINUTES = timedelta(minutes=5)
NAIVE = datetime(2025, 1, 1)  # noqa: DTZ001 - what must be refused


@pytest.mark.parametrize(
    ("day", "half_hours"),
    [
        (date(2025, 4, 6), 50),  # daylight saving ends: 25 h
        (date(2025, 10, 5), 46),  # daylight saving begins: 23 h
        (date(2025, 7, 1), 48),
    ],
)
def test_sydney_day_has_the_half_hours_it_has(day: date, half_hours: int) -> None:
    year = TimeGrid.calendar_year(2025, SYDNEY, HALF_HOUR)

    days = dict(year.local_days(SYDNEY))

    assert days[day].count == half_hours
    assert days[day].start.astimezone(SYDNEY).timetuple()[:5] == (
        *day.timetuple()[:3],
        0,
        0,
    )


def test_sydney_2025_has_105120_five_minutes_in_365_days() -> None:
    year = TimeGrid.calendar_year(2025, SYDNEY, FIVE_MINUTES)

    days = year.local_days(SYDNEY)

    assert year.count == 105_120  # 365 x 288, for the two odd days cancel
    assert len(days) == 365
    assert sum(grid.count for _, grid in days) == 105_120


def test_leap_year_has_its_29_february() -> None:
    year = TimeGrid.calendar_year(2024, SYDNEY, FIVE_MINUTES)

    days = dict(year.local_days(SYDNEY))

    assert year.count == 366 * 288
    assert days[date(2024, 2, 29)].count == 288


def test_local_days_of_a_part_begin_and_end_with_it() -> None:
    # 22:00 to 02:00 in Sydney winter (UTC+10).
    grid = TimeGrid(datetime(2025, 7, 1, 12, tzinfo=UTC), HALF_HOUR, 8)

    days = grid.local_days(SYDNEY)

    assert [(day, part.count) for day, part in days] == [
        (date(2025, 7, 1), 4),
        (date(2025, 7, 2), 4),
    ]


def test_empty_grid_has_no_days_and_ends_where_it_starts() -> None:
    grid = TimeGrid(datetime(2025, 7, 1, tzinfo=UTC), HALF_HOUR, 0)

    assert grid.local_days(SYDNEY) == []
    assert grid.end == grid.start
    assert list(grid) == []


def test_index_is_half_open() -> None:
    start = datetime(2025, 7, 1, tzinfo=UTC)
    grid = TimeGrid(start, FIVE_MINUTES, 2)

    assert grid.index(start) == 0
    assert grid.index(start + timedelta(minutes=4, seconds=59)) == 0
    assert grid.index(start + FIVE_MINUTES) == 1
    assert list(grid) == [start, start + FIVE_MINUTES]
    for outside in (start - timedelta(seconds=1), start + 2 * FIVE_MINUTES):
        with pytest.raises(DataError, match="is outside"):
            grid.index(outside)


def test_index_takes_any_zone() -> None:
    grid = TimeGrid(datetime(2025, 7, 1, tzinfo=UTC), HALF_HOUR, 4)

    assert grid.index(datetime(2025, 7, 1, 11, 0, tzinfo=NEM_TIME)) == 2


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2025, 1, 1, 13, 59, 59, tzinfo=UTC), date(2025, 1, 1)),
        (datetime(2025, 1, 1, 14, 0, 0, tzinfo=UTC), date(2025, 1, 2)),
        # Half past midnight in Sydney's summer is still the day before in the market.
        (datetime(2025, 1, 2, 0, 30, tzinfo=SYDNEY), date(2025, 1, 1)),
    ],
)
def test_market_day_turns_at_14_utc(moment: datetime, expected: date) -> None:
    assert nem_date(moment) == expected


def test_market_day_starts_at_its_own_midnight() -> None:
    start = nem_day_start(date(2025, 10, 5))

    assert start == datetime(2025, 10, 4, 14, tzinfo=UTC)
    assert start.utcoffset() == timedelta(0)
    assert nem_date(start) == date(2025, 10, 5)


def test_floor_keeps_a_boundary_and_lowers_the_rest() -> None:
    boundary = datetime(2025, 7, 1, 0, 5, tzinfo=UTC)

    assert floor_to_step(boundary, FIVE_MINUTES) == boundary
    assert floor_to_step(boundary + timedelta(seconds=299.9), FIVE_MINUTES) == boundary
    assert floor_to_step(boundary, HALF_HOUR) == datetime(2025, 7, 1, tzinfo=UTC)


def test_naive_times_are_refused_everywhere() -> None:
    aware = datetime(2025, 1, 1, tzinfo=UTC)
    grid = TimeGrid(aware, HALF_HOUR, 1)

    with pytest.raises(DataError, match="aware UTC"):
        TimeGrid(NAIVE, HALF_HOUR, 1)
    with pytest.raises(DataError, match=r"TimeGrid\.end"):
        TimeGrid.between(aware, NAIVE, HALF_HOUR)
    with pytest.raises(DataError, match="time zone"):
        grid.index(NAIVE)
    with pytest.raises(DataError, match="time zone"):
        nem_date(NAIVE)
    with pytest.raises(DataError, match="time zone"):
        floor_to_step(NAIVE, HALF_HOUR)
    with pytest.raises(DataError, match="moment must be an aware UTC time"):
        require_utc(NAIVE, "moment")


def test_local_time_is_refused_as_a_grid_start() -> None:
    with pytest.raises(DataError, match="aware UTC"):
        TimeGrid(datetime(2025, 1, 1, tzinfo=SYDNEY), HALF_HOUR, 1)


@pytest.mark.parametrize("step", [timedelta(0), timedelta(minutes=-5)])
def test_step_must_be_more_than_zero(step: timedelta) -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC)

    with pytest.raises(DataError, match="step must be more than zero"):
        TimeGrid(start, step, 1)
    with pytest.raises(DataError, match="step must be more than zero"):
        TimeGrid.between(start, start + HALF_HOUR, step)


def test_between_refuses_parts_of_a_step_and_ends_before_the_start() -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC)

    with pytest.raises(DataError, match="not a whole number"):
        TimeGrid.between(start, start + timedelta(minutes=7), FIVE_MINUTES)
    with pytest.raises(DataError, match="count must not be negative"):
        TimeGrid.between(start, start - HALF_HOUR, FIVE_MINUTES)
