"""Many years of one home: a sweep of sizes, and one choice as a slider asks for it.

The home is that of `year_of_scenarios`. A choice that is bought is run at three
capacities, so 336 choices are 1,008 exact years with their bills and their finance.
"""

import shutil
import statistics
import time
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
from tests.benchmarks.measure import Measure
from tests.benchmarks.year_of_scenarios import TARIFF, _record

from home_energy.analysis.scenario.year_engine import (
    AS_NEW,
    Choices,
    PreparedYear,
    prepare_year,
)
from home_energy.analysis.scenario.year_point import YearPoint
from home_energy.analysis.sweep.kept_years import KeptYears
from home_energy.analysis.sweep.sweep_file import SweptScenario
from home_energy.analysis.sweep.sweep_money import capacities_of, money_of_points
from home_energy.analysis.sweep.swept_years import Asked, Workers, run_years
from home_energy.settings import BillSettings, HomeSettings, Settings
from home_energy.store import Store

SETTINGS = Settings(
    home=HomeSettings(timezone="Australia/Melbourne"), bill=BillSettings(tariff=TARIFF)
)
TARIFFS = (TARIFF, "tou-vic-jemena")
SWEEP = f"""
name = "measured"
title = "Measured"
[period]
year = 2025
[solar]
[[solar.array]]
kw_dc = 6.6
inverter_kw_ac = 5.0
[battery]
product = "powerwall-3"
wear_c_per_kwh = 1.0
[strategy]
charge_windows = [{{ hours = ["10:00-14:00"] }}]
discharge_windows = [{{ hours = ["16:00-21:00"] }}]
[sweep]
solar_kw = [2, 4, 5, 6.6, 8, 10, 13.2]
battery_kwh = {[5 + number for number in range(24)]}
tariff = {list(TARIFFS)}
strategy = ["perfect_foresight"]
[purchase]
installed = 2026-01-15
postcode = "3000"
"""
STRATEGIES = (
    "self_consumption",
    "time_of_use",
    "smart_cycles",
    "forecast",
    "perfect_foresight",
)
CORES = 2
ROUNDS = 5
ASKED = 200


def measure_sweeps(folder: Path) -> list[Measure]:
    """Medians of sweeps, and how long one choice takes at worst."""
    home = folder / "sweeps"
    (home / "config").mkdir(parents=True)
    store = _record(home)
    try:
        half_hours = _prepared(store, 30)
        return [
            *_sweep("30-minute", half_hours, of=1, rounds=ROUNDS, target_s=3),
            *_sweep("5-minute", _prepared(store, 5), of=4, rounds=1, target_s=30),
            *_choices(half_hours),
        ]
    finally:
        store.close()
        shutil.rmtree(home)


def _asked(minutes: int) -> SweptScenario:
    tree: dict[str, Any] = tomllib.loads(SWEEP)
    tree["period"]["resolution_minutes"] = minutes
    return SweptScenario.model_validate(tree)


def _prepared(store: Store, minutes: int) -> tuple[SweptScenario, PreparedYear]:
    asked = _asked(minutes)
    choices = Choices(TARIFFS, STRATEGIES)
    return asked, prepare_year(store, SETTINGS, asked.question, choices)


def _sweep(
    what: str,
    prepared: tuple[SweptScenario, PreparedYear],
    *,
    of: int,
    rounds: int,
    target_s: float,
) -> list[Measure]:
    """Seconds for a thousand years; of every `of`-th choice, for them all."""
    asked, year = prepared
    assert asked.purchase is not None
    points = asked.points(TARIFF)[::of]
    capacities = capacities_of(asked.purchase.assumptions.assumed())
    thousands = len(points) * len(capacities) / 1000
    year.evaluate(points[0])  # compiled before the clock runs
    wall, money, processor = [], [], []
    for _ in range(rounds):
        began, worked = time.perf_counter(), time.process_time()
        found = run_years(year, Asked(points, capacities), Workers(CORES), _NOWHERE)
        ran = time.perf_counter()
        money_of_points(asked.purchase, year, points, found)
        wall.append((time.perf_counter() - began) / thousands)
        money.append((time.perf_counter() - ran) / thousands)
        processor.append((time.process_time() - worked) / thousands)
    said = f"1,000 exact {what} years with bills and finance, 2 threads"
    return [
        Measure(said, statistics.median(wall), "s", target_s),
        Measure("… of it finance", statistics.median(money), "s"),
        Measure("… processor time", statistics.median(processor), "s"),
    ]


_NOWHERE = KeptYears(None)


def _choices(prepared: tuple[SweptScenario, PreparedYear]) -> list[Measure]:
    """One choice after another, each new in everything, as sliders are moved."""
    _, year = prepared
    chance = np.random.default_rng(1)
    by_strategy: dict[str, list[float]] = {}
    for number in range(ASKED):
        strategy = STRATEGIES[number % len(STRATEGIES)]
        point = YearPoint(
            TARIFFS[number % len(TARIFFS)],
            strategy,
            round(float(chance.uniform(1, 15)), 1),
            round(float(chance.uniform(2, 30)), 1),
        )
        if strategy not in by_strategy:
            year.evaluate(point, AS_NEW)
        began = time.perf_counter()
        year.evaluate(point)
        took_ms = 1000 * (time.perf_counter() - began)
        by_strategy.setdefault(strategy, []).append(took_ms)
    every = [took for those in by_strategy.values() for took in those]
    return [
        Measure("One choice, 30 min, p95", _p95(every), "ms", 60),
        *(
            Measure(f"… {strategy}, p95", _p95(those), "ms")
            for strategy, those in by_strategy.items()
        ),
    ]


def _p95(values: list[float]) -> float:
    return float(np.percentile(values, 95))


if __name__ == "__main__":
    import sys

    for measure in measure_sweeps(Path(sys.argv[1])):
        sys.stdout.write(measure.row() + "\n")
