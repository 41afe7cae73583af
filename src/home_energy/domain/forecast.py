"""Forecasts, kept as they were issued."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from home_energy.domain.price import Channel


@dataclass(frozen=True, slots=True)
class ForecastPoint:
    """What was expected of one interval. Signs and units as in `Price`.

    Parameters
    ----------
    start
        Start of the interval. [aware UTC]
    duration_minutes
        Length of the interval. [minutes]
    c_per_kwh
        Market operator's forecast plus charges. [c/kWh]
    predicted_c_per_kwh, low_c_per_kwh, high_c_per_kwh
        The retailer's own model and its band, all-in, about a day ahead. [c/kWh]
    spot_c_per_kwh, spot_min_c_per_kwh, spot_max_c_per_kwh
        Wholesale part and its range, with GST. [c/kWh]
    is_spike_possible
        Whether the retailer marks the interval as a potential or coming spike.
    """

    start: datetime
    duration_minutes: int
    c_per_kwh: float
    predicted_c_per_kwh: float | None = None
    low_c_per_kwh: float | None = None
    high_c_per_kwh: float | None = None
    spot_c_per_kwh: float | None = None
    spot_min_c_per_kwh: float | None = None
    spot_max_c_per_kwh: float | None = None
    is_spike_possible: bool = False

    @property
    def end(self) -> datetime:
        """First instant after the interval."""
        return self.start + timedelta(minutes=self.duration_minutes)

    @property
    def best_c_per_kwh(self) -> float:
        """The retailer's own prediction where it made one, else the market's."""
        if self.predicted_c_per_kwh is None:
            return self.c_per_kwh
        return self.predicted_c_per_kwh


@dataclass(frozen=True, slots=True)
class Forecast:
    """One channel's forecast as it stood when it was issued.

    Parameters
    ----------
    channel
        Whose price is forecast.
    issued_at
        When the source gave it: nothing here was knowable earlier. [aware UTC]
    points
        Intervals in order of start, without overlap; gaps are gaps.
    """

    channel: Channel
    issued_at: datetime
    points: tuple[ForecastPoint, ...]
