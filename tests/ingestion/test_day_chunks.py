"""Which days are asked for together."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home_energy.ingestion.day_chunks import (
    chunks,
    days_between,
    newest_chunk,
    not_tried_since,
)


def november(day: int) -> date:
    return date(2026, 11, day)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ([], None),
        ([5], (5, 5)),
        ([5, 6], (5, 6)),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9], (3, 9)),  # the newest seven
        ([1, 9], (9, 9)),  # too far apart for one call
        ([3, 9], (3, 9)),  # just seven days
        ([2, 3, 9], (3, 9)),
        ([1, 5, 9], (5, 9)),
    ],
)
def test_newest_chunk_by_hand(due: list[int], expected: tuple[int, int] | None) -> None:
    chunk = newest_chunk([november(day) for day in due], 7)

    assert chunk == (
        None if expected is None else (november(expected[0]), november(expected[1]))
    )


@given(st.sets(st.dates(date(2024, 1, 1), date(2026, 12, 31)), max_size=60))
def test_chunk_after_chunk_every_due_day_is_asked_once(due: set[date]) -> None:
    left, asked = set(due), []
    while (chunk := newest_chunk(left, 7)) is not None:
        asked.append(chunk)
        assert (chunk[1] - chunk[0]).days < 7
        assert {*chunk} <= due  # no call begins or ends with a day nobody needs
        left -= set(days_between(*chunk))

    assert asked == sorted(asked, reverse=True)


def test_chunks_cover_a_range_without_overlap() -> None:
    assert chunks(november(1), november(16), 7) == [
        (november(1), november(7)),
        (november(8), november(14)),
        (november(15), november(16)),
    ]


@given(st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(0, 800))
def test_chunks_hold_every_day_once(first: date, more: int) -> None:
    last = first + timedelta(days=more)

    days = [day for chunk in chunks(first, last, 7) for day in days_between(*chunk)]

    assert days == days_between(first, last)


def test_days_backwards_are_none() -> None:
    assert days_between(november(2), november(1)) == []
    assert chunks(november(2), november(1), 7) == []


def test_a_day_is_due_again_when_its_last_try_is_long_past() -> None:
    days = [november(1), november(2), november(3)]
    tried = {november(1): 100.0, november(2): 200.0}

    assert not_tried_since(days, tried, 200.0) == {november(1), november(3)}
