"""The chart of the last hours: cost above zero, earning below, holes left open."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from home_energy.analysis.running_costs.trend import Trend
from home_energy.dashboard.costs.chart import CostChart, cost_axis, cost_chart
from home_energy.dashboard.costs.trend_words import trend_words
from home_energy.domain.verdict import PriceLevels

SYDNEY = ZoneInfo("Australia/Sydney")
NOON = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
FIVE_MINUTES = timedelta(minutes=5)
NAN = float("nan")
LEVELS = PriceLevels(10.0, 30.0)


def trend_of(
    *costs: float, prices: list[float] | None = None, start: datetime = NOON
) -> Trend:
    """Five minutes each, one after the other."""
    starts = tuple(start + number * FIVE_MINUTES for number in range(len(costs)))
    return Trend(
        starts=starts,
        grid_watts=np.full(len(costs), 1000.0),
        cost_aud_per_hour=np.array(costs),
        import_c_per_kwh=np.array(prices or [20.0] * len(costs)),
    )


def chart_of(trend: Trend, levels: PriceLevels | None = LEVELS) -> CostChart:
    chart = cost_chart(trend, levels, SYDNEY)
    assert chart is not None
    return chart


def test_cost_stands_on_zero_and_earning_hangs_below() -> None:
    chart = chart_of(trend_of(0.5, 0.5, -0.5, 1.0))

    # From 1.00 down to -0.50: zero lies at two thirds, 0.50 at one third.
    assert [(area.kind, area.path) for area in chart.areas] == [
        ("normal", "M0.0 666.7V333.3H250.0V333.3H500.0V666.7Z"),
        ("earning", "M500.0 666.7V1000.0H750.0V666.7Z"),
        ("normal", "M750.0 666.7V0.0H1000.0V666.7Z"),
    ]


def test_a_hole_is_left_open_and_marked() -> None:
    chart = chart_of(trend_of(0.4, NAN, NAN, 0.4))

    assert [(gap.x, gap.width) for gap in chart.gaps] == [(250.0, 500.0)]
    reached = [re.findall(r"[MH]([\d.]+)", area.path) for area in chart.areas]
    assert reached == [["0.0", "250.0"], ["750.0", "1000.0"]]


def test_where_nothing_is_known_there_is_no_chart() -> None:
    assert cost_chart(trend_of(NAN, NAN), LEVELS, SYDNEY) is None
    assert cost_chart(trend_of(), LEVELS, SYDNEY) is None


def test_colours_tell_how_dear_the_power_was() -> None:
    costs = (0.2, 0.2, 0.2, -0.2)
    trend = trend_of(*costs, prices=[10.0, 29.9, 30.0, 50.0])

    kinds = [area.kind for area in chart_of(trend).areas]
    without_levels = [area.kind for area in chart_of(trend, None).areas]

    assert kinds == ["cheap", "normal", "expensive", "earning"]
    assert without_levels == ["normal", "earning"]


def test_a_spike_is_clipped_and_marked() -> None:
    chart = chart_of(trend_of(*[0.3] * 70, 19.4, 19.4))

    # Not above a dollar: 0.30 is at 70 % from the top.
    assert chart.areas[0].path.startswith("M0.0 1000.0V700.0H")
    # From step 70 to step 72 of 72.
    assert [(mark.x, mark.is_above) for mark in chart.marks] == [(986.1, True)]


def test_a_little_earning_has_room_below_zero() -> None:
    axis = cost_axis(np.array([2.0, 2.0, 2.0, -0.01]))

    # A fifth of what lies above.
    assert (axis.bottom_aud, axis.top_aud) == (-0.4, 2.0)


@pytest.mark.parametrize(
    ("costs", "lines"),
    [
        ([0.02], [0.0, 0.05, 0.1]),
        ([0.9, -0.2], [0.0, 0.5]),
        ([0.5, -0.5], [-0.5, 0.0, 0.5]),
        ([31.0] * 9, [0.0, 20.0]),
    ],
)
def test_lines_are_round_and_few(costs: list[float], lines: list[float]) -> None:
    assert cost_axis(np.array(costs)).lines_aud == pytest.approx(lines)


def test_labels_are_cents_below_a_dollar() -> None:
    labels = [line.words for line in chart_of(trend_of(0.5, -0.5)).lines]
    dollars = [line.words for line in chart_of(trend_of(1.9, 1.9)).lines]

    assert labels == ["\N{MINUS SIGN}50c", "$0", "50c"]
    assert dollars == ["$0", "$1"]


def test_hours_are_those_of_the_homes_clock() -> None:
    # From 11:40 am to 1:40 pm: a third of an hour into two.
    chart = chart_of(trend_of(*[0.3] * 24, start=NOON - timedelta(minutes=20)))

    assert [(tick.x, tick.words) for tick in chart.ticks] == [
        (166.7, "noon"),
        (666.7, "1pm"),
    ]


# What to see in it


@pytest.mark.parametrize(
    ("costs", "words"),
    [
        ((0.3, 0.3, 0.3, 1.92, 0.3), "Dearest $1.92 at 12:15 pm"),
        ((0.3, 0.35, 0.3), "Usually about $0.30"),
        ((0.3, -0.02, -0.3, -0.3), "Earning since 12:05 pm"),
        ((0.3, NAN, -0.3, -0.3), "Earning since before 12:10 pm"),
        ((-0.3, -0.3), "Earning since before 12:00 pm"),
        # Newest not known: nothing is said of now.
        ((-0.3, -0.3, NAN), "Mostly earning, about $0.30"),
        ((NAN, NAN), None),
    ],
)
def test_a_sentence_says_what_to_see(costs: tuple[float, ...], words: str) -> None:
    assert trend_words(trend_of(*costs), SYDNEY) == words
