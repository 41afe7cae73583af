"""Energy that demand charges measure: from the meter, else from live power."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from home_energy.analysis.running_costs.costed_home import CostedHome
from home_energy.analysis.running_costs.demand_times import DemandTimes
from home_energy.analysis.running_costs.grid_power import grid_watts_on
from home_energy.analysis.running_costs.kept import LONGEST, Kept
from home_energy.analysis.tariffs.plan import DemandCharge
from home_energy.analysis.usage.recorded_energy import read_recorded_energy
from home_energy.domain.power import FIVE_MINUTES
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid, floor_to_step, nem_date
from home_energy.errors import ConfigError, DataError

_WH_PER_KWH = 1000
_HOURS = FIVE_MINUTES / timedelta(hours=1)
_kept: Kept[tuple[FloatArray, ...]] = Kept()


def read_kwh(
    home: CostedHome, measured: Sequence[DemandTimes], now: datetime
) -> list[FloatArray]:
    """Energy of every finished five minutes of each charge's axis; NaN where unknown.

    The meter's usage stands before live power. What lies before the hour is read once
    in it.
    """
    hour = floor_to_step(now, LONGEST)
    earlier = _kept.of(
        home,
        now,
        nem_date(now),
        lambda: tuple(
            _read(home, one, _cut(one.grid, one.grid.start, hour)) for one in measured
        ),
    )
    found = []
    for one, known in zip(measured, earlier, strict=True):
        rest = _cut(one.grid, hour, floor_to_step(now, FIVE_MINUTES))
        kwh = np.full(one.grid.count, np.nan)
        kwh[: known.size] = known
        kwh[known.size :][: rest.count] = _from_power(home, one.charge, rest)
        found.append(kwh)
    return found


def flow_kw(watts: FloatArray | float, charge: DemandCharge) -> FloatArray:
    """What a charge measures of a power of the grid: bought, or sold. [kW]"""
    direction = 1 if charge.channel == "general" else -1
    return np.asarray(np.maximum(direction * np.asarray(watts), 0.0) / _WH_PER_KWH)


def _cut(grid: TimeGrid, start: datetime, end: datetime) -> TimeGrid:
    """The part of an axis between two of its instants."""
    first, stop = max(start, grid.start), min(end, grid.end)
    return TimeGrid.between(first, max(stop, first), grid.step)


def _read(home: CostedHome, times: DemandTimes, grid: TimeGrid) -> FloatArray:
    """Energy from the meter, and where it does not tell, from live power.

    Power is read within windows only: a season of it takes a second.
    """
    if grid.count == 0:
        return np.empty(0)
    kwh = np.array(_from_meter(home, times.charge, grid))
    for first, stop in zip(times.window_starts, times.window_ends, strict=True):
        told = kwh[first:stop]
        is_missing = np.isnan(told)
        if is_missing.any():
            window = TimeGrid(times.at(first), grid.step, told.size)
            power = _from_power(home, times.charge, window)
            told[is_missing] = power[is_missing]
    return kwh


def _from_meter(home: CostedHome, charge: DemandCharge, grid: TimeGrid) -> FloatArray:
    try:
        energy = read_recorded_energy(home.store, home.on_record, grid).metered
    except (ConfigError, DataError):  # no usage, or of several meters: the bill says so
        return np.full(grid.count, np.nan)
    if charge.channel == "general":
        return energy.general_kwh
    # A home without a register of feed-in sells nothing, as far as its usage is known.
    return np.where(np.isnan(energy.general_kwh), np.nan, energy.feed_in_kwh)


def _from_power(home: CostedHome, charge: DemandCharge, grid: TimeGrid) -> FloatArray:
    if grid.count == 0 or not home.has_grid_power:
        return np.full(grid.count, np.nan)
    means = home.store.power.between(grid.start, grid.end)
    return flow_kw(grid_watts_on(means, home.rule, grid), charge) * _HOURS
