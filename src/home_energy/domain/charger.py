"""What a car is plugged into at home."""

from dataclasses import dataclass
from typing import Literal

from home_energy.errors import DataError

LEAST_CURRENT_A = 6.0
"""No car charges at less (IEC 61851-1)."""

PHASE_V = 230.0
"""Between a phase and neutral."""


@dataclass(frozen=True, slots=True)
class Charger:
    """A charger on the wall. Powers are on the AC side.

    Parameters
    ----------
    name
        Product, or what the household calls it.
    phases
        How many it uses.
    charge_kw
        Greatest power into the car. [kW, AC]
    charge_efficiency_fraction
        From AC into the car's cells.
    discharge_kw
        Greatest power out of the car; 0 where it charges only. [kW, AC]
    discharge_efficiency_fraction
        From the cells to AC; `None` where it charges only.
    least_charge_kw
        Below it charging stops; `None` is `LEAST_CURRENT_A` on every phase. [kW, AC]
    standby_kw
        Drawn all the time. [kW, AC]
    is_dc
        Whether it feeds the cells directly, past the car's own charger, whose power is
        then no limit.
    """

    name: str
    phases: Literal[1, 3]
    charge_kw: float
    charge_efficiency_fraction: float
    discharge_kw: float = 0.0
    discharge_efficiency_fraction: float | None = None
    least_charge_kw: float | None = None
    standby_kw: float = 0.0
    is_dc: bool = False

    def __post_init__(self) -> None:
        """Refuse a charger that cannot be, with every fault at once."""
        discharge_fraction = self.discharge_efficiency_fraction
        rules = [
            ("phases", self.phases in (1, 3), "1 or 3"),
            ("charge_kw", 0 < self.charge_kw < float("inf"), "more than 0"),
            (
                "charge_efficiency_fraction",
                0 < self.charge_efficiency_fraction <= 1,
                "over 0 and at most 1",
            ),
            ("discharge_kw", 0 <= self.discharge_kw < float("inf"), "0 or more"),
            (
                "discharge_efficiency_fraction",
                0 < discharge_fraction <= 1
                if discharge_fraction is not None
                else not self.discharge_kw,
                "over 0 and at most 1 where it discharges",
            ),
            (
                "least_charge_kw",
                0 <= self.least_kw <= self.charge_kw,
                "0 or more, and no more than charge_kw",
            ),
            ("standby_kw", 0 <= self.standby_kw < float("inf"), "0 or more"),
        ]
        faults = [
            f"{name} must be {said}, got {getattr(self, name)}"
            for name, is_right, said in rules
            if not is_right
        ]
        if faults:
            raise DataError(f"charger {self.name}: {'; '.join(faults)}")

    @property
    def least_kw(self) -> float:
        """Below it charging stops. [kW, AC]"""
        if self.least_charge_kw is not None:
            return self.least_charge_kw
        return LEAST_CURRENT_A * PHASE_V * self.phases / 1000
