"""Batteries by name, each figure with its source; what is unknown is asked for."""

from collections.abc import Mapping
from functools import cache
from math import sqrt
from pathlib import Path

from home_energy.analysis.sourced_figures import (
    OWN,
    Asking,
    Figure,
    SourcedProduct,
    product_named,
    read_products,
    refuse_gaps,
)
from home_energy.domain.battery import Battery

CATALOGUE = Path(__file__).with_name("batteries.toml")

_ASKING = Asking("battery", "[battery]", "your data sheet or installer's papers")
_NEEDED = {
    "usable_kwh": "13.5",
    "charge_kw": "5",
    "discharge_kw": "5",
    "charge_efficiency_fraction": "0.95",
    "discharge_efficiency_fraction": "0.95",
}


class Product(SourcedProduct):
    """A battery as its sources describe it; what none says is `None`.

    Parameters
    ----------
    round_trip_fraction
        AC to AC; each way is its square root, for sources give no more.
    others
        See `Battery`.
    """

    usable_kwh: Figure | None = None
    charge_kw: Figure | None = None
    discharge_kw: Figure | None = None
    round_trip_fraction: Figure | None = None
    standby_kw: Figure | None = None
    calendar_fade_fraction_per_year: Figure | None = None
    cycle_fade_fraction_per_cycle: Figure | None = None
    warranty_years: Figure | None = None
    warranty_throughput_kwh: Figure | None = None
    warranted_capacity_fraction: Figure | None = None


@cache
def catalogue() -> Mapping[str, Product]:
    """Every product by the name that a scenario writes."""
    return read_products(CATALOGUE, Product)


def battery_named(
    product: str | None, own_figures: Mapping[str, float | bool]
) -> Battery:
    """A battery of the catalogue, with figures of the household's own in its place.

    Parameters
    ----------
    product
        Name in the catalogue; `None` for one that is described by own figures alone.
    own_figures
        By the names of `Battery`; each stands before the catalogue's.

    Raises
    ------
    ConfigError
        If the product is not in the catalogue, or a figure that a run needs is
        unknown: all of them are named.
    DataError
        If figures are impossible.
    """
    name, known = _known(product)
    known |= own_figures
    refuse_gaps(name, known, _NEEDED, _ASKING)
    return Battery(name=name, **known)  # type: ignore[arg-type]


def _known(product: str | None) -> tuple[str, dict[str, float | bool]]:
    """Name and figures by the names of `Battery`."""
    if product is None:
        return OWN, {}
    found = product_named(product, catalogue(), _ASKING)
    known = {key: figure.value for key, figure in found.figures.items()}
    round_trip = known.pop("round_trip_fraction", None)
    if round_trip is not None:
        known["charge_efficiency_fraction"] = sqrt(round_trip)
        known["discharge_efficiency_fraction"] = sqrt(round_trip)
    return found.name, dict(known)
