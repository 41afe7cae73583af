"""Local times without a zone, in nights on which clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from home_energy.ingestion.sources.car_clock import (
    LocalStamp,
    instants,
    settle_stamps,
)
from home_energy.ingestion.sources.counted_problems import CountedProblems

SYDNEY = ZoneInfo("Australia/Sydney")
TWICE = (
    "x:1: a time that happened twice in Australia/Sydney, and nothing tells which; "
    "taken as the first"
)


def _april(clock: str) -> datetime:
    return datetime.fromisoformat(f"2025-04-06 {clock}")


def _settled(
    *clocks: str, seen_at: dict[int, datetime] | None = None
) -> tuple[list[str], tuple[str, ...]]:
    """UTC times of stamps in the night of 6 April, and what was odd."""
    problems = CountedProblems("x")
    stamps = [
        LocalStamp(number + 1, _april(clock), (seen_at or {}).get(number))
        for number, clock in enumerate(clocks)
    ]
    settled = settle_stamps(stamps, SYDNEY, problems)
    return [f"{moment:%H:%M}" for moment in settled], problems.told()


def test_a_clock_shows_a_time_once_twice_or_never() -> None:
    once, twice, never = (
        instants(datetime.fromisoformat(text), SYDNEY)
        for text in ("2025-07-01 02:30", "2025-04-06 02:30", "2025-10-05 02:30")
    )

    assert once == (datetime(2025, 6, 30, 16, 30, tzinfo=UTC),)
    assert twice == (
        datetime(2025, 4, 5, 15, 30, tzinfo=UTC),
        datetime(2025, 4, 5, 16, 30, tzinfo=UTC),
    )
    assert never == ()


# 02:00 to 03:00 AEDT is 15:00 to 16:00 UTC, AEST 16:00 to 17:00.
@pytest.mark.parametrize(
    ("clocks", "utc"),
    [
        # A step back parts both hours.
        (("02:50", "02:55", "02:00", "02:05"), ["15:50", "15:55", "16:00", "16:05"]),
        # What goes on from before the hour is of the first.
        (("01:58", "02:03", "02:08"), ["14:58", "15:03", "15:08"]),
        # What runs on into after the hour is of the second.
        (("02:50", "02:58", "03:03"), ["16:50", "16:58", "17:03"]),
        # A pause parts the first from the second.
        (("01:58", "02:05", "02:55", "03:02"), ["14:58", "15:05", "16:55", "17:02"]),
        # Between two of the first hour there is no second.
        (
            ("01:58", "02:05", "02:30", "02:55", "02:01"),
            ["14:58", "15:05", "15:30", "15:55", "16:01"],
        ),
    ],
)
def test_order_and_neighbours_decide(clocks: tuple[str, ...], utc: list[str]) -> None:
    assert _settled(*clocks) == (utc, ())


@pytest.mark.parametrize(
    ("seen_utc", "utc"), [((15, 29), "15:30"), ((16, 29), "16:30")]
)
def test_the_other_clock_decides(seen_utc: tuple[int, int], utc: str) -> None:
    seen_at = datetime(2025, 4, 5, *seen_utc, tzinfo=UTC)

    assert _settled("02:30", seen_at={0: seen_at}) == ([utc], ())


def test_an_old_fix_of_the_other_clock_decides_nothing() -> None:
    seen_at = datetime(2025, 4, 5, 12, 0, tzinfo=UTC)

    assert _settled("02:30", seen_at={0: seen_at}) == (["15:30"], (TWICE,))


def test_an_hour_that_begins_and_ends_but_comes_once_is_named() -> None:
    clocks = [f"{2 + m // 60:02d}:{m % 60:02d}" for m in range(0, 60, 5)]

    _, problems = _settled("01:57", *clocks, "03:00")

    assert problems == (TWICE.replace("x:1", "x:2"),)


def test_a_little_step_back_is_no_change_of_clocks() -> None:
    assert _settled("01:58", "02:05", "02:04", "02:10") == (
        ["14:58", "15:05", "15:04", "15:10"],
        (),
    )


def test_rows_of_the_skipped_hour_are_read_on_the_clock_before() -> None:
    problems = CountedProblems("x")
    start = datetime.fromisoformat("2025-10-05 01:50")
    stamps = [LocalStamp(n, start + timedelta(minutes=20 * n)) for n in range(3)]

    settled = settle_stamps(stamps, SYDNEY, problems)

    assert [f"{moment:%H:%M}" for moment in settled] == ["15:50", "16:10", "16:30"]
    (said,) = problems.told()
    assert said.startswith("x:1 and 1 more line: a time that the clocks of Australia")
