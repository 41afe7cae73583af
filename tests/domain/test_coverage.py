"""What is missing in a period."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.sample_prices import NOON

from home_energy.domain.coverage import Coverage, Gap, find_gaps
from home_energy.domain.price import Channel

MINUTE = timedelta(minutes=1)

_RUNS = st.lists(st.tuples(st.integers(-30, 90), st.integers(1, 40)), max_size=12).map(
    sorted
)


@given(runs=_RUNS, length=st.integers(0, 60))
def test_gaps_and_covered_time_make_the_period(
    runs: list[tuple[int, int]], length: int
) -> None:
    spans = [(NOON + a * MINUTE, NOON + (a + n) * MINUTE) for a, n in runs]

    gaps = find_gaps(spans, NOON, NOON + length * MINUTE)

    # The truth minute by minute: a minute is missing when no run holds it.
    missing = [m for m in range(length) if not any(a <= m < a + n for a, n in runs)]
    minutes_in_gaps = [
        minute
        for gap in gaps
        for minute in range((gap.start - NOON) // MINUTE, (gap.end - NOON) // MINUTE)
    ]
    assert minutes_in_gaps == missing
    assert all(gap.length > timedelta(0) for gap in gaps)
    assert all(a.end < b.start for a, b in itertools.pairwise(gaps))


def test_no_run_is_one_gap() -> None:
    assert find_gaps([], NOON, NOON + MINUTE) == (Gap(NOON, NOON + MINUTE),)


def test_empty_period_has_no_gap_even_beside_a_later_run() -> None:
    later = (NOON + MINUTE, NOON + 2 * MINUTE)

    assert find_gaps([later], NOON, NOON) == ()
    assert find_gaps([], NOON, NOON) == ()


def _coverage(minutes: int, covered: int, *gaps: Gap) -> Coverage:
    return Coverage(Channel.GENERAL, NOON, NOON + minutes * MINUTE, covered, 0, gaps)


def test_covered_share_by_hand() -> None:
    coverage = _coverage(60, 45)

    assert coverage.expected_minutes == 60
    assert coverage.covered_fraction == pytest.approx(0.75, abs=0)  # 45 / 60


def test_share_of_nothing_is_unknown_not_zero() -> None:
    assert _coverage(0, 0).covered_fraction is None


def test_longest_gap() -> None:
    short = Gap(NOON, NOON + MINUTE)
    long = Gap(NOON + 10 * MINUTE, NOON + 15 * MINUTE)

    assert _coverage(60, 54, short, long).longest_gap == long
    assert _coverage(60, 60).longest_gap is None
