"""Forecasts as they were issued: what was known, and when.

A fresh issue is a row of its own. When its block of hours is over, the rows of the
block are packed together into one, which is some ten times smaller.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from home_energy.domain.forecast import Forecast
from home_energy.domain.price import Channel
from home_energy.domain.time_grid import TimeGrid, floor_to_step
from home_energy.errors import DataError
from home_energy.store.database import Database
from home_energy.store.forecast_packing import (
    issued_second,
    pack,
    unpack,
    unpack_newest,
    unpack_newest_at_each,
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

    def known_at_each(
        self, site_key: int, plans: TimeGrid, oldest: timedelta
    ) -> Iterator[list[Forecast]]:
        """Every plan's newest issue that was known at its start, as `latest`.

        Parameters
        ----------
        plans
            Each interval's start is when a plan is made.
        oldest
            An issue given longer before a plan is not used: the list is empty.
        """
        starts_s = [int(start.timestamp()) for start in plans]
        oldest_s = int(oldest.total_seconds())
        per_block = max(BLOCK // plans.step, 1)
        for first in range(0, plans.count, per_block):
            at_s = starts_s[first : first + per_block]
            issues = self._newest_at_each(site_key, at_s, oldest_s)
            issued_s = sorted(issues)
            for moment_s in at_s:
                newest = bisect_right(issued_s, moment_s) - 1
                is_known = newest >= 0 and moment_s - issued_s[newest] <= oldest_s
                yield issues[issued_s[newest]] if is_known else []

    def _newest_at_each(
        self, site_key: int, at_s: list[int], oldest_s: int
    ) -> dict[int, list[Forecast]]:
        """Issues, by their second, that were the newest at any of some instants."""
        singles: dict[int, bytes] = dict(
            self._database.rows(
                "SELECT issued_at_utc_s, packed FROM forecast_issue "
                "WHERE site_key = ? AND issued_at_utc_s BETWEEN ? AND ?",
                (site_key, at_s[0] - oldest_s, at_s[-1]),
            )
        )
        blocks = self._database.rows(
            "SELECT packed FROM forecast_block "
            "WHERE site_key = ? AND start_utc_s > ? AND start_utc_s <= ?",
            (site_key, at_s[0] - oldest_s - _BLOCK_S, at_s[-1]),
        )
        issued_s = sorted(singles)
        newest = {bisect_right(issued_s, moment_s) - 1 for moment_s in at_s} - {-1}
        found = [f for i in newest for f in unpack(singles[issued_s[i]])]
        found += [
            f for (packed,) in blocks for f in unpack_newest_at_each(packed, at_s)
        ]
        issues: dict[int, list[Forecast]] = {}
        for forecast in found:
            of_second = issues.setdefault(issued_second(forecast), [])
            if all(forecast.channel != other.channel for other in of_second):
                of_second.append(forecast)
        return issues

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
