"""Seasons of the south, and twelve months around a leap day."""

from datetime import date

import pytest

from home_energy.domain.calendar_year import SEASONS, season_of, years_after


@pytest.mark.parametrize(
    ("season", "months"),
    [
        ("summer", (12, 1, 2)),
        ("autumn", (3, 4, 5)),
        ("winter", (6, 7, 8)),
        ("spring", (9, 10, 11)),
    ],
)
def test_a_season_has_three_months(season: str, months: tuple[int, ...]) -> None:
    assert [SEASONS[season_of(month)] for month in months] == [season] * 3


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2025, 7, 8), -1, date(2024, 7, 8)),
        (date(2024, 2, 29), 1, date(2025, 3, 1)),
        (date(2024, 2, 29), -1, date(2023, 3, 1)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
    ],
)
def test_the_same_day_of_another_year(day: date, years: int, expected: date) -> None:
    assert years_after(day, years) == expected
