"""A report as files: all are written beside, then put in place of the old ones."""

import csv
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from home_energy.analysis.report.flows_table import write_flows
from home_energy.analysis.report.page import write_page
from home_energy.analysis.report.report import Report
from home_energy.analysis.scenario.result import result_text
from home_energy.errors import DataError

REPORT_JSON = "report.json"
"""Put in place last: where it is new, so are the others."""

_RANGE = ("p10", "p50", "p90")


def require_writable(folder: Path) -> None:
    """Make the folder, or refuse one that cannot be written before anything is run.

    Raises
    ------
    DataError
        If it cannot be made or written.
    """
    with _own_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".report-", dir=folder):
            pass


def write_report(folder: Path, report: Report) -> tuple[Path, ...]:
    """Write every file of a report; until all are whole the old ones stand.

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    DataError
        If the folder cannot be written; the old report is as it was.
    """
    figures = report.figures
    writers: dict[str, Callable[[Path], None]] = {
        "comparison.csv": lambda path: write_rows(path, comparison_rows(figures)),
        "monthly.csv": lambda path: write_rows(path, monthly_rows(figures)),
        "flows.parquet": lambda path: write_flows(path, report.scenarios),
        "report.html": lambda path: write_page(figures, path),
        REPORT_JSON: lambda path: _write_json(path, figures),
    }
    with (
        _own_errors(folder),
        TemporaryDirectory(prefix=".report-", dir=folder) as beside,
    ):
        for name, write in writers.items():
            write(Path(beside) / name)
        for name in writers:
            os.replace(Path(beside) / name, folder / name)  # noqa: PTH105
    return tuple(folder / name for name in writers)


def comparison_rows(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of the comparison; a range is three columns."""
    return [_flat(row) for row in figures["comparison"]]


def monthly_rows(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Months of the home as it is, then of each scenario's chosen strategy."""
    baseline = figures["baseline"]
    rows = [
        {"scenario": baseline["scenario"], "strategy": None, **month}
        for month in baseline["months"]
    ]
    for entry in figures["scenarios"]:
        chosen = entry["chosen_strategy"]
        named = {"scenario": entry["scenario"], "strategy": chosen}
        rows += [{**named, **month} for month in entry["shapes"][chosen]["months"]]
    return rows


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows under all their names; what a row lacks is empty."""
    names = dict.fromkeys(name for row in rows for name in row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(names))
        writer.writeheader()
        writer.writerows(rows)


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if not name.endswith("_range_aud"):
            flat[name] = value
            continue
        bare = name.removesuffix("_range_aud")
        for share in _RANGE:
            flat[f"{bare}_{share}_aud"] = None if value is None else value[share]
    return flat


def _write_json(path: Path, figures: Mapping[str, Any]) -> None:
    path.write_text(result_text(figures), encoding="utf-8")


@contextmanager
def _own_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DataError(
            f"{folder}: the report cannot be written there "
            f"({error.strerror or error}); expected a folder of yours with free space; "
            "choose another with --out, or with report.folder in home.toml"
        ) from error
