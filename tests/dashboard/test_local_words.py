"""Times, spans, sizes and prices as they are said."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from home_energy.dashboard.local_words import (
    clock_range_words,
    moment_words,
    price_words,
    size_words,
    span_words,
)
from tests.dashboard.recorded_home import NOON

SYDNEY = ZoneInfo("Australia/Sydney")


@pytest.mark.parametrize(
    ("c_per_kwh", "words"),
    [
        (28.43, "28.4c"),
        (0.0, "0.0c"),
        (-0.04, "0.0c"),
        (-12.3, "\N{MINUS SIGN}12.3c"),
        (99.94, "99.9c"),
        (99.95, "$1.00"),
        (1942.4, "$19.42"),
        (-104.5, "\N{MINUS SIGN}$1.04"),  # 1.045 lies just below the half in binary
    ],
)
def test_prices_are_cents_and_from_a_dollar_on_dollars(
    c_per_kwh: float, words: str
) -> None:
    assert price_words(c_per_kwh) == words


def test_a_range_says_am_once() -> None:
    until = NOON + timedelta(minutes=95)

    assert clock_range_words(NOON, until, SYDNEY) == "12:00\N{EN DASH}1:35 pm"
    early = NOON - timedelta(hours=1)
    assert clock_range_words(early, NOON, SYDNEY) == "11:00 am\N{EN DASH}12:00 pm"


@pytest.mark.parametrize(
    ("hours_ago", "words"),
    [(1, "11:00 am"), (13, "yesterday 11:00 pm"), (37, "Fri 20 Nov, 11:00 pm")],
)
def test_another_day_is_named(hours_ago: int, words: str) -> None:
    assert moment_words(NOON - timedelta(hours=hours_ago), NOON, SYDNEY) == words


def test_without_a_trusted_time_the_day_is_named() -> None:
    assert moment_words(NOON, None, SYDNEY) == "Sun 22 Nov, 12:00 pm"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h"), (85, "1 h 25 min"), (2880, "2 days")],
)
def test_spans_are_told_as_people_tell_them(minutes: int, words: str) -> None:
    assert span_words(timedelta(minutes=minutes)) == words


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [(10, "1 MB"), (34_400_000, "34 MB"), (1_250_000_000, "1.2 GB")],
)
def test_sizes_are_told_in_round_numbers(size_bytes: int, words: str) -> None:
    assert size_words(size_bytes) == words
