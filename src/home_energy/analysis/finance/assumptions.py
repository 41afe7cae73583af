"""By what a purchase is judged: how long, at which rates, in which dollars."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from home_energy.analysis.finance.loan import Loan
from home_energy.analysis.sourced_figures import Figure
from home_energy.domain.series import FloatArray
from home_energy.errors import ConfigError, DataError
from home_energy.toml_faults import read_toml, suggestion

SHIPPED = Path(__file__).with_name("assumptions.toml")


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What nobody knows and every measure needs.

    Money moves at the end of a year; year 0 is the day of installation. Benefits and
    running costs are given in dollars and at prices of that day, and carried from there
    to the end of each year.

    Parameters
    ----------
    horizon_years
        How many years are looked at. (Y)
    is_real
        True: money in dollars of the day of installation, and every rate is beyond
        inflation. False: in dollars of each year, rates as a bank says them.
    discount_fraction_per_year
        What the money would earn elsewhere.
    inflation_fraction_per_year
        Always nominal.
    import_price_growth_fraction_per_year
        Of what is bought from the grid and of fixed charges.
    feed_in_decline_fraction_per_year
        By how much the price of what is sold falls; below 0 where it grows.
    battery_fade_fraction_per_year, solar_fade_fraction_per_year
        Share of the capacity when new that is lost, the same every year.
    loan
        `None` where all is paid at once. Its rate is always nominal.

    Raises
    ------
    DataError
        With every fault at once.
    """

    horizon_years: int
    is_real: bool
    discount_fraction_per_year: float
    inflation_fraction_per_year: float
    import_price_growth_fraction_per_year: float
    feed_in_decline_fraction_per_year: float
    battery_fade_fraction_per_year: float
    solar_fade_fraction_per_year: float
    loan: Loan | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        faults = [
            f"{name} must be {said}, got {value}"
            for name, value, is_right, said in self._rules()
            if not is_right
        ]
        if faults:
            raise DataError(f"assumptions: {'; '.join(faults)}; correct them")

    def as_real(self) -> "Assumptions":
        """The same world in dollars of the day of installation."""
        return self if self.is_real else self._by(1 + self.inflation_fraction_per_year)

    def as_nominal(self) -> "Assumptions":
        """The same world in dollars of each year."""
        if not self.is_real:
            return self
        return self._by(1 / (1 + self.inflation_fraction_per_year))

    @property
    def prices_growth_fraction_per_year(self) -> float:
        """Growth of prices in general in these dollars: inflation, or 0 if real."""
        return 0.0 if self.is_real else self.inflation_fraction_per_year

    @property
    def nominal_deflator(self) -> FloatArray:
        """What a bank's dollar at the end of each year is in these. (Y+1,)"""
        year = np.arange(self.horizon_years + 1)
        return (
            (1 + self.inflation_fraction_per_year) ** -year.astype(float)
            if self.is_real
            else np.ones(year.size)
        )

    @property
    def discount_factors(self) -> FloatArray:
        """What a dollar at the end of each year is worth in year 0. (Y+1,)"""
        return discount_factors(self.discount_fraction_per_year, self.horizon_years)

    @property
    def battery_capacity_fraction(self) -> FloatArray:
        """Of new, in the middle of each year from the first. (Y,)"""
        return self._capacity(self.battery_fade_fraction_per_year)

    @property
    def solar_capacity_fraction(self) -> FloatArray:
        """Of new, in the middle of each year from the first. (Y,)"""
        return self._capacity(self.solar_fade_fraction_per_year)

    def _capacity(self, fade_fraction_per_year: float) -> FloatArray:
        years = np.arange(self.horizon_years) + 0.5
        left: FloatArray = np.maximum(1 - years * fade_fraction_per_year, 0.0)
        return left

    def _by(self, divisor: float) -> "Assumptions":
        """Every growth divided, so that 1 + nominal = (1 + real) (1 + inflation)."""
        return replace(
            self,
            is_real=not self.is_real,
            discount_fraction_per_year=(1 + self.discount_fraction_per_year) / divisor
            - 1,
            import_price_growth_fraction_per_year=(
                1 + self.import_price_growth_fraction_per_year
            )
            / divisor
            - 1,
            feed_in_decline_fraction_per_year=1
            - (1 - self.feed_in_decline_fraction_per_year) / divisor,
        )

    def _rules(self) -> Iterator[tuple[str, float, bool, str]]:
        years = self.horizon_years
        yield "horizon_years", years, 1 <= years <= 50, "1 to 50"
        for name in (
            "discount_fraction_per_year",
            "inflation_fraction_per_year",
            "import_price_growth_fraction_per_year",
            "feed_in_decline_fraction_per_year",
        ):
            value = getattr(self, name)
            yield name, value, -0.5 < value < 0.5, "between -0.5 and 0.5"
        for name in ("battery_fade_fraction_per_year", "solar_fade_fraction_per_year"):
            value = getattr(self, name)
            yield name, value, 0 <= value < 1, "0 or more, below 1"


def discount_factors(
    discount_fraction_per_year: float | FloatArray, horizon_years: int
) -> FloatArray:
    """What a dollar at the end of each year is worth in year 0.

    Parameters
    ----------
    discount_fraction_per_year
        One, or one for each draw. (), (N,)

    Returns
    -------
    FloatArray
        (Y+1,) or (N, Y+1).
    """
    growth = 1 + np.asarray(discount_fraction_per_year, dtype=np.float64)[..., None]
    factors: FloatArray = growth ** -np.arange(horizon_years + 1, dtype=np.float64)
    return factors


@cache
def shipped_assumptions() -> Mapping[str, Figure]:
    """Every default with its source and date, by the names of `Assumptions`; real."""
    tree = read_toml(SHIPPED, "install the program again")
    return {name: Figure.model_validate(figure) for name, figure in tree.items()}


def assumptions_with(own: Mapping[str, Any]) -> Assumptions:
    """The defaults, with the household's own in their place.

    Parameters
    ----------
    own
        By the names of `Assumptions`. With `is_real` false its rates are nominal, and
        so are then the defaults beside them.

    Raises
    ------
    ConfigError
        If a name is unknown.
    DataError
        If a figure is impossible.
    """
    names = [field.name for field in fields(Assumptions)]
    unknown = [name for name in own if name not in names]
    if unknown:
        near = suggestion(unknown[0], names)
        raise ConfigError(f"assumptions: {unknown[0]} is no assumption{near}")
    figures: dict[str, Any] = {
        name: figure.value for name, figure in shipped_assumptions().items()
    }
    figures["horizon_years"] = int(figures["horizon_years"])
    inflation = own.get("inflation_fraction_per_year")
    if inflation is not None:
        figures["inflation_fraction_per_year"] = inflation
    base = Assumptions(is_real=True, **figures)
    if not own.get("is_real", True):
        base = base.as_nominal()
    return replace(base, **own)
