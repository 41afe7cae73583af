"""Forecasts as they were issued: what was known, and when.

A fresh issue is a row of its own. When its block of hours is over, the rows of the
block are packed together into one, which is some ten times smaller.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from home_energy.domain.forecast import Forecast
from home_energy.domain.price import Channel
from home_energy.domain.time_grid import floor_to_step
from home_energy.store.database import Database
from home_energy.store.forecast_packing import pack, unpack

BLOCK = timedelta(hours=6)
"""Long enough that issues repeat each other, short enough to unpack for one."""


class ForecastTable:
    """Forecasts of every site in one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, site_key: int, forecasts: Sequence[Forecast]) -> None:
        """Keep the forecasts of one issue, all channels together. Twice is once.

        Parameters
        ----------
        forecasts
            One for each channel, all with the same `issued_at`.
        """
        if not forecasts:
            return
        issued_s = int(forecasts[0].issued_at.timestamp())
        self._database.execute(
            "INSERT OR IGNORE INTO forecast_issue VALUES (?, ?, ?)",
            (site_key, issued_s, pack(forecasts)),
        )

    def latest(self, site_key: int, at: datetime | None = None) -> list[Forecast]:
        """Newest issue, or the newest that was known `at` an instant.

        Returns
        -------
        list of Forecast
            One for each channel; empty when there is none.
        """
        at_s = int((at or datetime.max.replace(tzinfo=UTC)).timestamp())
        # Two blocks, for the newer one may begin before `at` and issue only after.
        packed = self._database.rows(
            """
            SELECT packed FROM (
                SELECT * FROM forecast_issue
                WHERE site_key = ?1 AND issued_at_utc_s <= ?2
                ORDER BY issued_at_utc_s DESC LIMIT 1)
            UNION ALL
            SELECT packed FROM (
                SELECT * FROM forecast_block
                WHERE site_key = ?1 AND start_utc_s <= ?2
                ORDER BY start_utc_s DESC LIMIT 2)
            """,
            (site_key, at_s),
        )
        for (block,) in packed:
            known = [f for f in unpack(block) if f.issued_at.timestamp() <= at_s]
            if known:
                return [f for f in known if f.issued_at == known[-1].issued_at]
        return []

    def issued_between(
        self, site_key: int, channel: Channel, start: datetime, end: datetime
    ) -> list[Forecast]:
        """Every issue from `start` up to, not including, `end`, in order."""
        blocks = self._database.rows(
            """
            SELECT packed FROM forecast_block
            WHERE site_key = ? AND start_utc_s > ? AND start_utc_s < ?
            """,
            (site_key, (start - BLOCK).timestamp(), end.timestamp()),
        )
        issues = self._database.rows(
            """
            SELECT packed FROM forecast_issue
            WHERE site_key = ? AND issued_at_utc_s >= ? AND issued_at_utc_s < ?
            """,
            (site_key, start.timestamp(), end.timestamp()),
        )
        found = [
            forecast
            for (packed,) in blocks + issues
            for forecast in unpack(packed)
            if forecast.channel == channel and start <= forecast.issued_at < end
        ]
        return sorted(found, key=lambda forecast: forecast.issued_at)

    def pack_finished_blocks(self, site_key: int, now: datetime) -> int:
        """Pack the single issues of every block that is over; return how many."""
        open_block_s = floor_to_step(now, BLOCK).timestamp()
        rows = self._database.rows(
            """
            SELECT issued_at_utc_s, packed FROM forecast_issue
            WHERE site_key = ? AND issued_at_utc_s < ?
            """,
            (site_key, open_block_s),
        )
        blocks: dict[int, list[bytes]] = {}
        block_s = int(BLOCK.total_seconds())
        for issued_s, packed in rows:
            blocks.setdefault(issued_s // block_s * block_s, []).append(packed)
        for start_s, packed_issues in blocks.items():
            self._pack_block(site_key, start_s, packed_issues)
        return len(rows)

    def _pack_block(
        self, site_key: int, start_s: int, packed_issues: list[bytes]
    ) -> None:
        end_s = start_s + int(BLOCK.total_seconds())
        with self._database.transaction():
            earlier = self._database.row(
                "SELECT packed FROM forecast_block "
                "WHERE site_key = ? AND start_utc_s = ?",
                (site_key, start_s),
            )
            sources = packed_issues if earlier is None else [earlier[0], *packed_issues]
            forecasts = [f for packed in sources for f in unpack(packed)]
            self._database.execute(
                "INSERT OR REPLACE INTO forecast_block VALUES (?, ?, ?)",
                (site_key, start_s, pack(forecasts)),
            )
            self._database.execute(
                "DELETE FROM forecast_issue WHERE site_key = ? "
                "AND issued_at_utc_s >= ? AND issued_at_utc_s < ?",
                (site_key, start_s, end_s),
            )
