"""A battery and a car that plan ahead together on what is known, every half-hour."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.simulation.car_forecast import car_ahead, car_steps, diary_of
from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.analysis.simulation.car_plan import CarEvents, car_room
from home_energy.analysis.simulation.car_schedule import car_device_of
from home_energy.analysis.simulation.charging_strategy import Paths
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.exact_schedule import device_of, steps_of
from home_energy.analysis.simulation.expected_day import intervals_per_day
from home_energy.analysis.simulation.expected_hours import (
    Horizon,
    issued_of,
    no_misses,
)
from home_energy.analysis.simulation.flows import sealed
from home_energy.analysis.simulation.forecast_strategy import (
    UNSERVED_C_PER_KWH,
    ForecastError,
    ForecastStrategy,
    ahead_of,
    error_of,
    horizon_of,
    leads_of,
    median_prices,
    worth_of,
)
from home_energy.analysis.simulation.forecaster import Forecaster
from home_energy.analysis.simulation.joint.problem import JointPrices
from home_energy.analysis.simulation.joint.rolling import (
    Alone,
    CarAt,
    JointKnown,
    JointRun,
    JointWork,
    run_joint,
)
from home_energy.analysis.simulation.joint.room import room_for
from home_energy.analysis.simulation.outlook import Forecasts, IssuedPrices
from home_energy.analysis.simulation.rolling import Values
from home_energy.analysis.simulation.slope_list import SlopeList, slope_list
from home_energy.analysis.simulation.step_cost import Steps
from home_energy.domain.car_at_home import Discharge

SOONER_C_PER_KWH = 4e-6
"""By so little is the car charged now rather than later at the same price.

