"""The year as a calendar has it: its seasons, and the same day of another one."""

from datetime import date

SEASONS = ("summer", "autumn", "winter", "spring")
"""Of the south: summer is December to February."""


def season_of(month: int) -> int:
    """Number in `SEASONS` of a month, 1 to 12."""
    return month % 12 // 3


def years_after(day: date, years: int) -> date:
    """The same day so many years on; 1 March where that year has no 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
