"""A sweep on a made-up home: its money, its files, and what an interruption costs."""

import csv
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.analysis.sweep.swept_homes import QUESTION, swept_home

from home_energy.analysis.scenario.run import run_scenario
from home_energy.analysis.scenario.year_engine import AS_NEW
from home_energy.analysis.scenario.year_point import YearPoint
from home_energy.analysis.sweep import swept_years
from home_energy.analysis.sweep.kept_years import NAME, KeptYears, YearKeys
from home_energy.analysis.sweep.sweep import (
    SweepRun,
    run_sweep,
    sweep_result,
    write_sweep,
)
from home_energy.analysis.sweep.sweep_file import SweptScenario
from home_energy.analysis.sweep.sweep_money import doubt_of_point
from home_energy.analysis.sweep.sweep_purchase import SweepPurchase
from home_energy.analysis.sweep.swept_years import Workers
from home_energy.errors import ConfigError
from home_energy.settings import Settings
from home_energy.store import Store

Home = tuple[Store, Settings]
ALONE = Workers(jobs=1)
PURCHASE = {
    "installed": "2026-01-15",
    "postcode": "3000",
    "solar_aud_per_kw": 1100.0,
    "battery_fixed_aud": 2000.0,
    "battery_aud_per_kwh": 700.0,
    "maintenance_aud_per_year": 50.0,
}
SIZES = {
    "solar_kw": [0, 6.6],
    "battery_kwh": [0, 8],
    "tariff": ["flat", "market"],
    "strategy": ["self_consumption"],
}


def asked(**parts: Any) -> SweptScenario:
    return SweptScenario.model_validate({**QUESTION, "sweep": SIZES, **parts})


def swept(home: Home, question: SweptScenario, folder: Path | None = None) -> SweepRun:
    return run_sweep(*home, question, (ALONE, KeptYears(folder)))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    store, settings = swept_home(tmp_path_factory.mktemp("swept"))
    with closing(store):
        yield store, settings


