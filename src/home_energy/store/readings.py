"""The record of the meter: one row for each register, start and duration."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np

from home_energy.domain.meter import MeterReading
from home_energy.domain.meter_day import NO_QUALITY, Flow, MeterDay, MeterRegister
from home_energy.domain.price import Channel, PriceContext, Quality
from home_energy.domain.price_rows import PriceRows
from home_energy.errors import AlignmentError
from home_energy.store.database import Database, Row
from home_energy.store.day_packing import day_number, day_of
from home_energy.store.prices import CHANNEL, CHANNEL_NUMBER

_NEM_OFFSET_SECONDS = 36_000
"""NEM time before UTC. [s]"""


class ReadingTable:
    """Meter readings of every site in one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self,
        site_key: int,
        source: str,
        readings: Sequence[MeterReading],
        known_at: datetime,
    ) -> int:
        """Keep readings and return how many rows are new or changed.

        Twice is once, and quality never falls; of two values of one quality the
        later stands.

        Parameters
        ----------
        source
            Who counted: readings of two sources stand side by side.
        """
        changed = 0
        with self._database.transaction():
            keys = {
                pair: self._register_key(site_key, source, *pair)
                for pair in {(r.register, r.channel) for r in readings}
            }
            for reading in readings:
                changed += self._database.execute(
                    _UPSERT_SQL,
                    (
                        keys[reading.register, reading.channel],
                        int(reading.start.timestamp()),
                        reading.duration_minutes,
                        reading.kwh,
                        int(reading.quality),
                        reading.c_per_kwh,
                        reading.amount_aud,
                        int(known_at.timestamp()),
                    ),
                )
        return changed

    def between(
        self, site_key: int, source: str, start: datetime, end: datetime
    ) -> list[MeterReading]:
        """Readings of intervals that start in `start` up to, not including, `end`."""
        rows = self._database.rows(
            """
            SELECT channel, register, start_utc_s, duration_minutes, kwh, quality,
                   c_per_kwh, amount_aud
            FROM register JOIN reading USING (register_key)
            WHERE site_key = ? AND source = ? AND start_utc_s >= ? AND start_utc_s < ?
            ORDER BY register, start_utc_s
            """,
            (site_key, source, start.timestamp(), end.timestamp()),
        )
        return [_to_reading(row) for row in rows]

    def registers(self, site_key: int) -> list[MeterRegister]:
        """Every register of a site, as the days of files know theirs."""
        rows = self._database.rows(
            "SELECT source, nmi, register, channel "
            "FROM register JOIN site USING (site_key) WHERE site_key = ? "
            "ORDER BY source, register",
            (site_key,),
        )
        return [
            MeterRegister(source, nmi, name, Flow(CHANNEL[channel].value))
            for source, nmi, name, channel in rows
        ]

    def days(
        self, site_key: int, register: MeterRegister, first: date, last: date
    ) -> list[MeterDay]:
        """NEM days on record from `first` to `last`, both included, in order.

        A day may be there in intervals of several lengths, the shorter first.

        Raises
        ------
        AlignmentError
            If a reading does not begin at a multiple of its length in its day.
        """
        channel = None if register.flow is None else Channel(register.flow.value)
        rows = self._database.rows(
            """
            SELECT start_utc_s, duration_minutes, kwh, quality
            FROM register JOIN reading USING (register_key)
            WHERE site_key = ? AND source = ? AND register = ? AND channel = ?
              AND start_utc_s >= ? AND start_utc_s < ?
            """,
            (
                site_key,
                register.source,
                register.name,
                None if channel is None else CHANNEL_NUMBER[channel],
                day_number(first) * 86400 - _NEM_OFFSET_SECONDS,
                day_number(last) * 86400 + 86400 - _NEM_OFFSET_SECONDS,
            ),
        )
        return _to_days(rows)

    def price_rows(
        self, site_key: int, channel: Channel, start: datetime, end: datetime
    ) -> PriceRows:
        """Prices that final readings of a period tell, without any spot price.

        Where registers tell different prices of one interval none is taken.
        """
        rows = self._database.rows(
            """
            SELECT start_utc_s, duration_minutes, min(c_per_kwh)
            FROM register JOIN reading USING (register_key)
            WHERE site_key = ? AND channel = ? AND start_utc_s >= ? AND start_utc_s < ?
              AND quality = ? AND c_per_kwh IS NOT NULL
            GROUP BY 1, 2 HAVING min(c_per_kwh) = max(c_per_kwh)
            ORDER BY 1, 2
            """,
            (
                site_key,
                CHANNEL_NUMBER[channel],
                start.timestamp(),
                end.timestamp(),
                int(Quality.ACTUAL),
            ),
        )
        table = np.array(rows, dtype=np.float64).reshape(-1, 3)
        count = len(rows)
        return PriceRows(
            channel=channel,
            start_s=table[:, 0].astype(np.int64),
            duration_minutes=table[:, 1].astype(np.int64),
            c_per_kwh=table[:, 2],
            spot_c_per_kwh=np.full(count, np.nan),
            quality=np.full(count, int(Quality.ACTUAL), dtype=np.int64),
            context=np.zeros(count, dtype=np.int64),
            contexts=(PriceContext(),),
        )

    def final_minutes_by_day(
        self, site_key: int, source: str, start: datetime, end: datetime
    ) -> dict[date, int]:
        """Time of each NEM day that every register has final. [minutes]"""
        known = self._database.rows(
            "SELECT register_key FROM register WHERE site_key = ? AND source = ?",
            (site_key, source),
        )
        by_register = [self._final_minutes(key, start, end) for (key,) in known]
        days = {day for minutes in by_register for day in minutes}
        epoch = date(1970, 1, 1)
        return {
            epoch + timedelta(days=day): min(m.get(day, 0) for m in by_register)
            for day in sorted(days)
        }

    def _final_minutes(
        self, register_key: int, start: datetime, end: datetime
    ) -> dict[int, int]:
        """Final time of one register by day since 1970, shared time once. [minutes]"""
        rows = self._database.rows(
            """
            SELECT (start_utc_s + 36000) / 86400 AS day,
                   start_utc_s, start_utc_s + duration_minutes * 60, quality
            FROM reading
            WHERE register_key = ? AND start_utc_s >= ? AND start_utc_s < ?
            ORDER BY start_utc_s, duration_minutes
            """,
            (register_key, start.timestamp(), end.timestamp()),
        )
        seconds: dict[int, int] = {}
        covered_until_s = 0
        for day, first_s, last_s, quality in rows:
            seconds.setdefault(day, 0)
            if quality == Quality.ACTUAL and last_s > covered_until_s:
                seconds[day] += last_s - max(first_s, covered_until_s)
                covered_until_s = last_s
        return {day: total // 60 for day, total in seconds.items()}

    def last_start(self, site_key: int, source: str) -> datetime | None:
        """Start of the newest interval on record. [aware UTC]"""
        # One index look-up for each register, not a scan of years.
        row = self._database.row(
            """
            SELECT max((SELECT max(start_utc_s) FROM reading
                        WHERE reading.register_key = register.register_key))
            FROM register WHERE site_key = ? AND source = ?
            """,
            (site_key, source),
        )
        if row is None or row[0] is None:
            return None
        return datetime.fromtimestamp(row[0], UTC)

    def _register_key(
        self, site_key: int, source: str, register: str, channel: Channel
    ) -> int:
        values = (site_key, source, register, CHANNEL_NUMBER[channel])
        self._database.execute(
            "INSERT OR IGNORE INTO register "
            "(site_key, source, register, channel) VALUES (?, ?, ?, ?)",
            values,
        )
        row = self._database.row(
            "SELECT register_key FROM register WHERE "
            "site_key = ? AND source = ? AND register = ? AND channel = ?",
            values,
        )
        assert row is not None  # noqa: S101 - inserted just above
        return int(row[0])


_UPSERT_SQL = """
    INSERT INTO reading VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET
        kwh = excluded.kwh, quality = excluded.quality,
        c_per_kwh = excluded.c_per_kwh, amount_aud = excluded.amount_aud,
        known_at_utc_s = excluded.known_at_utc_s
    WHERE excluded.quality > quality
       OR (excluded.quality = quality AND excluded.known_at_utc_s >= known_at_utc_s
           AND (excluded.kwh, excluded.c_per_kwh, excluded.amount_aud)
               IS NOT (kwh, c_per_kwh, amount_aud))
"""


def _to_reading(row: Row) -> MeterReading:
    channel, register, start_s, minutes, kwh, quality, c_per_kwh, amount_aud = row
    return MeterReading(
        channel=CHANNEL[channel],
        register=register,
        start=datetime.fromtimestamp(start_s, UTC),
        duration_minutes=minutes,
        kwh=kwh,
        quality=Quality(quality),
        c_per_kwh=c_per_kwh,
        amount_aud=amount_aud,
    )


def _to_days(rows: list[Row]) -> list[MeterDay]:
    """Days from rows of start, duration, energy and quality."""
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    days: list[MeterDay] = []
    for minutes in np.unique(table[:, 1]).astype(int).tolist():
        start_s, _, kwh, quality = table[table[:, 1] == minutes].T
        second = start_s.astype(np.int64) + _NEM_OFFSET_SECONDS
        number, rest = np.divmod(second, minutes * 60)
        if rest.any():
            odd = datetime.fromtimestamp(float(start_s[np.argmax(rest > 0)]), UTC)
            raise AlignmentError(
                f"a reading of {minutes} minutes begins at {odd}; expected a multiple "
                "of its length from the market's midnight"
            )
        per_day = 1440 // minutes
        first = int(number.min()) // per_day
        shape = (int(number.max()) // per_day - first + 1, per_day)
        place = number - first * per_day
        day_kwh = np.full(shape, np.nan)
        day_quality = np.full(shape, NO_QUALITY, dtype=np.uint8)
        day_kwh.reshape(-1)[place] = kwh
        day_quality.reshape(-1)[place] = quality
        days += [
            MeterDay(day_of(first + i), minutes, day_kwh[i], day_quality[i])
            for i in np.flatnonzero(day_quality.any(axis=1)).tolist()
        ]
    return sorted(days, key=lambda day: (day.day, day.interval_minutes))
