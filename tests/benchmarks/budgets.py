"""The budgets, measured: size, wear of the card, waits, a year's import and bill.

Run `python -m tests.benchmarks.budgets`; it prints a table. Give `--folder` a
place on a real disk, for a disk in memory counts no bytes written.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.day_of_collecting import measure_day
from tests.benchmarks.draws_of_purchase import measure_doubt
from tests.benchmarks.home_screen import measure_screen
from tests.benchmarks.measure import Measure
from tests.benchmarks.processes import measure_processes
from tests.benchmarks.year_of_bill import measure_year_of_bill
from tests.benchmarks.year_of_car_alone import measure_year_of_car_alone
from tests.benchmarks.year_of_car_forecasts import measure_year_of_car_forecasts
from tests.benchmarks.year_of_dispatch import measure_year_of_dispatch
from tests.benchmarks.year_of_forecasts import measure_year_of_forecasts
from tests.benchmarks.year_of_meter_data import measure_year_of_meter_data
from tests.benchmarks.year_of_record import measure_worst_year, measure_year
from tests.benchmarks.year_of_report import measure_report
from tests.benchmarks.year_of_scenarios import measure_scenarios
from tests.benchmarks.year_of_solar import measure_year_of_solar
from tests.benchmarks.year_of_sweeps import measure_sweeps
from tests.benchmarks.year_of_two_storages import measure_year_of_two_storages
from tests.benchmarks.year_of_what_if import measure_what_if

ROOT = Path(__file__).parents[2]

Section = Callable[[], list[Measure]]
"""What measures one part of the program."""


def main() -> int:
    """Measure everything and print it; 1 when a budget is missed."""
    chosen = _chosen()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    path = chosen.folder / "benchmark.sqlite"
    sections: dict[str, Section] = {
        "scenario": lambda: measure_scenarios(chosen.folder),
        "meter": lambda: measure_year_of_meter_data(chosen.folder),
        "size": lambda: measure_year(path, chosen.days),
        "worst": lambda: measure_worst_year(path, max(1, chosen.days // 6)),
        "written": lambda: measure_day(path),
        "screen": lambda: measure_screen(path),
        "processes": measure_processes,
        "bill": measure_year_of_bill,
        "dispatch": measure_year_of_dispatch,
        "solar": measure_year_of_solar,
        "forecast": measure_year_of_forecasts,
        "car": measure_year_of_car_alone,
        "joint": measure_year_of_two_storages,
        "car_forecast": measure_year_of_car_forecasts,
        "sweep": lambda: measure_sweeps(chosen.folder),
        "doubt": lambda: measure_doubt(chosen.folder),
        "what_if": lambda: measure_what_if(chosen.folder),
        "report": lambda: measure_report(chosen.folder),
    }
    measures = []
    for name, measure in sections.items():
        if not chosen.only or name in chosen.only:
            sys.stderr.write(f"measuring {name} ...\n")
            measures += measure()
    shutil.rmtree(chosen.folder)
    sys.stdout.write(_table(measures))
    return int(any(measure.is_missed for measure in measures))


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "benchmarks")
    parser.add_argument("--days", type=int, default=12, help="of the year, recorded")
    parser.add_argument(
        "--only",
        nargs="*",
        help="scenario meter size worst written screen processes bill dispatch solar "
        "forecast car joint car_forecast sweep doubt what_if report",
    )
    return parser.parse_args()


def _table(measures: list[Measure]) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    version = ".".join(str(part) for part in sys.version_info[:3])
    lines = [
        f"{os.cpu_count()} cores, {memory:.0f} GiB memory, Python {version}",
        "",
        "| measure | result | target | |",
        "|---|---|---|---|",
        *(measure.row() for measure in measures),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
