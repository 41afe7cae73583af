"""The calendar of an axis against the clock asked one instant at a time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tests.analysis.tariffs.written_plans import (
    FIVE_MINUTES,
    HALF_HOUR,
    SYDNEY,
    local_days,
    meter_days,
    utc,
)

from home_energy.analysis.tariffs.calendar_axis import calendar_axis
from home_energy.domain.time_grid import NEM_TIME, TimeGrid
from home_energy.errors import AlignmentError, DataError


@pytest.mark.parametrize(
    ("clock", "step"),
    [
        ("Australia/Sydney", HALF_HOUR),
        ("Australia/Adelaide", HALF_HOUR),
        ("Australia/Lord_Howe", timedelta(minutes=15)),  # it moves by half an hour
        ("Australia/Brisbane", HALF_HOUR),
        ("NEM", HALF_HOUR),
    ],
)
def test_every_interval_has_the_place_that_the_clock_shows(
    clock: str, step: timedelta
) -> None:
    zone = NEM_TIME if clock == "NEM" else ZoneInfo(clock)
    grid = TimeGrid.between(utc("2024-12-30 03:30"), utc("2026-01-03 05:00"), step)

    axis = calendar_axis(grid, clock, None)

    for number, instant in enumerate(grid):
        local = instant.astimezone(zone)
        kind = 1 if local.isoweekday() > 5 else 0
        half_hour = local.hour * 2 + (local.minute >= 30)
        expected = (kind * 12 + local.month - 1) * 48 + half_hour
        assert axis.slot[number] == expected, local
        assert axis.day[number] == local.toordinal()
        assert axis.month_count[number] == local.year * 12 + local.month - 1
        meter = instant + timedelta(hours=10)  # what a clock of UTC+10 shows
        assert axis.meter_day[number] == meter.toordinal()
        assert axis.meter_month_count[number] == meter.year * 12 + meter.month - 1


@pytest.mark.parametrize(
    ("day", "half_hours"),
    [(date(2025, 4, 6), 50), (date(2025, 10, 5), 46), (date(2025, 4, 7), 48)],
)
def test_local_day_has_as_many_half_hours_as_it_has(day: date, half_hours: int) -> None:
    grid = local_days(date(2025, 4, 1), date(2025, 10, 31))

    axis = calendar_axis(grid, "Australia/Sydney", None)

    assert np.count_nonzero(axis.day == day.toordinal()) == half_hours


def test_public_holiday_is_its_own_kind_of_day() -> None:
    # 2025: Labour Day in NSW was Monday 6 October; Victoria had none that day.
    grid = local_days(date(2025, 10, 5), date(2025, 10, 8))

    kinds_nsw, kinds_vic = (
        calendar_axis(grid, "Australia/Sydney", state).slot // (12 * 48)
        for state in ("NSW", "VIC")
    )

    # 46 half-hours of Sunday, then Monday and Tuesday
    assert kinds_nsw.tolist() == [1] * 46 + [2] * 48 + [0] * 48
    assert kinds_vic.tolist() == [1] * 46 + [0] * 48 + [0] * 48


def test_day_of_the_meter_begins_at_one_in_a_sydney_summer() -> None:
    midnight = datetime(2025, 2, 1, 0, tzinfo=SYDNEY).astimezone(UTC)
    grid = TimeGrid(midnight, HALF_HOUR, 4)

    axis = calendar_axis(grid, "Australia/Sydney", None)

    assert [date.fromordinal(int(n)).day for n in axis.meter_day] == [31, 31, 1, 1]
    assert [int(n) % 12 + 1 for n in axis.meter_month_count] == [1, 1, 2, 2]
    assert [date.fromordinal(int(n)).day for n in axis.day] == [1, 1, 1, 1]
    assert [int(n) % 12 + 1 for n in axis.month_count] == [2, 2, 2, 2]


def test_every_day_of_the_meter_has_24_hours() -> None:
    grid = meter_days(date(2025, 4, 1), date(2025, 11, 1))

    axis = calendar_axis(grid, "Australia/Sydney", None)

    assert set(np.bincount(axis.meter_day - axis.meter_day[0]).tolist()) == {48}


@pytest.mark.parametrize("minutes", [7, 20, 60])
def test_step_that_does_not_divide_a_half_hour_is_refused(minutes: int) -> None:
    grid = TimeGrid(utc("2025-01-01 00:00"), timedelta(minutes=minutes), 10)

    with pytest.raises(AlignmentError, match="do not divide"):
        calendar_axis(grid, "NEM", None)


def test_axis_across_the_half_hours_is_refused() -> None:
    grid = TimeGrid(utc("2025-01-01 00:02"), FIVE_MINUTES, 10)

    with pytest.raises(AlignmentError, match="cross the half-hours"):
        calendar_axis(grid, "NEM", None)


def test_empty_axis_is_refused() -> None:
    with pytest.raises(DataError, match="empty"):
        calendar_axis(TimeGrid(utc("2025-01-01 00:00"), HALF_HOUR, 0), "NEM", None)
