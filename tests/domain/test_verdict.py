"""Cheap, normal, expensive: each rule by hand."""

from datetime import timedelta

import numpy as np
import pytest
from tests.domain.sample_prices import (
    FIVE_MINUTES,
    HALF_HOUR,
    NOON,
    forecast_of,
    half_hours,
    sample_price,
)

from home_energy.domain.price import PriceContext, Quality
from home_energy.domain.verdict import (
    CheapestRun,
    Decision,
    PriceLevels,
    Verdict,
    VerdictBasis,
    cheapest_run,
    decide,
    price_levels,
)

LEVELS = PriceLevels(cheap_below_c_per_kwh=20.0, expensive_above_c_per_kwh=40.0)
SETTLED = NOON + timedelta(seconds=24)
SPIKE = PriceContext(spike_status="spike")


def _held(verdict: Verdict, for_minutes: float = 20.0) -> Decision:
    since = SETTLED - timedelta(minutes=for_minutes)
    decided_at = SETTLED - FIVE_MINUTES
    return Decision(verdict, VerdictBasis.OWN_HISTORY, since, decided_at, LEVELS)


def _verdict(
    c_per_kwh: float,
    previous: Decision | None = None,
    levels: PriceLevels | None = LEVELS,
    context: PriceContext = PriceContext(),  # noqa: B008 - frozen
) -> Verdict | None:
    price = sample_price(c_per_kwh, context=context)
    decision = decide(previous, price, SETTLED, levels, None)
    return None if decision is None else decision.verdict


# Levels


def test_levels_are_the_30th_and_80th_percentile() -> None:
    # 2,101 prices evenly from 10 to 60: 30 % of the way is 25, 80 % is 50.
    levels = price_levels(np.linspace(10.0, 60.0, 2101))

    assert levels is not None
    assert levels.cheap_below_c_per_kwh == pytest.approx(25.0, abs=1e-9)
    assert levels.expensive_above_c_per_kwh == pytest.approx(50.0, abs=1e-9)


@pytest.mark.parametrize(("count", "is_enough"), [(2015, False), (2016, True)])
def test_levels_need_seven_days(count: int, *, is_enough: bool) -> None:
    assert (price_levels(np.full(count, 30.0)) is not None) is is_enough


def test_five_cents_is_always_cheap_and_a_dollar_always_expensive() -> None:
    assert price_levels(np.full(2016, -3.0)) == PriceLevels(5.0, 5.0)
    assert price_levels(np.linspace(0.0, 2000.0, 2016)) == PriceLevels(600.0, 600.0)
    assert _verdict(99.9, levels=PriceLevels(600.0, 600.0)) is Verdict.CHEAP
    assert _verdict(100.0, levels=PriceLevels(600.0, 600.0)) is Verdict.EXPENSIVE


def test_flat_price_is_neither_cheap_nor_expensive() -> None:
    levels = price_levels(np.full(2016, 30.0))

    assert levels == PriceLevels(30.0, 30.0)
    assert _verdict(30.0, levels=levels) is Verdict.NORMAL


@pytest.mark.parametrize(
    ("c_per_kwh", "expected"),
    [
        (-5.0, Verdict.CHEAP),
        (20.0, Verdict.CHEAP),
        (20.1, Verdict.NORMAL),
        (39.9, Verdict.NORMAL),
        (40.0, Verdict.EXPENSIVE),
        (2030.0, Verdict.EXPENSIVE),
    ],
)
def test_plain_verdict_at_the_levels(c_per_kwh: float, expected: Verdict) -> None:
    assert _verdict(c_per_kwh) is expected


# Hysteresis and hold


@pytest.mark.parametrize(
    ("previous", "c_per_kwh", "expected"),
    [
        # The margin is 1 c at 20 c (4 % would be 0.8) and 1.6 c at 40 c.
        (Verdict.CHEAP, 21.0, Verdict.CHEAP),
        (Verdict.CHEAP, 21.1, Verdict.NORMAL),
        (Verdict.NORMAL, 20.1, Verdict.NORMAL),
        (Verdict.EXPENSIVE, 38.4, Verdict.EXPENSIVE),
        (Verdict.EXPENSIVE, 38.3, Verdict.NORMAL),
        (Verdict.NORMAL, 39.9, Verdict.NORMAL),
    ],
)
def test_verdict_is_left_only_by_more_than_the_margin(
    previous: Verdict, c_per_kwh: float, expected: Verdict
) -> None:
    assert _verdict(c_per_kwh, _held(previous)) is expected


@pytest.mark.parametrize(
    ("held_minutes", "expected"), [(9.99, Verdict.NORMAL), (10.0, Verdict.CHEAP)]
)
def test_verdict_holds_for_ten_minutes(held_minutes: float, expected: Verdict) -> None:
    assert _verdict(10.0, _held(Verdict.NORMAL, held_minutes)) is expected


