"""What driving takes from the cells, by the temperature outside."""

from dataclasses import dataclass

from home_energy.domain.vehicle import Vehicle
from home_energy.errors import DataError

COLD_BELOW_C = 15.0
HOT_ABOVE_C = 20.0
"""Between these nothing is heated or cooled (the source below)."""

PUBLISHED_COLD_FRACTION_PER_C = 0.0098
PUBLISHED_HOT_FRACTION_PER_C = 0.0063
"""More for each degree below and above. PyPSA-Eur, default configuration, section
`sector`: EV_lower_degree_factor 0.98 and EV_upper_degree_factor 0.63 percent,
transport_heating_deadband 15 to 20 °C, read 2026-11-22."""


@dataclass(frozen=True, slots=True)
class Consumption:
    """``km x (mild + cold x degrees below + hot x degrees above)``.

    Parameters
    ----------
    mild_wh_per_km
        Where nothing is heated or cooled. [Wh/km]
    cold_wh_per_km_per_c, hot_wh_per_km_per_c
        More for each degree below `cold_below_c`, above `hot_above_c`. [Wh/km/K]
    cold_below_c, hot_above_c
        [degrees Celsius]
    """

    mild_wh_per_km: float
    cold_wh_per_km_per_c: float = 0.0
    hot_wh_per_km_per_c: float = 0.0
    cold_below_c: float = COLD_BELOW_C
    hot_above_c: float = HOT_ABOVE_C

    def __post_init__(self) -> None:
        """Refuse driving that gives energy."""
        faults = []
        if not 0 < self.mild_wh_per_km < float("inf"):
            faults.append(f"mild_wh_per_km must be over 0, got {self.mild_wh_per_km}")
        faults += [
            f"{name} must be 0 or more, got {getattr(self, name)}"
            for name in ("cold_wh_per_km_per_c", "hot_wh_per_km_per_c")
            if not 0 <= getattr(self, name) < float("inf")
        ]
        if not self.cold_below_c <= self.hot_above_c:
            faults.append(
                f"cold_below_c {self.cold_below_c} is above hot_above_c "
                f"{self.hot_above_c}"
            )
        if faults:
            raise DataError(f"consumption: {'; '.join(faults)}")

    def wh_per_km(self, outside_c: float | None) -> float:
        """At a temperature outside; mild where it is not known. [Wh/km]"""
        if outside_c is None:
            return self.mild_wh_per_km
        below_c = max(self.cold_below_c - outside_c, 0.0)
        above_c = max(outside_c - self.hot_above_c, 0.0)
        return (
            self.mild_wh_per_km
            + self.cold_wh_per_km_per_c * below_c
            + self.hot_wh_per_km_per_c * above_c
        )

    def energy_kwh(self, km: float, outside_c: float | None) -> float:
        """From the cells for a distance. [kWh]"""
        return km * self.wh_per_km(outside_c) / 1000


def published_consumption(vehicle: Vehicle) -> Consumption:
    """Of a car without history: its data sheet's, and a fleet's need of warmth."""
    mild = vehicle.wh_per_km
    return Consumption(
        mild, mild * PUBLISHED_COLD_FRACTION_PER_C, mild * PUBLISHED_HOT_FRACTION_PER_C
    )
