"""A page reads one state of the record while the collector writes."""

from datetime import UTC, datetime
from pathlib import Path

from home_energy.domain.clock import TimeAnchor
from home_energy.store import Store

BEFORE = TimeAnchor(datetime(2026, 1, 1, tzinfo=UTC), 1.0, "boot")
AFTER = TimeAnchor(datetime(2026, 1, 2, tzinfo=UTC), 2.0, "boot")


def test_a_snapshot_does_not_see_what_is_written_meanwhile(
    store: Store, path: Path
) -> None:
    store.sources.save_anchor(BEFORE)
    reader = Store.open_read_only(path)

    with reader.snapshot():
        first = reader.sources.anchor()
        store.sources.save_anchor(AFTER)
        second = reader.sources.anchor()
    third = reader.sources.anchor()
    reader.close()

    assert (first, second, third) == (BEFORE, BEFORE, AFTER)
