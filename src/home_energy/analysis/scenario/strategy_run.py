"""What one way to run the devices of a home comes to."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from home_energy.analysis.scenario.scheduled import Scheduled
from home_energy.analysis.simulation.battery_life import BatteryUse, battery_use
from home_energy.analysis.simulation.car_use import CarUse, car_use
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.flows import book_flows
from home_energy.analysis.simulation.ledger import Ledger, ledger
from home_energy.analysis.simulation.stored_at_end import (
    StoredAtEnd,
    car_stored_at_end,
    stored_at_end,
)
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.domain.bill import Bill
from home_energy.domain.dispatch import Dispatch
from home_energy.domain.series import FloatArray, PriceSeries


@dataclass(frozen=True, slots=True, eq=False)
class StrategyRun:
    """One way to run the devices.

    Parameters
    ----------
    strategy
        Its name; `no_battery` for the new solar alone.
    dispatch
        Every flow.
    bill
        Of what then went through the meter.
    ledger
        Money by flow, and wear, which no bill shows.
    at_end, car_at_end
        What battery and car hold more at the end than at the start.
    use
        What the run does to the battery; `None` without one.
    car
        What it did with the car; `None` without one.
    saving_by_interval_aud
        Energy cost of the home as it is less the one of this run. (T,) [AUD]
    scheduled
        What the strategy decided, with its proof or the error of its forecasts.
    """

    strategy: str
    dispatch: Dispatch
    bill: Bill
    ledger: Ledger
    at_end: StoredAtEnd
    car_at_end: StoredAtEnd
    use: BatteryUse | None
    car: CarUse | None
    saving_by_interval_aud: FloatArray
    scheduled: Scheduled

    @property
    def cost_aud(self) -> float:
        """Bill, wear and charging elsewhere, less what is left in the stores. [AUD]"""
        left_aud = self.at_end.worth_aud + self.car_at_end.worth_aud
        public_aud = 0.0 if self.car is None else self.car.public_aud
        return self.bill.total_aud + self.ledger.wear_aud + public_aud - left_aud


Tell = Callable[[str, DispatchProblem], StrategyRun]
"""Runs a strategy by its name on a home."""


@dataclass(frozen=True, slots=True, eq=False)
class RunTeller:
    """Tells what schedules of one home come to on one tariff.

    Parameters
    ----------
    tariff, spot
        Prices of the bill.
    controlled_load_kwh
        What goes through a register that is not dispatched; `None` without one. (T,)
    cost_before_c
        Energy cost of the home as it is. (T,) [c]
    """

    tariff: PlanTariff
    spot: PriceSeries
    controlled_load_kwh: FloatArray | None
    cost_before_c: FloatArray

    def tell(
        self, name: str, problem: DispatchProblem, scheduled: Scheduled
    ) -> StrategyRun:
        """Flows, bill and money of a schedule."""
        dispatch = book_flows(problem, scheduled.stored_kwh, scheduled.car_stored_kwh)
        battery, car = problem.battery, problem.car
        at_home = None if car is None else car.car
        money = ledger(dispatch, problem.rates, battery, at_home)
        in_car = np.zeros(1) if dispatch.car is None else dispatch.car.stored_kwh
        return StrategyRun(
            strategy=name,
            dispatch=dispatch,
            bill=self.tariff.bill(
                dispatch.metered(self.controlled_load_kwh), self.spot
            ),
            ledger=money,
            at_end=stored_at_end(problem, dispatch.stored_kwh),
            car_at_end=car_stored_at_end(problem, in_car),
            use=None if battery is None else battery_use(dispatch, battery),
            car=None if car is None else car_use(dispatch, car, problem.rates),
            saving_by_interval_aud=(self.cost_before_c - money.energy_c) / 100,
            scheduled=scheduled,
        )
