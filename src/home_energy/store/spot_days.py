"""The record of wholesale prices: one row for each region, day and interval."""

from collections.abc import Sequence
from datetime import date, datetime

from home_energy.domain.series import FloatArray
from home_energy.domain.spot import SpotDay
from home_energy.store.database import Database, Row
from home_energy.store.day_merging import DaySaveResult, merged
from home_energy.store.day_packing import (
    day_number,
    day_of,
    pack_values,
    unpack_values,
)


class SpotDayTable:
    """Wholesale prices of every region in one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, days: Sequence[SpotDay], known_at: datetime) -> DaySaveResult:
        """Keep days. Twice is once; the market operator's later word stands.

        A missing price never replaces a known one; what was replaced is kept.
        """
        result = DaySaveResult()
        with self._database.transaction():
            for day in days:
                place = (day.region, day_number(day.day), day.interval_minutes)
                old = self._existing(place)
                values, did = merged(old, day.rrp_aud_per_mwh_ex_gst)
                result += did
                if old is not None and did.changed_count:
                    self._database.execute(
                        "INSERT OR IGNORE INTO spot_day_revision "
                        "VALUES (?, ?, ?, ?, ?)",
                        (*place, int(known_at.timestamp()), pack_values(old)),
                    )
                if old is None or did.new_count or did.changed_count:
                    self._database.execute(
                        "INSERT OR REPLACE INTO spot_day VALUES (?, ?, ?, ?)",
                        (*place, pack_values(values)),
                    )
        return result

    def days(self, region: str, first: date, last: date) -> list[SpotDay]:
        """Days on record from `first` to `last`, both included, in order.

        A day may be there in intervals of both lengths, the shorter first.
        """
        rows = self._database.rows(
            "SELECT region, nem_day, interval_minutes, rrp_aud_per_mwh_ex_gst "
            "FROM spot_day WHERE region = ? AND nem_day BETWEEN ? AND ? "
            "ORDER BY nem_day, interval_minutes",
            (region, day_number(first), day_number(last)),
        )
        return [_to_day(row) for row in rows]

    def regions(self) -> list[str]:
        """Regions with any price on record."""
        rows = self._database.rows("SELECT DISTINCT region FROM spot_day ORDER BY 1")
        return [row[0] for row in rows]

    def span(self, region: str) -> tuple[date, date] | None:
        """First and last day on record; `None` without any."""
        row = self._database.row(
            "SELECT min(nem_day), max(nem_day) FROM spot_day WHERE region = ?",
            (region,),
        )
        if row is None or row[0] is None:
            return None
        return day_of(row[0]), day_of(row[1])

    def _existing(self, place: tuple[str, int, int]) -> FloatArray | None:
        row = self._database.row(
            "SELECT rrp_aud_per_mwh_ex_gst FROM spot_day "
            "WHERE region = ? AND nem_day = ? AND interval_minutes = ?",
            place,
        )
        return None if row is None else unpack_values(row[0])


def _to_day(row: Row) -> SpotDay:
    region, number, minutes, packed = row
    return SpotDay(region, day_of(number), minutes, unpack_values(packed))
