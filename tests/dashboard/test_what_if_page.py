"""The what-if page: what is said of a year, and what is never said of a bound."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from home_energy.dashboard.app import create_app
from home_energy.dashboard.saving_words import Fact, gain, payback, price
from home_energy.dashboard.what_if.saving_bars import saving_bars
from home_energy.dashboard.what_if.view import AnswerView, answer_view
from tests.dashboard.recorded_home import NOON, RecordedHome
from tests.dashboard.recorded_home import price as price_of
from tests.dashboard.tried_years import ANSWER, MONEY, SLIDERS, try_made_up_years

ASKED = "/what-if?solar_kw=6.6&battery_kwh=13.5&car_km_per_year=15000&tariff=peaky"
Ask = Callable[[str], str]


def view(**changed: Any) -> AnswerView:
    return answer_view({**ANSWER, **changed}, SLIDERS)


def words(fact: Fact) -> str:
    return f"{fact.words} {fact.spread}".strip()


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    home = RecordedHome(tmp_path)
    home.save([price_of(NOON, 24.6)])
    app = create_app(home.settings, home.clock)
    try_made_up_years(app)
    return app.test_client()


@pytest.fixture
def page(client: FlaskClient) -> Ask:
    def ask(path: str) -> str:
        answer = client.get(path)
        assert answer.status_code == 200
        return unescape(answer.get_data(as_text=True))

    return ask


def test_the_answer_in_words() -> None:
    said = view()

    assert (said.label, said.figure) == ("saves a year", "$1,311")
    assert said.below == "$1,120 to $1,480"
    assert said.left == "$820 left of $2,130"
    assert [words(fact) for fact in said.facts] == [
        "pays back in 8.2 years (7–10)",  # noqa: RUF001
        "price $11,400 after rebates",
        "gain $2,100 (−$900 to $14.2k)",  # noqa: RUF001
    ]


def test_what_the_figures_rest_on_is_behind_a_button() -> None:
    first, *others = view().details

    assert first.startswith("Every half-hour from 1 Jan 2025 to 31 Dec 2025 is run")
    assert first.endswith("again: $820 left of $2,130.")
    assert others == [
        "A range holds eight of ten years drawn from these months.",
        "Of 100 kWh used, 73 are the home's own.",
        "1,234 kWh bought, 2,346 sold.",
        "It pays back after 8.2 years.",
        "Prices are those of 2025.",
    ]


def test_a_loss_is_called_one() -> None:
    said = view(saving_aud=-120.4)

    assert (said.label, said.figure) == ("costs more a year", "$120")
    assert said.is_loss


@pytest.mark.parametrize("saving_aud", [0.0, 0.49, -0.49])
def test_less_than_half_a_dollar_is_nothing(saving_aud: float) -> None:
    said = view(saving_aud=saving_aud)

    assert (said.label, said.figure) == ("changes nothing a year", "$0")
    assert not said.is_loss


def test_days_that_are_no_year_are_told() -> None:
    month = {**SLIDERS, "first_day": "2026-10-22", "last_day": "2026-11-21"}

    assert answer_view(ANSWER, month).label == "saves in 31 days"


def test_an_upper_bound_is_no_reason_to_buy() -> None:
    said = view(is_upper_bound=True)

    assert said.label == "upper bound a year"
    assert said.below == "no home can have this"
    assert [words(fact) for fact in said.facts] == [
        "price $11,400 after rebates",
        "a bound is no reason to buy",
    ]
    assert not any("pays back" in one for one in said.details)
    assert not any("range" in one for one in said.details)


def test_without_a_sun_it_is_said_why() -> None:
    dark = {**SLIDERS["solar_kw"], "most": 0.0, "said": "no sun is on record"}

    said = answer_view(ANSWER, {**SLIDERS, "solar_kw": dark})

    assert "No sun is on record." in said.details


def test_without_a_price_it_is_said_why() -> None:
    said = view(money=None, money_missing="set home.postcode")

    assert [words(fact) for fact in said.facts] == ["set home.postcode"]
    assert "Set home.postcode." in said.details


def test_without_a_range_none_is_said() -> None:
    money = {**MONEY, "npv_range_aud": None, "simple_payback_range_years": None}

    said = view(saving_range_aud=None, money=money)

    assert said.below == ""
    assert [fact.spread for fact in said.facts] == ["", "", ""]
    assert not any("range" in one for one in said.details)


@pytest.mark.parametrize(
    ("years", "p10", "p90", "expected"),
    [
        (None, None, None, "no payback"),
        (None, 9.4, None, "no payback (9–never)"),  # noqa: RUF001
        (1.0, 0.6, 1.4, "pays back in 1.0 year (1)"),
        (12.6, 11.0, 14.0, "pays back in 13 years (11–14)"),  # noqa: RUF001
    ],
)
def test_a_payback_may_never_come(
    years: float | None, p10: float | None, p90: float | None, expected: str
) -> None:
    found = payback(years, {"p10": p10, "p50": years, "p90": p90})

    assert words(found) == expected


def test_what_it_costs_and_leaves() -> None:
    level = {"p10": -15_227.0, "p50": -15_226.0, "p90": -15_225.0}

    assert price(0.0, 900.0) == Fact("rebates pay all of it")
    assert price(980.6, 0.0) == Fact("price $981")
    assert gain(-15_226.0, level) == Fact("loss $15.2k")


def test_a_month_that_costs_more_hangs_below_zero() -> None:
    # From 60 to -20 are 80 dollars on 100 percent: 1.25 percent each.
    chart = saving_bars(ANSWER["months"])

    assert chart.zero_y == 75.0
    assert [(bar.y, bar.height, bar.is_loss) for bar in chart.bars] == [
        (0.0, 75.0, False),
        (75.0, 25.0, True),
        (75.0, 0.0, False),
        (37.5, 37.5, False),
    ]
    assert [bar.letter for bar in chart.bars] == ["J", "F", "M", "A"]
    # A quarter of the width each, and a bar fills 0.7 of it.
    assert (chart.bars[1].x, chart.bars[1].width) == (28.75, 17.5)
    assert chart.bars[1].words == "February 2025: −$20"  # noqa: RUF001


def test_no_month_is_no_bar() -> None:
    assert saving_bars([]).bars == ()


def test_the_sliders_stand_where_the_address_puts_them(page: Ask) -> None:
    text = page(ASKED)

    places = re.findall(r'type="range" name="(\w+)".*value="([\d.]+)"', text)
    assert places == [
        ("solar_kw", "6.6"),
        ("battery_kwh", "13.5"),
        ("car_km_per_year", "15000"),
    ]
    values = re.findall(r"<output[^>]*>([^<]*)</output>", text)
    assert values == ["6.6 kW", "13.5 kWh", "15,000 km"]
    assert 'value="peaky" checked' in text
    assert 'value="self_consumption" checked' in text
    assert "$6,600" in text


def test_at_first_they_stand_where_the_home_begins(page: Ask) -> None:
    text = page("/what-if")

    assert "6.6 kW</output>" in text
    assert 'value="flat" checked' in text
    assert "<h1>What if, on 2025</h1>" in text


def test_a_bound_is_marked_on_the_figure_itself(page: Ask) -> None:
    bound, rule = page(f"{ASKED}&strategy=perfect_foresight"), page(ASKED)

    figure = '<p class="figure"><span class="at-most">at most</span> $6,600</p>'
    assert figure in bound
    assert "pays back" not in bound
    assert '<p class="figure">$6,600</p>' in rule


def test_the_pages_own_question_is_answered_alone(page: Ask) -> None:
    text = page("/what-if/answer?solar_kw=2.5&battery_kwh=0")

    assert text.lstrip().startswith("<section")
    assert "$2,500" in text
    assert "<form" not in text


def test_what_cannot_be_asked_is_said(client: FlaskClient) -> None:
    for path in ("/what-if/answer?solar_kw=99", "/what-if/answer?tariff=dear"):
        answer = client.get(path)
        text = answer.get_data(as_text=True)

        assert answer.status_code == 422
        assert "There is no answer" in text
        assert "$" not in text
    assert "expected flat or peaky" in text


def test_a_page_that_cannot_be_answered_keeps_its_sliders(
    client: FlaskClient,
) -> None:
    text = client.get("/what-if?battery=7").get_data(as_text=True)

    assert "unknown; did you mean battery_kwh?" in text
    assert "6.6 kW</output>" in text
    assert 'class="figure"' not in text


def test_before_the_year_is_read_there_are_words(client: FlaskClient) -> None:
    try_made_up_years(client.application, "looking for the last months")

    page = client.get("/what-if")
    answer = client.get("/what-if/answer?solar_kw=2")

    assert (page.status_code, answer.status_code) == (200, 503)
    for one in (page, answer):
        assert "Looking for the last months" in one.get_data(as_text=True)
        assert "$" not in one.get_data(as_text=True)
    assert 'http-equiv="refresh"' in page.get_data(as_text=True)


def test_a_form_may_be_sent_from_this_page_alone(client: FlaskClient) -> None:
    policies = {
        path: client.get(path).headers["Content-Security-Policy"]
        for path in ("/what-if", "/bill", "/")
    }

    assert "form-action 'self'" in policies["/what-if"]
    for path in ("/bill", "/"):
        assert "form-action 'none'" in policies[path]
    for policy in policies.values():
        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy


def test_the_fridge_stays_a_kiosk_and_saves_no_file(page: Ask) -> None:
    at_a_desk, kiosk = page(ASKED), page(f"{ASKED}&kiosk=1")

    assert ANSWER["scenario_href"] in at_a_desk
    assert ANSWER["scenario_href"] not in kiosk
    links = re.findall(r'<a class="button" href="([^"]*)"', kiosk)
    assert links == ["/?kiosk=1", "/scenarios?kiosk=1"]
    assert '<input type="hidden" name="kiosk" value="1">' in kiosk


def test_from_the_cost_the_third_tap_leads_here(page: Ask) -> None:
    costs, bill = (page(path) for path in ("/costs", "/bill"))

    assert 'href="/bill"' in costs
    assert 'href="/what-if"' in bill
