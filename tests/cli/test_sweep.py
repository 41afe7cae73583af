"""A sweep as a person asks for it."""

import json
from pathlib import Path

import pytest
from tests.analysis.sweep.swept_homes import swept_home
from tests.cli.conftest import Home

SWEEP = """
name = "sizes"
title = "Which size?"
[period]
from = 2025-06-24
to = 2025-07-07
resolution_minutes = 30
[solar]
[[solar.array]]
kw_dc = 5.0
[battery]
product = "powerwall-3"
[sweep]
solar_kw = [0, 5]
battery_kwh = [0, 5, 10]
tariff = ["flat", "market"]
strategy = ["self_consumption"]
"""
PURCHASE = """
[purchase]
installed = 2026-01-15
postcode = "3000"
"""


@pytest.fixture
def swept(home: Home, tmp_path: Path) -> Home:
    store, _ = swept_home(tmp_path)
    store.close()
    (tmp_path / "config" / "home.toml").write_text(
        '[home]\nstore = "home.sqlite"\ntimezone = "Australia/Melbourne"\n'
        '[bill]\ntariff = "flat"\n'
    )
    (tmp_path / "tariffs").rename(tmp_path / "config" / "tariffs")
    return home


def test_a_sweep_is_told_in_json_and_in_files(swept: Home, tmp_path: Path) -> None:
    (tmp_path / "sizes.toml").write_text(SWEEP + PURCHASE)

    done = swept.run("scenario", "sweep", "sizes.toml", "--json", "--out", "out")

    told = json.loads(done.stdout)
    # Two tariffs, two sizes of panels, three of batteries.
    assert done.returncode == 0
    assert len(told["choices"]) == 12
    assert told["picks"]["most_worth"] is not None
    assert told == json.loads((tmp_path / "out" / "sizes" / "sweep.json").read_text())
    assert (tmp_path / "out" / "sizes" / "choices.parquet").exists()


def test_a_sweep_is_told_in_words(swept: Home, tmp_path: Path) -> None:
    (tmp_path / "sizes.toml").write_text(SWEEP + PURCHASE)

    done = swept.run("scenario", "sweep", "sizes.toml", "--jobs", "1")

    assert done.returncode == 0
    assert "12 choices" in done.stdout
    assert "most self-sufficient" in " ".join(done.stdout.split())
    assert "net present value, AUD" in done.stdout
    assert "takes these 14 days 26.1 times" in " ".join(done.stdout.split())


def test_a_surface_has_batteries_where_none_is_worth_its_price(
    swept: Home, tmp_path: Path
) -> None:
    dear = "battery_aud_per_kwh = 9000.0\n"
    (tmp_path / "sizes.toml").write_text(SWEEP + PURCHASE + dear)

    done = swept.run("scenario", "sweep", "sizes.toml", "--jobs", "1")

    surface = done.stdout.partition("net present value, AUD:")[2]
    assert "no battery" in done.stdout
    assert "self consumption" in surface.splitlines()[0]
    assert "10 kWh" in surface


def test_without_prices_no_money_but_that_of_the_year_is_told(
    swept: Home, tmp_path: Path
) -> None:
    (tmp_path / "sizes.toml").write_text(SWEEP)

    done = swept.run("scenario", "sweep", "sizes.toml", "--jobs", "1")

    assert done.returncode == 0
    assert "saving of a year, AUD" in done.stdout
    assert "payback" not in done.stdout
    assert "no [purchase]" in done.stdout


def test_a_scenario_without_choices_is_refused(swept: Home, tmp_path: Path) -> None:
    (tmp_path / "sizes.toml").write_text(SWEEP.partition("[sweep]")[0])

    done = swept.run("scenario", "sweep", "sizes.toml")

    assert done.returncode == 2
    assert "sweep: this key is required" in done.stderr
