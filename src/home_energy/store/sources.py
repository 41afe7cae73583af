"""How the sources are doing, the sites they know, and the time they told."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from home_energy.domain.clock import TimeAnchor
from home_energy.domain.notice import TASK_NOTIFY
from home_energy.domain.price import Channel
from home_energy.domain.site import RetailSite, SiteChannel
from home_energy.store.database import Database
from home_energy.store.utc_seconds import from_utc_s

FAILURE_NOTED_EVERY = timedelta(minutes=5)

TASK_POWER = "power"
"""What sources of live power note themselves by."""

EVENTS_KEPT = 1000
"""Comings and goings on record; at one a day that is years."""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """How one task of one source is doing.

    Parameters
    ----------
    last_success
        When it last worked. [aware UTC]
    failing_since
        First failure since the last success; `None` while it works. [aware UTC]
    last_failure
        Latest failure, also when it works again. [aware UTC]
    failure_kind, failure_message
        Name of the error and what it said; never a token.
    """

    source: str
    task: str
    last_success: datetime | None = None
    failing_since: datetime | None = None
    last_failure: datetime | None = None
    failure_kind: str | None = None
    failure_message: str | None = None

    @property
    def is_of_power(self) -> bool:
        """Whether it is of a source of live power, not of prices."""
        return self.task == TASK_POWER

    @property
    def is_of_prices(self) -> bool:
        """Whether it says how prices come in, not how power or messages do."""
        return self.task not in (TASK_POWER, TASK_NOTIFY)


@dataclass(frozen=True, slots=True)
class SourceEvent:
    """A source that left or returned."""

    at: datetime
    source: str
    task: str
    event: str
    message: str | None


class SourceTable:
    """Sites, states and events of the sources of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save_sites(self, sites: Sequence[RetailSite]) -> None:
        """Keep what the retailer says of its sites. A site is never removed."""
        with self._database.transaction():
            for site in sites:
                self._database.execute(_SITE_UPSERT_SQL, _from_site(site))

    def sites(self) -> list[RetailSite]:
        """Every site that was ever seen."""
        return [
            _to_site(row)
            for row in self._database.rows(
                "SELECT site_id, nmi, status, interval_minutes, network, "
                "active_from, closed_on, channels_json FROM site ORDER BY site_key"
            )
        ]

    def site_key(self, site_id: str) -> int | None:
        """Number under which the store keeps a site."""
        sql = "SELECT site_key FROM site WHERE site_id = ?"
        row = self._database.row(sql, (site_id,))
        return None if row is None else int(row[0])

    def record_success(self, source: str, task: str, at: datetime) -> bool:
        """Note that a task worked; return whether it had been failing."""
        with self._database.transaction():
            status = self.status(source, task)
            returned = status is not None and status.failing_since is not None
            self._database.execute(
                """
                INSERT INTO source_status (source, task, last_success_utc_s)
                VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET
                    last_success_utc_s = excluded.last_success_utc_s,
                    failing_since_utc_s = NULL
                """,
                (source, task, int(at.timestamp())),
            )
            if returned:
                self._add_event(SourceEvent(at, source, task, "returned", None))
        return returned

    def record_failure(
        self, source: str, task: str, at: datetime, error: Exception
    ) -> bool:
        """Note that a task failed; return whether it had been working.

        The same kind of failure again within `FAILURE_NOTED_EVERY` is not written
        anew: an outage of days must not wear out the card.
        """
        kind, message, at_s = type(error).__name__, str(error), int(at.timestamp())
        with self._database.transaction():
            status = self.status(source, task)
            left = status is None or status.failing_since is None
            if status is not None and not left and _is_noted(status, kind, at):
                return False
            self._database.execute(
                """
                INSERT INTO source_status (
                    source, task, failing_since_utc_s, last_failure_utc_s,
                    failure_kind, failure_message)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET
                    failing_since_utc_s =
                        coalesce(failing_since_utc_s, excluded.failing_since_utc_s),
                    last_failure_utc_s = excluded.last_failure_utc_s,
                    failure_kind = excluded.failure_kind,
                    failure_message = excluded.failure_message
                """,
                (source, task, at_s, at_s, kind, message),
            )
            if left:
                self._add_event(SourceEvent(at, source, task, "left", message))
        return left

    def status(self, source: str, task: str) -> SourceStatus | None:
        """How one task is doing; `None` when it was never tried."""
        found = [s for s in self.statuses() if (s.source, s.task) == (source, task)]
        return found[0] if found else None

    def statuses(self) -> list[SourceStatus]:
        """How every task of every source is doing."""
        rows = self._database.rows(
            "SELECT source, task, last_success_utc_s, failing_since_utc_s, "
            "last_failure_utc_s, failure_kind, failure_message "
            "FROM source_status ORDER BY source, task"
        )
        return [
            SourceStatus(
                source=source,
                task=task,
                last_success=from_utc_s(success_s),
                failing_since=from_utc_s(since_s),
                last_failure=from_utc_s(failure_s),
                failure_kind=kind,
                failure_message=message,
            )
            for source, task, success_s, since_s, failure_s, kind, message in rows
        ]

    def events(self, limit: int = 50) -> list[SourceEvent]:
        """Latest comings and goings, newest first."""
        rows = self._database.rows(
            "SELECT at_utc_s, source, task, event, message FROM source_event "
            "ORDER BY event_key DESC LIMIT ?",
            (limit,),
        )
        return [
            SourceEvent(datetime.fromtimestamp(at_s, UTC), source, task, event, message)
            for at_s, source, task, event, message in rows
        ]

    def save_anchor(self, anchor: TimeAnchor) -> None:
        """Keep the last time that a source told."""
        self._database.execute(
            "INSERT OR REPLACE INTO time_anchor VALUES (1, ?, ?, ?)",
            (anchor.server_time.timestamp(), anchor.boottime_seconds, anchor.boot_id),
        )

    def anchor(self) -> TimeAnchor | None:
        """Last time that a source told."""
        row = self._database.row(
            "SELECT server_time_utc_s, boottime_seconds, boot_id FROM time_anchor"
        )
        if row is None:
            return None
        return TimeAnchor(datetime.fromtimestamp(row[0], UTC), row[1], row[2])

    def _add_event(self, event: SourceEvent) -> None:
        self._database.execute(
            "INSERT INTO source_event VALUES (NULL, ?, ?, ?, ?, ?)",
            (
                int(event.at.timestamp()),
                event.source,
                event.task,
                event.event,
                event.message,
            ),
        )
        self._database.execute(
            "DELETE FROM source_event WHERE event_key <= "
            "(SELECT max(event_key) FROM source_event) - ?",
            (EVENTS_KEPT,),
        )


