"""What a household asks of its car: each answer is the difference of two whole runs."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.scenario.charging_runs import RULES
from home_energy.analysis.scenario.strategy_run import StrategyRun, Tell
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.domain.car_at_home import Discharge

HARDWARE_YEARS = 10
"""Over so many years like this one hardware is to pay for itself."""

MODES = {
    Discharge.NONE: (),
    Discharge.V2H: (Discharge.NONE,),
    Discharge.V2G: (Discharge.NONE, Discharge.V2H),
}
"""What each use of the car's energy is set beside."""


@dataclass(frozen=True, slots=True)
class CarAnswer:
    """What a way to run the devices comes to beside its twins, run the same way.

    Parameters
    ----------
    strategy
        Its name.
    without_car_aud
        Cost of the same home and devices without the car. [AUD]
    c_per_km
        What the car adds to it for each kilometre, charging elsewhere included; `None`
        for a car that does not drive. [c/km]
    lesser_use_aud
        Cost where the car may do less: `none` only charge, `v2h` serve the home.
        Empty for a car that only charges, and for rules, none of which discharges.
        [AUD]
    unplugged_on_weekdays_aud
        Cost if it were plugged in on weekends only; `None` for rules. [AUD]
    """

    strategy: str
    without_car_aud: float
    c_per_km: float | None
    lesser_use_aud: dict[str, float]
    unplugged_on_weekdays_aud: float | None


def car_answer(
    run: StrategyRun,
    problem: DispatchProblem,
    is_weekday: NDArray[np.bool_],
    tell: Tell,
) -> CarAnswer:
    """Run the twins of one run.

    Parameters
    ----------
    problem
        The home that was run, with its car.
    is_weekday
        Monday to Friday on the household's clock. (T,)
    """
    car, use = problem.car, run.car
    assert car is not None  # noqa: S101 - only runs with a car are asked about it
    assert use is not None  # noqa: S101
    without = tell(run.strategy, replace(problem, car=None)).cost_aud
    lesser: dict[str, float] = {}
    weekdays_aud = None
    if run.strategy not in RULES:
        for mode in MODES[car.car.discharge]:
            less = replace(car, car=replace(car.car, discharge=mode))
            twin = tell(run.strategy, replace(problem, car=less))
            lesser[mode.value] = twin.cost_aud
        weekends = replace(
            car,
            is_plugged=car.is_plugged & ~is_weekday,
            would_plug=car.would_plug & ~is_weekday,
        )
        twin = tell(run.strategy, replace(problem, car=weekends))
        weekdays_aud = twin.cost_aud
    added_c = 100 * (run.cost_aud - without)
    return CarAnswer(
        strategy=run.strategy,
        without_car_aud=without,
        c_per_km=added_c / use.km if use.km else None,
        lesser_use_aud=lesser,
        unplugged_on_weekdays_aud=weekdays_aud,
    )
