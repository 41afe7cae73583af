"""The market operator's price forecast, as it stood when it was published."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from home_energy.domain.series import FloatArray, read_only
from home_energy.domain.spot import REGIONS
from home_energy.domain.time_grid import TimeGrid, require_utc
from home_energy.errors import DataError

HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, eq=False)
class MarketForecast:
    """Expected regional reference price of the half-hours ahead.

    Parameters
    ----------
    region
        One of `REGIONS`.
    published_at
        When the forecast was given: nothing here was knowable earlier. [aware UTC]
    first_start
        Start of the first half-hour, on the half-hour; it may have begun before the
        forecast was published. [aware UTC]
    rrp_aud_per_mwh_ex_gst
        One for each half-hour; NaN where there is none. (N,) [$/MWh, without GST]
    """

    region: str
    published_at: datetime
    first_start: datetime
    rrp_aud_per_mwh_ex_gst: FloatArray

    def __post_init__(self) -> None:
        """Refuse a forecast that cannot be."""
        if self.region not in REGIONS:
            raise DataError(
                f"unknown region {self.region!r}; expected one of {', '.join(REGIONS)}"
            )
        require_utc(self.published_at, "MarketForecast.published_at")
        require_utc(self.first_start, "MarketForecast.first_start")
        if self.first_start.timestamp() % HALF_HOUR.total_seconds():
            raise DataError(f"a forecast begins at {self.first_start}, no half-hour")
        prices = self.rrp_aud_per_mwh_ex_gst
        if prices.ndim != 1 or not prices.size or np.any(np.isinf(prices)):
            raise DataError("a forecast needs one number for each of its half-hours")
        if self.published_at >= self.grid.end:
            raise DataError(
                f"a forecast published at {self.published_at} ends at {self.grid.end}: "
                "it says nothing of what was ahead"
            )
        object.__setattr__(self, "rrp_aud_per_mwh_ex_gst", read_only(prices))

    @property
    def grid(self) -> TimeGrid:
        """Axis of its half-hours."""
        return TimeGrid(self.first_start, HALF_HOUR, self.rrp_aud_per_mwh_ex_gst.size)
