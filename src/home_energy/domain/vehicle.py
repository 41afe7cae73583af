"""A car with a battery, as its data sheet describes it."""

from dataclasses import dataclass

from home_energy.errors import DataError


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What a car can store and take.

    Parameters
    ----------
    name
        Model and variant.
    usable_kwh
        Between empty and full. [kWh, in the cells]
    single_phase_kw, three_phase_kw
        Greatest power of its own AC charger on one and on three phases. [kW, AC]
    wh_per_km
        What driving takes from the cells at mild temperatures. [Wh/km]
    warranty_years, warranty_km
        The battery's warranty ends with the first that is reached; `None` where the
        maker limits no such thing, or it is not known. [years], [km]
    warranted_capacity_fraction
        Share of the capacity that is warranted at the end; `None` where unknown.
    """

    name: str
    usable_kwh: float
    single_phase_kw: float
    three_phase_kw: float
    wh_per_km: float
    warranty_years: float | None = None
    warranty_km: float | None = None
    warranted_capacity_fraction: float | None = None

    def __post_init__(self) -> None:
        """Refuse a car that cannot be, with every fault at once."""
        needed = ("usable_kwh", "single_phase_kw", "three_phase_kw", "wh_per_km")
        optional = ("warranty_years", "warranty_km", "warranted_capacity_fraction")
        given = (*needed, *(n for n in optional if getattr(self, n) is not None))
        faults = [
            f"{name} must be more than 0, got {getattr(self, name)}"
            for name in given
            if not 0 < getattr(self, name) < float("inf")
        ]
        if faults:
            raise DataError(f"vehicle {self.name}: {'; '.join(faults)}")
