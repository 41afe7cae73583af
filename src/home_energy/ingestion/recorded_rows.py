"""Amber's own rows in a file, and whether the record agrees with them.

A file holds one JSON object a line, as `/prices` gives it, plain or gzipped. The
comparison reads the file's numbers itself and not by way of `amber_wire`, so that a
fault there would be seen.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from home_energy.domain.price import Channel
from home_energy.errors import DataError
from home_energy.ingestion.sources.amber_wire import CHANNEL
from home_energy.store import Store

TOLERANCE_C_PER_KWH = 1e-9


@dataclass(frozen=True, slots=True)
class RecordedPrice:
    """What one line says, the sign as in `Price`. [c/kWh]"""

    channel: Channel
    start: datetime
    duration_minutes: int
    c_per_kwh: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """Record and file, interval by interval.

    Parameters
    ----------
    until
        Lines that end after this were left out. [aware UTC]
    file_intervals
        Intervals of the file that were looked for.
    equal, different, missing
        How many are on record with the file's value, with another, or not at all.
    first_faults
        Some of those that are not equal.
    """

    until: datetime
    file_intervals: int
    equal: int
    different: int
    missing: int
    first_faults: tuple[RecordedPrice, ...]


def read_recorded_prices(path: Path) -> Iterator[RecordedPrice]:
    """Prices of a file of Amber rows; lines of other kinds are passed over.

    Raises
    ------
    DataError
        With file and line, if the file cannot be read or a line is no Amber row.
    """
    try:
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
            for number, line in enumerate(lines, start=1):
                yield from _read_line(f"{path}:{number}", line)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataError(
            f"{path}: not readable ({error}); expected a .jsonl or .jsonl.gz file of "
            "Amber rows"
        ) from error


def compare(
    store: Store, site_key: int, path: Path, since: datetime, until: datetime
) -> Agreement:
    """Look for every interval of a file that lies in `since` to `until`."""
    stored = {
        (price.channel, price.start, price.duration_minutes): price.c_per_kwh
        for channel in Channel
        for price in store.prices.between(site_key, channel, since, until)
    }
    equal = different = missing = 0
    faults: list[RecordedPrice] = []
    for row in read_recorded_prices(path):
        end = row.start + timedelta(minutes=row.duration_minutes)
        if row.start < since or end > until:
            continue
        value = stored.get((row.channel, row.start, row.duration_minutes))
        if value is not None and abs(value - row.c_per_kwh) <= TOLERANCE_C_PER_KWH:
            equal += 1
            continue
        faults.append(row)
        missing += value is None
        different += value is not None
    total = equal + different + missing
    return Agreement(until, total, equal, different, missing, tuple(faults[:10]))


def _read_line(where: str, line: str) -> Iterator[RecordedPrice]:
    if not line.strip():
        return
    try:
        row = json.loads(line)
        if row["type"] != "ActualInterval" or row["channelType"] not in CHANNEL:
            return
        minutes = int(row["duration"])
        end = datetime.fromisoformat(row["endTime"]).astimezone(UTC)
        c_per_kwh = float(row["perKwh"])
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{where}: no Amber row ({type(error).__name__}: {error}); expected JSON "
            "with type, channelType, duration, endTime and perKwh"
        ) from error
    is_feed_in = row["channelType"] == "feedIn"
    yield RecordedPrice(
        channel=CHANNEL[row["channelType"]],
        start=end - timedelta(minutes=minutes),
        duration_minutes=minutes,
        c_per_kwh=-c_per_kwh if is_feed_in else c_per_kwh,
    )
