"""A year's costs by the month of the meter, in the parts that purchases save in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.scenario.strategy_run import StrategyRun
from home_energy.domain.bill import Bill, LineKind
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import NEM_TIME, TimeGrid

BOUGHT = (LineKind.USAGE, LineKind.DEMAND, LineKind.DISCOUNT)
SOLD = (LineKind.FEED_IN,)
FIXED = (LineKind.SUPPLY,)
IntArray = NDArray[np.int64]

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class MonthCosts:
    """What one month of a run costs; all months sum to the run.

    What a store holds more at the end of the run is in no month.

    Parameters
    ----------
    month
        `2025-01`, in NEM time, as bills have it.
    days
        How many days of it were run.
    bought_aud, sold_aud, fixed_aud
        Lines of the bill: bought, with demand charges and discounts; sold, below 0
        where the household is paid; fixed charges. [AUD]
    public_aud, wear_aud
        Charging elsewhere, and wear, which nobody pays. [AUD]
    discharge_kwh
        Out of the battery. [kWh AC]
    """

    month: str
    days: float
    bought_aud: float = 0.0
    sold_aud: float = 0.0
    fixed_aud: float = 0.0
    public_aud: float = 0.0
    wear_aud: float = 0.0
    discharge_kwh: float = 0.0

    @property
    def cost_aud(self) -> float:
        """All of it. [AUD]"""
        lines_aud = self.bought_aud + self.sold_aud + self.fixed_aud
        return lines_aud + self.public_aud + self.wear_aud


@dataclass(frozen=True, slots=True, eq=False)
class MonthsOfAxis:
    """Months of an axis of T intervals. (M)

    Parameters
    ----------
    names
        `2025-01`, in order.
    days
        How many days of each the axis holds.
    starts
        Number of the first interval of each, and T. (M+1,)
    """

    names: tuple[str, ...]
    days: tuple[float, ...]
    starts: IntArray

    def sums(self, values: FloatArray) -> FloatArray:
        """Sum over each month. (T,) to (M,)"""
        found: FloatArray = np.add.reduceat(values, self.starts[:-1])
        return found


@lru_cache(maxsize=4)
def months_of(grid: TimeGrid) -> MonthsOfAxis:
    """Months of the meter on an axis that is not empty."""
    first = np.datetime64(grid.start.astimezone(NEM_TIME).replace(tzinfo=None), "s")
    step_seconds = int(grid.step.total_seconds())
    of_interval = (first + step_seconds * np.arange(grid.count)).astype("M8[M]")
    names, starts = np.unique(of_interval, return_index=True)
    starts = np.append(starts, grid.count)
    days = np.diff(starts) * step_seconds / _DAY_SECONDS
    return MonthsOfAxis(tuple(map(str, names)), tuple(days.tolist()), starts)


def months_of_bill(grid: TimeGrid, bill: Bill) -> tuple[MonthCosts, ...]:
    """Lines of a bill by their months."""
    months = months_of(grid)
    sums: dict[tuple[str, LineKind], float] = {}
    for line in bill.lines:
        key = f"{line.month:%Y-%m}", line.kind
        sums[key] = sums.get(key, 0.0) + line.amount_aud

    def of(month: str, kinds: Sequence[LineKind]) -> float:
        return sum(sums.get((month, kind), 0.0) for kind in kinds)

    return tuple(
        MonthCosts(month, days, of(month, BOUGHT), of(month, SOLD), of(month, FIXED))
        for month, days in zip(months.names, months.days, strict=True)
    )


def months_of_run(run: StrategyRun) -> tuple[MonthCosts, ...]:
    """Months of a run whose every interval was kept."""
    flows, grid = run.dispatch, run.dispatch.grid
    wear_aud = (run.ledger.wear_c + run.ledger.car_wear_c) / 100
    more = {"wear_aud": wear_aud, "discharge_kwh": flows.discharge_kwh}
    if flows.car is not None and run.car is not None and run.car.public_kwh > 0:
        aud_per_kwh = run.car.public_aud / run.car.public_kwh
        more["public_aud"] = flows.car.public_kwh * aud_per_kwh
    sums = {name: months_of(grid).sums(values) for name, values in more.items()}
    return with_sums(months_of_bill(grid, run.bill), sums)


def with_sums(
    months: Sequence[MonthCosts], sums: Mapping[str, FloatArray]
) -> tuple[MonthCosts, ...]:
    """Months with more in them.

    Parameters
    ----------
    sums
        By the names of `MonthCosts`. (M,)
    """
    return tuple(
        replace(
            month,
            **{
                name: getattr(month, name) + float(values[number])
                for name, values in sums.items()
            },
        )
        for number, month in enumerate(months)
    )
