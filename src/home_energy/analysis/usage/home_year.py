"""The home of a scenario before anything is added: its load and its present solar."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from home_energy.analysis.solar.rebuilt_load import rebuilt_load
from home_energy.analysis.usage.period_inputs import PeriodInputs
from home_energy.domain.meter_day import Flow
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.series import EnergySeries, FloatArray
from home_energy.domain.time_grid import TimeGrid


@dataclass(frozen=True, slots=True, eq=False)
class HomeYear:
    """What the house used and what it made already, on one axis of T intervals.

    Parameters
    ----------
    load_kwh
        What the house used on the general register's side. (T,)
    solar_kwh
        What its present panels gave, zeros without any. (T,)
    metered
        What went through the meter: the energy of the baseline's bill.
    note
        How load and solar were found.
    """

    load_kwh: FloatArray
    solar_kwh: FloatArray
    metered: MeteredEnergy
    note: str

    @property
    def grid(self) -> TimeGrid:
        """Axis of T intervals."""
        return self.metered.grid

    def at_step(self, step: timedelta) -> "HomeYear":
        """The same home in longer or shorter intervals; see `EnergySeries`."""
        if step == self.grid.step:
            return self
        load, solar = (
            EnergySeries(self.grid, kwh).at_step(step).kwh
            for kwh in (self.load_kwh, self.solar_kwh)
        )
        return HomeYear(load, solar, self.metered.at_step(step), self.note)


def home_year(inputs: PeriodInputs) -> HomeYear:
    """Find load and present solar behind the meter.

    With a register of load and of generation these are what they say. With one of
    generation alone the load is rebuilt from import, generation and export. Without,
    a home that exports has solar of which only the surplus is seen: what it imports
    stands for the load and what it exports for the solar. A battery sees the same, for
    within an interval only their difference matters; self-consumption cannot be told
    then.

    Raises
    ------
    DataError
        If import, export and generation contradict each other.
    """
    source = inputs.recorded if inputs.moved is None else inputs.moved.energy
    metered = inputs.energy
    load, generation = (source.flows.get(flow) for flow in (Flow.LOAD, Flow.GENERATION))
    if load is not None and generation is not None:
        return HomeYear(
            load.kwh,
            generation.kwh,
            metered,
            "load and present solar are metered each by itself",
        )
    if generation is not None:
        rebuilt = rebuilt_load(metered, EnergySeries(metered.grid, generation.kwh))
        return HomeYear(
            rebuilt.load.kwh,
            generation.kwh,
            metered,
            "the load is import and generation less export; these contradict each "
            f"other in {rebuilt.impossible_count} intervals, by "
            f"{rebuilt.impossible_kwh:.2f} kWh in all",
        )
    if np.any(metered.feed_in_kwh > 0):
        return HomeYear(
            metered.general_kwh,
            metered.feed_in_kwh,
            metered,
            "of present solar only what was exported is known: import stands for the "
            "load and export for the solar, which is exact for a battery, but not for "
            "shares of self-consumption",
        )
    return HomeYear(
        metered.general_kwh,
        np.zeros(metered.grid.count),
        metered,
        "the home has no solar: what it bought is its load",
    )
