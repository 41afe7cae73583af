"""A car, its charger, and what the household allows them."""

from dataclasses import dataclass
from enum import StrEnum

from home_energy.domain.charger import Charger
from home_energy.domain.vehicle import Vehicle
from home_energy.errors import DataError


class Discharge(StrEnum):
    """What the car's energy may be used for besides driving."""

    NONE = "none"
    V2H = "v2h"
    V2G = "v2g"


@dataclass(frozen=True, slots=True)
class CarAtHome:
    """A car on its charger.

    Parameters
    ----------
    vehicle, charger
        The pair.
    discharge
        `v2h`: it serves what the sun leaves of the home's load, and never exports.
        `v2g`: it exports too.
    floor_fraction
        Share of the usable energy that no plan touches, not for a trip either: what
        is kept for the way that nobody foresaw.
    limit_fraction
        Share of the usable energy at which charging ends.
    wear_c_per_kwh
        Cost of a kWh that leaves the cells for the home or the grid; driving is the
        car's purpose, and its wear the same whatever is charged when. [c/kWh]
    """

    vehicle: Vehicle
    charger: Charger
    discharge: Discharge = Discharge.NONE
    floor_fraction: float = 0.1
    limit_fraction: float = 1.0
    wear_c_per_kwh: float = 0.0

    def __post_init__(self) -> None:
        """Refuse levels that cross, and a charger that cannot do what is asked."""
        faults = []
        if not 0 <= self.floor_fraction < self.limit_fraction <= 1:
            faults.append(
                "expected 0 <= floor_fraction < limit_fraction <= 1, got "
                f"{self.floor_fraction} and {self.limit_fraction}"
            )
        if not 0 <= self.wear_c_per_kwh < float("inf"):
            faults.append(
                f"wear_c_per_kwh must be 0 or more, got {self.wear_c_per_kwh}"
            )
        if self.discharge is not Discharge.NONE and not self.charger.discharge_kw:
            faults.append(
                f"{self.discharge.value} with the charger {self.charger.name}, which "
                "only charges; choose one that discharges"
            )
        if self.charger.least_kw > self.charge_kw:
            faults.append(
                f"the charger {self.charger.name} gives no less than "
                f"{self.charger.least_kw} kW, the car takes no more than "
                f"{self.charge_kw} kW"
            )
        if faults:
            raise DataError(f"car {self.vehicle.name}: {'; '.join(faults)}")

    @property
    def capacity_kwh(self) -> float:
        """Between floor and limit: what plans work with. [kWh, in the cells]"""
        return self.vehicle.usable_kwh * (self.limit_fraction - self.floor_fraction)

    @property
    def charge_kw(self) -> float:
        """Greatest power into the car. [kW, AC]"""
        if self.charger.is_dc:
            return self.charger.charge_kw
        one_phase = self.charger.phases == 1
        own = self.vehicle.single_phase_kw if one_phase else self.vehicle.three_phase_kw
        return min(self.charger.charge_kw, own)

    @property
    def discharge_kw(self) -> float:
        """Greatest power out of the car, 0 if that is not allowed. [kW, AC]"""
        return 0.0 if self.discharge is Discharge.NONE else self.charger.discharge_kw

    def above_floor_kwh(self, level_fraction: float) -> float:
        """Stored energy of a level, counted from the floor up, within the limits."""
        counted = (level_fraction - self.floor_fraction) * self.vehicle.usable_kwh
        return min(max(counted, 0.0), self.capacity_kwh)
