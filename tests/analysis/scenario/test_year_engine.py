"""A prepared year comes to what the same scenario comes to when it is run by itself."""

import pickle
from collections.abc import Iterator
from contextlib import closing

import pytest
from tests.analysis.sweep.swept_homes import QUESTION, TARIFFS, swept_home

from home_energy.analysis.scenario.result import scenario_result
from home_energy.analysis.scenario.run import run_scenario
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.analysis.scenario.year_engine import (
    Capacity,
    Choices,
    PreparedYear,
    prepare_year,
)
from home_energy.analysis.scenario.year_point import YearPoint, scenario_at
from home_energy.domain.bill import LineKind
from home_energy.errors import ConfigError, DataError
from home_energy.settings import Settings
from home_energy.store import Store

Home = tuple[Store, Settings]
QUESTION_OF_ALL = Scenario.model_validate(QUESTION)
EQUAL_AUD = 1e-6
EQUAL_KWH = 1e-6
STRATEGIES = ("self_consumption", "time_of_use", "forecast", "perfect_foresight")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    store, settings = swept_home(tmp_path_factory.mktemp("swept"))
    with closing(store):
        yield store, settings


@pytest.fixture(scope="module")
def year(home: Home) -> PreparedYear:
    return prepare_year(*home, QUESTION_OF_ALL, Choices(tuple(TARIFFS), STRATEGIES))


POINTS = [
    YearPoint("flat", "no_battery"),
    YearPoint("flat", "self_consumption", solar_kw=6.6, battery_kwh=13.5),
    YearPoint("by-the-clock", "no_battery", solar_kw=3.0),
    YearPoint("by-the-clock", "time_of_use", battery_kwh=5.0),
    YearPoint("by-the-clock", "perfect_foresight", solar_kw=10.0, battery_kwh=20.0),
    YearPoint("market", "forecast", solar_kw=6.6, battery_kwh=13.5),
    YearPoint("market", "perfect_foresight", solar_kw=12.0, battery_kwh=8.0),
    YearPoint("market", "smart_cycles", 6.6, battery_product="powerwall-3"),
    YearPoint("blocks-and-demand", "no_battery", solar_kw=6.6),
    YearPoint("blocks-and-demand", "self_consumption", 6.6, 10.0),
    YearPoint("blocks-and-demand", "perfect_foresight", 6.6, 10.0),
]


@pytest.mark.parametrize("point", POINTS, ids=str)
def test_a_point_is_the_run_of_its_scenario(
    home: Home, year: PreparedYear, point: YearPoint
) -> None:
    asked = scenario_at(QUESTION_OF_ALL, point, "flat")

    figures = year.evaluate(point)

    done = run_scenario(*home, asked)
    run = done.runs[-1]
    told = scenario_result(done, "0" * 64)["runs"][-1]
    row = figures.row()
    assert run.strategy == point.strategy
    assert row["bill_aud"] == pytest.approx(told["bill_aud"], abs=EQUAL_AUD)
    assert row["cost_aud"] == pytest.approx(run.cost_aud, abs=EQUAL_AUD)
    assert row["saving_aud"] == pytest.approx(told["saving_aud"], abs=EQUAL_AUD)
    assert row["wear_aud"] == pytest.approx(told["wear_aud"], abs=EQUAL_AUD)
    assert row["left_aud"] == pytest.approx(told["end_value_aud"], abs=EQUAL_AUD)
    for kind, aud in told["bill_by_kind_aud"].items():
        assert row[f"{kind}_aud"] == pytest.approx(aud, abs=EQUAL_AUD)
    for name in (
        "import_kwh",
        "export_kwh",
        "load_kwh",
        "solar_kwh",
        "curtailed_kwh",
        "discharge_kwh",
        "unserved_kwh",
        "self_consumption_fraction",
        "self_sufficiency_fraction",
    ):
        assert row[name] == pytest.approx(told[name], abs=EQUAL_KWH)


def test_every_kind_of_tariff_is_among_them(year: PreparedYear) -> None:
    is_sum = {name: one.standing_aud is not None for name, one in year.tariffs.items()}

    assert is_sum == {
        "flat": True,
        "by-the-clock": True,
        "market": True,
        "blocks-and-demand": False,
    }


def test_standing_lines_are_those_of_a_home_that_buys_nothing(
    year: PreparedYear,
) -> None:
    standing = year.tariffs["flat"].standing_aud

    # 14 days at 100 c, 15 AUD a month for 7 of 30 and 7 of 31 days, and
    # 14 x 6 x 0.4 kWh of hot water at 15 c.
    assert standing is not None
    assert standing[LineKind.SUPPLY] == pytest.approx(14.0 + 15.0 * (7 / 30 + 7 / 31))
    assert standing[LineKind.USAGE] == pytest.approx(33.6 * 0.15)


