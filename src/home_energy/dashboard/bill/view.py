"""What the bill pages say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from home_energy.analysis.billing.monthly_bills import LOOK_BACK, MonthBill
from home_energy.analysis.billing.projected_month import (
    FEWEST_RECENT_DAYS,
    ProjectedMonth,
)
from home_energy.analysis.usage.complete_days import runs_of
from home_energy.dashboard.bill.money import (
    aud_words,
    short_aud_words,
    whole_aud_words,
)
from home_energy.dashboard.bill.month_bars import (
    PARTS,
    MonthBars,
    month_bars,
    printed_total,
)
from home_energy.dashboard.local_words import DASH, MINUS
from home_energy.domain.bill import BillLine, LineKind, to_cents

MOST_MONTHS = 6
_MOST_RUNS_TOLD = 4


@dataclass(frozen=True, slots=True)
class Part:
    """Part of the bill, with the colour it has in the bars."""

    css_class: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class BillPage:
    """The first bill page.

    Parameters
    ----------
    title
        Up to which day it goes: usage comes a day late, so never up to now.
    dollars, cents
        The large figure: `$40` and `.83`; a dash and nothing without a bill.
    days
        How many days of the month are billed.
    figures
        What else is known, a line each.
    parts
        What the total is made of.
    last_months
        Months before this one; `None` where none has a bill.
    address
        Of this month's lines.
    refusal
        Why this month cannot be billed.
    """

    title: str
    dollars: str
    cents: str
    days: str
    figures: tuple[str, ...]
    parts: tuple[Part, ...]
    last_months: MonthBars | None
    address: str
    refusal: str | None


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line as a retailer prints it."""

    label: str
    quantity: str
    rate: str
    amount: str
    gst: str


@dataclass(frozen=True, slots=True)
class MonthPage:
    """The lines of one month.

    Parameters
    ----------
    total
        The last line.
    notes
        Which days are billed, and on which tariff.
    """

    title: str
    lines: tuple[PrintedLine, ...]
    total: PrintedLine | None
    notes: tuple[str, ...]
    refusal: str | None


def bill_page(
    bills: Sequence[MonthBill], projection: ProjectedMonth | None
) -> BillPage:
    """Put the first page together.

    Parameters
    ----------
    bills
        Months in order, this one last.
    """
    this = bills[-1]
    with_bills = [number for number, one in enumerate(bills) if one.billed_days]
    first = max(min(with_bills, default=0), len(bills) - 1 - MOST_MONTHS)
    before = bills[first:-1]
    total = short_aud_words(printed_total(this)) if this.is_billed else DASH
    dollars, point, cents = total.partition(".")
    return BillPage(
        title=_title(this),
        dollars=dollars,
        cents=point + cents,
        days=f"{len(this.billed_days)} of {this.day_count} days",
        figures=(*_projection_words(this, projection), *_energy_words(this)),
        parts=_parts(this),
        last_months=month_bars(before) if before else None,
        address=f"{this.month:%Y-%m}",
        refusal=this.refusal,
    )


def month_page(bill: MonthBill, plan_title: str) -> MonthPage:
    """Put the page of one month together."""
    total = None
    if bill.is_billed:
        gst_aud = to_cents(sum(line.gst_aud for line in bill.lines))
        total = PrintedLine(
            "Total", "", "", aud_words(printed_total(bill)), aud_words(gst_aud)
        )
    return MonthPage(
        title=f"{bill.month:%B %Y}",
        lines=tuple(_printed(line) for line in bill.lines),
        total=total,
        notes=(*_day_notes(bill), f"Tariff: {plan_title}."),
        refusal=bill.refusal,
    )


def day_words(day: date) -> str:
    """Day without its year: `Fri 20 Nov`."""
    return f"{day:%a} {day.day} {day:%b}"


def _title(bill: MonthBill) -> str:
    if not bill.billed_days:
        return f"{bill.month:%B}: no usage yet"
    return f"Bill up to {day_words(bill.billed_days[-1])}"


def _projection_words(
    bill: MonthBill, projection: ProjectedMonth | None
) -> tuple[str, ...]:
    """What the month will come to, and what that rests on."""
    if bill.refusal is not None:
        return ()
    if projection is None:
        weeks = LOOK_BACK.days // 7
        return (
            f"{bill.month:%B}: no projection yet,",
            f"under {FEWEST_RECENT_DAYS} days in {weeks} weeks known",
        )
    total = whole_aud_words(to_cents(projection.total_aud))
    return (
        f"{bill.month:%B}: about {total}",
        f"projected from the last {projection.recent_day_count} days",
    )


def _energy_words(bill: MonthBill) -> tuple[str, ...]:
    if not bill.is_billed:
        return ()
    sold = f", {bill.export_kwh:,.0f} sold" if bill.export_kwh else ""
    bought = f"{bill.import_kwh:,.0f} kWh bought{sold}"
    if bill.effective_c_per_kwh is None:
        return (bought,)
    return bought, f"{bill.effective_c_per_kwh:,.1f}c/kWh all in"


def _parts(bill: MonthBill) -> tuple[Part, ...]:
    if not bill.is_billed:
        return ()
    is_more = any(
        line.kind in (LineKind.DEMAND, LineKind.DISCOUNT) for line in bill.lines
    )
    names = ("Usage", "Fixed, other" if is_more else "Fixed", "Feed-in")
    found = []
    for name, (css_class, kinds) in zip(names, PARTS.items(), strict=True):
        lines = [line for line in bill.lines if line.kind in kinds]
        amount = sum((line.printed_aud for line in lines), Decimal(0))
        if lines:
            found.append(Part(css_class, name, whole_aud_words(amount)))
    return tuple(found)


def _printed(line: BillLine) -> PrintedLine:
    quantity = ""
    if line.quantity is not None:
        digits = 0 if line.unit == "days" else 2 if line.unit == "months" else 1
        unit = line.unit.removesuffix("s") if line.quantity == 1 else line.unit
        quantity = f"{line.quantity:,.{digits}f} {unit}"
    return PrintedLine(
        label=line.label,
        quantity=quantity,
        rate="" if line.rate_c is None else _rate_words(line.rate_c),
        amount=aud_words(line.printed_aud),
        gst=aud_words(to_cents(line.gst_aud)),
    )


def _rate_words(rate_c: float) -> str:
    cents = to_cents(rate_c)
    if abs(cents) >= 100:
        return aud_words(to_cents(rate_c / 100))
    return f"{MINUS if cents < 0 else ''}{abs(cents)}c"


def _day_notes(bill: MonthBill) -> tuple[str, ...]:
    count = len(bill.billed_days)
    if count == bill.day_count:
        return ()
    said = f"{count} of {bill.day_count} days are billed"
    if not bill.missing_days:
        return (f"{said}; the others are yet to come.",)
    runs = [
        day_words(first)
        if first == last
        else f"{day_words(first)} to {day_words(last)}"
        for first, last in runs_of(bill.missing_days)
    ]
    more = len(runs) - _MOST_RUNS_TOLD
    told = ", ".join(runs[:_MOST_RUNS_TOLD]) + (f" and {more} more" if more > 0 else "")
    return (f"{said}. Usage is not all on record, or not yet, of {told}.",)
