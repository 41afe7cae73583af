"""From running costs to answers of the API. Nothing is computed here."""

import math
from datetime import datetime

from home_energy.analysis.running_costs.costs_so_far import costs_so_far
from home_energy.analysis.running_costs.day_cost import DayCost
from home_energy.analysis.running_costs.demand_guard import demand_guard
from home_energy.analysis.running_costs.demand_words import demand_doubts, demand_words
from home_energy.analysis.running_costs.month_cost import MonthCost
from home_energy.analysis.running_costs.trend import trend
from home_energy.analysis.running_costs.typical_cost import (
    TypicalCost,
    typical_cost,
)
from home_energy.dashboard.api import cost_models as api
from home_energy.dashboard.api.answers import whole_seconds
from home_energy.errors import ConfigError
from home_energy.settings import Settings
from home_energy.store import Store


def costs_answer(
    store: Store, settings: Settings, time: datetime | None
) -> api.CostsAnswer:
    """Costs of one home.

    Parameters
    ----------
    time
        Trusted time. [aware UTC]
    """
    if time is None:
        return _answer(settings, None)
    found = costs_so_far(store, settings, time)
    typical = typical_cost(store, settings, time)
    return _answer(settings, time).model_copy(
        update={
            "today": None if found.today is None else _day(found.today),
            "yesterday": None if found.yesterday is None else _day(found.yesterday),
            "month": None if found.month is None else _month(found.month),
            "fault": found.fault,
            "typical": None if typical is None else _typical(typical),
            "trend": _trend(store, settings, time),
            "demand": _demand(store, settings, time),
        }
    )


def _answer(settings: Settings, time: datetime | None) -> api.CostsAnswer:
    return api.CostsAnswer(
        time_utc=whole_seconds(time),
        is_demo=settings.amber.is_demo,
        today=None,
        yesterday=None,
        month=None,
        fault=None,
        typical=None,
        trend=[],
        demand=None,
    )


def _day(day: DayCost) -> api.DayCostRow:
    return api.DayCostRow(
        day=day.day,
        cost_aud=day.cost_aud,
        energy_aud=day.energy_aud,
        supply_aud=day.supply_aud,
        import_kwh=day.import_kwh,
        export_kwh=day.export_kwh,
        known_seconds=day.known_seconds,
        passed_seconds=day.passed_seconds,
        source=day.source,
    )


def _month(month: MonthCost) -> api.MonthCostRow:
    return api.MonthCostRow(
        first_day=month.first_day,
        cost_aud=month.cost_aud,
        billed_day_count=month.billed_day_count,
        measured_day_count=month.measured_day_count,
        missing_day_count=month.missing_day_count,
        projected_aud=month.projected_aud,
        refusal=month.refusal,
    )


def _typical(typical: TypicalCost) -> api.TypicalCostRow:
    return api.TypicalCostRow(
        aud_per_hour=typical.aud_per_hour,
        day_count=typical.day_count,
        last_day=typical.last_day,
    )


def _trend(store: Store, settings: Settings, time: datetime) -> list[api.TrendRow]:
    try:
        found = trend(store, settings, time)
    except ConfigError:  # the fault of the costs says why
        return []
    return [
        api.TrendRow(
            start_utc=start,
            grid_watts=_or_none(watts),
            cost_aud_per_hour=_or_none(aud_per_hour),
            import_c_per_kwh=_or_none(c_per_kwh),
        )
        for start, watts, aud_per_hour, c_per_kwh in zip(
            found.starts,
            found.grid_watts.tolist(),
            found.cost_aud_per_hour.tolist(),
            found.import_c_per_kwh.tolist(),
            strict=True,
        )
    ]


def _demand(store: Store, settings: Settings, time: datetime) -> api.DemandRow | None:
    try:
        guard = demand_guard(store, settings, time)
    except ConfigError:  # the fault of the costs says why
        return None
    if guard is None:
        return None
    return api.DemandRow(
        charge_name=guard.charge_name,
        is_in_window=guard.is_in_window,
        window_start_utc=guard.window_start,
        window_end_utc=guard.window_end,
        interval_end_utc=guard.interval_end,
        peak_kw=guard.peak_kw,
        peak_start_utc=guard.peak_at,
        minimum_kw=guard.minimum_kw,
        measured_over=guard.measured_over,
        current_kw=guard.current_kw,
        now_kw=guard.now_kw,
        head_room_kw=guard.head_room_kw,
        left_kw=guard.left_kw,
        aud_per_kw=guard.aud_per_kw,
        is_close=guard.is_close,
        missing_minutes=guard.missing_minutes,
        is_current_partial=guard.is_current_partial,
        amber_says_window=guard.amber_says_window,
        said=demand_words(guard, settings.home.zone),
        doubts=list(demand_doubts(guard)),
    )


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
