"""Cars and chargers by name, and what a pair may do in Australia, with sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from home_energy.analysis.sourced_figures import (
    OWN,
    Asking,
    Figure,
    SourcedProduct,
    product_named,
    read_products,
    refuse_gaps,
)
from home_energy.domain.car_at_home import Discharge
from home_energy.domain.charger import Charger
from home_energy.domain.vehicle import Vehicle
from home_energy.toml_faults import read_toml

VEHICLES = Path(__file__).with_name("vehicles.toml")
CHARGERS = Path(__file__).with_name("chargers.toml")
FEASIBILITY = Path(__file__).with_name("feasibility.toml")

_VEHICLE = Asking("vehicle", "[car.vehicle]", "its data sheet")
_CHARGER = Asking("charger", "[car.charger]", "its data sheet")
_VEHICLE_NEEDED = {
    "usable_kwh": "60",
    "single_phase_kw": "7.4",
    "three_phase_kw": "11",
    "wh_per_km": "160",
}
_CHARGER_NEEDED = {
    "phases": "1",
    "charge_kw": "7.36",
    "charge_efficiency_fraction": "0.89",
}
_DISCHARGER_NEEDED = _CHARGER_NEEDED | {"discharge_efficiency_fraction": "0.93"}


class VehicleProduct(SourcedProduct):
    """A car as its sources describe it; what none says is `None`. See `Vehicle`."""

    usable_kwh: Figure | None = None
    single_phase_kw: Figure | None = None
    three_phase_kw: Figure | None = None
    wh_per_km: Figure | None = None
    warranty_years: Figure | None = None
    warranty_km: Figure | None = None
    warranted_capacity_fraction: Figure | None = None


class ChargerProduct(SourcedProduct):
    """A charger as its sources describe it; what none says is `None`.

    Parameters
    ----------
    round_trip_fraction
        AC to AC; each way is its square root, for sources give no more.
    price_aud
        Without its installation. No model reads it.
    is_dc
        See `Charger`.
    others
        See `Charger`.
    """

    phases: Figure | None = None
    charge_kw: Figure | None = None
    charge_efficiency_fraction: Figure | None = None
    discharge_kw: Figure | None = None
    discharge_efficiency_fraction: Figure | None = None
    round_trip_fraction: Figure | None = None
    least_charge_kw: Figure | None = None
    standby_kw: Figure | None = None
    price_aud: Figure | None = None
    is_dc: bool = False


class Status(StrEnum):
    """Whether a household in Australia can have it."""

    OFFERED = "offered"
    TRIAL = "trial"
    NOT_OFFERED = "not_offered"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Feasibility:
    """What is known of a car that discharges through a charger in Australia.

    Parameters
    ----------
    status
        Whether a household can have it.
    sentence
        What the status means here.
    standard, as_of, source
        What must be kept, when that was so, who says it; `None` for charging alone.
    approval
        Who must agree; `None` for charging alone.
    """

    status: Status
    sentence: str
    standard: str | None = None
    as_of: date | None = None
    source: str | None = None
    approval: str | None = None

    @property
    def is_hypothetical(self) -> bool:
        """Whether a result is of a thing that nobody is known to sell."""
        return self.status is not Status.OFFERED


class Pair(BaseModel):
    """An entry of `feasibility.toml`; no names are all of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    vehicles: frozenset[str] = frozenset()
    chargers: frozenset[str] = frozenset()
    discharge: frozenset[Discharge] = Field(min_length=1)
    status: Status
    standard: str | None = None
    as_of: date
    source: str = Field(min_length=1)
    sentence: str = Field(min_length=1)

    def covers(
        self, vehicle: str | None, charger: str | None, discharge: Discharge
    ) -> bool:
        """Whether the entry speaks of the pair."""
        return (
            discharge in self.discharge
            and (not self.vehicles or vehicle in self.vehicles)
            and (not self.chargers or charger in self.chargers)
        )

    @property
    def rank(self) -> tuple[bool, bool]:
        """The more of the pair it names, the more it weighs; the car before all."""
        return bool(self.vehicles), bool(self.chargers)


