"""Booked days of a battery that is not there: each once, and how the last pass went."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from home_energy.domain.price import Quality
from home_energy.domain.shadow_day import ShadowDay, ShadowPass, ShadowSum
from home_energy.errors import StoreError
from home_energy.store import Store

FIRST = date(2026, 11, 1)
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
BOOKED = ShadowDay(
    product="powerwall-3",
    day=FIRST,
    bill_saving_aud=2.5,
    stored_gain_aud=0.75,
    wear_aud=0.125,
    start_stored_kwh=0.0,
    end_stored_kwh=3.5,
    end_worth_aud=0.75,
    issued_fraction=0.5,
    quality=Quality.SUBSTITUTE,
    is_after_hole=False,
    fingerprint="abc",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "home.sqlite")) as opened:
        yield opened


def test_a_day_comes_back_as_it_was_booked(store: Store) -> None:
    published = replace(BOOKED, day=FIRST + DAY, issued_fraction=None)
    store.shadow_days.book(published)
    store.shadow_days.book(BOOKED)

    assert store.shadow_days.days("powerwall-3") == [BOOKED, published]
    assert store.shadow_days.days("powerwall-2") == []


def test_a_day_is_booked_once(store: Store) -> None:
    store.shadow_days.book(BOOKED)

    with pytest.raises(StoreError):
        store.shadow_days.book(replace(BOOKED, bill_saving_aud=9.0))

    assert store.shadow_days.days("powerwall-3") == [BOOKED]


def test_days_are_left_out_from_one_on(store: Store) -> None:
    days = [replace(BOOKED, day=FIRST + n * DAY) for n in range(4)]
    other = replace(BOOKED, product="powerwall-2", day=FIRST + 3 * DAY)
    for day in (*days, other):
        store.shadow_days.book(day)

    assert store.shadow_days.leave_out_from("powerwall-3", FIRST + 2 * DAY) == 2

    assert store.shadow_days.days("powerwall-3") == days[:2]
    assert store.shadow_days.days("powerwall-2") == [other]


def test_the_sum_is_of_bill_and_stored_energy_without_wear(store: Store) -> None:
    lost = replace(
        BOOKED,
        day=FIRST + 5 * DAY,
        bill_saving_aud=-1.0,
        stored_gain_aud=-0.25,
        is_after_hole=True,
    )
    store.shadow_days.book(BOOKED)
    store.shadow_days.book(lost)

    # 2.50 + 0.75 - 1.00 - 0.25, and twice 0.125.
    assert store.shadow_days.sum_of("powerwall-3") == ShadowSum(
        product="powerwall-3",
        first_day=FIRST,
        last_day=FIRST + 5 * DAY,
        day_count=2,
        hole_count=1,
        saving_aud=2.0,
        wear_aud=0.25,
        last_saving_aud=-1.25,
    )


def test_before_the_first_day_there_is_no_sum(store: Store) -> None:
    assert store.shadow_days.sum_of("powerwall-3") is None


def test_the_last_pass_stands(store: Store) -> None:
    assert store.shadow_days.last_pass() is None
    failed = ShadowPass(NOW, "no usage", is_failure=True)
    worked = ShadowPass(NOW + DAY, "1 day booked", is_failure=False)

    store.shadow_days.note_pass(failed)
    assert store.shadow_days.last_pass() == failed
    store.shadow_days.note_pass(worked)

    assert store.shadow_days.last_pass() == worked
