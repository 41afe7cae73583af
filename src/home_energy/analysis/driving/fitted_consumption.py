"""A car's consumption by the temperature outside, fitted to its drives."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.driving.consumption import (
    COLD_BELOW_C,
    HOT_ABOVE_C,
    PUBLISHED_COLD_FRACTION_PER_C,
    PUBLISHED_HOT_FRACTION_PER_C,
    Consumption,
    published_consumption,
)
from home_energy.domain.car_history import Drive
from home_energy.domain.series import FloatArray
from home_energy.domain.vehicle import Vehicle

LEAST_DRIVES = 20
"""For a fit, and in the cold and in the heat for a slope of their own. Chosen."""

LEAST_KM = 2.0
"""Shorter drives say more of warming up and of rounding than of distance. Chosen."""

FAR_C = 3.0
"""So many degrees beyond the mild a drive tells of cold or heat. Chosen."""

OUTLIER_SPREADS = 5.0
"""Of the median absolute deviation, as a standard deviation. Chosen."""

LEAST_SPREAD_FRACTION = 0.01
"""A drive within five times this of the fit is no outlier, however well others fit."""

_DEVIATIONS_IN_MEDIAN = 1.4826  # standard deviation of a normal law over its MAD
_MOST_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class FittedConsumption:
    """A consumption, and what it rests on.

    Parameters
    ----------
    consumption
        What was found.
    drive_count, drive_km
        Drives that it was fitted to; 0 for the data sheet's. [km]
    cold_count, hot_count
        Of them those far in the cold and in the heat.
    is_cold_fitted, is_hot_fitted
        Whether their slope is the drives'; else it is the published share of the
        fitted mild consumption, or 0 where no drive tells its temperature.
    outliers
        Drives too far from the fit to be used.
    unusable_count
        Drives without energy or temperature, or shorter than `LEAST_KM`.
    spread_fraction
        Half of the drives lie within this share of the fit; `None` without a fit.
    basis
        In words.
    """

    consumption: Consumption
    drive_count: int
    drive_km: float
    cold_count: int
    hot_count: int
    is_cold_fitted: bool
    is_hot_fitted: bool
    outliers: tuple[Drive, ...]
    unusable_count: int
    spread_fraction: float | None
    basis: str

    def energy_kwh(self, km: float, outside_c: float | None) -> float:
        """From the cells for a distance; mild where the temperature is unknown."""
        return self.consumption.energy_kwh(km, outside_c)


def fitted_consumption(drives: Iterable[Drive], vehicle: Vehicle) -> FittedConsumption:
    """Fit ``Wh/km = mild + cold x degrees below + hot x degrees above``.

    Least squares with each drive's kilometres as its weight. Drives further from the
    fit than `OUTLIER_SPREADS` are left out and the fit repeated until the same ones
    are; the first line is the one of least distances, which a minority of wrong
    drives does not move. A slope below 0 is taken as 0. With fewer drives than
    `LEAST_DRIVES` it is the vehicle's data sheet.

    Parameters
    ----------
    vehicle
        Stands in where drives are too few.
    """
    every = list(drives)
    metered = [d for d in every if d.energy_kwh is not None and d.km >= LEAST_KM]
    warm = [d for d in metered if d.outside_c is not None]
    has_warmth = len(warm) >= LEAST_DRIVES
    sample = warm if has_warmth else metered
    if len(sample) < LEAST_DRIVES:
        return _of_data_sheet(vehicle, len(every), len(sample))
    km = np.array([d.km for d in sample])
    wh_per_km = np.array([1000 * (d.energy_kwh or 0.0) for d in sample]) / km
    shape = _shape_of(sample, has_warmth=has_warmth)
    figures, is_kept = _without_outliers(km, wh_per_km, shape)
    deviation = np.abs(wh_per_km / shape.line(figures) - 1)[is_kept]
    left_out = np.flatnonzero(~is_kept)
    return FittedConsumption(
        consumption=Consumption(*(float(figure) for figure in figures)),
        drive_count=int(np.count_nonzero(is_kept)),
        drive_km=float(km[is_kept].sum()),
        cold_count=int(np.count_nonzero(shape.is_cold & is_kept)),
        hot_count=int(np.count_nonzero(shape.is_hot & is_kept)),
        is_cold_fitted=shape.is_cold_fitted,
        is_hot_fitted=shape.is_hot_fitted,
        outliers=tuple(sample[n] for n in left_out),
        unusable_count=len(every) - len(sample),
        spread_fraction=float(np.median(deviation)),
        basis=_words(shape, len(sample) - left_out.size),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Shape:
    """What each of N drives tells of the three figures.

    A side without a slope of its own has the published share of the mild figure.
    """

    below_c: FloatArray
    above_c: FloatArray
    has_warmth: bool

    @property
    def is_cold(self) -> NDArray[np.bool_]:
        """Drives far in the cold. (N,)"""
        return self.below_c >= FAR_C

    @property
    def is_hot(self) -> NDArray[np.bool_]:
        """Drives far in the heat. (N,)"""
        return self.above_c >= FAR_C

    @property
    def is_cold_fitted(self) -> bool:
        """Whether enough drives tell of the cold."""
        return int(np.count_nonzero(self.is_cold)) >= LEAST_DRIVES

    @property
    def is_hot_fitted(self) -> bool:
        """Whether enough drives tell of the heat."""
        return int(np.count_nonzero(self.is_hot)) >= LEAST_DRIVES

    @property
    def shares_per_c(self) -> tuple[float, float]:
        """Of the mild figure, where a side is not fitted."""
        cold = PUBLISHED_COLD_FRACTION_PER_C if self.has_warmth else 0.0
        hot = PUBLISHED_HOT_FRACTION_PER_C if self.has_warmth else 0.0
        return (
            0.0 if self.is_cold_fitted else cold,
            0.0 if self.is_hot_fitted else hot,
        )

    def line(self, figures: FloatArray) -> FloatArray:
        """Consumption of each drive. (N,) [Wh/km]"""
        mild, cold, hot = figures
        return np.asarray(mild + cold * self.below_c + hot * self.above_c)

    def fit(self, weight: FloatArray, wh_per_km: FloatArray) -> FloatArray:
        """Least squares with a weight for each drive. (3,)"""
        cold_share, hot_share = self.shares_per_c
        columns = {0: 1 + cold_share * self.below_c + hot_share * self.above_c}
        if self.is_cold_fitted:
            columns[1] = self.below_c
        if self.is_hot_fitted:
            columns[2] = self.above_c
        root = np.sqrt(weight)
        while True:
            table = np.stack(list(columns.values()), axis=1) * root[:, None]
            found = np.linalg.lstsq(table, wh_per_km * root)[0]
            by_column = dict(zip(columns, found.tolist(), strict=True))
            lowest = min(columns, key=lambda n: by_column[n])
            if lowest == 0 or by_column[lowest] >= 0:
                break
            del columns[lowest]
        shares = np.array([1.0, cold_share, hot_share])
        figures: FloatArray = float(by_column[0]) * shares
        for number in columns.keys() - {0}:
            figures[number] = by_column[number]
        return figures


def _shape_of(drives: Sequence[Drive], *, has_warmth: bool) -> _Shape:
    outside_c = np.full(len(drives), COLD_BELOW_C)
    if has_warmth:
        outside_c[:] = [d.outside_c for d in drives if d.outside_c is not None]
    below_c = np.maximum(COLD_BELOW_C - outside_c, 0.0)
    above_c = np.maximum(outside_c - HOT_ABOVE_C, 0.0)
    return _Shape(below_c, above_c, has_warmth)


def _without_outliers(
    km: FloatArray, wh_per_km: FloatArray, shape: _Shape
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Three figures, and which drives they rest on.

    A long drive is nearer to the fit than a short one, by the root of its length.
    """
    figures = shape.fit(km, wh_per_km)
    for _ in range(_MOST_ROUNDS):  # towards the least sum of distances
        residual = np.abs(wh_per_km - shape.line(figures)) * np.sqrt(km)
        least = LEAST_SPREAD_FRACTION * wh_per_km.mean() * np.sqrt(km)
        figures = shape.fit(km / np.maximum(residual, least), wh_per_km)
    is_kept = np.zeros(km.size, dtype=np.bool_)
    for _ in range(_MOST_ROUNDS):
        residual = np.abs(wh_per_km - shape.line(figures)) * np.sqrt(km)
        spread = _DEVIATIONS_IN_MEDIAN * float(np.median(residual))
        least = LEAST_SPREAD_FRACTION * shape.line(figures) * np.sqrt(km)
        now = residual <= OUTLIER_SPREADS * np.maximum(spread, least)
        if np.array_equal(now, is_kept):
            break
        is_kept = now
        figures = shape.fit(km * is_kept, wh_per_km)
    return figures, is_kept


def _of_data_sheet(
    vehicle: Vehicle, drive_count: int, usable_count: int
) -> FittedConsumption:
    return FittedConsumption(
        consumption=published_consumption(vehicle),
        drive_count=0,
        drive_km=0.0,
        cold_count=0,
        hot_count=0,
        is_cold_fitted=False,
        is_hot_fitted=False,
        outliers=(),
        unusable_count=drive_count,
        spread_fraction=None,
        basis=f"the data sheet of {vehicle.name}, with published need of heat and "
        f"cold: {usable_count} drives can be used, {LEAST_DRIVES} are needed",
    )


def _words(shape: _Shape, count: int) -> str:
    if not shape.has_warmth:
        return f"the mean of {count} drives; too few tell the temperature outside"
    of_cold = "fitted" if shape.is_cold_fitted else "published"
    of_heat = "fitted" if shape.is_hot_fitted else "published"
    return f"{count} drives; need in the cold {of_cold}, in the heat {of_heat}"
