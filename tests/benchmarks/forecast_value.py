"""What planning ahead is worth on a real year: `-m tests.benchmarks.forecast_value`.

Prints the tables of docs/models/forecast.md: the Ausgrid home moved onto 2025's prices
of Victoria, with a Powerwall 3. Prices and home are in ../shared/data. The forecaster's
figures were chosen on the first half of the year alone, at 30 minutes.
"""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.simulation.catalogue import battery_named
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.flows import book_flows
from home_energy.analysis.simulation.forecast_strategy import ForecastStrategy
from home_energy.analysis.simulation.forecaster import Forecaster
from home_energy.analysis.simulation.ledger import ledger
from home_energy.analysis.simulation.strategy import (
    PerfectForesight,
    SelfConsumption,
    SmartCycles,
    Strategy,
)
from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.series import EnergySeries, FloatArray, PriceSeries
from home_energy.domain.time_grid import TimeGrid, nem_day_start

SHARED = Path(__file__).parents[3] / "shared/data"
MELBOURNE = ZoneInfo("Australia/Melbourne")
HALF_HOUR = timedelta(minutes=30)
MEASURED_KW = 1.04
AMBER, CLOCK = "amber-like-vic", "tou-vic-jemena"


def main() -> None:
    """Print savings, errors, and what other figures of the forecaster would do."""
    print("| home | baseline $ | strategy | saves $ | captured | Jan-Jun | Jul-Dec |")  # noqa: T201
    print("|---|---|---|---|---|---|---|")  # noqa: T201
    for minutes in (30, 5):
        for solar_kw in (MEASURED_KW, 6.6):
            problem = real_home(minutes, solar_kw, AMBER)
            name = f"{minutes} min, {solar_kw} kW"
            _print_savings(name, problem, _strategies(minutes))
    problem = real_home(30, 6.6, CLOCK)
    known = ForecastStrategy(Forecaster(published=problem.rates))
    by_clock: dict[str, Strategy] = {
        "self_consumption": SelfConsumption(),
        "forecast": known,
        "perfect_foresight": PerfectForesight(),
    }
    _print_savings("30 min, 6.6 kW, time of use", problem, by_clock)
    _print_errors(real_home(30, 6.6, AMBER))
    _print_choices([real_home(30, kw, AMBER) for kw in (MEASURED_KW, 6.6)])


