"""The tornado of a purchase that was run: bars by hand, and what has none."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.analysis.scenario.spiked_homes import BUY as BUY_OF_A_DAY
from tests.analysis.scenario.spiked_homes import (
    Home,
    home_with,
    one_spike,
    question,
    two_loads,
)
from tests.analysis.scenario.test_car_run import V2H
from tests.analysis.scenario.test_money import BEST, BUY, assumed
from tests.analysis.scenario.test_run import BATTERY, IMPORT, asked, half_hours, saved
from tests.analysis.sweep.swept_homes import QUESTION, swept_home

from home_energy.analysis.scenario.money import JudgedHome
from home_energy.analysis.scenario.purchase_block import PurchaseBlock
from home_energy.analysis.scenario.result import scenario_result
from home_energy.analysis.scenario.run import run_scenario
from home_energy.analysis.scenario.run_tornado import JudgedRun, tornado_of
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.analysis.scenario.stress_years import StressYear

Bars = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Home:
    # 6 kWh at 50 c in the evening; 7.5 at 10 c save 2.25 of them: 821.25 a year.
    days = {IMPORT: half_hours(1.0, 36, 42)}
    return saved(tmp_path_factory.mktemp("evening"), days)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    store, settings = swept_home(tmp_path_factory.mktemp("bought"))
    with closing(store):
        yield store, settings


def bars_of(home: Home, scenario: Scenario) -> Bars:
    """Of the last run, by assumption, in their order."""
    told = scenario_result(run_scenario(*home, scenario, with_doubt=True), "0" * 64)
    return {bar["assumption"]: bar for bar in told["runs"][-1]["money"]["tornado"]}


def bought(**purchase: Any) -> Scenario:
    return asked(battery=BATTERY, strategy=BEST, purchase={**BUY, **purchase})


def ends(bar: dict[str, Any]) -> list[float]:
    return [bar["npv_low_aud"], bar["npv_high_aud"]]


def test_bars_of_a_purchase_are_sums_by_hand(evening: Home) -> None:
    bars = bars_of(evening, bought())

    # 2 x 821.25 - 1,500 = 142.50, undiscounted.
    assert list(bars) == [
        "ten_best_intervals",
        "import_price_level",
        "purchase_price_aud",
        "discount_fraction_per_year",
        "import_price_growth_fraction_per_year",
    ]
    price, level = bars["purchase_price_aud"], bars["import_price_level"]
    assert ends(price) == pytest.approx([292.5, -7.5])
    assert (price["low"], price["high"]) == pytest.approx((1350.0, 1650.0))
    assert (price["middle"], price["unit"]) == (1500.0, "AUD")
    assert ends(level) == pytest.approx([142.5 - 164.25, 142.5 + 164.25])
    growth = bars["import_price_growth_fraction_per_year"]
    lower, higher = (821.25 * (1 + g + (1 + g) ** 2) - 1500 for g in (-0.015, 0.015))
    assert ends(growth) == pytest.approx([lower, higher])
    # Its ten best intervals are the six of the evening: 3.00 a day.
    best = bars["ten_best_intervals"]
    assert ends(best) == pytest.approx([142.5 - 2 * 365 * 3.00, 142.5])
    assert price["date"] == "2026-11-22"
    assert price["source"]


def test_a_battery_that_fades_otherwise_is_run_at_what_is_left(evening: Home) -> None:
    fades = assumed(battery_fade_fraction_per_year=0.2)

    bar = bars_of(evening, bought(assumptions=fades))["battery_fade_fraction_per_year"]

    # 0.4 and 1.3 times 20 %: 96 + 88 % and 87 + 61 % of 821.25 in two years.
    assert (bar["low"], bar["high"]) == pytest.approx((0.08, 0.26))
    assert ends(bar) == pytest.approx(
        [821.25 * 1.84 - 1500, 821.25 * 1.48 - 1500], abs=1e-3
    )


def test_no_swing_leaves_less_than_a_twentieth_of_a_battery(evening: Home) -> None:
    fades = assumed(battery_fade_fraction_per_year=0.5)

    bar = bars_of(evening, bought(assumptions=fades))["battery_fade_fraction_per_year"]

    # 1.5 x 63.3 % is 95 %; 65 % would be 97.5 %.
    assert bar["high"] == pytest.approx(0.95 / 1.5)
    assert bar["npv_high_aud"] == pytest.approx(
        821.25 * (2 - 2 * 0.95 / 1.5) - 1500, abs=1e-3
    )


def test_a_certificate_brings_less_or_more_of_each(swept: Home) -> None:
    buy = {**BUY, "solar_zone": 4, "solar_aud": 7000.0}

    bars = bars_of(swept, Scenario.model_validate({**QUESTION, "purchase": buy}))

    # 84 of the battery and 41 of the panels.
    bar = bars["certificate_aud"]
    assert (bar["low"], bar["middle"], bar["high"]) == (36.0, 38.0, 39.0)
    assert bar["npv_high_aud"] - bar["npv_low_aud"] == pytest.approx(125 * 3.0)
    solar = bars["solar_fade_fraction_per_year"]
    assert (solar["low"], solar["high"]) == (0.0, 0.0106)
    assert solar["npv_high_aud"] < solar["npv_low_aud"]


def test_spikes_are_the_bar_of_the_stress_years(tmp_path: Path) -> None:
    home = home_with(tmp_path, [one_spike()], [two_loads()])
    scenario = question(purchase=BUY_OF_A_DAY)

    told = scenario_result(run_scenario(*home, scenario, with_doubt=True), "0" * 64)

    run = told["runs"][-1]
    bar = next(b for b in run["money"]["tornado"] if b["assumption"] == "spikes")
    none, _, double = run["stress"]
    assert (bar["low"], bar["middle"], bar["high"]) == (0.0, 1.0, 2.0)
    assert ends(bar) == [none["npv_aud"], double["npv_aud"]]


def test_what_takes_too_long_to_be_run_again_has_no_bar(tmp_path: Path) -> None:
    home = home_with(tmp_path, [one_spike()], [two_loads()])
    fades = {**BUY_OF_A_DAY["assumptions"], "battery_fade_fraction_per_year": 0.1}
    scenario = question(purchase={**BUY_OF_A_DAY, "assumptions": fades})
    done = run_scenario(*home, scenario)
    run, money = done.runs[-1], done.money["perfect_foresight"]
    choice = scenario.purchase
    assert isinstance(choice, PurchaseBlock)
    judged = JudgedHome("a", choice, done.baseline, np.zeros(48), 0.0, 1)
    slow = (
        StressYear("no_spikes", "", None, None),
        StressYear("without_ten_best_intervals", "", 0.0, {"export_earned_aud": -9.0}),
        StressYear("double_spikes", "", None, None),
    )

    bars = tornado_of(JudgedRun(judged, run, done.problem, money, slow, None))

    named = {bar.assumption for bar in bars}
    assert {"purchase_price_aud", "ten_best_intervals"} <= named
    assert not {"spikes", "battery_fade_fraction_per_year"} & named


def test_what_saves_nothing_rests_on_its_price_alone(tmp_path: Path) -> None:
    home = home_with(tmp_path, [np.zeros(48)], [np.zeros(48)])
    scenario = question(
        prices={"tariff": "flat"}, battery=BATTERY, purchase=BUY_OF_A_DAY
    )

    bars = bars_of(home, scenario)

    assert list(bars) == ["purchase_price_aud"]
    assert ends(bars["purchase_price_aud"]) == pytest.approx([-1350.0, -1650.0])


def test_what_nobody_offers_has_no_tornado(evening: Home) -> None:
    car = {**V2H, "limit_fraction": 0.7}
    buy = {"installed": "2026-03-01"}
    scenario = asked(car=car, strategy={"names": ["solar_first"]}, purchase=buy)

    done = run_scenario(*evening, scenario, with_doubt=True)

    run = scenario_result(done, "0")["runs"][-1]
    assert done.stressed is not None
    assert done.stressed.tornados == {}
    assert "tornado" not in run["money"]
    assert [one["npv_aud"] for one in run["stress"]] == [None] * 3


def test_a_rate_of_one_s_own_beyond_all_swings_stays_between_its_ends(
    evening: Home,
) -> None:
    rate = assumed(discount_fraction_per_year=0.495)

    bar = bars_of(evening, bought(assumptions=rate))["discount_fraction_per_year"]

    assert (bar["low"], bar["middle"], bar["high"]) == pytest.approx(
        (0.475, 0.495, 0.495)
    )
