"""What chance decides about a purchase, drawn many times from a seed."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from home_energy.analysis.finance.assumptions import Assumptions
from home_energy.analysis.finance.benefit import PriceLevels, price_levels
from home_energy.analysis.finance.months_on_record import MonthsOnRecord
from home_energy.analysis.finance.spreads import Spreads
from home_energy.domain.series import FloatArray

DRAWS = 1000
SEED = 2026
"""Of every purchase: the same luck for all of them, so that they can be compared."""


@dataclass(frozen=True, slots=True)
class Chance:
    """How often is drawn, and from which seed.

    Parameters
    ----------
    draws
        (N)
    seed
        The same seed gives the same draws.
    """

    draws: int = DRAWS
    seed: int = SEED


USUAL = Chance()


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """N futures of Y years.

    Parameters
    ----------
    month_days
        Days of each month on record that a year is made of. (N, Y, M)
    levels
        Prices. (N, Y)
    ages
        Of the devices in the middle of each year, at the assumed fade. (N, Y) [years]
    factors
        What a dollar at the end of each year is worth in year 0. (N, Y+1)
    """

    month_days: FloatArray
    levels: PriceLevels
    ages: FloatArray
    factors: FloatArray


@lru_cache(maxsize=4)
def draw(
    months: MonthsOnRecord,
    assumptions: Assumptions,
    spreads: Spreads,
    chance: Chance = USUAL,
) -> Draws:
    """Draw futures. The last few are kept; they must not be changed.

    Nothing about the purchase is asked, so a dearer one meets the same futures. What is
    drawn for one thing does not depend on what is drawn for another: each has a stream
    of its own.
    """
    streams = np.random.SeedSequence(chance.seed).spawn(4)
    month, price, ageing, rate = (
        np.random.Generator(np.random.PCG64(stream)) for stream in streams
    )
    shape = (chance.draws, assumptions.horizon_years)
    donors = months.donors(month.random((*shape, len(months.slots))))
    drawn = Draws(
        month_days=months.days_of(donors),
        levels=_levels(price, shape, assumptions, spreads),
        ages=_ages(ageing, shape, assumptions, spreads),
        factors=_factors(rate, shape, assumptions, spreads),
    )
    for array in (drawn.month_days, drawn.ages, drawn.factors):
        array.flags.writeable = False
    return drawn


@lru_cache(maxsize=4)
def drawn_years(months: MonthsOnRecord, chance: Chance = USUAL) -> FloatArray:
    """Days of each month on record that one year is made of. (N, M) [days]"""
    stream = np.random.SeedSequence(chance.seed).spawn(1)[0]
    generator = np.random.Generator(np.random.PCG64(stream))
    found = months.days_of(
        months.donors(generator.random((chance.draws, len(months.slots))))
    )
    found.flags.writeable = False
    return found


def _levels(
    generator: np.random.Generator,
    shape: tuple[int, int],
    assumptions: Assumptions,
    spreads: Spreads,
) -> PriceLevels:
    """Prices whose mean over all draws is the one of the assumptions. (N, Y)"""
    steady = price_levels(assumptions)
    trends = generator.standard_normal((2, shape[0], 1))
    bought, own = generator.standard_normal((2, *shape))
    shared = spreads.swing_shared_fraction
    sold = shared * bought + np.sqrt(1 - shared**2) * own
    year = np.arange(1, shape[1] + 1, dtype=np.float64)

    def level(
        base: FloatArray, trend: FloatArray, swing: FloatArray, of: tuple[float, float]
    ) -> FloatArray:
        growth, single = of
        swings = _carried(swing, spreads.swing_carried_fraction)
        off = growth * year * trend + single * swings
        found: FloatArray = base * np.exp(off - ((growth * year) ** 2 + single**2) / 2)
        return found

    return PriceLevels(
        bought=level(
            steady.bought,
            trends[0],
            bought,
            (
                spreads.import_price_growth_spread_fraction_per_year,
                spreads.import_price_swing_fraction,
            ),
        ),
        sold=level(
            steady.sold,
            trends[1],
            sold,
            (
                spreads.feed_in_growth_spread_fraction_per_year,
                spreads.feed_in_swing_fraction,
            ),
        ),
        general=np.broadcast_to(steady.general, shape),
    )


def _ages(
    generator: np.random.Generator,
    shape: tuple[int, int],
    assumptions: Assumptions,
    spreads: Spreads,
) -> FloatArray:
    """Years times how fast a draw's devices age, not beyond the furthest. (N, Y)"""
    times = _triangular(generator.random((shape[0], 1)), spreads)
    middles = np.arange(shape[1], dtype=np.float64) + 0.5
    return np.minimum(times * middles, spreads.furthest_years(assumptions))


def _triangular(chance: FloatArray, spreads: Spreads) -> FloatArray:
    """Inverse of a triangular distribution's sum, also where it has no width."""
    low, mode, high = (
        spreads.least_ageing,
        spreads.likeliest_ageing,
        spreads.most_ageing,
    )
    width = high - low
    if width == 0:
        return np.full(chance.shape, mode)
    rising = low + np.sqrt(chance * width * (mode - low))
    falling = high - np.sqrt((1 - chance) * width * (high - mode))
    return np.where(chance * width < mode - low, rising, falling)


def _factors(
    generator: np.random.Generator,
    shape: tuple[int, int],
    assumptions: Assumptions,
    spreads: Spreads,
) -> FloatArray:
    """Discount factors over rates that swing from year to year. (N, Y+1)"""
    swings = _carried(
        generator.standard_normal(shape), spreads.discount_carried_fraction
    )
    swings *= spreads.discount_swing_fraction
    rates = assumptions.discount_fraction_per_year + swings
    now = np.ones((shape[0], 1))
    return np.concatenate([now, 1 / np.cumprod(1 + rates, axis=-1)], axis=-1)


def _carried(normal: FloatArray, carried: float) -> FloatArray:
    """Swings of spread 1 of which a share is left in the next year. (N, Y)"""
    found = normal.copy()
    for year in range(1, normal.shape[-1]):
        left = carried * found[..., year - 1]
        found[..., year] = left + np.sqrt(1 - carried**2) * normal[..., year]
    return found
