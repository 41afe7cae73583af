"""What is said of a car: hypothetical things are called so wherever they are shown."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from tests.analysis.scenario.test_car_run import CAR, V2H
from tests.analysis.scenario.test_run import IMPORT, asked, half_hours, saved

from home_energy.analysis.scenario.result import scenario_result
from home_energy.analysis.scenario.run import run_scenario
from home_energy.cli.scenario_words import print_basis, print_result, print_summary

pytestmark = [pytest.mark.xdist_group("car"), pytest.mark.timeout(400)]
"""What runs a car compiles for a minute; one process does."""


def told(folder: Path, **parts: object) -> dict[str, Any]:
    home = saved(folder, {IMPORT: half_hours(1.0, 36, 42)})
    strategy = {"names": ["perfect_foresight"]}
    done = run_scenario(*home, asked(strategy=strategy, **parts))
    return scenario_result(done, "0" * 64)


def printed(result: dict[str, Any]) -> str:
    out = StringIO()
    console = Console(file=out, width=80)
    print_result(console, result)
    print_summary(console, [result, result])
    print_basis(console, [result])
    return " ".join(out.getvalue().split())


def test_a_pair_that_nobody_offers_is_hypothetical_everywhere(tmp_path: Path) -> None:
    text = printed(told(tmp_path, car=V2H))

    assert "HYPOTHETICAL: A question" in text
    assert "a (hypothetical)" in text
    assert "No source was found that says whether this car may discharge" in text


def test_the_forecast_says_what_the_hardware_may_cost(tmp_path: Path) -> None:
    result = told(tmp_path, car=V2H)
    result["runs"][-1]["is_upper_bound"] = False

    text = printed(result)

    # The least that is worth a night's 6 kWh: told of no bound, which none can have.
    worth_aud = result["runs"][-1]["car"]["worth_of_discharging_aud"]
    assert f"costs more than ${10 * worth_aud:.2f} in all" in text
    assert "does not pay for itself in 10 such years (no interest)" in text


def test_no_hardware_is_priced_by_what_no_home_can_have(tmp_path: Path) -> None:
    text = printed(told(tmp_path, car=V2H))

    assert "in all does not pay for itself" not in text


def test_a_car_that_only_charges_is_no_hypothesis(tmp_path: Path) -> None:
    text = printed(told(tmp_path, car=CAR))

    assert "ypothetical" not in text
    assert "HYPOTHETICAL" not in text
    assert "the car drives 40 km on 1 trips" in text
    assert "as it is: the home with its car charged on arrival" in text


@pytest.mark.parametrize("width", [80, 100])
def test_no_figure_of_the_table_is_cut(tmp_path: Path, width: int) -> None:
    result = told(tmp_path, car=CAR)
    result["baseline"]["cost_aud"] = 12_345.67
    out = StringIO()

    print_result(Console(file=out, width=width), result)

    assert "$12,345.67" in out.getvalue()
    assert "…" not in out.getvalue()
