"""A sweep run: every choice of a file on the record, and what stands out."""

import csv
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from home_energy.analysis.finance.cost_curves import cost_curve
from home_energy.analysis.finance.purchase import PartKind
from home_energy.analysis.scenario.doubt_result import doubt_result, range_result
from home_energy.analysis.scenario.result import PACKAGES
from home_energy.analysis.scenario.run import UPPER_BOUND
from home_energy.analysis.scenario.saved_months import saving_range_aud
from home_energy.analysis.scenario.scenario_home import OnProgress
from home_energy.analysis.scenario.year_engine import (
    AS_NEW,
    Capacity,
    Choices,
    PreparedYear,
    prepare_year,
)
from home_energy.analysis.scenario.year_figures import YearFigures
from home_energy.analysis.scenario.year_point import YearPoint, battery_at
from home_energy.analysis.simulation.charging_strategy import OnArrival
from home_energy.analysis.sweep.kept_years import KeptYears, Years
from home_energy.analysis.sweep.sweep_file import SweptScenario
from home_energy.analysis.sweep.sweep_money import (
    PointMoney,
    capacities_of,
    doubt_of_point,
    judged_home,
    money_of_points,
)
from home_energy.analysis.sweep.sweep_picks import picks
from home_energy.analysis.sweep.swept_years import Asked, Workers, run_years
from home_energy.settings import Settings
from home_energy.store import Store

OnCount = Callable[[int, int], None]
"""Called with how many choices are done, of how many."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how far a sweep is.

    Parameters
    ----------
    on_progress
        Of what is read beforehand.
    on_count
        Of the choices.
    """

    on_progress: OnProgress = lambda _words: None
    on_count: OnCount = lambda _done, _all: None


@dataclass(frozen=True, slots=True, eq=False)
class SweepRun:
    """Every choice of a sweep.

    Parameters
    ----------
    asked, year
        What was asked, and the home it was asked of.
    points, years, money
        Each choice, its years, the first as new, and what buying it comes to; `None`
        where nothing is bought, or the file has no prices.
    """

    asked: SweptScenario
    year: PreparedYear
    points: tuple[YearPoint, ...]
    years: tuple[Years, ...]
    money: tuple[PointMoney | None, ...]

    @property
    def figures(self) -> tuple[YearFigures, ...]:
        """First year of each choice."""
        return tuple(years[0] for years in self.years)

    @property
    def rows(self) -> Rows:
        """One for each choice: what it is, then every figure."""
        return [
            _row(self.year, *one)
            for one in zip(self.points, self.figures, self.money, strict=True)
        ]


def run_sweep(
    store: Store,
    settings: Settings,
    asked: SweptScenario,
    how: tuple[Workers, KeptYears],
    watch: Watch = Watch(),
) -> SweepRun:
    """Run every choice of a sweep.

    Parameters
    ----------
    how
        Who runs the years, and where those that were run before are kept.

    Raises
    ------
    ConfigError, CoverageError, DataError
        As `prepare_year` and `run_years`.
    """
    workers, kept = how
    own = settings.bill.tariff
    points = asked.points(own)
    choices = Choices(asked.tariffs(own), asked.strategies)
    year = prepare_year(store, settings, asked.question, choices, watch.on_progress)
    capacities: tuple[Capacity, ...] = (AS_NEW,)
    if asked.purchase is not None:
        capacities = capacities_of(asked.purchase.assumptions.assumed())
    found = run_years(
        year,
        Asked(points, capacities),
        workers,
        kept,
        lambda done: watch.on_count(done, len(points)),
    )
    money = _money(asked, year, points, found)
    return SweepRun(asked, year, points, tuple(found), money)


