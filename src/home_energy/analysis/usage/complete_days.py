"""Usage by whole days of the meter: nothing is filled, incomplete days are left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from itertools import pairwise

import numpy as np

from home_energy.analysis.usage.gap_rules import BoolArray
from home_energy.analysis.usage.home_on_record import home_on_record
from home_energy.analysis.usage.period_inputs import (
    BilledDays,
    PeriodInputs,
    read_amber_prices,
    read_spot,
)
from home_energy.analysis.usage.recorded_energy import read_recorded_energy
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.series import PriceSeries
from home_energy.settings import Settings
from home_energy.store import Store

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class CompleteDays:
    """What a bill of some days needs, and which of them can be billed.

    Parameters
    ----------
    inputs
        As recorded: what is missing is NaN.
    is_complete
        Whether every interval of every billed register is on record. (D,)
    """

    inputs: PeriodInputs
    is_complete: BoolArray

    @property
    def all_days(self) -> tuple[date, ...]:
        """Every day of the period, in order."""
        first = self.inputs.days.first
        return tuple(first + number * _DAY for number in range(self.is_complete.size))

    @property
    def days(self) -> tuple[date, ...]:
        """Complete days, in order."""
        told = zip(self.all_days, self.is_complete, strict=True)
        return tuple(day for day, is_complete in told if is_complete)

    def part(self, first: date, last: date) -> tuple[MeteredEnergy, PriceSeries]:
        """Energy and spot price from one day to another, both included."""
        grid = BilledDays(first, last).grid
        start = (grid.start - self.inputs.grid.start) // grid.step
        cut = slice(start, start + grid.count)
        energy = self.inputs.energy
        controlled = energy.controlled_load_kwh
        return (
            MeteredEnergy(
                grid,
                energy.general_kwh[cut],
                energy.feed_in_kwh[cut],
                None if controlled is None else controlled[cut],
            ),
            PriceSeries(grid, self.inputs.spot.c_per_kwh[cut]),
        )


def read_complete_days(
    store: Store, settings: Settings, days: BilledDays
) -> CompleteDays:
    """Read some days as they are on record.

    Raises
    ------
    DataError
        If there is no usage on record.
    ConfigError
        If the meaning of a register is open, or nothing says which meter is the home's.
    """
    home = home_on_record(store, settings)
    grid = days.grid
    recorded = read_recorded_energy(store, home, grid)
    is_known = np.ones(grid.count, dtype=bool)
    for record in recorded.billed_flows.values():
        is_known &= ~record.is_missing
    by_day = is_known.reshape(-1, _DAY // grid.step)
    is_complete = np.all(by_day, axis=1)
    is_billed = np.repeat(is_complete, by_day.shape[1])
    inputs = PeriodInputs(
        days=days,
        energy=recorded.metered,
        recorded=recorded,
        fills=(),
        moved=None,
        spot=read_spot(store, settings.home.region, grid),
        read_amber=cache(
            partial(read_amber_prices, store, home, settings, grid, is_billed)
        ),
    )
    return CompleteDays(inputs, is_complete)


def runs_of(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """First and last of each unbroken run of days that are in order."""
    breaks = [n for n, (one, two) in enumerate(pairwise(days)) if two - one > _DAY]
    edges = [-1, *breaks, len(days) - 1]
    for before, last in pairwise(edges):
        if before < last:
            yield days[before + 1], days[last]
