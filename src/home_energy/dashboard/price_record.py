"""A stretch of one channel's prices, with what is missing from it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from home_energy.domain.coverage import Coverage, find_gaps
from home_energy.domain.price import Channel, Price, Quality
from home_energy.domain.time_grid import floor_to_step
from home_energy.store import Store

LONGEST_INTERVAL = timedelta(minutes=30)
SHORTEST_INTERVAL = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time and how much of it can be on record already.

    Parameters
    ----------
    start, end
        Half-open. [aware UTC]
    until
        Intervals that end after this are not missed yet. [aware UTC]
    """

    start: datetime
    end: datetime
    until: datetime

    @property
    def expected_end(self) -> datetime:
        """End of the part that ought to be on record. [aware UTC]"""
        due = floor_to_step(self.until, SHORTEST_INTERVAL)
        return max(self.start, min(self.end, due))


@dataclass(frozen=True, slots=True)
class PriceRecord:
    """Prices of every interval that reaches into a period, and what is missing.

    Parameters
    ----------
    prices
        In order of start; the first may begin before the period.
    coverage
        Of the part of the period that ought to be on record.
    """

    prices: list[Price]
    coverage: Coverage


def read_record(
    store: Store, site_key: int, channel: Channel, period: Period
) -> PriceRecord:
    """Read one channel's prices of a period.

    Raises
    ------
    StoreError
        If the store cannot be read.
    """
    early = period.start - LONGEST_INTERVAL
    found = store.prices.between(site_key, channel, early, period.end)
    prices = [price for price in found if price.end > period.start]
    return PriceRecord(prices, price_coverage(channel, prices, period))


def price_coverage(channel: Channel, prices: list[Price], period: Period) -> Coverage:
    """Share of a period that these prices cover.

    Parameters
    ----------
    prices
        In order of start; they may overlap and reach beyond the period.
    """
    start, end = period.start, period.expected_end
    every = [(price.start, price.end) for price in prices]
    final = [(p.start, p.end) for p in prices if p.quality >= Quality.ACTUAL]
    gaps = find_gaps(every, start, end)
    missing = sum((gap.length for gap in gaps), timedelta())
    not_final = sum((gap.length for gap in find_gaps(final, start, end)), timedelta())
    return Coverage(
        channel=channel,
        start=start,
        end=end,
        covered_minutes=_whole_minutes(end - start) - _whole_minutes(missing),
        estimated_minutes=_whole_minutes(not_final - missing),
        gaps=gaps,
    )


def _whole_minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60
