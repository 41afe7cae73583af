"""How a run uses a battery up: cycles, fade, and when the warranty ends."""

from dataclasses import dataclass
from enum import StrEnum

from home_energy.domain.battery import Battery
from home_energy.domain.dispatch import Dispatch

HOURS_PER_YEAR = 8766.0
"""365.25 days."""


class WarrantyEnd(StrEnum):
    """What ends a warranty first."""

    YEARS = "years"
    THROUGHPUT = "throughput"


@dataclass(frozen=True, slots=True)
class Warranty:
    """When a warranty ends at a pace of use.

    Parameters
    ----------
    years
        From new. [years]
    ended_by
        What is reached first.
    years_to_throughput
        When the throughput would be reached were there no limit of years; `None`
        where none is warranted. [years]
    """

    years: float
    ended_by: WarrantyEnd
    years_to_throughput: float | None


@dataclass(frozen=True, slots=True)
class BatteryUse:
    """What a run did with its battery, by the year.

    Parameters
    ----------
    throughput_kwh_per_year
        What came out of it. [kWh per year, AC]
    full_cycles_per_year
        What came out of the cells, in full usable capacities.
    calendar_fade_fraction_per_year, cycle_fade_fraction_per_year
        Share of the capacity when new that a year like this one takes.
    warranty
        `None` where the maker limits nothing that is known.
    """

    throughput_kwh_per_year: float
    full_cycles_per_year: float
    calendar_fade_fraction_per_year: float
    cycle_fade_fraction_per_year: float
    warranty: Warranty | None

    def capacity_left_fraction(self, years: float) -> float:
        """Share of the capacity when new that is left after years like this one.

        Fade by time and by cycles are added, each at its constant pace. No less
        than 0.
        """
        fade = self.calendar_fade_fraction_per_year + self.cycle_fade_fraction_per_year
        return max(1 - years * fade, 0.0)


def battery_use(flows: Dispatch, battery: Battery) -> BatteryUse:
    """What a run does to its battery, scaled to a year of 365.25 days."""
    hours = flows.grid.count * flows.grid.step.total_seconds() / 3600
    per_year = HOURS_PER_YEAR / hours if hours else 0.0
    throughput = float(flows.discharge_kwh.sum()) * per_year
    from_cells = throughput / battery.discharge_efficiency_fraction
    cycles = from_cells / battery.usable_kwh
    return BatteryUse(
        throughput_kwh_per_year=throughput,
        full_cycles_per_year=cycles,
        calendar_fade_fraction_per_year=battery.calendar_fade_fraction_per_year,
        cycle_fade_fraction_per_year=cycles * battery.cycle_fade_fraction_per_cycle,
        warranty=warranty_at(battery, throughput),
    )


def warranty_at(battery: Battery, throughput_kwh_per_year: float) -> Warranty | None:
    """When the warranty ends: by years or by throughput, whichever comes first.

    Parameters
    ----------
    throughput_kwh_per_year
        What comes out of it. [kWh per year, AC]
    """
    limit = battery.warranty_throughput_kwh
    by_throughput = None
    if limit is not None and throughput_kwh_per_year > 0:
        by_throughput = limit / throughput_kwh_per_year
    by_years = battery.warranty_years
    if by_throughput is not None and (by_years is None or by_throughput < by_years):
        return Warranty(by_throughput, WarrantyEnd.THROUGHPUT, by_throughput)
    if by_years is not None:
        return Warranty(by_years, WarrantyEnd.YEARS, by_throughput)
    return None
