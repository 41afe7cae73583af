"""The bill pages: this month and the last ones, and the lines of a month."""

from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus

from flask import Blueprint, abort, render_template

from home_energy.analysis.billing.monthly_bills import (
    MonthBill,
    bill_months,
    first_day_read,
    month_so_far,
    recent_daily_aud,
)
from home_energy.analysis.billing.projected_month import project_month
from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.analysis.usage.complete_days import (
    CompleteDays,
    read_complete_days,
)
from home_energy.analysis.usage.period_inputs import BilledDays
from home_energy.dashboard.bill.view import (
    MOST_MONTHS,
    BillPage,
    MonthPage,
    bill_page,
    month_page,
)
from home_energy.dashboard.context import HomeContext, home_context
from home_energy.dashboard.now import read_now
from home_energy.dashboard.shadow_words import shadow_sentence
from home_energy.domain.time_grid import nem_date
from home_energy.errors import DataError, HomeEnergyError, StoreError
from home_energy.settings import Settings

blueprint = Blueprint("bill", __name__, url_prefix="/bill")

FIRST_YEAR = 2000
LAST_YEAR = 2099
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What both pages stand on; `shadow` is the sentence of the shadow battery."""

    plan: Plan
    today: date
    is_time_trusted: bool
    lacks_network: bool
    shadow: str | None


@blueprint.get("")
def this_month() -> str | tuple[str, HTTPStatus]:
    """Show this month so far and the last months."""
    context = home_context()
    try:
        reading = _read(context)
        page = _read_bill(context, reading)
    except HomeEnergyError as error:
        return _refused(context, error)
    return render_template("bill.html", page=page, reading=reading, error=None)


@blueprint.get("/<month_text>")
def month(month_text: str) -> str | tuple[str, HTTPStatus]:
    """Show the lines of a month, `2025-01`."""
    first = _month_of(month_text)
    context = home_context()
    try:
        reading = _read(context)
        if first > reading.today:
            abort(HTTPStatus.NOT_FOUND)
        page = _read_month(context, reading, first)
    except HomeEnergyError as error:
        return _refused(context, error)
    following = (first + 31 * _DAY).replace(day=1)
    return render_template(
        "bill_month.html",
        page=page,
        reading=reading,
        previous=(first - _DAY).strftime("%Y-%m"),
        following=following.strftime("%Y-%m") if following <= reading.today else None,
    )


def _refused(context: HomeContext, error: HomeEnergyError) -> tuple[str, HTTPStatus]:
    status = HTTPStatus.OK
    if isinstance(error, StoreError):
        context.drop_store()
        status = HTTPStatus.SERVICE_UNAVAILABLE
    text = render_template("bill.html", page=None, reading=None, error=str(error))
    return text, status


def _read(context: HomeContext) -> _Reading:
    settings = context.settings
    now = read_now(context.store(), settings, context.clock)
    ends = [newest.price.end for newest in now.channels.values()]
    until = now.time or max(ends, default=context.clock.now())
    plan = find_plan(settings.bill.tariff, settings.tariff_folder)
    return _Reading(
        plan=plan,
        today=nem_date(until),
        is_time_trusted=now.time is not None,
        lacks_network=_lacks_network(plan, settings),
        shadow=None
        if now.shadow is None
        else shadow_sentence(now.shadow, nem_date(until)),
    )


def _lacks_network(plan: Plan, settings: Settings) -> bool:
    """Whether the plan is Amber's as shipped: network and metering are not in it."""
    is_own = (settings.tariff_folder / f"{plan.name}.toml").exists()
    is_amber = any(rate.amber for rate in plan.period[-1].usage)
    return is_amber and not is_own and not settings.bill.tariff.endswith(".toml")


def _read_bill(context: HomeContext, reading: _Reading) -> BillPage:
    today = reading.today
    this_month = today.replace(day=1)
    first = this_month
    for _ in range(MOST_MONTHS):
        first = (first - _DAY).replace(day=1)
    record = _record(context, reading.plan, first, max(today - _DAY, first))
    bills = [one for one in bill_months(record, reading.plan) if one.month >= first]
    if bills[-1].month < this_month:
        bills.append(MonthBill(this_month, (), ()))
    if not any(one.billed_days for one in bills):
        raise DataError(
            f"no day from {first} to {today - _DAY} has its whole usage on record; "
            "Amber's usage comes a day late; wait for it, or import meter data"
        )
    this = bills[-1]
    projection = None
    if this.refusal is None:
        tariff = record.inputs.tariff(reading.plan)
        daily_aud = recent_daily_aud(record, tariff, today)
        projection = project_month(month_so_far(tariff, this), daily_aud)
    return bill_page(bills, projection)


def _read_month(context: HomeContext, reading: _Reading, first: date) -> MonthPage:
    end = (first + 31 * _DAY).replace(day=1) - _DAY
    last = min(end, reading.today - _DAY)
    if last < first:
        return month_page(MonthBill(first, (), ()), reading.plan.title)
    record = _record(context, reading.plan, first, last)
    return month_page(bill_months(record, reading.plan)[-1], reading.plan.title)


def _record(context: HomeContext, plan: Plan, first: date, last: date) -> CompleteDays:
    start = first_day_read(plan, first)
    store = context.store()
    with store.snapshot():
        return read_complete_days(store, context.settings, BilledDays(start, last))


def _month_of(text: str) -> date:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        abort(HTTPStatus.NOT_FOUND)
    if f"{first:%Y-%m}" != text or not FIRST_YEAR <= first.year <= LAST_YEAR:
        abort(HTTPStatus.NOT_FOUND)
    return first
