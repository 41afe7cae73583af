"""A scenario's strategy by name, made ready to run on its home."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from home_energy.analysis.scenario.demand_price import demand_price
from home_energy.analysis.scenario.scenario_file import Strategies
from home_energy.analysis.scenario.scheduled import Scheduled
from home_energy.analysis.simulation.demand_schedule import exact_schedule_with_demand
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.exact_schedule import exact_schedule
from home_energy.analysis.simulation.forecast_strategy import (
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
from home_energy.analysis.tariffs.plan import Window
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.tariffs.rate_times import times_of
from home_energy.analysis.usage.gap_rules import BoolArray

_FORESIGHT_SEES_DEMAND = (
    "perfect foresight keeps each month's demand charge in mind; others do not, though "
    "every bill holds it"
)
_NONE_SEES_DEMAND = (
    "no strategy keeps the tariff's demand charges in mind, perfect foresight neither, "
    "so it is no upper bound here; every bill holds them (the exact dispatch of a "
    "battery knows one monthly charge, measured over intervals of the scenario's "
    "resolution)"
)


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
        return Scheduled(self.rule(name, problem).stored_kwh(problem))

    def notes(self, problem: DispatchProblem) -> tuple[str, ...]:
        """What strategies see of the tariff's demand charges."""
        plan = self.tariff.plan
        if not problem.has_storage or not any(one.demand for one in plan.period):
            return ()
        price = demand_price(plan, self.tariff.axis(problem.grid))
        said = _NONE_SEES_DEMAND
        if price is not None and problem.car is None:
            said = _FORESIGHT_SEES_DEMAND
        return (said,)

    def forecaster(self, problem: DispatchProblem) -> Forecaster:
        """What is expected of a home; prices published beforehand are known."""
        published = None if self.tariff.follows_market else problem.rates
        return Forecaster(published=published)

    def _by_forecast(self, problem: DispatchProblem) -> Scheduled:
        strategy = ForecastStrategy(self.forecaster(problem))
        run = strategy.run(problem, self.issued)
        return Scheduled(
            run.stored_kwh,
            forecast_error=run.error,
            issued_fraction=run.issued_fraction,
        )

    def rule(self, name: str, problem: DispatchProblem) -> Strategy:
        """Strategy of a battery that is neither forecast nor perfect foresight."""
        chosen = self.chosen
        if name == TimeOfUse.name:
            return TimeOfUse(
                charges=self.hold(chosen.charge_windows, problem),
                discharges=self.hold(chosen.discharge_windows, problem),
            )
        if name == PriceThreshold.name:
            low, high = chosen.charge_below_c_per_kwh, chosen.discharge_above_c_per_kwh
            assert low is not None  # noqa: S101 - the scenario's file was checked
            assert high is not None  # noqa: S101
            return PriceThreshold(low, high)
        if name == SmartCycles.name:
            return SmartCycles(cycles_per_day=chosen.cycles_per_day)
        return STRATEGIES[name]()

    def hold(self, windows: Sequence[Window], problem: DispatchProblem) -> BoolArray:
        """Whether any of the windows holds, on the tariff's clock. (T,)"""
        axis = self.tariff.axis(problem.grid)
        holds = np.zeros(axis.slot.size, dtype=np.bool_)
        for window in windows:
            holds |= times_of(window).ravel()[axis.slot]
        return holds
