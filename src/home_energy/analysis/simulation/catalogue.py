"""Batteries by name, each figure with its source; what is unknown is asked for."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from math import sqrt
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from home_energy.domain.battery import Battery
from home_energy.errors import ConfigError
from home_energy.toml_faults import read_toml, suggestion

CATALOGUE = Path(__file__).with_name("batteries.toml")

_NEEDED = (
    "usable_kwh",
    "charge_kw",
    "discharge_kw",
    "charge_efficiency_fraction",
    "discharge_efficiency_fraction",
)


class Figure(BaseModel):
    """One figure of a product.

    Parameters
    ----------
    value
        In the unit of its key.
    source
        Who says so.
    date
        Of the page where it bears one, else when it was read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float
    source: str = Field(min_length=1)
    date: date


class Product(BaseModel):
    """A battery as its sources describe it; what none says is `None`.

    Parameters
    ----------
    name
        As its maker calls it.
    note
        What figures cannot say.
    round_trip_fraction
        AC to AC; each way is its square root, for sources give no more.
    others
        See `Battery`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    note: str = ""
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

    @property
    def figures(self) -> dict[str, Figure]:
        """What is known, by key."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return {
            key: found for key, found in values.items() if isinstance(found, Figure)
        }


@cache
def catalogue() -> Mapping[str, Product]:
    """Every product by the name that a scenario writes."""
    tree = read_toml(CATALOGUE, "install the program again")
    return {name: Product.model_validate(product) for name, product in tree.items()}


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
    lacking = [key for key in _NEEDED if key not in known]
    if lacking:
        why = "is not given" if product is None else "is known from no source"
        raise ConfigError(
            f"battery {name}: {', '.join(lacking)} {why}, and a run needs it; read it "
            "from your data sheet or installer's papers and give it under [battery], "
            f"such as {lacking[0]} = {_example(lacking[0])}"
        )
    return Battery(name=name, **known)  # type: ignore[arg-type]


def _known(product: str | None) -> tuple[str, dict[str, float | bool]]:
    """Name and figures by the names of `Battery`."""
    if product is None:
        return "of one's own", {}
    products = catalogue()
    if product not in products:
        raise ConfigError(
            f"no battery is called {product!r}; leave product out and give its figures "
            f"under [battery], or take a known one{suggestion(product, products)}"
        )
    found = products[product]
    known = {key: figure.value for key, figure in found.figures.items()}
    round_trip = known.pop("round_trip_fraction", None)
    if round_trip is not None:
        known["charge_efficiency_fraction"] = sqrt(round_trip)
        known["discharge_efficiency_fraction"] = sqrt(round_trip)
    return found.name, dict(known)


def _example(key: str) -> str:
    return {"usable_kwh": "13.5"}.get(key, "0.95" if key.endswith("fraction") else "5")
