"""The ladder of age at its exact edges."""

from datetime import timedelta

import pytest
from tests.domain.sample_prices import NOON, sample_price

from home_energy.domain.freshness import Freshness, price_age
from home_energy.domain.price import Quality

GOOD_UNTIL = NOON + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("age_seconds", "expected"),
    [
        (-300, Freshness.FRESH),
        (0, Freshness.FRESH),
        (90, Freshness.FRESH),
        (90.001, Freshness.UPDATING),
        (360, Freshness.UPDATING),
        (360.001, Freshness.STALE),
        (1800, Freshness.STALE),
        (1800.001, Freshness.OLD),
        (7 * 86400, Freshness.OLD),
    ],
)
def test_confirmed_price_ages_from_the_end_of_its_interval(
    age_seconds: float, expected: Freshness
) -> None:
    now = GOOD_UNTIL + timedelta(seconds=age_seconds)

    age = price_age(sample_price(), NOON + timedelta(seconds=22), now)

    assert age.freshness is expected
    assert age.good_until == GOOD_UNTIL
    assert age.age_seconds == max(0, age_seconds)


@pytest.mark.parametrize(
    ("known_after_seconds", "good_for_seconds"),
    [
        (2, 302),  # known at 12:00:02, good until 12:05:02
        (1600, 1800),  # known at 12:26:40, but the half-hour ends at 12:30
    ],
)
def test_estimate_is_good_for_five_minutes_at_most(
    known_after_seconds: int, good_for_seconds: int
) -> None:
    price = sample_price(quality=Quality.ESTIMATE, duration_minutes=30)
    known_at = NOON + timedelta(seconds=known_after_seconds)
    good_until = NOON + timedelta(seconds=good_for_seconds)

    at_edge = price_age(price, known_at, good_until + timedelta(seconds=90))
    after = price_age(price, known_at, good_until + timedelta(seconds=91))

    assert at_edge.good_until == good_until
    assert at_edge.freshness is Freshness.FRESH
    assert after.freshness is Freshness.UPDATING


def test_no_price_has_no_age() -> None:
    for known_at in (None, NOON):
        age = price_age(None, known_at, NOON)

        assert age.freshness is Freshness.NONE
        assert (age.good_until, age.age_seconds) == (None, None)
        assert not age.may_advise


def test_no_age_is_told_while_no_clock_is_trusted() -> None:
    age = price_age(sample_price(), NOON, None)

    assert age.freshness is Freshness.CHECKING_TIME
    assert age.good_until == GOOD_UNTIL
    assert age.age_seconds is None
    assert not age.may_advise


def test_time_before_the_price_is_not_believed() -> None:
    # A clock two hours slow would call a price of long ago fresh for two hours.
    slow = price_age(sample_price(), NOON, NOON - timedelta(hours=2))
    edge = price_age(sample_price(), NOON, NOON - timedelta(seconds=60))

    assert slow.freshness is Freshness.CHECKING_TIME
    assert slow.age_seconds is None
    assert edge.freshness is Freshness.FRESH  # within what two clocks may differ


@pytest.mark.parametrize(
    ("age_seconds", "may_advise"), [(90, True), (360, True), (361, False)]
)
def test_advice_ends_when_the_price_is_stale(
    age_seconds: int, *, may_advise: bool
) -> None:
    now = GOOD_UNTIL + timedelta(seconds=age_seconds)

    assert price_age(sample_price(), NOON, now).may_advise is may_advise
