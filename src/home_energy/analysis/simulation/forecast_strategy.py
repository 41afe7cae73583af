"""A battery that plans ahead on what is known, and plans anew every half-hour."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.exact_schedule import device_of, steps_of
from home_energy.analysis.simulation.expected_hours import (
    Horizon,
    Misses,
    issued_of,
    no_misses,
    standby_of,
)
from home_energy.analysis.simulation.forecaster import IMPORT_PRICE, Forecaster, Past
from home_energy.analysis.simulation.outlook import Forecasts, IssuedPrices
from home_energy.analysis.simulation.rolling import (
    Ahead,
    Known,
    Run,
    run_rolling,
)
from home_energy.domain.battery import Battery
from home_energy.domain.series import FloatArray, read_only
from home_energy.errors import DataError

LEADS_HOURS = (1, 6, 24)
"""How far ahead errors are told. [hours]"""

FINE_HOURS = 2
"""So far ahead a plan keeps the intervals of the axis. [hours]"""

BLOCK = timedelta(minutes=30)
"""Length of a plan's steps after that, where the axis's intervals are shorter."""

WORTH_FRACTION = 0.9
"""Share of the median price that energy left after the horizon counts for.

Less than all, so that at a price that never changes energy is used now, not later.
"""

UNSERVED_C_PER_KWH = 1e5
"""Price of load that is not met, above any price of the market. [c/kWh]

The National Electricity Market's cap of 2025-26 is 20,300 $/MWh (Australian Energy
Market Commission, schedule of reliability settings), some 2,300 c/kWh with GST.
"""


@dataclass(frozen=True, slots=True)
class ForecastError:
    """Mean distance between what was expected and what came, at each of `LEADS_HOURS`.

    NaN at a lead that neither the horizon nor the run reaches.

    Parameters
    ----------
    import_c_per_kwh, export_c_per_kwh
        [c/kWh]
    load_kwh, solar_kwh
        [kWh per interval]
    """

    import_c_per_kwh: tuple[float, ...]
    export_c_per_kwh: tuple[float, ...]
    load_kwh: tuple[float, ...]
    solar_kwh: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ForecastRun:
    """A run, and how good the forecasts were that it went by.

    Parameters
    ----------
    stored_kwh
        Above the reserve, before the first interval and after each. (T + 1,) [kWh]
    error
        Of the forecasts that were planned on.
    plan_count
        How often was planned.
    issued_fraction
        Share of the planned hours that forecasts on record told of; the causal
        forecaster made the rest.
    """

    stored_kwh: FloatArray
    error: ForecastError
    plan_count: int
    issued_fraction: float


@dataclass(frozen=True, slots=True, eq=False)
class ForecastStrategy:
    """Plan the hours ahead exactly on what is expected, act on what is measured.

    Forecasts on record go before those of the causal forecaster, which makes what they
    do not tell of. Energy left after the horizon is worth what its AC energy saves at
    the median price to buy of the expected day, times `WORTH_FRACTION`, less the wear
    of taking it out, and never less than 0. The export limit of the hours ahead is
    expected to be the present one. `rolling` says how a plan is acted on.

    Parameters
    ----------
    forecaster
        Expects what no forecast on record tells of.
    horizon_hours
        How far ahead is planned: intervals of the axis for `FINE_HOURS`, then half-
        hours.
    replan_minutes
        How often; never more often than the axis has intervals.
    """

    name: ClassVar[str] = "forecast"
    is_upper_bound: ClassVar[bool] = False
    forecaster: Forecaster = field(default_factory=Forecaster)
    horizon_hours: float = 36
    replan_minutes: int = 30

    def __post_init__(self) -> None:
        """Refuse a horizon shorter than its fine part, and plans that are no plans."""
        hours, minutes = self.horizon_hours, self.replan_minutes
        if not (FINE_HOURS <= hours <= 24 * 7 and 0 < minutes <= 60 * FINE_HOURS):
            raise DataError(
                f"forecast: expected a horizon of {FINE_HOURS} to 168 hours and a new "
                f"plan every 1 to {60 * FINE_HOURS} minutes, got {hours} and {minutes}"
            )

    def stored_kwh(
        self,
        problem: DispatchProblem,
        forecasts: Forecasts | IssuedPrices | None = None,
        /,
    ) -> FloatArray:
        """See `Strategy`."""
        return self.run(problem, forecasts).stored_kwh

    def run(
        self,
        problem: DispatchProblem,
        forecasts: Forecasts | IssuedPrices | None = None,
        /,
    ) -> ForecastRun:
        """Run the battery, and tell how good the forecasts were.

        Raises
        ------
        AlignmentError
            If the step does not divide a day, or published prices lie elsewhere.
        """
        count = problem.grid.count
        leads = leads_of(problem)
        horizon = horizon_of(problem, self.horizon_hours, self.replan_minutes)
        start_kwh = float(problem.start_stored_kwh)
        if problem.battery is None:
            stored = read_only(np.full(count + 1, start_kwh))
            return ForecastRun(stored, error_of(no_misses(leads)), 0, 0.0)
        past = self.forecaster.past(problem)
        worth = worth_of(past, problem.battery)
        run = Run(
            steps_of(problem, problem.connection.import_limits_kwh(problem.grid)),
            device_of(problem)._replace(unserved_c_per_kwh=UNSERVED_C_PER_KWH),
            ahead_of(problem),
            horizon,
        )
        known = Known(past, issued_of(forecasts), worth)
        rolled = run_rolling(run, known, leads, start_kwh)
        plan_count = -(-count // horizon.between_plans)
        planned_count = max(plan_count * horizon.intervals, 1)
        return ForecastRun(
            read_only(rolled.stored_kwh),
            error_of(rolled.misses),
            plan_count,
            1 - rolled.made_count / planned_count,
        )


def leads_of(problem: DispatchProblem) -> NDArray[np.int64]:
    """`LEADS_HOURS` in intervals of a home's axis."""
    return np.array([round(hours / problem.hours) for hours in LEADS_HOURS])


