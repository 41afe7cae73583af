"""A year's NEM12 file into the store, beside nemreader reading the same file."""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from nemreader import NEMFile
from tests.benchmarks.measure import MEGABYTE, Measure, remove_store

from home_energy.ingestion.importing import FileImport, import_files
from home_energy.ingestion.sources.nem12 import read_nem12

YEAR = 2025
VALUES = 2 * 365 * 288
ROUNDS = 7
"""Each round runs both, one after the other; medians, for the machine is shared."""


def measure_year_of_meter_data(folder: Path) -> list[Measure]:
    """Time the import of a year, 5 minutes, two registers, and nemreader's parsing."""
    path = folder / "year.csv"
    write_year(path)
    store = folder / "year.sqlite"
    task = FileImport(
        kind="nem12", read=read_nem12, now=datetime(2026, 1, 3, tzinfo=UTC)
    )

    def import_year() -> None:
        remove_store(store)
        (imported,) = import_files(store, [path], task)
        if imported.record.new_count != VALUES:
            raise RuntimeError(f"{imported.record.new_count} of {VALUES} values")

    def parse_with_nemreader() -> None:
        readings = NEMFile(str(path), strict=True).nem_data().readings
        count = sum(len(r) for nmi in readings.values() for r in nmi.values())
        if count != VALUES:
            raise RuntimeError(f"nemreader read {count} of {VALUES} values")

    rounds = [
        (_seconds(import_year), _seconds(parse_with_nemreader)) for _ in range(ROUNDS)
    ]
    ours = statistics.median(mine for mine, _ in rounds)
    theirs = statistics.median(peer for _, peer in rounds)
    ratio = statistics.median(mine / peer for mine, peer in rounds)
    size_megabytes = store.stat().st_size / MEGABYTE
    remove_store(store)
    return [
        Measure(
            "A year of NEM12, 5 min, 2 registers: import into the store", ours, "s", 1.5
        ),
        Measure("… nemreader parses the same file", theirs, "s"),
        Measure("… ours by theirs", ratio, "x", 1.0),
        Measure("… on disk", size_megabytes, "MB"),
    ]


def write_year(path: Path, seed: int = 1) -> None:
    """Write import and export of one year in five minutes."""
    generator = np.random.default_rng(seed)
    lines = ["100,NEM12,202601011200,MDP,RETAILER"]
    for suffix in ("E1", "B1"):
        lines.append(f"200,6001234567,E1B1,1,{suffix},N1,METER1,KWH,5,")
        day = date(YEAR, 1, 1)
        while day.year == YEAR:
            values = ",".join(f"{v:.3f}" for v in generator.random(288) * 0.3)
            lines.append(f"300,{day:%Y%m%d},{values},A,,,20260102030405,")
            day += timedelta(days=1)
    path.write_text("\r\n".join([*lines, "900"]) + "\r\n")


def _seconds(run: Callable[[], None]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began
