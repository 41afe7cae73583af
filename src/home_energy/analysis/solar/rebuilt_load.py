"""What the house used, from what went through the meter and what its roof made.

The meter of a home with solar sees neither load nor generation: it sees what is left of
one after the other. Whoever takes its import for the load counts the sun twice.
"""

from dataclasses import dataclass

import numpy as np

from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.series import EnergySeries, require_same_grid
from home_energy.errors import DataError

ROUNDING_KWH = 0.0015
"""Three figures in whole Wh, each half a Wh off at most."""

MOST_NEGATIVE_FRACTION = 0.01
"""Of the generation. Two meters of class 1 differ by that; more is a wrong clock, a
wrong register or a battery that nobody mentioned. Chosen."""


@dataclass(frozen=True, slots=True, eq=False)
class RebuiltLoad:
    """Load on the general circuit, and where the three records do not fit.

    Parameters
    ----------
    load
        Missing where any of the three is. [kWh per interval]
    impossible_count
        Intervals in which more was sold than was bought and made, beyond rounding;
        their load is taken as 0.
    impossible_kwh
        By how much, in all.
    """

    load: EnergySeries
    impossible_count: int
    impossible_kwh: float


def rebuilt_load(metered: MeteredEnergy, generation: EnergySeries) -> RebuiltLoad:
    """Load of each interval: ``general import + generation - feed-in``.

    Controlled load has a register of its own that no panel feeds; it is not in here.

    Parameters
    ----------
    metered
        What went through the retailer's meter.
    generation
        What the roof made, after the inverter, on the same axis. [kWh per interval]

    Raises
    ------
    AlignmentError
        If the axes differ.
    DataError
        If the records contradict each other by more than `MOST_NEGATIVE_FRACTION` of
        the generation.
    """
    require_same_grid(metered.grid, generation.grid, "meter and generation")
    net_kwh = metered.general_kwh + generation.kwh - metered.feed_in_kwh
    is_impossible = net_kwh < -ROUNDING_KWH
    impossible_kwh = float(-net_kwh[is_impossible].sum())
    made_kwh = float(np.nansum(generation.kwh[np.isfinite(net_kwh)]))
    if impossible_kwh > MOST_NEGATIVE_FRACTION * made_kwh:
        first = int(np.argmax(is_impossible))
        raise DataError(
            f"import, feed-in and generation contradict each other by "
            f"{impossible_kwh:.3f} kWh in {np.count_nonzero(is_impossible)} intervals, "
            f"the first at {metered.grid.start + first * metered.grid.step}; expected "
            f"less than {MOST_NEGATIVE_FRACTION:.0%} of {made_kwh:.3f} kWh made; check "
            "clocks, registers and whether a battery feeds in"
        )
    # NaN stays: a missing part leaves the load unknown.
    load = EnergySeries(metered.grid, np.maximum(net_kwh, 0.0))
    return RebuiltLoad(load, int(np.count_nonzero(is_impossible)), impossible_kwh)
