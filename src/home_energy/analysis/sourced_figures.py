"""Products by name whose figures each have a source; what is unknown is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from home_energy.errors import ConfigError
from home_energy.toml_faults import read_toml, suggestion

OWN = "of one's own"
"""Name of what is described by own figures alone."""


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


class SourcedProduct(BaseModel):
    """A product as its sources describe it; what none says is `None`.

    Parameters
    ----------
    name
        As its maker calls it.
    note
        What figures cannot say.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    note: str = ""

    @property
    def figures(self) -> dict[str, Figure]:
        """What is known, by key."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return {
            key: found for key, found in values.items() if isinstance(found, Figure)
        }


@dataclass(frozen=True, slots=True)
class Asking:
    """How a fault speaks of what is looked for.

    Parameters
    ----------
    kind
        One word, such as `battery`.
    block
        Where a scenario gives its figures, such as `[battery]`.
    papers
        What such a figure is read from.
    """

    kind: str
    block: str
    papers: str


Kind = TypeVar("Kind", bound=SourcedProduct)


def read_products(path: Path, model: type[Kind]) -> dict[str, Kind]:
    """Every product of a catalogue by the name that a scenario writes."""
    tree = read_toml(path, "install the program again")
    return {name: model.model_validate(product) for name, product in tree.items()}


def product_named(product: str, products: Mapping[str, Kind], asking: Asking) -> Kind:
    """Return a product of the catalogue.

    Raises
    ------
    ConfigError
        If it is not there; with the nearest name.
    """
    if product not in products:
        raise ConfigError(
            f"no {asking.kind} is called {product!r}; leave product out and give its "
            f"figures under {asking.block}, or take a known one"
            f"{suggestion(product, products)}"
        )
    return products[product]


def refuse_gaps(
    name: str,
    known: Mapping[str, object],
    needed: Mapping[str, str],
    asking: Asking,
) -> None:
    """Refuse a product without a figure that a run needs.

    Parameters
    ----------
    name
        Of the product; `OWN` for one outside the catalogue.
    known
        Figures by key.
    needed
        An example for every key that must be known.

    Raises
    ------
    ConfigError
        With all that is lacking.
    """
    lacking = [key for key in needed if key not in known]
    if lacking:
        why = "is not given" if name == OWN else "is known from no source"
        raise ConfigError(
            f"{asking.kind} {name}: {', '.join(lacking)} {why}, and a run needs it; "
            f"read it from {asking.papers} and give it under {asking.block}, such as "
            f"{lacking[0]} = {needed[lacking[0]]}"
        )
