"""Fits and reconciliations in words, tables and JSON."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from home_energy.analysis.tariffs.amber_coefficients import AmberFit
    from home_energy.analysis.tariffs.invoices import InvoiceComparison
    from home_energy.analysis.tariffs.reconcile import Reconciliation

_MISFITS_PRINTED = 20


def print_fit(console: Console, fit: "AmberFit") -> None:
    """Coefficients and largest residual of every group."""
    console.print("Amber's price = loss factor x spot + constant, in c/kWh")
    for year in fit.years:
        table = Table(
            title=f"{year.channel.value.replace('_', ' ').capitalize()}, "
            f"{year.first_day} to {year.last_day}",
            title_justify="left",
            box=SIMPLE_HEAD,
        )
        table.add_column("period")
        for name in ("rows", "loss factor", "constant", "largest residual"):
            table.add_column(name, justify="right")
        for group in year.groups:
            table.add_row(
                group.label,
                f"{group.row_count:,}",
                f"{group.loss_factor:.8f}",
                f"{group.constant_c_per_kwh:.5f}",
                f"{group.largest_residual_c_per_kwh:.1e}",
            )
        console.print(table)
    console.print(
        f"Largest residual of all: {fit.largest_residual_c_per_kwh:.1e} c/kWh; left "
        f"out {fit.estimate_count} estimates and {fit.no_spot_count} rows without a "
        "wholesale price"
    )
    for note in fit.notes:
        console.print(f"- {note}", markup=False)


def fit_json(fit: "AmberFit") -> dict[str, Any]:
    """Coefficients, not rounded."""
    return {
        "largest_residual_c_per_kwh": fit.largest_residual_c_per_kwh,
        "estimate_count": fit.estimate_count,
        "no_spot_count": fit.no_spot_count,
        "years": [
            {
                "channel": year.channel.value,
                "first_day": year.first_day.isoformat(),
                "last_day": year.last_day.isoformat(),
                "clocks": list(year.clocks),
                "groups": [asdict(group) for group in year.groups],
            }
            for year in fit.years
        ],
        "notes": list(fit.notes),
    }


def print_reconciliation(
    console: Console,
    rows: "Reconciliation",
    invoices: "Sequence[InvoiceComparison] | None",
    zone: ZoneInfo,
) -> None:
    """Sums by channel, rows that do not fit, invoices beside bills."""
    table = Table(
        title="Amber's usage rows, recomputed", title_justify="left", box=SIMPLE_HEAD
    )
    table.add_column("channel")
    for name in ("rows", "fit", "Amber's cost", "ours", "largest residual"):
        table.add_column(name, justify="right")
    for one in rows.channels:
        table.add_row(
            one.channel.value.replace("_", " "),
            f"{one.row_count:,}",
            f"{one.fitting_count:,}",
            f"${one.stated_c / 100:,.4f}",
            f"${one.recomputed_c / 100:,.4f}",
            f"{one.largest_residual_c:.1e} c",
        )
    console.print(table)
    console.print(
        f"{rows.fitting_count:,} of {rows.row_count:,} rows fit within the rounding of "
        "price and cost"
    )
    for row in rows.misfits[:_MISFITS_PRINTED]:
        residual = "" if row.residual_c is None else f" by {row.residual_c:+.4f} c"
        console.print(
            f"- {row.start.astimezone(zone):%Y-%m-%d %H:%M} {row.register}{residual}: "
            f"{row.misfit}",
            markup=False,
        )
    if len(rows.misfits) > _MISFITS_PRINTED:
        console.print(
            f"- and {len(rows.misfits) - _MISFITS_PRINTED:,} more; see --json"
        )
    if invoices is not None:
        console.print(_invoice_table(invoices))


def reconciliation_json(
    rows: "Reconciliation", invoices: "Sequence[InvoiceComparison] | None"
) -> dict[str, Any]:
    """Every figure and every row that does not fit."""
    answer: dict[str, Any] = {
        "row_count": rows.row_count,
        "fitting_count": rows.fitting_count,
        "channels": [asdict(one) for one in rows.channels],
        "misfits": [
            {**asdict(row), "start": row.start.isoformat()} for row in rows.misfits
        ],
    }
    if invoices is not None:
        answer["invoices"] = [
            {
                "first_day": one.first.isoformat(),
                "last_day": one.last.isoformat(),
                "invoiced_aud": one.invoiced_aud,
                "billed_aud": one.billed_aud,
                "difference_c": one.difference_c,
            }
            for one in invoices
        ]
    return answer


def _invoice_table(invoices: "Sequence[InvoiceComparison]") -> Table:
    table = Table(title="Invoices", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("days")
    for name in ("usage", "feed-in", "other", "our bill", "invoice", "difference"):
        table.add_column(name, justify="right")
    for one in invoices:
        table.add_row(
            f"{one.first} to {one.last:%m-%d}",
            f"${one.usage_aud:,.2f}",
            f"${one.feed_in_aud:,.2f}",
            f"${one.other_aud:,.2f}",
            f"${one.billed_aud:,.2f}",
            f"${one.invoiced_aud:,.2f}",
            f"{one.difference_c:+,.0f} c",
        )
    return table
