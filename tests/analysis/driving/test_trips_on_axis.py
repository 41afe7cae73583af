"""Away is every interval that a trip touches, and nobody knows a trip too early."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from home_energy.analysis.driving.trips_on_axis import trips_on_axis
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.trip import Trip
from home_energy.errors import DataError

START = datetime(2025, 3, 3, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
GRID = TimeGrid(START, HALF_HOUR, 8)  # until 04:00


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def trip(depart: int, arrive: int, km: float = 10.0, kwh: float = 2.0) -> Trip:
    return Trip(at(depart), at(arrive), km, kwh)


def test_every_interval_that_a_trip_touches_is_away() -> None:
    placed = trips_on_axis([trip(40, 91)], GRID, None)  # 00:40 to 01:31

    assert placed.is_away.tolist() == [False, True, True, True] + [False] * 4
    assert placed.trip_kwh.tolist() == [0, 2, 0, 0, 0, 0, 0, 0]
    assert placed.trip_km.tolist() == [0, 10, 0, 0, 0, 0, 0, 0]


def test_a_trip_that_ends_with_an_interval_does_not_touch_the_next() -> None:
    placed = trips_on_axis([trip(30, 90)], GRID, None)

    assert placed.is_away.tolist() == [False, True, True] + [False] * 5


def test_trips_that_share_an_interval_are_one() -> None:
    # Back at 00:35, off again at 00:50: the car is not plugged in for whole intervals.
    two = [trip(0, 35, 5, 1), trip(50, 100, 7, 2)]

    placed = trips_on_axis(two, GRID, timedelta(minutes=30))

    assert placed.is_away.tolist() == [True] * 4 + [False] * 4
    assert placed.trip_kwh.tolist() == [3, 0, 0, 0, 0, 0, 0, 0]
    assert placed.trip_km.tolist() == [12, 0, 0, 0, 0, 0, 0, 0]
    assert placed.merged_count == 1
    assert placed.announced.tolist()[:4] == [-1] * 4  # with the first, before the axis


def test_trips_in_neighbouring_intervals_stay_two() -> None:
    placed = trips_on_axis([trip(0, 30), trip(30, 60)], GRID, None)

    assert placed.trip_kwh.tolist()[:3] == [2, 2, 0]
    assert placed.merged_count == 0


@pytest.mark.parametrize(
    ("notice_minutes", "announced"),
    [
        (0, 5),  # it is off with interval 5, at 02:40
        (10, 5),  # said at 02:30, when interval 5 begins
        (11, 5),  # said at 02:29, within interval 4: too late for what 4 decided
        (60, 4),  # said at 01:40, so known from 02:00
        (70, 3),  # said at 01:30 sharp
        (160, 0),  # said at 00:00 sharp
        (161, -1),  # said before the axis
        (None, -1),
    ],
)
def test_a_trip_is_known_from_the_interval_after_its_notice(
    notice_minutes: int | None, announced: int
) -> None:
    notice = None if notice_minutes is None else timedelta(minutes=notice_minutes)

    placed = trips_on_axis([trip(160, 200)], GRID, notice)

    assert placed.announced.tolist() == [-1] * 5 + [announced] * 2 + [-1]


def test_a_trip_that_began_before_the_axis_is_away_and_its_energy_is_not_here() -> None:
    placed = trips_on_axis([trip(-100, 40)], GRID, timedelta(0))

    assert placed.is_away.tolist() == [True, True] + [False] * 6
    assert placed.trip_kwh.sum() == 0
    assert (placed.begun_before_kwh, placed.begun_before_km) == (2, 10)
    assert placed.announced.tolist() == [-1] * 8


def test_a_trip_that_shares_an_interval_with_one_begun_before_keeps_its_energy() -> (
    None
):
    placed = trips_on_axis([trip(-100, 40, 9, 9), trip(50, 80)], GRID, timedelta(0))

    assert placed.is_away.tolist() == [True] * 3 + [False] * 5
    assert placed.trip_kwh.tolist() == [0, 2, 0, 0, 0, 0, 0, 0]
    assert placed.begun_before_kwh == 9


def test_a_trip_that_outlasts_the_axis_has_all_its_energy() -> None:
    placed = trips_on_axis([trip(200, 500)], GRID, None)

    assert placed.is_away.tolist() == [False] * 6 + [True] * 2
    assert placed.trip_kwh.tolist() == [0, 0, 0, 0, 0, 0, 2, 0]
    assert placed.unfinished_count == 1


def test_a_trip_that_ends_with_the_axis_is_finished() -> None:
    placed = trips_on_axis([trip(200, 240)], GRID, None)

    assert placed.unfinished_count == 0


def test_trips_outside_of_the_axis_are_passed_over() -> None:
    placed = trips_on_axis([trip(-90, 0), trip(240, 300)], GRID, None)

    assert not placed.is_away.any()
    assert placed.trip_kwh.sum() == placed.begun_before_kwh == 0
    assert placed.unfinished_count == 0


def test_two_trips_at_once_are_refused() -> None:
    with pytest.raises(DataError, match=r"2025-03-03 00:30.* back at .*01:00"):
        trips_on_axis([trip(30, 90), trip(0, 60)], GRID, None)


def test_negative_notice_is_refused() -> None:
    with pytest.raises(DataError, match="notice"):
        trips_on_axis([], GRID, timedelta(minutes=-1))


@given(
    st.lists(st.integers(1, 200), min_size=2, max_size=24),
    st.sampled_from([5, 15, 30]),
    st.one_of(st.none(), st.integers(0, 300)),
)
def test_energy_is_kept_and_no_interval_knows_more_than_was_said(
    gaps: list[int], step: int, notice_minutes: int | None
) -> None:
    edges = np.cumsum(gaps)
    trips = [
        trip(int(depart), int(arrive), float(arrive - depart), 1.0)
        for depart, arrive in zip(edges[::2], edges[1::2], strict=False)
    ]
    count = -(-int(edges[-1]) // step)
    grid = TimeGrid(START, timedelta(minutes=step), count)
    notice = None if notice_minutes is None else timedelta(minutes=notice_minutes)

    placed = trips_on_axis(reversed(trips), grid, notice)

    assert placed.trip_kwh.sum() == len(trips)
    assert placed.trip_km.sum() == sum(t.km for t in trips)
    assert np.all(placed.is_away[placed.trip_kwh > 0])
    for number, begin in enumerate(grid):
        touched = [
            t for t in trips if t.depart < begin + grid.step and t.arrive > begin
        ]
        assert placed.is_away[number] == bool(touched)
        assert placed.announced[number] <= number
