"""Days of batteries that are not there, each booked once."""

from datetime import UTC, date, datetime

from home_energy.domain.price import Quality
from home_energy.domain.shadow_day import ShadowDay, ShadowPass, ShadowSum
from home_energy.store.database import Database, Row
from home_energy.store.day_packing import day_number, day_of

_COLUMNS = (
    "product, nem_day, bill_saving_aud, stored_gain_aud, wear_aud, start_stored_kwh, "
    "end_stored_kwh, end_worth_aud, issued_fraction, quality, is_after_hole, "
    "fingerprint"
)


class ShadowDayTable:
    """Booked days of every battery, and how the last pass went."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def book(self, shadow: ShadowDay) -> None:
        """Keep a day that is not booked yet.

        Raises
        ------
        StoreError
            If it is: two passes would book one day twice.
        """
        self._database.execute(
            f"INSERT INTO shadow_day ({_COLUMNS}) "  # noqa: S608 - our own names
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                shadow.product,
                day_number(shadow.day),
                shadow.bill_saving_aud,
                shadow.stored_gain_aud,
                shadow.wear_aud,
                shadow.start_stored_kwh,
                shadow.end_stored_kwh,
                shadow.end_worth_aud,
                shadow.issued_fraction,
                int(shadow.quality),
                shadow.is_after_hole,
                shadow.fingerprint,
            ),
        )

    def leave_out_from(self, product: str, day: date) -> int:
        """Forget every booked day from a day on; return how many."""
        return self._database.execute(
            "DELETE FROM shadow_day WHERE product = ? AND nem_day >= ?",
            (product, day_number(day)),
        )

    def days(self, product: str) -> list[ShadowDay]:
        """Every booked day of a battery, in order."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM shadow_day "  # noqa: S608 - our own names
            "WHERE product = ? ORDER BY nem_day",
            (product,),
        )
        return [_to_day(row) for row in rows]

    def sum_of(self, product: str) -> ShadowSum | None:
        """All booked days of a battery; `None` before the first."""
        row = self._database.row(
            """
            SELECT min(nem_day), max(nem_day), count(*), sum(is_after_hole),
                   sum(bill_saving_aud + stored_gain_aud), sum(wear_aud)
            FROM shadow_day WHERE product = ?
            """,
            (product,),
        )
        last = self._database.row(
            "SELECT bill_saving_aud + stored_gain_aud FROM shadow_day "
            "WHERE product = ? ORDER BY nem_day DESC LIMIT 1",
            (product,),
        )
        if row is None or last is None:
            return None
        first_day, last_day, day_count, hole_count, saving_aud, wear_aud = row
        return ShadowSum(
            product=product,
            first_day=day_of(first_day),
            last_day=day_of(last_day),
            day_count=day_count,
            hole_count=hole_count,
            saving_aud=saving_aud,
            wear_aud=wear_aud,
            last_saving_aud=last[0],
        )

    def note_pass(self, done: ShadowPass) -> None:
        """Keep how the last pass went."""
        self._database.execute(
            "INSERT OR REPLACE INTO shadow_pass VALUES (1, ?, ?, ?)",
            (int(done.ended_at.timestamp()), done.said, done.is_failure),
        )

    def last_pass(self) -> ShadowPass | None:
        """How the last pass went; `None` before the first."""
        row = self._database.row(
            "SELECT ended_at_utc_s, said, is_failure FROM shadow_pass"
        )
        if row is None:
            return None
        ended_s, said, is_failure = row
        return ShadowPass(datetime.fromtimestamp(ended_s, UTC), said, bool(is_failure))


def _to_day(row: Row) -> ShadowDay:
    product, number, saving, gain, wear, start, end, worth, issued, *rest = row
    quality, is_after_hole, fingerprint = rest
    return ShadowDay(
        product=product,
        day=day_of(number),
        bill_saving_aud=saving,
        stored_gain_aud=gain,
        wear_aud=wear,
        start_stored_kwh=start,
        end_stored_kwh=end,
        end_worth_aud=worth,
        issued_fraction=issued,
        quality=Quality(quality),
        is_after_hole=bool(is_after_hole),
        fingerprint=fingerprint,
    )
