"""The region's real sun on one roof."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from home_energy.analysis.solar.regional_sun import (
    REGIONS,
    RegionalPower,
    filled_by_line,
    regional_output,
    without_daylight_zeros,
)
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, DataError

ROOFTOP = (
    Path(__file__).parents[3]
    / ".."
    / "shared"
    / "data"
    / "aemo"
    / "rooftop_pv_actual_30min_2025.csv.gz"
)
HALF_HOUR, FIVE_MINUTES = timedelta(minutes=30), timedelta(minutes=5)
YEAR = TimeGrid(datetime(2024, 12, 31, 14, tzinfo=UTC), HALF_HOUR, 17520)
FINE_YEAR = TimeGrid(YEAR.start, FIVE_MINUTES, 105120)
VICTORIA = REGIONS["VIC1"]
needs_rooftop = pytest.mark.skipif(
    not ROOFTOP.exists(), reason="AEMO rooftop solar is not beside the repository"
)


def made_up_power() -> RegionalPower:
    """Nine to three o'clock NEM at 100 MW, every day of the year."""
    day = np.zeros(48)
    day[18:30] = 100.0
    return RegionalPower(VICTORIA, YEAR, np.tile(day, 365))


def real_power(region: str) -> RegionalPower:
    table = pd.read_csv(ROOFTOP)
    # The file stamps ends in NEM time: its first row covers our first half-hour.
    assert table["INTERVAL_END_NEM"].iloc[0] == "2025-01-01 00:30:00"
    return RegionalPower(REGIONS[region], YEAR, table[region].to_numpy())


def test_year_has_the_yield_that_was_asked() -> None:
    made = regional_output(made_up_power(), 6.6, YEAR, yield_kwh_per_kw=1300)

    # 6.6 kW x 1300 kWh/kW.
    assert made.kwh.sum() == pytest.approx(8580, abs=1e-6)


def test_yield_is_the_regions_typical_one_when_none_is_said() -> None:
    made = regional_output(made_up_power(), 2.0, YEAR)

    # 3.6 kWh/kW a day x 365 x 2 kW.
    assert made.kwh.sum() == pytest.approx(2 * 1314, abs=1e-6)


def test_growth_of_the_region_is_not_growth_of_the_home() -> None:
    gone = (np.arange(17520) + 0.5) / 17520
    steady = made_up_power()
    growing = replace(steady, mean_mw=steady.mean_mw * (1 + 0.12 * gone))

    made = regional_output(growing, 1.0, YEAR, growth_fraction_per_year=0.12)

    days = made.kwh.reshape(365, 48).sum(axis=1)
    np.testing.assert_allclose(days, 1314 / 365, rtol=1e-9)


def test_half_hours_keep_their_energy_at_five_minutes() -> None:
    half_hours = regional_output(made_up_power(), 6.6, YEAR)

    fine = regional_output(made_up_power(), 6.6, FINE_YEAR)

    joined = fine.at_step(HALF_HOUR).kwh
    np.testing.assert_allclose(joined, half_hours.kwh, rtol=0, atol=1e-9)
    morning = fine.kwh[6 * 18 : 6 * 19]
    assert np.all(np.diff(morning) > 0)  # the sun rises within the half-hour


def test_part_of_the_year_is_that_part() -> None:
    part = TimeGrid(YEAR.start + timedelta(days=40, minutes=10), FIVE_MINUTES, 500)

    made = regional_output(made_up_power(), 1.0, part)

    whole = regional_output(made_up_power(), 1.0, FINE_YEAR)
    np.testing.assert_array_equal(made.kwh, whole.kwh[40 * 288 + 2 : 40 * 288 + 502])


def test_missing_half_hour_stays_missing_and_costs_the_year_nothing() -> None:
    power = made_up_power()
    mean_mw = power.mean_mw.copy()
    mean_mw[100 * 48 + 20] = np.nan

    made = regional_output(replace(power, mean_mw=mean_mw), 1.0, YEAR)

    whole = regional_output(power, 1.0, YEAR)
    assert made.missing_count == 1
    assert np.isnan(made.kwh[100 * 48 + 20])
    assert made.kwh[100 * 48 + 21] == pytest.approx(whole.kwh[100 * 48 + 21], rel=1e-6)


def test_gap_of_an_hour_is_filled_and_counted_and_a_longer_one_is_not() -> None:
    power = made_up_power()
    mean_mw = power.mean_mw.copy()
    mean_mw[100 * 48 + 20 : 100 * 48 + 22] = np.nan
    mean_mw[100 * 48 + 22] = 70.0
    mean_mw[200 * 48 + 20 : 200 * 48 + 23] = np.nan

    filled, count = filled_by_line(replace(power, mean_mw=mean_mw))

    assert count == 2
    assert filled.missing_count == 3
    # A third and two thirds of the way from 100 to 70 MW.
    assert filled.mean_mw[100 * 48 + 20 : 100 * 48 + 22] == pytest.approx([90, 80])


