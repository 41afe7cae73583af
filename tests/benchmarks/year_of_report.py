"""The yearly report of the repository's own scenarios, from the command's start."""

import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.measure import Measure
from tests.benchmarks.year_of_scenarios import _record

SCENARIOS = Path(__file__).parents[2] / "scenarios"
ROUNDS = 3


def measure_report(folder: Path) -> list[Measure]:
    """Twelve scenarios and a sweep on a made-up year: a new process, caches warm."""
    home = folder / "report"
    (home / "config").mkdir(parents=True)
    _record(home).close()
    count = len(list(SCENARIOS.glob("*.toml")))
    try:
        seconds = [_seconds(home) for _ in range(ROUNDS + 1)]
    finally:
        shutil.rmtree(home)
    said = f"`report` of {count} scenarios, the whole process, caches warm"
    warm = statistics.median(seconds[1:])  # the first fills the caches
    return [Measure(said, warm, "s", 30)]


def _seconds(home: Path) -> float:
    code = "from home_energy.cli import main; main()"
    asked = ["report", "--year", "2025", "--scenarios", str(SCENARIOS)]
    # As on a home's machine: modules compiled once are kept.
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", code, *asked],
        cwd=home,
        env=kept,
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - began
