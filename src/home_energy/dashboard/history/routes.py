"""The history page: a day or a week of prices, or what is on record of a year."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus

from flask import Blueprint, abort, render_template

from home_energy.analysis.record.days import first_record_day, record_days
from home_energy.analysis.record.meter_sources import SHORTEST_STEP, recorded_home
from home_energy.dashboard.context import HomeContext, home_context
from home_energy.dashboard.history.view import (
    SHOWN,
    History,
    Span,
    View,
    history,
)
from home_energy.dashboard.history.year import YearPicture, year_picture
from home_energy.dashboard.now import Now, read_now
from home_energy.dashboard.price_record import Period, PriceRecord, read_record
from home_energy.domain.price import Channel
from home_energy.domain.site import home_site
from home_energy.domain.time_grid import TimeGrid, floor_to_step
from home_energy.errors import ConfigError, StoreError
from home_energy.store import Store

blueprint = Blueprint("history", __name__, url_prefix="/history")

FIRST_YEAR = 2000
LAST_YEAR = 2099


@dataclass(frozen=True, slots=True)
class _Page:
    """A history and where its buttons lead; `None` is a button that leads nowhere."""

    history: History
    previous: date | None
    following: date | None
    today: date
    is_time_trusted: bool


@dataclass(frozen=True, slots=True)
class _YearPage:
    """A year and where its buttons lead; `None` is a button that leads nowhere."""

    picture: YearPicture
    previous: int | None
    following: int | None
    day: date
    is_time_trusted: bool


@blueprint.get("")
def today() -> str | tuple[str, HTTPStatus]:
    """Show today."""
    return _show("day", None)


@blueprint.get("/<any(day, week):view>/<day_text>")
def show(view: View, day_text: str) -> str | tuple[str, HTTPStatus]:
    """Show the day, or the week that holds it."""
    try:
        day = date.fromisoformat(day_text)
    except ValueError:
        abort(HTTPStatus.NOT_FOUND)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        abort(HTTPStatus.NOT_FOUND)
    return _show(view, day)


@blueprint.get("/year/<int:year>")
def show_year(year: int) -> str | tuple[str, HTTPStatus]:
    """Show how much of every day of a year is on record."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(HTTPStatus.NOT_FOUND)
    context = home_context()
    try:
        page = _read_year(context, year)
    except StoreError as error:
        context.drop_store()
        text = render_template("history_year.html", page=None, error=str(error))
        return text, HTTPStatus.SERVICE_UNAVAILABLE
    return render_template("history_year.html", page=page, error=None)


def _show(view: View, day: date | None) -> str | tuple[str, HTTPStatus]:
    context = home_context()
    try:
        page = _read_page(context, view, day)
    except StoreError as error:
        context.drop_store()
        text = render_template("history.html", page=None, error=str(error))
        return text, HTTPStatus.SERVICE_UNAVAILABLE
    return render_template("history.html", page=page, error=None)


def _read_page(context: HomeContext, view: View, day: date | None) -> _Page:
    store = context.store()
    now = read_now(store, context.settings, context.clock)
    until = _known_until(now, context)
    zone = context.settings.home.zone
    this_day = until.astimezone(zone).date()
    span = Span.around(view, day or this_day, zone)
    key = None if now.site is None else store.sources.site_key(now.site.site_id)
    records = {} if key is None else _records(store, key, span, until)
    first = None if key is None else _first_day(store, key, span)
    has_earlier = first is not None and span.first > first
    return _Page(
        history=history(span, records, now.time),
        previous=span.moved(-1) if has_earlier else None,
        following=span.moved(1) if span.moved(1) <= this_day else None,
        today=this_day,
        is_time_trusted=now.time is not None,
    )


def _read_year(context: HomeContext, year: int) -> _YearPage:
    store, settings = context.store(), context.settings
    now = read_now(store, settings, context.clock)
    until = _known_until(now, context)
    zone = settings.home.zone
    this_day = until.astimezone(zone).date()
    site = None
    with suppress(ConfigError):  # a home of files has none
        site = home_site(store.sources.sites(), settings.amber.site_id)
    home = recorded_home(store, site, settings.meter.flows)
    whole = TimeGrid.calendar_year(year, zone, SHORTEST_STEP)
    end = min(whole.end, floor_to_step(until, SHORTEST_STEP))
    grid = TimeGrid.between(whole.start, max(whole.start, end), SHORTEST_STEP)
    first = first_record_day(store, home, zone)
    return _YearPage(
        picture=year_picture(year, record_days(store, home, grid, zone)),
        previous=year - 1 if first is not None and first.year < year else None,
        following=year + 1 if year < this_day.year else None,
        day=min(this_day, date(year, 12, 31)),
        is_time_trusted=now.time is not None,
    )


def _records(
    store: Store, site_key: int, span: Span, until: datetime
) -> dict[Channel, PriceRecord]:
    period = Period(span.start, span.end, until)
    there = store.prices.channels(site_key)
    return {
        channel: read_record(store, site_key, channel, period)
        for channel in SHOWN
        if channel in there
    }


def _first_day(store: Store, site_key: int, span: Span) -> date | None:
    """First local day with any import price."""
    found = store.prices.first_start(site_key, Channel.GENERAL)
    return None if found is None else found.astimezone(span.zone).date()


def _known_until(now: Now, context: HomeContext) -> datetime:
    """Trusted time; without one the end of the record."""
    if now.time is not None:
        return now.time
    ends = [newest.price.end for newest in now.channels.values()]
    return max(ends, default=context.clock.now())