def test_since_is_kept_while_the_verdict_stays_and_new_when_it_turns() -> None:
    before = _held(Verdict.NORMAL)

    same = decide(before, sample_price(30.0), SETTLED, LEVELS, None)
    turned = decide(before, sample_price(10.0), SETTLED, LEVELS, None)

    assert same is not None
    assert turned is not None
    assert (same.since, same.decided_at) == (before.since, SETTLED)
    assert (turned.since, turned.decided_at) == (SETTLED, SETTLED)


@pytest.mark.parametrize("off", [timedelta(minutes=31), -timedelta(minutes=31)])
def test_decision_far_from_now_holds_nothing(off: timedelta) -> None:
    # Also one from the future: it was made by a clock that was wrong.
    decided_at = SETTLED - off
    far = Decision(
        Verdict.NORMAL, VerdictBasis.OWN_HISTORY, decided_at, decided_at, LEVELS
    )

    assert _verdict(10.0, far) is Verdict.CHEAP


@pytest.mark.parametrize(
    ("seconds_in", "expected"), [(89, Verdict.NORMAL), (90, Verdict.CHEAP)]
)
def test_estimate_turns_the_verdict_only_when_confirmation_is_late(
    seconds_in: int, expected: Verdict
) -> None:
    estimate = sample_price(10.0, quality=Quality.ESTIMATE)
    known_at = NOON + timedelta(seconds=seconds_in)

    decision = decide(_held(Verdict.NORMAL), estimate, known_at, LEVELS, None)

    assert decision is not None
    assert decision.verdict is expected


def test_first_decision_may_rest_on_an_estimate() -> None:
    estimate = sample_price(10.0, quality=Quality.ESTIMATE)

    decision = decide(None, estimate, NOON + timedelta(seconds=2), LEVELS, None)

    assert decision is not None
    assert decision.verdict is Verdict.CHEAP


@pytest.mark.parametrize(
    ("c_per_kwh", "context"), [(100.0, PriceContext()), (30.0, SPIKE)]
)
def test_spike_turns_the_verdict_at_once(
    c_per_kwh: float, context: PriceContext
) -> None:
    estimate = sample_price(c_per_kwh, quality=Quality.ESTIMATE, context=context)
    just_turned = _held(Verdict.CHEAP, for_minutes=1)

    decision = decide(just_turned, estimate, NOON + timedelta(seconds=2), LEVELS, None)

    assert decision is not None
    assert decision.verdict is Verdict.EXPENSIVE


# The retailer's word


@pytest.mark.parametrize(
    ("descriptor", "expected"),
    [
        ("negative", Verdict.CHEAP),
        ("extremelyLow", Verdict.CHEAP),
        ("veryLow", Verdict.CHEAP),
        ("low", Verdict.NORMAL),
        ("neutral", Verdict.NORMAL),
        ("high", Verdict.EXPENSIVE),
        ("spike", Verdict.EXPENSIVE),
        ("aWordOfNextYear", None),
        (None, None),
    ],
)
def test_without_history_the_retailers_word_counts(
    descriptor: str | None, expected: Verdict | None
) -> None:
    context = PriceContext(descriptor=descriptor)

    assert _verdict(30.0, levels=None, context=context) is expected


def test_basis_says_what_the_verdict_rests_on() -> None:
    word = sample_price(30.0, context=PriceContext(descriptor="low"))

    own = decide(None, sample_price(30.0), SETTLED, LEVELS, None)
    retailer = decide(None, word, SETTLED, None, None)

    assert own is not None
    assert (own.basis, own.levels) == (VerdictBasis.OWN_HISTORY, LEVELS)
    assert retailer is not None
    assert retailer.basis is VerdictBasis.RETAILER_DESCRIPTOR
    assert retailer.levels is None


@pytest.mark.parametrize(
    ("c_per_kwh", "context"),
    [
        (1930.0, PriceContext()),
        (1930.0, PriceContext(descriptor="aWordOfNextYear")),
        (1930.0, PriceContext(descriptor="neutral")),
        (30.0, SPIKE),
    ],
)
def test_spike_is_expensive_before_there_is_any_history(
    c_per_kwh: float, context: PriceContext
) -> None:
    assert _verdict(c_per_kwh, levels=None, context=context) is Verdict.EXPENSIVE


# Looking ahead


def _ahead(c_per_kwh: float, coming: list[float | None]) -> Verdict | None:
    decision = decide(
        None, sample_price(c_per_kwh), SETTLED, LEVELS, forecast_of(coming)
    )
    return None if decision is None else decision.verdict