def sweep_result(run: SweepRun, sweep_sha256: str) -> dict[str, Any]:
    """Every figure of a sweep, not rounded, ready for JSON."""
    rows = run.rows
    outlay, said = _outlays(run, rows)
    picked = picks(rows, outlay)
    days = run.asked.period.days
    return {
        "sweep": run.asked.name,
        "title": run.asked.title,
        "first_day": days[0].isoformat(),
        "last_day": days[1].isoformat(),
        "resolution_minutes": run.asked.period.resolution_minutes,
        "baseline": {
            "tariff": run.year.baseline_tariff,
            "bill_aud": run.year.baseline.bill.total_aud,
            "cost_aud": run.year.baseline.cost_aud,
        },
        "assumptions": _assumptions(run.asked),
        "choices": rows,
        "picks": asdict(picked),
        "doubts": [_doubt(run, number) for number in picked.numbers],
        "notes": [*run.year.notes, *_notes(run), said],
        "provenance": {
            "sweep_sha256": sweep_sha256,
            "versions": {name: version(name) for name in PACKAGES},
        },
    }


def write_sweep(folder: Path, result: dict[str, Any]) -> None:
    """Write `sweep.json`, and its choices as `choices.csv` and `choices.parquet`."""
    import pyarrow as pa  # noqa: PLC0415 - a tenth of a second, only for files
    import pyarrow.parquet as pq  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, indent=2, sort_keys=True, allow_nan=False)
    (folder / "sweep.json").write_text(text + "\n", encoding="utf-8")
    rows = result["choices"]
    with (folder / "choices.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    pq.write_table(pa.Table.from_pylist(rows), folder / "choices.parquet")


def _money(
    asked: SweptScenario,
    year: PreparedYear,
    points: tuple[YearPoint, ...],
    found: list[Years],
) -> tuple[PointMoney | None, ...]:
    if asked.purchase is None:
        return (None,) * len(points)
    return tuple(money_of_points(asked.purchase, year, points, found))


_NO_MONEY = dict.fromkeys(PointMoney.__dataclass_fields__)


def _row(
    year: PreparedYear, point: YearPoint, figures: YearFigures, money: PointMoney | None
) -> dict[str, Any]:
    battery = battery_at(year.scenario.battery, point)
    return {
        "tariff": point.tariff,
        "strategy": point.strategy,
        "is_upper_bound": point.strategy == UPPER_BOUND,
        "solar_kw": point.solar_kw,
        "battery_product": point.battery_product,
        "battery_kwh": 0.0 if battery is None else battery.usable_kwh,
        **figures.row(),
        **(_NO_MONEY if money is None else asdict(money)),
    }


def _doubt(run: SweepRun, number: int) -> dict[str, Any]:
    """Ranges of a choice that stands out."""
    years, purchase = run.years[number], run.asked.purchase
    found = None
    if purchase is not None:
        found = doubt_of_point(purchase, run.year, run.points[number], years)
    return {
        "choice": number,
        "saving_range_aud": range_result(saving_range_aud(run.year.baseline, years[0])),
        "doubt": None if found is None else doubt_result(found),
    }


def _assumptions(asked: SweptScenario) -> dict[str, Any] | None:
    if asked.purchase is None:
        return None
    return asdict(asked.purchase.assumptions.assumed())


def _outlays(run: SweepRun, rows: Rows) -> tuple[list[float], str]:
    """What each choice costs to buy, and in words whose price that is. [AUD]"""
    if run.asked.purchase is not None:
        net = [0.0 if one is None else one.net_aud for one in run.money]
        return net, "the knee is told by what is paid after incentives"
    said = "no [purchase]: the knee is told by what cost curves say before incentives"
    return [_list_price_aud(row) for row in rows], said


def _list_price_aud(row: dict[str, Any]) -> float:
    sizes = {PartKind.SOLAR: row["solar_kw"], PartKind.BATTERY: row["battery_kwh"]}
    return sum(
        cost_curve(kind).price_aud(size) for kind, size in sizes.items() if size > 0
    )


def _notes(run: SweepRun) -> list[str]:
    """What figures of some choices rest on."""
    notes = [note for priced in run.year.tariffs.values() for note in priced.notes]
    if run.asked.purchase is not None:
        home = judged_home(run.asked.purchase, run.year, OnArrival.name)
        notes += home.notes
    return list(dict.fromkeys(notes))
