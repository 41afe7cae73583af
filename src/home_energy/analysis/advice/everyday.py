"""What an everyday action costs now, and in the cheapest hour to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from home_energy.domain.appliance import Appliance, ApplianceKind
from home_energy.domain.verdict import CheapestRun


@dataclass(frozen=True, slots=True)
class EverydayCost:
    """Cost of one action.

    Parameters
    ----------
    now_aud
        At the price now. [AUD]
    cheapest_aud, cheapest_start
        At the mean price of the cheapest coming hour, and when that begins; `None`
        where no hour to come is known to be cheaper than now. [AUD], [aware UTC]
    """

    name: str
    now_aud: float
    cheapest_aud: float | None = None
    cheapest_start: datetime | None = None


def everyday_costs(
    appliances: Sequence[Appliance],
    now_c_per_kwh: float,
    cheapest: CheapestRun | None,
) -> tuple[EverydayCost, ...]:
    """Costs of those appliances that do not wait.

    Parameters
    ----------
    now_c_per_kwh
        Import price now. [c/kWh]
    cheapest
        Cheapest hour of those to come, see `domain.verdict.cheapest_run`.
    """
    is_cheaper = cheapest is not None and cheapest.c_per_kwh < now_c_per_kwh
    found = cheapest if is_cheaper else None
    return tuple(
        EverydayCost(
            name=appliance.name,
            now_aud=now_c_per_kwh / 100 * appliance.kwh,
            cheapest_aud=None
            if found is None
            else found.c_per_kwh / 100 * appliance.kwh,
            cheapest_start=None if found is None else found.start,
        )
        for appliance in appliances
        if appliance.kind is ApplianceKind.NOW_PRICE
    )
