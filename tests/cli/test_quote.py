"""`quote`, and what `scenario run` says of money: one sentence and its figures."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from tests.analysis.scenario.test_car_run import V2H
from tests.analysis.scenario.test_run import BATTERY, IMPORT, asked, half_hours, saved
from tests.analysis.sweep.swept_homes import swept_home
from tests.cli.conftest import Home

from home_energy.analysis.scenario.result import scenario_result
from home_energy.analysis.scenario.run import run_scenario
from home_energy.cli.bill_words import aud
from home_energy.cli.scenario_words import print_result

QUOTE = """
name = "a-quote"
title = "Panels and a battery"
[period]
from = 2025-06-24
to = 2025-07-07
resolution_minutes = 30
[prices]
tariff = "market"
[solar]
array = [{ kw_dc = 7.0 }]
[battery]
usable_kwh = 10.0
charge_kw = 5.0
discharge_kw = 4.0
charge_efficiency_fraction = 0.95
discharge_efficiency_fraction = 0.94
[purchase]
installed = 2026-03-01
postcode = "3000"
solar_aud = 7000
battery_aud = 1500
"""
BUY = {"installed": "2026-03-01", "battery_aud": 1500.0}


@pytest.fixture
def quoted(home: Home) -> Home:
    store, _ = swept_home(home.folder / "config")
    store.close()
    (home.folder / "config" / "home.toml").write_text(
        '[home]\nstore = "config/home.sqlite"\ntimezone = "Australia/Melbourne"\n'
        '[bill]\ntariff = "flat"\n'
    )
    (home.folder / "quote.toml").write_text(QUOTE)
    return home


def words(folder: Path, width: int = 100, **parts: object) -> str:
    home = saved(folder, {IMPORT: half_hours(1.0, 36, 42)})
    scenario = asked(**{"strategy": {"names": ["perfect_foresight"]}, **parts})
    result = scenario_result(run_scenario(*home, scenario), "0" * 64)
    out = StringIO()
    print_result(Console(file=out, width=width), result)
    return out.getvalue()


def test_a_quote_is_one_sentence_and_its_figures(quoted: Home) -> None:
    done = quoted.run("quote", "quote.toml")
    said = " ".join(done.stdout.split())

    assert done.returncode == 0
    assert "On your data this is worth up to $" in said
    assert "this quote of $8,500 is $" in said
    # 84 and 57 certificates of the battery, 41 and 33 of the panels, at 38.
    assert "on 2027-03-01 instead of 2026-03-01 costs $1,330 of rebate" in said
    assert "rebate -$1,330.00" in said
    assert "Cheaper Home Batteries Program: $1,026.00 less." in said
    assert "perfect" not in said
    assert "before incentives (in 8 of 10 draws $" in said
    assert "net present value" in said
    assert said.count("8 of 10 draws") >= 5
    assert "draws: 1,000 futures made of the months on record" in said


def test_json_has_every_figure_and_is_the_same_twice(quoted: Home) -> None:
    first, second = (
        quoted.run("quote", "quote.toml", "--json").stdout for _ in range(2)
    )

    told: dict[str, Any] = json.loads(first)
    assert first == second
    assert told["strategy"] == "forecast"
    assert told["price_aud"] == 8500.0
    assert told["over_aud"] == pytest.approx(8500.0 - told["worth_up_to_aud"])
    put_off_aud = told["waiting"]["put_off_aud"]
    words = " ".join(quoted.run("quote", "quote.toml").stdout.split())
    assert f"saving put off {aud(-put_off_aud)}" in words
    assert told["waiting"]["rebate_change_aud"] == pytest.approx(-1330.0)
    doubt = told["money"]["doubt"]
    assert told["worth_range_aud"] == doubt["break_even_price_aud"]
    assert told["money"]["cash_flow"]["total_aud"][0] == pytest.approx(-8500 + 125 * 38)


def test_a_scenario_without_a_purchase_is_refused_in_a_line(quoted: Home) -> None:
    bare = QUOTE.split("[purchase]", maxsplit=1)[0]
    (quoted.folder / "bare.toml").write_text(bare)

    done = quoted.run("quote", "bare.toml")

    assert done.returncode == 2
    assert "there is no [purchase] to judge" in done.stderr


def test_a_run_says_its_money_and_which_dollar_came_from_what(tmp_path: Path) -> None:
    said = " ".join(words(tmp_path, battery=BATTERY, purchase=BUY).split())

    # 2.40 by price less 0.15 of losses, on the bill of a day; of the rest nothing.
    assert "battery by price $0.00 $2.40" in said
    assert "losses, standby $0.00 -$0.15" in said
    assert "saving $0.00 $2.25" in said
    assert "fixed charges" not in said
    assert "price $1,500.00" in said
    assert "incentives $0.00" in said
    assert "no reason to buy" in said
    assert "None: there are no solar panels, old or new." in said


def test_a_run_without_a_purchase_says_no_money(tmp_path: Path) -> None:
    said = words(tmp_path, battery=BATTERY)

    assert "which dollar came from" in said
    assert "the purchase" not in said


def test_of_what_nobody_offers_no_payback_is_said(tmp_path: Path) -> None:
    car = {**V2H, "limit_fraction": 0.7}
    strategy = {"names": ["solar_first"]}
    buy = {"installed": "2026-03-01"}

    said = words(tmp_path, car=car, strategy=strategy, purchase=buy)

    assert "breaks even at" in " ".join(said.split())
    assert "payback" not in said
    assert "pays back" not in said


@pytest.mark.parametrize("width", [80, 100])
def test_no_figure_of_money_is_cut(tmp_path: Path, width: int) -> None:
    said = words(tmp_path, width, battery=BATTERY, purchase=BUY)

    assert "…" not in said
