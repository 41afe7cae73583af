"""Invoices that a person typed in, beside the bill that we make of the same days."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from home_energy.domain.bill import Bill, LineKind
from home_energy.errors import ConfigError
from home_energy.toml_faults import explain, read_toml

EXAMPLE = "[[invoice]], from = 2024-11-01, to = 2024-11-30, total_aud = 212.45"


class Invoice(BaseModel):
    """What a retailer asked for some days.

    Parameters
    ----------
    first, last
        First and last billed day, both included; `from` and `to` in the file.
    total_aud
        To be paid, with GST; negative where the retailer owes. [AUD]
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    total_aud: Annotated[float, Field(allow_inf_nan=False)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"`to` {self.last} is before `from` {self.first}")
        return self


class InvoiceFile(BaseModel):
    """Invoices in any order; no day is in two of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    invoice: Annotated[tuple[Invoice, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _without_overlap(self) -> Self:
        ordered = sorted(self.invoice, key=lambda invoice: invoice.first)
        for one, following in pairwise(ordered):
            if following.first <= one.last:
                raise ValueError(
                    f"the invoices {one.first} to {one.last} and {following.first} to "
                    f"{following.last} share days; expected each day in one invoice"
                )
        return self


@dataclass(frozen=True, slots=True)
class InvoiceComparison:
    """One invoice beside our bill.

    Parameters
    ----------
    first, last
        Billed days, both included.
    invoiced_aud
        What the retailer asked. [AUD]
    usage_aud, feed_in_aud, other_aud
        Our lines: energy bought; energy sold, negative where it earned; charges and
        discounts. [AUD]
    billed_aud
        Their sum, not rounded. [AUD]
    """

    first: date
    last: date
    invoiced_aud: float
    usage_aud: float
    feed_in_aud: float
    other_aud: float

    @property
    def billed_aud(self) -> float:
        """What our bill comes to, not rounded. [AUD]"""
        return self.usage_aud + self.feed_in_aud + self.other_aud

    @property
    def difference_c(self) -> float:
        """Our bill less the invoice. [c]"""
        return (self.billed_aud - self.invoiced_aud) * 100


def read_invoices(path: Path) -> tuple[Invoice, ...]:
    """Invoices of a TOML file, in order of time.

    Raises
    ------
    ConfigError
        If the file is not there or not TOML, a key is unknown, missing or impossible,
        or two invoices share days.
    """
    tree = read_toml(path, f"expected one block for each invoice: {EXAMPLE}")
    try:
        found = InvoiceFile.model_validate(tree)
    except ValidationError as error:
        faults = "; ".join(explain(error, InvoiceFile))
        raise ConfigError(
            f"{path}: {faults}; expected blocks like {EXAMPLE}"
        ) from error
    return tuple(sorted(found.invoice, key=lambda invoice: invoice.first))


def compare_invoices(
    invoices: Sequence[Invoice], bill_of: Callable[[date, date], Bill]
) -> tuple[InvoiceComparison, ...]:
    """Bill the days of each invoice and lay both side by side.

    Parameters
    ----------
    bill_of
        Bill of the meter's days from the first to the last, both included.
    """
    return tuple(
        _compared(invoice, bill_of(invoice.first, invoice.last)) for invoice in invoices
    )


def _compared(invoice: Invoice, bill: Bill) -> InvoiceComparison:
    by_kind = {
        kind: sum(line.amount_aud for line in bill.lines if line.kind is kind)
        for kind in LineKind
    }
    return InvoiceComparison(
        first=invoice.first,
        last=invoice.last,
        invoiced_aud=invoice.total_aud,
        usage_aud=by_kind.pop(LineKind.USAGE),
        feed_in_aud=by_kind.pop(LineKind.FEED_IN),
        other_aud=sum(by_kind.values()),
    )
