"""The home before anything is added: what every saving is counted from."""

from dataclasses import dataclass, replace

import numpy as np

from home_energy.analysis.scenario.month_costs import (
    MonthCosts,
    months_of_bill,
    months_of_run,
)
from home_energy.analysis.scenario.scheduled import Scheduled
from home_energy.analysis.scenario.strategy_run import RunTeller, StrategyRun
from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.analysis.simulation.car_use import CarUse
from home_energy.analysis.simulation.charging_strategy import OnArrival
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.usage.home_year import HomeYear
from home_energy.domain.bill import Bill
from home_energy.domain.car_at_home import Discharge
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.rates import Rates
from home_energy.domain.series import FloatArray, PriceSeries


@dataclass(frozen=True, slots=True, eq=False)
class AsItIs:
    """The home as it is; its car, if it has one, is charged on arrival.

    Parameters
    ----------
    metered
        What goes through its meter.
    bill
        Of that.
    energy_c
        Cost of energy, less what it earns. (T,) [c]
    months
        The same by month. (M)
    car
        `None` for a home without.
    left_in_car_aud
        Worth of what the car holds more at the end than at the start. [AUD]
    car_charge_kwh
        Into the car at home; `None` for a home without. (T,) [kWh, AC]
    """

    metered: MeteredEnergy
    bill: Bill
    energy_c: FloatArray
    months: tuple[MonthCosts, ...]
    car: CarUse | None = None
    left_in_car_aud: float = 0.0
    car_charge_kwh: FloatArray | None = None

    @property
    def cost_aud(self) -> float:
        """Bill and charging elsewhere, less what is left in the car. [AUD]"""
        public_aud = 0.0 if self.car is None else self.car.public_aud
        return self.bill.total_aud + public_aud - self.left_in_car_aud


def as_it_is(
    home: HomeYear,
    tariff: PlanTariff,
    spot: PriceSeries,
    connection: GridConnection,
    car: CarOnAxis | None,
) -> AsItIs:
    """Bill the home as it is.

    Without a car it is what went through the meter. With one the car charges at full
    power whenever it is plugged in, and gives nothing back: what most chargers do.
    """
    rates = tariff.rates(home.grid, spot)
    if car is None:
        metered = home.metered
        energy_c = (
            metered.general_kwh * rates.import_c_per_kwh
            - metered.feed_in_kwh * rates.export_c_per_kwh
        )
        bill = tariff.bill(metered, spot)
        return AsItIs(metered, bill, energy_c, months_of_bill(home.grid, bill))
    problem = nothing_bought(home, rates, connection, car)
    paths = OnArrival().paths(problem)
    controlled = home.metered.controlled_load_kwh
    teller = RunTeller(tariff, spot, controlled, np.zeros(home.grid.count))
    run = teller.tell(
        OnArrival.name,
        problem,
        Scheduled(paths.battery_stored_kwh, paths.car_stored_kwh),
    )
    return as_it_is_of(run, controlled)


def as_it_is_of(run: StrategyRun, controlled_load_kwh: FloatArray | None) -> AsItIs:
    """A home that was run, as one that others are counted from.

    Parameters
    ----------
    controlled_load_kwh
        Beside the run's own flows; `None` for a home without. (T,) [kWh]
    """
    return AsItIs(
        metered=run.dispatch.metered(controlled_load_kwh),
        bill=run.bill,
        energy_c=run.ledger.energy_c,
        months=months_of_run(run),
        car=run.car,
        left_in_car_aud=run.car_at_end.worth_aud,
        car_charge_kwh=None
        if run.dispatch.car is None
        else run.dispatch.car.charge_kwh,
    )


def nothing_bought(
    home: HomeYear, rates: Rates, connection: GridConnection, car: CarOnAxis
) -> DispatchProblem:
    """The home as it is, for a strategy that charges its car: it gives nothing back."""
    return DispatchProblem(
        rates=rates,
        load_kwh=home.load_kwh,
        solar_kwh=home.solar_kwh,
        battery=None,
        connection=connection,
        car=replace(car, car=replace(car.car, discharge=Discharge.NONE)),
    )
