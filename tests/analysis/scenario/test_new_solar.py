"""New panels: under the region's real sun, and under weather on record."""

import csv
import gzip
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from home_energy.analysis.scenario.new_solar import new_solar
from home_energy.analysis.scenario.scenario_file import Solar
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.domain.rooftop import RooftopDay
from home_energy.domain.time_grid import TimeGrid, nem_day_start
from home_energy.errors import ConfigError, CoverageError, DataError
from home_energy.settings import HomeSettings, Settings
from home_energy.store import Store

ROOFTOP = (
    Path(__file__).parents[3]
    / ".."
    / "shared"
    / "data"
    / "aemo"
    / "rooftop_pv_actual_30min_2025.csv.gz"
)
needs_rooftop = pytest.mark.skipif(
    not ROOFTOP.exists(), reason="AEMO rooftop solar is not beside the repository"
)
KNOWN_AT = datetime(2026, 2, 1, tzinfo=UTC)
NEW_YEAR = date(2025, 1, 1)
HALF_HOUR = timedelta(minutes=30)
YEAR = TimeGrid(nem_day_start(NEW_YEAR), HALF_HOUR, 365 * 48)
MELBOURNE = Settings(home=HomeSettings(timezone="Australia/Melbourne"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "home.sqlite")) as opened:
        yield opened


def roof(kw_dc: float = 5.0, weather: str = "region", **others: object) -> Solar:
    array = {"kw_dc": kw_dc, "inverter_kw_ac": others.pop("inverter_kw_ac", None)}
    return Solar.model_validate({"array": [array], "weather": weather, **others})


def save_made_up_year(store: Store, day_count: int = 365) -> None:
    """1 MW from 4:00 to 21:00 NEM in Victoria, 100 MW from 9:00 to 15:00, every day."""
    mw = np.zeros(48)
    mw[8:42] = 1.0
    mw[18:30] = 100.0
    days = [NEW_YEAR + timedelta(days=number) for number in range(day_count)]
    store.rooftop_days.save([RooftopDay("VIC1", day, mw) for day in days], KNOWN_AT)


def test_the_regions_sun_is_set_to_the_yield_that_is_stated(store: Store) -> None:
    save_made_up_year(store)

    made = new_solar(store, MELBOURNE, roof(yield_kwh_per_kw=1200.0), YEAR)

    # 5 kW x 1,200 kWh/kW, with at most some 2.9 kW of the inverter's 5.
    assert made.ac_kwh.sum() == pytest.approx(6000)
    assert made.figures["clipped_kwh"] == 0
    assert made.figures["year_yield_kwh_per_kw"] == 1200
    assert made.figures["year_yield_source"] == "as the scenario states"
    assert made.figures["growth_fraction_per_year"] == 0.12
    (note,) = made.notes
    assert "grow by 12% a year" in note
    assert "1,200 kWh a kW, as the scenario states" in note


def test_a_smaller_inverter_takes_no_more_than_it_can(store: Store) -> None:
    save_made_up_year(store)
    solar = roof(yield_kwh_per_kw=1200.0, inverter_kw_ac=1.0)

    made = new_solar(store, MELBOURNE, solar, YEAR)

    # 365 x 12 half-hours of 1 kW, 2,190 kWh; of the others, 22 x 1 MW beside
    # 12 x 100 MW, 22 / 1,222 of 6,000 kWh, 108.02.
    assert made.ac_kwh.max() == 0.5
    assert made.ac_kwh.sum() == pytest.approx(2298.02, abs=0.01)
    assert made.figures["clipped_kwh"] == pytest.approx(6000 - 2298.02, abs=0.01)


@needs_rooftop
def test_victorias_real_sun_has_the_yield_of_its_capital(store: Store) -> None:
    with gzip.open(ROOFTOP, "rt") as lines:
        mw = np.array([float(row["VIC1"] or "nan") for row in csv.DictReader(lines)])
    days = [NEW_YEAR + timedelta(days=number) for number in range(365)]
    store.rooftop_days.save(
        [
            RooftopDay("VIC1", day, of_day)
            for day, of_day in zip(days, mw.reshape(365, 48), strict=True)
        ],
        KNOWN_AT,
    )

    made = new_solar(store, MELBOURNE, roof(6.6), YEAR)

    # Clean Energy Council: 3.6 kWh a kW and day in Melbourne, 1,314 in 365 days. The
    # gap of 9 August is filled by a line and stays out of the sum that sets the level.
    assert made.figures["yield_kwh_per_kw"] == pytest.approx(1314, abs=0.5)
    assert "Clean Energy Council" in made.figures["year_yield_source"]
    assert 1 <= made.figures["filled_intervals"] <= 2


def test_a_year_without_the_regions_sun_is_refused(store: Store) -> None:
    with pytest.raises(CoverageError, match="no rooftop solar of VIC1 in 2025"):
        new_solar(store, MELBOURNE, roof(), YEAR)


