"""How long the two processes take to load, and how much memory that takes."""

import subprocess
import sys

from tests.benchmarks.measure import Measure

_PROCESSES = {
    "Collector": "home_energy.ingestion.collector, home_energy.store, httpx",
    "Dashboard": "home_energy.dashboard.app, waitress",
}
# Not `ru_maxrss`, which begins with the memory of the process that started this one.
_CODE = """
import pathlib, re, time
began = time.perf_counter()
import {modules}
seconds = time.perf_counter() - began
status = pathlib.Path("/proc/self/status").read_text()
print(seconds, re.search(r"VmHWM:\\s+(\\d+) kB", status).group(1))
"""
RUNS = 5


def measure_processes() -> list[Measure]:
    """Import time, the best of some, and the memory then in use; information only."""
    found = []
    for name, modules in _PROCESSES.items():
        runs = [_import(modules) for _ in range(RUNS)]
        found += [
            Measure(f"{name}: import time", min(s for s, _ in runs), "s"),
            Measure(f"{name}: peak memory then", max(mb for _, mb in runs), "MB"),
        ]
    return found


def _import(modules: str) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-c", _CODE.format(modules=modules)],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, peak_kib = done.stdout.split()
    return float(seconds), float(peak_kib) * 1024 / 1_000_000
