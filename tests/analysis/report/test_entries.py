"""Which strategy a report tells of."""

from pathlib import Path

from tests.analysis.sweep.swept_homes import BATTERY, QUESTION, swept_home

from home_energy.analysis.report.entries import chosen_run
from home_energy.analysis.scenario.run import ScenarioRun, run_scenario
from home_energy.analysis.scenario.scenario_file import Scenario


def run_of(folder: Path, wear_c_per_kwh: float, *names: str) -> ScenarioRun:
    store, settings = swept_home(folder)
    battery = {**BATTERY, "wear_c_per_kwh": wear_c_per_kwh}
    asked = {**QUESTION, "battery": battery, "strategy": {"names": names}}
    return run_scenario(store, settings, Scenario.model_validate(asked))


def test_a_battery_that_is_bought_is_run_even_at_a_loss(tmp_path: Path) -> None:
    # A kWh into and out of it is worth less than 30 c, and wears 200 c.
    run = run_of(tmp_path, 100.0, "self_consumption", "perfect_foresight")

    costs = {one.strategy: one.cost_aud for one in run.runs}
    assert costs["no_battery"] < costs["self_consumption"]
    assert chosen_run(run).strategy == "self_consumption"


def test_where_only_the_upper_bound_was_asked_for_panels_alone_are_told(
    tmp_path: Path,
) -> None:
    run = run_of(tmp_path, 1.0, "perfect_foresight")

    assert chosen_run(run).strategy == "no_battery"
