"""The best schedule under a charge for the highest import of a month.

The charge is a price times the highest mean power imported in the month's window. With
a cap on that power the cap enters as an import limit of the intervals in the window,
and the rest is `exact_schedule`:

    least over caps of  energy(caps) + sum over months of price x cap

energy(caps) is the optimum of a linear programme as a function of its limits, so it is
convex in all caps together. Each month's cap is searched in turn by golden section with
the others held, again and again until a round gains nothing.

What is promised. One month: the optimum, to the width the search ends with. Several
months: no cap alone can be better. They meet only in the energy stored at midnight
between them, so little is left, but a convex function with kinks can hold such a search
up before its least value. Where burning energy pays, energy(caps) is the bound of
`exact_schedule`, and what is promised holds of it.

Power is the mean over an interval of the axis. A charge that measures half-hours is met
exactly on an axis of half-hours; on five minutes the cap holds in each five minutes,
which is more than asked.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from home_energy.analysis.simulation.corner_steps import Case
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.exact_schedule import (
    ExactSchedule,
    case_of,
    followed,
    schedule_of,
)
from home_energy.analysis.simulation.flows import sealed
from home_energy.domain.series import FloatArray
from home_energy.errors import AlignmentError, DataError

GOLDEN = (5**0.5 - 1) / 2

CAP_WIDTH_KW = 1e-7
"""At which the search of a cap ends."""

LEAST_GAIN_C = 1e-4
"""What a further round over all months must gain. [c]"""

MOST_ROUNDS = 10


@dataclass(frozen=True, slots=True, eq=False)
class DemandPrice:
    """A charge for the highest import of each month.

    Parameters
    ----------
    month
        Number of each interval's month, 0 to M - 1. (T,)
    is_window
        Whether the interval counts. (T,)
    aud_per_kw
        Price of each month's highest power. (M,) [AUD/kW]
    """

    month: npt.NDArray[np.int64]
    is_window: npt.NDArray[np.bool_]
    aud_per_kw: FloatArray

    def __post_init__(self) -> None:
        """Refuse months without price and axes that differ."""
        if self.month.shape != self.is_window.shape:
            raise AlignmentError(
                f"DemandPrice: {self.month.size} months and {self.is_window.size} "
                "window marks; expected one of each for every interval"
            )
        months = self.aud_per_kw.size
        if self.month.size and not 0 <= self.month.min() <= self.month.max() < months:
            raise DataError(
                f"DemandPrice: months {self.month.min()} to {self.month.max()} with "
                f"{months} prices; number the months from 0, with a price for each"
            )
        if not np.all(self.aud_per_kw >= 0):
            raise DataError(
                f"DemandPrice: prices must be 0 or more, got {self.aud_per_kw.min()} "
                "AUD/kW"
            )


@dataclass(frozen=True, slots=True, eq=False)
class DemandSchedule:
    """A schedule and the power it keeps below in the window of each month.

    Parameters
    ----------
    schedule
        Its cost is that of energy and wear; its bound is under these caps.
    caps_kw
        Highest power charged for. (M,) [kW]
    demand_c
        What that costs. [c]
    """

    schedule: ExactSchedule
    caps_kw: FloatArray
    demand_c: float

    @property
    def cost_c(self) -> float:
        """Energy, wear and demand. [c]"""
        return self.schedule.cost_c + self.demand_c


def exact_schedule_with_demand(
    problem: DispatchProblem, price: DemandPrice
) -> DemandSchedule:
    """Find the schedule of least cost with a charge for each month's highest import.

    Raises
    ------
    AlignmentError
        If the charge does not fit the axis.
    """
    if price.month.shape != (problem.grid.count,):
        raise AlignmentError(
            f"DemandPrice of {price.month.size} intervals for {problem.grid.count}; "
            "expected one month for each"
        )
    search = _Search(problem, price)
    caps = np.full(price.aud_per_kw.size, problem.connection.import_limit_kw)
    caps[~search.is_charged] = np.inf
    lowest = search.cost_c(caps)
    for _ in range(MOST_ROUNDS):
        before = lowest
        for month in np.flatnonzero(search.is_charged):
            lowest = search.lower(caps, int(month))
        if before - lowest < LEAST_GAIN_C:
            break
    schedule = schedule_of(search.within(caps), problem.start_stored_kwh)
    caps[~search.is_charged] = 0.0
    return DemandSchedule(schedule, sealed(caps), 100 * float(price.aud_per_kw @ caps))


class _Search:
    """The cost as a function of the caps."""

    def __init__(self, problem: DispatchProblem, price: DemandPrice) -> None:
        self.price = price
        self.hours = problem.hours
        self.start_stored_kwh = problem.start_stored_kwh
        self.most_kw = problem.connection.import_limit_kw
        self.limits_kwh = problem.connection.import_limits_kwh(problem.grid)
        months = np.arange(price.aud_per_kw.size)
        counts = np.isin(months, price.month[price.is_window])
        self.is_charged = counts & (price.aud_per_kw > 0)
        case = case_of(problem, self.limits_kwh)
        # Dropping load for one interval must cost more than the power it needs.
        per_kwh = 100 * float(price.aud_per_kw.max(initial=0)) / self.hours
        dropped = case.device.unserved_c_per_kwh + 2 * per_kwh
        self.case = case._replace(
            device=case.device._replace(unserved_c_per_kwh=dropped)
        )

    def within(self, caps_kw: FloatArray) -> Case:
        """The problem with the caps as import limits."""
        caps = np.where(self.price.is_window, caps_kw[self.price.month], np.inf)
        limits = np.minimum(self.limits_kwh, caps * self.hours)
        steps = self.case.steps._replace(import_limit_kwh=sealed(limits))
        return self.case._replace(steps=steps)

    def cost_c(self, caps_kw: FloatArray) -> float:
        """Least cost under the caps, with what they cost. [c]"""
        _, _, bound = followed(self.within(caps_kw), self.start_stored_kwh)
        charged = caps_kw[self.is_charged]
        return bound + 100 * float(self.price.aud_per_kw[self.is_charged] @ charged)

    def lower(self, caps_kw: FloatArray, month: int) -> float:
        """Set the cap of one month where the cost is least; that cost. [c]"""
        kept, kept_c = float(caps_kw[month]), self.cost_c(caps_kw)
        low, high = 0.0, self.most_kw
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        left_c, right_c = (
            self._at(caps_kw, month, left),
            self._at(caps_kw, month, right),
        )
        while high - low > CAP_WIDTH_KW:
            if left_c <= right_c:
                high, right, right_c = right, left, left_c
                left = high - GOLDEN * (high - low)
                left_c = self._at(caps_kw, month, left)
            else:
                low, left, left_c = left, right, right_c
                right = low + GOLDEN * (high - low)
                right_c = self._at(caps_kw, month, right)
        best, best_c = (left, left_c) if left_c <= right_c else (right, right_c)
        if best_c >= kept_c:
            best, best_c = kept, kept_c
        caps_kw[month] = best
        return best_c

    def _at(self, caps_kw: FloatArray, month: int, cap_kw: float) -> float:
        caps_kw[month] = cap_kw
        return self.cost_c(caps_kw)
