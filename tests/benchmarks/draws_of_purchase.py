"""A purchase in a thousand futures: by itself, and with the years that it rests on.

The home is that of `year_of_scenarios`, with 6.6 kW of panels and 13.5 kWh.
"""

import shutil
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
from tests.benchmarks.measure import Measure
from tests.benchmarks.year_of_scenarios import TARIFF, _record
from tests.benchmarks.year_of_sweeps import _prepared

from home_energy.analysis.finance.assumptions import assumptions_with
from home_energy.analysis.finance.doubt import doubt
from home_energy.analysis.finance.draws import draw, drawn_years
from home_energy.analysis.finance.months_on_record import (
    PARTS,
    MonthlyBenefit,
    MonthsOnRecord,
)
from home_energy.analysis.finance.purchase import PartKind, PricedPart, Purchase
from home_energy.analysis.finance.spreads import shipped_spreads
from home_energy.analysis.scenario.year_point import YearPoint
from home_energy.analysis.sweep.sweep_money import capacities_of, doubt_of_point

POINT = YearPoint(TARIFF, "perfect_foresight", solar_kw=6.6, battery_kwh=13.5)
ROUNDS = 9


def measure_doubt(folder: Path) -> list[Measure]:
    """Medians of seconds for a thousand draws of one purchase."""
    whole_s = _median_s(_whole(folder / "doubt"))
    drawn_s = _median_s(_draws())
    return [
        Measure("1,000 draws of a purchase and its four exact years", whole_s, "s", 5),
        Measure("… the draws alone, and every measure of them", drawn_s, "s"),
    ]


def _whole(folder: Path) -> Callable[[], object]:
    """Years of 30 minutes as new and aged, then the draws."""
    (folder / "config").mkdir(parents=True)
    store = _record(folder)
    try:
        asked, year = _prepared(store, 30)
    finally:
        store.close()
        shutil.rmtree(folder)
    purchase = asked.purchase
    assert purchase is not None
    capacities = capacities_of(purchase.assumptions.assumed())

    def run() -> object:
        years = tuple(year.evaluate(POINT, left) for left in capacities)
        return doubt_of_point(purchase, year, POINT, years)

    return run


def _draws() -> Callable[[], object]:
    """A battery that saves 1,000 in a year of months that differ."""
    assumptions = assumptions_with({})
    ages = np.array([0.0, 7.5, 14.5, shipped_spreads().furthest_years(assumptions)])
    saved = np.zeros((ages.size, 12, len(PARTS)))
    shares = np.random.default_rng(1).dirichlet(np.ones(12))
    saved[:, :, 0] = np.outer(1 - 0.02 * ages, 1000 * shares)
    saved[:, :, -1] = 400.0
    months = MonthsOnRecord(tuple(range(1, 13)), (30.4,) * 12)
    benefit = MonthlyBenefit(months, ages, saved)
    part = PricedPart((PartKind.BATTERY,), 15_000.0, "measured")
    bought = Purchase(
        "a battery",
        (part,),
        date(2026, 3, 1),
        battery_usable_kwh=13.5,
        warranty_years=10.0,
        warranty_throughput_kwh=37_800.0,
    )
    return lambda: doubt(bought, assumptions, benefit)


def _median_s(run: Callable[[], object]) -> float:
    """Once beforehand, for machine code; nothing that was drawn is kept."""
    run()
    took = []
    for _ in range(ROUNDS):
        draw.cache_clear()
        drawn_years.cache_clear()
        began = time.perf_counter()
        run()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


if __name__ == "__main__":
    import sys

    for measure in measure_doubt(Path(sys.argv[1])):
        sys.stdout.write(measure.row() + "\n")
