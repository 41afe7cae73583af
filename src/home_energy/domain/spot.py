"""The wholesale price of a region, as the market operator publishes it."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from home_energy.domain.nem_day import NemDay
from home_energy.domain.series import FloatArray, read_only
from home_energy.errors import DataError

REGIONS = ("NSW1", "QLD1", "SA1", "TAS1", "VIC1")

SPOT_C_PER_KWH_PER_RRP = 0.11
"""$1/MWh is 0.1 c/kWh, and Amber's spot price has 10 % GST. [c/kWh per $/MWh]"""


@dataclass(frozen=True, slots=True, eq=False)
class SpotDay(NemDay):
    """Regional reference price of every interval of one NEM day.

    Parameters
    ----------
    region
        One of `REGIONS`.
    day
        Day of the market: 24 hours from midnight in NEM time.
    interval_minutes
        5, or 30 before October 2021. [minutes]
    rrp_aud_per_mwh_ex_gst
        NaN where it is missing. (1440/interval,) [$/MWh, without GST]
    """

    region: str
    day: date
    interval_minutes: int
    rrp_aud_per_mwh_ex_gst: FloatArray

    def __post_init__(self) -> None:
        """Refuse a day that cannot be."""
        if self.region not in REGIONS:
            raise DataError(
                f"unknown region {self.region!r}; expected one of {', '.join(REGIONS)}"
            )
        if self.interval_minutes not in (5, 30):
            raise DataError(
                f"{self.day}: the market has no {self.interval_minutes}-minute price"
            )
        prices = self.rrp_aud_per_mwh_ex_gst
        if prices.shape != (1440 // self.interval_minutes,):
            raise DataError(
                f"{self.day}: {prices.size} prices, {1440 // self.interval_minutes} "
                f"expected for {self.interval_minutes} minutes"
            )
        if np.any(np.isinf(prices)):
            raise DataError(f"{self.day}: a price must be a number")
        object.__setattr__(self, "rrp_aud_per_mwh_ex_gst", read_only(prices))
