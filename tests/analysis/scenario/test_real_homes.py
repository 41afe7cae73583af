"""Two real homes: what the gap rules are worth, and a year moved."""

import gzip
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tests.analysis.scenario.recorded_home_days import KNOWN_AT
from tests.analysis.usage.test_moved_year import local_grid

from home_energy.analysis.record.meter_sources import RecordedHome
from home_energy.analysis.usage.gap_errors import GapError, measure_gap_rule
from home_energy.analysis.usage.gap_rules import GAP_RULES
from home_energy.analysis.usage.home_on_record import HomeOnRecord
from home_energy.analysis.usage.moved_year import move_year
from home_energy.analysis.usage.recorded_energy import (
    RecordedEnergy,
    read_recorded_energy,
)
from home_energy.domain.meter_day import Flow, MeterRecord
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid, nem_day_start
from home_energy.ingestion.sources.nem12 import read_nem12
from home_energy.ingestion.sources.source_file import SourceFile
from home_energy.ingestion.sources.table import read_table
from home_energy.ingestion.sources.table_profile import load_profile
from home_energy.store import Store

SHARED = Path(__file__).parents[4] / "shared/data"
FIVE_MINUTES = SHARED / "nem12/solar_home_5min_E1B1_2023-10_2024-02.csv"
YEAR = SHARED / "homes/ausgrid_customer12_2011-07_2012-06.csv.gz"
SYDNEY = ZoneInfo("Australia/Sydney")
DAY = timedelta(days=1)

needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="real data is not beside the project: ../shared/data"
)


def recorded(folder: Path, meter: MeterRecord, grid: TimeGrid) -> RecordedEnergy:
    """Through the store, as a household's own."""
    store = Store.open(folder / "home.sqlite")
    store.meter_days.save(meter, KNOWN_AT)
    return read_recorded_energy(
        store, HomeOnRecord(RecordedHome(None, {}, {}), None), grid
    )


def five_minute_home(folder: Path) -> RecordedEnergy:
    content = read_nem12(SourceFile(FIVE_MINUTES.name, FIVE_MINUTES.read_bytes()))
    start = nem_day_start(date(2023, 10, 19))
    grid = TimeGrid(start, timedelta(minutes=5), 106 * 288)
    return recorded(folder, content.meter, grid)


def half_hour_home(folder: Path) -> RecordedEnergy:
    file = SourceFile(YEAR.stem, gzip.decompress(YEAR.read_bytes()))
    content = read_table(file, load_profile("ausgrid-solar-home"))
    grid = local_grid(date(2011, 7, 1), date(2012, 7, 1))
    return recorded(folder, content.meter, grid)


def errors(
    kwh: FloatArray, grid: TimeGrid, rule: str
) -> tuple[GapError, GapError, GapError]:
    half_hour, day, week = measure_gap_rule(kwh, grid, SYDNEY, GAP_RULES[rule])
    return half_hour, day, week


@needs_shared
def test_the_median_loses_half_of_a_solar_homes_import(tmp_path: Path) -> None:
    home = five_minute_home(tmp_path)
    general = home.flows[Flow.GENERAL].kwh

    median = errors(general, home.grid, "same_slot_median")
    mean = errors(general, home.grid, "line_then_mean")

    # docs/models/gaps.md: -49, -48, -48 % and 0, -2, -9 %
    assert all(one.bias_fraction < -0.4 for one in median)  # type: ignore[operator]
    assert all(abs(one.bias_fraction) < 0.1 for one in mean)  # type: ignore[arg-type]
    assert all(
        better.gap_error_kwh < worse.gap_error_kwh
        for better, worse in zip(mean, median, strict=True)
    )


@needs_shared
def test_the_mean_is_the_better_rule_in_half_hours_too(tmp_path: Path) -> None:
    home = half_hour_home(tmp_path)

    for flow in (Flow.GENERAL, Flow.FEED_IN):
        kwh = home.flows[flow].kwh
        median = errors(kwh, home.grid, "same_slot_median")
        mean = errors(kwh, home.grid, "line_then_mean")

        assert mean[0].interval_error_kwh < median[0].interval_error_kwh
        assert mean[2].gap_error_kwh < median[2].gap_error_kwh
        assert abs(mean[2].bias_fraction or 0.0) < 0.1


@needs_shared
def test_a_real_year_moves_within_one_percent(tmp_path: Path) -> None:
    home = half_hour_home(tmp_path)
    local_2025 = TimeGrid.calendar_year(2025, SYDNEY, home.grid.step)

    moved = move_year(home, date(2011, 7, 1), local_2025, SYDNEY)

    assert moved.label == "usage of 2011-07..2012-06 moved onto 2025"
    for flow in (Flow.LOAD, Flow.GENERATION, Flow.GENERAL, Flow.FEED_IN):
        ratio = moved.moved_kwh[flow] / moved.recorded_kwh[flow]
        assert ratio == pytest.approx(1.0, abs=0.01), flow


@needs_shared
def test_a_gross_metered_home_is_netted_in_its_half_hours(tmp_path: Path) -> None:
    home = half_hour_home(tmp_path)

    bought, sold = home.metered.general_kwh, home.metered.feed_in_kwh

    load, made = home.flows[Flow.LOAD].kwh, home.flows[Flow.GENERATION].kwh
    known = ~np.isnan(bought)
    assert (bought - sold)[known] == pytest.approx((load - made)[known])
    assert np.minimum(bought, sold)[known].max() == 0.0
