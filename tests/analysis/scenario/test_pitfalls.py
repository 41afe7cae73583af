"""Ways in which such models have misled people; each is a test that it cannot here.

Those about devices stand in `tests/analysis/simulation` and `solar`, by the same
numbers; 15 (the rebate of another date) and 18 (trips that strand the car) wait for
money and cars.
"""

from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from tests.analysis.scenario.test_run import (
    BATTERY,
    IMPORT,
    TARIFF,
    asked,
    half_hours,
    saved,
)

from home_energy.analysis.scenario.result import scenario_result
from home_energy.analysis.scenario.run import run_scenario
from home_energy.cli.scenario_words import print_basis, print_result
from home_energy.domain.meter_day import MeterRegister
from home_energy.settings import Settings
from home_energy.store import Store

EXPORT = MeterRegister("nem12", "6001000001", "B1")


@pytest.fixture
def evening(tmp_path: Path) -> tuple[Store, Settings]:
    return saved(tmp_path, {IMPORT: half_hours(1.0, 36, 42)})


def test_pitfall_1_perfect_foresight_is_never_told_as_a_saving(
    evening: tuple[Store, Settings],
) -> None:
    names = ["self_consumption", "perfect_foresight"]
    done = run_scenario(*evening, asked(battery=BATTERY, strategy={"names": names}))
    result = scenario_result(done, "0" * 64)
    console = Console(record=True, width=100)

    print_result(console, result)
    print_basis(console, [result])

    bounds = [one["strategy"] for one in result["runs"] if one["is_upper_bound"]]
    text = console.export_text()
    assert bounds == ["perfect_foresight"]
    assert "perfect foresight*" in text
    assert "No home can have this saving" in text


def test_pitfall_2_the_home_without_may_have_a_tariff_of_its_own(
    evening: tuple[Store, Settings],
) -> None:
    store, settings = evening
    flat = TARIFF.replace("two-prices", "flat").replace("= 50.0", "= 30.0")
    (settings.tariff_folder / "flat.toml").write_text(flat)

    prices = {"tariff": "two-prices", "baseline_tariff": "flat"}
    done = run_scenario(store, settings, asked(prices=prices))

    # 6 kWh at 30 c as it is, at 50 c on the scenario's tariff, and 100 c a day each.
    assert done.baseline.bill.total_aud == pytest.approx(2.80)
    assert done.saving_aud(done.runs[0]) == pytest.approx(-1.20)


def test_pitfall_3_each_tariff_has_its_own_daily_charge(
    evening: tuple[Store, Settings],
) -> None:
    store, settings = evening
    dear = TARIFF.replace("two-prices", "dear").replace("= 100.0", "= 250.0")
    (settings.tariff_folder / "dear.toml").write_text(dear)

    cheap, other = (
        run_scenario(store, settings, asked(prices={"tariff": name}))
        for name in ("two-prices", "dear")
    )

    dearer_aud = other.baseline.bill.total_aud - cheap.baseline.bill.total_aud
    assert dearer_aud == pytest.approx(1.50)


def test_pitfall_12_the_bill_is_not_mean_price_times_mean_energy(
    evening: tuple[Store, Settings],
) -> None:
    done = run_scenario(*evening, asked())

    # The mean of the day's prices is 40 c; what was used, was used at 50 c.
    mean_c = float(done.problem.rates.import_c_per_kwh.mean())
    used_aud = done.baseline.bill.total_aud - 1.00
    assert mean_c == pytest.approx(40.0)
    assert used_aud == pytest.approx(3.00)
    assert used_aud != pytest.approx(6 * mean_c / 100)


def test_pitfall_13_the_luck_of_ten_intervals_is_told_apart(
    evening: tuple[Store, Settings],
) -> None:
    scenario = asked(battery=BATTERY, strategy={"names": ["perfect_foresight"]})

    result = scenario_result(run_scenario(*evening, scenario), "0" * 64)

    best = result["runs"][-1]
    assert best["saving_aud"] == pytest.approx(2.25)
    assert best["saving_without_ten_best_intervals_aud"] == pytest.approx(-0.75)


def test_pitfall_16_gst_is_on_what_is_bought_and_not_on_feed_in(
    tmp_path: Path,
) -> None:
    home = saved(
        tmp_path,
        {IMPORT: half_hours(1.0, 36, 42), EXPORT: half_hours(2.0, 20, 22)},
    )

    bill = run_scenario(*home, asked()).baseline.bill

    # (6 x 50 c + 100 c) / 11, and none of the 4 kWh x 5 c that were earned
    assert bill.gst_aud == pytest.approx(4.00 / 11)
    assert bill.total_aud == pytest.approx(3.80)


def test_pitfall_11_a_peak_on_the_local_clock_moves_with_daylight_saving(
    tmp_path: Path,
) -> None:
    # 1 kWh in every half-hour of a meter's day; the peak of 15:00 to 21:00 on Sydney's
    # clock is half-hours 30 to 42 of the market's day in July, 28 to 40 in January.
    home = saved(tmp_path, {IMPORT: half_hours(1.0)})
    local = TARIFF.replace('"NEM"', '"Australia/Sydney"').replace(
        "00:00-06:00", "15:00-21:00"
    )
    (home[1].tariff_folder / "two-prices.toml").write_text(local)

    rates = run_scenario(*home, asked()).problem.rates.import_c_per_kwh

    assert np.flatnonzero(rates == 10.0).tolist() == list(range(30, 42))


def test_pitfall_8_the_throughput_that_ends_a_warranty_is_told(
    evening: tuple[Store, Settings],
) -> None:
    limited = {**BATTERY, "warranty_years": 10.0, "warranty_throughput_kwh": 4383.0}
    scenario = asked(battery=limited, strategy={"names": ["perfect_foresight"]})
    console = Console(record=True, width=200)

    print_result(console, scenario_result(run_scenario(*evening, scenario), "0" * 64))

    # 6 kWh a day are 2191.5 a year: 4383 kWh last 2.0 years, one cycle a day.
    assert "perfect foresight 365 (2.0 by throughput)" in console.export_text()