@pytest.mark.parametrize(
    ("coming_c_per_kwh", "expected"),
    [
        (12.9, Verdict.NORMAL),  # 5.1 c less: worth waiting for
        (13.0, Verdict.NORMAL),  # exactly 5 c
        (13.1, Verdict.CHEAP),  # 4.9 c less: start now
    ],
)
def test_cheap_is_softened_when_waiting_is_worth_it(
    coming_c_per_kwh: float, expected: Verdict
) -> None:
    # 18 c is cheap; worth waiting is the more of 5 c and a quarter, 4.5 c.
    assert _ahead(18.0, [30.0, 30.0, coming_c_per_kwh, coming_c_per_kwh]) is expected


def test_five_cents_is_cheap_whatever_comes() -> None:
    assert _ahead(5.0, [-100.0] * 24) is Verdict.CHEAP


@pytest.mark.parametrize(
    ("coming", "expected"),
    [
        ([50.0] * 24, Verdict.NORMAL),  # nothing better in 12 h
        ([50.0] * 12, Verdict.NORMAL),  # nothing better in 6 h
        ([50.0] * 11, Verdict.EXPENSIVE),  # known for 5.5 h only
        ([50.0] * 23 + [44.9], Verdict.EXPENSIVE),  # relief in the last half-hour
        ([50.0] * 24 + [10.0], Verdict.NORMAL),  # relief, but later than 12 h
        ([], Verdict.EXPENSIVE),
    ],
)
def test_expensive_is_softened_only_without_relief_in_sight(
    coming: list[float | None], expected: Verdict
) -> None:
    assert _ahead(45.0, coming) is expected


@pytest.mark.parametrize(
    "coming",
    [
        [None] * 23 + [50.0],  # one point half a day ahead
        [None, *[50.0] * 23],  # nothing is known of the next half-hour
        [50.0] * 11 + [None] + [50.0] * 12,
    ],
)
def test_hole_in_the_forecast_is_not_taken_for_no_relief(
    coming: list[float | None],
) -> None:
    assert _ahead(45.0, coming) is Verdict.EXPENSIVE


def test_spike_is_not_softened() -> None:
    assert _ahead(150.0, [2000.0] * 24) is Verdict.EXPENSIVE


# The cheapest hour


def test_cheapest_hour_by_hand() -> None:
    points = half_hours([30.0, 20.0, 10.0, 18.0, 40.0], NOON)

    run = cheapest_run(points, NOON)

    # Means of two half-hours: 25, 15, 14, 29.
    assert run == CheapestRun(NOON + 2 * HALF_HOUR, NOON + 4 * HALF_HOUR, 14.0)


def test_cheapest_hour_prefers_the_retailers_prediction() -> None:
    points = half_hours([10.0, 10.0, 30.0, 30.0], NOON)
    predicted = tuple(
        type(p)(p.start, 30, p.c_per_kwh, predicted_c_per_kwh=40 - p.c_per_kwh)
        for p in points
    )

    run = cheapest_run(predicted, NOON)

    assert run is not None
    assert run.start == NOON + 2 * HALF_HOUR
    assert run.c_per_kwh == 10.0


def test_cheapest_hour_weighs_by_time() -> None:
    five = half_hours([None], NOON) + tuple(
        type(p)(NOON + i * FIVE_MINUTES, 5, 12.0)
        for i, p in enumerate(half_hours([0.0] * 6, NOON))
    )
    rest = half_hours([24.0, 99.0], NOON + HALF_HOUR)

    run = cheapest_run(five + rest, NOON)

    # Thirty minutes at 12 c and thirty at 24 c.
    assert run == CheapestRun(NOON, NOON + 2 * HALF_HOUR, 18.0)


def test_hole_never_becomes_the_cheapest_hour() -> None:
    points = half_hours([30.0, 30.0, 1.0, None, 1.0, 30.0], NOON)

    run = cheapest_run(points, NOON)

    # 1 c stands alone on both sides of the hole; whole hours: 30, 15.5 and 15.5.
    assert run is not None
    assert run.c_per_kwh == 15.5
    assert run.start == NOON + HALF_HOUR


def test_no_whole_hour_is_no_cheapest_hour() -> None:
    assert cheapest_run((), NOON) is None
    assert cheapest_run(half_hours([1.0], NOON), NOON) is None
    assert cheapest_run(half_hours([1.0, None, 1.0], NOON), NOON) is None


def test_hours_past_or_beyond_twelve_hours_do_not_count() -> None:
    points = half_hours([0.0, 0.0, *[30.0] * 24, 0.0, 0.0, 0.0], NOON - 2 * HALF_HOUR)

    run = cheapest_run(points, NOON)

    # The last start within 12 h is 23:30: one half-hour at 30 c and one at 0 c.
    assert run is not None
    assert run.start == NOON + 23 * HALF_HOUR
    assert run.c_per_kwh == 15.0
