"""Advice as it was given: each start once, and what it came to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from home_energy.domain.advice import GivenAdvice
from home_energy.store import Store
from tests.store.conftest import site

NOON = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
GIVEN = GivenAdvice(
    appliance="Dishwasher",
    kw=1.2,
    minutes=105,
    issued_at=NOON,
    start=NOON + 2 * HOUR,
    deadline=NOON + 5 * HOUR,
    cost_now_aud=0.60,
    cost_then_aud=0.26,
    highest_cost_then_aud=0.31,
)


def test_advice_comes_back_as_it_was_given(store: Store, site_key: int) -> None:
    assert store.advice.keep(site_key, GIVEN)

    found = store.advice.starting_between(site_key, NOON, NOON + 3 * HOUR)
    assert found == [GIVEN]
    assert found[0].forecast_saving_aud == pytest.approx(0.34)  # 0.60 - 0.26
    assert not found[0].is_hit  # nothing is known yet


def test_a_start_that_is_recommended_again_is_kept_once(
    store: Store, site_key: int
) -> None:
    store.advice.keep(site_key, GIVEN)
    again = replace(GIVEN, issued_at=NOON + HOUR, cost_now_aud=0.99)
    later = replace(GIVEN, start=NOON + 3 * HOUR)

    assert not store.advice.keep(site_key, again)
    assert store.advice.keep(site_key, later)

    found = store.advice.starting_between(site_key, NOON, NOON + 4 * HOUR)
    assert found == [GIVEN, later]


def test_each_appliance_and_each_site_has_its_own(store: Store, site_key: int) -> None:
    store.sources.save_sites([site("S2")])
    other_key = store.sources.site_key("S2")
    assert other_key is not None
    dryer = replace(GIVEN, appliance="Dryer")

    for key, advice in ((site_key, GIVEN), (site_key, dryer), (other_key, dryer)):
        assert store.advice.keep(key, advice)

    end = NOON + 3 * HOUR
    assert store.advice.starting_between(site_key, NOON, end) == [GIVEN, dryer]
    assert store.advice.starting_between(other_key, NOON, end) == [dryer]


def test_the_period_is_half_open_and_of_starts(store: Store, site_key: int) -> None:
    store.advice.keep(site_key, GIVEN)

    def count(start: datetime, end: datetime) -> int:
        return len(store.advice.starting_between(site_key, start, end))

    assert count(NOON, GIVEN.start) == 0
    assert count(GIVEN.start, GIVEN.start + HOUR) == 1


def test_what_it_came_to_is_noted_for_it_alone(store: Store, site_key: int) -> None:
    others = [replace(GIVEN, appliance="Dryer"), replace(GIVEN, start=NOON + 3 * HOUR)]
    for advice in (GIVEN, *others):
        store.advice.keep(site_key, advice)

    store.advice.note_real_saving(site_key, GIVEN, 0.05)

    found = store.advice.starting_between(site_key, NOON, NOON + 4 * HOUR)
    assert found == [replace(GIVEN, real_saving_aud=0.05), *others]
    assert [advice.is_hit for advice in found] == [True, False, False]


def test_saving_nothing_or_less_is_no_hit() -> None:
    assert not replace(GIVEN, real_saving_aud=0.0).is_hit
    assert not replace(GIVEN, real_saving_aud=1e-12).is_hit  # rounding, not money
    assert not replace(GIVEN, real_saving_aud=-0.03).is_hit
