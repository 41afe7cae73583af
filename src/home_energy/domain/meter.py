"""What the meter counted."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from home_energy.domain.price import Channel, Quality
from home_energy.domain.time_grid import require_utc
from home_energy.errors import DataError


@dataclass(frozen=True, slots=True)
class MeterReading:
    """Energy through one register in one interval.

    Parameters
    ----------
    channel
        Direction and kind: on `feed_in` the energy left the home.
    register
        The meter's own name for the register, such as `E1` or `B1`.
    start
        Start of the interval. [aware UTC]
    duration_minutes
        Length of the interval. [minutes]
    kwh
        Energy, never negative. [kWh]
    quality
        How sure it is.
    c_per_kwh, amount_aud
        What the retailer says the energy cost, or on `feed_in` earned; `None`
        where the source does not say. [c/kWh], [AUD]
    """

    channel: Channel
    register: str
    start: datetime
    duration_minutes: int
    kwh: float
    quality: Quality
    c_per_kwh: float | None = None
    amount_aud: float | None = None

    def __post_init__(self) -> None:
        """Refuse a reading that cannot be."""
        require_utc(self.start, "MeterReading.start")
        if self.duration_minutes <= 0:
            raise DataError(
                "MeterReading.duration_minutes must be positive, "
                f"got {self.duration_minutes}"
            )
        if not self.kwh >= 0:
            raise DataError(
                f"MeterReading.kwh must not be negative, got {self.kwh} "
                f"at {self.start}: direction belongs to the channel"
            )
        for value in (self.kwh, self.c_per_kwh, self.amount_aud):
            if value is not None and not math.isfinite(value):
                raise DataError(
                    f"a reading must be a number, got {value} at {self.start}; "
                    "an unknown reading is an absent row"
                )

    @property
    def end(self) -> datetime:
        """First instant after the interval."""
        return self.start + timedelta(minutes=self.duration_minutes)
