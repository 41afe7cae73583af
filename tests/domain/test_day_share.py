"""Shares of local days, on clock-change days too."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from home_energy.domain.day_share import DayShare, day_shares
from home_energy.domain.price import Quality
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError

SYDNEY = ZoneInfo("Australia/Sydney")
YEAR = TimeGrid.calendar_year(2025, SYDNEY, timedelta(minutes=30))


def shares(quality: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> list[DayShare]:
    return list(day_shares(YEAR, quality, SYDNEY, Quality.SUBSTITUTE))


def test_a_year_has_365_days_of_which_two_are_not_24_hours() -> None:
    found = shares(np.full(YEAR.count, 4, dtype=np.uint8))

    assert (found[0].day, found[-1].day) == (date(2025, 1, 1), date(2025, 12, 31))
    assert len(found) == 365
    odd = {one.day: one.expected_minutes for one in found if one.known_minutes != 1440}
    assert odd == {date(2025, 4, 6): 25 * 60, date(2025, 10, 5): 23 * 60}


def test_known_and_not_final_are_counted_by_the_local_day() -> None:
    quality = np.zeros(YEAR.count, dtype=np.uint8)
    # Second local day: 4 half-hours surest, 2 substitutes, 6 estimates; the last
    # half-hour of the first day and the first of the third are known too.
    quality[47] = quality[96] = 4
    quality[48:52], quality[52:54], quality[54:60] = 4, 3, 2

    found = shares(quality)

    assert found[:4] == [
        DayShare(date(2025, 1, 1), 1440, 30, 0),
        DayShare(date(2025, 1, 2), 1440, 360, 180),
        DayShare(date(2025, 1, 3), 1440, 30, 0),
        DayShare(date(2025, 1, 4), 1440, 0, 0),
    ]


def test_the_last_day_may_be_a_part() -> None:
    grid = TimeGrid(YEAR.start, YEAR.step, 50)

    found = day_shares(grid, np.full(50, 4, dtype=np.uint8), SYDNEY, Quality.ACTUAL)

    assert [one.expected_minutes for one in found] == [1440, 60]


def test_an_empty_axis_has_no_days() -> None:
    grid = TimeGrid(YEAR.start, YEAR.step, 0)

    assert day_shares(grid, np.zeros(0, np.uint8), SYDNEY, Quality.ACTUAL) == ()


def test_another_length_is_refused() -> None:
    with pytest.raises(AlignmentError, match="3 qualities"):
        shares(np.zeros(3, dtype=np.uint8))
