"""Stress years and tornado of a run: every figure, ready for JSON."""

from dataclasses import asdict
from typing import Any

from home_energy.analysis.scenario.run import ScenarioRun
from home_energy.analysis.scenario.run_tornado import npv_in_stress_aud
from home_energy.analysis.scenario.strategy_run import StrategyRun


def stress_result(run: ScenarioRun, one: StrategyRun) -> list[dict[str, Any]] | None:
    """What a run saves in each stress year; `None` where that was not asked for.

    The worth of a purchase goes with it, but for what nobody is known to offer.
    """
    if run.stressed is None:
        return None
    money = None if run.is_hypothetical else run.money.get(one.strategy)
    return [
        {
            "name": year.name,
            "said": year.said,
            "saving_aud": year.saving_aud,
            "npv_aud": None if money is None else npv_in_stress_aud(money, year),
        }
        for year in run.stressed.years[one.strategy]
    ]


def tornado_result(run: ScenarioRun, one: StrategyRun) -> list[dict[str, Any]] | None:
    """Bars of a run's purchase, widest first; `None` where that was not asked for."""
    if run.stressed is None:
        return None
    return [
        {**asdict(bar), "date": bar.date.isoformat()}
        for bar in run.stressed.tornados.get(one.strategy, ())
    ]
