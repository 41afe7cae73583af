"""Small tables and profiles, composed for the tests of tables."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.ingestion.sources.table_profile import TableProfile

HOMES = Path(__file__).parents[2] / ".." / "shared" / "data" / "homes"
needs_homes = pytest.mark.skipif(
    not HOMES.exists(), reason="real data is not beside the project: ../shared/data"
)

SYDNEY = {
    "kind": "local",
    "zone": "Australia/Sydney",
    "skipped_hour": "zeros",
    "repeated_hour": "summed",
}


def wide_profile(**changed: Any) -> TableProfile:
    """Half-hours from midnight, kWh, market time, one register."""
    tree: dict[str, Any] = {
        "name": "composed",
        "description": "composed for a test",
        "layout": "wide",
        "interval_minutes": 30,
        "unit": "kWh",
        "date_column": "date",
        "date_formats": ["%Y-%m-%d"],
        "first_value_column": "00:00",
        "clock": {"kind": "NEM"},
        "registers": [{"name": "import", "flow": "general"}],
    }
    return TableProfile.model_validate(tree | changed)


def long_profile(**changed: Any) -> TableProfile:
    """The same, a row an interval."""
    tree: dict[str, Any] = {
        "name": "composed",
        "description": "composed for a test",
        "layout": "long",
        "interval_minutes": 30,
        "unit": "kWh",
        "date_column": "at",
        "date_formats": ["%Y-%m-%d %H:%M"],
        "value_column": "kwh",
        "clock": {"kind": "NEM"},
        "registers": [{"name": "import", "flow": "general"}],
    }
    return TableProfile.model_validate(tree | changed)


def labels() -> list[str]:
    """00:00, 00:30 .. 23:30."""
    return [f"{n // 2:02}:{n % 2 * 30:02}" for n in range(48)]


def wide(*rows: str, header: str = "date") -> SourceFile:
    """A wide table of half-hours."""
    text = "\n".join([",".join([header, *labels()]), *rows, ""])
    return SourceFile("table.csv", text.encode())


def long(*rows: str, header: str = "at,kwh") -> SourceFile:
    """A long table."""
    return SourceFile("table.csv", "\n".join([header, *rows, ""]).encode())


def day_row(
    first: str, values: Sequence[float] | float, changed: Mapping[int, object] = {}
) -> str:
    """A row: the first cells, and 48 values of which some are others."""
    cells: list[object] = (
        list(values) if isinstance(values, Sequence) else [values] * 48
    )
    for slot, value in changed.items():
        cells[slot] = value
    return ",".join([first, *map(str, cells)])


def dates(first: str, count: int) -> list[str]:
    """Days that follow each other."""
    start = date.fromisoformat(first)
    return [f"{start + timedelta(days=n)}" for n in range(count)]


def values_by_day(content: FileContent) -> dict[str, list[float]]:
    """kWh of the only register, by market day."""
    (days,) = content.meter.values()
    return {f"{day.day}": day.kwh.tolist() for day in days}
