"""A home's load without the car that it charged while it was measured."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from home_energy.domain.car_history import Charge
from home_energy.domain.series import EnergySeries, FloatArray
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import DataError

MOST_NOT_FOUND_FRACTION = 0.05
"""Of what was charged. More is a wrong clock, another meter or another car. Chosen."""

ROUNDING_KWH = 0.1
"""Not found in all; the car tells its charges in tenths or hundredths."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadWithoutCar:
    """What is left of a load, and what of the charges could not be taken off.

    Parameters
    ----------
    load
        Missing where it was. [kWh per interval]
    charged
        What was taken off, the car's charging on this axis. [kWh per interval]
    charge_count
        Charges that touch the axis.
    estimated_count
        Of them those of which only what reached the cells is on record, or less was
        drawn than reached them; taken as that by the efficiency.
    not_found_kwh
        Charged by the record, but the load was less. [kWh]
    unknown_kwh
        Charged while the load is missing. [kWh]
    """

    load: EnergySeries
    charged: EnergySeries
    charge_count: int
    estimated_count: int
    not_found_kwh: float
    unknown_kwh: float

    def __post_init__(self) -> None:
        """Refuse a load that does not hold what was charged."""
        charged_kwh = float(self.charged.kwh.sum()) + self.not_found_kwh
        most_kwh = max(MOST_NOT_FOUND_FRACTION * charged_kwh, ROUNDING_KWH)
        if self.not_found_kwh > most_kwh:
            raise DataError(
                f"{self.not_found_kwh:.1f} of {charged_kwh:.1f} kWh that the car was "
                f"charged with at home from {self.load.grid.start} are not in the "
                f"load; expected less than {MOST_NOT_FOUND_FRACTION:.0%}; check the "
                "clocks of both, and whether the charger is on this meter"
            )


def load_without_car(
    load: EnergySeries, charges: Iterable[Charge], efficiency_fraction: float
) -> LoadWithoutCar:
    """Take recorded charges at home off a load.

    Each is spread evenly over its time; where the load is less, the rest is taken off
    the charge's other intervals, never more than the load. A charge that lies partly
    outside of the axis counts with its share of time within.

    Parameters
    ----------
    charges
        At home only.
    efficiency_fraction
        From AC into the cells, for charges of which only that is on record.

    Raises
    ------
    DataError
        If more than `MOST_NOT_FOUND_FRACTION` of what was charged is not in the load.
    """
    if not 0 < efficiency_fraction <= 1:
        raise DataError(
            "efficiency_fraction of charging must be over 0 and at most 1, got "
            f"{efficiency_fraction}"
        )
    left_kwh, charged_kwh = np.array(load.kwh), np.zeros(load.grid.count)
    is_known = ~np.isnan(left_kwh)
    charge_count = estimated_count = 0
    not_found_kwh = unknown_kwh = 0.0
    for charge in charges:
        first, hours, share = _overlap(charge, load.grid)
        if not hours.size:
            continue
        charge_count += 1
        drawn_kwh = charge.drawn_kwh
        if drawn_kwh is None or drawn_kwh < charge.added_kwh:
            estimated_count += 1
            drawn_kwh = charge.added_kwh / efficiency_fraction
        place = slice(first, first + hours.size)
        known_hours = np.where(is_known[place], hours, 0.0)
        known_kwh = drawn_kwh * share * float(known_hours.sum() / hours.sum())
        unknown_kwh += drawn_kwh * share - known_kwh
        room_kwh = np.where(is_known[place], left_kwh[place], 0.0)
        taken_kwh = _spread(known_kwh, known_hours, room_kwh)
        not_found_kwh += max(known_kwh - float(taken_kwh.sum()), 0.0)
        left_kwh[place] -= taken_kwh
        charged_kwh[place] += taken_kwh
    charged = EnergySeries(load.grid, charged_kwh)
    counts = charge_count, estimated_count
    left = EnergySeries(load.grid, left_kwh)
    return LoadWithoutCar(left, charged, *counts, not_found_kwh, unknown_kwh)


def _overlap(charge: Charge, grid: TimeGrid) -> tuple[int, FloatArray, float]:
    """First interval, hours in it and the next ones, share of its time on the axis."""
    end = max(charge.end, charge.start + timedelta(seconds=1))
    first = max((charge.start - grid.start) // grid.step, 0)
    stop = min(-((grid.start - end) // grid.step), grid.count)
    step_hours = grid.step / timedelta(hours=1)
    edges = np.arange(first, max(stop, first) + 1) * step_hours
    begin_hours = (charge.start - grid.start) / timedelta(hours=1)
    end_hours = (end - grid.start) / timedelta(hours=1)
    hours = np.diff(np.clip(edges, begin_hours, end_hours))
    return first, hours, float(hours.sum()) / (end_hours - begin_hours)


def _spread(total_kwh: float, hours: FloatArray, room_kwh: FloatArray) -> FloatArray:
    """Evenly by the hour, nowhere more than there is room. (N,) [kWh]"""
    taken_kwh = np.zeros(hours.size)
    is_open = (hours > 0) & (room_kwh > 0)
    while np.any(is_open):
        even_kw = max(total_kwh - taken_kwh.sum(), 0.0) / hours[is_open].sum()
        is_full = is_open & (room_kwh <= even_kw * hours)
        if not np.any(is_full):
            taken_kwh[is_open] = even_kw * hours[is_open]
            break
        taken_kwh[is_full] = room_kwh[is_full]
        is_open &= ~is_full
    return taken_kwh
