"""The peak that a demand charge has measured, and the interval that it is measuring."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from home_energy.analysis.running_costs.demand_times import DemandTimes
from home_energy.domain.power import FIVE_MINUTES
from home_energy.domain.series import FloatArray

_HOUR = timedelta(hours=1)
_STEP_HOURS = FIVE_MINUTES / _HOUR
_STEP_MINUTES = 5


@dataclass(frozen=True, slots=True)
class MeasuredPeak:
    """The highest interval that is over.

    Parameters
    ----------
    kw
        0 before the first is over, `None` where nothing is known of those that are;
        of an interval with holes only the known energy counts. [kW]
    at
        Start of the interval. [aware UTC]
    missing_minutes
        How much of all of them is not known. [minutes]
    """

    kw: float | None
    at: datetime | None
    missing_minutes: int


@dataclass(frozen=True, slots=True)
class RunningDemand:
    """The interval that is being measured.

    Parameters
    ----------
    end
        Of the interval. [aware UTC]
    length_hours, left_hours
        Of the whole interval, and of what is to come. [h]
    known_kwh, known_hours
        Energy so far of the known part, and its length. [kWh], [h]
    now_kw
        Power of now, `None` where it is not known. [kW]
    is_partial
        Whether some of what is over is not known.
    """

    end: datetime
    length_hours: float
    left_hours: float
    known_kwh: float
    known_hours: float
    now_kw: float | None
    is_partial: bool

    @property
    def mean_kw(self) -> float | None:
        """Mean power of the known part. [kW]"""
        return self.known_kwh / self.known_hours if self.known_hours else self.now_kw

    @property
    def forecast_kw(self) -> float:
        """Mean of the interval if all that is not known were as now. [kW]"""
        rest_hours = self.length_hours - self.known_hours
        return (self.known_kwh + (self.now_kw or 0.0) * rest_hours) / self.length_hours

    def head_room_kw(self, charged_kw: float | None) -> float | None:
        """What the rest may average until the interval comes to a power. [kW]"""
        if charged_kw is None or self.mean_kw is None:
            return None
        return (charged_kw * self.length_hours - self.known_kwh) / self.left_hours


def measured_peak(
    times: DemandTimes, kwh: FloatArray, now_kw: float | None, now: datetime
) -> MeasuredPeak:
    """Find the highest interval that is over.

    Parameters
    ----------
    kwh
        Energy of every five minutes of the axis; NaN where it is not known. (T,)
    now_kw
        Power of now, which stands for the newest five minutes until the record has
        them. [kW]
    """
    number = (now - times.grid.start) // times.grid.step
    first = times.first[times.first + times.per_demand <= number]
    if not first.size:
        return MeasuredPeak(0.0, None, 0)
    parts = _with_newest(kwh, number, now_kw)[
        first[:, np.newaxis] + np.arange(times.per_demand)
    ]
    is_missing = np.isnan(parts)
    missing_minutes = int(is_missing.sum()) * _STEP_MINUTES
    is_unknown = is_missing.all(axis=1)
    if is_unknown.all():
        return MeasuredPeak(None, None, missing_minutes)
    highest = int(np.argmax(np.where(is_unknown, -1.0, np.nansum(parts, axis=1))))
    hours = times.per_demand * _STEP_HOURS
    return MeasuredPeak(
        kw=float(np.nansum(parts[highest])) / hours,
        at=times.at(first[highest]),
        missing_minutes=missing_minutes,
    )


def running_demand(
    times: DemandTimes, kwh: FloatArray, now_kw: float | None, now: datetime
) -> RunningDemand | None:
    """Find the interval that is being measured; `None` where none is.

    The finished five minutes count as they are known, those that run at the power of
    now. Parameters as `measured_peak`.
    """
    number = (now - times.grid.start) // times.grid.step
    place = int(np.searchsorted(times.first, number, side="right")) - 1
    if place < 0 or number >= times.first[place] + times.per_demand:
        return None
    first = int(times.first[place])
    over = _with_newest(kwh, number, now_kw)[first:number]
    known = over[~np.isnan(over)]
    begun_hours = (now - times.at(number)) / _HOUR
    end = times.at(first + times.per_demand)
    return RunningDemand(
        end=end,
        length_hours=times.per_demand * _STEP_HOURS,
        left_hours=(end - now) / _HOUR,
        known_kwh=float(known.sum()) + (now_kw or 0.0) * begun_hours,
        known_hours=known.size * _STEP_HOURS + (0.0 if now_kw is None else begun_hours),
        now_kw=now_kw,
        is_partial=known.size < over.size or now_kw is None,
    )


def _with_newest(kwh: FloatArray, number: int, now_kw: float | None) -> FloatArray:
    """Energy with the power of now in the five minutes before `number`, if missing."""
    if now_kw is None or number == 0 or not np.isnan(kwh[number - 1]):
        return kwh
    filled = kwh.copy()
    filled[number - 1] = now_kw * _STEP_HOURS
    return filled
