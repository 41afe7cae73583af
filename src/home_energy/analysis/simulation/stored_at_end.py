"""What the battery holds at the end more than at the start, and what that is worth."""

from dataclasses import dataclass

import numpy as np

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.domain.series import FloatArray


@dataclass(frozen=True, slots=True)
class StoredAtEnd:
    """A line of its own beside every result, so that nobody sells the battery empty.

    Parameters
    ----------
    difference_kwh
        Held at the end more than at the start; negative if less. [kWh in the cells]
    c_per_kwh
        What one such kWh is worth. [c/kWh]
    """

    difference_kwh: float
    c_per_kwh: float

    @property
    def worth_aud(self) -> float:
        """In the household's favour; negative where energy was left owing. [AUD]"""
        return self.difference_kwh * self.c_per_kwh / 100


def stored_at_end(problem: DispatchProblem, stored_kwh: FloatArray) -> StoredAtEnd:
    """Difference between end and start of a run, and its worth.

    A rule ends where it ends, the optimum no lower than it began. To set them side by
    side, a kWh that was in the cells and no longer is owes what its AC energy would
    have saved at the median price to buy of the run: median x discharge efficiency,
    never less than 0. One that is there beyond the start counts nothing: what it will
    save is not of this run, and counted it would let a rule come out above the best
    there could have been. It is at most some 4 AUD (13.5 kWh at 30 c/kWh) that a year
    is told too dear.

    Parameters
    ----------
    stored_kwh
        Above the reserve, before the first interval and after each. (T + 1,) [kWh]
    """
    if problem.battery is None or problem.grid.count == 0:
        return StoredAtEnd(0.0, 0.0)
    median = max(float(np.median(problem.rates.import_c_per_kwh)), 0.0)
    worth = median * problem.battery.discharge_efficiency_fraction
    left_kwh = float(stored_kwh[-1] - stored_kwh[0])
    return StoredAtEnd(left_kwh, worth if left_kwh < 0 else 0.0)


def car_stored_at_end(problem: DispatchProblem, stored_kwh: FloatArray) -> StoredAtEnd:
    """Difference between end and start of a run in its car, and its worth.

    What is in a car is there to drive: a kWh of it is worth what charging it at home
    costs, the median price to buy of the run / charge efficiency, and never less than
    0.

    Parameters
    ----------
    stored_kwh
        Above the floor, before the first interval and after each. (T + 1,) [kWh]
    """
    if problem.car is None or problem.grid.count == 0:
        return StoredAtEnd(0.0, 0.0)
    median = max(float(np.median(problem.rates.import_c_per_kwh)), 0.0)
    worth = median / problem.car.car.charger.charge_efficiency_fraction
    return StoredAtEnd(float(stored_kwh[-1] - stored_kwh[0]), worth)
