"""Advice as the household reads it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.analysis.advice.priced import HOUR, MINUTE, NOON, SYDNEY

from home_energy.analysis.advice.advice_round import ApplianceAdvice
from home_energy.analysis.advice.advice_words import (
    advice_sentence,
    cents_words,
    everyday_words,
    score_words,
)
from home_energy.analysis.advice.best_start import BestStart, Call, NoAdvice
from home_energy.analysis.advice.everyday import EverydayCost, everyday_costs
from home_energy.analysis.advice.scoreboard import Score
from home_energy.domain.appliance import EVERYDAY, Appliance
from home_energy.domain.verdict import CheapestRun

WAIT = BestStart(
    Appliance("Dishwasher", kw=1.2, minutes=105),
    Call.WAIT,
    NOON,
    NOON + 24 * HOUR,
    start=NOON + 75 * MINUTE,
    cost_now_aud=0.60,
    cost_then_aud=0.262,
    highest_cost_then_aud=0.30,
)
NONE = replace(WAIT, call=Call.NONE)
GOOD = Score("Dishwasher", 14, 12, 9, 0.30, 0.214)
BAD = Score("Dishwasher", 14, 12, 4, 0.30, -0.03)


@pytest.mark.parametrize(
    ("best", "score", "words"),
    [
        (WAIT, GOOD, "wait until 1:15 pm, save 34 c"),
        (WAIT, BAD, "no advice, right only 4 of 12 times"),
        (replace(WAIT, call=Call.NOW, start=NOON), BAD, "now is best"),
        (
            replace(NONE, why=NoAdvice.LITTLE, cost_then_aud=0.57),
            GOOD,
            "no advice, waiting saves only 3 c",
        ),
        (
            replace(NONE, why=NoAdvice.UNSURE),
            BAD,
            "no advice, the forecast is too unsure",
        ),
        (
            replace(NONE, why=NoAdvice.NO_PRICE, start=None, cost_now_aud=None),
            GOOD,
            "no advice, the forecast does not reach that far",
        ),
    ],
)
def test_advice_is_one_sentence(best: BestStart, score: Score, words: str) -> None:
    said = advice_sentence(ApplianceAdvice(best, score), SYDNEY)

    assert said == f"Dishwasher: {words}"


def test_an_hour_that_comes_twice_is_told_apart() -> None:
    # 5 April 2026, 2:15 am for the second time: 16:15 UTC.
    twice = replace(WAIT, start=datetime(2026, 4, 4, 16, 15, tzinfo=UTC))

    said = advice_sentence(ApplianceAdvice(twice, GOOD), SYDNEY)

    assert said == "Dishwasher: wait until 2:15 am AEST, save 34 c"


def test_a_score_tells_hits_and_what_they_were_worth() -> None:
    on_average = "each time on average"

    assert (
        score_words(GOOD) == f"right 9 of 12 times in 30 days, 21 c saved {on_average}"
    )
    assert score_words(BAD) == f"right 4 of 12 times in 30 days, 3 c lost {on_average}"
    assert score_words(Score("Dryer", 2)) == "no advice to judge in 30 days"


@pytest.mark.parametrize(
    ("amount_aud", "words"),
    [
        (0.004, "0 c"),
        (-0.004, "0 c"),
        (0.06, "6 c"),
        (0.994, "99 c"),
        (0.996, "$1.00"),
        (-1.2, "\N{MINUS SIGN}$1.20"),
    ],
)
def test_amounts_are_cents_and_from_a_dollar_on_dollars(
    amount_aud: float, words: str
) -> None:
    assert cents_words(amount_aud) == words


# Each kettle 6 c


def test_an_everyday_action_is_told_now_and_in_the_cheapest_hour() -> None:
    cheapest = CheapestRun(NOON + HOUR, NOON + 2 * HOUR, 20.0)
    dishwasher = WAIT.appliance

    kettle, oven, heater = everyday_costs([dishwasher, *EVERYDAY], 60.0, cheapest)

    # 0.1, 1 and 2 kWh at 60 and at 20 c.
    told = [(cost.now_aud, cost.cheapest_aud) for cost in (kettle, oven, heater)]
    assert told == [
        pytest.approx((0.06, 0.02)),
        pytest.approx((0.60, 0.20)),
        pytest.approx((1.20, 0.40)),
    ]
    assert everyday_words(kettle, SYDNEY) == "Kettle 6 c now, 2 c at 1:00 pm"
    assert everyday_words(heater, SYDNEY) == (
        "Heater for an hour $1.20 now, 40 c at 1:00 pm"
    )


@pytest.mark.parametrize("cheapest", [None, CheapestRun(NOON, NOON + HOUR, 60.0)])
def test_without_a_cheaper_hour_only_now_is_told(cheapest: CheapestRun | None) -> None:
    kettle, *_ = everyday_costs(EVERYDAY, 60.0, cheapest)

    assert kettle.now_aud == pytest.approx(0.06)
    assert (kettle.cheapest_aud, kettle.cheapest_start) == (None, None)
    assert everyday_words(kettle, SYDNEY) == "Kettle 6 c now"


def test_the_same_cents_are_told_once() -> None:
    near = EverydayCost("Kettle", 0.062, 0.059, NOON + HOUR)

    assert everyday_words(near, SYDNEY) == "Kettle 6 c now"
