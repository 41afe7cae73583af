"""Shapes of made-up days, their means worked out by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tests.analysis.sweep.swept_homes import (
    BATTERY,
    FIRST,
    LAST,
    QUESTION,
    TARIFFS,
    swept_home,
)

from home_energy.analysis.report.shapes import (
    days_by_season,
    months,
    savings_duration,
    shapes,
)
from home_energy.analysis.scenario.run import ScenarioRun, run_scenario
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.analysis.simulation.stored_at_end import StoredAtEnd
from home_energy.domain.meter_day import Flow, MeterDay, MeterRegister
from home_energy.domain.price import Quality
from home_energy.settings import BillSettings, HomeSettings, Settings
from home_energy.store import Store

ZONE = ZoneInfo("Australia/Melbourne")
GENERAL = MeterRegister("table:made", "", "G", Flow.GENERAL)
TwoDays = Callable[[date, int], ScenarioRun]


@pytest.fixture
def two_days(tmp_path: Path) -> TwoDays:
    """1 kW all through the first day of the meter, 2 kW through the second."""
    (tmp_path / "tariffs").mkdir()
    flat = f'name = "flat"\ntitle = "Flat"\nclock = "NEM"\n{TARIFFS["flat"]}'
    period = '[[period]]\nfrom = 2025-01-01\nsource = "made up"\n'
    head, _, rates = flat.partition("\n[[period.usage]]")
    (tmp_path / "tariffs" / "flat.toml").write_text(
        f"{head}\n{period}\n[[period.usage]]{rates}"
    )

    def run(first: date, resolution_minutes: int) -> ScenarioRun:
        path = tmp_path / f"{first}.sqlite"
        store = Store.open(path)
        days = [
            MeterDay.of_one_quality(
                first + timedelta(days=number), np.full(48, kwh), Quality.ACTUAL
            )
            for number, kwh in enumerate((0.5, 1.0))
        ]
        store.meter_days.save({GENERAL: days}, datetime(2026, 1, 1, tzinfo=UTC))
        settings = Settings(
            home=HomeSettings(store=path, timezone=ZONE.key),
            bill=BillSettings(tariff="flat"),
        ).read_from(tmp_path)
        asked = Scenario.model_validate(
            {
                "name": "a",
                "title": "A",
                "period": {
                    "from": first,
                    "to": first + timedelta(days=1),
                    "resolution_minutes": resolution_minutes,
                },
            }
        )
        return run_scenario(store, settings, asked)

    return run


@pytest.fixture(scope="module")
def battery_run(tmp_path_factory: pytest.TempPathFactory) -> ScenarioRun:
    store, settings = swept_home(tmp_path_factory.mktemp("home"))
    strategy = {
        "names": ["self_consumption", "time_of_use"],
        "charge_windows": [{"hours": ["21:00-24:00"]}],  # so it ends the year full
        "discharge_windows": [{"hours": ["16:00-21:00"]}],
    }
    asked = {**QUESTION, "battery": BATTERY, "strategy": strategy}
    return run_scenario(store, settings, Scenario.model_validate(asked))


@pytest.mark.parametrize("resolution_minutes", [5, 30])
def test_an_hour_that_the_clock_skips_has_a_sample_fewer(
    two_days: TwoDays, resolution_minutes: int
) -> None:
    run = two_days(date(2025, 10, 4), resolution_minutes)

    (spring,) = days_by_season(run, run.runs[0], ZONE)

    # The clock goes from 2 to 3 on 5 October, and the meter's second day ends at 1 of
    # the 6th.
    load = spring["load_kw"]
    assert spring["season"] == "spring"
    assert spring["start_hours"] == [number / 2 for number in range(48)]
    assert load[:2] == pytest.approx([5 / 3, 5 / 3])  # 1 on the 4th, 2 on 5th and 6th
    assert load[2:4] == pytest.approx([1.5, 1.5])
    assert load[4:6] == pytest.approx([1.0, 1.0])  # not there on the 5th
    assert load[6:] == pytest.approx([1.5] * 42)


@pytest.mark.parametrize("resolution_minutes", [5, 30])
def test_an_hour_that_the_clock_repeats_has_a_sample_more(
    two_days: TwoDays, resolution_minutes: int
) -> None:
    run = two_days(date(2025, 4, 5), resolution_minutes)

    (autumn,) = days_by_season(run, run.runs[0], ZONE)

    # The clock goes from 3 to 2 on 6 April, and the meter's first day begins at 1.
    load = autumn["load_kw"]
    assert autumn["season"] == "autumn"
    assert load[:2] == pytest.approx([1.0, 1.0])  # the last hour of the first day
    assert load[2:4] == pytest.approx([1.5, 1.5])
    assert load[4:6] == pytest.approx([5 / 3, 5 / 3])  # once 1, twice 2
    assert load[6:46] == pytest.approx([1.5] * 40)


@pytest.mark.parametrize(
    ("first", "season"),
    [
        (date(2025, 12, 10), "summer"),
        (date(2025, 1, 10), "summer"),
        (date(2025, 3, 10), "autumn"),
        (date(2025, 6, 10), "winter"),
        (date(2025, 11, 10), "spring"),
    ],
)
def test_seasons_are_those_of_the_south(
    two_days: TwoDays, first: date, season: str
) -> None:
    run = two_days(first, 30)

    assert [one["season"] for one in days_by_season(run, run.runs[0], ZONE)] == [season]


def test_what_is_not_there_has_no_typical_day(two_days: TwoDays) -> None:
    run = two_days(date(2025, 6, 10), 30)

    (winter,) = days_by_season(run, run.runs[0], ZONE)

    assert winter["battery_kw"] is None
    assert winter["stored_kwh"] is None
    assert winter["car_kw"] is None
    assert winter["solar_kw"] == [0.0] * 48
    assert winter["import_c_per_kwh"] == pytest.approx([30.0] * 48)
    assert winter["grid_import_kw"] == pytest.approx([1.5] * 48)


def test_months_sum_to_the_totals_of_the_run(battery_run: ScenarioRun) -> None:
    one = battery_run.runs[1]

    rows = months(battery_run, one)

    def total(name: str) -> float:
        return float(sum(row[name] for row in rows))

    flows = one.dispatch
    assert [row["month"] for row in rows] == ["2025-06", "2025-07"]
    assert one.strategy == "self_consumption"
    assert total("saving_aud") == pytest.approx(battery_run.saving_aud(one))
    assert total("bill_aud") == pytest.approx(one.bill.total_aud)
    assert total("load_kwh") == pytest.approx(flows.load_kwh.sum())
    assert total("grid_to_load_kwh") + total("grid_to_battery_kwh") == pytest.approx(
        flows.grid_import_kwh.sum()
    )
    assert total("solar_to_grid_kwh") + total("battery_to_grid_kwh") == pytest.approx(
        flows.grid_export_kwh.sum()
    )
    assert total("car_to_load_kwh") == 0
    # June has seven of the fourteen days, each cut at midnight in NEM time.
    half = flows.load_kwh.size // 2
    assert rows[0]["load_kwh"] == pytest.approx(flows.load_kwh[:half].sum())


def test_what_is_left_in_the_battery_belongs_to_the_last_month(
    battery_run: ScenarioRun,
) -> None:
    one = replace(battery_run.runs[2], at_end=StoredAtEnd(-2.0, 30.0))  # owes 60 c
    wear_aud = one.ledger.wear_c.reshape(2, -1).sum(axis=1) / 100

    rows = months(battery_run, one)

    before = [
        sum(
            line.amount_aud
            for line in battery_run.baseline.bill.lines
            if line.month.month == number
        )
        for number in (6, 7)
    ]
    saved = [
        cost - row["bill_aud"] - wear
        for cost, row, wear in zip(before, rows, wear_aud, strict=True)
    ]
    assert rows[0]["saving_aud"] == pytest.approx(saved[0])
    assert rows[1]["saving_aud"] == pytest.approx(saved[1] - 0.60)


def test_the_duration_curve_rises_to_what_energy_saves(
    battery_run: ScenarioRun,
) -> None:
    one = battery_run.runs[1]

    found = savings_duration(battery_run, one)

    curve = found["saving_aud"]
    saved = one.saving_by_interval_aud
    assert len(curve) == len(found["share_of_time_fraction"]) == 101
    assert (found["share_of_time_fraction"][0], curve[0]) == (0.0, 0.0)
    assert found["share_of_time_fraction"][-1] == 1.0
    assert curve[-1] == pytest.approx(saved.sum())
    assert curve[-1] + found["beside_aud"] == pytest.approx(battery_run.saving_aud(one))
    assert max(curve) >= saved[saved > 0].sum() - saved.max()
    # Half of all intervals, the best first.
    best = np.sort(saved)[::-1][: saved.size // 2]
    assert curve[50] == pytest.approx(best.sum())


def test_a_battery_is_full_by_evening_and_gives_at_night(
    battery_run: ScenarioRun,
) -> None:
    found = shapes(battery_run, battery_run.runs[1], ZONE)

    (winter,) = found["days_by_season"]
    assert (FIRST.month, LAST.month) == (6, 7)
    assert winter["battery_kw"][24] < 0  # charging at noon
    assert winter["battery_kw"][37] > 0  # discharging at half past six
    # Melbourne's winter clock is NEM time; what is stored at 12:00 of every day.
    stored = battery_run.runs[1].dispatch.stored_kwh[24 : 14 * 48 : 48]
    assert winter["stored_kwh"][24] == pytest.approx(stored.mean())
    assert winter["car_kw"] is None
