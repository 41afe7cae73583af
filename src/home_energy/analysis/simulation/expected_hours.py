"""What a plan goes by: published prices, forecasts on record, then what is expected."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.forecaster import (
    EXPORT_PRICE,
    IMPORT_PRICE,
    LOAD,
    SOLAR,
    Past,
    look_ahead,
)
from home_energy.analysis.simulation.outlook import Forecasts, IssuedPrices
from home_energy.domain.series import FloatArray, read_only


class Horizon(NamedTuple):
    """Of a plan, in intervals of the axis."""

    between_plans: int
    fine: int  # the first so many steps are one interval each
    of_a_block: int  # each later step is so many
    steps: int

    @property
    def intervals(self) -> int:
        """Whole length."""
        return self.fine + (self.steps - self.fine) * self.of_a_block


class Issued(NamedTuple):
    """Forecasts on record, which go before what is expected."""

    known_from: NDArray[np.int64]  # (K,)
    of_a_price: int  # so many intervals have one price
    import_c_per_kwh: FloatArray  # (K, H), NaN where none was given
    export_c_per_kwh: FloatArray  # (K, H), as import
    load_kwh: FloatArray  # (K, N) of one interval each, N = 0 where none are told
    solar_kwh: FloatArray  # (K, N)


class Misses(NamedTuple):
    """By how much expectations missed what came, at some leads."""

    leads: NDArray[np.int64]  # (L,) intervals ahead
    errors: FloatArray  # (4, L) sums of absolute errors
    compared: NDArray[np.int64]  # (L,) how many


def issued_of(forecasts: Forecasts | IssuedPrices | None) -> Issued:
    """Arrays of one kind, so that the loops are compiled once."""
    known_from, of_a_price = np.empty(0, np.int64), 1
    buy = sell = load = solar = np.empty((0, 0))
    if forecasts is not None:
        known_from = np.array(forecasts.known_from)
        buy, sell = forecasts.import_c_per_kwh, forecasts.export_c_per_kwh
    if isinstance(forecasts, IssuedPrices):
        of_a_price = forecasts.of_a_price
        load = solar = np.empty((known_from.size, 0))
    elif forecasts is not None:
        load, solar = forecasts.load_kwh, forecasts.solar_kwh
    values = (read_only(np.ascontiguousarray(one)) for one in (buy, sell, load, solar))
    return Issued(known_from, of_a_price, *values)


def standby_of(problem: DispatchProblem) -> float:
    """What the home's devices draw in every interval. [kWh]"""
    standby_kw = 0.0 if problem.battery is None else problem.battery.standby_kw
    if problem.car is not None:
        standby_kw += problem.car.car.charger.standby_kw
    return standby_kw * problem.hours


def no_misses(leads: NDArray[np.int64]) -> Misses:
    """Nothing compared yet."""
    return Misses(leads, np.zeros((4, leads.size)), np.zeros(leads.size, np.int64))


@compiled
def newest_issue(issued: Issued, k: int, t: int) -> int:
    """Number of the newest forecast known at interval t, from k on; -1 before any."""
    while k + 1 < issued.known_from.size and issued.known_from[k + 1] <= t:
        k += 1
    return k


@compiled
def expect(past: Past, issued: Issued, k: int, start: int, ahead: FloatArray) -> int:
    """Fill `ahead` (4, H) with what a plan made at interval `start` goes by.

    Parameters
    ----------
    k
        The newest forecast on record, -1 for none.

    Returns
    -------
    int
        Of how many intervals no forecast on record told.
    """
    look_ahead(past, start, ahead)
    told = 0 if k < 0 else _tell(issued, k, start, ahead)
    return int(ahead.shape[1]) - told


@compiled
def _tell(issued: Issued, k: int, start: int, ahead: FloatArray) -> int:
    """Put an issued forecast over what is expected; how many prices it tells."""
    age = start - issued.known_from[k]
    column, rest = age // issued.of_a_price, age % issued.of_a_price
    told = i = 0
    while i < ahead.shape[1] and column < issued.import_c_per_kwh.shape[1]:
        buy = issued.import_c_per_kwh[k, column]
        sell = issued.export_c_per_kwh[k, column]
        end = min(i + issued.of_a_price - rest, ahead.shape[1])
        if not (np.isnan(buy) or np.isnan(sell)):
            ahead[IMPORT_PRICE, i:end] = buy
            ahead[EXPORT_PRICE, i:end] = sell
            told += end - i
        i, column, rest = end, column + 1, 0
    for i in range(min(issued.load_kwh.shape[1] - age, ahead.shape[1])):
        ahead[LOAD, i] = issued.load_kwh[k, age + i]
        ahead[SOLAR, i] = issued.solar_kwh[k, age + i]
    return told


@compiled
def compare(misses: Misses, past: Past, start: int, ahead: FloatArray) -> None:
    """Count by how much the expectation misses what came, where it came at all."""
    measured = past.measured
    for n in range(misses.leads.size):
        lead = misses.leads[n]
        if lead < ahead.shape[1] and start + lead < measured.shape[1]:
            misses.compared[n] += 1
            for row in range(4):
                missed = ahead[row, lead] - measured[row, start + lead]
                misses.errors[row, n] += abs(missed)