def test_a_year_of_which_a_part_is_missing_is_refused(store: Store) -> None:
    save_made_up_year(store, day_count=300)

    with pytest.raises(DataError, match="nearly whole year"):
        new_solar(store, MELBOURNE, roof(), YEAR)


def test_across_new_year_the_level_is_of_the_twelve_months_to_the_end(
    store: Store,
) -> None:
    # The same sun every day from 1 January 2025 to 28 February 2026.
    noon = np.exp(-(((np.arange(48) - 24) / 7.0) ** 2))
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(365 + 59)]
    store.rooftop_days.save([RooftopDay("VIC1", day, noon) for day in days], KNOWN_AT)
    start, end = nem_day_start(date(2025, 12, 1)), nem_day_start(date(2026, 3, 1))

    made = new_solar(
        store, MELBOURNE, roof(6.6), TimeGrid.between(start, end, HALF_HOUR)
    )

    # From March to February 1,314 kWh a kW; capacity grows by 12 % meanwhile, so the
    # last 90 of 365 days have less than their share of it: 1 / (1 + 0.12 t) over t
    # from 275/365 to 1 sums to 0.2231, over the whole year to 0.9444.
    share = 0.2231 / 0.9444
    expected = pytest.approx(1314 * share, rel=2e-3)
    assert made.figures["yield_kwh_per_kw"] == expected
    assert made.figures["weather"] == (
        "rooftop solar of VIC1 from 2025-03-01 to 2026-02-28, by AEMO"
    )


def test_in_a_year_that_runs_the_level_is_of_the_twelve_months_to_the_end(
    store: Store,
) -> None:
    noon = np.exp(-(((np.arange(48) - 24) / 7.0) ** 2))
    days = [date(2025, 6, 1) + timedelta(days=n) for n in range(365)]
    store.rooftop_days.save([RooftopDay("VIC1", day, noon) for day in days], KNOWN_AT)
    start, end = nem_day_start(date(2026, 2, 1)), nem_day_start(date(2026, 6, 1))

    made = new_solar(
        store, MELBOURNE, roof(6.6), TimeGrid.between(start, end, HALF_HOUR)
    )

    assert made.figures["weather"] == (
        "rooftop solar of VIC1 from 2025-06-01 to 2026-05-31, by AEMO"
    )


def save_synthetic(store: Store) -> None:
    """Three January days of the made-up home's weather."""
    weather = SyntheticHome().weather(
        nem_day_start(NEW_YEAR), nem_day_start(date(2025, 1, 4))
    )
    store.weather_days.save(replace(weather, source="synthetic"), KNOWN_AT)


def test_synthetic_weather_needs_no_place_of_the_home(store: Store) -> None:
    save_synthetic(store)
    grid = TimeGrid(nem_day_start(NEW_YEAR), HALF_HOUR, 3 * 48)

    made = new_solar(store, Settings(), roof(weather="synthetic"), grid)

    # In January a kW in Melbourne gives 3 to 7 kWh a day.
    assert 9 < made.figures["yield_kwh_per_kw"] < 21
    assert made.figures["latitude_deg"] == -37.8
    assert made.ac_kwh[0] == 0  # midnight
    assert 0 <= made.figures["impossible_beam_kwh_per_m2"] < 0.1
    (note,) = made.notes
    assert "under the weather of synthetic at -37.80, 145.00" in note


def test_weather_that_is_not_on_record_is_refused(store: Store) -> None:
    save_synthetic(store)
    grid = TimeGrid(nem_day_start(NEW_YEAR), HALF_HOUR, 48)

    with pytest.raises(CoverageError, match="no weather of 'pvgis' on record; there"):
        new_solar(store, MELBOURNE, roof(weather="pvgis"), grid)


def test_days_without_weather_are_refused(store: Store) -> None:
    save_synthetic(store)
    grid = TimeGrid(nem_day_start(NEW_YEAR), HALF_HOUR, 4 * 48)
    later = TimeGrid(nem_day_start(date(2025, 2, 1)), HALF_HOUR, 48)

    # The fourth day's 48 half-hours.
    with pytest.raises(CoverageError, match="synthetic lacks 48 of 192 intervals"):
        new_solar(store, Settings(), roof(weather="synthetic"), grid)
    with pytest.raises(CoverageError, match="on record from 2025-02-01 to 2025-02-01"):
        new_solar(store, Settings(), roof(weather="synthetic"), later)


def test_weather_of_a_service_needs_the_homes_place(store: Store) -> None:
    weather = SyntheticHome().weather(
        nem_day_start(NEW_YEAR), nem_day_start(date(2025, 1, 2))
    )
    store.weather_days.save(replace(weather, source="open-meteo"), KNOWN_AT)
    grid = TimeGrid(nem_day_start(NEW_YEAR), HALF_HOUR, 48)

    with pytest.raises(ConfigError, match="latitude_deg"):
        new_solar(store, Settings(), roof(weather="open-meteo"), grid)
