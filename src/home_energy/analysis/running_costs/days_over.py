"""The meter's days that are over: billed from usage, else known from live power.

They change when usage comes in, once a day, and take long to bill: they are kept.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from home_energy.analysis.billing.monthly_bills import (
    LOOK_BACK,
    MonthBill,
    bill_months,
    first_day_read,
    month_so_far,
    recent_daily_aud,
)
from home_energy.analysis.billing.projected_month import (
    MOST_RECENT_DAYS,
    MonthSoFar,
)
from home_energy.analysis.running_costs.costed_home import CostedHome
from home_energy.analysis.running_costs.day_cost import WHOLE_FRACTION
from home_energy.analysis.running_costs.kept import Kept
from home_energy.analysis.running_costs.measured_cost import measured_cost
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.usage.complete_days import CompleteDays, read_complete_days
from home_energy.analysis.usage.period_inputs import BilledDays
from home_energy.domain.time_grid import nem_date, nem_day_start
from home_energy.errors import DataError

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DaysOver:
    """What is known of the days before today.

    Parameters
    ----------
    so_far
        The days of this month that are billed from usage.
    measured_aud
        Cost of energy on days, of this month or before, known from power alone. [AUD]
    recent_aud
        Cost of energy on the last known days, the oldest first. [AUD]
    refusal
        Why the usage of this month cannot be billed.
    """

    so_far: MonthSoFar
    measured_aud: Mapping[date, float]
    recent_aud: tuple[float, ...]
    refusal: str | None


_kept: Kept[DaysOver] = Kept()


def kept_days_over(home: CostedHome, now: datetime) -> DaysOver:
    """Return the days before today, as they were on record within the last hour.

    Raises
    ------
    ConfigError
        If the meaning of a register is open, or nothing says which meter is the home's.
    DataError
        If the month begins before the tariff.
    """
    today = nem_date(now)
    return _kept.of(home, now, today, lambda: _days_over(home, today))


def _days_over(home: CostedHome, today: date) -> DaysOver:
    month, plan_start = today.replace(day=1), home.plan.period[0].start
    earliest = max(today - LOOK_BACK, min(plan_start, month))
    first = min(first_day_read(home.plan, month), earliest)
    record = None
    if first < today:
        with suppress(DataError):  # no usage on record
            days = BilledDays(first, today - _DAY)
            record = read_complete_days(home.store, home.settings, days)
    bill, billed_aud, tariff = MonthBill(month, (), ()), {}, PlanTariff(home.plan)
    if record is not None:
        bills = bill_months(record, home.plan)
        bill = bills[-1] if bills[-1].month == month else bill
        tariff = record.inputs.tariff(home.plan)
        billed_aud = _billed_aud(record, tariff, today)
    complete = () if record is None else record.days
    measured_aud = _measured_aud(home, earliest, today, complete)
    by_day = sorted((billed_aud | measured_aud).items())
    return DaysOver(
        so_far=month_so_far(tariff, bill),
        measured_aud=measured_aud,
        recent_aud=tuple(aud for _, aud in by_day[-MOST_RECENT_DAYS:]),
        refusal=bill.refusal,
    )


def _billed_aud(
    record: CompleteDays, tariff: PlanTariff, today: date
) -> dict[date, float]:
    """Cost of energy on the last complete days; of none where a price is missing."""
    days = [day for day in record.days if day >= today - LOOK_BACK]
    with suppress(DataError):
        costs_aud = recent_daily_aud(record, tariff, today)
        return dict(zip(days[-MOST_RECENT_DAYS:], costs_aud, strict=True))
    return {}


def _measured_aud(
    home: CostedHome, first: date, today: date, complete: Collection[date]
) -> dict[date, float]:
    """Cost of energy on the days that only power tells, nearly all of each. [AUD]"""
    begun = home.store.power.first_start()
    if begun is None or not home.has_grid_power:
        return {}
    start = max(first, nem_date(begun))
    days = [start + n * _DAY for n in range((today - start).days)]
    wanted = [day for day in days if day not in complete]
    if not wanted:
        return {}
    found = measured_cost(home, BilledDays(wanted[0], wanted[-1]).grid)
    costs_aud = {}
    for day in wanted:
        of_day = found.part(nem_day_start(day), nem_day_start(day + _DAY))
        if of_day.known_seconds >= WHOLE_FRACTION * _DAY.total_seconds():
            costs_aud[day] = of_day.energy_aud
    return costs_aud
