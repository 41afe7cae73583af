"""The JSON API, version 1: the same record as the screen, read only.

Every answer carries an `ETag`; asked with `If-None-Match` it is 304 while nothing
has changed. An unknown query parameter is refused, with the nearest known name.
"""

from datetime import datetime, timedelta
from http import HTTPStatus

from flask import Blueprint, Response, request

from home_energy.dashboard.api import answers
from home_energy.dashboard.api.cost_answers import costs_answer
from home_energy.dashboard.api.models import (
    FaultRow,
    ForecastsAnswer,
    PricesAnswer,
)
from home_energy.dashboard.api.openapi import document_json
from home_energy.dashboard.api.problems import QueryError, store_problem
from home_energy.dashboard.api.query import (
    ForecastsQuery,
    NoQuery,
    PricesQuery,
    parse_query,
)
from home_energy.dashboard.api.responses import answer, conditional
from home_energy.dashboard.api.shadow_answers import shadow_answer
from home_energy.dashboard.context import HomeContext, home_context
from home_energy.dashboard.health.facts import read_health
from home_energy.dashboard.now import Now, read_now
from home_energy.dashboard.price_record import Period, read_record
from home_energy.domain.clock import trusted_now
from home_energy.domain.forecast import Forecast
from home_energy.domain.price import Channel
from home_energy.domain.time_grid import nem_date
from home_energy.errors import StoreError
from home_energy.store import Store

LONGEST_PRICES = timedelta(days=32)
USUAL_PRICES = timedelta(hours=24)
LONGEST_FORECASTS = timedelta(hours=24)
USUAL_FORECASTS = timedelta(hours=1)

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
blueprint.register_error_handler(StoreError, store_problem)


@blueprint.get("/now", provide_automatic_options=False)
def now() -> Response:
    """Answer with this moment."""
    parse_query(NoQuery, request.args)
    context = home_context()
    moment = read_now(context.store(), context.settings, context.clock)
    return answer(answers.now_answer(moment))


@blueprint.get("/prices", provide_automatic_options=False)
def prices() -> Response:
    """Answer with the prices of a period and what is missing from it."""
    query = parse_query(PricesQuery, request.args)
    context = home_context()
    store = context.store()
    moment = read_now(store, context.settings, context.clock)
    known_until = _known_until(moment, query.channel, context)
    start, end = _period(query.start, query.end, known_until, USUAL_PRICES)
    _refuse_span(start, end, LONGEST_PRICES, "32 days")
    key = _site_key(store, moment)
    record = None
    if key is not None:
        record = read_record(store, key, query.channel, Period(start, end, known_until))
    return answer(
        PricesAnswer(
            is_demo=moment.is_demo,
            site_id=None if moment.site is None else moment.site.site_id,
            channel=query.channel,
            start_utc=start,
            end_utc=end,
            coverage=record and answers.coverage_row(record.coverage),
            prices=[answers.price_row(p) for p in record.prices] if record else [],
        )
    )


@blueprint.get("/forecasts", provide_automatic_options=False)
def forecasts() -> Response:
    """Answer with forecasts as they were issued."""
    query = parse_query(ForecastsQuery, request.args)
    if query.at is not None and (query.start or query.end):
        message = "an instant and a period exclude each other; ask for one of them"
        raise QueryError([FaultRow(parameter="at", message=message)])
    context = home_context()
    store = context.store()
    moment = read_now(store, context.settings, context.clock)
    start = end = None
    if query.at is None:
        known_until = _known_until(moment, query.channel, context)
        start, end = _period(query.start, query.end, known_until, USUAL_FORECASTS)
        _refuse_span(start, end, LONGEST_FORECASTS, "24 hours")
    return answer(
        ForecastsAnswer(
            is_demo=moment.is_demo,
            site_id=None if moment.site is None else moment.site.site_id,
            channel=query.channel,
            start_utc=start,
            end_utc=end,
            at_utc=query.at,
            forecasts=[
                answers.forecast_issue(forecast)
                for forecast in _issues(store, moment, query, (start, end))
            ],
        )
    )


@blueprint.get("/costs", provide_automatic_options=False)
def costs() -> Response:
    """Answer with what the electricity has cost so far."""
    parse_query(NoQuery, request.args)
    context = home_context()
    store = context.store()
    with store.snapshot():
        time = trusted_now(context.clock, store.sources.anchor())
        return answer(costs_answer(store, context.settings, time))


@blueprint.get("/shadow", provide_automatic_options=False)
def shadow() -> Response:
    """Answer with what batteries that are not there would have saved."""
    parse_query(NoQuery, request.args)
    context = home_context()
    store = context.store()
    now = read_now(store, context.settings, context.clock).time
    today = nem_date(now or context.clock.now())
    return answer(shadow_answer(store, context.settings, today))


@blueprint.get("/health", provide_automatic_options=False)
def health() -> Response:
    """Answer with how the program is doing: 503 only when nothing can be read."""
    parse_query(NoQuery, request.args)
    found = read_health(home_context())
    status = HTTPStatus.OK if found.now else HTTPStatus.SERVICE_UNAVAILABLE
    return answer(answers.health_answer(found), status)


@blueprint.get("/openapi.json", provide_automatic_options=False)
def openapi() -> Response:
    """Answer with the description of this API."""
    parse_query(NoQuery, request.args)
    return conditional(Response(document_json(), content_type="application/json"))


def _issues(
    store: Store,
    moment: Now,
    query: ForecastsQuery,
    period: tuple[datetime | None, datetime | None],
) -> list[Forecast]:
    key = _site_key(store, moment)
    if key is None:
        return []
    start, end = period
    if start is not None and end is not None:
        return store.forecasts.issued_between(key, query.channel, start, end)
    newest = store.forecasts.latest(key, query.at)
    return [forecast for forecast in newest if forecast.channel == query.channel]


def _site_key(store: Store, moment: Now) -> int | None:
    return None if moment.site is None else store.sources.site_key(moment.site.site_id)


def _known_until(moment: Now, channel: Channel, context: HomeContext) -> datetime:
    """Trusted time; without one the end of the record, which claims no gap after."""
    if moment.time is not None:
        return moment.time
    newest = moment.channels.get(channel)
    return context.clock.now() if newest is None else newest.price.end


def _period(
    start: datetime | None, end: datetime | None, now: datetime, usual: timedelta
) -> tuple[datetime, datetime]:
    end = now.replace(microsecond=0) if end is None else end
    return (end - usual if start is None else start), end


def _refuse_span(
    start: datetime, end: datetime, longest: timedelta, longest_words: str
) -> None:
    if start >= end:
        message = f"must lie before the end, {end.isoformat()}"
        raise QueryError([FaultRow(parameter="start", message=message)])
    if end - start > longest:
        message = (
            f"{start.isoformat()} to {end.isoformat()} is longer than {longest_words}; "
            "ask in parts"
        )
        raise QueryError([FaultRow(parameter="start", message=message)])