def test_zero_in_daylight_is_missing() -> None:
    power = made_up_power()
    mean_mw = power.mean_mw.copy()
    mean_mw[100 * 48 + 24] = 0.0  # noon

    kept, count = without_daylight_zeros(replace(power, mean_mw=mean_mw))

    # Nine to three is all the light there is here: mornings and evenings are wrong too.
    assert np.isnan(kept.mean_mw[100 * 48 + 24])
    assert count > 1
    assert kept.mean_mw[100 * 48] == 0.0  # midnight


def test_what_is_no_year_or_does_not_fit_is_refused() -> None:
    power = made_up_power()
    half = TimeGrid(YEAR.start, HALF_HOUR, 17520 // 2)

    with pytest.raises(DataError, match="one whole year"):
        RegionalPower(VICTORIA, half, np.zeros(half.count))
    with pytest.raises(AlignmentError, match="17519"):
        RegionalPower(VICTORIA, YEAR, np.zeros(17519))
    with pytest.raises(DataError, match="negative"):
        RegionalPower(VICTORIA, YEAR, np.full(17520, -1.0))
    with pytest.raises(DataError, match="does not cover"):
        regional_output(power, 1.0, TimeGrid(YEAR.end, HALF_HOUR, 1))
    with pytest.raises(AlignmentError, match="no common five minutes"):
        regional_output(power, 1.0, TimeGrid(YEAR.start, timedelta(minutes=7), 1))
    with pytest.raises(DataError, match="more than 0"):
        regional_output(power, 0.0, YEAR)
    with pytest.raises(DataError, match="more than 0"):
        regional_output(replace(power, mean_mw=np.zeros(17520)), 1.0, YEAR)
    three_days_gone = np.where(np.arange(17520) < 3 * 48, np.nan, power.mean_mw)
    with pytest.raises(DataError, match="days in a row"):
        regional_output(replace(power, mean_mw=three_days_gone), 1.0, YEAR)


def test_regions_sun_is_made_without_loading_pvlib() -> None:
    # It takes seconds: a scenario that follows the region does not wait for it.
    code = """
import sys
from datetime import UTC, datetime, timedelta
import numpy as np
from home_energy.analysis.solar.regional_sun import *
from home_energy.domain.time_grid import TimeGrid
year = TimeGrid(datetime(2025, 1, 1, tzinfo=UTC), timedelta(hours=1), 8760)
power = RegionalPower(REGIONS["VIC1"], year, np.full(8760, 5.0))
regional_output(filled_by_line(without_daylight_zeros(power)[0])[0], 6.6, year)
print(*sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )

    assert not {"pvlib", "pandas", "scipy"} & set(done.stdout.split())


@needs_rooftop
@pytest.mark.parametrize(
    ("region", "missing", "zeros"),
    [("NSW1", 1, 1), ("QLD1", 1, 1), ("SA1", 2, 0), ("TAS1", 1, 1), ("VIC1", 2, 0)],
)
def test_real_year_is_whole_after_two_half_hours_of_9_august(
    region: str, missing: int, zeros: int
) -> None:
    power = real_power(region)

    usable, zero_count = without_daylight_zeros(power)
    filled, filled_count = filled_by_line(usable)

    assert (power.missing_count, zero_count) == (missing, zeros)
    assert filled_count == 2
    gap = YEAR.index(datetime(2025, 8, 9, 6, tzinfo=UTC))  # 16:00 to 17:00 NEM
    before, after = filled.mean_mw[[gap - 1, gap + 2]]
    assert before > filled.mean_mw[gap] > filled.mean_mw[gap + 1] > after
    made = regional_output(filled, 6.6, FINE_YEAR)
    told = 6.6 * REGIONS[region].yield_kwh_per_kw
    assert made.kwh.sum() == pytest.approx(told, rel=1e-9)
    # A region's roofs look many ways: together they never reach their rating.
    assert 0.7 < made.kwh.max() * 12 / 6.6 < 0.95


@needs_rooftop
def test_clear_days_of_victoria_show_the_growth_that_is_taken_out() -> None:
    power = real_power("VIC1")

    # Days as far before the solstice as after: 1 to 30 December, and 11 January to
    # 9 February as its mirror. The third best of each.
    ratios = []
    for growth in (0.0, 0.12):
        made = regional_output(power, 1.0, YEAR, growth_fraction_per_year=growth)
        days = made.kwh.reshape(365, 48).sum(axis=1)
        december, january = np.sort(days[334:364]), np.sort(days[10:40])
        ratios.append(float(december[-3] / january[-3]))

    # 1.18 as published, and 1.18 (1 + 0.12 x 0.07) / (1 + 0.12 x 0.96) = 1.07 after:
    # a little more growth than stated, or a hazier January.
    assert ratios == pytest.approx([1.18, 1.07], abs=0.02)
