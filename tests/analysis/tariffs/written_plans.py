"""Plans written out for tests, and the axes they are billed on."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.domain.bill import Bill
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.time_grid import TimeGrid, nem_day_start

SYDNEY = ZoneInfo("Australia/Sydney")
HALF_HOUR = timedelta(minutes=30)
FIVE_MINUTES = timedelta(minutes=5)

PERIOD = """
[[period]]
from = 2024-01-01
source = "made up for a test"
"""

FLAT = """
[[period.usage]]
name = "Anytime"
c_per_kwh = 30
"""

PEAK_EVERY_DAY = """
[[period.usage]]
name = "Peak"
hours = ["15:00-21:00"]
c_per_kwh = 60
[[period.usage]]
name = "Off-peak"
c_per_kwh = 20
"""

PEAK_ON_WEEKDAYS = """
[[period.usage]]
name = "Peak"
days = ["weekday"]
hours = ["15:00-21:00"]
c_per_kwh = 60
[[period.usage]]
name = "Off-peak"
c_per_kwh = 20
"""

SUPPLY = """
[[period.fixed]]
name = "Supply"
c_per_day = 100
"""


def plan_of(parts: str, head: str = "") -> Plan:
    """Plan from the parts of its only period, beginning in 2024."""
    text = f'name = "test"\ntitle = "A test"\n{head}\n{PERIOD}\n{parts}'
    return Plan.model_validate(tomllib.loads(text))


def tariff_of(parts: str, head: str = "") -> PlanTariff:
    """Tariff from the parts of a plan's only period."""
    return PlanTariff(plan_of(parts, head))


def utc(text: str) -> datetime:
    """`2025-01-06 04:00` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local_days(
    first: date, stop: date, step: timedelta = HALF_HOUR, zone: ZoneInfo = SYDNEY
) -> TimeGrid:
    """Axis from the first local day up to, not including, the last."""
    start, end = (
        datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, stop)
    )
    return TimeGrid.between(start, end, step)


def meter_days(first: date, stop: date, step: timedelta = HALF_HOUR) -> TimeGrid:
    """Axis from the first day of the meter up to, not including, the last."""
    return TimeGrid.between(nem_day_start(first), nem_day_start(stop), step)


def steady(
    grid: TimeGrid, general_kwh: float = 0.0, feed_in_kwh: float = 0.0
) -> MeteredEnergy:
    """The same energy in every interval."""
    return MeteredEnergy(
        grid, np.full(grid.count, general_kwh), np.full(grid.count, feed_in_kwh)
    )


def used_at(grid: TimeGrid, kwh_at: dict[str, float]) -> MeteredEnergy:
    """Bought energy at some instants, named in UTC, and else none."""
    kwh = np.zeros(grid.count)
    for text, amount in kwh_at.items():
        kwh[grid.index(utc(text))] = amount
    return MeteredEnergy(grid, kwh, np.zeros(grid.count))


def amounts(bill: Bill) -> dict[str, float]:
    """What each line of a bill comes to, by its label, to a hundredth of a cent."""
    found: dict[str, float] = {}
    for line in bill.lines:
        found[line.label] = round(found.get(line.label, 0.0) + line.amount_aud, 4)
    return found
