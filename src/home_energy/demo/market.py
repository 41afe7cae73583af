"""What the server asks of a home: rows in Amber's own words, and when they are known.

A `Market` knows the whole truth and tells it by instant: final rows that the server
shows once they are confirmed, the estimate shown until then, and the forecast as it
stands at an instant. It never reads a clock. Rows are dictionaries with Amber's names,
units and signs, ready for JSON; the caller must not change them.
"""

import random
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol, TypeAlias

import numpy as np

from home_energy.domain.time_grid import NEM_TIME, nem_date, nem_day_start

Row: TypeAlias = dict[str, Any]
"""One JSON object as Amber sends it."""

FIVE_MINUTES = timedelta(minutes=5)

_DELAY_SHARES = (0.0, 0.1, 0.5, 0.9, 0.95, 0.995, 0.999, 1.0)
_DELAY_SECONDS = (17.1, 19.4, 22.4, 28.7, 30.1, 37.1, 90.0, 240.0)
"""From the start of a 5-minute interval to its confirmed price: 100 arrivals measured
by amber-express, and a tail of runs of about 230 s twice a week. [s]"""

_USAGE_FROM_HOUR, _USAGE_TO_HOUR = 3.0, 7.0
"""When yesterday's usage appears, NEM time: Amber said 03:00, a user saw 07:15. [h]"""


class Market(Protocol):
    """One supplied home, as a retailer knows it."""

    @property
    def site_id(self) -> str:
        """The one site that is supplied."""
        ...

    @property
    def state(self) -> str:
        """State in lower case, as in `/state/vic/renewables/current`."""
        ...

    @property
    def channels(self) -> tuple[str, ...]:
        """Channel types in the order of Amber's answers."""
        ...

    @property
    def interval_minutes(self) -> int:
        """Billing interval of the site, 5 or 30. [minutes]"""
        ...

    def sites(self) -> list[Row]:
        """Every site of the account, the supplied one among them."""
        ...

    def row_minutes(self, asked_minutes: int | None) -> int:
        """Length of the rows given when a resolution is asked for. [minutes]"""
        ...

    def final_rows(
        self, channel: str, start: datetime, end: datetime, minutes: int
    ) -> list[Row]:
        """`ActualInterval` rows that begin in `start` to `end`, half-open; the truth.

        Says nothing about whether they are known yet: the caller cuts at
        `confirmed_at`. Missing intervals are missing.
        """
        ...

    def estimate_row(
        self, channel: str, start: datetime, minutes: int, at: datetime
    ) -> Row | None:
        """`CurrentInterval` row shown at `at` for the unconfirmed interval."""
        ...

    def forecast_rows(self, channel: str, at: datetime, minutes: int) -> list[Row]:
        """`ForecastInterval` rows after the interval that runs at `at`."""
        ...

    def confirmed_at(self, start: datetime, minutes: int) -> datetime:
        """When the price of the interval from `start` becomes final. [aware UTC]"""
        ...

    def usage_rows(self, channel: str, day: date, at: datetime) -> list[Row]:
        """`Usage` rows of a NEM day as they stand at `at`; none before they arrive."""
        ...


def stable_share(*key: object) -> float:
    """Return a share from 0 to 1 that depends on the key only."""
    return random.Random(repr(key)).random()  # noqa: S311  # a demonstration, no secret


@lru_cache(maxsize=8192)
def confirmation_time(seed: int, start: datetime, minutes: int) -> datetime:
    """When an interval's price is final: soon after its last 5 minutes began.

    Parameters
    ----------
    seed
        Decides the delay together with the interval.
    start
        Start of the interval. [aware UTC]
    minutes
        Length of the interval. [minutes]
    """
    last_boundary = start + timedelta(minutes=minutes) - FIVE_MINUTES
    share = stable_share(seed, "confirmation", last_boundary.timestamp())
    delay_seconds = float(np.interp(share, _DELAY_SHARES, _DELAY_SECONDS))
    return last_boundary + timedelta(seconds=delay_seconds)


def usage_arrival(seed: int, day: date) -> datetime:
    """When the usage of a NEM day appears, on the next morning. [aware UTC]"""
    share = stable_share(seed, "usage", day.toordinal())
    hours = _USAGE_FROM_HOUR + share * (_USAGE_TO_HOUR - _USAGE_FROM_HOUR)
    return nem_day_start(day) + timedelta(hours=24 + hours)


@lru_cache(maxsize=65536)
def time_fields(start: datetime, minutes: int) -> Row:
    """Amber's stamps of an interval: `startTime` is a second late, `nemTime` the end.

    Parameters
    ----------
    start
        True start. [aware UTC]
    minutes
        Length. [minutes]
    """
    end = start + timedelta(minutes=minutes)
    return {
        "date": nem_date(start).isoformat(),
        "duration": minutes,
        "startTime": _zulu(start + timedelta(seconds=1)),
        "endTime": _zulu(end),
        "nemTime": end.astimezone(NEM_TIME).isoformat(timespec="seconds"),
    }


def _zulu(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
