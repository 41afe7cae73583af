"""Amber's own usage rows, recomputed from the price record.

A usage row says how much energy, at what price, what it cost. The price on record is
from another answer of Amber's, and the rebuilt price from a formula: three ways to the
same cost, so an error in any of them shows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np

from home_energy.analysis.tariffs.amber_coefficients import AmberFit
from home_energy.domain.meter import MeterReading
from home_energy.domain.price import Channel, Quality
from home_energy.domain.price_rows import IntArray, PriceRows, place_prices
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid, floor_to_step

COST_HALF_UNIT_C = 5e-5
"""Amber rounds a cost to four decimals of a cent. [c]"""

PRICE_HALF_UNIT_C_PER_KWH = 5e-6
"""Amber rounds a price to five decimals of a cent. [c/kWh]"""

FIVE_MINUTES = timedelta(minutes=5)


class Misfit(StrEnum):
    """Why a usage row does not fit."""

    NO_PRICE = "no price on record and none could be rebuilt"
    ESTIMATE = "the row is an estimate and differs from the final price"
    NO_COST = "the row tells no cost"
    OWN_COST_DIFFERS = "kWh x the row's own price is not the row's cost"
    PRICE_DIFFERS = "the price on record is not the row's own price"
    REBUILT_DIFFERS = "no price on record, and the rebuilt one is not the row's own"
    COST_DIFFERS = "kWh x price is not the row's cost, and the row tells no price"


@dataclass(frozen=True, slots=True)
class ReconciledRow:
    """One usage row beside what we make of it.

    Parameters
    ----------
    stated_c
        Cost, on `feed_in` the earning, as the row says; `None` where it does not. [c]
    recorded_c_per_kwh, rebuilt_c_per_kwh
        Final price on record, and the price that the fit makes of the spot price;
        `None` where there is none. [c/kWh]
    recomputed_c
        ``kWh x recorded price``, where none is on record ``kWh x rebuilt price``. [c]
    residual_c
        Recomputed less stated. [c]
    tolerance_c
        What rounding of cost and price can explain. [c]
    misfit
        Why it does not fit, `None` if it does.
    """

    channel: Channel
    register: str
    start: datetime
    duration_minutes: int
    kwh: float
    stated_c: float | None
    own_c_per_kwh: float | None
    recorded_c_per_kwh: float | None
    rebuilt_c_per_kwh: float | None
    recomputed_c: float | None
    residual_c: float | None
    tolerance_c: float
    misfit: Misfit | None


@dataclass(frozen=True, slots=True)
class ChannelReconciliation:
    """All usage rows of one channel.

    Parameters
    ----------
    row_count, fitting_count
        Rows, and those whose cost is reproduced within rounding.
    from_rebuilt_count
        Rows that had no recorded price and took the rebuilt one.
    stated_c, recomputed_c
        Sums over the rows that have both. [c]
    largest_residual_c
        Greatest difference of a row that has both. [c]
    rebuilt_count, rebuilt_c, rebuilt_stated_c, largest_rebuilt_residual_c
        The same by the rebuilt price alone, over the rows that it reaches.
    """

    channel: Channel
    row_count: int
    fitting_count: int
    from_rebuilt_count: int
    stated_c: float
    recomputed_c: float
    largest_residual_c: float
    rebuilt_count: int
    rebuilt_c: float
    rebuilt_stated_c: float
    largest_rebuilt_residual_c: float


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Every usage row on record against the price record.

    Parameters
    ----------
    channels
        In order of `Channel`; those with rows.
    misfits
        Rows that do not fit, in order of time, each with its reason.
    """

    channels: tuple[ChannelReconciliation, ...]
    misfits: tuple[ReconciledRow, ...]

    @property
    def row_count(self) -> int:
        """Usage rows looked at."""
        return sum(channel.row_count for channel in self.channels)

    @property
    def fitting_count(self) -> int:
        """Usage rows whose cost is reproduced within rounding."""
        return sum(channel.fitting_count for channel in self.channels)


def reconcile(
    readings: Sequence[MeterReading],
    prices: Mapping[Channel, PriceRows],
    fit: AmberFit | None,
) -> Reconciliation:
    """Recompute the cost of Amber's usage rows from the prices on record.

    Parameters
    ----------
    readings
        Amber's usage rows.
    prices
        Final and other prices on record; only final ones are used.
    fit
        For a second price from each interval's spot price; `None` leaves it out.
    """
    channels = []
    misfits: list[ReconciledRow] = []
    for channel in Channel:
        mine = [reading for reading in readings if reading.channel is channel]
        if not mine:
            continue
        rows = prices.get(channel, PriceRows.of(channel, ()))
        recorded, spot = _prices_of(mine, rows)
        rebuilt = np.full(len(mine), np.nan)
        if fit is not None:
            slope, constant = fit.coefficients(channel, _starts_s(mine))
            rebuilt = slope * spot + constant
        done = [
            _reconciled(reading, _known(price), _known(second))
            for reading, price, second in zip(mine, recorded, rebuilt, strict=True)
        ]
        channels.append(_summed(channel, done))
        misfits += [row for row in done if row.misfit is not None]
    misfits.sort(key=lambda row: (row.start, row.channel))
    return Reconciliation(tuple(channels), tuple(misfits))


