"""Months as bars: what was charged stands on zero, what was earned hangs below."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from home_energy.analysis.billing.monthly_bills import MonthBill
from home_energy.dashboard.bill.money import aud_words, bar_aud_words
from home_energy.dashboard.local_words import DASH
from home_energy.domain.bill import LineKind, to_cents

PARTS = {
    "usage": (LineKind.USAGE,),
    "fixed": (LineKind.SUPPLY, LineKind.DEMAND, LineKind.DISCOUNT),
    "feed-in": (LineKind.FEED_IN,),
}
"""What a bar is stacked of, from zero on."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Part of a bar, in percent of the height of the chart from its top."""

    part: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class MonthBar:
    """One month.

    Parameters
    ----------
    address
        Of its page: `2025-01`.
    name, total
        Below the bar: `Jan`, `$132`; a dash without a bill.
    days
        `24/31` of an incomplete month, else nothing.
    segments
        From zero upwards, then from zero downwards.
    words
        All of it in a sentence, for a screen reader.
    """

    address: str
    name: str
    total: str
    days: str
    segments: tuple[Segment, ...]
    words: str


@dataclass(frozen=True, slots=True)
class MonthBars:
    """The chart, and where zero lies on it, in percent from its top."""

    bars: tuple[MonthBar, ...]
    zero_y: float

    @property
    def has_incomplete(self) -> bool:
        """Whether any month lacks days."""
        return any(bar.days for bar in self.bars)


def month_bars(bills: Sequence[MonthBill]) -> MonthBars:
    """Put months beside each other on one scale."""
    sums = [[one.sum_aud(kinds) for kinds in PARTS.values()] for one in bills]
    top = max((sum(max(a, 0.0) for a in amounts) for amounts in sums), default=0.0)
    below = max((sum(max(-a, 0.0) for a in amounts) for amounts in sums), default=0.0)
    scale = 100 / (top + below) if top + below else 0.0
    zero_y = top * scale if scale else 100.0
    return MonthBars(
        bars=tuple(
            _bar(one, _segments(amounts, zero_y, scale))
            for one, amounts in zip(bills, sums, strict=True)
        ),
        zero_y=round(zero_y, 2),
    )


def printed_total(bill: MonthBill) -> Decimal:
    """Sum of the printed lines, so that the page adds up. [AUD]"""
    return sum((line.printed_aud for line in bill.lines), to_cents(0.0))


def _segments(
    amounts_aud: Sequence[float], zero_y: float, scale: float
) -> tuple[Segment, ...]:
    found, up, down = [], zero_y, zero_y
    for part, amount_aud in zip(PARTS, amounts_aud, strict=True):
        height = abs(amount_aud) * scale
        if amount_aud > 0:
            up -= height
        y = up if amount_aud > 0 else down
        if amount_aud < 0:
            down += height
        if height:
            found.append(Segment(part, round(y, 2), round(height, 2)))
    return tuple(found)


def _bar(bill: MonthBill, segments: tuple[Segment, ...]) -> MonthBar:
    days = f"{len(bill.billed_days)} of {bill.day_count} days"
    total, said = DASH, "no bill"
    if bill.is_billed:
        total = bar_aud_words(printed_total(bill))
        said = aud_words(printed_total(bill))
    is_whole = len(bill.billed_days) == bill.day_count
    return MonthBar(
        address=f"{bill.month:%Y-%m}",
        name=f"{bill.month:%b}",
        total=total,
        days="" if is_whole else f"{len(bill.billed_days)}/{bill.day_count}",
        segments=segments,
        words=f"{bill.month:%B %Y}: {said}, {days}",
    )
