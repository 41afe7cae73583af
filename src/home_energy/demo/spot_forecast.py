"""What the market operator would have forecast of the synthetic spot price.

Like AEMO's pre-dispatch: half-hours to 04:00 NEM of the next trading day, published
every half-hour, and 5-minute intervals for the coming hour, published every five
minutes. The forecast is the truth seen through a fog that thickens with lead time: in
normal scores ``r z + sqrt(1 - r^2) e``, with `r` falling from 0.99 to about 0.55 in
40 hours, so that a forecast has spikes of its own and misses true ones.
Half of the error `e` belongs to the target and stays between issues; half is new.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache

import numpy as np

from home_energy.demo.spot_model import (
    FIVE_MINUTES,
    FloatArray,
    SpotModel,
    draws,
    normal_share,
)
from home_energy.domain.time_grid import (
    NEM_TIME,
    floor_to_step,
    nem_date,
    nem_day_start,
)

HALF_HOUR = timedelta(minutes=30)

NEAR_LIKENESS, LIKENESS_HOURS, NEAR_HOURS = 0.97, 70.0, 1.0
"""Correlation of truth and forecast an hour ahead, and hours in which it falls to a
third; below an hour it rises to 0.99. Assumed: no stored forecasts were at hand."""

NEXT_DAY_KNOWN_AFTER = timedelta(hours=12, minutes=30)
"""NEM time of day from which pre-dispatch reaches the end of the next trading day."""

ESTIMATE_LIKENESS, BAD_ESTIMATE_LIKENESS, BAD_ESTIMATE_SHARE = 0.995, 0.6, 0.03
"""How well the price shown before confirmation is like the confirmed one. Estimates
have been seen far off, even in sign (openHAB pull request 18776); shares assumed."""

BAND_WIDTH = 0.8
"""Half of the band that is given with a forecast, in standard errors of its score."""

_TARGET, _ISSUE, _FIVE_ISSUE, _ESTIMATE = 11, 12, 13, 14


@dataclass(frozen=True, slots=True)
class SpotForecast:
    """Run of forecast spot prices.

    Parameters
    ----------
    start
        Start of the first interval. [aware UTC]
    step
        Length of every interval.
    lead_hours
        From issue to each interval's start. [h]
    low_c_per_kwh, c_per_kwh, high_c_per_kwh
        Band and forecast, with GST. [c/kWh]
    """

    start: datetime
    step: timedelta
    lead_hours: FloatArray
    low_c_per_kwh: FloatArray
    c_per_kwh: FloatArray
    high_c_per_kwh: FloatArray


def horizon(issued_at: datetime) -> datetime:
    """End of the last half-hour that is forecast: 04:00 NEM. [aware UTC]"""
    reach = issued_at + timedelta(hours=24) - NEXT_DAY_KNOWN_AFTER
    last_day = nem_date(reach) + timedelta(days=1)
    return datetime.combine(last_day, time(4), NEM_TIME).astimezone(UTC)


def likeness(lead_hours: FloatArray) -> FloatArray:
    """Correlation of truth and forecast, by lead time. [h]"""
    near = 0.99 - (0.99 - NEAR_LIKENESS) * np.minimum(lead_hours / NEAR_HOURS, 1.0)
    far = np.exp(-np.maximum(lead_hours - NEAR_HOURS, 0.0) / LIKENESS_HOURS)
    return np.asarray(near * far)


class SpotForecaster:
    """Forecasts of one spot model, the same whenever they are asked for."""

    def __init__(self, model: SpotModel) -> None:
        self._model = model
        self.half_hours = lru_cache(maxsize=16)(self._half_hours)
        self.five_minutes = lru_cache(maxsize=16)(self._five_minutes)

    def _half_hours(self, issued_at: datetime) -> SpotForecast:
        """Pre-dispatch as issued at a half-hour, from the next half-hour on."""
        issue = floor_to_step(issued_at, HALF_HOUR)
        start = issue + HALF_HOUR
        count = (horizon(issue) - start) // HALF_HOUR
        truth = self._model.scores(start, count * 6).reshape(count, 6).mean(axis=1)
        own = draws(self._model.seed, _ISSUE, _number(issue), count + 3)
        shared = self._target_errors(start, count)
        drift = (own[:-3] + own[1:-2] + own[2:-1] + own[3:]) / 2
        error = (shared + drift) / math.sqrt(2)
        return self._blend(start, HALF_HOUR, truth, error)

    def _five_minutes(self, boundary: datetime) -> SpotForecast:
        """Intervals after the one that began at `boundary`, for less than an hour."""
        start = boundary + FIVE_MINUTES
        end = five_minute_end(boundary)
        count = (end - start) // FIVE_MINUTES
        truth = self._model.scores(start, count)
        error = draws(self._model.seed, _FIVE_ISSUE, _number(boundary), count)
        return self._blend(start, FIVE_MINUTES, truth, error)

    def estimate(self, boundary: datetime) -> float:
        """Price shown for the interval from `boundary` before it is confirmed.

        Returns
        -------
        float
            Spot price, with GST. [c/kWh]
        """
        draw = draws(self._model.seed, _ESTIMATE, _number(boundary), 2)
        is_bad = normal_share(draw[:1])[0] < BAD_ESTIMATE_SHARE
        like = BAD_ESTIMATE_LIKENESS if is_bad else ESTIMATE_LIKENESS
        z = self._model.scores(boundary, 1) * like + draw[1:] * math.sqrt(1 - like**2)
        return float(self._model.price(boundary, FIVE_MINUTES, z)[0])

    def _target_errors(self, start: datetime, count: int) -> FloatArray:
        """Part of the error that belongs to each target half-hour, in scores."""
        day = nem_date(start)
        offset = (start - nem_day_start(day)) // HALF_HOUR
        numbers = range(day.toordinal(), day.toordinal() + (offset + count) // 48 + 1)
        days = [draws(self._model.seed, _TARGET, number, 48) for number in numbers]
        return np.concatenate(days)[offset : offset + count]

    def _blend(
        self, start: datetime, step: timedelta, truth: FloatArray, error: FloatArray
    ) -> SpotForecast:
        steps = np.arange(1, truth.size + 1, dtype=np.float64)
        lead_hours: FloatArray = steps * (step / timedelta(hours=1))
        like = likeness(lead_hours)
        fog = np.sqrt(1 - like**2)
        z = like * truth + fog * error
        low, middle, high = (
            self._model.price(start, step, z + side * fog)
            for side in (-BAND_WIDTH, 0.0, BAND_WIDTH)
        )
        return SpotForecast(start, step, lead_hours, low, middle, high)


def five_minute_end(boundary: datetime) -> datetime:
    """End of the 5-minute rows: a half-hour boundary less than an hour ahead.

    Parameters
    ----------
    boundary
        Start of the running 5-minute interval. [aware UTC]
    """
    return floor_to_step(boundary + timedelta(hours=1), HALF_HOUR)


def _number(moment: datetime) -> int:
    """Return a number of its own for each instant, for drawing."""
    return int(moment.timestamp())
