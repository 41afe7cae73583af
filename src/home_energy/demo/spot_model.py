"""A seeded spot price that has the shape of a real year, for any day.

The price is ``Q(month, half-hour, Phi(z))``: `Q` is the quantile function of a real
year's prices in that half-hour of that month, `Phi` the normal distribution, and `z` a
standard normal series with the real year's memory, the sum of

- a day factor, one value a midnight, blended between midnights,
- an autoregressive part that forgets within hours,
- noise of single intervals.

Every part of a day is drawn from seed and date alone, so no day needs the days before
it, except for the noise of the day before that the autoregressive part remembers.
"""

import csv
import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.time_grid import nem_date, nem_day_start
from home_energy.errors import DataError

FloatArray = NDArray[np.float64]

C_PER_KWH_PER_AUD_PER_MWH = 0.11
"""$/MWh without GST to c/kWh with GST of 10 %: x 100 / 1000 x 1.1."""

INTERVALS_PER_DAY = 288
"""5-minute intervals of a NEM day, which knows no daylight saving."""

ONE_MINUTE = timedelta(minutes=1)

FIVE_MINUTES = timedelta(minutes=5)

DAY_SHARE, HOURS_SHARE, NOISE_SHARE = 0.50, 0.45, 0.05
"""Shares of the variance of z; they sum to 1. Fitted by eye to the autocorrelation in
the header of the figures file: 0.93 after 5 minutes, 0.71 after 3 hours, 0.30 a day."""

HOURS_MEMORY_INTERVALS = 50
"""Intervals after which the autoregressive part has forgotten 63 %. Same source."""

_DAY, _HOURS, _NOISE = 1, 2, 3


def draws(seed: int, stream: int, number: int, count: int) -> FloatArray:
    """Return standard normal draws that depend on the three numbers only."""
    return np.random.default_rng((seed, stream, number)).standard_normal(count)


def normal_share(z: FloatArray) -> FloatArray:
    """Share of a standard normal distribution below each value."""
    halves = [0.5 * math.erfc(-value / math.sqrt(2)) for value in z.tolist()]
    return np.array(halves)


@dataclass(frozen=True, slots=True)
class SpotQuantiles:
    """Quantile function of the spot price by month and half-hour, NEM time.

    Parameters
    ----------
    levels
        Shares, rising from 0 to 1. (L,)
    c_per_kwh
        Price at each share, with GST. (12, 48, L) [c/kWh]
    """

    levels: FloatArray
    c_per_kwh: FloatArray

    def price(self, cells: "CalendarCells", z: FloatArray) -> FloatArray:
        """Spot price at normal scores, one a cell. [c/kWh, with GST]"""
        share = normal_share(z)
        upper = np.clip(np.searchsorted(self.levels, share), 1, self.levels.size - 1)
        lower_level, upper_level = self.levels[upper - 1], self.levels[upper]
        weight = (share - lower_level) / (upper_level - lower_level)
        cuts = self.c_per_kwh[cells.month - 1, cells.half_hour]
        rows = np.arange(z.size)
        price = cuts[rows, upper - 1] * (1 - weight) + cuts[rows, upper] * weight
        return as_published(price)


