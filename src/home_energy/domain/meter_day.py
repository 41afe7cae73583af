"""What a meter's file says: one register, one day of the market, every interval."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.nem_day import NemDay
from home_energy.domain.price import Quality
from home_energy.domain.series import FloatArray, read_only
from home_energy.domain.time_grid import require_utc
from home_energy.errors import DataError

NO_QUALITY = 0
"""Stands in `MeterDay.quality` where there is no value."""


_NMI_LENGTH = 10
"""Without the check digit, which some sources append."""


def bare_nmi(nmi: str) -> str:
    """NMI by which meters are compared; one that a file masks stays as it is."""
    return nmi.upper()[:_NMI_LENGTH] if nmi.isalnum() else nmi


class Flow(StrEnum):
    """What a register counts, in the household's view."""

    GENERAL = "general"
    CONTROLLED_LOAD = "controlled_load"
    FEED_IN = "feed_in"
    LOAD = "load"
    GENERATION = "generation"

    @property
    def is_metered_import(self) -> bool:
        """Whether the energy came through the retailer's meter into the home."""
        return self in (Flow.GENERAL, Flow.CONTROLLED_LOAD)


@dataclass(frozen=True, slots=True, order=True)
class MeterRegister:
    """One register as one source knows it.

    Parameters
    ----------
    source
        Who counted or told: `nem12`, `powerpal`, `table:<profile>`, `amber`.
    nmi
        National Metering Identifier; empty where the source does not say.
    name
        The meter's name for it, such as `E1` or `B1`.
    flow
        What it counts; `None` where the source leaves that to the household.
    """

    source: str
    nmi: str
    name: str
    flow: Flow | None = None


@dataclass(frozen=True, slots=True, eq=False)
class MeterDay(NemDay):
    """Energy through one register in every interval of one NEM day.

    Parameters
    ----------
    day
        Day of the market: 24 hours from midnight in NEM time.
    interval_minutes
        Length of an interval, a whole part of a day. [minutes]
    kwh
        Energy, never negative; NaN where it is missing. (1440/interval,) [kWh]
    quality
        A `Quality` for each interval, `NO_QUALITY` where missing. (1440/interval,)
    updated_at
        When the provider last changed the day; the later of two stands. `None`
        where the source does not say. [aware UTC]
    """

    day: date
    interval_minutes: int
    kwh: FloatArray
    quality: NDArray[np.uint8]
    updated_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a day that cannot be."""
        if self.interval_minutes <= 0 or 1440 % self.interval_minutes:
            raise DataError(
                f"{self.day}: {self.interval_minutes} minutes are no whole part of a "
                "day"
            )
        count = 1440 // self.interval_minutes
        if self.kwh.shape != (count,) or self.quality.shape != (count,):
            raise DataError(
                f"{self.day}: {self.kwh.size} values and {self.quality.size} "
                f"qualities, {count} expected for {self.interval_minutes}-minute data"
            )
        if self.updated_at is not None:
            require_utc(self.updated_at, "MeterDay.updated_at")
        is_missing = np.isnan(self.kwh)
        if np.any(self.kwh < 0) or np.any(np.isinf(self.kwh)):
            raise DataError(f"{self.day}: energy must be finite and not negative")
        if np.any(is_missing != (self.quality == NO_QUALITY)):
            raise DataError(f"{self.day}: a value without quality, or the other way")
        object.__setattr__(self, "kwh", read_only(self.kwh))

    @property
    def known_count(self) -> int:
        """Intervals with a value."""
        return int(np.count_nonzero(self.quality))

    @classmethod
    def of_one_quality(
        cls,
        day: date,
        kwh: FloatArray,
        quality: Quality,
        updated_at: datetime | None = None,
    ) -> "MeterDay":
        """Day whose known values are all equally sure."""
        qualities = np.where(np.isnan(kwh), NO_QUALITY, int(quality)).astype(np.uint8)
        return cls(day, 1440 // kwh.size, kwh, qualities, updated_at)


MeterRecord = dict[MeterRegister, list[MeterDay]]
"""Days of every register, in order of the day."""
