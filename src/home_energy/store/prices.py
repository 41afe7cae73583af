"""The record of prices: one row for each site, channel, start and duration."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.coverage import Coverage, find_gaps
from home_energy.domain.price import Channel, Price, PriceContext, Quality
from home_energy.domain.price_rows import PriceRows
from home_energy.domain.time_grid import TimeGrid
from home_energy.store.database import Database, Row

CHANNEL_NUMBER = {Channel.GENERAL: 1, Channel.CONTROLLED_LOAD: 2, Channel.FEED_IN: 3}
CHANNEL = {number: channel for channel, number in CHANNEL_NUMBER.items()}

REAFFIRM_SECONDS = 60
"""An estimate that is given again unchanged is noted as known anew this often."""

_LONGEST_SECONDS = 86_400
"""No source gives longer intervals than a day. [s]"""

_VALUES = attrgetter(*(field.name for field in fields(PriceContext)))
"""Of a context, in order; `astuple` would copy each of them, for every price."""

_Key = tuple[int, int, int]  # channel number, start_utc_s, duration_minutes


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What a save did: rows new, rows changed, rows that were there already."""

    inserted: int = 0
    revised: int = 0
    unchanged: int = 0


class PriceTable:
    """Prices of every site in one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self, site_key: int, prices: Iterable[Price], known_at: datetime
    ) -> SaveResult:
        """Keep prices. Twice is once; quality never falls; what changed is kept too.

        Parameters
        ----------
        known_at
            When the source said so. Of two values of one quality the later stands,
            and of two told in one second the one saved last.
        """
        known_at_s = int(known_at.timestamp())
        new: dict[_Key, Price] = {}
        for price in prices:
            told = new.setdefault(_key(price), price)
            if price.quality >= told.quality:
                new[_key(price)] = price
        with self._database.transaction():
            old = self._existing(site_key, new)
            inserts = [price for key, price in new.items() if key not in old]
            revises = [
                price
                for key, price in new.items()
                if key in old and _replaces(price, known_at_s, old[key])
            ]
            self._keep_revisions(site_key, [old[_key(p)] for p in revises], revises)
            self._write(site_key, inserts + revises, known_at_s)
        return SaveResult(
            inserted=len(inserts),
            revised=len(revises),
            unchanged=len(new) - len(inserts) - len(revises),
        )

    def between(
        self, site_key: int, channel: Channel, start: datetime, end: datetime
    ) -> list[Price]:
        """Prices of intervals that start in `start` up to, not including, `end`."""
        rows = self._database.rows(
            """
            SELECT channel, start_utc_s, duration_minutes, c_per_kwh, spot_c_per_kwh,
                   quality, descriptor, spike_status, tariff_period, tariff_season,
                   tariff_block, is_demand_window
            FROM price JOIN price_context USING (context_key)
            WHERE site_key = ? AND channel = ? AND start_utc_s >= ? AND start_utc_s < ?
            ORDER BY start_utc_s, duration_minutes
            """,
            (site_key, CHANNEL_NUMBER[channel], start.timestamp(), end.timestamp()),
        )
        return [_to_price(row) for row in rows]

    def rows_between(
        self, site_key: int, channel: Channel, start: datetime, end: datetime
    ) -> PriceRows:
        """Prices of intervals that reach into a period, as arrays: years of rows."""
        rows = self._database.rows(
            """
            SELECT start_utc_s, duration_minutes, c_per_kwh, spot_c_per_kwh, quality,
                   context_key
            FROM price
            WHERE site_key = ? AND channel = ? AND start_utc_s > ? AND start_utc_s < ?
              AND start_utc_s + duration_minutes * 60 > ?
            """,
            (
                site_key,
                CHANNEL_NUMBER[channel],
                start.timestamp() - _LONGEST_SECONDS,
                end.timestamp(),
                start.timestamp(),
            ),
        )
        table = np.array(rows, dtype=np.float64).reshape(-1, 6)  # NULL becomes NaN
        whole = table[:, [0, 1, 4, 5]].astype(np.int64)
        keys, context = np.unique(whole[:, 3], return_inverse=True)
        return PriceRows(
            channel=channel,
            start_s=whole[:, 0],
            duration_minutes=whole[:, 1],
            c_per_kwh=table[:, 2],
            spot_c_per_kwh=table[:, 3],
            quality=whole[:, 2],
            context=context,
            contexts=tuple(self._context(key) for key in keys.tolist()),
        )

    def _context(self, context_key: int) -> PriceContext:
        (values,) = self._database.rows(
            """
            SELECT descriptor, spike_status, tariff_period, tariff_season,
                   tariff_block, is_demand_window
            FROM price_context WHERE context_key = ?
            """,
            (context_key,),
        )
        return _to_context(values)

    def latest(self, site_key: int, channel: Channel) -> tuple[Price, datetime] | None:
        """Newest price on record, and when it was known. [aware UTC]"""
        row = self._database.row(
            """
            SELECT channel, start_utc_s, duration_minutes, c_per_kwh, spot_c_per_kwh,
                   quality, descriptor, spike_status, tariff_period, tariff_season,
                   tariff_block, is_demand_window, known_at_utc_s
            FROM price JOIN price_context USING (context_key)
            WHERE site_key = ? AND channel = ?
            ORDER BY start_utc_s DESC, duration_minutes LIMIT 1
            """,
            (site_key, CHANNEL_NUMBER[channel]),
        )
        if row is None:
            return None
        return _to_price(row[:-1]), datetime.fromtimestamp(row[-1], UTC)

    def values_between(
        self, site_key: int, channel: Channel, start: datetime, end: datetime
    ) -> NDArray[np.float64]:
        """Prices alone, each as often as it has five minutes. [c/kWh]"""
        rows = self._database.rows(
            """
            SELECT c_per_kwh, duration_minutes FROM price
            WHERE site_key = ? AND channel = ? AND start_utc_s >= ? AND start_utc_s < ?
            """,
            (site_key, CHANNEL_NUMBER[channel], start.timestamp(), end.timestamp()),
        )
        table = np.array(rows, dtype=np.float64).reshape(-1, 2)
        return np.repeat(table[:, 0], table[:, 1].astype(np.int64) // 5)

    def qualities(
        self, site_key: int, channel: Channel, grid: TimeGrid
    ) -> NDArray[np.uint8]:
        """Surest `Quality` on record for each interval of an axis, 0 for none. (T,)

        Parameters
        ----------
        grid
            In steps that the durations on record are multiples of.
        """
        rows = self._database.rows(
            """
            SELECT start_utc_s, duration_minutes, quality FROM price
            WHERE site_key = ? AND channel = ? AND start_utc_s > ? AND start_utc_s < ?
            """,
            (
                site_key,
                CHANNEL_NUMBER[channel],
                grid.start.timestamp() - _LONGEST_SECONDS,
                grid.end.timestamp(),
            ),
        )
        table = np.array(rows, dtype=np.int64).reshape(-1, 3)
        step_s = int(grid.step.total_seconds())
        first = (table[:, 0] - int(grid.start.timestamp())) // step_s
        surest = np.zeros(grid.count, dtype=np.uint8)
        for minutes in np.unique(table[:, 1]).tolist():
            is_mine = table[:, 1] == minutes
            for part in range(minutes * 60 // step_s):
                place = first[is_mine] + part
                is_inside = (place >= 0) & (place < grid.count)
                said = table[is_mine, 2][is_inside]
                there = surest[place[is_inside]]
                surest[place[is_inside]] = np.maximum(there, said)
        return surest

    def coverage(
        self, site_key: int, channel: Channel, start: datetime, end: datetime
    ) -> Coverage:
        """What is on record in a period, and what is missing.

        Intervals that lie partly in the period count with that part, and time that
        several intervals share counts once.
        """
        known = self._runs(site_key, channel, start, end, Quality.FORECAST)
        final = self._runs(site_key, channel, start, end, Quality.ACTUAL)
        gaps = find_gaps(known, start, end)
        missing = sum((gap.length for gap in gaps), timedelta(0))
        not_final = find_gaps(final, start, end)
        unsure = sum((gap.length for gap in not_final), timedelta(0)) - missing
        minute = timedelta(minutes=1)
        return Coverage(
            channel=channel,
            start=start,
            end=end,
            covered_minutes=(end - start - missing) // minute,
            estimated_minutes=unsure // minute,
            gaps=gaps,
        )

    def final_minutes_by_day(
        self, site_key: int, channel: Channel, start: datetime, end: datetime
    ) -> dict[date, int]:
        """Time of each NEM day for which a final price is on record. [minutes]

        Time that several intervals share counts once.
        """
        rows = self._database.rows(
            """
            SELECT (start_utc_s + 36000) / 86400, duration_minutes, count(*)
            FROM price
            WHERE site_key = ? AND channel = ? AND start_utc_s >= ? AND start_utc_s < ?
              AND quality = ?
            GROUP BY 1, 2
            """,
            (
                site_key,
                CHANNEL_NUMBER[channel],
                start.timestamp(),
                end.timestamp(),
                int(Quality.ACTUAL),
            ),
        )
        minutes = {day: duration * count for day, duration, count in rows}
        mixed = [day for day, n in Counter(row[0] for row in rows).items() if n > 1]
        for day in mixed:
            day_start = max(start, datetime.fromtimestamp(day * 86400 - 36000, UTC))
            day_end = min(end, datetime.fromtimestamp(day * 86400 + 50400, UTC))
            final = self._runs(site_key, channel, day_start, day_end, Quality.ACTUAL)
            gaps = find_gaps(final, day_start, day_end)
            known = day_end - day_start - sum((g.length for g in gaps), timedelta(0))
            minutes[day] = known // timedelta(minutes=1)
        epoch = date(1970, 1, 1)
        return {epoch + timedelta(days=day): known for day, known in minutes.items()}

    def channels(self, site_key: int) -> list[Channel]:
        """Channels on which the site has any price."""
        found = []
        for number, channel in CHANNEL.items():  # one index look-up each, not a scan
            sql = "SELECT 1 FROM price WHERE site_key = ? AND channel = ? LIMIT 1"
            if self._database.row(sql, (site_key, number)):
                found.append(channel)
        return found

    def first_start(self, site_key: int, channel: Channel) -> datetime | None:
        """Start of the first interval on record, by one look-up. [aware UTC]"""
        row = self._database.row(
            "SELECT min(start_utc_s) FROM price WHERE site_key = ? AND channel = ?",
            (site_key, CHANNEL_NUMBER[channel]),
        )
        if row is None or row[0] is None:
            return None
        return datetime.fromtimestamp(row[0], UTC)

    def span(self, site_key: int, channel: Channel) -> tuple[datetime, datetime] | None:
        """Start of the first and end of the last interval on record."""
        # Two index look-ups and a day of rows, not a scan of years.
        row = self._database.row(
            """
            WITH mine AS (
                SELECT start_utc_s, duration_minutes FROM price
                WHERE site_key = ? AND channel = ?)
            SELECT (SELECT min(start_utc_s) FROM mine),
                   (SELECT max(start_utc_s + duration_minutes * 60) FROM mine
                    WHERE start_utc_s >= (SELECT max(start_utc_s) FROM mine) - ?)
            """,
            (site_key, CHANNEL_NUMBER[channel], _LONGEST_SECONDS),
        )
        if row is None or row[0] is None:
            return None
        return datetime.fromtimestamp(row[0], UTC), datetime.fromtimestamp(row[1], UTC)

    def revisions(
        self, site_key: int, start: datetime, end: datetime
    ) -> list[tuple[Channel, datetime, float, Quality, datetime]]:
        """Values that were replaced: channel, start, c/kWh, quality, known at."""
        rows = self._database.rows(
            """
            SELECT channel, start_utc_s, c_per_kwh, quality, known_at_utc_s
            FROM price_revision
            WHERE site_key = ? AND start_utc_s >= ? AND start_utc_s < ?
            ORDER BY start_utc_s, channel, known_at_utc_s
            """,
            (site_key, start.timestamp(), end.timestamp()),
        )
        return [
            (
                CHANNEL[channel],
                datetime.fromtimestamp(start_s, UTC),
                value,
                Quality(quality),
                datetime.fromtimestamp(known_s, UTC),
            )
            for channel, start_s, value, quality, known_s in rows
        ]

    def _runs(
        self,
        site_key: int,
        channel: Channel,
        start: datetime,
        end: datetime,
        least: Quality,
    ) -> list[tuple[datetime, datetime]]:
        """Unbroken stretches of record that touch a period, in order."""
        start_s, end_s = start.timestamp(), end.timestamp()
        rows = self._database.rows(
            _RUNS_SQL,
            (
                site_key,
                CHANNEL_NUMBER[channel],
                start_s - _LONGEST_SECONDS,
                end_s,
                start_s,
                int(least),
            ),
        )
        return [
            (datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC))
            for first, last in rows
        ]

    def _existing(self, site_key: int, new: dict[_Key, Price]) -> dict[_Key, Row]:
        if not new:
            return {}
        starts = [key[1] for key in new]
        found: dict[_Key, Row] = {}
        for channel in {key[0] for key in new}:
            rows = self._database.rows(
                """
                SELECT channel, start_utc_s, duration_minutes, c_per_kwh,
                       spot_c_per_kwh, quality, known_at_utc_s,
                       descriptor, spike_status, tariff_period, tariff_season,
                       tariff_block, is_demand_window
                FROM price JOIN price_context USING (context_key)
                WHERE site_key = ? AND channel = ? AND start_utc_s BETWEEN ? AND ?
                """,
                (site_key, channel, min(starts), max(starts)),
            )
            found.update({row[:3]: row for row in rows})
        return found

    def _keep_revisions(
        self, site_key: int, old_rows: Sequence[Row], prices: Sequence[Price]
    ) -> None:
        self._database.execute_many(
            """
            INSERT OR IGNORE INTO price_revision (
                site_key, channel, start_utc_s, duration_minutes, c_per_kwh,
                spot_c_per_kwh, quality, known_at_utc_s)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                (site_key, *row[:7])
                for row, price in zip(old_rows, prices, strict=True)
                if row[3] != price.c_per_kwh
            ],
        )

    def _write(self, site_key: int, prices: Sequence[Price], known_at_s: int) -> None:
        context_keys = {
            context: self._context_key(context)
            for context in {price.context for price in prices}
        }
        self._database.execute_many(
            "INSERT OR REPLACE INTO price VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    site_key,
                    *_key(price),
                    price.c_per_kwh,
                    price.spot_c_per_kwh,
                    int(price.quality),
                    context_keys[price.context],
                    known_at_s,
                )
                for price in prices
            ],
        )

    def _context_key(self, context: PriceContext) -> int:
        values = _VALUES(context)
        where = (
            "descriptor IS ? AND spike_status IS ? AND tariff_period IS ? AND "
            "tariff_season IS ? AND tariff_block IS ? AND is_demand_window IS ?"
        )
        sql = f"SELECT context_key FROM price_context WHERE {where}"  # noqa: S608
        row = self._database.row(sql, values)
        if row is not None:
            return int(row[0])
        self._database.execute(
            "INSERT INTO price_context VALUES (NULL, ?, ?, ?, ?, ?, ?)", values
        )
        return self._context_key(context)