def _is_noted(status: SourceStatus, kind: str, at: datetime) -> bool:
    """Whether this failure stands there already, from a moment ago."""
    if status.last_failure is None or status.failure_kind != kind:
        return False
    return timedelta(0) <= at - status.last_failure < FAILURE_NOTED_EVERY


_SITE_UPSERT_SQL = """
    INSERT INTO site (
        site_id, nmi, status, interval_minutes, network, active_from, closed_on,
        channels_json)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (site_id) DO UPDATE SET
        nmi = excluded.nmi, status = excluded.status,
        interval_minutes = excluded.interval_minutes, network = excluded.network,
        active_from = excluded.active_from, closed_on = excluded.closed_on,
        channels_json = excluded.channels_json
"""


def _from_site(site: RetailSite) -> tuple[str | int | None, ...]:
    channels = [[c.register, c.channel.value, c.network_tariff] for c in site.channels]
    return (
        site.site_id,
        site.nmi,
        site.status,
        site.interval_minutes,
        site.network,
        None if site.active_from is None else site.active_from.isoformat(),
        None if site.closed_on is None else site.closed_on.isoformat(),
        json.dumps(channels),
    )


def _to_site(row: tuple[str | int | None, ...]) -> RetailSite:
    site_id, nmi, status, minutes, network, active_from, closed_on, channels = row
    return RetailSite(
        site_id=str(site_id),
        nmi=str(nmi),
        status=str(status),
        interval_minutes=int(minutes or 0),
        channels=tuple(
            SiteChannel(register, Channel(channel), tariff)
            for register, channel, tariff in json.loads(str(channels))
        ),
        network=None if network is None else str(network),
        active_from=date.fromisoformat(str(active_from)) if active_from else None,
        closed_on=date.fromisoformat(str(closed_on)) if closed_on else None,
    )