def test_a_car_is_charged_as_in_a_run(home: Home) -> None:
    car = {
        "vehicle": {
            "usable_kwh": 60.0,
            "single_phase_kw": 7.0,
            "three_phase_kw": 11.0,
            "wh_per_km": 150.0,
        },
        "charger": {
            "phases": 1,
            "charge_kw": 7.0,
            "charge_efficiency_fraction": 0.9,
            "least_charge_kw": 0.0,
        },
        "driving": {"holidays_per_year": 0},
    }
    with_car = Scenario.model_validate(
        {**QUESTION, "car": car, "strategy": {"names": ["solar_first"]}}
    )
    point = YearPoint("market", "solar_first", solar_kw=6.6, battery_kwh=10.0)
    prepared = prepare_year(*home, with_car, Choices(("market",), ("solar_first",)))

    figures = prepared.evaluate(point)

    done = run_scenario(*home, scenario_at(with_car, point, "flat"))
    run = done.run_of("solar_first")
    assert run is not None
    assert figures.cost_aud == pytest.approx(run.cost_aud, abs=EQUAL_AUD)
    assert figures.saving_aud == pytest.approx(done.saving_aud(run), abs=EQUAL_AUD)


def test_an_aged_battery_holds_less_and_gives_its_power(year: PreparedYear) -> None:
    point = YearPoint("flat", "self_consumption", solar_kw=5.0, battery_kwh=10.0)

    aged = year.problem(point, Capacity(battery_fraction=0.7, solar_fraction=0.9))

    new = year.problem(point)
    assert aged.battery is not None
    assert aged.battery.usable_kwh == pytest.approx(7.0)
    assert aged.battery.charge_kw == 5.0
    assert aged.solar_kwh.sum() == pytest.approx(0.9 * new.solar_kwh.sum())


@pytest.mark.parametrize("tariff", ["flat", "by-the-clock", "market"])
def test_no_rule_is_better_than_the_best_there_could_have_been(
    year: PreparedYear, tariff: str
) -> None:
    best = year.evaluate(YearPoint(tariff, "perfect_foresight", 6.6, 13.5))

    rule = year.evaluate(YearPoint(tariff, "self_consumption", 6.6, 13.5))

    assert best.certificate_aud is not None
    assert rule.cost_aud >= best.cost_aud - best.certificate_aud - 1e-9


def test_a_larger_battery_has_more_power_and_the_same_standby(
    year: PreparedYear,
) -> None:
    battery = year.problem(YearPoint("flat", "self_consumption", 0.0, 15.0)).battery

    # Half as large again as 10 kWh with 5 and 4 kW.
    assert battery is not None
    assert (battery.usable_kwh, battery.charge_kw, battery.discharge_kw) == (
        15.0,
        7.5,
        6.0,
    )
    assert battery.standby_kw == 0.01


def test_a_year_that_was_sent_elsewhere_gives_the_same(year: PreparedYear) -> None:
    point = YearPoint("market", "forecast", solar_kw=6.6, battery_kwh=13.5)

    sent: PreparedYear = pickle.loads(pickle.dumps(year))  # noqa: S301 - our own

    assert sent.evaluate(point) == year.evaluate(point)


def test_a_tariff_that_was_not_prepared_is_refused(year: PreparedYear) -> None:
    with pytest.raises(ConfigError, match=r"flatt was not prepared, did you mean flat"):
        year.evaluate(YearPoint("flatt", "self_consumption"))


def test_a_size_without_a_device_to_scale_is_refused(home: Home) -> None:
    bare = Scenario.model_validate(
        {key: QUESTION[key] for key in ("name", "title", "period")}
    )
    prepared = prepare_year(*home, bare, Choices(("flat",), ("self_consumption",)))

    with pytest.raises(DataError, match=r"the scenario has no \[battery\] to scale"):
        prepared.evaluate(YearPoint("flat", "self_consumption", battery_kwh=5.0))
    with pytest.raises(DataError, match=r"the scenario has no \[solar\] to scale"):
        prepared.evaluate(YearPoint("flat", "self_consumption", solar_kw=5.0))


def test_two_batteries_at_once_are_refused() -> None:
    with pytest.raises(DataError, match="expected one of them"):
        YearPoint("flat", "forecast", battery_kwh=5.0, battery_product="powerwall-3")
