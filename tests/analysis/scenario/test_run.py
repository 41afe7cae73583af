"""A scenario run on a tiny record, its money worked out by hand."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from home_energy.analysis.scenario.result import (
    result_text,
    scenario_result,
    write_result,
)
from home_energy.analysis.scenario.run import ScenarioRun, run_scenario
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.domain.meter_day import Flow, MeterDay, MeterRegister
from home_energy.domain.price import Quality
from home_energy.domain.spot import SpotDay
from home_energy.settings import BillSettings, HomeSettings, Settings
from home_energy.store import Store

DAY = date(2025, 7, 2)
KNOWN_AT = datetime(2025, 8, 1, tzinfo=UTC)

TARIFF = """
name = "two-prices"
title = "10 c by night, 50 c by day, 5 c for feed-in"
clock = "NEM"
[[period]]
from = 2025-01-01
source = "made up"
[[period.usage]]
name = "Night"
hours = ["00:00-06:00"]
c_per_kwh = 10.0
[[period.usage]]
name = "Day"
c_per_kwh = 50.0
[[period.feed_in]]
name = "Feed-in"
c_per_kwh = 5.0
[[period.fixed]]
name = "Supply"
c_per_day = 100.0
"""


def half_hours(value: float, first: int = 0, stop: int = 48) -> np.ndarray:
    kwh = np.zeros(48)
    kwh[first:stop] = value
    return kwh


def saved(
    folder: Path, days: dict[MeterRegister, np.ndarray]
) -> tuple[Store, Settings]:
    path = folder / "home.sqlite"
    store = Store.open(path)
    store.meter_days.save(
        {
            register: [MeterDay.of_one_quality(DAY, kwh, Quality.ACTUAL)]
            for register, kwh in days.items()
        },
        KNOWN_AT,
    )
    store.spot_days.save([SpotDay("NSW1", DAY, 30, np.full(48, 50.0))], KNOWN_AT)
    (folder / "tariffs").mkdir()
    (folder / "tariffs" / "two-prices.toml").write_text(TARIFF)
    settings = Settings(
        home=HomeSettings(store=path), bill=BillSettings(tariff="two-prices")
    )
    return store, settings.read_from(folder)


def asked(**parts: object) -> Scenario:
    return Scenario.model_validate(
        {
            "name": "a",
            "title": "A question",
            "period": {"from": DAY, "to": DAY, "resolution_minutes": 30},
            **parts,
        }
    )


BATTERY = {
    "usable_kwh": 6.0,
    "charge_kw": 4.0,
    "discharge_kw": 4.0,
    "charge_efficiency_fraction": 0.8,
    "discharge_efficiency_fraction": 1.0,
}
IMPORT = MeterRegister("nem12", "6001000001", "E1")


@pytest.fixture
def evening(tmp_path: Path) -> tuple[Store, Settings]:
    # 1 kWh in each half-hour from 18:00 to 21:00: 6 kWh at 50 c.
    return saved(tmp_path, {IMPORT: half_hours(1.0, 36, 42)})


def test_the_home_as_it_is_stands_beside_every_run(
    evening: tuple[Store, Settings],
) -> None:
    done = run_scenario(*evening, asked())

    # 6 kWh x 50 c + 100 c
    assert done.baseline.bill.total_aud == pytest.approx(4.00)
    (only,) = done.runs
    assert only.strategy == "no_battery"
    assert done.saving_aud(only) == pytest.approx(0.0, abs=1e-9)


def test_the_best_a_battery_could_do_is_the_night_for_the_evening(
    evening: tuple[Store, Settings],
) -> None:
    scenario = asked(battery=BATTERY, strategy={"names": ["perfect_foresight"]})

    done = run_scenario(*evening, scenario)

    # 6 / 0.8 = 7.5 kWh at 10 c in the night instead of 6 kWh at 50 c: saves 2.25.
    best = done.runs[-1]
    assert done.saving_aud(best) == pytest.approx(3.00 - 0.75)
    assert best.bill.total_aud == pytest.approx(1.75)
    assert done.capture_ratio(best) == pytest.approx(1.0)
    assert best.scheduled.lower_bound_aud == pytest.approx(0.75)
    assert best.scheduled.certificate_aud == pytest.approx(0.0, abs=1e-9)


def test_windows_of_the_tariffs_clock_run_the_battery(
    evening: tuple[Store, Settings],
) -> None:
    strategy = {
        "names": ["time_of_use", "perfect_foresight"],
        "charge_windows": [{"hours": ["02:00-03:00"]}],
        "discharge_windows": [{"hours": ["18:00-21:00"]}],
    }

    done = run_scenario(*evening, asked(battery=BATTERY, strategy=strategy))

    # One hour at 4 kW: 4 kWh bought at 10 c, 3.2 kWh come back at 50 c: saves 1.20,
    # of the 2.25 that were there.
    rule = done.run_of("time_of_use")
    assert rule is not None
    assert done.saving_aud(rule) == pytest.approx(1.60 - 0.40)
    assert done.capture_ratio(rule) == pytest.approx(1.20 / 2.25)


def test_a_home_with_gross_meters_has_its_present_solar(tmp_path: Path) -> None:
    load = MeterRegister("table:gross", "", "GC", Flow.LOAD)
    sun = MeterRegister("table:gross", "", "GG", Flow.GENERATION)
    home = saved(tmp_path, {load: half_hours(0.5), sun: half_hours(1.5, 20, 24)})

    done = run_scenario(*home, asked())

    result = scenario_result(done, "0" * 64)
    # bought 12 night half-hours x 0.5 = 6 kWh at 10 c, 32 by day = 16 kWh at 50 c,
    # sold 4 x 1.0 kWh at 5 c, supply 100 c: 0.60 + 8.00 - 0.20 + 1.00
    assert done.baseline.bill.total_aud == pytest.approx(9.40)
    assert done.home.load_kwh.sum() == pytest.approx(24.0)
    assert done.home.solar_kwh.sum() == pytest.approx(6.0)
    assert done.runs[0].bill.total_aud == pytest.approx(9.40)
    # 4 x 0.5 of the 6 kWh of sun are used, of 24 kWh of load
    assert result["runs"][0]["self_consumption_fraction"] == pytest.approx(2 / 6)
    assert result["runs"][0]["self_sufficiency_fraction"] == pytest.approx(2 / 24)


def test_import_is_not_called_load_where_there_is_solar(tmp_path: Path) -> None:
    export = MeterRegister("nem12", "6001000001", "B1")
    home = saved(tmp_path, {IMPORT: half_hours(0.5), export: half_hours(1.0, 20, 24)})

    done = run_scenario(*home, asked())

    assert "of present solar only what was exported is known" in done.home.note


def test_load_is_rebuilt_from_import_generation_and_export(tmp_path: Path) -> None:
    # Bought 0.5 all day but at noon; at noon the roof made 1.5 and sold 1.0: used 0.5.
    bought = half_hours(0.5)
    bought[20:24] = 0.0
    days = {
        IMPORT: bought,
        MeterRegister("nem12", "6001000001", "B1"): half_hours(1.0, 20, 24),
        MeterRegister("table:inverter", "", "PV", Flow.GENERATION): half_hours(
            1.5, 20, 24
        ),
    }

    done = run_scenario(*saved(tmp_path, days), asked())

    assert done.home.load_kwh == pytest.approx(np.full(48, 0.5))
    assert done.home.solar_kwh.sum() == pytest.approx(6.0)
    assert done.saving_aud(done.runs[0]) == pytest.approx(0.0, abs=1e-9)


def test_perfect_foresight_keeps_a_monthly_demand_charge_in_mind(
    evening: tuple[Store, Settings],
) -> None:
    # $10 for each kW of the day's highest half-hour: as it is 2 kW in the evening.
    store, settings = evening
    demand = TARIFF.replace("two-prices", "demand") + (
        '[[period.demand]]\nname = "Demand"\naud_per_kw_per_month = 310.0\n'
    )
    (settings.tariff_folder / "demand.toml").write_text(demand)
    scenario = asked(
        prices={"tariff": "demand"},
        battery=BATTERY,
        strategy={"names": ["self_consumption", "perfect_foresight"]},
    )

    done = run_scenario(store, settings, scenario)

    # At P kW all day the evening's six half-hours take 6 P/2 kWh from the grid and the
    # rest, 6 - 3P, from the battery, charged in the 36 half-hours before:
    # (6 - 3P) / 0.8 = 18 P, so P = 10/29 kW. Demand 10 P = 3.448; night 6 P kWh at
    # 10 c = 0.207; day 12 P and evening 3 P at 50 c = 2.586; supply 1.00.
    best = done.runs[-1]
    assert done.baseline.bill.total_aud == pytest.approx(24.00)
    assert best.bill.total_aud == pytest.approx(7.2414, abs=1e-4)
    assert "demand charge in mind" in " ".join(done.notes)


def results_of(done: ScenarioRun) -> str:
    return result_text(scenario_result(done, "0" * 64))


def test_two_runs_give_the_same_bytes(
    evening: tuple[Store, Settings], tmp_path: Path
) -> None:
    scenario = asked(battery=BATTERY)
    first, second = (run_scenario(*evening, scenario) for _ in range(2))

    for name, done in (("first", first), ("second", second)):
        write_result(tmp_path / name, done, scenario_result(done, "0" * 64))

    assert results_of(first) == results_of(second)
    for file in ("result.json", "dispatch.parquet"):
        one, other = (tmp_path / name / file for name in ("first", "second"))
        assert one.read_bytes() == other.read_bytes()


def test_files_hold_every_figure_and_every_flow(
    evening: tuple[Store, Settings], tmp_path: Path
) -> None:
    done = run_scenario(*evening, asked(battery=BATTERY))

    write_result(tmp_path / "out", done, scenario_result(done, "0" * 64))

    result = json.loads((tmp_path / "out" / "result.json").read_text())
    table = pq.read_table(tmp_path / "out" / "dispatch.parquet")
    assert table.num_rows == 48 * len(result["runs"])
    assert table["start_utc"][0].as_py() == datetime(2025, 7, 1, 14, tzinfo=UTC)
    assert set(result["provenance"]["versions"]) >= {"home-energy", "numba", "numpy"}


def test_what_ten_best_intervals_brought_is_told(
    evening: tuple[Store, Settings],
) -> None:
    scenario = asked(battery=BATTERY, strategy={"names": ["perfect_foresight"]})
    done = run_scenario(*evening, scenario)

    result = scenario_result(done, "0" * 64)

    # Only the six evening half-hours save, 50 c each; without them the night's
    # 0.75 is left as a loss.
    best = result["runs"][-1]
    assert best["saving_without_ten_best_intervals_aud"] == pytest.approx(-0.75)
