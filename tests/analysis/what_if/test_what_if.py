"""A position of the sliders is the run of its own scenario file."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from tests.analysis.sweep.swept_homes import swept_home

from home_energy.analysis.scenario.result import scenario_result
from home_energy.analysis.scenario.run import run_scenario
from home_energy.analysis.scenario.scenario_file import load_scenario
from home_energy.analysis.what_if.question import WhatIfQuestion
from home_energy.analysis.what_if.what_if import (
    NO_POSTCODE,
    NOTHING_BOUGHT,
    WhatIf,
    open_what_if,
)
from home_energy.errors import CoverageError, DataError
from home_energy.settings import Settings
from home_energy.store import Store

TODAY = date(2026, 11, 22)
THIRTY_DAYS = date(2025, 7, 23)
A_YEAR = date(2026, 6, 30)
EQUAL = 1e-9


def _with_postcode(settings: Settings, postcode: str | None) -> Settings:
    home = settings.home.model_copy(update={"postcode": postcode})
    return settings.model_copy(update={"home": home})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Settings]]:
    store, settings = swept_home(tmp_path_factory.mktemp("tried"), THIRTY_DAYS)
    with closing(store):
        yield store, _with_postcode(settings, "3000")


@pytest.fixture(scope="module")
def tried(home: tuple[Store, Settings]) -> WhatIf:
    return open_what_if(*home, TODAY)


QUESTIONS = [
    WhatIfQuestion("flat", solar_kw=6.6),
    WhatIfQuestion("market", "smart_cycles", 0.0, 13.5),
    WhatIfQuestion("market", "perfect_foresight", 7.3, 9.1),
    WhatIfQuestion("market", "forecast", 6.6, 13.5),
    WhatIfQuestion("by-the-clock", "solar_first", 3.3, 5.0),
    WhatIfQuestion("blocks-and-demand", "self_consumption", 10.0, 20.0),
    WhatIfQuestion("market", "solar_first", 6.6, 13.5, 15_000),
    WhatIfQuestion("flat", "smart_cycles", 6.6, 7.0, 5_000),
    WhatIfQuestion("by-the-clock", "cheapest", 0.0, 0.0, 25_000),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_a_position_is_the_run_of_its_own_file(
    home: tuple[Store, Settings],
    tried: WhatIf,
    tmp_path: Path,
    question: WhatIfQuestion,
) -> None:
    path = tmp_path / "what-if.toml"
    path.write_text(tried.scenario_text(question), encoding="utf-8")

    told = tried.answer(question)

    scenario, sha256 = load_scenario(path)
    result = scenario_result(run_scenario(*home, scenario), sha256)
    run = next(
        one
        for one in reversed(result["runs"])
        if one["strategy"] == told["question"]["run_as"]
    )
    assert told["saving_aud"] == pytest.approx(run["saving_aud"], abs=EQUAL)
    assert told["cost_aud"] == pytest.approx(run["cost_aud"], abs=EQUAL)
    assert told["bill_aud"] == pytest.approx(run["bill_aud"], abs=EQUAL)
    for kind, aud in run["bill_by_kind_aud"].items():
        assert told["bill_by_kind_aud"].get(kind, 0.0) == pytest.approx(aud, abs=EQUAL)
    for name in ("import_kwh", "export_kwh", "solar_kwh", "discharge_kwh"):
        assert told[name] == pytest.approx(run[name], abs=EQUAL)
    money = run["money"]
    assert (told["money"] is None) == (money is None)
    if money is not None:
        for name in ("net_aud", "price_aud", "incentives_aud", "npv_aud"):
            assert told["money"][name] == pytest.approx(money[name], abs=EQUAL)
        low = money["doubt"]["npv_aud"]["p10"]
        assert told["money"]["npv_range_aud"]["p10"] == pytest.approx(low, abs=1e-6)


def test_nothing_new_on_the_homes_own_tariff_saves_nothing(tried: WhatIf) -> None:
    told = tried.answer(WhatIfQuestion("flat", "perfect_foresight"))

    assert told["saving_aud"] == pytest.approx(0.0, abs=EQUAL)
    assert told["cost_aud"] == pytest.approx(told["baseline_cost_aud"])
    assert all(abs(one["saving_aud"]) < EQUAL for one in told["months"])
    assert told["is_upper_bound"] is False  # there is nothing to decide
    assert (told["money"], told["money_missing"]) == (None, NOTHING_BOUGHT)


def test_a_car_charged_on_arrival_is_the_home_as_it_is(tried: WhatIf) -> None:
    told = tried.answer(WhatIfQuestion("flat", car_km_per_year=10_000))

    without = tried.answer(WhatIfQuestion("flat"))
    assert told["question"]["run_as"] == "on_arrival"
    assert told["saving_aud"] == pytest.approx(0.0, abs=EQUAL)
    # 30 days of 10,000 km at some 170 Wh/km are 140 kWh, at 30 c some 42 AUD.
    assert 20 < told["baseline_cost_aud"] - without["baseline_cost_aud"] < 80


def test_more_sun_never_raises_what_is_bought(tried: WhatIf) -> None:
    bought = [
        tried.answer(WhatIfQuestion("flat", solar_kw=kw, battery_kwh=5.0))["import_kwh"]
        for kw in (0.0, 1.0, 3.3, 6.6, 13.2, 20.0)
    ]

    assert bought == sorted(bought, reverse=True)
    assert bought[0] > bought[-1]


def test_nobody_does_better_than_who_has_seen_the_year(tried: WhatIf) -> None:
    best = tried.answer(WhatIfQuestion("market", "perfect_foresight", 6.6, 13.5))

    others = [
        tried.answer(WhatIfQuestion("market", name, 6.6, 13.5))["saving_aud"]
        for name in ("self_consumption", "smart_cycles")
    ]
    assert best["saving_aud"] >= max(others) - EQUAL
    assert best["is_upper_bound"] is True
    assert "upper bound" in best["notes"][0]
    assert not any("draws" in said for said in best["money"]["sentences"])


def test_months_sum_to_the_saving(tried: WhatIf) -> None:
    told = tried.answer(WhatIfQuestion("market", "self_consumption", 6.6, 13.5))

    assert [one["month"] for one in told["months"]] == ["2025-06", "2025-07"]
    total = sum(one["saving_aud"] for one in told["months"])
    assert total == pytest.approx(told["saving_aud"], abs=1e-6)


def test_sliders_say_what_can_be_moved(tried: WhatIf) -> None:
    told = tried.sliders()

    assert told["is_ready"] is True
    assert (told["first_day"], told["last_day"]) == ("2025-06-24", "2025-07-23")
    assert "30 days are no year" in told["said"]
    assert told["tariffs"][0]["name"] == "flat"
    # The household's files, and what is shipped for Victoria.
    assert {one["name"] for one in told["tariffs"]} == {
        "flat",
        "by-the-clock",
        "market",
        "blocks-and-demand",
        "amber-like-vic",
        "flat-vic-jemena",
        "tou-vic-jemena",
    }
    assert [one["name"] for one in told["strategies"] if one["is_upper_bound"]] == [
        "perfect_foresight"
    ]


def test_many_who_ask_at_once_get_the_same_answers(
    home: tuple[Store, Settings], tried: WhatIf
) -> None:
    asked = [
        WhatIfQuestion("flat", "smart_cycles", kw, kwh)
        for kw in (2.0, 4.0)
        for kwh in (3.0, 6.0)
    ]
    anew = open_what_if(*home, TODAY)

    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(anew.answer, asked * 4))

    assert told == [tried.answer(question) for question in asked] * 4


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (WhatIfQuestion("flatt"), "tariff: found 'flatt'; expected one of flat, "),
        (WhatIfQuestion("flat", "timer"), "strategy: found 'timer'; expected one of"),
        (WhatIfQuestion("flat", car_km_per_year=7), "car_km_per_year: found 7"),
        (WhatIfQuestion("flat", solar_kw=20.1), "solar_kw: found 20.1; expected 0 to"),
        (WhatIfQuestion("flat", battery_kwh=-1.0), "battery_kwh: found -1"),
    ],
)
def test_a_slider_that_cannot_be_there_is_refused(
    tried: WhatIf, question: WhatIfQuestion, said: str
) -> None:
    with pytest.raises(DataError, match=said):
        tried.answer(question)
    with pytest.raises(DataError, match=said):
        tried.scenario_text(question)


def test_without_a_postcode_the_saving_alone_is_told(
    home: tuple[Store, Settings], tried: WhatIf
) -> None:
    store, settings = home
    question = WhatIfQuestion("flat", solar_kw=6.6, battery_kwh=13.5)

    told = open_what_if(store, _with_postcode(settings, None), TODAY).answer(question)

    assert told["saving_aud"] == tried.answer(question)["saving_aud"]
    assert (told["money"], told["money_missing"]) == (None, NO_POSTCODE)


def test_a_purchase_that_cannot_be_priced_leaves_the_saving(tried: WhatIf) -> None:
    question = WhatIfQuestion("flat", solar_kw=6.6)

    # The tables of certificates begin years later.
    told = WhatIf(tried.home, date(2001, 1, 1)).answer(question)

    assert told["saving_aud"] == tried.answer(question)["saving_aud"]
    assert told["money"] is None
    assert told["money_missing"].startswith("what buying this comes to is not known: ")


def test_without_a_sun_the_panels_stay_at_none(tmp_path: Path) -> None:
    store, settings = swept_home(tmp_path, THIRTY_DAYS, has_sun=False)
    with closing(store):
        tried = open_what_if(store, settings, TODAY)

    slider = tried.sliders()["solar_kw"]
    assert (slider["most"], slider["start"]) == (0.0, 0.0)
    assert "no rooftop solar of VIC1" in slider["said"]
    assert tried.answer(tried.first_question())["question"]["solar_kw"] == 0.0
    with pytest.raises(DataError, match="solar_kw: found 3; expected 0 to 0, for no"):
        tried.answer(WhatIfQuestion("flat", solar_kw=3.0))


def test_a_record_of_two_weeks_is_too_short(tmp_path: Path) -> None:
    store, settings = swept_home(tmp_path)

    with closing(store), pytest.raises(CoverageError, match="no 28 days in a row"):
        open_what_if(store, settings, TODAY)


def test_a_year_on_record_has_ranges_in_order(tmp_path: Path) -> None:
    store, settings = swept_home(tmp_path, A_YEAR)
    with closing(store):
        tried = open_what_if(store, _with_postcode(settings, "3000"), TODAY)

    told = tried.answer(tried.first_question())

    # From 24 June 2025 to 30 June 2026: whole months from July to June.
    assert tried.sliders()["first_day"] == "2025-07-01"
    assert tried.sliders()["last_day"] == "2026-06-30"
    assert "the last twelve whole months" in tried.sliders()["said"]
    assert len(told["months"]) == 12
    saving = told["saving_range_aud"]
    assert saving["p10"] < saving["p50"] < saving["p90"]
    worth = told["money"]["npv_range_aud"]
    assert worth["p10"] < worth["p50"] < worth["p90"]
    years = told["money"]["simple_payback_range_years"]
    assert years["p10"] is None or years["p90"] is None or years["p10"] < years["p90"]
    assert 0 <= told["money"]["pays_back_in_warranty_fraction"] <= 1
