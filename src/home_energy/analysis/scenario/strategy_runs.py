"""A scenario's strategy by name, made ready to run on its home."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.scenario.scenario_file import Strategies
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.exact_schedule import exact_schedule
from home_energy.analysis.simulation.strategy import (
    STRATEGIES,
    PerfectForesight,
    PriceThreshold,
    SmartCycles,
    Strategy,
    TimeOfUse,
)
from home_energy.analysis.tariffs.calendar_axis import CalendarAxis
from home_energy.analysis.tariffs.plan import Window
from home_energy.analysis.tariffs.rate_times import times_of
from home_energy.domain.series import FloatArray

Bounds = tuple[float | None, float | None]
"""Lower bound of every schedule's cost, and how far this one may be above. [AUD]"""


def schedule(
    name: str, problem: DispatchProblem, chosen: Strategies, axis: CalendarAxis
) -> tuple[FloatArray, Bounds]:
    """Stored energy of a strategy's run, and bounds where it proves any.

    Parameters
    ----------
    axis
        The problem's grid on the tariff's clock, for windows.
    """
    if name == PerfectForesight.name:
        exact = exact_schedule(problem)
        return exact.stored_kwh, (exact.lower_bound_c / 100, exact.certificate_c / 100)
    return _strategy(name, chosen, axis).stored_kwh(problem), (None, None)


def _strategy(name: str, chosen: Strategies, axis: CalendarAxis) -> Strategy:
    if name == TimeOfUse.name:
        return TimeOfUse(
            charges=_holds(chosen.charge_windows, axis),
            discharges=_holds(chosen.discharge_windows, axis),
        )
    if name == PriceThreshold.name:
        low, high = chosen.charge_below_c_per_kwh, chosen.discharge_above_c_per_kwh
        assert low is not None  # noqa: S101 - the scenario's file was checked
        assert high is not None  # noqa: S101
        return PriceThreshold(low, high)
    if name == SmartCycles.name:
        return SmartCycles(cycles_per_day=chosen.cycles_per_day)
    return STRATEGIES[name]()


def _holds(windows: Sequence[Window], axis: CalendarAxis) -> NDArray[np.bool_]:
    """Whether any of the windows holds. (T,)"""
    holds = np.zeros(axis.slot.size, dtype=np.bool_)
    for window in windows:
        holds |= times_of(window).ravel()[axis.slot]
    return holds
