"""Advice for every appliance of a home at one moment, and its record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from home_energy.analysis.advice.best_start import BestStart, Call, best_start
from home_energy.analysis.advice.priced_time import now_and_coming
from home_energy.analysis.advice.scoreboard import (
    Score,
    recent_advice,
    score_due,
    score_of,
)
from home_energy.domain.appliance import Appliance, ApplianceKind
from home_energy.domain.forecast import ForecastPoint
from home_energy.domain.price import Channel
from home_energy.store import Store

OLDEST_FORECAST = timedelta(hours=3)
"""What was issued longer ago is no longer advised on."""

OLDEST_PRICE = timedelta(hours=1)
"""What began longer ago is over."""


@dataclass(frozen=True, slots=True)
class ApplianceAdvice:
    """What to do with an appliance, and how such advice turned out lately."""

    best: BestStart
    score: Score

    @property
    def is_withheld(self) -> bool:
        """Whether there is advice to wait that has been wrong too often to be given."""
        return self.best.call is Call.WAIT and self.score.is_too_often_wrong


def prices_on_record(
    store: Store, site_key: int, now: datetime
) -> tuple[ForecastPoint, ...]:
    """Newest import price that has begun, and the newest forecast issued until `now`.

    Returns
    -------
    tuple of ForecastPoint
        In order of start; of a price or a forecast that is too old, nothing.
    """
    begun = store.prices.between(
        site_key, Channel.GENERAL, now - OLDEST_PRICE, now + timedelta(seconds=1)
    )
    points = [
        point
        for forecast in store.forecasts.latest(site_key, now)
        if forecast.channel is Channel.GENERAL
        and now - forecast.issued_at <= OLDEST_FORECAST
        for point in forecast.points
    ]
    newest = max(
        begun, key=lambda price: (price.start, -price.duration_minutes), default=None
    )
    return now_and_coming(newest, points)


def advice_now(
    store: Store,
    site_key: int,
    appliances: Sequence[Appliance],
    now: datetime,
    zone: tzinfo,
) -> tuple[ApplianceAdvice, ...]:
    """Advice for every appliance that may wait; changes nothing in the store.

    Parameters
    ----------
    now
        Trusted time. [aware UTC]
    zone
        Clock of the home.
    """
    prices = prices_on_record(store, site_key, now)
    given = recent_advice(store, site_key, now)
    return tuple(
        ApplianceAdvice(
            best_start(appliance, now, prices, zone), score_of(appliance.name, given)
        )
        for appliance in appliances
        if appliance.kind is ApplianceKind.WAIT
    )


def give_advice(
    store: Store,
    site_key: int,
    appliances: Sequence[Appliance],
    now: datetime,
    zone: tzinfo,
) -> tuple[ApplianceAdvice, ...]:
    """Score what is due, advise on what is on record, and keep what is new of it.

    Withheld advice is kept and scored like any other: by it an appliance earns back
    its advice. A start that was recommended before writes nothing.
    """
    with store.transaction():
        score_due(store, site_key, now)
        advices = advice_now(store, site_key, appliances, now, zone)
        for advice in advices:
            given = advice.best.given()
            if given is not None:
                store.advice.keep(site_key, given)
    return advices
