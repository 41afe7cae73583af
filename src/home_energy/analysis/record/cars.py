"""What is on record of cars in a period: drives, charges, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from home_energy.domain.car_history import CarHistory, Charge, Drive
from home_energy.store import Store

_LEAST_RISE_FRACTION = 0.05
"""A battery at rest may show some percent more once it is warm; not more than that."""


@dataclass(frozen=True, slots=True)
class CarCoverage:
    """What one source told of one car in a period.

    Parameters
    ----------
    source, car
        As in `CarHistory`.
    first, last
        Start of the first and end of the last drive or charge of the period.
        [aware UTC]
    drive_count, charge_count
        Those that began in the period.
    km
        Driven. [km]
    without_energy_count
        Drives of which the source does not say what they took.
    added_kwh
        Charged into the cells. [kWh]
    missing_charge_count
        How often the battery was fuller than it had been left, by more than 5 %, and
        no charge is on record.
    """

    source: str
    car: str
    first: datetime
    last: datetime
    drive_count: int
    charge_count: int
    km: float
    without_energy_count: int
    added_kwh: float
    missing_charge_count: int


def car_coverages(
    store: Store, start: datetime, end: datetime
) -> tuple[CarCoverage, ...]:
    """Every car of which anything began in a period, by source and name.

    Parameters
    ----------
    start, end
        Half-open. [aware UTC]
    """
    found = []
    for one in store.car_history.histories():
        history = store.car_history.history(one.source, one.car, start, end)
        drives = [drive for drive in history.drives if drive.start >= start]
        charges = [charge for charge in history.charges if charge.start >= start]
        if drives or charges:
            found.append(_coverage(history, drives, charges))
    return tuple(found)


def _coverage(
    history: CarHistory, drives: Sequence[Drive], charges: Sequence[Charge]
) -> CarCoverage:
    told: list[Drive | Charge] = [*drives, *charges]
    told.sort(key=lambda one: one.start)
    return CarCoverage(
        source=history.source,
        car=history.car,
        first=told[0].start,
        last=max(one.end for one in told),
        drive_count=len(drives),
        charge_count=len(charges),
        km=sum(drive.km for drive in drives),
        without_energy_count=sum(drive.energy_kwh is None for drive in drives),
        added_kwh=sum(charge.added_kwh for charge in charges),
        missing_charge_count=_missing_charge_count(told),
    )


def _missing_charge_count(told: Sequence[Drive | Charge]) -> int:
    levels = [
        (one.start_level_fraction, one.end_level_fraction)
        for one in told
        if one.start_level_fraction is not None and one.end_level_fraction is not None
    ]
    return sum(
        after - before > _LEAST_RISE_FRACTION
        for (_, before), (after, _) in pairwise(levels)
    )
