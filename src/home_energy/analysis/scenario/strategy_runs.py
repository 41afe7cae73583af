"""A scenario's strategy by name, made ready to run on its home."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.scenario.demand_price import demand_price
from home_energy.analysis.scenario.scenario_file import Strategies
from home_energy.analysis.simulation.demand_schedule import exact_schedule_with_demand
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.exact_schedule import exact_schedule
from home_energy.analysis.simulation.forecast_strategy import (
    ForecastError,
    ForecastStrategy,
)
from home_energy.analysis.simulation.forecaster import Forecaster
from home_energy.analysis.simulation.outlook import IssuedPrices
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
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.tariffs.rate_times import times_of
from home_energy.domain.series import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Scheduled:
    """What a strategy decided.

    Parameters
    ----------
    stored_kwh
        Above the reserve, before the first interval and after each. (T + 1,) [kWh]
    lower_bound_aud, certificate_aud
        Of the exact dispatch: no schedule costs less, and how far this one may be from
        the best. [AUD]
    forecast_error, issued_fraction
        Of a strategy that planned on forecasts: how wrong they were, and what share of
        them was on record as issued; the others were made from the past alone.
    """

    stored_kwh: FloatArray
    lower_bound_aud: float | None = None
    certificate_aud: float | None = None
    forecast_error: ForecastError | None = None
    issued_fraction: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class StrategyRunner:
    """Strategies of one scenario.

    Parameters
    ----------
    chosen
        What the scenario's file says of them.
    tariff
        On whose clock windows are read, and whose prices may be published beforehand.
    issued
        Price forecasts on record; `None` where there are none.
    """

    chosen: Strategies
    tariff: PlanTariff
    issued: IssuedPrices | None = None

    def schedule(self, name: str, problem: DispatchProblem) -> Scheduled:
        """Run a strategy on a home."""
        if name == PerfectForesight.name:
            price = demand_price(self.tariff.plan, self.tariff.axis(problem.grid))
            if price is not None:
                with_demand = exact_schedule_with_demand(problem, price)
                return Scheduled(with_demand.schedule.stored_kwh)
            exact = exact_schedule(problem)
            return Scheduled(
                exact.stored_kwh,
                lower_bound_aud=exact.lower_bound_c / 100,
                certificate_aud=exact.certificate_c / 100,
            )
        if name == ForecastStrategy.name:
            return self._by_forecast(problem)
        return Scheduled(self._rule(name, problem).stored_kwh(problem))

    def demand_note(self, problem: DispatchProblem) -> str | None:
        """What strategies see of the tariff's demand charges; `None` without any."""
        plan = self.tariff.plan
        if not any(period.demand for period in plan.period):
            return None
        if demand_price(plan, self.tariff.axis(problem.grid)) is not None:
            return (
                "perfect foresight keeps each month's demand charge in mind; others do "
                "not, though every bill holds it"
            )
        return (
            "no strategy keeps the tariff's demand charges in mind, perfect foresight "
            "neither, so it is no upper bound here; every bill holds them (the exact "
            "dispatch knows one monthly charge, measured over intervals of the "
            "scenario's resolution)"
        )

    def _by_forecast(self, problem: DispatchProblem) -> Scheduled:
        published = None if self.tariff.follows_market else problem.rates
        strategy = ForecastStrategy(Forecaster(published=published))
        run = strategy.run(problem, self.issued)
        return Scheduled(
            run.stored_kwh,
            forecast_error=run.error,
            issued_fraction=run.issued_fraction,
        )

    def _rule(self, name: str, problem: DispatchProblem) -> Strategy:
        chosen = self.chosen
        if name == TimeOfUse.name:
            axis = self.tariff.axis(problem.grid)
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
