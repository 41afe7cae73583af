"""What a household was told last of each kind of event."""

from datetime import UTC, datetime

from home_energy.domain.notice import EventKind, ToldEvent
from home_energy.store.database import Database


class NotificationTable:
    """One row for each kind of event: by it a restart repeats nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, told: ToldEvent) -> None:
        """Keep what was told, to the second, in place of what was told before."""
        self._database.execute(
            "INSERT OR REPLACE INTO notification VALUES (?, ?, ?, ?)",
            (
                told.kind.value,
                told.is_on,
                int(told.since.timestamp()),
                int(told.told_at.timestamp()),
            ),
        )

    def last_told(self) -> dict[EventKind, ToldEvent]:
        """What was told last of each kind; of the others, nothing was."""
        rows = self._database.rows(
            "SELECT kind, is_on, since_utc_s, told_at_utc_s FROM notification "
            "ORDER BY kind"
        )
        return {
            EventKind(kind): ToldEvent(
                EventKind(kind),
                bool(is_on),
                datetime.fromtimestamp(since_s, UTC),
                datetime.fromtimestamp(told_at_s, UTC),
            )
            for kind, is_on, since_s, told_at_s in rows
        }
