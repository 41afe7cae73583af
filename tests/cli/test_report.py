"""The year's report as a person asks for it: one command, from files to files."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.report.made_report import write_scenarios
from tests.analysis.sweep.swept_homes import GENERAL, HOT_WATER, swept_home
from tests.cli.conftest import Home

from home_energy.domain.meter_day import MeterDay
from home_energy.domain.price import Quality
from home_energy.store import Store

HEADER = "REGION,SETTLEMENTDATE,TOTALDEMAND,RRP,PERIODTYPE\n"
PRICE = "VIC1,2025/07/09 00:05:00,4339.0,50.0,TRADE\n"
CONFIG = """
[home]
store = "home.sqlite"
timezone = "Australia/Melbourne"
[bill]
tariff = "flat"
[report]
folder = "told"
"""
LACKING = """
name = "lacking"
title = "No weather"
[period]
year = 2025
[solar]
weather = "open-meteo"
[[solar.array]]
kw_dc = 5.0
"""
IMPORTS = """
[imports]
aemo = ["aemo/*.csv"]
nem12 = ["meter/*.csv"]
"""


@pytest.fixture
def reported(home: Home, tmp_path: Path) -> Home:
    """A home with two weeks of a record, and one scenario."""
    store, _ = swept_home(tmp_path)
    store.close()
    (tmp_path / "tariffs").rename(tmp_path / "config" / "tariffs")
    (tmp_path / "config" / "home.toml").write_text(CONFIG)
    folder = write_scenarios(tmp_path)
    for file in ("a-both.toml", "d-weather.toml", "sweeps/sizes.toml"):
        (folder / file).unlink()
    return home


def dump(home: Home) -> str:
    with closing(sqlite3.connect(home.folder / "home.sqlite")) as connection:
        return "\n".join(connection.iterdump())


@pytest.fixture
def year(reported: Home) -> Home:
    """0.2 kWh of load and 0.1 of hot water in every half-hour of 2025."""
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(365)]
    with closing(Store.open(reported.folder / "home.sqlite")) as store:
        store.meter_days.save(
            {
                register: [
                    MeterDay.of_one_quality(day, np.full(48, kwh), Quality.ACTUAL)
                    for day in days
                ]
                for register, kwh in ((GENERAL, 0.2), (HOT_WATER, 0.1))
            },
            datetime(2026, 1, 3, tzinfo=UTC),
        )
    scenarios = reported.folder / "scenarios"
    for file in ("b-as-it-is.toml", "c-solar.toml"):
        text = (scenarios / file).read_text()
        (scenarios / file).write_text(text.replace('"market"', '"flat"'))
    config = CONFIG + IMPORTS
    (reported.folder / "config" / "home.toml").write_text(config)
    return reported


def test_one_command_reads_what_is_new_and_tells_the_year(year: Home) -> None:
    aemo(year, HEADER + PRICE)
    (year.folder / "scenarios" / "d-weather.toml").write_text(LACKING)

    done = year.run("report", "--last-12-months")
    written = contents(year.folder / "told")
    again = year.run("report", "--year", "2025")

    assert "New on record: aemo: 1 file, 1 new values" in done.stdout
    assert "No file for imports.nem12: meter/*.csv" in done.stdout
    assert "Not run: d-weather.toml: there is no weather of" in done.stdout
    assert done.returncode == 4
    told = json.loads(written["report.json"])
    # 3,504 kWh at 30 c, 1,752 at 15 c, 365 days at 100 c, 12 months at 15 AUD.
    assert told["baseline"]["bill_aud"] == pytest.approx(1051.2 + 262.8 + 365 + 180)
    assert told["title"] == "Home energy report, 2025"
    assert [one["scenario"] for one in told["scenarios"]] == ["as-it-was", "solar"]
    assert "Nothing new to import: 1 file on record already." in again.stdout
    assert contents(year.folder / "told") == written


def test_a_faulty_file_refuses_the_report_and_keeps_nothing(year: Home) -> None:
    aemo(year, HEADER + PRICE)
    (year.folder / "meter").mkdir()
    (year.folder / "meter" / "a.csv").write_text("100,NEM12,nonsense\n")
    before = dump(year)

    done = year.run("report", "--year", "2025")

    assert done.returncode == 4
    assert "a.csv" in done.stderr
    assert dump(year) == before
    assert list((year.folder / "told").iterdir()) == []


def test_twelve_months_with_gaps_are_refused_before_anything_is_written(
    reported: Home,
) -> None:
    done = reported.run("report", "--last-12-months")

    # Two weeks are on record, and twelve months are asked for.
    assert done.returncode == 4
    assert "general lacks" in done.stderr
    assert list((reported.folder / "told").iterdir()) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [((), "neither"), (("--year", "2025", "--last-12-months"), "both")],
)
def test_a_year_or_the_last_months_are_asked_for(
    reported: Home, words: tuple[str, ...], found: str
) -> None:
    done = reported.run("report", *words)

    assert done.returncode == 4
    assert f"found {found}" in done.stderr


def test_a_faulty_scenario_refuses_the_report_before_anything_is_done(
    reported: Home,
) -> None:
    (reported.folder / "config" / "home.toml").write_text(CONFIG + IMPORTS)
    aemo(reported, HEADER + PRICE)
    (reported.folder / "scenarios" / "z.toml").write_text('name = "z"\n')
    before = dump(reported)

    done = reported.run("report", "--year", "2025")

    assert done.returncode == 2
    assert "z.toml: " in done.stderr
    assert dump(reported) == before
    assert not (reported.folder / "told").exists()


def test_a_folder_that_cannot_be_written_is_refused_at_once(reported: Home) -> None:
    (reported.folder / "file").write_text("")

    done = reported.run("report", "--year", "2025", "--out", "file/report")

    assert done.returncode == 4
    assert "the report cannot be written there" in done.stderr


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def aemo(home: Home, text: str) -> Path:
    path = home.folder / "aemo" / "july.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path