class Knowledge(BaseModel):
    """The whole of `feasibility.toml`.

    Parameters
    ----------
    searched
        When sources were looked for last.
    standard
        What every charger that feeds a home must keep.
    approval
        Who must agree, whatever the pair.
    pair
        What sources say.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    searched: date
    standard: str
    approval: str
    pair: tuple[Pair, ...]


@cache
def vehicles() -> Mapping[str, VehicleProduct]:
    """Every car by the name that a scenario writes."""
    return read_products(VEHICLES, VehicleProduct)


@cache
def chargers() -> Mapping[str, ChargerProduct]:
    """Every charger by the name that a scenario writes."""
    return read_products(CHARGERS, ChargerProduct)


@cache
def knowledge() -> Knowledge:
    """What sources say of cars that discharge."""
    return Knowledge.model_validate(read_toml(FEASIBILITY, "install the program again"))


def vehicle_named(product: str | None, own_figures: Mapping[str, float]) -> Vehicle:
    """A car of the catalogue, with figures of the household's own in its place.

    Parameters
    ----------
    product
        Name in the catalogue; `None` for one that is described by own figures alone.
    own_figures
        By the names of `Vehicle`; each stands before the catalogue's.

    Raises
    ------
    ConfigError
        If the product is not in the catalogue, or a figure that a run needs is
        unknown: all of them are named.
    DataError
        If figures are impossible.
    """
    name, known = OWN, dict[str, Any]()
    if product is not None:
        found = product_named(product, vehicles(), _VEHICLE)
        name = found.name
        known = {key: figure.value for key, figure in found.figures.items()}
    known |= own_figures
    refuse_gaps(name, known, _VEHICLE_NEEDED, _VEHICLE)
    return Vehicle(name=name, **known)


def charger_named(product: str | None, own_figures: Mapping[str, Any]) -> Charger:
    """A charger of the catalogue, with figures of the household's own in its place.

    Parameters
    ----------
    product
        Name in the catalogue; `None` for one that is described by own figures alone.
    own_figures
        By the names of `Charger`; each stands before the catalogue's.

    Raises
    ------
    ConfigError
        If the product is not in the catalogue, or a figure that a run needs is
        unknown: all of them are named.
    DataError
        If figures are impossible.
    """
    name, known = OWN, dict[str, Any]()
    if product is not None:
        found = product_named(product, chargers(), _CHARGER)
        name, known = found.name, _charger_figures(found)
    known |= own_figures
    discharges = known.get("discharge_kw", 0) > 0
    needed = _DISCHARGER_NEEDED if discharges else _CHARGER_NEEDED
    refuse_gaps(name, known, needed, _CHARGER)
    return Charger(name=name, **known)


def feasibility_of(
    vehicle: str | None, charger: str | None, discharge: Discharge
) -> Feasibility:
    """Tell whether a household in Australia can have a car that discharges.

    Parameters
    ----------
    vehicle, charger
        Names in the catalogue; `None` for one of own figures, of which no source can
        speak.
    discharge
        What is asked of the pair.
    """
    if discharge is Discharge.NONE:
        return Feasibility(Status.OFFERED, "Charging only: the car feeds nothing.")
    known = knowledge()
    found = [p for p in known.pair if p.covers(vehicle, charger, discharge)]
    if not found:
        return Feasibility(
            Status.UNKNOWN,
            "No source was found that says whether this car may discharge through "
            "this charger.",
            known.standard,
            known.searched,
            "none found",
            known.approval,
        )
    best = max(found, key=lambda pair: pair.rank)
    return Feasibility(
        best.status,
        best.sentence,
        best.standard or known.standard,
        best.as_of,
        best.source,
        known.approval,
    )


def _charger_figures(product: ChargerProduct) -> dict[str, Any]:
    """Figures by the names of `Charger`."""
    known: dict[str, Any] = {
        key: figure.value
        for key, figure in product.figures.items()
        if key not in ("price_aud", "round_trip_fraction")
    }
    known["is_dc"] = product.is_dc
    if product.phases is not None:
        known["phases"] = int(product.phases.value)
    if product.round_trip_fraction is not None:
        one_way = sqrt(product.round_trip_fraction.value)
        known["charge_efficiency_fraction"] = one_way
        known["discharge_efficiency_fraction"] = one_way
    return known