def horizon_of(
    problem: DispatchProblem, horizon_hours: float, replan_minutes: int
) -> Horizon:
    """A horizon in intervals of a home's axis."""
    step = problem.grid.step
    of_a_block = max(BLOCK // step, 1)
    between = max(timedelta(minutes=replan_minutes) // step, 1)
    fine = max(round(FINE_HOURS / problem.hours), between)
    coarse = round((horizon_hours / problem.hours - fine) / of_a_block)
    return Horizon(between, fine, of_a_block, fine + max(coarse, 0))


def median_prices(past: Past) -> FloatArray:
    """Median price to buy of each expected day. (D,) [c/kWh]

    Of the first day, of which nothing is expected, the first price that is measured.
    """
    prices = past.expected[IMPORT_PRICE].copy()
    prices[:1] = past.measured[IMPORT_PRICE, :1]
    return np.asarray(np.median(prices, axis=1))


def worth_of(past: Past, battery: Battery | None) -> FloatArray:
    """What a stored kWh is worth after the horizon, by day. (D,) [c/kWh]"""
    medians = WORTH_FRACTION * median_prices(past)
    if battery is None:
        return np.zeros(medians.size)
    worth = medians * battery.discharge_efficiency_fraction - battery.wear_c_per_kwh
    return np.asarray(np.maximum(worth, 0.0))


def ahead_of(problem: DispatchProblem) -> Ahead:
    """What is known of every interval ahead of a home."""
    battery = problem.battery
    return Ahead(
        charge_limit_kwh=battery.charge_kw * problem.hours if battery else 0.0,
        discharge_limit_kwh=battery.discharge_kw * problem.hours if battery else 0.0,
        import_limit_kwh=problem.connection.import_limit_kw * problem.hours,
        standby_kwh=standby_of(problem),
        may_charge_from_grid=battery is None or battery.may_charge_from_grid,
        may_export=battery is None or battery.may_export,
    )


def error_of(misses: Misses) -> ForecastError:
    """Means of what was counted."""
    compared = np.where(misses.compared > 0, misses.compared, np.nan)
    return ForecastError(*(tuple(row.tolist()) for row in misses.errors / compared))
