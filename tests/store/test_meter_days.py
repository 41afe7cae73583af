"""The record of meter files: once, the later update, never less than was known."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from home_energy.domain.meter_day import NO_QUALITY, Flow, MeterDay, MeterRegister
from home_energy.domain.price import Quality
from home_energy.store import DaySaveResult, Store
from tests.domain.sample_days import DAY, E1, NAN, day_of

KNOWN = datetime(2025, 4, 1, tzinfo=UTC)
LATER = KNOWN + timedelta(days=1)
FIRST_UPDATE = datetime(2025, 3, 2, tzinfo=UTC)
SECOND_UPDATE = datetime(2025, 3, 9, tzinfo=UTC)
B1 = replace(E1, name="B1", flow=Flow.FEED_IN)
NEXT_DAY = date(2025, 3, 2)


def _saved(store: Store, *days: MeterDay, at: datetime = KNOWN) -> DaySaveResult:
    return store.meter_days.save({E1: list(days)}, at)


def _only(store: Store, register: MeterRegister = E1) -> MeterDay:
    (day,) = store.meter_days.days(register, date(1998, 1, 1), date(2100, 1, 1))
    return day


def _revisions(path: Path) -> list[tuple[int, bytes]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT replaced_at_utc_s, kwh FROM meter_day_revision ORDER BY 1"
        ).fetchall()


def _same(first: MeterDay, second: MeterDay) -> bool:
    return (
        first.day == second.day
        and first.interval_minutes == second.interval_minutes
        and np.array_equal(first.kwh, second.kwh, equal_nan=True)
        and np.array_equal(first.quality, second.quality)
        and first.updated_at == second.updated_at
    )


def test_a_day_comes_back_as_it_was_saved(store: Store) -> None:
    kwh = np.linspace(0.0, 0.12345678901234567, 288)
    kwh[7] = NAN
    quality = np.where(np.isnan(kwh), NO_QUALITY, Quality.ACTUAL).astype(np.uint8)
    quality[8] = Quality.SUBSTITUTE
    day = MeterDay(DAY, 5, kwh, quality, FIRST_UPDATE)

    result = _saved(store, day)

    assert result == DaySaveResult(new_count=287)
    assert _same(_only(store), day)


def test_twice_is_once(store: Store, path: Path) -> None:
    _saved(store, day_of(0.5, NAN, 0.25))

    again = _saved(store, day_of(0.5, NAN, 0.25), at=LATER)

    assert again == DaySaveResult(unchanged_count=2)
    assert _revisions(path) == []


def test_a_later_update_wins_whatever_its_quality(store: Store) -> None:
    _saved(store, day_of(0.5, quality=Quality.ACTUAL, updated_at=FIRST_UPDATE))

    result = _saved(
        store, day_of(0.4, quality=Quality.SUBSTITUTE, updated_at=SECOND_UPDATE)
    )

    assert result == DaySaveResult(changed_count=1)
    day = _only(store)
    assert day.kwh[0] == 0.4
    assert day.quality[0] == Quality.SUBSTITUTE
    assert day.updated_at == SECOND_UPDATE


def test_an_earlier_update_that_comes_later_changes_nothing(store: Store) -> None:
    _saved(store, day_of(0.5, quality=Quality.ESTIMATE, updated_at=SECOND_UPDATE))

    result = _saved(store, day_of(0.4, updated_at=FIRST_UPDATE), at=LATER)

    assert result == DaySaveResult(unchanged_count=1)
    assert _only(store).kwh[0] == 0.5
    assert _only(store).updated_at == SECOND_UPDATE


def test_without_update_times_quality_never_falls_and_the_later_save_stands(
    store: Store,
) -> None:
    _saved(store, day_of(0.5, 0.5, quality=Quality.SUBSTITUTE))

    worse = _saved(store, day_of(0.1, 0.1, quality=Quality.ESTIMATE))
    equal = _saved(store, day_of(0.6, quality=Quality.SUBSTITUTE))
    better = _saved(store, day_of(0.7, quality=Quality.ACTUAL))

    assert worse == DaySaveResult(unchanged_count=2)
    assert equal == DaySaveResult(changed_count=1)
    assert better == DaySaveResult(changed_count=1)
    assert list(_only(store).kwh[:2]) == [0.7, 0.5]
    assert list(_only(store).quality[:2]) == [Quality.ACTUAL, Quality.SUBSTITUTE]


def test_missing_never_replaces_known_and_fills_up(store: Store) -> None:
    _saved(store, day_of(0.5, NAN, updated_at=FIRST_UPDATE))

    result = _saved(store, day_of(NAN, 0.3, updated_at=SECOND_UPDATE))

    assert result == DaySaveResult(new_count=1)
    assert list(_only(store).kwh[:2]) == [0.5, 0.3]


def test_what_was_replaced_is_kept(store: Store, path: Path) -> None:
    _saved(store, day_of(0.5, 0.25))

    _saved(store, day_of(0.6), at=LATER)

    ((replaced_at_s, packed),) = _revisions(path)
    assert replaced_at_s == int(LATER.timestamp())
    assert list(np.frombuffer(packed)[:2]) == [0.5, 0.25]


def test_one_file_may_hold_a_day_twice(store: Store) -> None:
    result = _saved(
        store,
        day_of(0.4, updated_at=SECOND_UPDATE),
        day_of(0.5, updated_at=FIRST_UPDATE),
    )

    assert result == DaySaveResult(new_count=1, unchanged_count=1)
    assert _only(store).kwh[0] == 0.4


def test_registers_sources_and_lengths_stand_side_by_side(store: Store) -> None:
    table = replace(E1, source="table:jemena")
    store.meter_days.save({E1: [day_of(0.5)], B1: [day_of(0.2)]}, KNOWN)
    store.meter_days.save({table: [day_of(0.9)]}, KNOWN)
    store.meter_days.save({E1: [day_of(0.1, minutes=5)]}, KNOWN)

    days = store.meter_days.days(E1, DAY, DAY)

    assert store.meter_days.registers() == [B1, E1, table]
    assert [(day.interval_minutes, day.kwh[0]) for day in days] == [(5, 0.1), (30, 0.5)]
    assert _only(store, B1).kwh[0] == 0.2
    assert _only(store, table).kwh[0] == 0.9


def test_days_and_span_are_those_asked_for(store: Store) -> None:
    _saved(store, day_of(0.5), day_of(0.6, day=NEXT_DAY))

    assert [d.day for d in store.meter_days.days(E1, NEXT_DAY, NEXT_DAY)] == [NEXT_DAY]
    assert store.meter_days.span(E1) == (DAY, NEXT_DAY)
    assert store.meter_days.span(B1) is None
    assert store.meter_days.days(B1, DAY, NEXT_DAY) == []


def test_what_a_register_counts_may_be_told_later(store: Store) -> None:
    _saved(store, day_of(0.5))

    store.meter_days.save({replace(E1, flow=Flow.GENERAL): []}, LATER)

    assert store.meter_days.registers() == [replace(E1, flow=Flow.GENERAL)]
    assert _only(store).kwh[0] == 0.5


def test_a_transaction_that_fails_leaves_no_day(store: Store) -> None:
    def fail_after_saving() -> None:
        with store.transaction():
            _saved(store, day_of(0.5))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_saving()

    assert store.meter_days.registers() == []


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store.open(tmp_path_factory.mktemp("days") / "home.sqlite")
    store._database.execute("PRAGMA synchronous=OFF")
    yield store
    store.close()


_NUMBERS = count(1)
_UPDATES = st.lists(st.integers(0, 10**6), min_size=1, max_size=6, unique=True)


def _new_register() -> MeterRegister:
    """Register of its own for each example."""
    return replace(E1, nmi=f"60010{next(_NUMBERS):05}")


@given(updates=_UPDATES, chance=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_whole_days_end_the_same_in_any_order(
    shared_store: Store,
    updates: list[int],
    chance: random.Random,
) -> None:
    # A provider sends whole days, each with its own update time.
    told = [
        day_of(
            float(update),
            rest_kwh=1.0,
            quality=chance.choice((Quality.ESTIMATE, Quality.ACTUAL)),
            updated_at=FIRST_UPDATE + timedelta(seconds=update),
        )
        for update in updates
    ]
    newest = max(told, key=lambda day: day.updated_at or KNOWN)
    register = _new_register()

    for day in chance.sample(told, len(told)):
        shared_store.meter_days.save({register: [day]}, KNOWN)

    assert _same(_only(shared_store, register), newest)


@given(days=st.lists(st.lists(st.booleans(), min_size=4, max_size=4), max_size=5))
@settings(max_examples=40, deadline=None)
def test_what_any_day_knew_is_known(
    shared_store: Store, days: list[list[bool]]
) -> None:
    register = _new_register()
    told = [
        day_of(
            *(0.5 if is_known else NAN for is_known in day),
            updated_at=FIRST_UPDATE + timedelta(days=(number * 7) % 5),
        )
        for number, day in enumerate(days)
    ]

    shared_store.meter_days.save({register: told}, KNOWN)

    expected = [any(column) for column in zip(*days, strict=True)]
    if days:
        known = ~np.isnan(_only(shared_store, register).kwh[:4])
        assert list(known) == expected
