"""The record of regional rooftop solar: one row for each region and day."""

from collections.abc import Sequence
from datetime import date, datetime

from home_energy.domain.rooftop import RooftopDay
from home_energy.store.database import Database
from home_energy.store.day_merging import DaySaveResult, merged
from home_energy.store.day_packing import (
    day_number,
    day_of,
    pack_values,
    unpack_values,
)


class RooftopDayTable:
    """Rooftop solar of every region in one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, days: Sequence[RooftopDay], known_at: datetime) -> DaySaveResult:
        """Keep days. Twice is once; the market operator's later word stands.

        A missing value never replaces a known one.
        """
        result = DaySaveResult()
        with self._database.transaction():
            for day in days:
                place = (day.region, day_number(day.day))
                row = self._database.row(
                    "SELECT mw FROM rooftop_day WHERE region = ? AND nem_day = ?", place
                )
                old = None if row is None else unpack_values(row[0])
                values, did = merged(old, day.mw)
                result += did
                if did.new_count or did.changed_count:
                    self._database.execute(
                        "INSERT OR REPLACE INTO rooftop_day VALUES (?, ?, ?, ?)",
                        (*place, int(known_at.timestamp()), pack_values(values)),
                    )
        return result

    def days(self, region: str, first: date, last: date) -> list[RooftopDay]:
        """Days on record from `first` to `last`, both included, in order."""
        rows = self._database.rows(
            "SELECT nem_day, mw FROM rooftop_day "
            "WHERE region = ? AND nem_day BETWEEN ? AND ? ORDER BY nem_day",
            (region, day_number(first), day_number(last)),
        )
        return [
            RooftopDay(region, day_of(number), unpack_values(packed))
            for number, packed in rows
        ]

    def regions(self) -> list[str]:
        """Regions with any rooftop solar on record."""
        rows = self._database.rows("SELECT DISTINCT region FROM rooftop_day ORDER BY 1")
        return [row[0] for row in rows]
