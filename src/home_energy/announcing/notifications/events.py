"""Which events hold at a moment, each as it is seen, without memory.

Of a price that is not fresh nothing follows: neither that it is a spike nor that the
spike is over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from home_energy.announcing.speaker import Moment
from home_energy.domain.freshness import Freshness
from home_energy.domain.home_power import PowerFreshness
from home_energy.domain.notice import EventKind
from home_energy.domain.power import Stream
from home_energy.domain.price import Channel, Price
from home_energy.ingestion.source_notes import SOURCE as AMBER
from home_energy.settings import Settings
from home_energy.settings.power import BROKER, PowerSettings
from home_energy.store.sources import TASK_POWER

NO_LONGER_NEGATIVE_C_PER_KWH = 1.0
"""A negative price is over from here on: between it and zero it stays what it was."""

SETTLES_IN = timedelta(minutes=10)
"""Two intervals: what is gone for a shorter time is not over."""

DEMAND_LASTS = timedelta(minutes=5)
"""Longer than a kettle."""

DEMAND_SETTLES_IN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Sight:
    """One kind of event at one moment.

    Parameters
    ----------
    holds
        Whether it holds; `None` where that cannot be said.
    since
        When it began, where that is known. [aware UTC]
    """

    holds: bool | None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class EventRule:
    """How long an event must hold to be one, and be gone to be over."""

    begins_after: timedelta
    ends_after: timedelta


def event_rules(silent: timedelta) -> dict[EventKind, EventRule]:
    """Rule of each kind.

    Parameters
    ----------
    silent
        How long prices or power must be missing.
    """
    at_once = timedelta(0)
    return {
        EventKind.SPIKE: EventRule(at_once, SETTLES_IN),
        EventKind.NEGATIVE_PRICE: EventRule(at_once, SETTLES_IN),
        EventKind.PRICE_SILENT: EventRule(silent, SETTLES_IN),
        EventKind.POWER_SILENT: EventRule(silent, SETTLES_IN),
        EventKind.DEMAND: EventRule(DEMAND_LASTS, DEMAND_SETTLES_IN),
    }


def seen(moment: Moment, settings: Settings) -> Mapping[EventKind, Sight]:
    """Look for every kind of event in a moment of trusted time."""
    price = fresh_import_price(moment)
    return {
        EventKind.SPIKE: Sight(None if price is None else price.context.is_spike),
        EventKind.NEGATIVE_PRICE: _negative(price),
        EventKind.PRICE_SILENT: _price_silent(moment),
        EventKind.POWER_SILENT: _power_silent(moment, settings.power),
        EventKind.DEMAND: _demand(moment),
    }


def fresh_import_price(moment: Moment) -> Price | None:
    """Import price of now, if there is one."""
    general = moment.now.channels.get(Channel.GENERAL)
    return general.price if general is not None and general.age.may_advise else None


def silent_power(moment: Moment, power: PowerSettings) -> dict[str, datetime | None]:
    """What tells no power, with the time since when, where that is known.

    Panels that fall silent are left out if anything else is told: many an inverter
    sleeps at night.
    """
    told = power.told()
    if not told:
        return {}
    known = {source for source, _ in told} | {BROKER}
    found: dict[str, datetime | None] = {
        status.source: status.failing_since
        for status in moment.now.statuses
        if status.task == TASK_POWER and status.failing_since and status.source in known
    }
    streams = {stream for _, stream in told}
    for stream in sorted(streams - {Stream.SOLAR} or streams):
        heard = moment.now.power.streams.get(stream)
        if heard is None:
            found[stream.value] = None
        elif heard.freshness(moment.at) is not PowerFreshness.FRESH:
            found[stream.value] = heard.as_of
    return found


def _negative(price: Price | None) -> Sight:
    if price is None or 0 <= price.c_per_kwh < NO_LONGER_NEGATIVE_C_PER_KWH:
        return Sight(None)
    return Sight(price.c_per_kwh < 0)


def _price_silent(moment: Moment) -> Sight:
    age = moment.now.import_age
    if age.may_advise:
        return Sight(holds=False)
    if age.freshness in (Freshness.STALE, Freshness.OLD):
        return Sight(holds=True, since=age.good_until)
    if age.freshness is Freshness.NONE:  # there never was one: does anybody fail?
        failing = [
            status.failing_since
            for status in moment.now.statuses
            if status.source == AMBER and status.failing_since
        ]
        if failing:
            return Sight(holds=True, since=min(failing))
    return Sight(None)


def _power_silent(moment: Moment, power: PowerSettings) -> Sight:
    if not moment.now.power.is_set_up:
        return Sight(None)
    silent = silent_power(moment, power)
    known = [since for since in silent.values() if since is not None]
    return Sight(bool(silent), min(known, default=None))


def _demand(moment: Moment) -> Sight:
    guard = moment.demand
    if guard is None:
        return Sight(None)
    if not guard.is_in_window:
        return Sight(holds=False)
    return Sight(None if guard.current_kw is None else guard.is_close)
