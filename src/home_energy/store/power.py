"""Power of the home: five-minute means for good, samples for some days."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from home_energy.domain.power import FIVE_MINUTES, PowerMean, PowerSamples, Stream
from home_energy.store.database import Database

_Key = tuple[int, int, int]
STREAM_NUMBER = {
    Stream.GRID: 1,
    Stream.LOAD: 2,
    Stream.SOLAR: 3,
    Stream.BATTERY: 4,
}
STREAM = {number: stream for stream, number in STREAM_NUMBER.items()}
_SAMPLE = np.dtype([("offset_seconds", "<u2"), ("watts", "<f4")])


class PowerTable:
    """Power as the home's own meters told it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, told: Iterable[tuple[PowerMean, PowerSamples]]) -> None:
        """Keep means and their samples.

        Of five minutes in which the program was started anew there are two parts:
        they become one mean. Where both would cover more than five minutes, the one
        that covers more stands.
        """
        with self._database.transaction():
            for mean, samples in told:
                key = self._key(mean)
                self._keep_mean(key, mean)
                self._keep_samples(key, _packed(samples))

    def keep_missing(self, means: Iterable[PowerMean]) -> int:
        """Keep means of five minutes of which none is on record of their source.

        Returns
        -------
        int
            How many were kept; a mean on record stands as it is.
        """
        kept_count = 0
        with self._database.transaction():
            for mean in means:
                kept_count += self._database.execute(
                    "INSERT OR IGNORE INTO power_mean (start_utc_s, source_key, "
                    "stream, mean_watts, sample_count, covered_seconds) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        *self._key(mean),
                        mean.mean_watts,
                        mean.sample_count,
                        mean.covered_seconds,
                    ),
                )
        return kept_count

    def mean_count(
        self, source: str, stream: Stream, start: datetime, end: datetime
    ) -> int:
        """How many five minutes that begin in a period have a mean of a source."""
        (count,) = self._database.row(
            "SELECT count(*) FROM power_mean JOIN power_source USING (source_key) "
            "WHERE start_utc_s >= ? AND start_utc_s < ? AND name = ? AND stream = ?",
            (start.timestamp(), end.timestamp(), source, STREAM_NUMBER[stream]),
        ) or (0,)
        return int(count)

    def forget_samples_before(self, moment: datetime) -> int:
        """Delete samples that began before a moment; return of how many means."""
        return self._database.execute(
            "DELETE FROM power_samples WHERE start_utc_s < ?", (moment.timestamp(),)
        )

    def between(self, start: datetime, end: datetime) -> list[PowerMean]:
        """Means of five minutes that begin in a period, in order of start."""
        rows = self._database.rows(
            "SELECT name, stream, start_utc_s, mean_watts, sample_count, "
            "covered_seconds FROM power_mean JOIN power_source USING (source_key) "
            "WHERE start_utc_s >= ? AND start_utc_s < ? "
            "ORDER BY start_utc_s, source_key, stream",
            (start.timestamp(), end.timestamp()),
        )
        return [
            PowerMean(
                source=name,
                stream=STREAM[stream],
                start=datetime.fromtimestamp(start_s, UTC),
                mean_watts=mean_watts,
                sample_count=sample_count,
                covered_seconds=covered_seconds,
            )
            for name, stream, start_s, mean_watts, sample_count, covered_seconds in rows
        ]

    def samples_between(self, start: datetime, end: datetime) -> list[PowerSamples]:
        """Samples of five minutes that begin in a period, in order of start."""
        rows = self._database.rows(
            "SELECT name, stream, start_utc_s, samples "
            "FROM power_samples JOIN power_source USING (source_key) "
            "WHERE start_utc_s >= ? AND start_utc_s < ? "
            "ORDER BY start_utc_s, source_key, stream",
            (start.timestamp(), end.timestamp()),
        )
        return [
            _unpacked(name, STREAM[stream], datetime.fromtimestamp(start_s, UTC), raw)
            for name, stream, start_s, raw in rows
        ]

    def first_start(self) -> datetime | None:
        """Begin of the oldest mean. [aware UTC]"""
        (found,) = self._database.row("SELECT min(start_utc_s) FROM power_mean") or (
            None,
        )
        return None if found is None else datetime.fromtimestamp(found, UTC)

    def _keep_mean(self, key: _Key, mean: PowerMean) -> None:
        found = self._database.row(
            "SELECT mean_watts, sample_count, covered_seconds FROM power_mean "
            "WHERE start_utc_s = ? AND source_key = ? AND stream = ?",
            key,
        )
        whole = mean if found is None else _joined(mean, *found)
        self._database.execute(
            "INSERT OR REPLACE INTO power_mean (start_utc_s, source_key, stream, "
            "mean_watts, sample_count, covered_seconds) VALUES (?, ?, ?, ?, ?, ?)",
            (*key, whole.mean_watts, whole.sample_count, whole.covered_seconds),
        )

    def _keep_samples(self, key: _Key, packed: bytes) -> None:
        (before,) = self._database.row(
            "SELECT samples FROM power_samples "
            "WHERE start_utc_s = ? AND source_key = ? AND stream = ?",
            key,
        ) or (b"",)
        self._database.execute(
            "INSERT OR REPLACE INTO power_samples "
            "(start_utc_s, source_key, stream, samples) VALUES (?, ?, ?, ?)",
            (*key, before + packed),
        )

    def _key(self, mean: PowerMean) -> _Key:
        self._database.execute(
            "INSERT OR IGNORE INTO power_source (name) VALUES (?)", (mean.source,)
        )
        (source_key,) = self._database.row(
            "SELECT source_key FROM power_source WHERE name = ?", (mean.source,)
        ) or (0,)
        return int(mean.start.timestamp()), source_key, STREAM_NUMBER[mean.stream]


def _joined(
    mean: PowerMean, watts: float, sample_count: int, covered_seconds: float
) -> PowerMean:
    """One mean of two parts of the same five minutes."""
    both_seconds = mean.covered_seconds + covered_seconds
    if both_seconds > FIVE_MINUTES.total_seconds():
        if mean.covered_seconds > covered_seconds:
            return mean
        return replace(
            mean,
            mean_watts=watts,
            sample_count=sample_count,
            covered_seconds=covered_seconds,
        )
    ws = mean.mean_watts * mean.covered_seconds + watts * covered_seconds
    return replace(
        mean,
        mean_watts=ws / both_seconds,
        sample_count=mean.sample_count + sample_count,
        covered_seconds=both_seconds,
    )


def _packed(samples: PowerSamples) -> bytes:
    table = np.empty(len(samples.watts), dtype=_SAMPLE)
    table["offset_seconds"] = samples.offset_seconds
    table["watts"] = samples.watts
    return table.tobytes()


def _unpacked(
    source: str, stream: Stream, start: datetime, packed: bytes
) -> PowerSamples:
    table = np.frombuffer(packed, dtype=_SAMPLE)
    return PowerSamples(
        source,
        stream,
        start,
        tuple(table["offset_seconds"].tolist()),
        tuple(table["watts"].tolist()),
    )
