"""The cost pages: this hour, so far, and when to run what."""

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, abort, current_app, render_template

from home_energy.analysis.advice.advice_round import ApplianceAdvice, advice_now
from home_energy.analysis.advice.everyday import EverydayCost, everyday_costs
from home_energy.analysis.running_costs.costs_so_far import costs_so_far
from home_energy.analysis.running_costs.demand_guard import demand_guard
from home_energy.analysis.running_costs.trend import trend
from home_energy.analysis.running_costs.typical_cost import typical_cost
from home_energy.dashboard.context import HomeContext, home_context
from home_energy.dashboard.costs.advice import AdvicePage, advice_page, page_count
from home_energy.dashboard.costs.hour import HourPage, HourReading, hour_page
from home_energy.dashboard.costs.so_far import SoFarPage, so_far_page
from home_energy.dashboard.home.sentence import demand_sentence
from home_energy.dashboard.now import Now, read_now
from home_energy.domain.power import Stream
from home_energy.domain.price import Channel
from home_energy.domain.verdict import PriceLevels
from home_energy.errors import HomeEnergyError, StoreError

blueprint = Blueprint("costs", __name__, url_prefix="/costs")

POLL_SECONDS = 10.0
"""How often the page of now is asked anew while somebody looks at it. [s]"""

_Answer = str | tuple[str, HTTPStatus]


@blueprint.get("")
def this_hour() -> _Answer:
    """Show the cost of an hour now, and the last hours."""
    context = home_context()
    try:
        page, is_trusted = _read_hour(context)
    except HomeEnergyError as error:
        return _refused(context, error)
    poll_seconds = current_app.config.get("COST_POLL_SECONDS", POLL_SECONDS)
    return render_template(
        "costs.html",
        page=page,
        is_time_trusted=is_trusted,
        poll_ms=round(poll_seconds * 1000),
    )


@blueprint.get("/so-far")
def so_far() -> _Answer:
    """Show what today, yesterday and the month have cost."""
    context = home_context()
    try:
        page = _read_so_far(context)
    except HomeEnergyError as error:
        return _refused(context, error)
    return render_template(
        "costs_so_far.html", page=page, is_time_trusted=page is not None
    )


@blueprint.get("/advice", defaults={"number": 1})
@blueprint.get("/advice/<int:number>")
def advice(number: int) -> _Answer:
    """Show what everyday actions cost now, and when to run what can wait."""
    context = home_context()
    if not 1 <= number <= page_count(len(context.settings.advice.may_wait)):
        abort(HTTPStatus.NOT_FOUND)
    try:
        page, is_trusted = _read_advice(context, number)
    except HomeEnergyError as error:
        return _refused(context, error)
    return render_template("costs_advice.html", page=page, is_time_trusted=is_trusted)


def _refused(context: HomeContext, error: HomeEnergyError) -> _Answer:
    status = HTTPStatus.OK
    if isinstance(error, StoreError):
        context.drop_store()
        status = HTTPStatus.SERVICE_UNAVAILABLE
    return render_template("costs_refused.html", error=str(error)), status


def _read_hour(context: HomeContext) -> tuple[HourPage, bool]:
    store, settings = context.store(), context.settings
    now = read_now(store, settings, context.clock)
    zone, power = settings.home.zone, now.power
    reading = HourReading(
        time=now.time,
        power=power,
        wanted=_wanted(context, now),
        statuses=now.statuses,
        levels=_levels(context, now),
    )
    time = now.time
    if time is not None and power.is_set_up:
        guard = demand_guard(store, settings, time)
        demand = demand_sentence(guard, time, zone)
        reading = replace(
            reading,
            trend=trend(store, settings, time),
            today=costs_so_far(store, settings, time).today,
            demand=None if demand is None else demand.text,
        )
    elif time is not None:
        reading = replace(reading, typical=typical_cost(store, settings, time))
    return hour_page(reading, zone), time is not None


def _read_so_far(context: HomeContext) -> SoFarPage | None:
    """Read what the page says; `None` while no clock can be trusted."""
    store, settings = context.store(), context.settings
    now = read_now(store, settings, context.clock)
    if now.time is None:
        return None
    return so_far_page(
        costs_so_far(store, settings, now.time),
        demand_guard(store, settings, now.time),
        settings.home.zone,
        has_power=now.power.is_set_up,
    )


def _read_advice(context: HomeContext, number: int) -> tuple[AdvicePage, bool]:
    now = read_now(context.store(), context.settings, context.clock)
    page = advice_page(
        _everyday(context, now),
        _advices(context, now),
        number,
        context.settings.home.zone,
    )
    return page, now.time is not None


def _everyday(context: HomeContext, now: Now) -> tuple[EverydayCost, ...]:
    """Costs while there is a price that may be advised on."""
    general = now.channels.get(Channel.GENERAL)
    if general is None or not general.age.may_advise:
        return ()
    actions = context.settings.advice.told_now
    return everyday_costs(actions, general.price.c_per_kwh, now.cheapest)


def _advices(context: HomeContext, now: Now) -> tuple[ApplianceAdvice, ...]:
    store, settings = context.store(), context.settings
    key = None if now.site is None else store.sources.site_key(now.site.site_id)
    if key is None or now.time is None:
        return ()
    return advice_now(
        store, key, settings.advice.may_wait, now.time, settings.home.zone
    )


def _levels(context: HomeContext, now: Now) -> PriceLevels | None:
    """Levels of the newest verdict, also where no verdict may be given now."""
    store = context.store()
    key = None if now.site is None else store.sources.site_key(now.site.site_id)
    decision = None if key is None else store.verdicts.latest(key)
    return None if decision is None else decision.levels


def _wanted(context: HomeContext, now: Now) -> tuple[Stream, ...]:
    rule = context.settings.power.stream_rule(
        is_exporting_home=Channel.FEED_IN in now.channels
    )
    return tuple(rule.sources)
