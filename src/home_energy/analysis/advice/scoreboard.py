"""Whether advice was right: afterwards, by the final prices alone.

An advice is a hit if following it cost less than starting at once would have, both at
the power and for the minutes for which it was given.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean

from home_energy.analysis.advice.priced_time import PricedTime
from home_energy.domain.advice import GivenAdvice
from home_energy.domain.price import Channel, Quality
from home_energy.store import Store

LOOK_BACK = timedelta(days=30)
LEAST_HIT_FRACTION = 0.6
LEAST_SCORED = 10
"""With fewer, a low share of hits may be chance: nothing is withheld."""
_LONGEST_PRICE = timedelta(hours=1)
"""No price of a retailer is for longer."""


@dataclass(frozen=True, slots=True)
class Score:
    """How the advice of `LOOK_BACK` for one appliance turned out.

    Parameters
    ----------
    given_count
        Advice given, also where it is not known yet how it turned out.
    scored_count, hit_count
        Advice of which both runs have final prices; how often it saved money.
    mean_forecast_saving_aud, mean_real_saving_aud
        Of the scored ones; `None` without any. [AUD]
    """

    appliance: str
    given_count: int = 0
    scored_count: int = 0
    hit_count: int = 0
    mean_forecast_saving_aud: float | None = None
    mean_real_saving_aud: float | None = None

    @property
    def hit_fraction(self) -> float | None:
        """Share of the scored advice that saved money; `None` without any."""
        return self.hit_count / self.scored_count if self.scored_count else None

    @property
    def is_too_often_wrong(self) -> bool:
        """Whether advice is withheld until more of it turns out right."""
        return (
            self.scored_count >= LEAST_SCORED
            and self.hit_count < LEAST_HIT_FRACTION * self.scored_count
        )


def score_of(appliance: str, given: Iterable[GivenAdvice]) -> Score:
    """Score of one appliance among the advice of a home."""
    mine = [advice for advice in given if advice.appliance == appliance]
    real_aud = [a.real_saving_aud for a in mine if a.real_saving_aud is not None]
    scored = [advice for advice in mine if advice.real_saving_aud is not None]
    return Score(
        appliance=appliance,
        given_count=len(mine),
        scored_count=len(scored),
        hit_count=sum(advice.is_hit for advice in scored),
        mean_forecast_saving_aud=_mean([a.forecast_saving_aud for a in scored]),
        mean_real_saving_aud=_mean(real_aud),
    )


def recent_advice(store: Store, site_key: int, now: datetime) -> list[GivenAdvice]:
    """Advice whose start was in the last thirty days."""
    return store.advice.starting_between(site_key, now - LOOK_BACK, now)


def score_due(store: Store, site_key: int, now: datetime) -> int:
    """Score what can be scored since the last time; return how much was.

    Advice that lacks a final price of either run is left for later, and after thirty
    days for good.
    """
    count = 0
    for advice in recent_advice(store, site_key, now):
        is_due = advice.real_saving_aud is None and advice.start + advice.run <= now
        saving_aud = _real_saving_aud(store, site_key, advice) if is_due else None
        if saving_aud is not None:
            store.advice.note_real_saving(site_key, advice, saving_aud)
            count += 1
    return count


def _real_saving_aud(store: Store, site_key: int, advice: GivenAdvice) -> float | None:
    now_c_per_kwh, then_c_per_kwh = (
        _final_c_per_kwh(store, site_key, start, advice.run)
        for start in (advice.issued_at, advice.start)
    )
    if now_c_per_kwh is None or then_c_per_kwh is None:
        return None
    kwh = advice.kw * advice.minutes / 60
    return (now_c_per_kwh - then_c_per_kwh) / 100 * kwh


def _final_c_per_kwh(
    store: Store, site_key: int, start: datetime, run: timedelta
) -> float | None:
    recorded = store.prices.between(
        site_key, Channel.GENERAL, start - _LONGEST_PRICE, start + run
    )
    final = [price for price in recorded if price.quality is Quality.ACTUAL]
    # Several sources tell of one time in steps of their own: the finest is billed.
    for minutes in sorted({price.duration_minutes for price in final}):
        alike = [price for price in final if price.duration_minutes == minutes]
        known = PricedTime.of(alike, [price.c_per_kwh for price in alike])
        mean = known.run_from(start, run)
        if mean is not None:
            return mean
    return None


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
