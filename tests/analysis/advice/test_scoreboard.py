"""Advice against the final prices."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.analysis.advice.priced import (
    HALF_HOUR,
    HOUR,
    MINUTE,
    NOON,
    final_prices,
)

from home_energy.analysis.advice.scoreboard import (
    Score,
    recent_advice,
    score_due,
    score_of,
)
from home_energy.domain.advice import GivenAdvice
from home_energy.domain.price import Channel, Price, Quality
from home_energy.store import Store

DAY = timedelta(days=1)
GIVEN = GivenAdvice(
    appliance="Dryer",
    kw=2.0,
    minutes=45,
    issued_at=NOON + 10 * MINUTE,
    start=NOON + HOUR,
    deadline=NOON + 3 * HOUR,
    cost_now_aud=0.50,
    cost_then_aud=0.20,
    highest_cost_then_aud=0.30,
)
LATER = NOON + 2 * HOUR


def _saved(store: Store, site_key: int) -> list[float | None]:
    found = recent_advice(store, site_key, NOON + DAY)
    return [advice.real_saving_aud for advice in found]


# What following it came to


def test_following_is_compared_with_starting_at_once(
    store: Store, site_key: int
) -> None:
    store.advice.keep(site_key, GIVEN)
    store.prices.save(site_key, final_prices(42.0, 24.0, 12.0, 18.0), LATER)

    assert score_due(store, site_key, LATER) == 1

    # At once: 20 minutes at 42 and 25 at 24, 1440 c min/kWh; then: 30 at 12 and 15
    # at 18, 630. (1440 - 630) / 60 hours x 2 kW = 27 c.
    assert _saved(store, site_key) == pytest.approx([0.27])


def test_a_forecast_that_was_wrong_is_a_loss(store: Store, site_key: int) -> None:
    store.advice.keep(site_key, GIVEN)
    store.prices.save(site_key, final_prices(10.0, 10.0, 30.0, 30.0), LATER)

    score_due(store, site_key, LATER)

    # 45 minutes of 2 kW are 1.5 kWh: 15 c at once, 45 c then.
    assert _saved(store, site_key) == pytest.approx([-0.30])
    assert score_of("Dryer", recent_advice(store, site_key, LATER)).hit_count == 0


@pytest.mark.parametrize(
    "prices",
    [
        (42.0, None, 12.0, 18.0),  # of the run at once
        (None, 24.0, 12.0, 18.0),
        (42.0, 24.0, 12.0, None),  # of the advised run
        (42.0, 24.0, None, 18.0),
        (),
    ],
)
def test_without_every_final_price_it_is_not_scored_yet(
    store: Store, site_key: int, prices: tuple[float | None, ...]
) -> None:
    store.advice.keep(site_key, GIVEN)
    store.prices.save(site_key, final_prices(*prices), LATER)

    assert score_due(store, site_key, LATER) == 0

    score = score_of("Dryer", recent_advice(store, site_key, LATER))
    assert (score.given_count, score.scored_count) == (1, 0)
    assert (score.hit_fraction, score.mean_real_saving_aud) == (None, None)


def test_a_price_that_comes_late_scores_it_after_all(
    store: Store, site_key: int
) -> None:
    store.advice.keep(site_key, GIVEN)
    store.prices.save(site_key, final_prices(42.0, 24.0, 12.0), LATER)
    score_due(store, site_key, LATER)

    store.prices.save(site_key, final_prices(42.0, 24.0, 12.0, 18.0), LATER)

    assert score_due(store, site_key, LATER + HOUR) == 1
    assert score_due(store, site_key, LATER + HOUR) == 0  # once


def test_an_estimate_scores_nothing(store: Store, site_key: int) -> None:
    store.advice.keep(site_key, GIVEN)
    rows = final_prices(42.0, 24.0, 12.0)
    start = NOON + 3 * HALF_HOUR
    rows += final_prices(18.0, start=start, quality=Quality.ESTIMATE)
    store.prices.save(site_key, rows, LATER)

    assert score_due(store, site_key, LATER) == 0


def test_other_channels_score_nothing(store: Store, site_key: int) -> None:
    store.advice.keep(site_key, GIVEN)
    rows = [
        replace(price, channel=Channel.FEED_IN)
        for price in final_prices(42.0, 24.0, 12.0, 18.0)
    ]
    store.prices.save(site_key, rows, LATER)

    assert score_due(store, site_key, LATER) == 0


def test_it_is_scored_when_its_run_would_be_over(store: Store, site_key: int) -> None:
    store.advice.keep(site_key, GIVEN)
    store.prices.save(site_key, final_prices(42.0, 24.0, 12.0, 18.0), LATER)

    assert score_due(store, site_key, NOON + 104 * MINUTE) == 0
    assert score_due(store, site_key, NOON + 105 * MINUTE) == 1  # 1 pm and 45 minutes


def test_five_minute_rows_count_before_the_half_hour_of_another_source(
    store: Store, site_key: int
) -> None:
    given = replace(GIVEN, issued_at=NOON, minutes=30, kw=2.0)  # 1 kWh
    store.advice.keep(site_key, given)
    fives = [
        Price(Channel.GENERAL, NOON + n * 5 * MINUTE, 5, 60.0, Quality.ACTUAL)
        for n in range(6)
    ]
    rows = final_prices(30.0, 30.0, 20.0)  # a half-hour of 30 over the six of 60
    store.prices.save(site_key, [*rows, *fives], LATER)

    score_due(store, site_key, LATER)

    assert _saved(store, site_key) == pytest.approx([0.40])  # 60 - 20, not 30 - 20


# How often that was right


def _scored(*savings_aud: float | None, name: str = "Dryer") -> list[GivenAdvice]:
    return [
        replace(
            GIVEN,
            appliance=name,
            start=NOON + n * HALF_HOUR,
            real_saving_aud=saving_aud,
        )
        for n, saving_aud in enumerate(savings_aud)
    ]


def test_a_score_counts_hits_and_means_of_what_is_scored() -> None:
    others = _scored(-0.99, name="Dishwasher")

    unknown = replace(GIVEN, start=NOON + 9 * HOUR, cost_now_aud=9.0)
    scored = _scored(0.40, -0.10, 0.0, 0.30)

    score = score_of("Dryer", [*scored, unknown, *others])

    # 2 of 4 saved; (40 - 10 + 0 + 30) / 4 = 15 c where 30 were forecast.
    assert score == Score(
        "Dryer",
        5,
        4,
        2,
        pytest.approx(0.30),  # type: ignore[arg-type]
        pytest.approx(0.15),  # type: ignore[arg-type]
    )
    assert score.hit_fraction == 0.5


def test_the_last_thirty_days_count(store: Store, site_key: int) -> None:
    starts = [NOON, NOON + HOUR, NOON + 30 * DAY]
    for start in starts:
        store.advice.keep(site_key, replace(GIVEN, start=start))

    found = recent_advice(store, site_key, NOON + HOUR + 30 * DAY)

    # From exactly thirty days ago; one that starts later than now would not count.
    assert [advice.start for advice in found] == starts[1:]
    assert len(recent_advice(store, site_key, NOON + HOUR)) == 1


@pytest.mark.parametrize(
    ("hits", "scored", "is_withheld"),
    [
        (5, 10, True),
        (6, 10, False),  # three of five are enough
        (0, 9, False),  # too few to tell
        (11, 20, True),
        (12, 20, False),
    ],
)
def test_what_is_wrong_too_often_is_withheld(
    hits: int, scored: int, *, is_withheld: bool
) -> None:
    savings_aud = [0.10] * hits + [-0.01] * (scored - hits)

    score = score_of("Dryer", _scored(*savings_aud, None, None, None))

    assert score.is_too_often_wrong is is_withheld
