"""`bill`: what was, or would have been, paid; whether it is what Amber charged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from home_energy.cli.application import (
    Invocation,
    JsonOption,
    app,
    console,
    print_json,
)
from home_energy.cli.bill_words import (
    bill_json,
    print_bill,
    print_comparison,
)
from home_energy.cli.reconcile_words import (
    fit_json,
    print_fit,
    print_reconciliation,
    reconciliation_json,
)
from home_energy.domain.clock import SystemClock
from home_energy.domain.time_grid import nem_date
from home_energy.errors import DataError
from home_energy.settings import Settings
from home_energy.store import Store

if TYPE_CHECKING:
    from home_energy.analysis.tariffs.plan import Plan
    from home_energy.analysis.usage.period_inputs import PeriodInputs

bill_app = typer.Typer(
    help="The bill of a year or of some days, line by line.",
    invoke_without_command=True,
)
app.add_typer(bill_app, name="bill")

Year = Annotated[
    int | None,
    typer.Option(min=2000, max=2099, help="A calendar year of the meter, in NEM time."),
]
From = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="First day, YYYY-MM-DD."),
]
To = Annotated[
    datetime | None,
    typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, YYYY-MM-DD."),
]
GapRule = Annotated[
    str | None,
    typer.Option(help="For missing usage: refuse, same_slot_median, line_then_mean."),
]
Usage = Annotated[
    list[str] | None,
    typer.Option(help="Source of usage, such as nem12; again for the next best."),
]
UsageFrom = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        help="Take twelve months of usage from this day on, moved onto --year.",
    ),
]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What stands before `reconcile`, `compare` and `fit`."""

    year: int | None
    first: datetime | None
    last: datetime | None
    gap_rule: str | None
    usage: Sequence[str] | None
    usage_from: datetime | None


@bill_app.callback()
def bill(  # noqa: PLR0913, PLR0917 - the options of the command
    context: typer.Context,
    year: Year = None,
    first: From = None,
    last: To = None,
    tariff: Annotated[
        str | None, typer.Option(help="Name of a tariff, or a .toml file.")
    ] = None,
    gap_rule: GapRule = None,
    usage: Usage = None,
    usage_from: UsageFrom = None,
    as_json: JsonOption = False,
) -> None:
    """Bill a year, or the days from one to another, by month and line by line.

    Without a year or days: the last twelve whole months.
    """
    invocation: Invocation = context.obj
    asked = _Asked(year, first, last, gap_rule, usage, usage_from)
    if context.invoked_subcommand is not None:
        if asked != _Asked(None, None, None, None, None, None) or tariff or as_json:
            raise DataError(
                f"options before {context.invoked_subcommand} say nothing; write them "
                "after it"
            )
        return
    from home_energy.analysis.billing.billed_period import bill_period

    settings = invocation.settings()
    plan = _plan(settings, tariff)
    billed = bill_period(_inputs(settings, asked), plan)
    if as_json:
        print_json(bill_json(billed))
        return
    print_bill(console, billed)


@bill_app.command()
def compare(  # noqa: PLR0913, PLR0917 - the options of the command
    context: typer.Context,
    tariffs: Annotated[
        list[str] | None,
        typer.Argument(help="Names of tariffs; without any, all that are known."),
    ] = None,
    year: Year = None,
    first: From = None,
    last: To = None,
    gap_rule: GapRule = None,
    usage: Usage = None,
    usage_from: UsageFrom = None,
    as_json: JsonOption = False,
) -> None:
    """Rank tariffs for the same usage, the cheapest first."""
    from home_energy.analysis.billing.billed_period import BilledPeriod, bill_period
    from home_energy.analysis.tariffs.plan_files import known_plans

    invocation: Invocation = context.obj
    settings = invocation.settings()
    asked = _Asked(year, first, last, gap_rule, usage, usage_from)
    folder = settings.tariff_folder
    names = tariffs or [plan.name for plan in known_plans(folder) if plan.is_usable]
    plans = [_plan(settings, name) for name in names]
    inputs = _inputs(settings, asked)
    billed: list[BilledPeriod] = []
    refused: dict[str, str] = {}
    for plan in plans:
        try:
            billed.append(bill_period(inputs, plan))
        except DataError as error:
            if tariffs:  # asked for by name
                raise
            refused[plan.name] = str(error)
    billed.sort(key=lambda one: one.bill.total_aud)
    if as_json:
        print_json({"bills": [bill_json(one) for one in billed], "refused": refused})
        return
    print_comparison(console, billed, refused)


@bill_app.command()
def fit(context: typer.Context, as_json: JsonOption = False) -> None:
    """How Amber makes this home's price from the wholesale price, and how exactly."""
    from home_energy.analysis.usage.period_inputs import fit_rows, read_all_rows

    invocation: Invocation = context.obj
    settings = invocation.settings()
    store = Store.open_read_only(settings.home.store)
    found = fit_rows(read_all_rows(store, settings), settings)
    if as_json:
        print_json(fit_json(found))
        return
    print_fit(console, found)


@bill_app.command()
def reconcile(
    context: typer.Context,
    invoices: Annotated[
        Path | None, typer.Option(help="A .toml file of invoices you typed in.")
    ] = None,
    tariff: Annotated[
        str | None, typer.Option(help="For invoices: a tariff's name or .toml file.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Recompute what Amber charged: every usage row, and invoices you typed in."""
    from home_energy.analysis.billing.reconciling import (
        reconcile_invoices,
        reconcile_usage,
    )

    invocation: Invocation = context.obj
    settings = invocation.settings()
    store = Store.open_read_only(settings.home.store)
    rows = reconcile_usage(store, settings)
    compared = None
    if invoices is not None:
        compared = reconcile_invoices(
            store, settings, _plan(settings, tariff), invoices
        )
    if as_json:
        print_json(reconciliation_json(rows, compared))
        return
    print_reconciliation(console, rows, compared, settings.home.zone)


def _plan(settings: Settings, name: str | None) -> "Plan":
    from home_energy.analysis.tariffs.plan_files import find_plan

    return find_plan(name or settings.bill.tariff, settings.tariff_folder)


def _inputs(settings: Settings, asked: _Asked) -> "PeriodInputs":
    from home_energy.analysis.usage.period_inputs import (
        BilledDays,
        UsageChoice,
        read_inputs,
    )

    first, last = _billed_days(asked, nem_date(SystemClock().now()))
    choice = UsageChoice(
        gap_rule=asked.gap_rule or settings.bill.gap_rule,
        sources=tuple(asked.usage) if asked.usage else None,
        moved_from=None if asked.usage_from is None else asked.usage_from.date(),
    )
    store = Store.open_read_only(settings.home.store)
    return read_inputs(store, settings, BilledDays(first, last), choice)


def _billed_days(asked: _Asked, today: date) -> tuple[date, date]:
    """First and last day; without any the last twelve whole months."""
    yesterday = today - timedelta(days=1)
    if asked.year is not None:
        if asked.first is not None or asked.last is not None:
            raise DataError("--year goes without --from and --to; leave one out")
        first, last = date(asked.year, 1, 1), date(asked.year, 12, 31)
    elif asked.first is None and asked.last is None:
        this_month = today.replace(day=1)
        first = this_month.replace(year=this_month.year - 1)
        last = this_month - timedelta(days=1)
    else:
        if asked.first is None:
            raise DataError("--from YYYY-MM-DD is missing: the first day to bill")
        first = asked.first.date()
        last = yesterday if asked.last is None else asked.last.date()
    if first > yesterday:
        raise DataError(f"{first} is yet to come; expected a day before {today}")
    return first, min(last, yesterday)
