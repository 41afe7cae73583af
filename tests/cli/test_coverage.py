"""`coverage` as a person types it: of a year, of files alone, with two sources."""

import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from tests.cli.conftest import CommandLine

from home_energy.analysis.record.coverage import SourcePair
from home_energy.cli.coverage_words import pair_words
from home_energy.domain.meter_comparison import compare_sources
from home_energy.domain.meter_day import Flow, MeterDay, MeterRegister
from home_energy.domain.price import Quality
from home_energy.domain.series import EnergySeries, FloatArray
from home_energy.domain.spot import SpotDay
from home_energy.domain.time_grid import TimeGrid, nem_day_start
from home_energy.settings import HomeSettings
from home_energy.store import Store

KNOWN = datetime(2026, 1, 5, tzinfo=UTC)
NEW_YEAR = date(2025, 1, 1)
METER = MeterRegister("nem12", "6001000001", "E1")
POWERPAL = MeterRegister("powerpal", "", "import", Flow.GENERAL)
HOUR_HALVES = 2


def days(kwh: FloatArray) -> list[MeterDay]:
    return [
        MeterDay.of_one_quality(
            NEW_YEAR + timedelta(days=number), part.copy(), Quality.ACTUAL
        )
        for number, part in enumerate(kwh.reshape(-1, 48))
    ]


@pytest.fixture
def home_of_files(command_line: CommandLine) -> CommandLine:
    """A year of a meter, of Powerpal whose summer is an hour late, and of the spot."""
    rng = np.random.default_rng(5)
    kwh = rng.uniform(0.05, 1.5, 365 * 48)
    local = np.roll(kwh, HOUR_HALVES)
    # Daylight saving ends on 6 April, day 95, and begins on 5 October, day 277.
    local[95 * 48 : 277 * 48] = kwh[95 * 48 : 277 * 48]
    local[200 * 48 : 201 * 48] = np.nan
    command_line.config.mkdir()
    (command_line.config / "home.toml").write_text('[home]\nstore = "home.sqlite"\n')
    store = Store.open(command_line.folder / "home.sqlite")
    store.meter_days.save({METER: days(kwh), POWERPAL: days(local)}, KNOWN)
    spot = [
        SpotDay("NSW1", NEW_YEAR + timedelta(days=n), 30, np.full(48, 80.0))
        for n in range(365)
    ]
    store.spot_days.save(spot, KNOWN)
    store.close()
    return command_line


def test_a_year_of_files_is_told_with_the_shift_of_its_summers(
    home_of_files: CommandLine,
) -> None:
    done = home_of_files.run("coverage", "--year", "2025")

    assert done.returncode == 0, done.stderr
    words = " ".join(done.stdout.split())
    assert "On record from 2025-01-01 01:00 to 2026-01-01 01:00" in words
    assert "Prices" not in words.split("Wholesale prices")[0]
    assert "1, longest 1 day from 2025-07-20 00:00" in words
    assert "powerpal runs 60 min behind nem12 from 2025-01-01 to 2025-04-05" in words
    assert "powerpal runs 60 min behind nem12 from 2025-10-05 on" in words
    assert words.count("one hour later, as if its stamps were daylight-saving") == 2


def test_the_same_as_json(home_of_files: CommandLine) -> None:
    done = home_of_files.run(
        *("coverage", "--start", "2025-01-01", "--end", "2025-12-31", "--json")
    )

    answer = json.loads(done.stdout)
    assert answer["channels"] == []
    assert (answer["start_utc"], answer["end_utc"]) == (
        "2024-12-31T14:00:00Z",
        "2025-12-31T14:00:00Z",
    )
    meter, powerpal = answer["meter"]
    assert (meter["source"], meter["flow"]) == ("nem12", "general")
    assert (meter["covered_percent"], meter["gaps"]) == (100.0, [])
    assert powerpal["covered_minutes"] == 364 * 1440
    assert powerpal["longest_gap_minutes"] == 1440
    assert powerpal["gaps"] == [
        {"start_utc": "2025-07-19T14:00:00Z", "end_utc": "2025-07-20T14:00:00Z"}
    ]
    assert [spot["covered_percent"] for spot in answer["spot"]] == [100.0]
    (comparison,) = answer["comparisons"]
    assert (comparison["first"], comparison["second"]) == ("nem12", "powerpal")
    assert len(comparison["days"]) == 364
    assert [
        (shift["first_day"], shift["last_day"], shift["second_later_minutes"])
        for shift in comparison["clock_shifts"]
    ] == [("2025-01-01", "2025-04-05", 60), ("2025-10-05", "2025-12-31", 60)]


def test_a_year_that_has_not_begun_is_refused(home_of_files: CommandLine) -> None:
    done = home_of_files.run("coverage", "--year", "2099")

    assert done.returncode == 4
    assert "--year 2099 is yet to come" in done.stderr


def test_a_year_and_days_do_not_go_together(home_of_files: CommandLine) -> None:
    done = home_of_files.run("coverage", "--year", "2025", "--start", "2025-02-01")

    assert done.returncode == 4
    assert "--year goes without --start and --end" in done.stderr


def test_an_empty_store_says_what_brings_something(command_line: CommandLine) -> None:
    command_line.config.mkdir()
    (command_line.config / "home.toml").write_text('[home]\nstore = "home.sqlite"\n')
    Store.open(command_line.folder / "home.sqlite").close()

    done = command_line.run("coverage")

    assert done.returncode == 4
    assert "there is nothing on record yet" in done.stderr
    assert "import" in done.stderr


def sentences(
    first: FloatArray,
    second: FloatArray,
) -> list[str]:
    grid = TimeGrid(nem_day_start(NEW_YEAR), timedelta(minutes=30), first.size)
    found = compare_sources(EnergySeries(grid, first), EnergySeries(grid, second))
    pair = SourcePair(Flow.GENERAL, "nem12", "powerpal", found)
    return pair_words(pair, HomeSettings().zone)


def test_half_an_hour_is_named_and_on_which_side() -> None:
    kwh = np.random.default_rng(5).uniform(0.05, 1.5, 20 * 48)

    ahead = sentences(np.roll(kwh, 1), kwh)

    assert len(ahead) == 2
    assert "powerpal runs 30 min ahead of nem12 from 2025-01-01 on" in ahead[1]
    assert "nem12 has the same energy half an hour later" in ahead[1]
    assert "daylight" not in ahead[1]


def test_equal_clocks_and_too_few_days_are_told_apart() -> None:
    kwh = np.random.default_rng(5).uniform(0.05, 1.5, 20 * 48)

    (equal,) = sentences(kwh, kwh * 1.021)

    assert equal == (
        "powerpal against nem12 (general): 20 days compared, daily difference median "
        "2.1%, total +2.1%; no clock shift found"
    )
    assert "too few days" in sentences(kwh[:96], kwh[:96])[0]
