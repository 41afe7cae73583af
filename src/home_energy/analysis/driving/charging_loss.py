"""What is lost between the wall and the cells, by a car's own charges at home."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from home_energy.domain.car_history import Charge

LEAST_CHARGES = 5
LEAST_KWH = 2.0
"""Smaller charges say more of rounding than of loss. Chosen."""

LEAST_EFFICIENCY_FRACTION = 0.5
"""Below it, and above 1, the two figures are not of one charge. Chosen."""


@dataclass(frozen=True, slots=True)
class ChargingEfficiency:
    """From AC into the cells.

    Parameters
    ----------
    fraction
        The median of the charges; `None` if fewer than `LEAST_CHARGES` tell.
    spread_fraction
        Half of the charges lie within this of the median; `None` likewise.
    charge_count
        Charges that tell.
    odd
        Charges whose two figures cannot be of one charge.
    """

    fraction: float | None
    spread_fraction: float | None
    charge_count: int
    odd: tuple[Charge, ...]


def charging_efficiency(charges: Iterable[Charge]) -> ChargingEfficiency:
    """Efficiency by charges of which both sides are on record."""
    shares: list[float] = []
    odd: list[Charge] = []
    for charge in charges:
        if charge.drawn_kwh is None or charge.added_kwh < LEAST_KWH:
            continue
        least_kwh = charge.drawn_kwh * LEAST_EFFICIENCY_FRACTION
        if least_kwh <= charge.added_kwh <= charge.drawn_kwh:
            shares.append(charge.added_kwh / charge.drawn_kwh)
        else:
            odd.append(charge)
    if len(shares) < LEAST_CHARGES:
        return ChargingEfficiency(None, None, len(shares), tuple(odd))
    middle = float(np.median(shares))
    spread = float(np.median(np.abs(np.array(shares) - middle)))
    return ChargingEfficiency(middle, spread, len(shares), tuple(odd))
