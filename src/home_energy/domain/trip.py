"""A time in which the car is not at home."""

from dataclasses import dataclass
from datetime import datetime

from home_energy.domain.time_grid import require_utc
from home_energy.errors import DataError

KNOWN_BEFOREHAND = -1
"""Number of the interval in which a trip became known, if before the first."""


@dataclass(frozen=True, slots=True, order=True)
class Trip:
    """From leaving home to being back.

    Parameters
    ----------
    depart, arrive
        [aware UTC]
    km
        Driven until it is back. [km]
    energy_kwh
        What all of it takes from the car's cells. [kWh]
    """

    depart: datetime
    arrive: datetime
    km: float
    energy_kwh: float

    def __post_init__(self) -> None:
        """Refuse a trip that cannot be."""
        require_utc(self.depart, "Trip.depart")
        require_utc(self.arrive, "Trip.arrive")
        if not self.depart < self.arrive:
            raise DataError(
                f"a trip from {self.depart} to {self.arrive}: expected to arrive after "
                "departing"
            )
        for name in ("km", "energy_kwh"):
            value = getattr(self, name)
            if not 0 <= value < float("inf"):
                raise DataError(
                    f"trip of {self.depart}: {name} must be 0 or more, got {value}"
                )
