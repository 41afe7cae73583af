"""Time of day as a person reads it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from home_energy.domain.clock_words import clock_words

SYDNEY = ZoneInfo("Australia/Sydney")
NOON = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def test_midnight_and_noon_are_twelve() -> None:
    assert clock_words(NOON, SYDNEY) == "12:00 pm"
    assert clock_words(NOON + timedelta(hours=12, minutes=5), SYDNEY) == "12:05 am"


def test_an_hour_that_comes_twice_is_told_apart() -> None:
    # 5 April 2026: 2:30 am is 15:30 UTC in daylight time, 16:30 UTC in standard time.
    first = datetime(2026, 4, 4, 15, 30, tzinfo=UTC)

    assert clock_words(first, SYDNEY) == "2:30 am AEDT"
    assert clock_words(first + timedelta(hours=1), SYDNEY) == "2:30 am AEST"


def test_an_hour_that_never_comes_is_not_marked() -> None:
    # 4 October 2026: 16:00 UTC is 3 am daylight time, 2 am never came.
    assert clock_words(datetime(2026, 10, 3, 16, 0, tzinfo=UTC), SYDNEY) == "3:00 am"
    assert clock_words(datetime(2026, 10, 3, 15, 59, tzinfo=UTC), SYDNEY) == "1:59 am"
