"""What the live sources deliver waits within a bound, whole and in order."""

import threading
from datetime import UTC, datetime, timedelta

from home_energy.domain.power import Stream
from home_energy.ingestion.power.inbox import (
    Counted,
    Heard,
    PowerInbox,
    PowerItem,
    Trouble,
    Works,
)

NOON = datetime(2026, 1, 15, 1, 0, tzinfo=UTC)


def heard(second: int, watts: float = 500.0, source: str = "a") -> Heard:
    return Heard(source, Stream.GRID, NOON + timedelta(seconds=second), watts)


def watts_of(items: list[PowerItem]) -> list[float]:
    return [item.watts for item in items if isinstance(item, Heard)]


def test_what_was_put_is_taken_once_and_in_order() -> None:
    inbox = PowerInbox()
    inbox.put(heard(0))
    inbox.put(Counted("b", Stream.SOLAR, NOON, 12_000.0))
    inbox.put(heard(1))

    taken, again = inbox.take(), inbox.take()

    assert taken == [heard(0), Counted("b", Stream.SOLAR, NOON, 12_000.0), heard(1)]
    assert again == []


def test_a_flood_drops_the_oldest_and_counts_them() -> None:
    inbox = PowerInbox(most_readings=3)

    for second in range(5):
        inbox.put(heard(second, watts=float(second)))

    assert inbox.dropped_count == 2
    assert watts_of(inbox.take()) == [2.0, 3.0, 4.0]


def test_the_dropped_stay_counted_after_taking() -> None:
    inbox = PowerInbox(most_readings=1)
    inbox.put(heard(0))
    inbox.put(heard(1))
    inbox.take()

    inbox.put(heard(2))

    assert inbox.dropped_count == 1


def test_no_flood_pushes_out_how_a_source_does() -> None:
    inbox = PowerInbox(most_readings=2)
    inbox.put(Trouble("broker", "refused"))

    for second in range(10):
        inbox.put(heard(second))

    assert inbox.take()[0] == Trouble("broker", "refused")


def test_of_a_source_that_comes_and_goes_only_the_newest_state_waits() -> None:
    inbox = PowerInbox()

    for _ in range(1000):
        inbox.put(Trouble("broker", "gone"))
        inbox.put(Works("broker"))
    inbox.put(Trouble("meter", "silent"))

    assert inbox.take() == [Works("broker"), Trouble("meter", "silent")]


def test_nothing_is_lost_or_doubled_between_threads() -> None:
    inbox = PowerInbox(most_readings=100_000)
    taken: list[PowerItem] = []

    def deliver(name: str) -> None:
        for n in range(2000):
            inbox.put(heard(0, float(n), name))

    threads = [threading.Thread(target=deliver, args=(name,)) for name in "abcd"]

    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        taken += inbox.take()
    taken += inbox.take()

    by_source = {
        name: [i.watts for i in taken if isinstance(i, Heard) and i.source == name]
        for name in "abcd"
    }
    assert inbox.dropped_count == 0
    assert all(by_source[name] == [float(n) for n in range(2000)] for name in "abcd")
