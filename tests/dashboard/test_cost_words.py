"""What the cost pages say of streams, days, months and advice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from home_energy.analysis.advice.advice_round import ApplianceAdvice
from home_energy.analysis.advice.best_start import BestStart, Call
from home_energy.analysis.advice.everyday import EverydayCost
from home_energy.analysis.advice.scoreboard import Score
from home_energy.analysis.running_costs.costs_so_far import CostsSoFar
from home_energy.analysis.running_costs.day_cost import CostSource, DayCost
from home_energy.analysis.running_costs.month_cost import MonthCost
from home_energy.dashboard.costs.advice import advice_page, page_count
from home_energy.dashboard.costs.so_far import CostRow, so_far_page
from home_energy.dashboard.costs.streams import stream_views
from home_energy.domain.appliance import Appliance
from home_energy.domain.home_power import StreamPower
from home_energy.domain.power import Stream

SYDNEY = ZoneInfo("Australia/Sydney")
NOW = datetime(2026, 11, 22, 7, 20, tzinfo=UTC)
NBSP = "\N{NO-BREAK SPACE}"

# Streams


def power(watts: float, age: timedelta) -> StreamPower:
    return StreamPower(watts, NOW - age, timedelta(minutes=3), ("meter",))


@pytest.mark.parametrize(
    ("watts", "age", "told"),
    [
        (1724.0, timedelta(seconds=4), ("Buying", "1.7 kW", "4 s ago", "fresh")),
        (-80.0, timedelta(seconds=100), ("Selling", "0.1 kW", "2 min ago", "fresh")),
        (1724.0, timedelta(minutes=14), ("Buying", "1.7 kW", "14 min old", "stale")),
        (1724.0, timedelta(hours=2), ("Grid", "", "silent for 2 h", "silent")),
    ],
)
def test_a_stream_is_told_with_its_age(
    watts: float, age: timedelta, told: tuple[str, ...]
) -> None:
    (view,) = stream_views({Stream.GRID: power(watts, age)}, [], NOW)

    assert (view.name, view.power, view.age, view.state) == told


def test_a_stream_that_was_set_up_and_never_heard_is_shown() -> None:
    heard = {Stream.BATTERY: power(-500.0, timedelta(0))}

    views = stream_views(heard, [Stream.SOLAR, Stream.BATTERY], NOW)

    assert [(view.name, view.age, view.state) for view in views] == [
        ("Sun", "not heard yet", "silent"),
        ("Charging", "0 s ago", "fresh"),
    ]


def test_without_a_trusted_time_no_age_is_told() -> None:
    (view,) = stream_views({Stream.LOAD: power(500.0, timedelta(0))}, [], None)

    assert (view.age, view.state) == ("checking the time", "stale")


# So far

TODAY = DayCost(
    date(2026, 11, 22),
    cost_aud=3.12,
    energy_aud=2.02,
    supply_aud=1.10,
    import_kwh=12.44,
    export_kwh=3.06,
    known_seconds=(13 * 60 + 50) * 60.0,
    passed_seconds=(14 * 60 + 20) * 60.0,
)
YESTERDAY = replace(
    TODAY,
    day=date(2026, 11, 21),
    cost_aud=-1.2,
    export_kwh=0.04,
    known_seconds=86400.0,
    passed_seconds=86400.0,
    source=CostSource.USAGE,
)
MONTH = MonthCost(date(2026, 11, 1), 87.4, 18, 2, 1, 131.3)


def rows(
    today: DayCost | None = TODAY,
    yesterday: DayCost | None = YESTERDAY,
    month: MonthCost | None = MONTH,
    *,
    has_power: bool = True,
) -> tuple[CostRow, ...]:
    costs = CostsSoFar(today, yesterday, month)
    return so_far_page(costs, None, SYDNEY, has_power=has_power).rows


def test_today_yesterday_and_the_month_tell_what_they_rest_on() -> None:
    assert [(row.name, row.amount, row.lines) for row in rows()] == [
        (
            "Today so far",
            "$3.12",
            (
                "12.4 kWh in, 3.1 out, $1.10 fixed",
                "13 h 50 min of 14 h 20 min measured",
            ),
        ),
        (
            "Yesterday",
            "\N{MINUS SIGN}$1.20",
            ("12.4 kWh in, $1.10 fixed", "from Amber's usage"),
        ),
        (
            "November so far",
            "$87.40",
            (
                "with fixed charges, 18 days billed, 2 measured, 1 missing",
                "about $131 by its end",
            ),
        ),
    ]


def test_what_is_not_known_is_a_dash_and_says_why() -> None:
    refused = replace(MONTH, cost_aud=None, refusal="no price of 3 November")

    told = [(row.amount, row.lines) for row in rows(None, None, refused)]
    (unmetered, *_) = rows(None, has_power=False)

    dash = "\N{EN DASH}"
    assert told == [
        (dash, ("nothing measured yet",)),
        (dash, ("Amber's usage of it is not here yet",)),
        (dash, ("no price of 3 November",)),
    ]
    assert unmetered.lines == ("needs a power meter",)


def test_where_nothing_is_charged_by_the_day_nothing_is_said_of_it() -> None:
    (row, *_) = rows(replace(TODAY, supply_aud=0.0))

    assert row.lines[0] == "12.4 kWh in, 3.1 out"


def test_sums_of_thousands_are_told_in_dollars() -> None:
    *_, row = rows(month=replace(MONTH, cost_aud=1402.28))

    assert row.amount == "$1,402"


def test_too_few_days_are_not_projected() -> None:
    *_, row = rows(month=replace(MONTH, projected_aud=None))

    assert row.lines[1] == "too few days to project"


# Advice


def advice(name: str, score: Score | None = None) -> ApplianceAdvice:
    at = NOW - timedelta(minutes=3)
    best = BestStart(
        Appliance(name, kw=1.0, minutes=60),
        Call.WAIT,
        at,
        at + timedelta(days=1),
        start=NOW + timedelta(minutes=55),
        cost_now_aud=0.60,
        cost_then_aud=0.26,
        highest_cost_then_aud=0.30,
    )
    return ApplianceAdvice(best, score or Score(name))


def test_advice_stands_beside_its_score() -> None:
    score = Score("Dryer", 14, 12, 9, 0.30, 0.21)

    page = advice_page([], [advice("Dryer", score)], 1, SYDNEY)

    (dryer,) = page.appliances
    assert dryer.words == f"wait until 7:15{NBSP}pm, save 34{NBSP}c"
    assert dryer.score == (
        f"Right 9 of 12 times in 30 days, 21{NBSP}c saved each time on average"
    )
    assert (dryer.hit_percent, dryer.is_withheld) == (75.0, False)


def test_advice_that_was_wrong_too_often_is_withheld_and_says_so() -> None:
    score = Score("Dryer", 14, 12, 4, 0.30, -0.03)

    (dryer,) = advice_page([], [advice("Dryer", score)], 1, SYDNEY).appliances

    assert dryer.is_withheld
    assert dryer.words == "no advice, right only 4 of 12 times"


def test_without_a_score_there_is_no_bar() -> None:
    (dryer,) = advice_page([], [advice("Dryer")], 1, SYDNEY).appliances

    assert dryer.hit_percent is None


def test_appliances_are_told_on_as_many_pages_as_they_take() -> None:
    names = [f"Pump {number}" for number in range(6)]
    advices = [advice(name) for name in names]
    kettle = EverydayCost("Kettle", 0.06)

    pages = [advice_page([kettle], advices, n, SYDNEY) for n in (1, 2, 3)]

    told = [[one.name for one in page.appliances] for page in pages]
    assert told == [names[:2], names[2:5], names[5:]]
    assert [page.everyday for page in pages] == [(f"Kettle 6{NBSP}c now",), (), ()]
    assert [page_count(count) for count in (0, 2, 3, 5, 6)] == [1, 1, 2, 2, 3]


def test_without_price_or_appliance_the_page_says_what_is_missing() -> None:
    page = advice_page([], [], 1, SYDNEY)

    assert page.everyday == ("No fresh price, so nothing is told of now",)
    assert page.note == "Name what can wait in home.toml, [[advice.appliances]]"
