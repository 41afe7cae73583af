"""What a month has cost so far, and what it will come to."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from home_energy.analysis.billing.fixed_charges import fixed_charges_aud
from home_energy.analysis.billing.projected_month import project_month
from home_energy.analysis.running_costs.costed_home import CostedHome
from home_energy.analysis.running_costs.days_over import DaysOver, kept_days_over
from home_energy.analysis.running_costs.measured_cost import measured_cost
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.domain.power import FIVE_MINUTES
from home_energy.domain.time_grid import (
    TimeGrid,
    floor_to_step,
    nem_date,
    nem_day_start,
)


@dataclass(frozen=True, slots=True)
class MonthCost:
    """A month of the meter that is not over.

    Parameters
    ----------
    first_day
        Of the month, as the meter counts days: in UTC+10 all year.
    cost_aud
        Energy of the known days and of the day so far, demand charges and discounts
        of the billed days, and fixed charges of every day that has begun; `None`
        where nothing is known of any day. [AUD]
    billed_day_count
        Days over that are billed from usage on record.
    measured_day_count
        Days over that are known from live power alone.
    missing_day_count
        Days over of which only fixed charges are counted.
    projected_aud
        What the whole month will come to; `None` where too few days are known. [AUD]
    refusal
        Why the usage on record of this month cannot be billed.
    """

    first_day: date
    cost_aud: float | None
    billed_day_count: int
    measured_day_count: int
    missing_day_count: int
    projected_aud: float | None
    refusal: str | None = None


def month_cost(home: CostedHome, now: datetime) -> MonthCost:
    """Cost of the month of the meter so far.

    Parameters
    ----------
    now
        Trusted time. [aware UTC]

    Raises
    ------
    ConfigError
        If the meaning of a register is open, or nothing says which meter is the home's.
    DataError
        If the month begins before the tariff.
    """
    today = nem_date(now)
    first = today.replace(day=1)
    over = kept_days_over(home, now)
    measured_aud = [aud for day, aud in over.measured_aud.items() if day >= first]
    today_aud = _today_aud(home, now)
    is_known = over.so_far.billed_day_count or measured_aud or today_aud is not None
    cost_aud = None
    if is_known and over.refusal is None:
        cost_aud = (
            over.so_far.energy_aud
            + over.so_far.by_days_aud
            + sum(measured_aud)
            + (today_aud or 0.0)
            + fixed_charges_aud(PlanTariff(home.plan), first, today)
        )
    known_count = over.so_far.billed_day_count + len(measured_aud)
    return MonthCost(
        first_day=first,
        cost_aud=cost_aud,
        billed_day_count=over.so_far.billed_day_count,
        measured_day_count=len(measured_aud),
        missing_day_count=(today - first).days - known_count,
        projected_aud=_projected_aud(over, measured_aud),
        refusal=over.refusal,
    )


def _projected_aud(over: DaysOver, measured_aud: list[float]) -> float | None:
    """Projection of the billed days and of those known from power alone.

    Demand charges and discounts grow as they did over the billed days.
    """
    if over.refusal is not None:
        return None
    billed = over.so_far
    known_count = billed.billed_day_count + len(measured_aud)
    by_days_aud = billed.by_days_aud
    if billed.billed_day_count:
        by_days_aud *= known_count / billed.billed_day_count
    so_far = replace(
        billed,
        billed_day_count=known_count,
        energy_aud=billed.energy_aud + sum(measured_aud),
        by_days_aud=by_days_aud,
    )
    projected = project_month(so_far, over.recent_aud)
    return None if projected is None else projected.total_aud


def _today_aud(home: CostedHome, now: datetime) -> float | None:
    """Energy of the meter's day so far; `None` where nothing is known of it. [AUD]"""
    start, end = nem_day_start(nem_date(now)), floor_to_step(now, FIVE_MINUTES)
    found = measured_cost(home, TimeGrid.between(start, end, FIVE_MINUTES))
    return found.energy_aud if found.is_known.any() else None
