"""Recorded prices of one channel as arrays, and how they lie on a regular axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import gcd

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.price import Channel, Price, PriceContext, Quality
from home_energy.domain.series import FloatArray, PriceSeries
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class PriceRows:
    """Recorded prices of one channel: the same as `Price`, for years of rows.

    Parameters
    ----------
    channel
        On `feed_in` a price is positive when the household is paid.
    start_s
        Start of each interval, in seconds since 1970. (N,) [UTC]
    duration_minutes
        (N,) [minutes]
    c_per_kwh
        (N,) [c/kWh]
    spot_c_per_kwh
        Wholesale part, with GST; NaN where the source did not give it. (N,) [c/kWh]
    quality
        Numbers of `Quality`. (N,)
    context
        Place of each row's context in `contexts`. (N,)
    contexts
        What the retailer said around the prices.
    """

    channel: Channel
    start_s: IntArray
    duration_minutes: IntArray
    c_per_kwh: FloatArray
    spot_c_per_kwh: FloatArray
    quality: IntArray
    context: IntArray
    contexts: tuple[PriceContext, ...]

    @classmethod
    def of(cls, channel: Channel, prices: Sequence[Price]) -> "PriceRows":
        """Rows of those prices that are of one channel, in the order given."""
        mine = [price for price in prices if price.channel is channel]
        contexts = tuple(dict.fromkeys(price.context for price in mine))
        number = {context: i for i, context in enumerate(contexts)}
        spots = [price.spot_c_per_kwh for price in mine]
        return cls(
            channel=channel,
            start_s=_integers([int(price.start.timestamp()) for price in mine]),
            duration_minutes=_integers([price.duration_minutes for price in mine]),
            c_per_kwh=np.array([price.c_per_kwh for price in mine], dtype=np.float64),
            spot_c_per_kwh=np.array(spots, dtype=np.float64),  # None becomes NaN
            quality=_integers([int(price.quality) for price in mine]),
            context=_integers([number[price.context] for price in mine]),
            contexts=contexts,
        )

    def __len__(self) -> int:
        """Number of rows."""
        return int(self.start_s.size)

    @property
    def end_s(self) -> IntArray:
        """First second after each interval. (N,) [UTC]"""
        return self.start_s + self.duration_minutes * 60

    def only(self, which: NDArray[np.bool_]) -> "PriceRows":
        """Rows for which `which` holds. (N,)"""
        return PriceRows(
            self.channel,
            self.start_s[which],
            self.duration_minutes[which],
            self.c_per_kwh[which],
            self.spot_c_per_kwh[which],
            self.quality[which],
            self.context[which],
            self.contexts,
        )


def place_prices(
    rows: PriceRows, grid: TimeGrid, least_quality: Quality = Quality.ACTUAL
) -> PriceSeries:
    """Prices on an axis; what no row tells is missing.

    A longer interval than the axis has holds its price in each of its parts. A longer
    interval of the axis has the mean of its parts. Where rows share time the surer
    one stands, and of two equally sure the shorter.

    Parameters
    ----------
    least_quality
        Rows less sure than this are left out.

    Raises
    ------
    AlignmentError
        If a row does not begin and end where intervals of the axis, or parts of them
        as long as the shortest row, do.
    """
    start_s, end_s = int(grid.start.timestamp()), int(grid.end.timestamp())
    rows = rows.only(
        (rows.quality >= least_quality)
        & (rows.end_s > start_s)
        & (rows.start_s < end_s)
    )
    step_s = int(grid.step.total_seconds())
    durations_s = np.unique(rows.duration_minutes) * 60
    part_s = gcd(step_s, *durations_s.tolist())
    off_axis = (rows.start_s - start_s) % part_s != 0
    if np.any(off_axis):
        raise AlignmentError(
            f"a price that begins {int(rows.start_s[off_axis][0])} s after 1970 does "
            f"not fall on the axis {grid}"
        )
    values = np.full((end_s - start_s) // part_s, np.nan)
    first = (rows.start_s - start_s) // part_s
    for quality in np.unique(rows.quality):  # what is placed later stands
        for duration_s in durations_s[::-1]:
            which = (rows.quality == quality) & (
                rows.duration_minutes * 60 == duration_s
            )
            places = first[which, None] + np.arange(duration_s // part_s)
            told = np.broadcast_to(rows.c_per_kwh[which, None], places.shape)
            is_inside = (places >= 0) & (places < values.size)
            values[places[is_inside]] = told[is_inside]
    parts = TimeGrid(grid.start, timedelta(seconds=part_s), values.size)
    return PriceSeries(parts, values).at_step(grid.step)


def _integers(values: Sequence[int]) -> IntArray:
    return np.array(values, dtype=np.int64)