def real_home(minutes: int, solar_kw: float, tariff: str) -> DispatchProblem:
    """The home in 2025; its measured solar scaled to `solar_kw`."""
    spot = _spot().at_step(timedelta(minutes=minutes))
    grid = TimeGrid(spot.grid.start, HALF_HOUR, spot.grid.count * minutes // 30)
    days = _measured_days()
    load, solar = np.array([days[day][slot] for day, slot in _source(grid)]).T
    plan = PlanTariff(find_plan(tariff, Path("none")))

    def at_step(kwh: FloatArray) -> FloatArray:
        return EnergySeries(grid, kwh).at_step(spot.grid.step).kwh

    return DispatchProblem(
        plan.rates(spot.grid, spot),
        at_step(load),
        at_step(solar) * solar_kw / MEASURED_KW,
        battery_named("powerwall-3", {}),
        GridConnection(15.0, 10.0),
    )


def _spot() -> PriceSeries:
    values: list[float] = []
    for path in sorted((SHARED / "aemo").glob("PRICE_AND_DEMAND_2025*_VIC1.csv")):
        with path.open() as lines:
            values += [float(row["RRP"]) * 0.11 for row in csv.DictReader(lines)]
    start = nem_day_start(date(2025, 1, 1))
    return PriceSeries(
        TimeGrid(start, timedelta(minutes=5), len(values)), np.array(values)
    )


def _measured_days() -> dict[tuple[int, int], FloatArray]:
    """Load and solar by week of the year and weekday. (48, 2) [kWh]"""
    path = SHARED / "homes/ausgrid_customer12_2011-07_2012-06.csv.gz"
    with gzip.open(path, "rt") as lines:
        rows = list(csv.DictReader(lines))
    kwh = np.array([[float(row["GC"]), float(row["GG"])] for row in rows]) / 2
    first = date(2011, 7, 1)
    found: dict[tuple[int, int], FloatArray] = {}
    for number, of_day in enumerate(kwh.reshape(-1, 48, 2)):
        day = first + timedelta(days=number)
        found.setdefault(day.isocalendar()[1:], of_day)
    return found


def _source(grid: TimeGrid) -> Iterator[tuple[tuple[int, int], int]]:
    """Week and weekday, and the half-hour of the local day, of each interval."""
    for start in grid:
        local = start.astimezone(MELBOURNE)
        week, weekday = local.date().isocalendar()[1:]
        yield (min(week, 52), weekday), 2 * local.hour + local.minute // 30


def _strategies(minutes: int) -> dict[str, Strategy]:
    often: dict[str, Strategy] = {
        "forecast, every 5 minutes": ForecastStrategy(replan_minutes=5)
    }
    return {
        "self_consumption": SelfConsumption(),
        "smart_cycles, 1 a day": SmartCycles(),
        "smart_cycles, 2 a day": SmartCycles(cycles_per_day=2.0),
        "forecast": ForecastStrategy(),
        **(often if minutes == 5 else {}),
        "perfect_foresight": PerfectForesight(),
    }


def _print_savings(
    name: str, problem: DispatchProblem, strategies: dict[str, Strategy]
) -> None:
    base = _without(problem)
    best = base - _daily_aud(problem, PerfectForesight())
    half = base.size // 2
    for label, strategy in strategies.items():
        saved = base - _daily_aud(problem, strategy)
        shares = [
            saved[part].sum() / best[part].sum()
            for part in (slice(None), slice(half), slice(half, None))
        ]
        print(  # noqa: T201
            f"| {name} | {base.sum():.0f} | {label} | {saved.sum():.0f} | "
            + " | ".join(f"{share:.0%}" for share in shares)
            + " |"
        )


def _print_errors(problem: DispatchProblem) -> None:
    error = ForecastStrategy().run(problem).error
    print(f"\n30 min, 6.6 kW, 1, 6 and 24 hours ahead: {error}\n")  # noqa: T201


def _print_choices(problems: list[DispatchProblem]) -> None:
    """Cost of both homes by half-year, without and with the days of spikes."""
    print("| figure | Jan-Jun, usual days $ | 10 days $ | Jul-Dec $ |")  # noqa: T201
    print("|---|---|---|---|")  # noqa: T201
    for label, strategy in _choices():
        parts = np.zeros(3)
        for problem in problems:
            cost = _daily_aud(problem, strategy)
            is_dear = _is_dear(problem)
            is_first = np.arange(cost.size) < cost.size // 2
            parts += [
                cost[is_first & ~is_dear].sum(),
                cost[is_first & is_dear].sum(),
                cost[~is_first].sum(),
            ]
        print(f"| {label} | " + " | ".join(f"{part:.0f}" for part in parts) + " |")  # noqa: T201


def _choices() -> Iterator[tuple[str, Strategy]]:
    forecaster = Forecaster()
    for value in (0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.99):
        changed = replace(forecaster, price_decay_fraction=value)
        yield f"price decay {value}", ForecastStrategy(changed)
    for value in (0.0, 0.7, 0.85, 0.95):
        changed = replace(forecaster, load_decay_fraction=value)
        yield f"load decay {value}", ForecastStrategy(changed)
    for value in (0.0, 0.7, 0.85, 0.95):
        changed = replace(forecaster, solar_decay_fraction=value)
        yield f"solar decay {value}", ForecastStrategy(changed)
    for days in (7, 14, 21, 28):
        yield f"{days} days", ForecastStrategy(replace(forecaster, days=days))
    for hours in (12, 24, 36, 48):
        yield f"horizon {hours} h", ForecastStrategy(horizon_hours=hours)


def _is_dear(problem: DispatchProblem) -> NDArray[np.bool_]:
    """Days with an export price above 100 c/kWh, and the days before them."""
    highest = problem.rates.export_c_per_kwh.reshape(365, -1).max(axis=1)
    is_dear = np.asarray(highest > 100)
    is_dear[:-1] |= is_dear[1:]
    return is_dear


def _daily_aud(problem: DispatchProblem, strategy: Strategy) -> FloatArray:
    stored = strategy.stored_kwh(problem)
    money = ledger(book_flows(problem, stored), problem.rates, problem.battery)
    return np.asarray(money.energy_c.reshape(365, -1).sum(axis=1) / 100)


def _without(problem: DispatchProblem) -> FloatArray:
    empty = replace(problem, battery=None)
    money = ledger(
        book_flows(empty, np.zeros(problem.grid.count + 1)), problem.rates, None
    )
    return np.asarray(money.energy_c.reshape(365, -1).sum(axis=1) / 100)


if __name__ == "__main__":
    main()
