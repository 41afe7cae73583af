"""Months on record, and years that are made of them by chance."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.finance.benefit import YearlyBenefit
from home_energy.domain.calendar_year import SEASONS, season_of
from home_energy.domain.series import FloatArray
from home_energy.errors import AlignmentError, DataError

IntArray = NDArray[np.int64]

LEAST_MONTHS_OF_A_SEASON = 2
"""With one alone a season has no luck to speak of."""

PARTS = YearlyBenefit.__slots__
"""Order of the parts of a month's benefit."""


@dataclass(frozen=True, slots=True)
class MonthsOnRecord:
    """Which months were run, and how much of each. (M)

    A year is made anew by giving every calendar month on record a donor: one of the
    months on record of its own season, whole, so that its prices, load and sun stay
    together. Every day on record is equally likely to stand for a day: donors are drawn
    in proportion to their days. So the mean over all draws is the year on record.

    Parameters
    ----------
    calendar
        1 to 12, of each month on record. (M,)
    days
        How many days of it are on record. (M,)

    Raises
    ------
    DataError
        If there is no month, or one cannot be.
    """

    calendar: tuple[int, ...]
    days: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse months that cannot be."""
        is_sound = all(1 <= month <= 12 for month in self.calendar)
        if not self.calendar or not is_sound or min(self.days, default=0) <= 0:
            raise DataError(
                f"months on record {self.calendar} with {self.days} days: expected at "
                f"least one, from 1 to 12, each with days; name them again"
            )

    @property
    def slots(self) -> tuple[int, ...]:
        """Calendar months that a year is made of. (C,)"""
        return tuple(sorted(set(self.calendar)))

    @property
    def has_every_season(self) -> bool:
        """Whether each season has months to choose from."""
        by_season = [season_of(month) for month in self.calendar]
        return all(
            by_season.count(season) >= LEAST_MONTHS_OF_A_SEASON
            for season in range(len(SEASONS))
        )

    def donors(self, chance: FloatArray) -> IntArray:
        """Number of the month on record that stands for each slot. (..., C)

        Parameters
        ----------
        chance
            Evenly between 0 and 1, below 1. (..., C)
        """
        found = np.empty(chance.shape, dtype=np.int64)
        for slot, month in enumerate(self.slots):
            numbers = np.array(
                [n for n, one in enumerate(self.calendar) if _is_like(one, month)]
            )
            reach = np.cumsum(np.array(self.days)[numbers])
            place = np.searchsorted(reach / reach[-1], chance[..., slot], side="right")
            found[..., slot] = numbers[np.minimum(place, numbers.size - 1)]
        return found

    def days_of(self, donors: IntArray) -> FloatArray:
        """Days of each month on record that a year is made of. (..., M) [days]

        Parameters
        ----------
        donors
            (..., C)
        """
        found = np.zeros((*donors.shape[:-1], len(self.days)))
        rows = found.reshape(-1, len(self.days))
        row = np.arange(rows.shape[0])
        for slot, days in enumerate(self._slot_days()):
            rows[row, donors[..., slot].reshape(-1)] += days
        return found

    def _slot_days(self) -> Iterator[float]:
        for month in self.slots:
            yield sum(
                days
                for one, days in zip(self.calendar, self.days, strict=True)
                if one == month
            )


@dataclass(frozen=True, slots=True, eq=False)
class MonthlyBenefit:
    """What is saved in each month on record, at every simulated age.

    Parameters
    ----------
    months
        On record. (M)
    after_years
        Ages, rising. (K,) [years]
    saved
        Parts of `YearlyBenefit` in their order: their sum over the months is what a
        year of that age saves. (K, M, 5) [AUD], of the last part [kWh AC]

    Raises
    ------
    AlignmentError
        If shapes differ.
    DataError
        If something is not finite, or ages do not rise.
    """

    months: MonthsOnRecord
    after_years: FloatArray
    saved: FloatArray

    def __post_init__(self) -> None:
        """Refuse figures that do not belong together."""
        shape = (len(self.after_years), len(self.months.days), len(PARTS))
        if self.saved.shape != shape:
            raise AlignmentError(
                f"monthly benefit: shape {self.saved.shape}, expected {shape}"
            )
        if not np.isfinite(self.saved).all() or (np.diff(self.after_years) <= 0).any():
            raise DataError(
                "monthly benefit: figures must be finite and ages rise; leave no month "
                "without a figure"
            )

    def drawn(self, month_days: FloatArray, ages: FloatArray) -> YearlyBenefit:
        """Benefit of years made of months on record, at ages of their own. (..., Y)

        Between simulated ages on straight lines, as `benefit_between`.

        Parameters
        ----------
        month_days
            (..., Y, M) [days]
        ages
            (..., Y) [years]

        Raises
        ------
        DataError
            If an age lies beyond what was simulated.
        """
        knots = self.after_years
        if knots.size > 1 and np.max(ages) > knots[-1] + 1e-9:
            raise DataError(
                f"devices of {np.max(ages):g} years are wanted, and were simulated to "
                f"{knots[-1]:g}; simulate the far end"
            )
        per_day = self.saved / np.array(self.months.days)[:, None]
        at_knots = np.tensordot(month_days, per_day, axes=(-1, 1))
        share = np.stack(
            [np.interp(ages, knots, one) for one in np.eye(knots.size)], axis=-1
        )
        parts = np.einsum("...k,...kf->f...", share, at_knots)
        return YearlyBenefit(**dict(zip(PARTS, parts, strict=True)))


def _is_like(one: int, month: int) -> bool:
    return season_of(one) == season_of(month)
