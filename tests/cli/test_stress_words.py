"""What a run says of other years, and of what its worth rests on."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from tests.analysis.scenario.spiked_homes import (
    BUY,
    home_with,
    one_spike,
    question,
    two_loads,
)
from tests.analysis.sweep.swept_homes import swept_home
from tests.cli.conftest import Home

from home_energy.analysis.scenario.result import scenario_result
from home_energy.analysis.scenario.run import run_scenario
from home_energy.cli.stress_words import print_stress


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = home_with(tmp_path_factory.mktemp("told"), [one_spike()], [two_loads()])
    windows = {
        "names": ["time_of_use", "perfect_foresight"],
        "charge_windows": [{"hours": ["02:00-03:00"]}],
        "discharge_windows": [{"hours": ["18:00-21:00"]}],
    }
    asked = question(strategy=windows, purchase=BUY)
    return scenario_result(run_scenario(*home, asked, with_doubt=True), "0" * 64)


def words(result: dict[str, Any], width: int = 80) -> str:
    out = StringIO()
    print_stress(Console(file=out, width=width), result)
    return out.getvalue()


def test_one_line_tells_the_best_run_without_foresight(
    result: dict[str, Any],
) -> None:
    said = " ".join(words(result).split())

    # 250 + 85 c served by 2 kWh at 30 c, 88 c of wear; then 100 and 400 for 250.
    assert (
        "- time of use saves $1.87. In other years: no price above 100 c/kWh: $0.37; "
        "without its 10 best intervals: -$1.48; all above 100 c/kWh doubled: $3.37"
    ) in said
    assert "foresight" not in said


def test_bars_stand_on_one_scale_around_the_middle(result: dict[str, Any]) -> None:
    lines = words(result).splitlines()
    bars = [line for line in lines if "|" in line and "#" in line]
    places = {line.index("|") for line in bars}

    assert len(places) == 1
    widest = max(bars, key=lambda line: line.count("#"))
    assert widest is bars[0]
    price = next(line for line in bars if "price before incentives" in line)
    assert price.index("$1,650") < price.index("|") < price.index("$1,350")


@pytest.mark.parametrize("width", [80, 100])
def test_no_figure_is_cut(result: dict[str, Any], width: int) -> None:
    said = words(result, width)

    assert "…" not in said
    assert max(map(len, said.splitlines())) <= width


def test_nothing_is_said_of_what_was_not_asked_for(tmp_path: Path) -> None:
    home = home_with(tmp_path, [one_spike()], [two_loads()])
    told = scenario_result(run_scenario(*home, question()), "0" * 64)

    assert words(told) == ""


def test_years_that_are_alike_are_said_once(tmp_path: Path) -> None:
    home = home_with(tmp_path, [one_spike()], [two_loads()])
    asked = question(prices={"tariff": "flat"})

    told = scenario_result(run_scenario(*home, asked, with_doubt=True), "0" * 64)

    assert words(told).count("no interval above 100 c/kWh") == 1


def test_only_the_command_that_asks_for_doubt_gets_it(home: Home) -> None:
    store, _ = swept_home(home.folder / "config")
    store.close()
    (home.folder / "config" / "home.toml").write_text(
        '[home]\nstore = "config/home.sqlite"\ntimezone = "Australia/Melbourne"\n'
        '[bill]\ntariff = "market"\n'
    )
    (home.folder / "a.toml").write_text(
        'name = "a"\ntitle = "A"\n[period]\nfrom = 2025-06-24\nto = 2025-07-07\n'
        "resolution_minutes = 30\n"
    )

    plain, doubted = (
        json.loads(home.run("scenario", "run", "a.toml", "--json", *asked).stdout)
        for asked in ((), ("--doubt",))
    )

    assert plain["scenarios"][0]["runs"][0]["stress"] is None
    assert len(doubted["scenarios"][0]["runs"][0]["stress"]) == 3
