"""A judged quote: worth, over or under, and what a later day would change."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.analysis.scenario.test_car_run import V2H
from tests.analysis.scenario.test_money import BUY, PLAIN
from tests.analysis.scenario.test_run import BATTERY, IMPORT, asked, half_hours, saved
from tests.analysis.sweep.swept_homes import QUESTION, swept_home

from home_energy.analysis.finance.benefit import YearlyBenefit
from home_energy.analysis.scenario.quote import Quote, judge_quote, later_purchase
from home_energy.analysis.scenario.quote_result import quote_result
from home_energy.analysis.scenario.result import result_text
from home_energy.analysis.scenario.run import run_scenario
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.errors import ConfigError
from home_energy.settings import Settings
from home_energy.store import Store

Home = tuple[Store, Settings]
AT_FIVE = {**PLAIN, "discount_fraction_per_year": 0.05}


@pytest.fixture
def evening(tmp_path: Path) -> Home:
    return saved(tmp_path, {IMPORT: half_hours(1.0, 36, 42)})


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    store, settings = swept_home(tmp_path_factory.mktemp("quoted"))
    with closing(store):
        yield store, settings


def judged(home: Home, **purchase: Any) -> Quote:
    buy = {**BUY, "solar_zone": 4, "solar_aud": 7000.0, **purchase}
    question = {**QUESTION, "prices": {"tariff": "market"}, "purchase": buy}
    return judge_quote(*home, Scenario.model_validate(question))


def test_waiting_is_rebate_interest_and_what_is_put_off(evening: Home) -> None:
    # 365 days of 365.25: nearly a year at 5 %; 821.25 saved in each of two years.
    buy = {**BUY, "assumptions": AT_FIVE}
    scenario = asked(
        battery=BATTERY, strategy={"names": ["perfect_foresight"]}, purchase=buy
    )
    done = run_scenario(*evening, scenario)
    assert scenario.purchase is not None

    later = later_purchase(done.money["perfect_foresight"], scenario.purchase)

    # 1.05^-(365 / 365.25) = 0.952413; 1500 x 0.047587; 1527.04 x 0.047587.
    assert later.rebate.total_aud == 0
    assert later.interest_aud == pytest.approx(71.38, abs=0.01)
    assert later.put_off_aud == pytest.approx(72.67, abs=0.01)
    assert later.worth_change_aud == pytest.approx(-1.29, abs=0.01)
    # What is put off is 4.76 % of a worth that is drawn; seen from the other end a
    # tenth of the draws is one draw further.
    drawn = done.money["perfect_foresight"].doubt.break_even_price_aud
    ends = later.worth_change_range_aud
    assert drawn.p10 is not None
    assert drawn.p90 is not None
    assert ends.p10 == pytest.approx(71.38 - 0.047587 * drawn.p90, abs=0.2)
    assert ends.p90 == pytest.approx(71.38 - 0.047587 * drawn.p10, abs=0.2)


def test_prices_go_on_while_one_waits(evening: Home) -> None:
    assumptions = {**PLAIN, "import_price_growth_fraction_per_year": 0.10}
    buy = {**BUY, "assumptions": assumptions}
    scenario = asked(
        battery=BATTERY, strategy={"names": ["perfect_foresight"]}, purchase=buy
    )
    done = run_scenario(*evening, scenario)
    assert scenario.purchase is not None

    later = later_purchase(done.money["perfect_foresight"], scenario.purchase)

    # Without interest the saving of two years, 821.25 x (1.1 + 1.21) = 1897.09, is
    # 1.1^(365 / 365.25) - 1 = 9.9928 % more when it begins later.
    assert later.interest_aud == 0
    assert later.put_off_aud == pytest.approx(-189.57, abs=0.01)


def test_feed_in_falls_while_one_waits(evening: Home) -> None:
    falling = {**PLAIN, "feed_in_decline_fraction_per_year": 0.10}
    buy = {**BUY, "assumptions": falling}
    scenario = asked(
        battery=BATTERY, strategy={"names": ["perfect_foresight"]}, purchase=buy
    )
    done = run_scenario(*evening, scenario)
    assert scenario.purchase is not None
    sells = YearlyBenefit.steady(2, export_earned_aud=100.0)
    money = replace(done.money["perfect_foresight"], benefit=sells)

    later = later_purchase(money, scenario.purchase)

    # 100 x (0.9 + 0.81) = 171, of which 1 - 0.9^(365 / 365.25) = 9.9935 % are lost.
    assert later.put_off_aud == pytest.approx(17.09, abs=0.01)


def test_a_quote_is_over_or_under_what_it_is_worth(swept: Home) -> None:
    cheap, dear = judged(swept), judged(swept, battery_aud=90_000.0)

    assert cheap.strategy == "forecast"
    assert cheap.worth_up_to_aud == pytest.approx(dear.worth_up_to_aud)
    assert dear.over_aud - cheap.over_aud == pytest.approx(88_500.0)
    assert f"${-cheap.over_aud:,.0f} under that" in cheap.sentence
    assert f"${dear.over_aud:,.0f} over that" in dear.sentence
    assert "this quote of $97,000 is" in dear.sentence


def test_a_quote_says_its_range_and_its_chance(swept: Home) -> None:
    quote = judged(swept, battery_aud=90_000.0)

    worth = quote.doubt.break_even_price_aud
    assert worth.p10 is not None
    assert worth.p90 is not None
    assert worth.p10 < quote.worth_up_to_aud < worth.p90
    told = f"(in 8 of 10 draws ${worth.p10:,.0f} to ${worth.p90:,.0f})"
    assert told in quote.sentence
    assert "it pays back within 2 years in none of 1,000 draws" in quote.sentence


def test_the_worth_is_the_price_that_is_neither_over_nor_under(swept: Home) -> None:
    worth_aud = judged(swept).worth_up_to_aud

    again = judged(swept, battery_aud=worth_aud - 7000.0)

    assert again.money.measures.npv_aud == pytest.approx(0.0, abs=1e-6)
    assert again.over_aud == pytest.approx(0.0, abs=1e-6)


def test_waiting_costs_the_rebate_of_the_half_years(swept: Home) -> None:
    found = judged(swept, later=date(2027, 3, 1))

    # 10 kWh: 84 certificates, then 57; 7 kW x 1.185 x 5 and 4 years: 41, then 33.
    assert found.later.rebate.total_aud == pytest.approx(-(27 + 8) * 38.0)
    assert "on 2027-03-01 instead of 2026-03-01 costs $1,330 of rebate" in (
        found.sentence
    )
    told = quote_result(found, "0" * 64)["waiting"]
    assert told["worth_change_aud"] == pytest.approx(
        told["rebate_change_aud"] + told["interest_aud"] - told["put_off_aud"]
    )


def test_saving_at_higher_prices_is_no_loss(swept: Home) -> None:
    level = judged(swept)
    growth = {**PLAIN, "import_price_growth_fraction_per_year": 0.10}
    rising = judged(swept, assumptions=growth)
    later_aud = -rising.later.put_off_aud

    # At no interest and level prices nothing is lost or gained by saving later.
    assert "gains $0 of interest on the price and gains $0 by saving" in level.sentence
    assert later_aud > 0
    assert f"and gains ${later_aud:,.0f} by saving later" in rising.sentence


def test_the_files_strategies_do_not_matter(swept: Home) -> None:
    bound = {**QUESTION["strategy"], "names": ["perfect_foresight"]}
    buy = {**BUY, "solar_zone": 4}
    question = {**QUESTION, "strategy": bound, "purchase": buy}

    found = judge_quote(*swept, Scenario.model_validate(question))

    told = quote_result(found, "0" * 64)
    assert told["strategy"] == "forecast"
    assert not told["money"]["is_upper_bound"]


def test_panels_alone_are_judged_as_they_are(swept: Home) -> None:
    question = {key: QUESTION[key] for key in ("name", "title", "period", "solar")}
    buy = {"installed": "2026-03-01", "solar_zone": 4, "solar_aud": 7000.0}

    found = judge_quote(*swept, Scenario.model_validate({**question, "purchase": buy}))

    assert found.strategy == "no_battery"
    assert found.price_aud == 7000.0
    assert result_text(quote_result(found, "0" * 64))


def test_a_scenario_without_a_purchase_is_no_quote(evening: Home) -> None:
    with pytest.raises(ConfigError, match=r"there is no \[purchase\] to judge"):
        judge_quote(*evening, asked(battery=BATTERY))


def test_what_nobody_offers_has_no_quote(evening: Home) -> None:
    buy = {"installed": "2026-03-01", "charger_aud": 5000.0, "assumptions": PLAIN}

    with pytest.raises(ConfigError, match="nobody is known to offer"):
        judge_quote(*evening, asked(car=V2H, purchase=buy))
