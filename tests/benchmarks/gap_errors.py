"""How wrong the gap rules are on real homes: `python -m tests.benchmarks.gap_errors`.

Prints the table of docs/models/gaps.md, the rules that are shipped and two that were
tried and are not. The homes are in ../shared/data.
"""

import csv
import gzip
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from home_energy.analysis.usage.gap_errors import measure_gap_rule
from home_energy.analysis.usage.gap_filling import length_words
from home_energy.analysis.usage.gap_rules import (
    GAP_RULES,
    BoolArray,
    GapRule,
    SlotTable,
)
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid, nem_day_start
from home_energy.ingestion.sources.nem12 import read_nem12
from home_energy.ingestion.sources.source_file import SourceFile

SHARED = Path(__file__).parents[3] / "shared/data"
SYDNEY = ZoneInfo("Australia/Sydney")
"""Of both homes' kinds of day; for the home in the file without a place, assumed."""
HALF_HOUR = timedelta(minutes=30)


def nearest_day(
    kwh: FloatArray, slots: SlotTable, is_wanted: BoolArray, _step: timedelta
) -> FloatArray:
    """Same time on the nearest day of the same kind that knows it."""
    table, estimate = slots.of(kwh), np.full(kwh.size, np.nan)
    for place in np.flatnonzero(is_wanted).tolist():
        row = int(slots.row[place])
        known = ~np.isnan(table[:, slots.column[place]])
        days = np.flatnonzero(known & (slots.is_weekend == slots.is_weekend[row]))
        if days.size:
            day = days[np.argmin(np.abs(days - row))]
            estimate[place] = table[day, slots.column[place]]
    return estimate


def straight_line(
    kwh: FloatArray, _slots: SlotTable, is_wanted: BoolArray, _step: timedelta
) -> FloatArray:
    """Straight line across a gap of any length."""
    known, estimate = np.flatnonzero(~np.isnan(kwh)), np.full(kwh.size, np.nan)
    wanted = np.flatnonzero(is_wanted)
    estimate[wanted] = np.interp(wanted, known, kwh[known])
    return estimate


RULES: dict[str, GapRule] = {
    **GAP_RULES,
    "(nearest_day)": nearest_day,
    "(straight_line)": straight_line,
}


def homes() -> dict[str, tuple[TimeGrid, FloatArray]]:
    """Flows of two real homes."""
    return {**five_minute_home(), **half_hour_home()}


def five_minute_home() -> dict[str, tuple[TimeGrid, FloatArray]]:
    """Import and export of a solar home, 106 days of 2023-24."""
    path = SHARED / "nem12/solar_home_5min_E1B1_2023-10_2024-02.csv"
    content = read_nem12(SourceFile(path.name, path.read_bytes()))
    found = {}
    for register, days in content.meter.items():
        start = nem_day_start(days[0].day)
        grid = TimeGrid(start, timedelta(minutes=5), 288 * len(days))
        flow = {"E1": "import", "B1": "export"}[register.name]
        kwh = np.concatenate([day.kwh for day in days])
        found[f"5 min, 106 days, {flow}"] = (grid, kwh)
    return found


def half_hour_home() -> dict[str, tuple[TimeGrid, FloatArray]]:
    """Import and export of a home with 1 kWp, July 2011 to June 2012, 48 a day."""
    path = SHARED / "homes/ausgrid_customer12_2011-07_2012-06.csv.gz"
    with gzip.open(path, "rt") as lines:
        rows = list(csv.DictReader(lines))
    load, made = (np.array([float(r[c]) for r in rows]) / 2 for c in ("GC", "GG"))
    start = datetime.combine(date(2011, 7, 1), datetime.min.time(), SYDNEY)
    grid = TimeGrid(start.astimezone(UTC), HALF_HOUR, load.size)
    return {
        "30 min, a year, import": (grid, np.maximum(load - made, 0.0)),
        "30 min, a year, export": (grid, np.maximum(made - load, 0.0)),
    }


def main() -> None:
    """Print the table."""
    print("| flow | gap | rule | bias | interval kWh | day kWh | gap kWh |")  # noqa: T201
    print("|---|---|---|---|---|---|---|")  # noqa: T201
    for name, (grid, kwh) in homes().items():
        told = {
            rule: measure_gap_rule(kwh, grid, SYDNEY, estimate)
            for rule, estimate in RULES.items()
        }
        for number, first in enumerate(told["same_slot_median"]):
            for rule, errors in told.items():
                error = errors[number]
                bias = error.bias_fraction
                print(  # noqa: T201
                    f"| {name} | {length_words(first.length)} | {rule} | "
                    f"{'' if bias is None else f'{bias:+.0%}'} | "
                    f"{error.interval_error_kwh:.4f} | {error.day_error_kwh:.3f} | "
                    f"{error.gap_error_kwh:.2f} |"
                )


if __name__ == "__main__":
    main()
