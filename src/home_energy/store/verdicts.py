"""The verdict in force, kept with the price it judges."""

from datetime import UTC, datetime

from home_energy.domain.verdict import Decision, PriceLevels, Verdict, VerdictBasis
from home_energy.store.database import Database


class VerdictTable:
    """Newest decision of every site."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, site_key: int, decision: Decision) -> None:
        """Put a decision in force."""
        levels = decision.levels
        self._database.execute(
            "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                site_key,
                decision.verdict.value,
                decision.basis.value,
                int(decision.since.timestamp()),
                int(decision.decided_at.timestamp()),
                None if levels is None else levels.cheap_below_c_per_kwh,
                None if levels is None else levels.expensive_above_c_per_kwh,
            ),
        )

    def latest(self, site_key: int) -> Decision | None:
        """Decision in force, if there ever was one."""
        row = self._database.row(
            "SELECT verdict, basis, since_utc_s, decided_at_utc_s, "
            "cheap_below_c_per_kwh, expensive_above_c_per_kwh "
            "FROM verdict WHERE site_key = ?",
            (site_key,),
        )
        if row is None:
            return None
        verdict, basis, since_s, decided_s, cheap, expensive = row
        return Decision(
            verdict=Verdict(verdict),
            basis=VerdictBasis(basis),
            since=datetime.fromtimestamp(since_s, UTC),
            decided_at=datetime.fromtimestamp(decided_s, UTC),
            levels=None if cheap is None else PriceLevels(cheap, expensive),
        )
