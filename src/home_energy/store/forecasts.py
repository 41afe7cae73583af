"""Forecasts as they were issued: what was known, and when.

A fresh issue is a row of its own. When its block of hours is over, the rows of the
block are packed together into one, which is some ten times smaller.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from home_energy.domain.forecast import Forecast
from home_energy.domain.price import Channel
from home_energy.domain.time_grid import floor_to_step
from home_energy.errors import DataError
from home_energy.store.database import Database
from home_energy.store.forecast_packing import (
    issued_second,
    pack,
    unpack,
    unpack_newest,
)

BLOCK = timedelta(hours=6)
"""Long enough that issues repeat each other, short enough to unpack for one."""

_BLOCK_S = int(BLOCK.total_seconds())


class ForecastTable:
    """Forecasts of every site in one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, site_key: int, forecasts: Sequence[Forecast]) -> None:
        """Keep the forecasts of one issue, all channels together. Twice is once.

        Parameters
        ----------
        forecasts
            One for each channel, all with the same `issued_at`, which is kept to the
            second, rounded up.
        """
        issued = {issued_second(forecast) for forecast in forecasts}
        if len(issued) > 1:
            raise DataError(f"{len(issued)} times of issue in one; save each by itself")
        for issued_s in issued:
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
        issue = self._database.row(
            """
            SELECT issued_at_utc_s, packed FROM forecast_issue
            WHERE site_key = ? AND issued_at_utc_s <= ?
            ORDER BY issued_at_utc_s DESC LIMIT 1
            """,
            (site_key, at_s),
        )
        issue_s, packed = issue or (-_BLOCK_S, None)
        # Only a block that ends after the single issue can hold a newer one. Two of
        # them, for the newer may begin before `at` and hold only later issues.
        blocks = self._database.rows(
            """
            SELECT packed FROM forecast_block
            WHERE site_key = ? AND start_utc_s <= ? AND start_utc_s > ?
            ORDER BY start_utc_s DESC LIMIT 2
            """,
            (site_key, at_s, issue_s - _BLOCK_S),
        )
        for (block,) in blocks:
            known = unpack_newest(block, at_s)
            if known and issued_second(known[0]) >= issue_s:
                return known
        return [] if packed is None else unpack(packed)

    def issued_between(
        self, site_key: int, channel: Channel, start: datetime, end: datetime
    ) -> list[Forecast]:
        """Every issue from `start` up to, not including, `end`, in order."""
        blocks = self._database.rows(
            """
            SELECT packed FROM forecast_block
            WHERE site_key = ? AND start_utc_s > ? AND start_utc_s < ?
            """,
            (site_key, start.timestamp() - _BLOCK_S, end.timestamp()),
        )
        issues = self._database.rows(
            """
            SELECT packed FROM forecast_issue
            WHERE site_key = ? AND issued_at_utc_s >= ? AND issued_at_utc_s < ?
            """,
            (site_key, start.timestamp(), end.timestamp()),
        )
        found = {
            forecast.issued_at: forecast
            for (packed,) in issues + blocks
            for forecast in unpack(packed)
            if forecast.channel == channel and start <= forecast.issued_at < end
        }
        return [found[issued_at] for issued_at in sorted(found)]

    def pack_finished_blocks(self, site_key: int, now: datetime) -> int:
        """Pack the single issues of every block that is over; return how many."""
        open_block_s = floor_to_step(now, BLOCK).timestamp()
        starts = self._database.rows(
            """
            SELECT DISTINCT issued_at_utc_s / ?2 * ?2 FROM forecast_issue
            WHERE site_key = ?1 AND issued_at_utc_s < ?3 ORDER BY 1
            """,
            (site_key, _BLOCK_S, open_block_s),
        )
        return sum(self._pack_block(site_key, start_s) for (start_s,) in starts)

    def _pack_block(self, site_key: int, start_s: int) -> int:
        span = (site_key, start_s, start_s + _BLOCK_S)
        with self._database.transaction():
            issues = self._database.rows(
                "SELECT packed FROM forecast_issue WHERE site_key = ? "
                "AND issued_at_utc_s >= ? AND issued_at_utc_s < ?",
                span,
            )
            earlier = self._database.rows(
                "SELECT packed FROM forecast_block "
                "WHERE site_key = ? AND start_utc_s = ?",
                span[:2],
            )
            # What was packed before stands: an issue that comes twice is once.
            forecasts = {
                (forecast.issued_at, forecast.channel): forecast
                for (packed,) in issues + earlier
                for forecast in unpack(packed)
            }
            self._database.execute(
                "INSERT OR REPLACE INTO forecast_block VALUES (?, ?, ?)",
                (site_key, start_s, pack(list(forecasts.values()))),
            )
            self._database.execute(
                "DELETE FROM forecast_issue WHERE site_key = ? "
                "AND issued_at_utc_s >= ? AND issued_at_utc_s < ?",
                span,
            )
        return len(issues)
