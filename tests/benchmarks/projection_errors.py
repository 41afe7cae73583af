"""How far a projected month is from its bill: `-m tests.benchmarks.projection_errors`.

Prints the table of docs/models/projection.md: months of a real home of Amber's, and a
second home's usage moved onto the same prices. Both are in ../shared/data.
"""

import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from home_energy.analysis.billing.billed_period import bill_period
from home_energy.analysis.billing.monthly_bills import (
    bill_months,
    month_so_far,
    recent_daily_aud,
)
from home_energy.analysis.billing.projected_month import project_month
from home_energy.analysis.tariffs.amber_prices import AmberPrices
from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.usage.complete_days import (
    CompleteDays,
    read_complete_days,
)
from home_energy.analysis.usage.period_inputs import (
    BilledDays,
    PeriodInputs,
    UsageChoice,
    read_inputs,
)
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.series import PriceSeries
from home_energy.settings import Settings, load_settings
from home_energy.store import Store

SHARED = Path(__file__).parents[3] / "shared/data"
COMMAND = (sys.executable, "-c", "from home_energy.cli import main; main()")
AMBER_HOME = BilledDays(date(2024, 10, 7), date(2024, 12, 31))
MOVED_HOME = BilledDays(date(2024, 7, 1), date(2024, 12, 31))
FROM_DAYS = (10, 20)


def main() -> None:
    """Print both homes' table."""
    with tempfile.TemporaryDirectory() as folder:
        store, settings = _imported(Path(folder), "amber")
        choice = UsageChoice("line_then_mean")
        billed = _interpolated(read_inputs(store, settings, AMBER_HOME, choice))
        _print("Amber's home", read_complete_days(store, settings, AMBER_HOME), billed)
    with tempfile.TemporaryDirectory() as folder:
        store, settings = _imported(Path(folder), "table")
        choice = UsageChoice(
            sources=("table:ausgrid-solar-home",), moved_from=date(2011, 7, 1)
        )
        billed = _import_only(read_inputs(store, settings, MOVED_HOME, choice))
        billed = _interpolated(billed)
        whole = np.ones(billed.grid.count // 288, dtype=bool)
        _print("moved home", CompleteDays(billed, whole), billed)


def _imported(folder: Path, kind: str) -> tuple[Store, Settings]:
    config = folder / "config"
    config.mkdir()
    amber = sorted((SHARED / "amber").glob("*.gz"))
    words = [["amber", *map(str, amber)]]
    if kind == "table":
        usage = next((SHARED / "homes").glob("ausgrid_customer12*"))
        words = [["amber", *(str(one) for one in amber if "prices" in one.name)]]
        words += [["table", "--profile", "ausgrid-solar-home", str(usage)]]
    for one in words:
        command = [*COMMAND, "--config", str(config), "import", *one]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    settings = load_settings(config, {})
    return Store.open_read_only(settings.home.store), settings


def _import_only(inputs: PeriodInputs) -> PeriodInputs:
    """Without export: the record holds no price of it."""
    energy = inputs.energy
    nothing = np.zeros(inputs.grid.count)
    metered = MeteredEnergy(energy.grid, energy.general_kwh, nothing)
    return replace(inputs, energy=metered)


def _interpolated(inputs: PeriodInputs) -> PeriodInputs:
    """Half an hour of 28 October and of 2 December 2024 is not in Amber's file."""
    amber = inputs.read_amber()
    if amber is None:
        raise ValueError("the record holds no prices")
    filled = {}
    for channel, series in amber.recorded.items():
        known = np.flatnonzero(~np.isnan(series.c_per_kwh))
        places = np.arange(series.grid.count)
        c_per_kwh = np.interp(places, known, series.c_per_kwh[known])
        filled[channel] = PriceSeries(series.grid, c_per_kwh)
    return replace(inputs, read_amber=lambda: AmberPrices(filled, None))


def _print(name: str, record: CompleteDays, billed: PeriodInputs) -> None:
    plan = find_plan("amber", Path("nowhere"))
    bill = bill_period(billed, plan).bill
    errors: dict[int, list[float]] = {}
    for month in (one for one in bill.months if one >= record.inputs.days.first):
        true_aud = sum(line.amount_aud for line in bill.of_month(month))
        for day in FROM_DAYS:
            total_aud, low_aud, high_aud = _projections(
                record, plan, month.replace(day=day)
            )
            error = total_aud / true_aud - 1
            errors.setdefault(day, []).append(error)
            sys.stdout.write(
                f"| {name} | {month:%b} | {day} | ${true_aud:.0f} | ${total_aud:.0f} "
                f"| {error:+.0%} | ${low_aud:.0f} to ${high_aud:.0f} |\n"
            )
    for day, shares in errors.items():
        size = np.abs(shares)
        words = f"mean {size.mean():.1%}, most {size.max():.1%}"
        sys.stdout.write(f"{name}, day {day}: {words}\n")


def _projections(
    record: CompleteDays, plan: Plan, last: date
) -> tuple[float, float, float]:
    """What was projected when nothing after a day was known. [AUD]

    By the mean day, and by that of the cheapest and of the dearest of its weeks.
    """
    is_known = np.array([day <= last for day in record.all_days])
    known = CompleteDays(record.inputs, record.is_complete & is_known)
    tariff = PlanTariff(plan, record.inputs.read_amber())
    bills = {bill.month: bill for bill in bill_months(known, plan)}
    so_far = month_so_far(tariff, bills[last.replace(day=1)])
    daily_aud = recent_daily_aud(known, tariff, last + timedelta(days=1))
    weeks = [daily_aud[end - 7 : end] for end in range(len(daily_aud), 6, -7)]
    weeks.sort(key=sum)
    totals = [
        told.total_aud
        for days in (daily_aud, weeks[0], weeks[-1])
        if (told := project_month(so_far, days)) is not None
    ]
    return totals[0], totals[1], totals[2]


if __name__ == "__main__":
    main()
