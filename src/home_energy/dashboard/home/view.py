"""What the first page says, decided here and only laid out in its template.

The ladder of `domain.freshness` decides what may be said; each step is one function.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from home_energy.dashboard.device.addresses import own_address
from home_energy.dashboard.figures import DASH, PriceFigure, price_figure
from home_energy.dashboard.home.bars import Bars, draw_bars, make_room
from home_energy.dashboard.home.beside import Beside
from home_energy.dashboard.home.coming import coming_half_hours
from home_energy.dashboard.home.cost_cell import (
    CostCell,
    cost_cell,
    power_words,
    typical_cell,
)
from home_energy.dashboard.home.sentence import (
    Sentence,
    SentenceKind,
    advice_line,
    demand_sentence,
)
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
NOTHING_BESIDE = Beside()


@dataclass(frozen=True, slots=True)
class FeedIn:
    """What a kilowatt-hour sent out earns, or costs."""

    label: str
    text: str
    is_costing: bool = False


@dataclass(frozen=True, slots=True)
class Coming:
    """The next hours.

    Parameters
    ----------
    bars
        The picture.
    caption
        When they are cheapest.
    is_caption_right
        Whether the words in the picture's headroom stand at its right end.
    is_hatched
        Whether they must be marked a forecast.
    """

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
    cost
        What an hour costs now, or what is known instead; while the price may be used.
    shadow
        Without it: what a battery would have saved on the last day, and since when
        how much.
    how_to
        Without both: how to get the cost of an hour.
    trouble
        Instead of them, why there is no newer price.
    power
        Beside it: what flows now.
    sentence
        What to do.
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
    cost: CostCell | None = None
    shadow: ShadowLine | None = None
    how_to: str | None = None
    trouble: str | None = None
    power: str | None = None
    sentence: Sentence | None = None
    coming: Coming | None = None

    @property
    def is_advising(self) -> bool:
        """Whether there is a price by which to act."""
        return self.state in (Freshness.FRESH, Freshness.UPDATING)


def home_view(
    now: Now, settings: Settings, beside: Beside = NOTHING_BESIDE
) -> HomeView:
    """Decide what the first page says at this moment.

    Parameters
    ----------
    beside
        What changes slowly, as it was read last.
    """
    zone = settings.home.zone
    general = now.channels.get(Channel.GENERAL)
    view = HomeView(
        state=now.import_age.freshness.value,
        time=now.time,
        clock=None if now.time is None else clock_words(now.time, zone),
    )
    if general is None:
        has_network = own_address() is not None
        message = first_start_message(settings, now.statuses, has_network=has_network)
        return replace(view, message=message)
    if general.age.may_advise:
        view = _advising(view, now, general, zone)
        view = _with_cost(view, now, beside, zone)
    elif general.age.freshness is Freshness.STALE:
        view = _stale(view, now, general, zone)
    else:
        view = _without_number(view, now, general, zone)
    view = replace(view, sentence=_sentence(view, now, beside, zone))
    return _with_coming(view, now, general, zone)


def _advising(view: HomeView, now: Now, general: ChannelNow, zone: tzinfo) -> HomeView:
    """Fresh, or about to be: number, verdict, and when it was learnt."""
    figure = price_figure(general.price)
    is_spike = general.price.context.is_spike
    note = "price spike" if is_spike else None
    if figure.is_paid:
        note = "you are paid to use power"
    learnt = clock_words(general.known_at, zone).split(" ")[0]
    is_fresh = general.age.freshness is Freshness.FRESH
    return replace(
        view,
        dash_at=_dash_at(general),
        figure=figure,
        verdict=None if now.decision is None else now.decision.verdict.value,
        is_spike=is_spike,
        note=note,
        updated=f"updated {learnt}" if is_fresh else "updating",
        feed_in=_feed_in(now),
    )


def _with_cost(view: HomeView, now: Now, beside: Beside, zone: tzinfo) -> HomeView:
    """Cost of an hour; without a meter the typical one, the shadow, or how to get it.

    The typical cost and the shadow take turns by the minute.
    """
    if now.power.is_set_up:
        return replace(view, cost=cost_cell(now.power, now.statuses, now.time, zone))
    typical, shadow = beside.typical, None
    if now.shadow is not None and now.time is not None:
        shadow = shadow_line(now.shadow, nem_date(now.time))
    if shadow is not None and (typical is None or _is_odd_minute(now.time)):
        return replace(view, shadow=shadow)
    if typical is None:
        return replace(view, how_to=COST_WORDS)
    return replace(view, cost=typical_cell(typical))


def _is_odd_minute(moment: datetime | None) -> bool:
    return moment is not None and moment.minute % 2 == 1


def _sentence(
    view: HomeView, now: Now, beside: Beside, zone: tzinfo
) -> Sentence | None:
    """What to do: demand before advice before the shadow battery."""
    if now.time is None:
        return None
    demand = demand_sentence(beside.demand, now.time, zone)
    if demand is not None or not now.import_age.may_advise:
        return demand
    if Channel.GENERAL in now.forecasts:
        advice = advice_line(beside.advices, now.time, zone)
        if advice is not None:
            return advice
    if now.shadow is None or view.shadow is not None:
        return None
    shadow = shadow_line(now.shadow, nem_date(now.time))
    if shadow is None:
        return None
    return Sentence(SentenceKind.SHADOW, shadow.last_day)


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
        power=power_words(now.power),
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
        power=power_words(now.power),
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
        return FeedIn("export", f"costs {price_words(-earns)}", is_costing=True)
    return FeedIn("sell", price_words(earns))


def _with_coming(
    view: HomeView, now: Now, general: ChannelNow, zone: tzinfo
) -> HomeView:
    """The forecast, while it is usable; hatched when there is no price beside it."""
    forecast = now.forecasts.get(Channel.GENERAL)
    if forecast is None or now.time is None:
        return view
    start = max(floor_to_step(now.time, FIVE_MINUTES), general.price.end)
    levels = None if now.decision is None else now.decision.levels
    half_hours = coming_half_hours(forecast.points, start)
    bars = draw_bars(half_hours, levels, now.cheapest, zone)
    if bars is None:
        return view
    return _captioned(view, bars, _caption(now, general, zone))


def _caption(now: Now, general: ChannelNow, zone: tzinfo) -> str:
    """When the next hours are cheapest."""
    advises = general.age.may_advise
    words = "" if advises else "forecast"
    if now.cheapest is None:
        return words
    price = general.price.c_per_kwh if advises else None
    cheapest = cheapest_words(now.cheapest, price, zone)
    return f"{words}: {cheapest}" if words else cheapest


def _captioned(view: HomeView, bars: Bars, caption: str) -> HomeView:
    """Room for the sentence or the caption; no advice hides how high a spike is."""
    says_shadow = view.sentence and view.sentence.kind is SentenceKind.SHADOW
    words = caption if view.sentence is None or says_shadow else view.sentence.text
    labels, is_right = make_room(bars.labels, words)
    has_spike = any(bar.is_cut and bar.kind == "spike" for bar in bars.bars)
    hides_spike = has_spike and bars.labels[:1] != labels[:1]
    if hides_spike and view.sentence and view.sentence.kind is SentenceKind.ADVICE:
        view = replace(view, sentence=None)
        labels, is_right = make_room(bars.labels, caption)
    covered = tuple(label for label in bars.labels if label not in labels)
    bars = replace(bars, labels=labels, covered=covered)
    is_hatched = not view.is_advising
    return replace(view, coming=Coming(bars, caption, is_right, is_hatched=is_hatched))
