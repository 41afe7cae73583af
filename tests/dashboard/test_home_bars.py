"""The coming half-hours and their picture: a hole is a hole."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home_energy.dashboard.home.bars import Bars, Label, draw_bars, make_room
from home_energy.dashboard.home.coming import HALF_HOUR, HalfHour, coming_half_hours
from home_energy.domain.forecast import ForecastPoint
from home_energy.domain.verdict import CheapestRun, PriceLevels

TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEVELS = PriceLevels(10.0, 30.0)


def point(at_minute: int, minutes: int, c_per_kwh: float) -> ForecastPoint:
    return ForecastPoint(TEN + at_minute * MINUTE, minutes, c_per_kwh)


def row(*values_c_per_kwh: float | None) -> list[HalfHour]:
    return [HalfHour(TEN + i * HALF_HOUR, v) for i, v in enumerate(values_c_per_kwh)]


def draw(*values_c_per_kwh: float | None) -> Bars:
    bars = draw_bars(row(*values_c_per_kwh), LEVELS, None, UTC)
    assert bars is not None
    return bars


def test_mixed_steps_are_weighted_by_their_duration() -> None:
    points = [point(0, 5, 40.0), point(5, 5, 20.0), point(10, 20, 6.0)]

    first = coming_half_hours(points, TEN)[0]

    # (5 x 40 + 5 x 20 + 20 x 6) / 30 = 420 / 30
    assert first.c_per_kwh == pytest.approx(14.0, abs=1e-9)


def test_a_step_that_spans_two_half_hours_counts_in_both() -> None:
    points = [point(0, 20, 10.0), point(20, 20, 40.0), point(40, 20, 70.0)]

    first, second, *_ = coming_half_hours(points, TEN)

    # (20 x 10 + 10 x 40) / 30 and (10 x 40 + 20 x 70) / 30
    assert first.c_per_kwh == pytest.approx(20.0, abs=1e-9)
    assert second.c_per_kwh == pytest.approx(60.0, abs=1e-9)


def test_half_hour_that_has_begun_counts_what_is_left_of_it() -> None:
    points = [point(0, 20, 99.0), point(20, 10, 12.0), point(30, 30, 5.0)]

    first = coming_half_hours(points, TEN + 20 * MINUTE)[0]

    assert (first.start, first.c_per_kwh) == (TEN, 12.0)


def test_half_hour_with_a_hole_is_a_hole() -> None:
    points = [point(0, 5, 8.0), point(10, 20, 8.0), point(30, 30, 9.0)]

    first, second, *_ = coming_half_hours(points, TEN)

    assert first.c_per_kwh is None
    assert second.c_per_kwh == 9.0


def test_band_is_told_only_where_every_part_has_one() -> None:
    with_band = replace(point(0, 15, 10.0), low_c_per_kwh=8.0, high_c_per_kwh=14.0)

    first = coming_half_hours([with_band, point(15, 15, 10.0)], TEN)[0]

    assert first.c_per_kwh == 10.0
    assert (first.low_c_per_kwh, first.high_c_per_kwh) == (None, None)


@pytest.mark.parametrize(("hours", "count"), [(1, 12), (8, 16), (20, 24)])
def test_six_to_twelve_hours_are_shown(hours: int, count: int) -> None:
    points = [point(30 * i, 30, 20.0) for i in range(2 * hours)]

    assert len(coming_half_hours(points, TEN)) == count


def test_past_forecast_shows_nothing() -> None:
    assert coming_half_hours([point(-60, 30, 5.0)], TEN) == []


@given(
    steps=st.lists(st.sampled_from([5, 30]), min_size=1, max_size=60),
    dropped=st.sets(st.integers(0, 59)),
)
def test_dropping_any_interval_only_makes_holes(
    steps: list[int], dropped: set[int]
) -> None:
    starts = [sum(steps[:i]) for i in range(len(steps))]
    everything = [
        point(start, minutes, 11.0 + i)
        for i, (start, minutes) in enumerate(zip(starts, steps, strict=True))
    ]
    rest = [p for i, p in enumerate(everything) if i not in dropped]

    whole = {h.start: h.c_per_kwh for h in coming_half_hours(everything, TEN)}

    for half_hour in coming_half_hours(rest, TEN):
        assert half_hour.c_per_kwh in (None, whole.get(half_hour.start))


def test_bar_heights_are_in_proportion() -> None:
    bars = draw(10.0, 20.0).bars

    assert bars[1].box.height == pytest.approx(2 * bars[0].box.height, abs=1e-9)


def test_hole_is_no_bar() -> None:
    picture = draw(10.0, None, 20.0)

    assert len(picture.bars) == 2
    assert len(picture.holes) == 1
    assert picture.bars[0].box.x < picture.holes[0].x < picture.bars[1].box.x


def test_nothing_known_is_no_picture() -> None:
    assert draw_bars(row(None, None), LEVELS, None, UTC) is None


def test_spike_does_not_flatten_the_rest() -> None:
    picture = draw(20.0, 1500.0, 24.0, 20.0, 22.0)

    ordinary, spike, *_ = picture.bars
    assert spike.is_cut
    assert not ordinary.is_cut
    # The ceiling is 2.5 medians of 22 c, so 20 c reaches 20 / 55 of the spike.
    assert ordinary.box.height == pytest.approx(spike.box.height * 20 / 55, rel=1e-6)
    assert [label.text for label in picture.labels] == ["$15"]


def test_price_below_zero_hangs_from_the_axis() -> None:
    picture = draw(20.0, -5.0)

    above, below = (bar.box for bar in picture.bars)
    assert above.y + above.height == pytest.approx(picture.axis_y)
    assert below.y == pytest.approx(picture.axis_y)


def test_kinds_follow_the_levels_of_the_home() -> None:
    assert [b.kind for b in draw(10.0, 10.1, 30.0).bars] == [
        "cheap",
        "normal",
        "expensive",
    ]


def test_without_levels_no_bar_is_called_cheap() -> None:
    picture = draw_bars(row(-5.0, 500.0), None, None, UTC)

    assert picture is not None
    assert {bar.kind for bar in picture.bars} == {"plain"}


def test_possible_spike_is_marked() -> None:
    half_hours = [replace(row(20.0)[0], is_spike_possible=True)]

    picture = draw_bars(half_hours, LEVELS, None, UTC)

    assert picture is not None
    assert picture.bars[0].kind == "spike"


def test_wide_band_is_unsure() -> None:
    narrow = replace(row(20.0)[0], low_c_per_kwh=18.0, high_c_per_kwh=24.0)
    wide = replace(narrow, start=TEN + HALF_HOUR, high_c_per_kwh=40.0)

    picture = draw_bars([narrow, wide], LEVELS, None, UTC)

    assert picture is not None
    assert [bar.is_unsure for bar in picture.bars] == [False, True]


def test_cheapest_run_is_marked_where_it_lies() -> None:
    run = CheapestRun(TEN + 15 * MINUTE, TEN + 75 * MINUTE, 8.0)

    picture = draw_bars(row(*[9.0] * 12), LEVELS, run, UTC)

    # A quarter of an hour of six hours, and an hour of them.
    assert picture is not None
    assert picture.cheapest is not None
    assert picture.cheapest.x == pytest.approx(100 * 0.25 / 6)
    assert picture.cheapest.width == pytest.approx(100 / 6)


def test_run_beyond_the_picture_is_not_marked() -> None:
    run = CheapestRun(TEN + timedelta(hours=20), TEN + timedelta(hours=21), 8.0)

    picture = draw_bars(row(*[9.0] * 12), LEVELS, run, UTC)

    assert picture is not None
    assert picture.cheapest is None


@given(
    st.lists(
        st.none() | st.floats(-150, 2000, allow_nan=False), min_size=12, max_size=24
    )
)
def test_nothing_leaves_the_picture(values: list[float | None]) -> None:
    picture = draw_bars(row(*values), LEVELS, None, UTC)

    known = [value for value in values if value is not None]
    assert (picture is None) == (not known)
    if picture is None:
        return
    assert len(picture.bars) == len(known)
    assert len(picture.holes) == len(values) - len(known)
    for box in [bar.box for bar in picture.bars] + [*picture.holes]:
        assert 0 <= box.x <= box.x + box.width <= 100
        assert 0 <= box.y <= 100
        assert box.y + box.height <= 101  # a bar of no price is still one per cent high


def test_figures_never_touch_each_other() -> None:
    labels = draw(*[20.0] * 10, 900.0, 1000.0, 900.0, 20.0, 800.0, 900.0).labels

    assert [label.text for label in labels] == ["$10", "$9.0"]


def test_caption_leaves_room_for_the_most_important_figure() -> None:
    near, far = Label(10, 20, "46c"), Label(90, 20, "44c")

    assert make_room([near, far], "cheapest 1-2 pm, 8c") == ((near,), True)
    assert make_room([far, near], "cheapest 1-2 pm, 8c") == ((far,), False)
    assert make_room([], "cheapest 1-2 pm, 8c") == ((), False)
