"""What a run's flows look like: its months, its days by season, its best intervals."""

from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.scenario.month_costs import months_of, months_of_run
from home_energy.analysis.scenario.run import ScenarioRun
from home_energy.analysis.scenario.strategy_run import StrategyRun
from home_energy.analysis.tariffs.calendar_axis import (
    HALF_HOURS_PER_DAY,
    calendar_axis,
)
from home_energy.domain.calendar_year import SEASONS, season_of
from home_energy.domain.dispatch import Dispatch
from home_energy.domain.series import FloatArray

IntArray = NDArray[np.int64]

DURATION_POINTS = 101
"""A point of the duration curve for each percent of the time, both ends included."""

_SEASON_OF_MONTH = np.array([season_of(month) for month in range(1, 13)])

_HOME_FLOWS = (
    "load_kwh",
    "grid_to_load_kwh",
    "solar_to_load_kwh",
    "battery_to_load_kwh",
    "solar_to_battery_kwh",
    "grid_to_battery_kwh",
    "solar_to_grid_kwh",
    "battery_to_grid_kwh",
    "curtailed_kwh",
)
_CAR_FLOWS = (
    "car_to_load_kwh",
    "solar_to_car_kwh",
    "battery_to_car_kwh",
    "grid_to_car_kwh",
    "car_to_battery_kwh",
    "car_to_grid_kwh",
)


def shapes(run: ScenarioRun, one: StrategyRun, zone: ZoneInfo) -> dict[str, Any]:
    """Shapes of one run, ready for JSON; docs/models/report.md has every key.

    Parameters
    ----------
    zone
        Clock of the typical days.
    """
    return {
        "months": months(run, one),
        "days_by_season": days_by_season(run, one, zone),
        "savings_duration": savings_duration(run, one),
    }


def months(run: ScenarioRun, one: StrategyRun) -> list[dict[str, Any]]:
    """Energy and money of each month of the meter; both sum to the run's totals.

    What the stores hold more at the end than at the start belongs to the last month.
    """
    axis = months_of(one.dispatch.grid)
    costs = months_of_run(one)
    saved = [
        before.cost_aud - after.cost_aud
        for before, after in zip(run.baseline.months, costs, strict=True)
    ]
    left_aud = one.at_end.worth_aud + one.car_at_end.worth_aud
    saved[-1] += left_aud - run.baseline.left_in_car_aud
    energy = {name: axis.sums(kwh) for name, kwh in flows_of(one.dispatch).items()}
    return [
        {
            "month": cost.month,
            **{name: float(kwh[n]) for name, kwh in energy.items()},
            "bill_aud": cost.bought_aud + cost.sold_aud + cost.fixed_aud,
            "saving_aud": saved[n],
        }
        for n, cost in enumerate(costs)
    ]


def flows_of(dispatch: Dispatch) -> dict[str, FloatArray]:
    """Every flow by its name; those of a car are 0 in a home without. (T,) [kWh]"""
    flows = {name: getattr(dispatch, name) for name in _HOME_FLOWS}
    nothing = np.zeros(dispatch.grid.count)
    for name in _CAR_FLOWS:
        flows[name] = nothing if dispatch.car is None else getattr(dispatch.car, name)
    return flows


def days_by_season(
    run: ScenarioRun, one: StrategyRun, zone: ZoneInfo
) -> list[dict[str, Any]]:
    """Mean day of each season that the run touches, by half-hours of a local clock.

    The hour that a clock skips has a sample fewer, the one that it repeats one more.
    A half-hour without any sample is `None`.
    """
    grid = one.dispatch.grid
    axis = calendar_axis(grid, zone.key, None)
    season = _SEASON_OF_MONTH[axis.month_count % 12]
    half_hour = axis.slot % HALF_HOURS_PER_DAY
    place = season * HALF_HOURS_PER_DAY + half_hour
    samples = np.bincount(place, minlength=len(SEASONS) * HALF_HOURS_PER_DAY)
    table: dict[str, list[list[float | None]] | None] = {
        name: None if values is None else _means(values, place, samples)
        for name, values in _day_rows(run, one).items()
    }
    start_hours = [number / 2 for number in range(HALF_HOURS_PER_DAY)]
    return [
        {
            "season": name,
            "start_hours": start_hours,
            **{key: None if rows is None else rows[n] for key, rows in table.items()},
        }
        for n, name in enumerate(SEASONS)
        if np.any(season == n)
    ]


def savings_duration(run: ScenarioRun, one: StrategyRun) -> dict[str, Any]:
    """What the best intervals save together, by the share of time that they take.

    The curve ends at what is saved on energy; what has no interval, such as standing
    charges, demand, wear and what is left in the stores, is `beside_aud`: both together
    are the saving.
    """
    saved = np.sort(one.saving_by_interval_aud)[::-1]
    sums = np.concatenate([[0.0], np.cumsum(saved)])
    share = np.linspace(0.0, 1.0, DURATION_POINTS)
    curve = np.interp(share * saved.size, np.arange(sums.size), sums)
    return {
        "share_of_time_fraction": [float(value) for value in share],
        "saving_aud": [float(value) for value in curve],
        "beside_aud": run.saving_aud(one) - float(sums[-1]),
    }


def _day_rows(run: ScenarioRun, one: StrategyRun) -> dict[str, FloatArray | None]:
    """What a typical day shows of each interval; `None` without the device."""
    flows, rates = one.dispatch, run.problem.rates
    per_hour = 3600 / flows.grid.step.total_seconds()
    has_battery = run.problem_of(one).battery is not None
    battery = (flows.discharge_kwh - flows.charge_kwh) * per_hour
    return {
        "load_kw": flows.load_kwh * per_hour,
        "solar_kw": flows.solar_kwh * per_hour,
        "grid_import_kw": flows.grid_import_kwh * per_hour,
        "grid_export_kw": flows.grid_export_kwh * per_hour,
        "curtailed_kw": flows.curtailed_kwh * per_hour,
        "battery_kw": battery if has_battery else None,
        "car_kw": None
        if flows.car is None
        else (flows.car.discharge_kwh - flows.car.charge_kwh) * per_hour,
        "stored_kwh": flows.stored_kwh[:-1] if has_battery else None,
        "import_c_per_kwh": rates.import_c_per_kwh,
    }


def _means(
    values: FloatArray, place: IntArray, samples: IntArray
) -> list[list[float | None]]:
    """Mean of each half-hour of each season; `None` without a sample."""
    sums = np.bincount(place, weights=values, minlength=samples.size)
    means = [
        float(total) / int(count) if count else None
        for total, count in zip(sums, samples, strict=True)
    ]
    return [
        means[first : first + HALF_HOURS_PER_DAY]
        for first in range(0, samples.size, HALF_HOURS_PER_DAY)
    ]
