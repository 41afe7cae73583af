"""One day of a home with a battery that is not there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from home_energy.analysis.scenario.issued_forecasts import HALF_HOUR
from home_energy.analysis.shadow.record import PLANS_A_DAY, RecordedDay
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.exact_schedule import device_of, steps_of
from home_energy.analysis.simulation.expected_hours import issued_of
from home_energy.analysis.simulation.flows import book_flows
from home_energy.analysis.simulation.forecast_strategy import (
    UNSERVED_C_PER_KWH,
    WORTH_FRACTION,
    ForecastStrategy,
    ahead_of,
    horizon_of,
    leads_of,
    worth_of,
)
from home_energy.analysis.simulation.forecaster import Forecaster
from home_energy.analysis.simulation.ledger import ledger
from home_energy.analysis.simulation.outlook import IssuedPrices
from home_energy.analysis.simulation.rolling import (
    Known,
    Run,
    follow_levels,
    plan_span,
    room_for,
)
from home_energy.analysis.simulation.step_cost import MOST_PIECES
from home_energy.domain.battery import Battery
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.rates import Rates
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid, nem_day_start

FIVE_MINUTES = timedelta(minutes=5)
_OF_A_HALF_HOUR = HALF_HOUR // FIVE_MINUTES
_DAY = timedelta(days=1)

CONTEXT_DAYS = Forecaster().days
"""How many days before a day tell what it is expected to bring. [days]"""

MOST_IMPORT_KW = (15.0, 30.0, 60.0, 120.0)
MOST_EXPORT_KW = (5.0, 10.0, 15.0, 30.0, 120.0)
"""Limits at the meter, the first as in a scenario: a home that was seen to take or
give more has the next one."""


@dataclass(frozen=True, slots=True)
class BatteryBefore:
    """How a battery comes into a day.

    Parameters
    ----------
    stored_kwh, worth_aud
        Held above the reserve, and what that counted for. [kWh in the cells], [AUD]
    """

    stored_kwh: float = 0.0
    worth_aud: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class BatteryDay:
    """What a battery did to a day; see `ShadowDay`.

    Parameters
    ----------
    stored_kwh
        Above the reserve, before the first interval and after each. (T + 1,)
        [kWh in the cells]
    end
        How it comes into the next day.
    """

    bill_saving_aud: float
    wear_aud: float
    stored_kwh: FloatArray
    end: BatteryBefore
    issued_fraction: float | None


@dataclass(frozen=True, slots=True, eq=False)
class DayHome:
    """A day and what may be known of the time before and after it.

    Parameters
    ----------
    before
        Those of the `CONTEXT_DAYS` before it that are on record, in order.
    day
        The day itself.
    issued
        Price forecasts of each of its half-hours; `None` where none is on record.
    published_after
        Prices of the days after it where all prices are published beforehand, in
        intervals of five minutes; `None` where they follow the market. [c/kWh]
    """

    before: Sequence[RecordedDay]
    day: RecordedDay
    issued: IssuedPrices | None
    published_after: Rates | None = None

    @property
    def step(self) -> timedelta:
        """Half an hour where the meter counts half-hours, else five minutes.

        A meter of half-hours is told by its energy, which the record shares evenly.
        """
        for one in (*self.before, self.day):
            for kwh in (one.load_kwh, one.solar_kwh):
                parts = kwh.reshape(-1, _OF_A_HALF_HOUR)
                if not np.array_equal(
                    parts, np.broadcast_to(parts[:, :1], parts.shape)
                ):
                    return FIVE_MINUTES
        return HALF_HOUR

    def problem(self, battery: Battery, start_stored_kwh: float) -> DispatchProblem:
        """The days before and the day itself as one axis that ends with the day.

        Where days are missing the others move up: what counts of them is the time of
        day. Energy is summed over the step, prices are its mean.
        """
        days = (*self.before, self.day)
        parts = self.step // FIVE_MINUTES
        load, solar, buy, sell = (
            np.concatenate([getattr(one, name) for one in days])
            .reshape(-1, parts)
            .sum(axis=1)
            for name in (
                "load_kwh",
                "solar_kwh",
                "import_c_per_kwh",
                "export_c_per_kwh",
            )
        )
        start = nem_day_start(self.day.day) - len(self.before) * _DAY
        grid = TimeGrid(start, self.step, load.size)
        hours = self.step / timedelta(hours=1)
        return DispatchProblem(
            rates=Rates(grid, buy / parts, sell / parts),
            load_kwh=load,
            solar_kwh=solar,
            battery=battery,
            connection=GridConnection(
                import_limit_kw=_limit(MOST_IMPORT_KW, load / hours),
                export_limit_kw=_limit(MOST_EXPORT_KW, solar / hours),
                curtails_solar=False,
            ),
            start_stored_kwh=start_stored_kwh,
        )


def run_day(home: DayHome, battery: Battery, before: BatteryBefore) -> BatteryDay:
    """Run a battery through a day by the `forecast` strategy.

    It is that strategy's run over the days before and this one, of which only this day
    is planned and followed: a plan does not ask what is stored, so days run one by one
    are the days of one long run.

    What is held at a midnight counts for what the next day's plans count energy for
    that they leave over, which days up to that midnight tell: `WORTH_FRACTION` x the
    median over the times of day of the mean price to buy of the last days x discharge
    efficiency, less wear, never below 0. The end of a day counts for as much as the
    start of the next, so sums over days hold only the first start and the last end.
    """
    problem = home.problem(battery, before.stored_kwh)
    strategy = ForecastStrategy(_forecaster(home, problem))
    horizon = horizon_of(problem, strategy.horizon_hours, strategy.replan_minutes)
    leads = leads_of(problem)
    past = strategy.forecaster.past(problem)
    of_a_day = _DAY // problem.grid.step
    first, count = problem.grid.count - of_a_day, problem.grid.count
    run = Run(
        steps_of(problem, problem.connection.import_limits_kwh(problem.grid)),
        device_of(problem)._replace(unserved_c_per_kwh=UNSERVED_C_PER_KWH),
        ahead_of(problem),
        horizon,
    )
    issued = issued_of(_placed(home.issued, problem.grid))
    known = Known(past, issued, worth_of(past, battery))
    room, levels = room_for(horizon, leads), np.empty((count, MOST_PIECES))
    made_count = plan_span(run, known, room, (first, count), levels)
    today = run._replace(actual=type(run.actual)(*(x[first:] for x in run.actual)))
    stored = np.full(of_a_day + 1, before.stored_kwh)
    follow_levels(today, room, levels[first:], stored)
    today_problem = _cut(problem, first)
    money = ledger(book_flows(today_problem, stored), today_problem.rates, battery)
    planned_count = PLANS_A_DAY * horizon.intervals
    worth = _worth_c_per_kwh(problem.rates.import_c_per_kwh, of_a_day, battery)
    return BatteryDay(
        bill_saving_aud=home.day.cost_aud - money.energy_aud,
        wear_aud=money.wear_aud,
        stored_kwh=stored,
        end=BatteryBefore(float(stored[-1]), float(stored[-1]) * worth / 100),
        issued_fraction=None
        if home.published_after is not None
        else 1 - made_count / planned_count,
    )


def _worth_c_per_kwh(
    import_c_per_kwh: FloatArray, of_a_day: int, battery: Battery
) -> float:
    """What a stored kWh counts for at the end of days of prices. [c/kWh]"""
    by_day = import_c_per_kwh.reshape(-1, of_a_day)[-CONTEXT_DAYS:]
    median = WORTH_FRACTION * float(np.median(by_day.mean(axis=0)))
    worth = median * battery.discharge_efficiency_fraction - battery.wear_c_per_kwh
    return max(worth, 0.0)


def _forecaster(home: DayHome, problem: DispatchProblem) -> Forecaster:
    """What is expected; prices published beforehand are known also after the day."""
    after = home.published_after
    if after is None:
        return Forecaster()
    parts = problem.grid.step // FIVE_MINUTES
    buy, sell = (
        np.append(so_far, later.reshape(-1, parts).mean(axis=1))
        for so_far, later in (
            (problem.rates.import_c_per_kwh, after.import_c_per_kwh),
            (problem.rates.export_c_per_kwh, after.export_c_per_kwh),
        )
    )
    grid = TimeGrid(problem.grid.start, problem.grid.step, buy.size)
    return Forecaster(published=Rates(grid, buy, sell))


def _placed(issued: IssuedPrices | None, grid: TimeGrid) -> IssuedPrices | None:
    """Forecasts of the last day of an axis, in its intervals."""
    if issued is None:
        return None
    parts = HALF_HOUR // grid.step
    first = grid.count - PLANS_A_DAY * parts
    return replace(
        issued, known_from=first + issued.known_from * parts, of_a_price=parts
    )


def _cut(problem: DispatchProblem, first: int) -> DispatchProblem:
    """The same home from an interval on."""
    grid, rates = problem.grid, problem.rates
    later = TimeGrid(grid.start + first * grid.step, grid.step, grid.count - first)
    return replace(
        problem,
        rates=Rates(
            later, rates.import_c_per_kwh[first:], rates.export_c_per_kwh[first:]
        ),
        load_kwh=problem.load_kwh[first:],
        solar_kwh=problem.solar_kwh[first:],
    )


def _limit(steps_kw: tuple[float, ...], seen_kw: FloatArray) -> float:
    """Lowest limit that does not forbid what was seen."""
    most_kw = float(seen_kw.max())
    return next((limit for limit in steps_kw if most_kw <= limit), most_kw)
