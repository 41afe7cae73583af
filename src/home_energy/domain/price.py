"""Prices of one site: what a kilowatt-hour costs or earns in one interval."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from home_energy.domain.time_grid import require_utc
from home_energy.errors import DataError


class Channel(StrEnum):
    """Register of the meter, in the household's view."""

    GENERAL = "general"
    CONTROLLED_LOAD = "controlled_load"
    FEED_IN = "feed_in"


class Quality(IntEnum):
    """How sure a value is. A save never lowers it."""

    FORECAST = 1
    ESTIMATE = 2
    SUBSTITUTE = 3
    ACTUAL = 4


@dataclass(frozen=True, slots=True)
class PriceContext:
    """What the retailer says around a price. Unknown is `None`.

    Parameters
    ----------
    descriptor
        The retailer's own word for the price, in its spelling.
    spike_status
        `none`, `potential` or `spike`, or a word the retailer added since.
    tariff_period, tariff_season
        The network tariff's period and season, in the retailer's spelling.
    tariff_block
        The network tariff's block.
    is_demand_window
        Whether demand is measured for a demand charge.
    """

    descriptor: str | None = None
    spike_status: str | None = None
    tariff_period: str | None = None
    tariff_season: str | None = None
    tariff_block: int | None = None
    is_demand_window: bool | None = None

    @property
    def is_spike(self) -> bool:
        """Whether the retailer calls this a spike that is happening."""
        return self.spike_status == "spike"


@dataclass(frozen=True, slots=True)
class Price:
    """Price of one interval on one channel.

    Parameters
    ----------
    channel
        On `general` and `controlled_load` positive means the household pays;
        on `feed_in` positive means the household is paid.
    start
        Start of the interval. [aware UTC]
    duration_minutes
        Length of the interval. [minutes]
    c_per_kwh
        All-in price, with GST on import; feed-in carries no GST. [c/kWh]
    spot_c_per_kwh
        Wholesale part, with GST, where the source gives it. [c/kWh]
    quality
        How sure it is.
    context
        What the retailer says around it.
    """

    channel: Channel
    start: datetime
    duration_minutes: int
    c_per_kwh: float
    quality: Quality
    spot_c_per_kwh: float | None = None
    context: PriceContext = PriceContext()

    def __post_init__(self) -> None:
        """Refuse a price without a place on the time axis or without a value."""
        require_utc(self.start, "Price.start")
        if self.duration_minutes <= 0:
            raise DataError(
                f"Price.duration_minutes must be positive, got {self.duration_minutes}"
            )
        for value in (self.c_per_kwh, self.spot_c_per_kwh):
            if value is not None and not math.isfinite(value):
                raise DataError(
                    f"a price must be a number, got {value} at {self.start}; "
                    "an unknown price is an absent row"
                )

    @property
    def end(self) -> datetime:
        """First instant after the interval."""
        return self.start + timedelta(minutes=self.duration_minutes)
