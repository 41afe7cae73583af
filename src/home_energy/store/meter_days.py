"""The record of the meter from files: one row for each register, day and interval.

A day in a row, not an interval: a meter data provider sends, corrects and withdraws
whole days, a year of 5-minute data of two registers is 730 rows of 2 kB, and reading
it back is a copy. See docs/decisions/0005-meter-files-are-kept-by-day.md.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import numpy as np

from home_energy.domain.meter_day import (
    NO_QUALITY,
    Flow,
    MeterDay,
    MeterRecord,
    MeterRegister,
)
from home_energy.store.database import Database, Row
from home_energy.store.day_merging import DaySaveResult
from home_energy.store.day_packing import (
    day_number,
    day_of,
    pack_qualities,
    pack_values,
    unpack_qualities,
    unpack_values,
)
from home_energy.store.utc_seconds import to_utc_s


class MeterDayTable:
    """Days of every register in one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, record: MeterRecord, known_at: datetime) -> DaySaveResult:
        """Keep days. Twice is once; a missing value never replaces a known one.

        Where both days carry the provider's update time the later stands; otherwise
        quality never falls, and of two values of one quality the later saved stands.
        What was replaced is kept.
        """
        result = DaySaveResult()
        with self._database.transaction():
            for register, days in record.items():
                key = self._register_key(register)
                on_record = self._existing(key, days)
                for day in days:
                    place = (day_number(day.day), day.interval_minutes)
                    merged, did = merge_days(on_record.get(place), day)
                    result += did
                    if did.changed_count:
                        self._keep_revision(key, on_record[place], known_at)
                    if did.new_count or did.changed_count or place not in on_record:
                        self._write(key, merged)
                    on_record[place] = merged
        return result

    def registers(self) -> list[MeterRegister]:
        """Every register on record, in order of source, NMI and name."""
        rows = self._database.rows(
            "SELECT source, nmi, name, flow FROM meter_register "
            "ORDER BY source, nmi, name"
        )
        return [_to_register(row) for row in rows]

    def days(self, register: MeterRegister, first: date, last: date) -> list[MeterDay]:
        """Days on record from `first` to `last`, both included, in order.

        A day may be there in intervals of several lengths, the shorter first.
        """
        rows = self._database.rows(
            """
            SELECT nem_day, interval_minutes, kwh, quality, updated_at_utc_s
            FROM meter_day JOIN meter_register USING (register_key)
            WHERE source = ? AND nmi = ? AND name = ? AND nem_day BETWEEN ? AND ?
            ORDER BY nem_day, interval_minutes
            """,
            (
                register.source,
                register.nmi,
                register.name,
                day_number(first),
                day_number(last),
            ),
        )
        return [_to_day(row) for row in rows]

    def span(self, register: MeterRegister) -> tuple[date, date] | None:
        """First and last day on record; `None` without any."""
        row = self._database.row(
            """
            SELECT min(nem_day), max(nem_day)
            FROM meter_day JOIN meter_register USING (register_key)
            WHERE source = ? AND nmi = ? AND name = ?
            """,
            (register.source, register.nmi, register.name),
        )
        if row is None or row[0] is None:
            return None
        return day_of(row[0]), day_of(row[1])

    def _register_key(self, register: MeterRegister) -> int:
        flow = None if register.flow is None else register.flow.value
        self._database.execute(
            "INSERT INTO meter_register (source, nmi, name, flow) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET flow = excluded.flow "
            "WHERE flow IS NOT excluded.flow",
            (register.source, register.nmi, register.name, flow),
        )
        row = self._database.row(
            "SELECT register_key FROM meter_register "
            "WHERE source = ? AND nmi = ? AND name = ?",
            (register.source, register.nmi, register.name),
        )
        assert row is not None  # noqa: S101 - inserted just above
        return int(row[0])

    def _existing(
        self, register_key: int, days: Sequence[MeterDay]
    ) -> dict[tuple[int, int], MeterDay]:
        if not days:
            return {}
        numbers = [day_number(day.day) for day in days]
        rows = self._database.rows(
            "SELECT nem_day, interval_minutes, kwh, quality, updated_at_utc_s "
            "FROM meter_day WHERE register_key = ? AND nem_day BETWEEN ? AND ?",
            (register_key, min(numbers), max(numbers)),
        )
        return {(row[0], row[1]): _to_day(row) for row in rows}

    def _write(self, register_key: int, day: MeterDay) -> None:
        self._database.execute(
            "INSERT OR REPLACE INTO meter_day VALUES (?, ?, ?, ?, ?, ?)",
            (
                register_key,
                day_number(day.day),
                day.interval_minutes,
                pack_values(day.kwh),
                pack_qualities(day.quality),
                to_utc_s(day.updated_at),
            ),
        )

    def _keep_revision(
        self, register_key: int, day: MeterDay, replaced_at: datetime
    ) -> None:
        self._database.execute(
            "INSERT OR IGNORE INTO meter_day_revision VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                register_key,
                day_number(day.day),
                day.interval_minutes,
                to_utc_s(replaced_at),
                pack_values(day.kwh),
                pack_qualities(day.quality),
                to_utc_s(day.updated_at),
            ),
        )


def merge_days(old: MeterDay | None, new: MeterDay) -> tuple[MeterDay, DaySaveResult]:
    """Day that stands after `new` was told, and how many of its values changed."""
    if old is None:
        return new, DaySaveResult(new_count=new.known_count)
    is_known = new.quality != NO_QUALITY
    was_known = old.quality != NO_QUALITY
    updates = [day.updated_at for day in (old, new) if day.updated_at is not None]
    if len(set(updates)) == 2:
        may_replace = np.full(is_known.shape, updates[1] > updates[0])
    else:
        may_replace = new.quality >= old.quality
    is_other = (new.kwh != old.kwh) | (new.quality != old.quality)
    is_added = is_known & ~was_known
    is_changed = is_known & was_known & may_replace & is_other
    taken = is_added | is_changed
    merged = MeterDay(
        old.day,
        old.interval_minutes,
        np.where(taken, new.kwh, old.kwh),
        np.where(taken, new.quality, old.quality),
        max(updates, default=None),
    )
    added, changed = int(is_added.sum()), int(is_changed.sum())
    return merged, DaySaveResult(added, changed, new.known_count - added - changed)


def _to_register(row: Row) -> MeterRegister:
    source, nmi, name, flow = row
    return MeterRegister(source, nmi, name, None if flow is None else Flow(flow))


def _to_day(row: Row) -> MeterDay:
    number, minutes, kwh, quality, updated_s = row
    return MeterDay(
        day=day_of(number),
        interval_minutes=minutes,
        kwh=unpack_values(kwh),
        quality=unpack_qualities(quality, 1440 // minutes),
        updated_at=None
        if updated_s is None
        else datetime.fromtimestamp(updated_s, UTC),
    )
