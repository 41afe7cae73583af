"""A battery on the wall, as its data sheet describes it."""

from dataclasses import dataclass

from home_energy.errors import DataError


@dataclass(frozen=True, slots=True)
class Battery:
    """What a battery can do. Powers are on the AC side, energy is in the cells.

    Parameters
    ----------
    name
        Product, or what the household calls it.
    usable_kwh
        Between empty and full when new. [kWh]
    charge_kw, discharge_kw
        Greatest continuous power in and out. [kW, AC]
    charge_efficiency_fraction, discharge_efficiency_fraction
        From AC into the cells, and from the cells to AC; the round trip is their
        product.
    standby_kw
        Drawn from AC all the time by what belongs to it. [kW]
    reserve_fraction
        Share of the usable energy that is kept for a blackout.
    may_charge_from_grid, may_export
        What installation and contract allow.
    wear_c_per_kwh
        Cost of a kWh that goes into or comes out of the cells, each way. [c/kWh]
    calendar_fade_fraction_per_year, cycle_fade_fraction_per_cycle
        Share of the capacity when new that is lost to time, and to one full cycle of
        charging and discharging.
    warranty_years, warranty_throughput_kwh
        The warranty ends with the first that is reached; `None` where the maker
        limits no such thing. Throughput is what comes out of it. [years], [kWh]
    warranted_capacity_fraction
        Share of the capacity that is warranted at the end; `None` where unknown.
    """

    name: str
    usable_kwh: float
    charge_kw: float
    discharge_kw: float
    charge_efficiency_fraction: float
    discharge_efficiency_fraction: float
    standby_kw: float = 0.0
    reserve_fraction: float = 0.0
    may_charge_from_grid: bool = True
    may_export: bool = True
    wear_c_per_kwh: float = 0.0
    calendar_fade_fraction_per_year: float = 0.0
    cycle_fade_fraction_per_cycle: float = 0.0
    warranty_years: float | None = None
    warranty_throughput_kwh: float | None = None
    warranted_capacity_fraction: float | None = None

    def __post_init__(self) -> None:
        """Refuse a battery that cannot be, with every fault at once."""
        faults = [
            f"{name} must be {said}, got {value}"
            for name, value, is_right, said in self._rules()
            if not is_right
        ]
        if faults:
            raise DataError(f"battery {self.name}: {'; '.join(faults)}")

    @property
    def round_trip_fraction(self) -> float:
        """Share of what is charged that comes back, AC to AC."""
        return self.charge_efficiency_fraction * self.discharge_efficiency_fraction

    @property
    def workable_kwh(self) -> float:
        """Usable energy above the reserve. [kWh]"""
        return self.usable_kwh * (1 - self.reserve_fraction)

    def _rules(self) -> list[tuple[str, float, bool, str]]:
        positive = ("usable_kwh", "charge_kw", "discharge_kw")
        efficient = ("charge_efficiency_fraction", "discharge_efficiency_fraction")
        not_negative = (
            "standby_kw",
            "wear_c_per_kwh",
            "calendar_fade_fraction_per_year",
            "cycle_fade_fraction_per_cycle",
        )
        optional = (
            "warranty_years",
            "warranty_throughput_kwh",
            "warranted_capacity_fraction",
        )
        rules = []
        for name in (*positive, *(n for n in optional if getattr(self, n) is not None)):
            value = getattr(self, name)
            rules.append((name, value, 0 < value < float("inf"), "more than 0"))
        for name in efficient:
            value = getattr(self, name)
            rules.append((name, value, 0 < value <= 1, "over 0 and at most 1"))
        for name in not_negative:
            value = getattr(self, name)
            rules.append((name, value, 0 <= value < float("inf"), "0 or more"))
        value = self.reserve_fraction
        rules.append(("reserve_fraction", value, 0 <= value < 1, "0 or more, below 1"))
        return rules
