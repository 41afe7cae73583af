"""What the first page says, decided here and only laid out in its template.

The ladder of `domain.freshness` decides what may be said; each step is one function.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from home_energy.dashboard.figures import DASH, PriceFigure, price_figure
from home_energy.dashboard.home.bars import Bars, draw_bars, make_room
from home_energy.dashboard.home.coming import coming_half_hours
from home_energy.dashboard.home.words import (
    Message,
    cheapest_words,
    failure_words,
    first_start_message,
)
from home_energy.dashboard.local_words import moment_words, price_words
from home_energy.dashboard.now import ChannelNow, Now
from home_energy.dashboard.shadow_words import ShadowLine, shadow_line
from home_energy.domain.clock_words import clock_words
from home_energy.domain.freshness import OLD_AFTER, Freshness
from home_energy.domain.price import Channel
from home_energy.domain.time_grid import floor_to_step, nem_date
from home_energy.settings import Settings

FIVE_MINUTES = timedelta(minutes=5)
COST_WORDS = "Cost per hour: add a power meter"


@dataclass(frozen=True, slots=True)
class FeedIn:
    """What a kilowatt-hour sent out earns, or costs."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Coming:
    """The next hours: picture, caption, and whether they must be marked a forecast."""

    bars: Bars
    caption: str
    is_caption_right: bool
    is_hatched: bool


@dataclass(frozen=True, slots=True)
class HomeView:
    """The first page.

    Parameters
    ----------
    state
        Step of the ladder, or `broken` when the store cannot be read.
    time
        Trusted time. [aware UTC]
    dash_at
        When a page without contact must replace the number by a dash. [aware UTC]
    clock
        Time of day, in words.
    message
        Instead of everything else, before the first price.
    figure
        The number, or `None` for a dash.
    verdict
        `cheap`, `normal` or `expensive`, while it may be given.
    is_spike
        Whether the retailer says that this is a spike.
    band
        What stands large in the place of the verdict.
    band_zone
        Zone behind the band's time, where an hour occurs twice.
    note
        One small line under the number.
    updated
        One small line on when the price was learnt.
    feed_in
        Feed-in price, where there is one.
    shadow
        What a battery would have saved on the last day, and since when how much.
    cost
        Without it: cost per hour, or how to get it. Both while the price may be used.
    trouble
        Instead of it, why there is no newer price.
    coming
        The next hours.
    """

    state: str
    time: datetime | None = None
    dash_at: datetime | None = None
    clock: str | None = None
    message: Message | None = None
    figure: PriceFigure | None = None
    verdict: str | None = None
    is_spike: bool = False
    band: str | None = None
    band_zone: str | None = None
    note: str | None = None
    updated: str | None = None
    feed_in: FeedIn | None = None
    shadow: ShadowLine | None = None
    cost: str | None = None
    trouble: str | None = None
    coming: Coming | None = None


def home_view(now: Now, settings: Settings) -> HomeView:
    """Decide what the first page says at this moment."""
    zone = settings.home.zone
    general = now.channels.get(Channel.GENERAL)
    view = HomeView(
        state=now.import_age.freshness.value,
        time=now.time,
        clock=None if now.time is None else clock_words(now.time, zone),
    )
    if general is None:
        message = first_start_message(settings, now.statuses)
        return replace(view, message=message)
    if general.age.may_advise:
        view = _advising(view, now, general, zone)
    elif general.age.freshness is Freshness.STALE:
        view = _stale(view, now, general, zone)
    else:
        view = _without_number(view, now, general, zone)
    return replace(view, coming=_coming(now, general, zone))


def _advising(view: HomeView, now: Now, general: ChannelNow, zone: tzinfo) -> HomeView:
    """Fresh, or about to be: number, verdict, and when it was learnt."""
    figure = price_figure(general.price)
    is_spike = general.price.context.is_spike
    note = "price spike" if is_spike else None
    if figure.is_paid:
        note = "you are paid to use power"
    learnt = clock_words(general.known_at, zone).split(" ")[0]
    is_fresh = general.age.freshness is Freshness.FRESH
    shadow = None
    if now.shadow is not None and now.time is not None:
        shadow = shadow_line(now.shadow, nem_date(now.time))
    return replace(
        view,
        dash_at=_dash_at(general),
        figure=figure,
        verdict=None if now.decision is None else now.decision.verdict.value,
        is_spike=is_spike,
        note=note,
        updated=f"updated {learnt}" if is_fresh else "updating",
        feed_in=_feed_in(now),
        shadow=shadow,
        cost=COST_WORDS if shadow is None else None,
    )


def _stale(view: HomeView, now: Now, general: ChannelNow, zone: tzinfo) -> HomeView:
    """Too old to advise: the number with its own time, and what is the matter."""
    clock, meridiem, *zone_name = _good_until_words(general, zone)
    return replace(
        view,
        dash_at=_dash_at(general),
        figure=price_figure(general.price),
        band=f"as of {clock} {meridiem}",
        band_zone=zone_name[0] if zone_name else None,
        trouble=failure_words(now.statuses),
    )


def _without_number(
    view: HomeView, now: Now, general: ChannelNow, zone: tzinfo
) -> HomeView:
    """Old, or of unknown age: a dash, and the last value small with its time."""
    is_checking = general.age.freshness is Freshness.CHECKING_TIME
    until = general.age.good_until or general.price.end
    when = moment_words(until, now.time, zone)
    return replace(
        view,
        band="checking time" if is_checking else "no price",
        note=f"last {price_words(general.price.c_per_kwh)}, {when}",
        trouble=None if is_checking else failure_words(now.statuses),
    )


def _dash_at(general: ChannelNow) -> datetime | None:
    until = general.age.good_until
    return None if until is None else until + OLD_AFTER


def _good_until_words(general: ChannelNow, zone: tzinfo) -> list[str]:
    until = general.age.good_until or general.price.end
    return clock_words(until, zone).split(" ")


def _feed_in(now: Now) -> FeedIn | None:
    """Feed-in price while it is as fresh as a price must be."""
    feed_in = now.channels.get(Channel.FEED_IN)
    if feed_in is None:
        return None
    if not feed_in.age.may_advise:
        return FeedIn("sell", DASH)
    earns = feed_in.price.c_per_kwh
    if round(earns, 1) < 0:
        return FeedIn("export", f"costs {price_words(-earns)}")
    return FeedIn("sell", price_words(earns))


def _coming(now: Now, general: ChannelNow, zone: tzinfo) -> Coming | None:
    """The forecast, while it is usable; hatched when there is no price beside it."""
    forecast = now.forecasts.get(Channel.GENERAL)
    if forecast is None or now.time is None:
        return None
    start = max(floor_to_step(now.time, FIVE_MINUTES), general.price.end)
    levels = None if now.decision is None else now.decision.levels
    half_hours = coming_half_hours(forecast.points, start)
    bars = draw_bars(half_hours, levels, now.cheapest, zone)
    if bars is None:
        return None
    advises = general.age.may_advise
    words = "" if advises else "forecast"
    if now.cheapest is not None:
        price = general.price.c_per_kwh if advises else None
        cheapest = cheapest_words(now.cheapest, price, zone)
        words = f"{words}: {cheapest}" if words else cheapest
    labels, is_right = make_room(bars.labels, words)
    bars = replace(bars, labels=labels)
    return Coming(bars, words, is_caption_right=is_right, is_hatched=not advises)
