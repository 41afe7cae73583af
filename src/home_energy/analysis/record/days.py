"""How much of every day of a period is on record: prices, and what was bought."""

from dataclasses import dataclass
from datetime import date, tzinfo

import numpy as np

from home_energy.analysis.record.meter_sources import (
    RecordedHome,
    RecordedRegister,
    recorded_registers,
)
from home_energy.domain.day_share import DayShare, day_shares
from home_energy.domain.meter_day import Flow
from home_energy.domain.price import Channel, Quality
from home_energy.domain.time_grid import TimeGrid
from home_energy.store import Store


@dataclass(frozen=True, slots=True)
class RecordDays:
    """Days of one period, in order.

    Parameters
    ----------
    prices
        Of the import channel; empty where no price was ever on record.
    meter
        Of the general import, from whichever source has it surest; empty where no
        source was ever on record.
    """

    prices: tuple[DayShare, ...]
    meter: tuple[DayShare, ...]


def record_days(
    store: Store, home: RecordedHome, grid: TimeGrid, zone: tzinfo
) -> RecordDays:
    """Read the share of each local day of an axis of five minutes.

    Raises
    ------
    StoreError
        If the store cannot be read.
    """
    prices: tuple[DayShare, ...] = ()
    key = home.site_key
    if key is not None and Channel.GENERAL in store.prices.channels(key):
        qualities = store.prices.qualities(key, Channel.GENERAL, grid)
        prices = day_shares(grid, qualities, zone, Quality.ACTUAL)
    meter: tuple[DayShare, ...] = ()
    sources = _import_registers(store, home)
    if sources:
        surest = np.zeros(grid.count, dtype=np.uint8)
        for source in sources:
            surest = np.maximum(surest, source.energy(grid)[1])
        meter = day_shares(grid, surest, zone, Quality.SUBSTITUTE)
    return RecordDays(prices, meter)


def first_record_day(store: Store, home: RecordedHome, zone: tzinfo) -> date | None:
    """First day with a price or a value of a file; `None` of nothing."""
    spans = [store.meter_days.span(one) for one in store.meter_days.registers()]
    days = [span[0] for span in spans if span is not None]
    if home.site_key is not None:
        start = store.prices.first_start(home.site_key, Channel.GENERAL)
        if start is not None:
            days.append(start.astimezone(zone).date())
    return min(days, default=None)


def _import_registers(store: Store, home: RecordedHome) -> list[RecordedRegister]:
    return [
        one
        for one in recorded_registers(store, home)
        if one.register.flow is Flow.GENERAL
    ]
