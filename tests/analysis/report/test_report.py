"""A report of a made-up home: what is in it, and that it is what its runs say."""

import json
from math import prod
from typing import Any

import pytest
from tests.analysis.report.made_report import made_home

from home_energy.analysis.report.question import ReportQuestion
from home_energy.analysis.report.report import Report, make_report
from home_energy.analysis.scenario.result import result_text, scenario_result
from home_energy.analysis.scenario.run import run_scenario
from home_energy.errors import CoverageError
from home_energy.settings import Settings
from home_energy.store import Store


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, ReportQuestion]:
    return made_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def made(home: tuple[Settings, ReportQuestion]) -> Report:
    return make_report(*home)


@pytest.fixture(scope="module")
def told(made: Report) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result_text(made.figures))
    return found


def test_every_key_of_the_contract_is_there(told: dict[str, Any]) -> None:
    assert set(told) == {
        "schema",
        "title",
        "home",
        "period",
        "baseline",
        "scenarios",
        "not_run",
        "comparison",
        "sweeps",
        "data_quality",
        "assumptions",
        "method",
        "provenance",
    }
    assert told["schema"] == 1
    assert told["period"] == {"first_day": "2025-06-24", "last_day": "2025-07-07"}
    assert told["home"] == {
        "timezone": "Australia/Melbourne",
        "region": "VIC1",
        "tariff": "flat",
    }
    assert {"file", "chosen_strategy", "shapes"} <= set(told["scenarios"][0])
    assert set(told["baseline"]["months"][0]) >= {
        "month",
        "bill_aud",
        "import_kwh",
        "export_kwh",
        "mean_import_c_per_kwh",
    }


def test_a_second_run_on_another_number_of_threads_is_the_same_bytes(
    home: tuple[Settings, ReportQuestion], made: Report
) -> None:
    again = make_report(*home, jobs=1)

    assert result_text(again.figures) == result_text(made.figures)


def test_a_scenario_is_told_as_its_own_command_tells_it(
    home: tuple[Settings, ReportQuestion], told: dict[str, Any]
) -> None:
    settings, question = home
    asked = question.scenarios[0]
    store = Store.open_read_only(settings.home.store)
    run = run_scenario(store, settings, asked.scenario, with_doubt=True)

    alone = json.loads(result_text(scenario_result(run, asked.sha256)))

    entry = told["scenarios"][0]
    assert {name: entry[name] for name in alone} == alone


def test_the_chosen_strategy_is_the_cheapest_without_foresight(
    told: dict[str, Any],
) -> None:
    entry = told["scenarios"][0]
    costs = {
        one["strategy"]: one["cost_aud"]
        for one in entry["runs"]
        if one["strategy"] in ("self_consumption", "smart_cycles")
    }

    chosen = entry["chosen_strategy"]

    assert chosen == min(costs, key=lambda name: costs[name])
    bound = next(one for one in entry["runs"] if one["is_upper_bound"])
    assert bound["cost_aud"] < costs[chosen]


def test_the_home_as_it_is_comes_first_and_once(told: dict[str, Any]) -> None:
    rows = told["comparison"]

    assert [row["scenario"] for row in rows] == ["as-it-was", "both", "solar"]
    assert rows[0]["strategy"] is None
    assert rows[0]["saving_aud"] == 0
    assert rows[0]["cost_aud"] == told["baseline"]["bill_aud"]
    assert rows[1]["cost_aud"] == pytest.approx(
        rows[0]["cost_aud"] - rows[1]["saving_aud"]
    )
    assert rows[1]["npv_aud"] is not None
    assert rows[1]["upper_bound_saving_aud"] > rows[1]["saving_aud"]
    assert rows[2]["upper_bound_saving_aud"] is None
    assert rows[2]["npv_aud"] is None


def test_what_lacks_its_weather_is_told_and_the_rest_is_run(
    made: Report, told: dict[str, Any]
) -> None:
    (lacking,) = told["not_run"]

    assert lacking["file"] == "d-weather.toml"
    assert lacking["title"] == "Title of lacking"
    assert "there is no weather of 'open-meteo' on record" in lacking["reason"]
    assert isinstance(made.not_run["d-weather.toml"], CoverageError)
    assert [one["scenario"] for one in told["scenarios"]] == [
        "both",
        "as-it-was",
        "solar",
    ]
    assert [one["file"] for one in told["sweeps"]] == ["sweeps/sizes.toml"]