_RUNS_SQL = """
    WITH span AS (
        SELECT start_utc_s AS first_s, start_utc_s + duration_minutes * 60 AS last_s
        FROM price
        WHERE site_key = ? AND channel = ? AND start_utc_s > ? AND start_utc_s < ?
          AND start_utc_s + duration_minutes * 60 > ? AND quality >= ?),
    marked AS (
        SELECT first_s, last_s,
               first_s > max(last_s) OVER (
                   ORDER BY first_s, last_s
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS is_new_run
        FROM span),
    numbered AS (
        SELECT first_s, last_s,
               sum(coalesce(is_new_run, 0)) OVER (ORDER BY first_s, last_s) AS run
        FROM marked)
    SELECT min(first_s), max(last_s) FROM numbered GROUP BY run ORDER BY 1
"""


def _key(price: Price) -> _Key:
    start_s = int(price.start.timestamp())
    return CHANNEL_NUMBER[price.channel], start_s, price.duration_minutes


def _replaces(price: Price, known_at_s: int, old: Row) -> bool:
    """Whether `price` says something other, and better or later, than the old row."""
    old_c, old_spot, old_quality, old_known_at_s, *old_context = old[3:]
    if price.quality != old_quality:
        return price.quality > Quality(old_quality)
    said = (price.c_per_kwh, price.spot_c_per_kwh, *_VALUES(price.context))
    if said != (old_c, old_spot, *old_context):
        return known_at_s >= int(old_known_at_s)
    is_estimate = price.quality < Quality.ACTUAL
    return is_estimate and known_at_s - int(old_known_at_s) >= REAFFIRM_SECONDS


def _to_price(row: Row) -> Price:
    channel, start_s, minutes, c_per_kwh, spot, quality = row[:6]
    return Price(
        channel=CHANNEL[channel],
        start=datetime.fromtimestamp(start_s, UTC),
        duration_minutes=minutes,
        c_per_kwh=c_per_kwh,
        quality=Quality(quality),
        spot_c_per_kwh=spot,
        context=_to_context(row[6:]),
    )


def _to_context(row: Row) -> PriceContext:
    descriptor, spike_status, period, season, block, demand = row
    return PriceContext(
        descriptor=descriptor,
        spike_status=spike_status,
        tariff_period=period,
        tariff_season=season,
        tariff_block=block,
        is_demand_window=None if demand is None else bool(demand),
    )
