"""Read recorded Amber rows: one JSON object a line, plain or gzipped.

A line is an `ActualInterval` or a `Usage` row as the API gave it, such as
``{"type": "ActualInterval", "duration": 30, "endTime": "2024-06-23T14:30:00Z", ...}``.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path

from home_energy.demo.market import Row
from home_energy.errors import DataError

_NEEDED = {
    "type": str,
    "duration": int,
    "date": str,
    "endTime": str,
    "channelType": str,
    "perKwh": int | float,
    "spotPerKwh": int | float,
    "renewables": int | float,
}

_TYPES = ("ActualInterval", "Usage")


@dataclass(frozen=True, slots=True)
class RecordedRow:
    """One row and where it lies.

    Parameters
    ----------
    start, end
        The interval, half-open; the start is `endTime` less `duration`. [aware UTC]
    wire
        The row, exactly as recorded.
    """

    start: datetime
    end: datetime
    wire: Row

    @property
    def channel(self) -> str:
        """Amber's channel type."""
        return str(self.wire["channelType"])


def read_recording(path: Path) -> Iterator[RecordedRow]:
    """Rows of a `.jsonl` or `.jsonl.gz` file; empty lines are passed over.

    Raises
    ------
    DataError
        With file and line, if the file cannot be read or a line is not such a row.
    """
    try:
        with _open(path) as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _read_line(f"{path}:{number}", line)
    except (OSError, EOFError, UnicodeDecodeError) as err:
        raise DataError(
            f"{path}: cannot be read ({err}); expected a .jsonl or .jsonl.gz file of "
            "Amber rows; check the path, or record it again"
        ) from err


def _open(path: Path) -> TextIOWrapper:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _read_line(where: str, line: str) -> RecordedRow:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as err:
        raise _bad_line(where, f"not JSON ({err.msg})") from err
    if not isinstance(row, dict):
        raise _bad_line(where, f"a {type(row).__name__}, not an object")
    for key, kind in _NEEDED.items():
        if not isinstance(row.get(key), kind) or isinstance(row.get(key), bool):
            raise _bad_line(where, f"{key} is {row.get(key)!r}")
    if row["type"] not in _TYPES or row["duration"] <= 0:
        raise _bad_line(where, f"type {row['type']!r}, duration {row['duration']}")
    end = _read_end(where, row["endTime"])
    return RecordedRow(end - timedelta(minutes=row["duration"]), end, row)


def _read_end(where: str, stamp: str) -> datetime:
    try:
        end = datetime.fromisoformat(stamp)
    except ValueError as err:
        raise _bad_line(where, f"endTime is {stamp!r}") from err
    if end.tzinfo is None:
        raise _bad_line(where, f"endTime {stamp!r} has no zone")
    return end.astimezone(UTC)


def _bad_line(where: str, found: str) -> DataError:
    return DataError(
        f"{where}: {found}; expected one JSON object a line, ActualInterval or Usage, "
        f"with {', '.join(_NEEDED)}, as Amber's API gives it; remove or repair the line"
    )
