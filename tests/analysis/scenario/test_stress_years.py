"""Stress years: a home with one spike by calculator, and whole markets beside them."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tests.analysis.scenario.spiked_homes import (
    BUY,
    SPIKE,
    Home,
    home_with,
    one_spike,
    question,
    two_loads,
)
from tests.analysis.scenario.test_run import DAY

from home_energy.analysis.scenario.result import result_text, scenario_result
from home_energy.analysis.scenario.run import ScenarioRun, run_scenario
from home_energy.analysis.scenario.scenario_home import scenario_home
from home_energy.analysis.scenario.stress_years import (
    NO_SPIKES_THERE,
    TOO_SLOW,
    SpikedPrices,
    StressedHome,
    best_intervals,
    spiked_prices,
)
from home_energy.analysis.scenario.stressed_runs import is_quick

NAMES = ["no_spikes", "without_ten_best_intervals", "double_spikes"]


@pytest.fixture(scope="module")
def spiked(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("spiked")
    return home_with(folder, [one_spike()], [two_loads()])


def stress(done: ScenarioRun, strategy: str = "perfect_foresight") -> list[Any]:
    told = scenario_result(done, "0" * 64)["runs"]
    found: list[Any] = next(
        one["stress"] for one in told if one["strategy"] == strategy
    )
    return found


def prices(home: Home, tariff: str) -> SpikedPrices:
    found = scenario_home(*home, question(), lambda _words: None)
    return spiked_prices(found.tariff(tariff), found.home.grid, found.spot)


def test_each_year_is_the_sum_by_hand_and_the_battery_is_run_anew(
    spiked: Home,
) -> None:
    done = run_scenario(*spiked, question(), with_doubt=True)

    # As it is 250 c at 18:00 and 85 at 20:00. The battery buys 3 kWh at 30 c, serves
    # both and sells one at 220: 90 - 220 c, and 6 kWh through its cells at 22 c.
    assert done.saving_aud(done.runs[-1]) == pytest.approx(3.35 + 1.30 - 1.32)
    none, best, double = stress(done)
    assert [one["name"] for one in (none, best, double)] == NAMES
    # At 100 and 70 c selling does not pay for 30 c and the wear: 100 + 85 less
    # 60 + 4 x 22. The old schedule would save 33 c.
    assert none["saving_aud"] == pytest.approx(1.00 + 0.85 - 0.60 - 0.88)
    # At 400 and 370 c: 400 + 85 less 90 - 370 + 132.
    assert double["saving_aud"] == pytest.approx(4.00 + 0.85 - 0.90 + 3.70 - 1.32)
    # 18:00 brought 250 + 220 c, 20:00 85.
    assert best["saving_aud"] == pytest.approx(3.33 - 4.70 - 0.85)
    assert best["saving_aud"] == pytest.approx(
        scenario_result(done, "0")["runs"][-1]["saving_without_ten_best_intervals_aud"]
    )
    assert [one["npv_aud"] for one in (none, best, double)] == [None] * 3


def test_worth_moves_by_what_is_bought_and_sold_each_at_its_price(
    spiked: Home,
) -> None:
    done = run_scenario(*spiked, question(purchase=BUY), with_doubt=True)

    # 365 such days; what is sold earns 0.6 of it in year 1 and 0.36 in year 2. Bought
    # less by 335 - 90 c and sold 220; 125 and 0; -90 and 0; 395 and 370.
    none, best, double = (one["npv_aud"] for one in stress(done))
    npv_aud = done.money["perfect_foresight"].measures.npv_aud
    assert npv_aud == pytest.approx(365 * (2 * 2.45 + 0.96 * 2.20) - 1500)
    assert none == pytest.approx(365 * 2 * 1.25 - 1500)
    assert best == pytest.approx(365 * 2 * -0.90 - 1500)
    assert double == pytest.approx(365 * (2 * 3.95 + 0.96 * 3.70) - 1500)


def test_without_a_purchase_or_a_battery_a_year_is_stressed_too(spiked: Home) -> None:
    done = run_scenario(*spiked, question(), with_doubt=True)

    assert [one["saving_aud"] for one in stress(done, "no_battery")] == pytest.approx(
        [0.0, 0.0, 0.0], abs=1e-9
    )


@pytest.mark.parametrize("tariff", ["spot", "spot-and-demand"])
@pytest.mark.parametrize("times", [0.0, 2.0])
def test_a_stressed_year_is_the_year_of_a_market_with_those_prices(
    tmp_path: Path, tariff: str, times: float
) -> None:
    chance = np.random.default_rng(5)
    spot = list(chance.uniform(0.0, 60.0, (4, 48)))
    for day, slot in ((0, 37), (1, 36), (2, 14), (2, 38), (3, 35)):
        spot[day][slot] = 150.0 + 40.0 * day
    load = list(chance.uniform(0.0, 0.8, (4, 48)))
    names = ["self_consumption", "smart_cycles", "forecast", "perfect_foresight"]
    asked = question(4, prices={"tariff": tariff}, strategy={"names": names})
    (tmp_path / "other").mkdir()
    # Above 100 c to buy is above 70 c of spot.
    there = [np.where(c > 70, 70 + times * (c - 70), c) for c in spot]

    stressed = run_scenario(*home_with(tmp_path, spot, load), asked, with_doubt=True)
    other = run_scenario(*home_with(tmp_path / "other", there, load), asked)

    number = 0 if times == 0 else 2
    for run in other.runs:
        found = stress(stressed, run.strategy)[number]["saving_aud"]
        assert found == pytest.approx(other.saving_aud(run), abs=1e-6), run.strategy


def test_the_price_to_sell_moves_only_where_it_follows_the_market(
    spiked: Home,
) -> None:
    both, fixed, clock = (
        prices(spiked, name) for name in ("spot", "spot-bought", "sold-by-the-clock")
    )

    for found in (both, fixed, clock):
        assert found.times(0.0).import_c_per_kwh[SPIKE] == pytest.approx(100.0)
        assert found.times(2.0).import_c_per_kwh[SPIKE] == pytest.approx(400.0)
        others = np.arange(48) != SPIKE
        for times in (0.0, 2.0):
            rates = found.times(times)
            for side in ("import_c_per_kwh", "export_c_per_kwh"):
                np.testing.assert_array_equal(
                    getattr(rates, side)[others], getattr(found.rates, side)[others]
                )
    assert both.times(0.0).export_c_per_kwh[SPIKE] == pytest.approx(70.0)
    assert both.times(2.0).export_c_per_kwh[SPIKE] == pytest.approx(370.0)
    assert fixed.times(0.0).export_c_per_kwh[SPIKE] == 5.0
    assert fixed.times(2.0).export_c_per_kwh[SPIKE] == 5.0
    assert clock.times(0.0).export_c_per_kwh[SPIKE] == pytest.approx(70.0)


def test_a_fixed_price_at_the_spike_stays_though_others_follow_the_market(
    tmp_path: Path,
) -> None:
    spot = one_spike()
    spot[30] = 220.0
    home = home_with(tmp_path, [spot], [two_loads()])

    assert prices(home, "sold-by-the-clock").times(0.0).export_c_per_kwh[30] == 5.0


def test_only_what_follows_the_market_pays_for_its_spikes(spiked: Home) -> None:
    tariffs = {"tariff": "spot", "baseline_tariff": "flat"}
    done = run_scenario(*spiked, question(prices=tariffs), with_doubt=True)

    # As it is two kWh at 30 c whatever the spikes; then 60 + 88, and 90 - 370 + 132.
    none, _, double = stress(done)
    assert none["saving_aud"] == pytest.approx(0.60 - 1.48)
    assert double["saving_aud"] == pytest.approx(0.60 + 1.48)


def test_a_home_that_leaves_the_market_is_spared_its_spikes(spiked: Home) -> None:
    tariffs = {"tariff": "flat", "baseline_tariff": "spot"}
    done = run_scenario(*spiked, question(prices=tariffs), with_doubt=True)

    # 335, 185 and 485 c as it is, then two kWh at 30 c.
    none, _, double = stress(done)
    assert done.saving_aud(done.runs[-1]) == pytest.approx(2.75)
    assert none["saving_aud"] == pytest.approx(1.25)
    assert double["saving_aud"] == pytest.approx(4.25)


def test_a_tariff_without_spikes_says_so_and_saves_the_same(spiked: Home) -> None:
    done = run_scenario(*spiked, question(prices={"tariff": "flat"}), with_doubt=True)

    none, _, double = stress(done)
    assert none["said"] == double["said"] == NO_SPIKES_THERE
    saving_aud = done.saving_aud(done.runs[-1])
    assert none["saving_aud"] == double["saving_aud"] == saving_aud


def test_what_takes_too_long_is_not_run_and_has_no_figure(spiked: Home) -> None:
    done = run_scenario(*spiked, question())
    found = prices(spiked, "spot")
    home = StressedHome(done.baseline, found, found)

    none, best, double = home.years(done.runs[-1], done.problem, None)

    for year in (none, double):
        assert (year.saving_aud, year.more_saved) == (None, None)
        assert year.said == TOO_SLOW
    assert best.saving_aud == pytest.approx(-2.22)


def test_what_is_left_at_the_end_saves_nothing_in_other_years_either(
    tmp_path: Path,
) -> None:
    # Above 100 c all day but at night: the median itself is a spike.
    spot = np.full(48, 100.0)
    spot[:12] = 0.0
    load = np.zeros(48)
    load[47] = 1.0
    strategy = {
        "names": ["time_of_use"],
        "charge_windows": [{"hours": ["22:00-23:00"]}],
        "discharge_windows": [{"hours": ["18:00-21:00"]}],
    }
    home = home_with(tmp_path, [spot], [load])

    done = run_scenario(*home, question(strategy=strategy), with_doubt=True)

    # 2 kWh at 130 c are left; without spikes they cost 100 each. Of wear only what goes
    # in: 2 x 22.
    none, _, _ = stress(done, "time_of_use")
    assert done.saving_aud(done.runs[-1]) == pytest.approx(-2.60 - 0.44)
    assert none["saving_aud"] == pytest.approx(-2.00 - 0.44)


def test_intervals_that_bring_nothing_are_not_among_the_best() -> None:
    saving = np.array([1.0, 0.0, -2.0, 3.0])

    assert sorted(best_intervals(saving)) == [0, 3]
    assert len(best_intervals(np.ones(20))) == 10


@pytest.mark.parametrize(
    ("strategy", "has_car", "has_battery", "hours", "quick"),
    [
        ("forecast", False, True, 1 / 12, True),
        ("forecast", True, False, 0.5, True),
        ("forecast", True, False, 1 / 12, False),
        ("forecast", True, True, 0.5, False),
        ("perfect_foresight", True, True, 0.5, False),
        ("solar_first", True, True, 1 / 12, True),
    ],
)
def test_plans_with_a_car_take_too_long_to_be_made_again(
    strategy: str, *, has_car: bool, has_battery: bool, hours: float, quick: bool
) -> None:
    problem: Any = SimpleNamespace(
        car="a car" if has_car else None,
        battery="a battery" if has_battery else None,
        hours=hours,
    )

    assert is_quick(strategy, problem) is quick


def test_stress_years_are_run_only_if_asked_for(spiked: Home) -> None:
    told = scenario_result(run_scenario(*spiked, question(purchase=BUY)), "0" * 64)

    assert [one["stress"] for one in told["runs"]] == [None, None]
    assert told["runs"][-1]["money"]["tornado"] is None


def test_the_same_question_gives_the_same_bytes(spiked: Home) -> None:
    first, second = (
        result_text(
            scenario_result(
                run_scenario(*spiked, question(purchase=BUY), with_doubt=True), "0"
            )
        )
        for _ in range(2)
    )

    assert first == second
    assert DAY.isoformat() in first
