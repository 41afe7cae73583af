"""A bill, line by line as a retailer prints it."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class LineKind(StrEnum):
    """What a line is for."""

    USAGE = "usage"
    FEED_IN = "feed_in"
    SUPPLY = "supply"
    DEMAND = "demand"
    DISCOUNT = "discount"


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of one month.

    Parameters
    ----------
    month
        First day of the calendar month of the meter, in NEM time.
    kind
        What it is for.
    label
        As printed: "General usage, peak".
    quantity, unit
        How much of what: `kWh`, `days`, `kW`, `months`; `None` for a percentage.
    rate_c
        Mean price of one unit, with GST as far as there is any; `None` where a rate
        would say nothing. [c per unit]
    amount_aud
        What is to be paid, with GST; negative is in the household's favour. Not
        rounded. [AUD]
    gst_aud
        GST in `amount_aud`. [AUD]
    """

    month: date
    kind: LineKind
    label: str
    quantity: float | None
    unit: str
    rate_c: float | None
    amount_aud: float
    gst_aud: float

    @property
    def printed_aud(self) -> Decimal:
        """Amount as a retailer prints it: whole cents, half a cent away from zero."""
        return to_cents(self.amount_aud)


@dataclass(frozen=True, slots=True)
class Bill:
    """Lines that sum to the total, for whole or cut calendar months.

    Parameters
    ----------
    tariff
        Name of the tariff.
    first, last
        First and last day that was billed.
    lines
        In order of month, then as printed.
    """

    tariff: str
    first: date
    last: date
    lines: tuple[BillLine, ...]

    @property
    def months(self) -> tuple[date, ...]:
        """First days of the months, in order."""
        return tuple(sorted({line.month for line in self.lines}))

    def of_month(self, month: date) -> tuple[BillLine, ...]:
        """Lines of one month, as printed."""
        return tuple(line for line in self.lines if line.month == month)

    @property
    def total_aud(self) -> float:
        """Sum of the lines, not rounded. [AUD]"""
        return sum(line.amount_aud for line in self.lines)

    @property
    def gst_aud(self) -> float:
        """GST in the total, not rounded. [AUD]"""
        return sum(line.gst_aud for line in self.lines)

    @property
    def printed_total_aud(self) -> Decimal:
        """Sum of the printed lines, so that the page adds up. [AUD]"""
        return sum((line.printed_aud for line in self.lines), Decimal(0))


def whole_dollars(amount_aud: float) -> str:
    """Amount in words of whole dollars: `-$1,240`; below half a dollar `$0`."""
    rounded = round(amount_aud)
    return f"{'-' if rounded < 0 else ''}${abs(rounded):,}"


def to_cents(amount_aud: float) -> Decimal:
    """Amount in whole cents, half a cent away from zero. [AUD]"""
    exact = Decimal(repr(amount_aud))
    # Nothing is added but the sign of a zero: no bill has -0.00 on it.
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) + Decimal(0)