More than the `NOW_C_PER_KWH` that is against buying now, with losses of up to a half.
"""


@dataclass(frozen=True, slots=True, eq=False)
class JointForecastRun:
    """A run, and how good the forecasts were that it went by.

    Parameters
    ----------
    paths
        What battery and car hold.
    error
        Of the forecasts that were planned on.
    plan_count
        How often was planned.
    issued_fraction
        Share of the planned hours that forecasts on record told of; the causal
        forecaster made the rest.
    """

    paths: Paths
    error: ForecastError
    plan_count: int
    issued_fraction: float


@dataclass(frozen=True, slots=True, eq=False)
class JointForecastStrategy:
    """Plan the hours ahead of battery and car together, act on what is measured.

    What is expected of prices, load and sun is that of `ForecastStrategy`, and so is
    the worth of what the battery holds after the horizon. A kWh in the car is worth
    there what one costs at the median price to buy of the expected day, with the loss
    of charging. Of the car is known what `car_forecast` says: no trip before it is
    announced. `rolling` says how a plan is acted on.

    Parameters
    ----------
    forecaster, horizon_hours, replan_minutes
        As of `ForecastStrategy`.
    """

    name: ClassVar[str] = "forecast"
    is_upper_bound: ClassVar[bool] = False
    forecaster: Forecaster = field(default_factory=Forecaster)
    horizon_hours: float = 36
    replan_minutes: int = 30

    def __post_init__(self) -> None:
        """Refuse what `ForecastStrategy` refuses."""
        self._of_battery()

    def paths(
        self,
        problem: DispatchProblem,
        forecasts: Forecasts | IssuedPrices | None = None,
        /,
    ) -> Paths:
        """See `ChargingStrategy`."""
        return self.run(problem, forecasts).paths

    def run(
        self,
        problem: DispatchProblem,
        forecasts: Forecasts | IssuedPrices | None = None,
        /,
    ) -> JointForecastRun:
        """Run battery and car, and tell how good the forecasts were.

        Raises
        ------
        AlignmentError
            If the step does not divide a day, or published prices lie elsewhere.
        """
        if problem.car is None:
            return self._run_battery(problem, forecasts)
        horizon = horizon_of(problem, self.horizon_hours, self.replan_minutes)
        past = self.forecaster.past(problem)
        efficiency = problem.car.car.charger.charge_efficiency_fraction
        known = JointKnown(
            past,
            issued_of(forecasts),
            worth_of(past, problem.battery),
            np.maximum(median_prices(past), 0.0) / efficiency,
        )
        run = _run_of(problem, problem.car, horizon)
        work = _work_for(run, leads_of(problem))
        count = problem.grid.count
        stored = np.full(count + 1, float(problem.start_stored_kwh))
        car_stored = np.full(count + 1, float(problem.car.start_stored_kwh))
        plans, made = run_joint(run, known, work, stored, car_stored)
        planned_count = max(plans * horizon.intervals, 1)
        return JointForecastRun(
            Paths(stored, car_stored),
            error_of(work.misses),
            plans,
            1 - made / planned_count,
        )

    def _run_battery(
        self, problem: DispatchProblem, forecasts: Forecasts | IssuedPrices | None
    ) -> JointForecastRun:
        """Of a home without a car."""
        run = self._of_battery().run(problem, forecasts)
        paths = Paths(run.stored_kwh, np.zeros(problem.grid.count + 1))
        return JointForecastRun(paths, run.error, run.plan_count, run.issued_fraction)

    def _of_battery(self) -> ForecastStrategy:
        return ForecastStrategy(
            self.forecaster, self.horizon_hours, self.replan_minutes
        )


def _run_of(problem: DispatchProblem, car: CarOnAxis, horizon: Horizon) -> JointRun:
    limits = problem.connection.import_limits_kwh(problem.grid)
    device = car_device_of(problem)._replace(unserved_c_per_kwh=UNSERVED_C_PER_KWH)
    return JointRun(
        actual=steps_of(problem, limits),
        car_charge_limit_kwh=sealed(problem.car_charge_limits_kwh),
        car_discharge_limit_kwh=sealed(problem.car_discharge_limits_kwh),
        battery=device_of(problem)._replace(unserved_c_per_kwh=UNSERVED_C_PER_KWH),
        home=ahead_of(problem),
        car=CarAt(
            device=device,
            device_now=device._replace(charge_wear_c_per_kwh=-SOONER_C_PER_KWH),
            diary=diary_of(car, intervals_per_day(problem.grid)),
            charge_limit_kwh=car.car.charge_kw * problem.hours,
            discharge_limit_kwh=car.car.discharge_kw * problem.hours,
            serves_load_only=car.car.discharge is Discharge.V2H,
        ),
        prices=JointPrices(
            UNSERVED_C_PER_KWH, car.public_c_per_kwh, car.short_c_per_kwh
        ),
        horizon=horizon,
    )


def _work_for(run: JointRun, leads: NDArray[np.int64]) -> JointWork:
    """Room for the plans of a run."""
    steps, between = run.horizon.steps, run.horizon.between_plans
    window = Steps(*(np.empty(steps) for _ in Steps._fields))
    limits = {
        "charge_limit_kwh": np.zeros(steps),
        "discharge_limit_kwh": np.zeros(steps),
    }
    events = CarEvents(
        np.zeros(steps),
        np.zeros(steps + 1),
        run.prices.public_c_per_kwh,
        run.prices.short_c_per_kwh,
    )
    battery = window._replace(load_kwh=np.empty(steps))
    car = window._replace(load_kwh=np.empty(steps), **limits)
    return JointWork(
        window=window,
        battery=_alone(battery, slope_list(steps), between),
        car=_alone(car, car_room(steps), between),
        events=events,
        car_ahead=car_ahead(run.horizon.intervals),
        car_steps=car_steps(steps),
        joint=room_for(steps),
        rows=np.empty((9, steps)),
        battery_kwh=np.zeros(steps),
        car_kwh=np.zeros(steps),
        ahead=np.empty((4, run.horizon.intervals)),
        misses=no_misses(leads),
    )


def _alone(window: Steps, work: SlopeList, between_plans: int) -> Alone:
    shape = (between_plans, work.slopes.size)
    values = Values(np.empty(shape), np.empty(shape), np.zeros(shape[0], np.int64))
    return Alone(window, work, values)