@dataclass(frozen=True, slots=True)
class CalendarCells:
    """Month (1 to 12) and half-hour (0 to 47) of interval starts, in NEM time."""

    month: NDArray[np.int64]
    half_hour: NDArray[np.int64]

    @classmethod
    def of(cls, start: datetime, step: timedelta, count: int) -> "CalendarCells":
        """Cells of `count` intervals of `step` from `start`."""
        day = nem_date(start)
        first_minutes = (start - nem_day_start(day)) // ONE_MINUTE
        minutes = first_minutes + np.arange(count) * (step // ONE_MINUTE)
        last = int(minutes[-1]) // 1440 if count else 0
        months = [(day + timedelta(days=k)).month for k in range(last + 1)]
        return cls(np.array(months)[minutes // 1440], minutes % 1440 // 30)


def as_published(c_per_kwh: FloatArray) -> FloatArray:
    """Round to what whole cents per MWh give. [c/kWh, with GST]"""
    aud_per_mwh = np.round(c_per_kwh / C_PER_KWH_PER_AUD_PER_MWH, 2) + 0.0  # no -0.0
    return np.round(aud_per_mwh * C_PER_KWH_PER_AUD_PER_MWH, 5)


@lru_cache(maxsize=1)
def victorian_quantiles() -> SpotQuantiles:
    """Figures of Victoria's calendar 2025, kept in the package."""
    figures = resources.files(__package__) / "spot_quantiles_vic_2025.csv"
    lines = figures.read_text(encoding="utf-8").splitlines()
    rows = list(csv.reader(line for line in lines if not line.startswith("#")))
    levels = np.array([float(level) for level in rows[0][2:]])
    cuts = np.array([[float(cut) for cut in row[2:]] for row in rows[1:]])
    return SpotQuantiles(levels, cuts.reshape(12, 48, levels.size))


class SpotModel:
    """Spot price of an invented region, decided by a seed.

    Parameters
    ----------
    seed
        Zero or more; another seed is another history.
    """

    def __init__(self, seed: int) -> None:
        if seed < 0:
            raise DataError(f"seed must be zero or more, got {seed}; give another")
        self.seed = seed
        self.quantiles = victorian_quantiles()
        self.day_scores = lru_cache(maxsize=64)(self._day_scores)

    def midnight_factor(self, day: date) -> float:
        """Day factor at the NEM midnight that begins a day; high is dear."""
        return float(draws(self.seed, _DAY, day.toordinal(), 1)[0])

    def scores(self, start: datetime, count: int) -> FloatArray:
        """Normal scores of `count` 5-minute intervals from `start`."""
        day = nem_date(start)
        offset = (start - nem_day_start(day)) // FIVE_MINUTES
        days = -(-(offset + count) // INTERVALS_PER_DAY)
        parts = [self.day_scores(day + timedelta(days=k)) for k in range(days)]
        return np.concatenate(parts)[offset : offset + count]

    def price(self, start: datetime, step: timedelta, z: FloatArray) -> FloatArray:
        """Spot price at scores of intervals from `start`. [c/kWh, with GST]"""
        return self.quantiles.price(CalendarCells.of(start, step, z.size), z)

    def day_prices(self, day: date) -> FloatArray:
        """Spot price of a NEM day. (288,) [c/kWh, with GST]"""
        return self.price(nem_day_start(day), FIVE_MINUTES, self.day_scores(day))

    def _day_scores(self, day: date) -> FloatArray:
        turn = np.arange(INTERVALS_PER_DAY) / INTERVALS_PER_DAY * (math.pi / 2)
        slow = np.cos(turn) * self.midnight_factor(day)
        slow += np.sin(turn) * self.midnight_factor(day + timedelta(days=1))
        noise = draws(self.seed, _NOISE, day.toordinal(), INTERVALS_PER_DAY)
        return (
            math.sqrt(DAY_SHARE) * slow
            + math.sqrt(HOURS_SHARE) * self._hours_part(day)
            + math.sqrt(NOISE_SHARE) * noise
        )

    def _hours_part(self, day: date) -> FloatArray:
        """Exponential memory of the last 24 hours' shocks, of unit variance."""
        shocks = np.concatenate(
            [
                draws(self.seed, _HOURS, day.toordinal() - 1, INTERVALS_PER_DAY),
                draws(self.seed, _HOURS, day.toordinal(), INTERVALS_PER_DAY),
            ]
        )
        memory = np.exp(-np.arange(INTERVALS_PER_DAY) / HOURS_MEMORY_INTERVALS)
        memory /= math.sqrt(float(memory @ memory))
        end = 2 * INTERVALS_PER_DAY
        return np.convolve(shocks, memory)[INTERVALS_PER_DAY:end]
