"""The last report of the home, as `home-energy report` left it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from home_energy.errors import DataError

SCHEMA = 1
FILE = "report.json"
_COMMAND = "home-energy report --last-12-months"


@dataclass(frozen=True, slots=True, eq=False)
class LastReport:
    """A report and when its file was written.

    Parameters
    ----------
    figures
        All of it.
    made
        Last change of the file; what is in it knows no clock. [aware UTC]
    """

    figures: Mapping[str, Any]
    made: datetime

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of the report."""
        period = self.figures["period"]
        return (
            date.fromisoformat(period["first_day"]),
            date.fromisoformat(period["last_day"]),
        )

    def entry(self, name: str) -> Mapping[str, Any] | None:
        """A scenario that was run, by its name."""
        found = (one for one in self.figures["scenarios"] if one["scenario"] == name)
        return next(found, None)


def read_last_report(folder: Path) -> LastReport | None:
    """Read the report of a folder; `None` before the first.

    Raises
    ------
    DataError
        If it cannot be read, or another version of the program wrote it.
    """
    path = folder / FILE
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error) from error
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=1)
def _read(path: Path, changed_ns: int, _size: int) -> LastReport:
    """A report is some megabytes: the same file is read once."""
    try:
        figures = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    found = figures.get("schema") if isinstance(figures, dict) else None
    if found != SCHEMA:
        raise DataError(
            f"{path}: found a report of layout {found}, expected {SCHEMA}; make it "
            f"anew with `{_COMMAND}`"
        )
    return LastReport(figures, datetime.fromtimestamp(changed_ns / 1e9, UTC))


def _unreadable(path: Path, error: Exception) -> DataError:
    return DataError(
        f"{path}: cannot be read as a report ({type(error).__name__}); make it anew "
        f"with `{_COMMAND}`"
    )
