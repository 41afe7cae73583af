"""How old the price is, and what may still be said about it.

The ladder of `docs/models/freshness.md`. Age counts from the moment until which the
newest price was good, not from when it was fetched: a confirmed price is good to the
end of its interval, an estimate five minutes at most, for it may be replaced.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from home_energy.domain.clock import CLOCK_TOLERANCE
from home_energy.domain.price import Price, Quality

UPDATING_AFTER = timedelta(seconds=90)
STALE_AFTER = timedelta(minutes=6)
OLD_AFTER = timedelta(minutes=30)
ESTIMATE_GOOD_FOR = timedelta(minutes=5)


class Freshness(StrEnum):
    """Step of the ladder."""

    FRESH = "fresh"
    UPDATING = "updating"
    STALE = "stale"
    OLD = "old"
    CHECKING_TIME = "checking_time"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PriceAge:
    """Step of the ladder and the figures behind it.

    Parameters
    ----------
    freshness
        Step of the ladder.
    good_until
        When the newest price ceased, or will cease, to be good. [aware UTC]
    age_seconds
        Time since then, zero while it is good; `None` when the time is not trusted,
        lies before the price, or there is no price. [s]
    """

    freshness: Freshness
    good_until: datetime | None
    age_seconds: float | None

    @property
    def may_advise(self) -> bool:
        """Whether a verdict may stand beside the price."""
        return self.freshness in (Freshness.FRESH, Freshness.UPDATING)


def price_age(
    price: Price | None, known_at: datetime | None, now: datetime | None
) -> PriceAge:
    """Place the newest price on the ladder.

    Parameters
    ----------
    price, known_at
        Newest price on record and when the source gave it, or `None` for both.
    now
        Trusted time; `None` while no clock can be trusted.
    """
    if price is None or known_at is None:
        return PriceAge(Freshness.NONE, None, None)
    good_until = price.end
    if price.quality < Quality.ACTUAL:
        good_until = min(price.end, known_at + ESTIMATE_GOOD_FOR)
    if now is None or now < price.start - CLOCK_TOLERANCE:
        # No price is known before its interval: it is the time that is wrong.
        return PriceAge(Freshness.CHECKING_TIME, good_until, None)
    age = max(timedelta(0), now - good_until)
    return PriceAge(_step(age), good_until, age.total_seconds())


def _step(age: timedelta) -> Freshness:
    if age > OLD_AFTER:
        return Freshness.OLD
    if age > STALE_AFTER:
        return Freshness.STALE
    if age > UPDATING_AFTER:
        return Freshness.UPDATING
    return Freshness.FRESH