@pytest.fixture
def chunks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many choices each chunk that is run holds."""
    seen: list[int] = []
    really = swept_years._evaluate

    def counted(year: Any, chunk: Any) -> Any:
        seen.append(len(chunk))
        return really(year, chunk)

    monkeypatch.setattr(swept_years, "_evaluate", counted)
    return seen


def test_a_choice_is_worth_what_its_scenario_is_worth(home: Home) -> None:
    question = asked(purchase=PURCHASE)

    done = swept(home, question)

    for point, money in zip(done.points, done.money, strict=True):
        scenario = question.scenario_of(point, "flat")
        run = run_scenario(*home, scenario)
        if money is None:
            assert not run.money
            continue
        judged = run.money[point.strategy]
        measures = judged.measures
        assert money.net_aud == pytest.approx(judged.bought.purchase.net_aud)
        assert money.npv_aud == pytest.approx(measures.npv_aud, abs=1e-6)
        assert money.break_even_price_aud == pytest.approx(
            measures.break_even_price_aud, abs=1e-6
        )
        assert money.simple_payback_years == pytest.approx(
            measures.simple_payback.years
        )
        assert money.roi_fraction == pytest.approx(measures.roi_fraction)
        rate = measures.internal_rate.rate_fraction_per_year
        assert money.irr_fraction_per_year == pytest.approx(rate, abs=1e-9)


def test_what_stands_out_has_the_ranges_of_its_scenario(home: Home) -> None:
    question = asked(purchase=PURCHASE)

    done = swept(home, question)

    result = sweep_result(done, "0" * 64)
    picked = {number for number in result["picks"].values() if number is not None}
    assert [one["choice"] for one in result["doubts"]] == sorted(picked)
    for one in result["doubts"]:
        point = done.points[one["choice"]]
        # Two weeks have no seasons to choose from.
        assert one["saving_range_aud"] is None
        run = run_scenario(*home, question.scenario_of(point, "flat"))
        money = run.money.get(point.strategy)
        if money is None:
            assert one["doubt"] is None
            continue
        for name in ("npv_aud", "break_even_price_aud", "simple_payback_years"):
            told = asdict(getattr(money.doubt, name))
            assert one["doubt"][name] == pytest.approx(told, abs=1e-6)
    assert any(one["doubt"] is not None for one in result["doubts"])


def test_what_does_not_age_is_run_once(home: Home) -> None:
    done = swept(home, asked())
    charger = SweepPurchase.model_validate(
        {"installed": "2026-03-01", "charger_aud": 500.0}
    )
    nothing = done.points.index(YearPoint("flat", "no_battery"))

    found = doubt_of_point(
        charger, done.year, done.points[nothing], done.years[nothing]
    )

    assert found is not None
    assert found.pays_back_fraction == 0.0
    assert found.npv_aud.p50 == pytest.approx(-500.0)


def test_every_choice_but_nothing_has_a_price(home: Home) -> None:
    done = swept(home, asked(purchase=PURCHASE))

    bought = {
        (point.solar_kw, point.battery_kwh): money
        for point, money in zip(done.points, done.money, strict=True)
    }
    assert bought[0.0, 0.0] is None
    battery = bought[6.6, 8.0]
    # 6.6 x 1,100 and 2,000 + 8 x 700 before incentives.
    assert battery is not None
    assert battery.price_aud == pytest.approx(7260.0 + 7600.0)


def test_a_second_run_runs_nothing_again(
    home: Home, tmp_path: Path, chunks: list[int]
) -> None:
    first = swept(home, asked(purchase=PURCHASE), tmp_path)
    run_first = sum(chunks)
    chunks.clear()

    second = swept(home, asked(purchase=PURCHASE), tmp_path)

    assert run_first == 8
    assert chunks == []
    assert json.dumps(second.rows) == json.dumps(first.rows)


def test_more_sizes_run_the_new_ones_alone(
    home: Home, tmp_path: Path, chunks: list[int]
) -> None:
    swept(home, asked(), tmp_path)
    chunks.clear()

    swept(home, asked(sweep={**SIZES, "battery_kwh": [0, 8, 12]}), tmp_path)

    # 12 kWh on two tariffs with two sizes of panels.
    assert sum(chunks) == 4


def test_another_question_is_not_answered_by_old_years(
    home: Home, tmp_path: Path, chunks: list[int]
) -> None:
    swept(home, asked(), tmp_path)
    chunks.clear()

    swept(home, asked(connection={"export_limit_kw": 3.0}), tmp_path)

    assert sum(chunks) == 8


def test_prices_of_devices_run_no_year_again(
    home: Home, tmp_path: Path, chunks: list[int]
) -> None:
    swept(home, asked(purchase=PURCHASE), tmp_path)
    chunks.clear()
    dearer = {**PURCHASE, "battery_aud_per_kwh": 900.0}

    swept(home, asked(purchase=dearer), tmp_path)

    assert chunks == []


def test_an_interruption_loses_what_was_in_flight(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunks: list[int]
) -> None:
    monkeypatch.setattr(swept_years, "CHUNK", 3)
    question = asked()
    kept = KeptYears(tmp_path)
    save, saved = kept.save, []

    def cut_off(found: Any) -> None:
        save(found)
        saved.append(len(found))
        if len(saved) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(kept, "save", cut_off)
    with pytest.raises(KeyboardInterrupt):
        run_sweep(*home, question, (ALONE, kept))
    with (tmp_path / NAME).open("a") as file:
        file.write('{"key": "torn off in the mid')
    chunks.clear()

    swept(home, question, tmp_path)

    # Two chunks of three were kept; the torn line counts for nothing.
    assert saved == [3, 3]
    assert sum(chunks) == 2


def test_a_line_after_a_torn_one_is_read(
    home: Home, tmp_path: Path, chunks: list[int]
) -> None:
    (tmp_path / NAME).write_text('{"key": "torn off in the mid')
    swept(home, asked(), tmp_path)
    chunks.clear()

    swept(home, asked(), tmp_path)

    assert chunks == []


def test_the_name_of_a_year_follows_from_its_values(home: Home) -> None:
    done = swept(home, asked())
    other = swept(home, asked(usage={"sources": ["table:gross"]}))
    point = done.points[-1]

    names = [YearKeys(run.year).key(point, (AS_NEW,)) for run in (done, done, other)]

    assert names[0] == names[1]
    assert names[0] != names[2]


def test_threads_give_what_one_gives(home: Home) -> None:
    one = run_sweep(*home, asked(), (Workers(jobs=1), KeptYears(None)))

    two = run_sweep(*home, asked(), (Workers(jobs=2), KeptYears(None)))

    assert two.figures == one.figures


def test_files_hold_every_choice(home: Home, tmp_path: Path) -> None:
    result = sweep_result(swept(home, asked(purchase=PURCHASE)), "0" * 64)

    write_sweep(tmp_path / "out", result)

    told = json.loads((tmp_path / "out" / "sweep.json").read_text())
    with (tmp_path / "out" / "choices.csv").open() as file:
        lines = list(csv.DictReader(file))
    table = pq.read_table(tmp_path / "out" / "choices.parquet").to_pylist()
    assert len(told["choices"]) == len(lines) == 8
    assert table == result["choices"]
    assert float(lines[3]["npv_aud"]) == result["choices"][3]["npv_aud"]


def test_a_scheduler_that_is_not_there_is_named(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swept_years, "ANSWER_SECONDS", 0.2)
    nowhere = Workers(dask="tcp://127.0.0.1:9")

    with pytest.raises(ConfigError, match=r"tcp://127.0.0.1:9: no scheduler answers"):
        run_sweep(*home, asked(), (nowhere, KeptYears(None)))
