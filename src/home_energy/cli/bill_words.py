"""Bills in words, tables and JSON."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from home_energy.domain.bill import Bill, BillLine, LineKind, to_cents

if TYPE_CHECKING:
    from home_energy.analysis.billing.billed_period import BilledPeriod

_COLUMNS = {
    LineKind.USAGE: "usage",
    LineKind.SUPPLY: "supply",
    LineKind.DEMAND: "demand",
    LineKind.DISCOUNT: "discount",
    LineKind.FEED_IN: "feed-in",
}


def print_bill(console: Console, billed: "BilledPeriod") -> None:
    """Every month line by line, then the year, its dearest intervals, its basis."""
    bill = billed.bill
    for month in bill.months:
        console.print(_month_table(month, bill.of_month(month)))
    console.print(_year_table(bill))
    console.print(
        f"{billed.title}, {bill.first} to {bill.last}: "
        f"{aud(bill.total_aud)} with GST of {aud(bill.gst_aud)}",
        style="bold",
    )
    if billed.effective_c_per_kwh is not None:
        console.print(
            f"{billed.import_kwh:,.1f} kWh bought, {billed.export_kwh:,.1f} kWh sold; "
            f"{billed.effective_c_per_kwh:.2f} c/kWh all in, "
            f"{billed.usage_c_per_kwh or 0:.2f} c/kWh for usage alone"
        )
    _print_dearest(console, billed)
    for note in billed.notes:
        console.print(f"- {note}", markup=False)


def print_comparison(
    console: Console, billed: Sequence["BilledPeriod"], refused: Mapping[str, str]
) -> None:
    """Tariffs from the cheapest to the dearest, and why others are not among them."""
    table = Table(title="The same usage on other tariffs", box=SIMPLE_HEAD)
    table.add_column("tariff")
    for name in ("total", "more than the cheapest", "c/kWh all in"):
        table.add_column(name, justify="right")
    for one in billed:
        more = one.bill.total_aud - billed[0].bill.total_aud
        rate = one.effective_c_per_kwh
        table.add_row(
            one.bill.tariff,
            aud(one.bill.total_aud),
            "" if one is billed[0] else f"+{aud(more)}",
            "" if rate is None else f"{rate:.2f}",
        )
    console.print(table)
    for one in billed:
        console.print(f"- {one.bill.tariff}: {one.title}", markup=False)
    for name, reason in refused.items():
        console.print(f"- {name} is left out: {reason}", markup=False)
    for note in billed[0].notes if billed else ():
        console.print(f"- {note}", markup=False)


def bill_json(billed: "BilledPeriod") -> dict[str, Any]:
    """Every figure of a bill, not rounded."""
    bill = billed.bill
    return {
        "tariff": bill.tariff,
        "title": billed.title,
        "first_day": bill.first.isoformat(),
        "last_day": bill.last.isoformat(),
        "total_aud": bill.total_aud,
        "printed_total_aud": str(bill.printed_total_aud),
        "gst_aud": bill.gst_aud,
        "import_kwh": billed.import_kwh,
        "export_kwh": billed.export_kwh,
        "effective_c_per_kwh": billed.effective_c_per_kwh,
        "usage_c_per_kwh": billed.usage_c_per_kwh,
        "months": [
            {
                "month": f"{month:%Y-%m}",
                "total_aud": sum(line.amount_aud for line in bill.of_month(month)),
                "lines": [_line_json(line) for line in bill.of_month(month)],
            }
            for month in bill.months
        ],
        "dearest": [
            {
                "start": one.start.isoformat(),
                "kwh": one.kwh,
                "c_per_kwh": one.c_per_kwh,
                "amount_aud": one.aud,
            }
            for one in billed.dearest.intervals
        ],
        "total_without_dearest_aud": billed.dearest.total_without_aud,
        "notes": list(billed.notes),
    }


def _line_json(line: BillLine) -> dict[str, Any]:
    return {
        "kind": line.kind.value,
        "label": line.label,
        "quantity": line.quantity,
        "unit": line.unit,
        "rate_c": line.rate_c,
        "amount_aud": line.amount_aud,
        "gst_aud": line.gst_aud,
    }


def _month_table(month: date, lines: Sequence[BillLine]) -> Table:
    table = Table(
        title=f"{month:%B %Y}", title_justify="left", box=SIMPLE_HEAD, width=80
    )
    table.add_column("", ratio=1)
    for name in ("quantity", "rate", "amount", "GST"):
        table.add_column(name, justify="right")
    for line in lines:
        table.add_row(
            line.label,
            "" if line.quantity is None else f"{line.quantity:,.3f} {line.unit}",
            "" if line.rate_c is None else f"{line.rate_c:,.4f} c",
            aud(line.amount_aud),
            aud(line.gst_aud),
        )
    table.add_section()
    total = sum((line.printed_aud for line in lines), to_cents(0.0))
    gst_aud = sum(line.gst_aud for line in lines)
    table.add_row("Total", "", "", f"${total:,}", aud(gst_aud), style="bold")
    return table


def _year_table(bill: Bill) -> Table:
    kinds = [kind for kind in _COLUMNS if any(ln.kind is kind for ln in bill.lines)]
    table = Table(title="By month", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("month")
    for name in ("kWh", *(_COLUMNS[kind] for kind in kinds), "total", "GST"):
        table.add_column(name, justify="right")
    for month in bill.months:
        table.add_row(f"{month:%Y-%m}", *_sums(bill.of_month(month), kinds))
    table.add_section()
    table.add_row("all", *_sums(bill.lines, kinds), style="bold")
    return table


def _sums(lines: Sequence[BillLine], kinds: Sequence[LineKind]) -> list[str]:
    """Energy bought, money by kind, money, GST."""
    bought = sum(ln.quantity or 0.0 for ln in lines if ln.kind is LineKind.USAGE)
    by_kind = [
        aud(sum(ln.amount_aud for ln in lines if ln.kind is kind)) for kind in kinds
    ]
    total_aud, gst_aud = (
        sum(ln.amount_aud for ln in lines),
        sum(ln.gst_aud for ln in lines),
    )
    return [f"{bought:,.1f}", *by_kind, aud(total_aud), aud(gst_aud)]


def _print_dearest(console: Console, billed: "BilledPeriod") -> None:
    dearest = billed.dearest
    if not dearest.intervals:
        return
    table = Table(title="The dearest intervals", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("start")
    for name in ("kWh", "c/kWh", "cost"):
        table.add_column(name, justify="right")
    for one in dearest.intervals:
        table.add_row(
            f"{one.start:%Y-%m-%d %H:%M}",
            f"{one.kwh:.3f}",
            f"{one.c_per_kwh:,.2f}",
            aud(one.aud),
        )
    console.print(table)
    console.print(
        f"They cost {aud(dearest.intervals_aud)}; without them the bill is "
        f"{aud(dearest.total_without_aud)}"
    )


def aud(amount_aud: float) -> str:
    """Dollars and cents, the sign before the dollar."""
    cents = to_cents(amount_aud)
    return f"-${-cents:,}" if cents < 0 else f"${cents:,}"
