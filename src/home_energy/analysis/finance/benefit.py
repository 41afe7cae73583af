"""What a purchase saves in each year, split by what its price follows."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from home_energy.analysis.finance.assumptions import Assumptions
from home_energy.domain.series import FloatArray
from home_energy.errors import AlignmentError, DataError


@dataclass(frozen=True, slots=True, eq=False)
class YearlyBenefit:
    """What is saved in each year of the horizon, at prices of the day of installation.

    Wear is no part of it. It is a figure by which a strategy weighs a cycle; nobody
    pays it. What it stands for is counted where it is paid: in the purchase's price,
    in the capacity that fades from year to year, in the replacement and in what is
    left when the horizon ends. Counted here as well it would be paid twice.

    Parameters
    ----------
    import_avoided_aud
        Bought less than before, with what is charged by the highest power. [AUD]
    export_earned_aud
        Sold more than before; negative where less is. [AUD]
    fixed_avoided_aud
        Fixed charges less than before; negative where the new plan costs more. [AUD]
    other_avoided_aud
        Follows prices in general, such as charging a car elsewhere. [AUD]
    discharge_kwh
        What comes out of the battery; 0 without one. [kWh AC]

    Notes
    -----
    All are (Y,), or (N, Y) for N draws.

    Raises
    ------
    AlignmentError
        If shapes differ.
    DataError
        If a figure is missing or not finite.
    """

    import_avoided_aud: FloatArray
    export_earned_aud: FloatArray
    fixed_avoided_aud: FloatArray
    other_avoided_aud: FloatArray
    discharge_kwh: FloatArray

    def __post_init__(self) -> None:
        """Refuse figures that do not belong together."""
        shapes = {name: np.shape(getattr(self, name)) for name in _names(self)}
        if len(set(shapes.values())) > 1:
            raise AlignmentError(f"yearly benefit: shapes differ: {shapes}")
        bad = [n for n in shapes if not np.isfinite(getattr(self, n)).all()]
        if bad:
            raise DataError(
                f"yearly benefit: {', '.join(bad)} must be finite in every year; "
                f"leave no year without a figure"
            )

    @classmethod
    def steady(cls, years: int, **amounts: float) -> Self:
        """The same amounts every year; what is not named is 0."""
        every = {field.name: np.zeros(years) for field in fields(cls)}
        every |= {name: np.full(years, value) for name, value in amounts.items()}
        return cls(**every)

    @property
    def years(self) -> int:
        """Length of the horizon. (Y)"""
        return int(self.import_avoided_aud.shape[-1])

    def at(self, levels: "PriceLevels") -> FloatArray:
        """What is saved at the prices of each year. (..., Y) [AUD]"""
        total: FloatArray = (
            (self.import_avoided_aud + self.fixed_avoided_aud) * levels.bought
            + self.export_earned_aud * levels.sold
            + self.other_avoided_aud * levels.general
        )
        return total


@dataclass(frozen=True, slots=True, eq=False)
class PriceLevels:
    """Prices at the end of each year, as multiples of those of installation.

    Parameters
    ----------
    bought, sold, general
        Of what the grid sells and charges, of what it buys, and of all else. Each
        (Y,), or (N, Y) for N draws.
    """

    bought: FloatArray
    sold: FloatArray
    general: FloatArray


def price_levels(assumptions: Assumptions) -> PriceLevels:
    """Price levels of steady growth. (Y,)"""
    year = np.arange(1, assumptions.horizon_years + 1, dtype=np.float64)
    return PriceLevels(
        bought=(1 + assumptions.import_price_growth_fraction_per_year) ** year,
        sold=(1 - assumptions.feed_in_decline_fraction_per_year) ** year,
        general=(1 + assumptions.prices_growth_fraction_per_year) ** year,
    )


def benefit_between(
    simulated_at: FloatArray, simulated: YearlyBenefit, wanted_at: FloatArray
) -> YearlyBenefit:
    """Benefit of years that were not simulated, on lines between those that were.

    The line is off by no more than an eighth of the squared distance of its ends times
    the greatest curvature between them. What the exact dispatch saves is concave in the
    capacity, so its lines come out a little low, never high; a rule's may do either.

    Parameters
    ----------
    simulated_at
        Capacity fractions, or years, at which years were simulated; any order. (K,)
    simulated
        What each of them saves. (K,)
    wanted_at
        Of each year of the horizon. (Y,) or (N, Y)

    Raises
    ------
    AlignmentError
        If there is not one benefit for each simulated year.
    DataError
        If something lies outside what was simulated, or a point is there twice.
    """
    order = np.argsort(simulated_at)
    knots = simulated_at[order]
    if simulated.import_avoided_aud.shape != knots.shape:
        raise AlignmentError(
            f"{knots.size} points were simulated, and benefits have the shape "
            f"{simulated.import_avoided_aud.shape}"
        )
    if knots.size == 0 or (np.diff(knots) <= 0).any():
        raise DataError(f"simulated points must differ, got {knots}; drop the double")
    lowest, highest = float(np.min(wanted_at)), float(np.max(wanted_at))
    if lowest < knots[0] - 1e-9 or highest > knots[-1] + 1e-9:
        raise DataError(
            f"benefit is wanted between {lowest:g} and {highest:g}, but was simulated "
            f"between {knots[0]:g} and {knots[-1]:g} only; simulate both ends"
        )
    return YearlyBenefit(
        **{
            name: np.interp(wanted_at, knots, getattr(simulated, name)[order])
            for name in _names(simulated)
        }
    )


def _names(benefit: YearlyBenefit) -> tuple[str, ...]:
    return tuple(field.name for field in fields(benefit))
