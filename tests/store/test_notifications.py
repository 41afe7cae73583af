"""What a household was told last, kept over a restart."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from home_energy.domain.notice import EventKind, ToldEvent
from home_energy.store import Store

NOON = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
TOLD = ToldEvent(EventKind.SPIKE, is_on=True, since=NOON, told_at=NOON)


def test_nothing_was_told_at_first(store: Store) -> None:
    assert store.notifications.last_told() == {}


def test_the_last_word_on_each_kind_stands(store: Store) -> None:
    over = replace(TOLD, is_on=False, told_at=NOON + timedelta(minutes=20))
    demand = replace(TOLD, kind=EventKind.DEMAND)

    for told in (TOLD, demand, over):
        store.notifications.note(told)

    assert store.notifications.last_told() == {
        EventKind.SPIKE: over,
        EventKind.DEMAND: demand,
    }
