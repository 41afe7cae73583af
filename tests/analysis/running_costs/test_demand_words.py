"""A demand window in words."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from tests.analysis.running_costs.demand_home import utc

from home_energy.analysis.running_costs.demand_guard import DemandGuard
from home_energy.analysis.running_costs.demand_words import demand_doubts, demand_words

SYDNEY = ZoneInfo("Australia/Sydney")
OPEN = DemandGuard(
    charge_name="Demand",
    is_in_window=True,
    window_start=utc("2026-11-23 04:00"),
    window_end=utc("2026-11-23 10:00"),
    peak_kw=3.0,
    peak_at=utc("2026-11-18 06:00"),
    current_kw=1.25,
    head_room_kw=3.5,
    aud_per_kw=4.1,
    is_close=False,
    now_kw=1.8,
)
CLOSED = replace(OPEN, is_in_window=False, current_kw=None, head_room_kw=None)
BEYOND = "beyond it $4.10 more per kW this month"


def test_open_window_says_what_is_left_and_what_more_costs() -> None:
    # 3 kW may run on and on, and 1.8 kW do
    said = demand_words(OPEN, SYDNEY)

    assert said == f"demand window until 9:00 pm: 1.2 kW left, {BEYOND}"


def test_hole_makes_it_at_most_so_much() -> None:
    partial = replace(OPEN, is_current_partial=True)

    assert "at most 1.2 kW left" in demand_words(partial, SYDNEY)
    assert demand_doubts(partial) == (
        "some of this interval was not measured: less may be left than is said",
    )


def test_too_much_a_new_peak_and_silence_have_words_of_their_own() -> None:
    too_much = replace(OPEN, now_kw=3.4)
    made = replace(OPEN, head_room_kw=-0.5)
    silent = replace(OPEN, now_kw=None)
    unheard = replace(OPEN, head_room_kw=None, current_kw=None)
    unknown = replace(unheard, peak_kw=None)
    season = replace(OPEN, measured_over="season")

    assert "0.4 kW too much run, beyond" in demand_words(too_much, SYDNEY)
    assert "a new peak above 3.0 kW is made" in demand_words(made, SYDNEY)
    assert "may average 3.5 kW" in demand_words(silent, SYDNEY)
    assert "the peak is 3.0 kW, beyond" in demand_words(unheard, SYDNEY)
    assert "not on record" in demand_words(unknown, SYDNEY)
    assert demand_words(season, SYDNEY).endswith("per kW this season")


def test_closed_window_says_when_the_next_one_opens() -> None:
    last = replace(CLOSED, window_start=None, window_end=None)

    said = demand_words(CLOSED, SYDNEY)

    assert said == ("next demand window Monday 3:00 pm to 9:00 pm, peak so far 3.0 kW")
    assert demand_words(last, SYDNEY) == (
        "no demand window left this month, peak so far 3.0 kW"
    )


def test_missing_windows_are_said() -> None:
    lacking = replace(OPEN, missing_minutes=390)

    (said,) = demand_doubts(lacking)
    assert said.startswith("6.5 hours of this month's demand windows are not on record")
    assert demand_doubts(replace(OPEN, missing_minutes=25)) == ()


def test_amber_and_the_tariff_may_disagree_about_the_window() -> None:
    (no,) = demand_doubts(replace(OPEN, amber_says_window=False))
    (yes,) = demand_doubts(replace(CLOSED, amber_says_window=True))

    assert no.startswith("Amber does not call this moment a demand window")
    assert yes.startswith("Amber calls this moment a demand window")
    assert demand_doubts(replace(OPEN, amber_says_window=True)) == ()
