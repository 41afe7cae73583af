"""Geometry of the price chart, worked out by hand on a square of 1000."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home_energy.dashboard.history.chart import (
    Box,
    Clipped,
    Path,
    PriceAxis,
    TimeAxis,
    clipped_runs,
    gap_boxes,
    hour_ticks,
    price_axis,
    step_paths,
)
from home_energy.dashboard.history.steps import (
    PriceRange,
    Step,
    price_range,
    price_steps,
    usual_high,
)
from home_energy.dashboard.history.view import Span
from home_energy.domain.coverage import Gap
from home_energy.domain.price import Quality
from tests.dashboard.recorded_home import FIVE_MINUTES, NOON, price, price_run

SYDNEY = ZoneInfo("Australia/Sydney")
HOUR = timedelta(hours=1)


def step(
    hour: float, c_per_kwh: float, hours: float = 1, *, is_final: bool = True
) -> Step:
    return Step(NOON + hour * HOUR, NOON + (hour + hours) * HOUR, c_per_kwh, is_final)


X = TimeAxis(NOON, NOON + 4 * HOUR)
Y = PriceAxis(bottom_c_per_kwh=-20, top_c_per_kwh=60, lines_c_per_kwh=(-20, 0, 20))


def test_places_on_the_axes() -> None:
    # 80 c from top to bottom: 20 c lie 40/80 below the top.
    assert (Y.y(60), Y.y(20), Y.y(0), Y.y(-20)) == (0, 500, 750, 1000)
    assert (X.x(NOON), X.x(NOON + HOUR), X.x(NOON + 4 * HOUR)) == (0, 250, 1000)


def test_steps_are_level_and_then_upright() -> None:
    assert step_paths([step(0, 20), step(1, 40), step(2, 40)], X, Y) == [
        Path(
            line="M0.0 500.0H250.0V250.0H500.0H750.0",
            area="M0.0 500.0H250.0V250.0H500.0H750.0V750.0H0.0Z",
            is_final=True,
        )
    ]


def test_a_negative_price_lies_below_zero() -> None:
    (path,) = step_paths([step(0, -10)], X, Y)

    # 70 of 80 c below the top, and the area closes at zero, 750.
    assert path.line == "M0.0 875.0H250.0"
    assert path.area.endswith("V750.0H0.0Z")


def test_no_line_crosses_a_gap() -> None:
    paths = step_paths([step(0, 20), step(2, 40)], X, Y)

    assert [path.line for path in paths] == [
        "M0.0 500.0H250.0",
        "M500.0 250.0H750.0",
    ]


def test_an_estimate_is_a_line_of_its_own() -> None:
    paths = step_paths([step(0, 20), step(1, 20, is_final=False)], X, Y)

    assert [path.is_final for path in paths] == [True, False]


def test_a_gap_is_a_box_as_wide_as_it_lasted() -> None:
    gap = Gap(NOON + HOUR, NOON + 3 * HOUR)

    assert gap_boxes([gap], X) == [Box(x=250, width=500)]


def test_an_axis_reaches_to_the_highest_price() -> None:
    axis = price_axis([[step(0, 12), step(1, 48)]])

    # 48 c in steps of 20 c are three lines above zero.
    assert axis.lines_c_per_kwh == (0, 20, 40, 60)
    assert (axis.bottom_c_per_kwh, axis.top_c_per_kwh) == (0, 60)


def test_an_axis_reaches_below_zero_for_negative_prices() -> None:
    axis = price_axis([[step(0, 33), step(1, -3)]])

    # Steps of 10 c would be 4 + 1 lines, one too many; 20 c are 2 + 1.
    assert axis.lines_c_per_kwh == (-20, 0, 20, 40)


def test_one_spike_does_not_flatten_the_rest() -> None:
    calm = [step(0, 20, 2), step(2, 30, 1.5)]
    spike = step(3.5, 1520, 0.5)

    axis = price_axis([[*calm, spike]])

    # A quarter of four hours is an hour: half of it is the spike's, so 30 c is the
    # usual high, and twice that is 60 c.
    assert axis.top_c_per_kwh == 60
    assert clipped_runs([*calm, spike], X, axis) == [
        # in the middle of 3:30 to 4 o'clock: 3.75 of 4 hours
        Clipped(x=937.5, is_above=True, c_per_kwh=1520, at=NOON + 3.5 * HOUR)
    ]


def test_a_day_that_is_dear_throughout_is_not_clipped() -> None:
    axis = price_axis([[step(0, 180, 4)]])

    assert axis.top_c_per_kwh == 200
    assert clipped_runs([step(0, 180, 4)], X, axis) == []


def test_a_deep_negative_price_is_clipped_below() -> None:
    steps = [step(0, 24, 3), step(3, -95)]

    axis = price_axis([steps])

    # 24 c above; below at most half of that, 12 c, so steps of 10 c: 3 + 2 lines
    # are too many, 20 c: 2 + 1.
    assert axis.lines_c_per_kwh == (-20, 0, 20, 40)
    assert clipped_runs(steps, X, axis) == [
        Clipped(x=875, is_above=False, c_per_kwh=-95, at=NOON + 3 * HOUR)
    ]


def test_an_axis_without_prices_still_stands() -> None:
    assert price_axis([]).lines_c_per_kwh == (0, 5, 10)
    assert price_axis([[]]).lines_c_per_kwh == (0, 5, 10)


def test_the_usual_high_is_exceeded_a_quarter_of_the_time() -> None:
    # Sixteen five minutes: four at 50 c are exactly a quarter.
    steps = price_steps(
        price_run(NOON, [50.0] * 4 + [30.0] * 12), NOON, NOON + 2 * HOUR
    )

    assert usual_high(steps) == 30.0
    assert usual_high([]) is None


def test_the_mean_is_weighted_by_time() -> None:
    # (30 x 10 c + 5 x 80 c) / 35 min = 700 / 35 = 20 c
    rows = [price(NOON, 10, minutes=30), price(NOON + HOUR / 2, 80)]

    found = price_range(price_steps(rows, NOON, NOON + HOUR))

    assert found == PriceRange(10, 20, 80)


def test_nothing_on_record_has_no_mean() -> None:
    assert price_range([]) is None


def test_half_hours_and_five_minutes_of_one_time_count_once() -> None:
    # The half hour holds 12:00-12:30, the five minutes 12:10-12:15.
    rows = [price(NOON, 20, minutes=30), price(NOON + 2 * FIVE_MINUTES, 60)]

    steps = price_steps(rows, NOON, NOON + HOUR)

    assert [(s.start, s.end, s.c_per_kwh) for s in steps] == [
        (NOON, NOON + 2 * FIVE_MINUTES, 20),
        (NOON + 2 * FIVE_MINUTES, NOON + 3 * FIVE_MINUTES, 60),
        (NOON + 3 * FIVE_MINUTES, NOON + HOUR / 2, 20),
    ]


def test_the_surer_price_stands_before_the_shorter() -> None:
    rows = [
        price(NOON, 20, minutes=30),
        price(NOON + FIVE_MINUTES, 60, quality=Quality.ESTIMATE),
    ]

    steps = price_steps(rows, NOON, NOON + HOUR)

    assert {s.c_per_kwh for s in steps} == {20}


def test_intervals_are_cut_at_the_edges() -> None:
    (found,) = price_steps(
        [price(NOON, 20, minutes=30)], NOON + FIVE_MINUTES, NOON + 2 * FIVE_MINUTES
    )

    assert (found.start, found.end) == (NOON + FIVE_MINUTES, NOON + 2 * FIVE_MINUTES)


@given(kept=st.lists(st.booleans(), min_size=12, max_size=12))
def test_a_mean_never_reaches_over_a_gap(kept: list[bool]) -> None:
    values = [10.0 * number for number in range(1, 13)]
    numbers = [number for number, is_kept in enumerate(kept) if is_kept]
    rows = [price_run(NOON, values)[number] for number in numbers]
    there = [values[number] for number in numbers]

    steps = price_steps(rows, NOON, NOON + HOUR)
    found = price_range(steps)

    if not there:
        assert found is None
        return
    assert found is not None
    assert found.mean_c_per_kwh == pytest.approx(sum(there) / len(there), abs=1e-9)
    assert found.lowest_c_per_kwh == min(there)
    drawn = sum((step.length for step in steps), timedelta())
    assert drawn == len(there) * FIVE_MINUTES


@pytest.mark.parametrize(
    ("day", "hours", "six_x", "noon_x", "evening_x"),
    [
        # Spring forward: 6 o'clock comes 5 h after midnight; 5/23, 11/23, 17/23.
        (date(2026, 10, 4), 23, 217.4, 478.3, 739.1),
        (date(2026, 11, 22), 24, 250.0, 500.0, 750.0),
        # Fall back: 6 o'clock comes 7 h after midnight; 7/25, 13/25, 19/25.
        (date(2026, 4, 5), 25, 280.0, 520.0, 760.0),
    ],
)
def test_clock_change_days_are_as_long_as_they_are(
    day: date, hours: int, six_x: float, noon_x: float, evening_x: float
) -> None:
    span = Span.around("day", day, SYDNEY)
    ticks = hour_ticks(day, TimeAxis(span.start, span.end), SYDNEY)

    assert span.end - span.start == timedelta(hours=hours)
    assert [(tick.x, tick.words) for tick in ticks] == [
        (six_x, "6am"),
        (noon_x, "noon"),
        (evening_x, "6pm"),
    ]


def test_a_week_begins_on_monday_and_may_lack_an_hour() -> None:
    span = Span.around("week", date(2026, 10, 4), SYDNEY)  # the Sunday of the change

    assert span.first == date(2026, 9, 28)
    assert span.start == datetime(2026, 9, 27, 14, 0, tzinfo=UTC)
    assert span.end - span.start == timedelta(days=7) - HOUR
    assert span.title == "28 Sep to 4 Oct"
