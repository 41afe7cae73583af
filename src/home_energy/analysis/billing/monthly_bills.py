"""Bills of months of which some days may be missing: only complete days are billed."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

import numpy as np

from home_energy.analysis.billing.fixed_charges import fixed_charges_aud
from home_energy.analysis.billing.projected_month import (
    MOST_RECENT_DAYS,
    MonthSoFar,
)
from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.usage.complete_days import CompleteDays, runs_of
from home_energy.domain.bill import Bill, BillLine, LineKind
from home_energy.errors import DataError

ENERGY_KINDS = (LineKind.USAGE, LineKind.FEED_IN)
LOOK_BACK = timedelta(days=56)
"""Days longer ago say little of the days to come."""
_KW = "kW"


@dataclass(frozen=True, slots=True)
class MonthBill:
    """The bill of the complete days of one month.

    Parameters
    ----------
    month
        Its first day.
    billed_days
        Complete days.
    missing_days
        Days that are over and incomplete.
    lines
        As printed; rates of a month in several pieces are means.
    import_kwh, export_kwh
        Energy of the billed days. [kWh]
    refusal
        Why the month cannot be billed.
    """

    month: date
    billed_days: tuple[date, ...]
    missing_days: tuple[date, ...]
    lines: tuple[BillLine, ...] = ()
    import_kwh: float = 0.0
    export_kwh: float = 0.0
    refusal: str | None = None

    @property
    def day_count(self) -> int:
        """Days of the whole month."""
        return calendar.monthrange(self.month.year, self.month.month)[1]

    @property
    def is_billed(self) -> bool:
        """Whether there is any figure."""
        return bool(self.billed_days) and self.refusal is None

    @property
    def effective_c_per_kwh(self) -> float | None:
        """Whole bill over what was bought; `None` when nothing was. [c/kWh]"""
        if not self.import_kwh:
            return None
        return 100 * self.sum_aud(LineKind) / self.import_kwh

    def sum_aud(self, kinds: Iterable[LineKind]) -> float:
        """Sum of the lines of some kinds, not rounded. [AUD]"""
        wanted = frozenset(kinds)
        return sum(line.amount_aud for line in self.lines if line.kind in wanted)


def first_day_read(plan: Plan, month: date) -> date:
    """Day from which on a plan must see the usage to bill a month.

    A block per year counts from 1 January, a demand of a season from 1 July.
    """
    first = month
    if any(rate.blocks and rate.block_period == "year" for rate in plan.energy_rates):
        first = date(month.year, 1, 1)
    demands = [demand for part in plan.period for demand in part.demand]
    if any(demand.measured_over == "season" for demand in demands):
        year = month.year if month.month >= 7 else month.year - 1
        first = min(first, date(year, 7, 1))
    return max(first, min(month, plan.period[0].start))


def bill_months(record: CompleteDays, plan: Plan) -> list[MonthBill]:
    """Bill every month of a record on its complete days, in order.

    A month whose prices are missing is told, and does not take the others with it.
    """
    tariff = record.inputs.tariff(plan)
    pieces, refusals = _pieces(record, tariff)
    complete = set(record.days)
    found = []
    for month, group in groupby(record.all_days, key=_month_of):
        days = list(group)
        billed = tuple(day for day in days if day in complete)
        one = MonthBill(
            month,
            billed,
            tuple(day for day in days if day not in complete),
            refusal=refusals.get(month),
        )
        if one.is_billed:
            bought, sold = _energy_kwh(record, billed)
            told = [bill.of_month(month) for bill in pieces]
            lines = _merged([lines for lines in told if lines])
            one = replace(one, lines=lines, import_kwh=bought, export_kwh=sold)
        found.append(one)
    return found


def recent_daily_aud(
    record: CompleteDays, tariff: PlanTariff, today: date
) -> list[float]:
    """Cost of energy on the last complete days within `LOOK_BACK`. [AUD]

    Raises
    ------
    DataError
        If a price of one of these days is missing.
    """
    recent = [day for day in record.days if day >= today - LOOK_BACK]
    return [
        sum(
            line.amount_aud
            for line in tariff.bill(*record.part(day, day)).lines
            if line.kind in ENERGY_KINDS
        )
        for day in recent[-MOST_RECENT_DAYS:]
    ]


def month_so_far(tariff: PlanTariff, bill: MonthBill) -> MonthSoFar:
    """What is known of a month that is not over."""
    return MonthSoFar(
        day_count=bill.day_count,
        billed_day_count=len(bill.billed_days),
        energy_aud=bill.sum_aud(ENERGY_KINDS),
        whole_supply_aud=fixed_charges_aud(
            tariff, bill.month, bill.month.replace(day=bill.day_count)
        ),
        by_days_aud=bill.sum_aud((LineKind.DEMAND, LineKind.DISCOUNT)),
    )


def _pieces(
    record: CompleteDays, tariff: PlanTariff
) -> tuple[list[Bill], dict[date, str]]:
    """Bills of unbroken runs; cut by month where one lacks a price."""
    bills, refusals = [], {}
    for first, last in runs_of(record.days):
        try:
            bills.append(tariff.bill(*record.part(first, last)))
        except DataError:
            for piece in _by_month(first, last):
                try:
                    bills.append(tariff.bill(*record.part(*piece)))
                except DataError as error:
                    refusals[_month_of(piece[0])] = str(error)
    return bills, refusals


def _by_month(first: date, last: date) -> list[tuple[date, date]]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    months = [list(group) for _, group in groupby(days, key=_month_of)]
    return [(one[0], one[-1]) for one in months]


def _merged(told: Sequence[Sequence[BillLine]]) -> tuple[BillLine, ...]:
    """Lines of one month from several runs of days, each label once."""
    if len(told) == 1:
        return tuple(told[0])
    groups: dict[tuple[object, ...], list[BillLine]] = {}
    for line in (line for lines in told for line in lines):
        # A fixed charge whose figure changed keeps its two lines.
        rate_c = line.rate_c if line.kind is LineKind.SUPPLY else None
        key = (line.kind, line.label, line.unit, rate_c)
        groups.setdefault(key, []).append(line)
    order = list(dict.fromkeys(line.kind for lines in told for line in lines))
    merged = [_sum_of(lines) for lines in groups.values()]
    return tuple(sorted(merged, key=lambda line: order.index(line.kind)))


def _sum_of(lines: Sequence[BillLine]) -> BillLine:
    """One line of several; a demand is the highest, its price that of all days."""
    amount_aud = sum(line.amount_aud for line in lines)
    gst_aud = sum(line.gst_aud for line in lines)
    quantity, rate_c = lines[0].quantity, lines[0].rate_c
    if lines[0].unit == _KW and quantity is not None:
        quantity = max(line.quantity or 0.0 for line in lines)
        rate_c = sum(line.rate_c or 0.0 for line in lines)
        gst_share = gst_aud / amount_aud if amount_aud else 0.0
        amount_aud = quantity * rate_c / 100
        gst_aud = amount_aud * gst_share
    elif quantity is not None:
        quantity = sum(line.quantity or 0.0 for line in lines)
        favour = -1 if lines[0].kind is LineKind.FEED_IN else 1
        if rate_c is not None and quantity:
            rate_c = favour * 100 * amount_aud / quantity
    return replace(
        lines[0],
        quantity=quantity,
        rate_c=rate_c,
        amount_aud=amount_aud,
        gst_aud=gst_aud,
    )


def _energy_kwh(record: CompleteDays, days: Sequence[date]) -> tuple[float, float]:
    """Energy bought and sold on some days. [kWh]"""
    bought = sold = 0.0
    for first, last in runs_of(days):
        energy, _ = record.part(first, last)
        bought += float(np.sum(energy.general_kwh))
        if energy.controlled_load_kwh is not None:
            bought += float(np.sum(energy.controlled_load_kwh))
        sold += float(np.sum(energy.feed_in_kwh))
    return bought, sold


def _month_of(day: date) -> date:
    return day.replace(day=1)