def _prices_of(
    readings: Sequence[MeterReading], rows: PriceRows
) -> tuple[FloatArray, FloatArray]:
    """Final price and spot price of each reading's interval, NaN without one. (N,)

    A row of the same interval stands first, then what the record tells of its time.
    """
    final = rows.only(rows.quality == Quality.ACTUAL)
    keys = list(
        zip(final.start_s.tolist(), final.duration_minutes.tolist(), strict=True)
    )
    place = {key: i for i, key in enumerate(keys)}
    found = np.array(
        [
            place.get((int(reading.start.timestamp()), reading.duration_minutes), -1)
            for reading in readings
        ],
        dtype=np.int64,
    )
    price = np.full(found.size, np.nan)
    spot = np.full(found.size, np.nan)
    price[found >= 0] = final.c_per_kwh[found[found >= 0]]
    spot[found >= 0] = final.spot_c_per_kwh[found[found >= 0]]
    others = np.flatnonzero(found < 0).tolist()
    if others and len(final):
        price[others], spot[others] = _by_time([readings[i] for i in others], final)
    return price, spot


def _by_time(
    readings: Sequence[MeterReading], final: PriceRows
) -> tuple[FloatArray, FloatArray]:
    """Mean of the prices, and of the spot prices, in each reading's time. (N,)"""
    start = floor_to_step(min(reading.start for reading in readings), FIVE_MINUTES)
    end = floor_to_step(
        max(reading.end for reading in readings) + FIVE_MINUTES, FIVE_MINUTES
    )
    grid = TimeGrid.between(start, end, FIVE_MINUTES)
    spot_rows = PriceRows(
        final.channel,
        final.start_s,
        final.duration_minutes,
        final.spot_c_per_kwh,
        final.spot_c_per_kwh,
        final.quality,
        final.context,
        final.contexts,
    )
    price = place_prices(final, grid).c_per_kwh
    spot = place_prices(spot_rows, grid).c_per_kwh
    spans = [
        slice(grid.index(reading.start), grid.index(reading.end - FIVE_MINUTES) + 1)
        for reading in readings
    ]
    return (
        np.array([price[span].mean() for span in spans]),
        np.array([spot[span].mean() for span in spans]),
    )


def _reconciled(
    reading: MeterReading, recorded: float | None, rebuilt: float | None
) -> ReconciledRow:
    used = rebuilt if recorded is None else recorded
    stated_c = None if reading.amount_aud is None else reading.amount_aud * 100
    recomputed_c = None if used is None else reading.kwh * used
    residual_c = None
    if stated_c is not None and recomputed_c is not None:
        residual_c = recomputed_c - stated_c
    tolerance_c = COST_HALF_UNIT_C + reading.kwh * PRICE_HALF_UNIT_C_PER_KWH
    if recorded is None:  # spot and rebuilt price each bring a rounding of their own
        tolerance_c += 2 * reading.kwh * PRICE_HALF_UNIT_C_PER_KWH
    tolerance_c += 1e-9  # of binary fractions
    return ReconciledRow(
        channel=reading.channel,
        register=reading.register,
        start=reading.start,
        duration_minutes=reading.duration_minutes,
        kwh=reading.kwh,
        stated_c=stated_c,
        own_c_per_kwh=reading.c_per_kwh,
        recorded_c_per_kwh=recorded,
        rebuilt_c_per_kwh=rebuilt,
        recomputed_c=recomputed_c,
        residual_c=residual_c,
        tolerance_c=tolerance_c,
        misfit=_misfit(reading, recorded, residual_c, tolerance_c),
    )


def _misfit(
    reading: MeterReading,
    recorded: float | None,
    residual_c: float | None,
    tolerance_c: float,
) -> Misfit | None:
    if residual_c is None:
        return Misfit.NO_COST if reading.amount_aud is None else Misfit.NO_PRICE
    if abs(residual_c) <= tolerance_c:
        return None
    if reading.quality < Quality.ACTUAL:
        return Misfit.ESTIMATE
    if reading.c_per_kwh is None or reading.amount_aud is None:
        return Misfit.COST_DIFFERS
    own_residual_c = reading.kwh * reading.c_per_kwh - reading.amount_aud * 100
    if abs(own_residual_c) > tolerance_c:
        return Misfit.OWN_COST_DIFFERS
    return Misfit.REBUILT_DIFFERS if recorded is None else Misfit.PRICE_DIFFERS


def _summed(channel: Channel, rows: Sequence[ReconciledRow]) -> ChannelReconciliation:
    both = [row for row in rows if row.residual_c is not None]
    second = [
        (row.kwh * row.rebuilt_c_per_kwh, row.stated_c)
        for row in rows
        if row.rebuilt_c_per_kwh is not None and row.stated_c is not None
    ]
    return ChannelReconciliation(
        channel=channel,
        row_count=len(rows),
        fitting_count=sum(row.misfit is None for row in rows),
        from_rebuilt_count=sum(row.recorded_c_per_kwh is None for row in both),
        stated_c=sum(row.stated_c or 0.0 for row in both),
        recomputed_c=sum(row.recomputed_c or 0.0 for row in both),
        largest_residual_c=max(
            (abs(row.residual_c or 0.0) for row in both), default=0.0
        ),
        rebuilt_count=len(second),
        rebuilt_c=sum(rebuilt for rebuilt, _ in second),
        rebuilt_stated_c=sum(stated for _, stated in second),
        largest_rebuilt_residual_c=max(
            (abs(rebuilt - stated) for rebuilt, stated in second), default=0.0
        ),
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _starts_s(readings: Sequence[MeterReading]) -> IntArray:
    starts = [int(reading.start.timestamp()) for reading in readings]
    return np.array(starts, dtype=np.int64)
