"""What a run with a car comes to: every figure of it, and the answers it gives."""

from dataclasses import asdict
from typing import Any

from home_energy.analysis.scenario.car_answers import HARDWARE_YEARS
from home_energy.analysis.scenario.run import ScenarioRun
from home_energy.analysis.scenario.strategy_run import StrategyRun
from home_energy.domain.car_at_home import Discharge


def car_result(run: ScenarioRun, one: StrategyRun) -> dict[str, Any] | None:
    """Figures of a run's car; `None` for a home without.

    A difference is `None` where the run has no such twin.
    """
    answer = run.answers.get(one.strategy)
    if one.car is None or answer is None:
        return None
    cost_aud = one.cost_aud
    lesser = answer.lesser_use_aud
    unplugged_aud = answer.unplugged_on_weekdays_aud
    discharge_aud = _less(lesser.get(Discharge.NONE.value), cost_aud)
    return {
        **asdict(one.car),
        "c_per_km": answer.c_per_km,
        "cost_without_car_aud": answer.without_car_aud,
        "cost_by_lesser_use_aud": lesser,
        "worth_of_discharging_aud": discharge_aud,
        "worth_of_exporting_aud": _less(lesser.get(Discharge.V2H.value), cost_aud),
        "worth_of_plugging_in_on_weekdays_aud": _less(unplugged_aud, cost_aud),
        "break_even_hardware_aud": None
        if discharge_aud is None
        else HARDWARE_YEARS * max(discharge_aud, 0.0),
        "break_even_years": None if discharge_aud is None else HARDWARE_YEARS,
    }


def _less(twin_aud: float | None, cost_aud: float) -> float | None:
    return None if twin_aud is None else twin_aud - cost_aud
