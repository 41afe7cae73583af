"""What solar and batteries cost where there is no quote: dated curves with sources."""

from datetime import date
from functools import cache
from math import isfinite
from pathlib import Path

from home_energy.analysis.finance.purchase import PartKind, PricedPart, Replacement
from home_energy.analysis.sourced_figures import Figure, SourcedProduct
from home_energy.errors import ConfigError, DataError
from home_energy.toml_faults import read_toml

SHIPPED = Path(__file__).with_name("cost_curves.toml")


class CostCurve(SourcedProduct):
    """A straight line of what is paid against size.

    Parameters
    ----------
    kind
        What it is for.
    size
        What size is counted in.
    fixed_aud
        Paid whatever the size; `None` is 0. [AUD]
    paid_aud_per_size
        After the incentives of its date. [AUD per size]
    incentives_aud_per_size
        What they took off. [AUD per size]
    """

    kind: PartKind
    size: str
    fixed_aud: Figure | None = None
    paid_aud_per_size: Figure
    incentives_aud_per_size: Figure

    @property
    def dated(self) -> date:
        """Of what is paid."""
        return self.paid_aud_per_size.date

    def price_aud(self, size: float) -> float:
        """Price before incentives. [AUD]

        Raises
        ------
        DataError
            If the size is not more than 0.
        """
        if not (isfinite(size) and size > 0):
            raise DataError(
                f"cost curve {self.name}: size must be more than 0 {self.size}, got "
                f"{size}; give the size of what is bought"
            )
        fixed = 0.0 if self.fixed_aud is None else self.fixed_aud.value
        each = self.paid_aud_per_size.value + self.incentives_aud_per_size.value
        return fixed + each * size

    def part(self, size: float, incentives_aud: float = 0.0) -> PricedPart:
        """A line of a purchase at this curve's price.

        Parameters
        ----------
        incentives_aud
            Of the day of installation. [AUD]
        """
        return PricedPart(
            kinds=(self.kind,),
            price_aud=self.price_aud(size),
            source=f"cost curve: {self.paid_aud_per_size.source}",
            dated=self.dated,
            incentives_aud=incentives_aud,
        )


class WornInverter(SourcedProduct):
    """What solar panels' inverter costs when it is worn out.

    Parameters
    ----------
    life_years
        From new to worn out. [years]
    price_aud
        Installed. [AUD]
    """

    life_years: Figure
    price_aud: Figure


@cache
def cost_curve(kind: PartKind) -> CostCurve:
    """Curve of a kind.

    Raises
    ------
    ConfigError
        If there is none.
    """
    tree = _shipped()
    if kind not in tree:
        raise ConfigError(
            f"no cost curve is known for {kind}; give the price of a quote instead"
        )
    return CostCurve.model_validate(tree[kind])


@cache
def worn_inverter() -> WornInverter:
    """Life and price of an inverter, with sources."""
    return WornInverter.model_validate(_shipped()["inverter"])


def inverter_replacement() -> Replacement:
    """Replacement of solar panels' inverter as sources have it."""
    found = worn_inverter()
    return Replacement(int(found.life_years.value), found.price_aud.value)


def _shipped() -> dict[str, object]:
    return read_toml(SHIPPED, "install the program again")
