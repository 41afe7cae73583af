"""What one day costs, or has cost so far."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from home_energy.analysis.billing.fixed_charges import fixed_charges_aud
from home_energy.analysis.running_costs.costed_home import CostedHome
from home_energy.analysis.running_costs.local_day import (
    DAY,
    local_day,
    local_day_so_far,
)
from home_energy.analysis.running_costs.measured_cost import measured_cost
from home_energy.analysis.running_costs.metered_cost import metered_cost
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.domain.power import FIVE_MINUTES
from home_energy.domain.time_grid import TimeGrid

WHOLE_FRACTION = 0.95
"""A day that is over counts as measured from so much of it on."""

_AMBER = frozenset({"amber"})


class CostSource(StrEnum):
    """What a day's energy is known from."""

    POWER = "live power"
    USAGE = "Amber usage"
    METER = "meter data"


@dataclass(frozen=True, slots=True)
class DayCost:
    """Cost of one day, as far as it is known.

    Parameters
    ----------
    day
        On the home's clock.
    cost_aud
        Energy of the known part, and the day's fixed charges; `None` where nothing
        of the day is known. [AUD]
    energy_aud
        What was bought less what was sold, in the known part; `None` where nothing
        of the day is known. [AUD]
    supply_aud
        Fixed charges of the whole day, owed as soon as it begins. [AUD]
    import_kwh, export_kwh
        Energy of the known part. [kWh]
    known_seconds
        Time for which both energy and its price are known. [s]
    passed_seconds
        Time of the day that is over. [s]
    source
        What the energy is known from.
    """

    day: date
    cost_aud: float | None
    energy_aud: float | None
    supply_aud: float
    import_kwh: float
    export_kwh: float
    known_seconds: float
    passed_seconds: float
    source: CostSource = CostSource.POWER

    @property
    def known_fraction(self) -> float:
        """Share of the passed time that is known, 0 to 1; 0 before any is over."""
        if not self.passed_seconds:
            return 0.0
        return self.known_seconds / self.passed_seconds


def today_cost(home: CostedHome, now: datetime) -> DayCost | None:
    """Cost of the day of the home's clock, as far as power tells it.

    Parameters
    ----------
    now
        Trusted time; five minutes that are not over do not count. [aware UTC]

    Returns
    -------
    DayCost or None
        `None` where the sources that were set up do not tell the grid.

    Raises
    ------
    DataError
        If the day is before the tariff.
    """
    if not home.has_grid_power:
        return None
    day, grid = local_day_so_far(now, home.settings.home.zone)
    return _measured(home, day, grid)


def yesterday_cost(home: CostedHome, now: datetime) -> DayCost | None:
    """Cost of the day before: from usage, else from power where nearly all is known.

    Returns
    -------
    DayCost or None
        `None` where it is known neither way, or is before the tariff.

    Raises
    ------
    ConfigError
        As `metered_cost`.
    """
    zone = home.settings.home.zone
    day = now.astimezone(zone).date() - DAY
    if day < home.plan.period[0].start:
        return None
    grid = local_day(day, zone)
    metered = _metered(home, day, grid)
    if metered is not None or not home.has_grid_power:
        return metered
    measured = _measured(home, day, grid)
    return measured if measured.known_fraction >= WHOLE_FRACTION else None


def _metered(home: CostedHome, day: date, grid: TimeGrid) -> DayCost | None:
    found = metered_cost(home, grid)
    if found is None or not found.is_known.all():
        return None
    energy_aud = float(found.aud.sum())
    supply_aud = fixed_charges_aud(PlanTariff(home.plan), day, day)
    seconds = (grid.end - grid.start).total_seconds()
    return DayCost(
        day=day,
        cost_aud=energy_aud + supply_aud,
        energy_aud=energy_aud,
        supply_aud=supply_aud,
        import_kwh=float(found.import_kwh.sum()),
        export_kwh=float(found.export_kwh.sum()),
        known_seconds=seconds,
        passed_seconds=seconds,
        source=CostSource.USAGE if found.sources == _AMBER else CostSource.METER,
    )


def _measured(home: CostedHome, day: date, grid: TimeGrid) -> DayCost:
    found = measured_cost(home, grid)
    energy_aud = found.energy_aud if found.is_known.any() else None
    supply_aud = fixed_charges_aud(PlanTariff(home.plan), day, day)
    return DayCost(
        day=day,
        cost_aud=None if energy_aud is None else energy_aud + supply_aud,
        energy_aud=energy_aud,
        supply_aud=supply_aud,
        import_kwh=found.import_kwh,
        export_kwh=found.export_kwh,
        known_seconds=found.known_seconds,
        passed_seconds=grid.count * FIVE_MINUTES.total_seconds(),
    )
