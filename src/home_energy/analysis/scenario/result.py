"""What a scenario's runs come to: every figure of a result, and files of it.

Two runs of one scenario on one record give the same bytes: no time, no path and no
order of chance is in them.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from home_energy.analysis.billing.billed_period import usage_notes
from home_energy.analysis.scenario.car_result import car_result
from home_energy.analysis.scenario.dollars import dollars
from home_energy.analysis.scenario.doubt_result import range_result
from home_energy.analysis.scenario.money_result import (
    dollars_result,
    money_result,
    purchase_result,
)
from home_energy.analysis.scenario.run import UPPER_BOUND, ScenarioRun
from home_energy.analysis.scenario.saved_months import saving_range_aud
from home_energy.analysis.scenario.strategy_run import StrategyRun
from home_energy.analysis.scenario.stress_result import stress_result, tornado_result
from home_energy.analysis.scenario.stress_years import best_intervals
from home_energy.analysis.scenario.year_figures import by_kind_aud, figures_of
from home_energy.analysis.simulation.forecast_strategy import LEADS_HOURS
from home_energy.analysis.simulation.ledger import total_aud
from home_energy.analysis.simulation.year_totals import EnergyTotals
from home_energy.domain.bill import Bill
from home_energy.domain.dispatch import Dispatch
from home_energy.domain.series import starts_utc

PACKAGES = ("home-energy", "numba", "numpy", "pvlib", "pyxirr")
"""Whose versions a result depends on."""


def scenario_result(run: ScenarioRun, scenario_sha256: str) -> dict[str, Any]:
    """Every figure of a scenario, not rounded, ready for JSON."""
    scenario, battery = run.scenario, run.problem.battery
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "first_day": run.inputs.days.first.isoformat(),
        "last_day": run.inputs.days.last.isoformat(),
        "resolution_minutes": scenario.period.resolution_minutes,
        "baseline": {
            **_bill_figures(run.baseline.bill),
            "import_kwh": float(run.baseline.metered.general_kwh.sum()),
            "export_kwh": float(run.baseline.metered.feed_in_kwh.sum()),
            "cost_aud": run.baseline.cost_aud,
            "car": None if run.baseline.car is None else asdict(run.baseline.car),
        },
        "battery": None if battery is None else asdict(battery),
        "car": None if run.car is None else run.car.figures,
        "solar": None if run.solar is None else run.solar.figures,
        "purchase": purchase_result(scenario.purchase),
        "runs": [_run_figures(run, one) for one in run.runs],
        "notes": [
            run.home.note,
            *usage_notes(run.inputs),
            *(() if run.solar is None else run.solar.notes),
            *(() if run.car is None else run.car.notes),
            *run.notes,
        ],
        "provenance": {
            "scenario_sha256": scenario_sha256,
            "inputs_sha256": _input_hashes(run),
            "versions": {name: version(name) for name in PACKAGES},
        },
    }


def result_text(result: Mapping[str, Any]) -> str:
    """JSON of a result, the same bytes for the same figures."""
    return json.dumps(result, indent=2, sort_keys=True, allow_nan=False) + "\n"


def write_result(folder: Path, run: ScenarioRun, result: Mapping[str, Any]) -> None:
    """Write `result.json` and `dispatch.parquet` into a folder of the scenario's name.

    The table has one row for each strategy and interval, named by its start in UTC.
    """
    import pyarrow as pa  # noqa: PLC0415 - a tenth of a second, only for files
    import pyarrow.parquet as pq  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "result.json").write_text(result_text(result))
    tables = [_table(pa, one) for one in run.runs]
    pq.write_table(pa.concat_tables(tables), folder / "dispatch.parquet")


def saving_without_best_aud(run: ScenarioRun, one: StrategyRun) -> float:
    """Saving less what the ten best intervals of it brought. [AUD]"""
    best = best_intervals(one.saving_by_interval_aud)
    return run.saving_aud(one) - float(one.saving_by_interval_aud[best].sum())


def _run_figures(run: ScenarioRun, one: StrategyRun) -> dict[str, Any]:
    figures = figures_of(one, run.baseline.cost_aud)
    return {
        "strategy": one.strategy,
        "is_upper_bound": one.strategy == UPPER_BOUND,
        **_bill_figures(one.bill),
        "wear_aud": one.ledger.wear_aud,
        "end_difference_kwh": one.at_end.difference_kwh,
        "end_value_aud": one.at_end.worth_aud,
        "car_end_difference_kwh": one.car_at_end.difference_kwh,
        "car_end_value_aud": one.car_at_end.worth_aud,
        "cost_aud": one.cost_aud,
        "saving_aud": run.saving_aud(one),
        "saving_range_aud": range_result(saving_range_aud(run.baseline, figures)),
        "saving_without_ten_best_intervals_aud": saving_without_best_aud(run, one),
        "capture_ratio": run.capture_ratio(one),
        "lower_bound_aud": one.scheduled.lower_bound_aud,
        "certificate_aud": one.scheduled.certificate_aud,
        "forecast": _forecast(one),
        "money_by_flow_aud": _money(one),
        "battery_use": None if one.use is None else asdict(one.use),
        "car": car_result(run, one),
        "dollars": dollars_result(
            dollars(run.baseline, run.same_energy, run.problem_of(one), one)
        ),
        "money": _purchase(run, one),
        "stress": stress_result(run, one),
        **_energy_figures(run, one.dispatch, figures.energy),
    }


def _purchase(run: ScenarioRun, one: StrategyRun) -> dict[str, Any] | None:
    """What buying the devices comes to; `None` where nothing is bought."""
    told = money_result(
        run.money.get(one.strategy),
        run.baseline.cost_aud,
        is_upper_bound=one.strategy == UPPER_BOUND,
        is_hypothetical=run.is_hypothetical,
    )
    if told is None or run.is_hypothetical:
        return told
    return {**told, "tornado": tornado_result(run, one)}


def _forecast(one: StrategyRun) -> dict[str, Any] | None:
    """How wrong the forecasts were, 1, 6 and 24 hours ahead; `None` without any."""
    error = one.scheduled.forecast_error
    if error is None:
        return None
    return {
        "issued_fraction": one.scheduled.issued_fraction,
        "lead_hours": list(LEADS_HOURS),
        "mean_absolute_error": {
            name: [None if np.isnan(value) else value for value in values]
            for name, values in asdict(error).items()
        },
    }


def _money(one: StrategyRun) -> dict[str, float]:
    """What each flow cost or earned. [AUD]"""
    names = (
        "grid_to_load",
        "grid_to_battery",
        "grid_to_car",
        "solar_to_grid",
        "battery_to_grid",
        "car_to_grid",
    )
    return {name: total_aud(getattr(one.ledger, f"{name}_c")) for name in names}


def _energy_figures(
    run: ScenarioRun, dispatch: Dispatch, energy: EnergyTotals
) -> dict[str, Any]:
    export_costs = run.problem.rates.export_c_per_kwh < 0
    return {
        "import_kwh": energy.import_kwh,
        "export_kwh": energy.export_kwh,
        "load_kwh": energy.load_kwh,
        "solar_kwh": energy.solar_kwh,
        "curtailed_kwh": energy.curtailed_kwh,
        "curtailed_while_export_costs_kwh": float(
            dispatch.curtailed_kwh[export_costs].sum()
        ),
        "discharge_kwh": energy.discharge_kwh,
        "lost_kwh": float(dispatch.lost_kwh.sum()),
        "unserved_kwh": energy.unserved_kwh,
        "self_consumption_fraction": energy.self_consumption_fraction,
        "self_sufficiency_fraction": energy.self_sufficiency_fraction,
    }


def _bill_figures(bill: Bill) -> dict[str, Any]:
    return {
        "tariff": bill.tariff,
        "bill_aud": bill.total_aud,
        "bill_by_kind_aud": {k.value: aud for k, aud in by_kind_aud(bill).items()},
    }


def _input_hashes(run: ScenarioRun) -> dict[str, str]:
    arrays = {
        "load_kwh": run.home.load_kwh,
        "present_solar_kwh": run.home.solar_kwh,
        "import_c_per_kwh": run.problem.rates.import_c_per_kwh,
        "export_c_per_kwh": run.problem.rates.export_c_per_kwh,
        "solar_kwh": run.runs[0].dispatch.solar_kwh,
    }
    return {
        name: hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()
        for name, values in arrays.items()
    }


def _table(pa: Any, one: StrategyRun) -> Any:  # noqa: ANN401 - pyarrow has no types
    dispatch = one.dispatch
    grid = dispatch.grid
    columns: dict[str, Any] = {
        "strategy": pa.array([one.strategy] * grid.count).dictionary_encode(),
        "start_utc": pa.array(starts_utc(grid), pa.timestamp("s", tz="UTC")),
    }
    rows = {name: getattr(dispatch, name) for name in dispatch.energy_names()}
    if dispatch.car is not None:
        for name in dispatch.car.energy_names():
            told = name if "car" in name else f"car_{name}"
            rows[told] = getattr(dispatch.car, name)
    for name, values in rows.items():
        if not name.endswith("stored_kwh"):
            columns[name] = pa.array(values)
        else:
            after = name.replace("stored_kwh", "stored_after_kwh")
            columns[after] = pa.array(values[1:])
    return pa.table(columns)
