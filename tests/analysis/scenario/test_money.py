"""What a purchase comes to, its money worked out by hand."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.analysis.scenario.test_car_run import V2H
from tests.analysis.scenario.test_run import BATTERY, IMPORT, asked, half_hours, saved
from tests.analysis.sweep.swept_homes import QUESTION, swept_home

from home_energy.analysis.scenario.doubt_result import of_draws
from home_energy.analysis.scenario.money_result import money_result
from home_energy.analysis.scenario.result import result_text, scenario_result
from home_energy.analysis.scenario.run import ScenarioRun, run_scenario
from home_energy.analysis.scenario.saved_years import saved_in_year
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.analysis.scenario.year_engine import Capacity, Choices, prepare_year
from home_energy.analysis.scenario.year_figures import figures_of
from home_energy.analysis.scenario.year_point import YearPoint
from home_energy.domain.bill import LineKind
from home_energy.errors import ConfigError
from home_energy.settings import Settings
from home_energy.store import Store

Home = tuple[Store, Settings]
PLAIN: dict[str, Any] = {
    "horizon_years": 2,
    "discount_fraction_per_year": 0.0,
    "feed_in_decline_fraction_per_year": 0.0,
    "battery_fade_fraction_per_year": 0.0,
    "solar_fade_fraction_per_year": 0.0,
}
BUY: dict[str, Any] = {
    "installed": "2026-03-01",
    "battery_aud": 1500.0,
    "assumptions": PLAIN,
}
BEST = {"names": ["perfect_foresight"]}


@pytest.fixture
def evening(tmp_path: Path) -> Home:
    # 6 kWh at 50 c in the evening; 6 / 0.8 kWh at 10 c save 2.25 of them.
    return saved(tmp_path, {IMPORT: half_hours(1.0, 36, 42)})


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    store, settings = swept_home(tmp_path_factory.mktemp("bought"))
    with closing(store):
        yield store, settings


def run(home: Home, **purchase: Any) -> ScenarioRun:
    scenario = asked(battery=BATTERY, strategy=BEST, purchase={**BUY, **purchase})
    return run_scenario(*home, scenario)


def assumed(**others: Any) -> dict[str, Any]:
    return {**PLAIN, **others}


def test_a_battery_is_judged_by_what_its_run_saves(evening: Home) -> None:
    done = run(evening)

    # One day stands for 365: 2.25 x 365 = 821.25 in each of two years.
    money = done.money["perfect_foresight"]
    assert money.flow.total_aud == pytest.approx([-1500.0, 821.25, 821.25])
    assert money.measures.npv_aud == pytest.approx(142.50)
    assert money.measures.simple_payback.years == pytest.approx(1 + 678.75 / 821.25)
    assert money.measures.break_even_price_aud == pytest.approx(1642.50)
    assert money.benefit.discharge_kwh == pytest.approx([6 * 365.0] * 2)
    assert "takes these 1 days 365 times" in " ".join(done.notes)


def test_wear_is_in_the_cost_of_a_run_and_not_in_its_money(evening: Home) -> None:
    worn = asked(
        battery={**BATTERY, "wear_c_per_kwh": 1.0}, strategy=BEST, purchase=BUY
    )

    done = run_scenario(*evening, worn)

    # 6 kWh into and out of the cells at 1 c: the run saves 12 c less.
    assert done.saving_aud(done.runs[-1]) == pytest.approx(2.13)
    money = done.money["perfect_foresight"]
    assert money.flow.benefit_aud[1] == pytest.approx(821.25)


def test_what_is_left_in_the_battery_saves_nothing_yet(
    evening: Home,
) -> None:
    strategy = {
        "names": ["time_of_use"],
        "charge_windows": [{"hours": ["22:00-23:00"]}],
        "discharge_windows": [{"hours": ["18:00-21:00"]}],
    }

    done = run_scenario(
        *evening, asked(battery=BATTERY, strategy=strategy, purchase=BUY)
    )

    # 4 kWh at 50 c late at night are paid, and leave 3.2 kWh for another day.
    saved_aud = done.money["time_of_use"].benefit.import_avoided_aud
    assert saved_aud == pytest.approx([-2.00 * 365] * 2)


def test_charging_elsewhere_follows_prices_in_general(evening: Home) -> None:
    car = {**V2H, "discharge": "none"}
    scenario = asked(car=car, strategy={"names": ["solar_first"]})
    done = run_scenario(*evening, scenario)
    use = done.baseline.car
    assert use is not None
    before = replace(done.baseline, car=replace(use, public_aud=5.0))
    after = replace(figures_of(done.runs[-1], 0.0), public_aud=2.0)

    saved_aud = saved_in_year(before, after, years_per_run=10.0)

    assert saved_aud["other_avoided_aud"] == pytest.approx(30.0)


def test_later_years_are_run_with_what_is_left(evening: Home) -> None:
    done = run(evening, assumptions=assumed(battery_fade_fraction_per_year=0.2))

    # 90 % and 70 % of 6 kWh in the middle of the years; each kWh saves 50 - 12.5 c.
    money = done.money["perfect_foresight"]
    # The last is for doubt alone: devices that age 1.3 times as fast.
    ages = [one.after_years for one in money.simulated]
    assert ages == pytest.approx([0.0, 1.0, 1.5, 1.95])
    assert money.simulated[2].capacity.battery_fraction == pytest.approx(0.7)
    assert money.flow.benefit_aud == pytest.approx(
        [0.0, 5.4 * 0.375 * 365, 4.2 * 0.375 * 365], abs=1e-4
    )


def test_every_figure_of_money_has_its_range(evening: Home) -> None:
    done = run(evening)

    told = scenario_result(done, "0" * 64)["runs"][-1]
    doubt = told["money"]["doubt"]
    assert told["saving_range_aud"] is None
    assert set(doubt) == {
        "draws",
        "seed",
        "npv_aud",
        "simple_payback_years",
        "break_even_price_aud",
        "saving_aud_per_year",
        "gains_fraction",
        "pays_back_fraction",
        "pays_back_in_warranty_fraction",
        "histogram",
        "sentences",
    }
    assert set(doubt["npv_aud"]) == {"p10", "p50", "p90"}
    assert doubt["npv_aud"]["p10"] < told["money"]["npv_aud"]
    assert doubt["npv_aud"]["p90"] > told["money"]["npv_aud"]
    assert sum(doubt["histogram"]["counts"]) == doubt["draws"]


def test_no_chance_is_told_of_what_no_home_can_have(evening: Home) -> None:
    (only,) = scenario_result(run(evening), "0" * 64)["runs"][-1]["money"]["doubt"][
        "sentences"
    ]

    assert only == "This is an upper bound that no home can have, and no reason to buy."


def test_what_is_said_of_draws_is_rounded_to_neither_never_nor_always() -> None:
    said = [of_draws(share, 1000) for share in (0, 0.001, 0.524, 0.999, 1)]

    assert said == [
        "none of 1,000 draws",
        "less than 1 of 100 draws",
        "52 of 100 draws",
        "more than 99 of 100 draws",
        "all of 1,000 draws",
    ]


def test_where_nothing_fades_no_year_is_run_again(evening: Home) -> None:
    (only,) = run(evening).money["perfect_foresight"].simulated

    assert only.after_years == 0


def test_a_run_without_anything_new_has_no_money(evening: Home) -> None:
    done = run(evening)

    assert set(done.money) == {"perfect_foresight"}
    assert scenario_result(done, "0" * 64)["runs"][0]["money"] is None


def test_a_rebate_needs_panels_old_or_new(evening: Home, swept: Home) -> None:
    without = run(evening).money["perfect_foresight"].bought
    question = {**QUESTION, "purchase": {**BUY, "solar_zone": 4, "solar_aud": 7000.0}}
    with_panels = run_scenario(*swept, Scenario.model_validate(question))

    # 10 kWh x 8.4 at 38; 7 kW x 1.185 x 5 years = 41.475, so 41 at 38.
    both = with_panels.money["self_consumption"].bought.purchase
    alone = with_panels.money["no_battery"].bought.purchase
    assert without.incentives.total_aud == 0
    assert both.price_aud == 8500.0
    assert both.incentives_aud == pytest.approx(84 * 38.0 + 41 * 38.0)
    assert alone.price_aud == 7000.0
    assert alone.incentives_aud == pytest.approx(41 * 38.0)


def test_certificates_that_are_off_are_added_again(swept: Home) -> None:
    buy = {**BUY, "solar_zone": 4, "solar_aud": 7000.0, "certificates_are_off": True}
    done = run_scenario(*swept, Scenario.model_validate({**QUESTION, "purchase": buy}))

    purchase = done.money["self_consumption"].bought.purchase
    assert purchase.net_aud == pytest.approx(8500.0)
    assert purchase.price_aud == pytest.approx(8500.0 + 125 * 38.0)


def test_one_price_for_both_leaves_panels_alone_without_money(swept: Home) -> None:
    buy = {**BUY, "solar_zone": 4, "solar_and_battery_aud": 12_000.0, "other_aud": 50.0}
    del buy["battery_aud"]

    done = run_scenario(*swept, Scenario.model_validate({**QUESTION, "purchase": buy}))

    assert set(done.money) == {"self_consumption"}
    purchase = done.money["self_consumption"].bought.purchase
    assert purchase.price_aud == 12_050.0
    assert purchase.incentives_aud == pytest.approx(125 * 38.0)


def test_an_inverter_is_replaced_within_the_horizon(swept: Home) -> None:
    buy = {**BUY, "solar_zone": 4, "inverter_life_years": 1}
    buy |= {"inverter_replacement_aud": 900.0, "maintenance_aud_per_year": 100.0}

    done = run_scenario(*swept, Scenario.model_validate({**QUESTION, "purchase": buy}))

    keeping = done.money["no_battery"].flow.keeping_aud
    assert keeping == pytest.approx([0.0, -1000.0, -100.0])


def test_aged_devices_are_those_of_the_engine_of_years(swept: Home) -> None:
    fades = assumed(
        battery_fade_fraction_per_year=0.1, solar_fade_fraction_per_year=0.05
    )
    buy = {**BUY, "solar_zone": 4, "assumptions": fades}
    scenario = Scenario.model_validate(
        {**QUESTION, "prices": {"tariff": "by-the-clock"}, "purchase": buy}
    )

    money = run_scenario(*swept, scenario).money["self_consumption"]

    year = prepare_year(
        *swept, scenario, Choices(("by-the-clock",), ("self_consumption",))
    )
    point = YearPoint("by-the-clock", "self_consumption", 7.0, 10.0)
    # In the middle of the second and last year 15 % and 7.5 % are gone.
    aged = year.evaluate(point, Capacity(0.85, 0.925))
    before = sum(
        line.amount_aud
        for line in year.baseline.bill.lines
        if line.kind is LineKind.USAGE
    )
    usage_aud = aged.bill_by_kind_aud[LineKind.USAGE] - aged.left_aud
    saved_aud = (before - usage_aud) * 365 / 14
    assert money.benefit.import_avoided_aud[-1] == pytest.approx(saved_aud, abs=1e-6)


def test_the_upper_bound_is_marked(evening: Home) -> None:
    told = scenario_result(run(evening), "0" * 64)["runs"][-1]["money"]

    assert told["is_upper_bound"]
    assert "no reason to buy" in " ".join(told["sentences"])


def test_of_what_nobody_offers_only_the_break_even_price_is_told(
    evening: Home,
) -> None:
    car = {**V2H, "limit_fraction": 0.7}
    buy = {"installed": "2026-03-01", "assumptions": PLAIN}

    strategy = {"names": ["solar_first"]}

    done = run_scenario(*evening, asked(car=car, strategy=strategy, purchase=buy))

    told = scenario_result(done, "0" * 64)["runs"][-1]["money"]
    assert set(told) == {
        "is_upper_bound",
        "is_hypothetical",
        "break_even_price_aud",
        "break_even_range_aud",
        "sentences",
    }
    assert told["is_hypothetical"]
    assert "better hours alone save needs no purchase" in " ".join(done.notes)


def test_what_better_hours_alone_save_is_not_the_purchases(swept: Home) -> None:
    car = {key: value for key, value in V2H.items() if key != "discharge"}
    home = {
        **QUESTION,
        "car": car,
        "prices": {"tariff": "market", "baseline_tariff": "by-the-clock"},
        "strategy": {"names": ["cheapest"]},
    }
    same = {"tariff": "by-the-clock"}
    nothing = {"solar": None, "battery": None, "prices": same}
    alone = run_scenario(*swept, Scenario.model_validate({**home, **nothing}))
    buy = {"installed": "2026-03-01", "postcode": "3000", "assumptions": PLAIN}

    done = run_scenario(*swept, Scenario.model_validate({**home, "purchase": buy}))

    money, bought = done.money["cheapest"], done.run_of("cheapest")
    unbought = alone.run_of("cheapest")
    assert bought is not None
    assert unbought is not None
    free_aud = done.baseline.cost_aud - unbought.cost_aud
    assert abs(free_aud) > 0.5
    # Wear is nobody's payment; 14 days stand for a year.
    saves_aud = unbought.cost_aud - bought.cost_aud + bought.ledger.wear_aud
    assert money.flow.benefit_aud[1] == pytest.approx(saves_aud * 365 / 14, rel=1e-6)
    told = money_result(
        money, done.baseline.cost_aud, is_upper_bound=False, is_hypothetical=False
    )
    assert told is not None
    assert told["saving_without_purchase_aud"] == pytest.approx(free_aud)
    assert any("needs nothing bought" in words for words in told["sentences"])


def test_a_car_charged_on_arrival_leaves_all_of_the_saving_to_the_purchase(
    evening: Home,
) -> None:
    car = {**V2H, "discharge": "none"}
    buy = {"battery_aud": 5000.0, "installed": "2026-03-01", "assumptions": PLAIN}
    strategy = {"names": ["on_arrival"]}

    done = run_scenario(
        *evening, asked(car=car, battery=BATTERY, strategy=strategy, purchase=buy)
    )

    assert done.money["on_arrival"].baseline is done.baseline


def test_every_figure_is_in_the_result_and_the_same_twice(evening: Home) -> None:
    first, second = (
        result_text(scenario_result(run(evening), "0" * 64)) for _ in range(2)
    )
    told = scenario_result(run(evening), "0" * 64)

    assert first == second
    money = told["runs"][-1]["money"]
    assert money["cash_flow"]["total_aud"] == pytest.approx([-1500.0, 821.25, 821.25])
    assert money["saving_year_1_aud"] == pytest.approx(821.25)
    assert money["parts"][0]["source"] == "the quote"
    assert told["purchase"]["assumption_sources"]["horizon_years"] == (
        "the scenario's file"
    )
    assert np.isfinite(money["npv_aud"])


def test_a_charger_without_a_price_is_asked_for(evening: Home) -> None:
    buy = {"installed": "2026-03-01", "assumptions": PLAIN}
    car = {key: value for key, value in V2H.items() if key != "discharge"}
    strategy = {"names": ["solar_first"]}

    with pytest.raises(ConfigError, match=r"give purchase\.charger_aud"):
        run_scenario(*evening, asked(car=car, strategy=strategy, purchase=buy))
