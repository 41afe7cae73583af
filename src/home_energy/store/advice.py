"""Advice to wait, each start once for an appliance, and what following it came to."""

from datetime import UTC, datetime

from home_energy.domain.advice import GivenAdvice
from home_energy.store.database import Database, Row

_COLUMNS = (
    "start_utc_s, appliance, kw, minutes, issued_at_utc_s, deadline_utc_s, "
    "cost_now_aud, cost_then_aud, highest_cost_then_aud, real_saving_aud"
)


class AdviceTable:
    """Advice of every site in one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, site_key: int, advice: GivenAdvice) -> bool:
        """Keep advice, to the second; return whether its start is a new one.

        However often a start is recommended, the first time stands.
        """
        kept_count = self._database.execute(
            f"INSERT OR IGNORE INTO advice (site_key, {_COLUMNS}) "  # noqa: S608
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                site_key,
                int(advice.start.timestamp()),
                advice.appliance,
                advice.kw,
                advice.minutes,
                int(advice.issued_at.timestamp()),
                int(advice.deadline.timestamp()),
                advice.cost_now_aud,
                advice.cost_then_aud,
                advice.highest_cost_then_aud,
                advice.real_saving_aud,
            ),
        )
        return kept_count > 0

    def note_real_saving(
        self, site_key: int, advice: GivenAdvice, real_saving_aud: float
    ) -> None:
        """Keep what following an advice came to. [AUD]"""
        self._database.execute(
            "UPDATE advice SET real_saving_aud = ? "
            "WHERE site_key = ? AND start_utc_s = ? AND appliance = ?",
            (
                real_saving_aud,
                site_key,
                int(advice.start.timestamp()),
                advice.appliance,
            ),
        )

    def starting_between(
        self, site_key: int, start: datetime, end: datetime
    ) -> list[GivenAdvice]:
        """Advice of which the start lies in a period, in order of start and name."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM advice "  # noqa: S608 - our own names
            "WHERE site_key = ? AND start_utc_s >= ? AND start_utc_s < ? "
            "ORDER BY start_utc_s, appliance",
            (site_key, start.timestamp(), end.timestamp()),
        )
        return [_to_advice(row) for row in rows]


def _to_advice(row: Row) -> GivenAdvice:
    start_s, appliance, kw, minutes, issued_s, deadline_s, now_aud, *rest = row
    then_aud, highest_aud, real_saving_aud = rest
    return GivenAdvice(
        appliance=appliance,
        kw=kw,
        minutes=minutes,
        issued_at=datetime.fromtimestamp(issued_s, UTC),
        start=datetime.fromtimestamp(start_s, UTC),
        deadline=datetime.fromtimestamp(deadline_s, UTC),
        cost_now_aud=now_aud,
        cost_then_aud=then_aud,
        highest_cost_then_aud=highest_aud,
        real_saving_aud=real_saving_aud,
    )
