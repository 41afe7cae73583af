"""A year's flows and money in sums, by parts, without keeping any interval of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.simulation.car_path import car_path
from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.flows import (
    FLOWS,
    Fault,
    HomeArrays,
    book_span,
    home_arrays,
    refuse_path,
    sealed,
)
from home_energy.domain.dispatch import Dispatch
from home_energy.domain.series import FloatArray

IntArray = NDArray[np.int64]

BLOCK = 256
"""Intervals whose flows are kept at once."""

_MONEY = 3
"""Sums after those of `FLOWS`: bought, sold [c], and moved in the cells [kWh]."""


@dataclass(frozen=True, slots=True)
class EnergyTotals:
    """What a run of a home comes to in energy. [kWh, AC side]

    Parameters
    ----------
    load_kwh, solar_kwh
        Used, with the standby of devices; and what panels could give.
    import_kwh, export_kwh
        Bought and sold.
    curtailed_kwh
        Solar that was held back.
    charge_kwh, discharge_kwh
        Into and out of the battery.
    unserved_kwh
        Load that the import limit did not let in.
    solar_to_load_kwh, solar_to_battery_kwh, battery_to_load_kwh
        Where sun and battery went.
    """

    load_kwh: float
    solar_kwh: float
    import_kwh: float
    export_kwh: float
    curtailed_kwh: float
    charge_kwh: float
    discharge_kwh: float
    unserved_kwh: float
    solar_to_load_kwh: float
    solar_to_battery_kwh: float
    battery_to_load_kwh: float

    @property
    def self_consumption_fraction(self) -> float | None:
        """Share of the sun that was not sold; `None` without any."""
        own_kwh = self.solar_to_load_kwh + self.solar_to_battery_kwh
        return own_kwh / self.solar_kwh if self.solar_kwh else None

    @property
    def self_sufficiency_fraction(self) -> float | None:
        """Share of the load that sun served, at once or through the battery.

        What comes out of the battery is sun in the share in which sun went into it over
        the whole run. `None` without a load.
        """
        if self.load_kwh == 0:
            return None
        of_sun = self.solar_to_battery_kwh / self.charge_kwh if self.charge_kwh else 0.0
        of_sun_kwh = self.solar_to_load_kwh + of_sun * self.battery_to_load_kwh
        return of_sun_kwh / self.load_kwh


@dataclass(frozen=True, slots=True)
class YearTotals:
    """What a schedule comes to over a whole run, where every kWh has one price.

    Parameters
    ----------
    energy
        Its flows.
    bought_c, sold_c
        Cost of what was bought, and what was earned by what was sold. [c]
    wear_c
        Cost of using the battery. [c]
    parts
        The same of each part of the run that was asked for. (P)
    """

    energy: EnergyTotals
    bought_c: float
    sold_c: float
    wear_c: float
    parts: "PartTotals"


@dataclass(frozen=True, slots=True, eq=False)
class PartTotals:
    """What each part of a run comes to. (P)

    Parameters
    ----------
    bought_c, sold_c, wear_c
        As of `YearTotals`. [c]
    discharge_kwh
        Out of the battery. [kWh AC]
    """

    bought_c: FloatArray
    sold_c: FloatArray
    wear_c: FloatArray
    discharge_kwh: FloatArray


def year_totals(
    problem: DispatchProblem, stored_kwh: FloatArray, starts: IntArray
) -> YearTotals:
    """Sums of the flows that `book_flows` books of a home without a car.

    Parameters
    ----------
    stored_kwh
        In the battery above its reserve, before the first interval and after each.
        (T + 1,) [kWh]
    starts
        Number of the first interval of each part, such as a month, from 0; and T.
        (P + 1,)

    Raises
    ------
    AlignmentError
        If there is a car.
    BalanceError
        As `book_flows`.
    """
    home = home_arrays(problem, car_path(problem, None))
    by_part = np.zeros((starts.size - 1, len(FLOWS) + _MONEY))
    fault, number = _add_up(home, sealed(stored_kwh), starts, by_part)
    if fault != Fault.NONE:
        refuse_path(problem, stored_kwh, fault, number)
    *flows, bought_c, sold_c, moved_kwh = by_part.sum(axis=0).tolist()
    of = dict(zip(FLOWS, flows, strict=True))
    wear = 0.0 if problem.battery is None else problem.battery.wear_c_per_kwh
    energy = EnergyTotals(
        load_kwh=float(home.load.sum()),
        solar_kwh=float(home.solar.sum()),
        import_kwh=of["grid_to_load_kwh"] + of["grid_to_battery_kwh"],
        export_kwh=of["solar_to_grid_kwh"] + of["battery_to_grid_kwh"],
        curtailed_kwh=of["curtailed_kwh"],
        charge_kwh=of["solar_to_battery_kwh"] + of["grid_to_battery_kwh"],
        discharge_kwh=of["battery_to_load_kwh"] + of["battery_to_grid_kwh"],
        unserved_kwh=of["unserved_kwh"],
        solar_to_load_kwh=of["solar_to_load_kwh"],
        solar_to_battery_kwh=of["solar_to_battery_kwh"],
        battery_to_load_kwh=of["battery_to_load_kwh"],
    )
    *_, part_bought_c, part_sold_c, part_moved_kwh = by_part.T
    given = [FLOWS.index(f"battery_to_{place}_kwh") for place in ("load", "grid")]
    parts = PartTotals(
        bought_c=part_bought_c,
        sold_c=part_sold_c,
        wear_c=part_moved_kwh * wear,
        discharge_kwh=by_part[:, given].sum(axis=1),
    )
    return YearTotals(energy, bought_c, sold_c, moved_kwh * wear, parts)


def totals_of(dispatch: Dispatch) -> EnergyTotals:
    """The same of flows that were kept, with a car or without."""
    rows = (
        dispatch.load_kwh,
        dispatch.solar_kwh,
        dispatch.grid_import_kwh,
        dispatch.grid_export_kwh,
        dispatch.curtailed_kwh,
        dispatch.charge_kwh,
        dispatch.discharge_kwh,
        dispatch.unserved_kwh,
        dispatch.solar_to_load_kwh,
        dispatch.solar_to_battery_kwh,
        dispatch.battery_to_load_kwh,
    )
    return EnergyTotals(*(float(row.sum()) for row in rows))


@compiled
def _add_up(
    home: HomeArrays, stored: FloatArray, starts: IntArray, by_part: FloatArray
) -> tuple[Fault, int]:
    """Add every interval to the sums of its part; the first fault and its interval."""
    flows, shares = np.empty((10, BLOCK)), np.empty((6, BLOCK))
    for part in range(by_part.shape[0]):
        sums = by_part[part]
        for first in range(starts[part], starts[part + 1], BLOCK):
            stop = min(first + BLOCK, starts[part + 1])
            fault, number = book_span(home, stored, (first, stop), flows, shares)
            if fault != Fault.NONE:
                return fault, number
            for t in range(first, stop):
                place = t - first
                for row in range(10):
                    sums[row] += flows[row, place]
                sums[10] += (flows[5, place] + flows[6, place]) * home.buy[t]
                sums[11] += (flows[2, place] + flows[4, place]) * home.sell[t]
                sums[12] += abs(stored[t + 1] - stored[t])
    return Fault.NONE, 0
