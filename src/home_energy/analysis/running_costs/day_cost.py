"""What one day costs, or has cost so far."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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
        Energy of the known part, and the day's fixed charges; `None` where one of
        them is not known. [AUD]
    energy_aud
        What was bought less what was sold, in the known part; `None` where nothing
        of the day is known. [AUD]
    supply_aud
        Fixed charges of the whole day; `None` where the tariff cannot tell. [AUD]
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
    supply_aud: float | None
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
