"""What the rooftops of a region gave, as the market operator estimates it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np

from home_energy.domain.nem_day import NemDay
from home_energy.domain.series import FloatArray, read_only
from home_energy.domain.spot import REGIONS
from home_energy.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class RooftopDay(NemDay):
    """Power of a region's rooftop solar in every half-hour of one NEM day.

    Parameters
    ----------
    region
        One of `REGIONS`.
    day
        Day of the market: 24 hours from midnight in NEM time.
    mw
        Mean over the half-hour, never negative; NaN where it is missing. (48,) [MW]
    """

    interval_minutes: ClassVar[int] = 30

    region: str
    day: date
    mw: FloatArray

    def __post_init__(self) -> None:
        """Refuse a day that cannot be."""
        if self.region not in REGIONS:
            raise DataError(
                f"unknown region {self.region!r}; expected one of {', '.join(REGIONS)}"
            )
        if self.mw.shape != (48,):
            raise DataError(f"{self.day}: {self.mw.size} half-hours, 48 expected")
        if np.any(np.isinf(self.mw)) or np.any(self.mw < 0):
            raise DataError(f"{self.day}: rooftop power must be a number from 0 MW")
        object.__setattr__(self, "mw", read_only(self.mw))
