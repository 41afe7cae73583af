"""Straight lines through groups of (spot, price) rows."""

from dataclasses import dataclass

import numpy as np

from home_energy.domain.price_rows import IntArray
from home_energy.domain.series import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """``price = slope spot + constant`` for each of G groups.

    Parameters
    ----------
    slope
        NaN where the rows do not determine it. (G,)
    constant
        (G,) [c/kWh]
    residual
        Row less line, for each row. (N,) [c/kWh]
    """

    slope: FloatArray
    constant: FloatArray
    residual: FloatArray

    @property
    def largest_residual(self) -> float:
        """Greatest distance of a row from its line; NaN without lines. [c/kWh]"""
        return float(np.max(np.abs(self.residual), initial=0.0))


def fit_lines(
    spot: FloatArray, price: FloatArray, group: IntArray, *, one_slope: bool
) -> Lines:
    """Least squares.

    With the means of each group taken off, the slope is
    ``sum(dx dy) / sum(dx dx)``, over all rows or over each group's own.

    Parameters
    ----------
    spot, price
        (N,) [c/kWh]
    group
        Number of each row's group, 0 to G - 1. (N,)
    one_slope
        All groups share one slope, as they share one loss factor.
    """
    count = np.bincount(group)
    with np.errstate(invalid="ignore", divide="ignore"):
        spot_mean = np.bincount(group, spot) / count
        price_mean = np.bincount(group, price) / count
        dx, dy = spot - spot_mean[group], price - price_mean[group]
        above, below = np.bincount(group, dx * dy), np.bincount(group, dx * dx)
        if one_slope:
            slope = np.full(count.size, above.sum() / below.sum())
        else:
            slope = above / below
    constant = price_mean - slope * spot_mean
    return Lines(slope, constant, price - (slope[group] * spot + constant[group]))


def sturdy_lines(spot: FloatArray, price: FloatArray, group: IntArray) -> Lines:
    """Lines that a few wrong rows do not move, to find those rows by.

    The slope is the median over neighbouring rows of a group, each constant the
    median over its group.
    """
    order = np.argsort(group, kind="stable")
    dx, dy = np.diff(spot[order]), np.diff(price[order])
    is_pair = (np.diff(group[order]) == 0) & (np.abs(dx) > 0)
    # Far neighbours tell the slope better: rounding is the same for all.
    is_far = is_pair & (np.abs(dx) >= np.median(np.abs(dx[is_pair]), axis=0))
    slope = float(np.median(dy[is_far] / dx[is_far]))
    rest = price - slope * spot
    constant = np.array(
        [
            np.median(rest[group == number]) if np.any(group == number) else np.nan
            for number in range(int(group.max()) + 1)
        ]
    )
    return Lines(np.full(constant.size, slope), constant, rest - constant[group])
