"""What is told of an event, in the words of the household."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from home_energy.analysis.running_costs.demand_words import demand_words
from home_energy.announcing.notifications.events import (
    fresh_import_price,
    silent_power,
)
from home_energy.announcing.speaker import Moment
from home_energy.dashboard.local_words import (
    capitalised,
    moment_words,
    price_words,
)
from home_energy.domain.clock_words import clock_words
from home_energy.domain.notice import EventKind, ToldEvent
from home_energy.domain.price import Channel
from home_energy.settings import Settings

NoticeState = Literal["on", "over", "test"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One message.

    Parameters
    ----------
    about
        Kind of event; of two messages about one kind the newer one counts.
    state
        Whether it holds or is over; `test` is about nothing.
    title, message
        For a person.
    since, at
        When what is told began, and when it is told. [aware UTC]
    is_urgent
        Whether a phone may make more noise than usual.
    is_demo
        Whether all of it is made up.
    """

    about: str
    state: NoticeState
    title: str
    message: str
    since: datetime
    at: datetime
    is_urgent: bool = False
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class _Told:
    """What the words of an event may be made of."""

    moment: Moment
    settings: Settings
    since: datetime

    @property
    def zone(self) -> tzinfo:
        return self.settings.home.zone

    @property
    def since_words(self) -> str:
        return f"since {moment_words(self.since, self.moment.at, self.zone)}"


def notice_of(event: ToldEvent, moment: Moment, settings: Settings) -> Notice | None:
    """Say that an event holds or is over; `None` where nobody wants to know."""
    words_of = _BEGUN if event.is_on else _OVER
    if event.kind not in words_of:
        return None
    title, words = words_of[event.kind]
    is_demo = moment.now.is_demo
    return Notice(
        event.kind.value,
        "on" if event.is_on else "over",
        _marked(title, is_demo=is_demo),
        words(_Told(moment, settings, event.since)),
        event.since,
        event.told_at,
        is_urgent=event.is_on and event.kind is EventKind.SPIKE,
        is_demo=is_demo,
    )


def trial(settings: Settings, at: datetime) -> Notice:
    """Say that messages arrive."""
    is_demo = settings.amber.is_demo
    return Notice(
        "test",
        "test",
        _marked("Home Energy", is_demo=is_demo),
        f"A test, sent at {clock_words(at, settings.home.zone)}: messages arrive.",
        at,
        at,
        is_demo=is_demo,
    )


def _marked(title: str, *, is_demo: bool) -> str:
    return f"DEMO: {title}" if is_demo else title


def _costs_now(told: _Told) -> str:
    price = fresh_import_price(told.moment)
    return f"{price_words(price.c_per_kwh)}/kWh now" if price else "no price now"


def _spike(told: _Told) -> str:
    feed_in = told.moment.now.channels.get(Channel.FEED_IN)
    pays = ""
    if feed_in is not None and feed_in.age.may_advise and feed_in.price.c_per_kwh > 0:
        pays = f" Feed-in pays {price_words(feed_in.price.c_per_kwh)}/kWh."
    return f"{_costs_now(told)}, a spike {told.since_words}. Use less if you can.{pays}"


def _negative(told: _Told) -> str:
    return f"{_costs_now(told)}: you are paid to use power, {told.since_words}."


def _price_silent(told: _Told) -> str:
    return (
        f"No price {told.since_words}. The health page says why, if the collector "
        "and the network run."
    )


def _power_silent(told: _Told) -> str:
    silent = ", ".join(silent_power(told.moment, told.settings.power))
    return f"No power is told ({silent or 'a source'}) {told.since_words}."


def _demand(told: _Told) -> str:
    guard = told.moment.demand
    if guard is None:
        return f"The home nears a new peak {told.since_words}."
    return f"{capitalised(demand_words(guard, told.zone))}."


_Words = Callable[[_Told], str]

_BEGUN: Mapping[EventKind, tuple[str, _Words]] = {
    EventKind.SPIKE: ("Price spike", _spike),
    EventKind.NEGATIVE_PRICE: ("Negative price", _negative),
    EventKind.PRICE_SILENT: ("No prices", _price_silent),
    EventKind.POWER_SILENT: ("No power readings", _power_silent),
    EventKind.DEMAND: ("Near a new peak", _demand),
}
_OVER: Mapping[EventKind, tuple[str, _Words]] = {
    EventKind.SPIKE: (
        "Spike over",
        lambda told: f"{_costs_now(told)}; no spike {told.since_words}.",
    ),
    EventKind.NEGATIVE_PRICE: (
        "Price no longer negative",
        lambda told: f"{_costs_now(told)}; not negative {told.since_words}.",
    ),
    EventKind.PRICE_SILENT: (
        "Prices are back",
        lambda told: f"{_costs_now(told)}; prices come again {told.since_words}.",
    ),
    EventKind.POWER_SILENT: (
        "Power readings are back",
        lambda told: f"Power is told again {told.since_words}.",
    ),
}
