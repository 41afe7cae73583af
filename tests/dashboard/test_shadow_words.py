"""The sentence of the battery that is not there, in all its forms."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from home_energy.dashboard.home.view import COST_WORDS
from home_energy.dashboard.shadow_words import (
    ShadowLine,
    product_words,
    shadow_line,
    shadow_sentence,
)
from home_energy.domain.shadow_day import ShadowSum
from tests.dashboard.recorded_home import (
    FIVE_MINUTES,
    NOON,
    RecordedHome,
    price,
)

TODAY = date(2026, 11, 22)  # a Sunday
DAY = timedelta(days=1)
FOUND = ShadowSum(
    product="powerwall-3",
    first_day=date(2026, 3, 7),
    last_day=TODAY - DAY,
    day_count=200,
    hole_count=1,
    saving_aud=213.6,
    wear_aud=0.0,
    last_saving_aud=3.1249,
)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "saved $3.12 yesterday, $214 since March"),
        (
            {"last_day": TODAY - 2 * DAY},
            "saved $3.12 on Friday, $214 since March",
        ),
        (
            {"last_saving_aud": -0.4},
            "cost $0.40 more yesterday, but saved $214 since March",
        ),
        (
            {"saving_aud": -14.2},
            "saved $3.12 yesterday, but cost $14 more since March",
        ),
        (
            {"saving_aud": -4.2, "last_saving_aud": -0.4},
            "cost $0.40 more yesterday, $4.20 more since March",
        ),
        (
            {"last_saving_aud": 0.004},
            "saved nothing yesterday, but saved $214 since March",
        ),
        (
            {"last_saving_aud": -0.004},
            "saved nothing yesterday, but saved $214 since March",
        ),
        (
            {"last_saving_aud": 1204.2, "saving_aud": 12_345.6},
            "saved $1,204 yesterday, $12,346 since March",
        ),
        (
            {"first_day": date(2025, 9, 1)},
            "saved $3.12 yesterday, $214 since September 2025",
        ),
        ({"first_day": TODAY - DAY}, "saved $3.12 yesterday"),
        (
            {"last_day": date(2026, 11, 3)},
            "saved $214 since March, until 3 November",
        ),
        (
            {"last_day": date(2025, 12, 3), "first_day": date(2025, 9, 1)},
            "saved $214 since September 2025, until 3 December 2025",
        ),
        (
            {"last_day": date(2026, 11, 3), "saving_aud": -14.2},
            "cost $14 more since March, until 3 November",
        ),
    ],
)
def test_the_whole_sentence(changes: dict[str, object], said: str) -> None:
    found = replace(FOUND, **changes)  # type: ignore[arg-type]

    assert shadow_sentence(found, TODAY) == f"A Powerwall 3 would have {said}"


def test_an_enphase_has_another_article() -> None:
    found = replace(FOUND, product="enphase-iq-10")

    assert shadow_sentence(found, TODAY).startswith("An Enphase IQ 10 would have")


@pytest.mark.parametrize(
    ("changes", "last_day", "whole"),
    [
        ({}, "Powerwall 3 would have saved $3.12 yesterday", ", $214 since March"),
        (
            {"last_day": TODAY - 2 * DAY, "first_day": date(2025, 9, 1)},
            "Powerwall 3 would have saved $3.12 on Fri",
            ", $214 since Sep 2025",
        ),
        (
            {"last_saving_aud": -0.4},
            "Powerwall 3 would have cost $0.40 yesterday",
            "",
        ),
        (
            {"last_saving_aud": 0.0},
            "Powerwall 3 would have saved nothing yesterday",
            "",
        ),
        (
            {"first_day": TODAY - DAY},
            "Powerwall 3 would have saved $3.12 yesterday",
            "",
        ),
        (
            {"product": "sigenergy-sigenstor-15"},
            "A battery would have saved $3.12 yesterday",
            ", $214 since March",
        ),
    ],
)
def test_the_line_of_the_first_page(
    changes: dict[str, object], last_day: str, whole: str
) -> None:
    found = replace(FOUND, **changes)  # type: ignore[arg-type]

    assert shadow_line(found, TODAY) == ShadowLine(last_day, whole)


@pytest.mark.parametrize("age_days", [0, 3, 40])
def test_the_first_page_says_nothing_of_another_day(age_days: int) -> None:
    assert shadow_line(replace(FOUND, last_day=TODAY - age_days * DAY), TODAY) is None


@pytest.mark.parametrize(
    ("product", "words"),
    [
        ("powerwall-3", "Powerwall 3"),
        ("sungrow-sbr096", "Sungrow SBR096"),
        ("byd-hvm-11", "BYD HVM 11"),
        ("alpha-ess-smile5", "Alpha ESS SMILE5"),
    ],
)
def test_a_product_is_named_as_it_is_spoken(product: str, words: str) -> None:
    assert product_words(product) == words


@pytest.fixture
def home(tmp_path: Path) -> RecordedHome:
    made = RecordedHome(tmp_path, shadow=("powerwall-3",))
    made.save([price(NOON - FIVE_MINUTES, 24.6)], NOON)
    return made


def test_the_first_page_says_it_in_the_place_of_the_cost(home: RecordedHome) -> None:
    home.books([210.0, 3.12], TODAY - DAY)

    page = home.client().get("/").text

    assert "Powerwall 3 would have saved $3.12 yesterday" in page
    assert ", $213 since November" in page
    assert COST_WORDS not in page


def test_a_stale_price_leaves_no_room_for_it(home: RecordedHome) -> None:
    home.books([3.12], TODAY - DAY)
    home.clock.time += timedelta(minutes=15)

    assert "Powerwall" not in home.client().get("/").text


def test_a_battery_that_is_no_longer_chosen_is_not_told(home: RecordedHome) -> None:
    home.books([3.12], TODAY - DAY)
    home.shadow = ()

    page = home.client().get("/").text

    assert "Powerwall" not in page
    assert COST_WORDS in page