def test_months_of_the_home_as_it_is_sum_to_its_bill(told: dict[str, Any]) -> None:
    baseline = told["baseline"]
    months = baseline["months"]

    assert [month["month"] for month in months] == ["2025-06", "2025-07"]
    for name in ("bill_aud", "import_kwh", "export_kwh", "controlled_load_kwh"):
        total = sum(month[name] for month in months)
        assert total == pytest.approx(baseline[name]), name
    # All usage lines over all that was bought, hot water too.
    used = baseline["import_kwh"] + baseline["controlled_load_kwh"]
    paid = sum(
        month["mean_import_c_per_kwh"]
        * (month["import_kwh"] + month["controlled_load_kwh"])
        for month in months
    )
    mean_c = 100 * baseline["bill_by_kind_aud"]["usage"] / used
    assert paid / used == pytest.approx(mean_c)


def test_the_steps_of_the_method_are_sums_of_a_calculator(
    told: dict[str, Any],
) -> None:
    for part in told["method"]:
        for step in part["steps"]:
            of = step["of"]
            worked_out = {
                "given": step["value"],
                "sum": sum(of),
                "product": prod(of),
                "quotient": of[0] / of[1] if step["by"] == "quotient" else None,
            }[step["by"]]
            assert step["value"] == pytest.approx(worked_out), step["said"]


def test_the_last_step_of_each_part_is_the_figure_of_the_run(
    told: dict[str, Any],
) -> None:
    entry = told["scenarios"][0]
    chosen = next(
        one for one in entry["runs"] if one["strategy"] == entry["chosen_strategy"]
    )
    money = chosen["money"]

    ends = [part["steps"][-1]["value"] for part in told["method"]]

    assert {part["scenario"] for part in told["method"]} == {"both"}
    expected = [
        entry["baseline"]["bill_aud"],
        chosen["bill_aud"],
        chosen["saving_aud"],
        money["net_aud"],
        money["npv_aud"],
        money["simple_payback_years"],
    ]
    for found, figure in zip(ends, expected, strict=True):
        assert found == (None if figure is None else pytest.approx(figure))


def test_every_assumption_has_a_source_and_what_rests_on_it(
    told: dict[str, Any],
) -> None:
    rows = {row["name"]: row for row in told["assumptions"]}

    assert all(row["source"] for row in told["assumptions"])
    assert rows["money: discount"]["value"] == 0.0351
    assert rows["money: discount"]["unit"] == "1/year"
    assert rows["money: discount"]["date"] == "2025-05-19"
    assert rows["money: discount"]["used_by"] == ["both"]
    assert rows["doubt: likeliest ageing"]["value"] == 1.0
    assert rows["tornado: price before incentives"]["value"] == "0.9 to 1.1"
    assert rows["tariff market from 2025-01-01"]["source"] == "made up"
    assert rows["battery: usable"]["source"] == "the scenario's file"
    assert rows["cost curve of home battery, installed: fixed"]["value"] == 2669
    assert "says nothing" in rows["connection: export limit"]["source"]
    assert rows["connection: export limit"]["used_by"] == ["both", "as-it-was", "solar"]


def test_what_is_on_record_is_told_without_the_meters_number(
    told: dict[str, Any],
) -> None:
    quality = told["data_quality"]

    # 14 days of 1,440 minutes, all on record.
    assert [one["covered_minutes"] for one in quality["meter"]] == [20160, 20160]
    assert {one["gap_count"] for one in quality["meter"]} == {0}
    assert quality["spot"][0]["covered_fraction"] == 1.0
    # 14 days of 288 intervals of five minutes.
    assert quality["flows"][0]["interval_count"] == 4032
    assert quality["fills"] == []
    assert quality["moved"] is None
    assert all("nmi" not in one for one in quality["meter"])
