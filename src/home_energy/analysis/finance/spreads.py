"""How far off the assumptions may be: kept with sources, beside the assumptions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from home_energy.analysis.finance.assumptions import Assumptions
from home_energy.analysis.sourced_figures import Figure
from home_energy.errors import DataError
from home_energy.toml_faults import read_toml

SHIPPED = Path(__file__).with_name("doubt.toml")

LEAST_LEFT_FRACTION = 0.02
"""Capacity at which ageing ends in a draw: what is left then does next to nothing."""


@dataclass(frozen=True, slots=True)
class Spreads:
    """By how much draws differ from the assumptions; all 0 and ageing 1 is no doubt.

    Parameters
    ----------
    import_price_growth_spread_fraction_per_year
        Standard deviation of the growth of what is bought, the same for all years.
    import_price_swing_fraction
        Standard deviation of a single year around that growth.
    feed_in_growth_spread_fraction_per_year, feed_in_swing_fraction
        The same of what is sold.
    swing_carried_fraction
        How much of a year's swing is left in the next.
    swing_shared_fraction
        Correlation of the two swings.
    least_ageing, likeliest_ageing, most_ageing
        How many times as fast as assumed devices age: a triangle over these.
    discount_swing_fraction, discount_carried_fraction
        Standard deviation of a single year's discount rate, and how much of it is left
        in the next.

    Raises
    ------
    DataError
        With every fault at once.
    """

    import_price_growth_spread_fraction_per_year: float
    import_price_swing_fraction: float
    feed_in_growth_spread_fraction_per_year: float
    feed_in_swing_fraction: float
    swing_carried_fraction: float
    swing_shared_fraction: float
    least_ageing: float
    likeliest_ageing: float
    most_ageing: float
    discount_swing_fraction: float
    discount_carried_fraction: float

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        faults = list(self._faults())
        if faults:
            raise DataError(f"spreads: {'; '.join(faults)}; correct them")

    def furthest_years(self, assumptions: Assumptions) -> float:
        """Age that devices reach in the worst draw, at the assumed fade. [years]

        Not beyond the age at which `LEAST_LEFT_FRACTION` is left of the one that fades
        faster, unless the assumptions themselves go there.
        """
        last_years = assumptions.horizon_years - 0.5
        fade = max(
            assumptions.battery_fade_fraction_per_year,
            assumptions.solar_fade_fraction_per_year,
        )
        if fade == 0:
            return last_years
        worn_years = (1 - LEAST_LEFT_FRACTION) / fade
        return max(last_years, min(last_years * self.most_ageing, worn_years))

    def _faults(self) -> Iterator[str]:
        for name in self.__slots__:
            value = getattr(self, name)
            is_share = name.endswith(("carried_fraction", "shared_fraction"))
            if not 0 <= value < (1 if is_share else 5):
                yield f"{name} must be 0 or more and below {1 if is_share else 5}"
        ageing = (self.least_ageing, self.likeliest_ageing, self.most_ageing)
        if list(ageing) != sorted(ageing):
            yield f"least, likeliest and most ageing must rise, got {ageing}"


@cache
def shipped_spreads() -> Spreads:
    """Return what this program takes for likely."""
    return Spreads(**{name: one.value for name, one in spread_figures().items()})


@cache
def spread_figures() -> Mapping[str, Figure]:
    """Every spread with its source and date, by the names of `Spreads`."""
    tree = read_toml(SHIPPED, "install the program again")
    return {name: Figure.model_validate(figure) for name, figure in tree.items()}
