"""A year of panels at five minutes, from a year of hourly weather."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
from tests.benchmarks.measure import Measure

from home_energy.analysis.solar.pv_model import solar_output
from home_energy.analysis.solar.regional_sun import (
    REGIONS,
    RegionalPower,
    regional_output,
)
from home_energy.domain.solar_array import SolarArray
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.weather import WeatherSeries

ROUNDS = 7
TARGET_SECONDS = 2.0
START = datetime(2024, 12, 31, 14, tzinfo=UTC)
YEAR = TimeGrid(START, timedelta(minutes=5), 105_120)


def measure_year_of_solar() -> list[Measure]:
    """One and two arrays, the region's sun, and what pvlib costs to load."""
    weather = _weather()
    north = SolarArray("north", 6.6, 22, 0, 5.0)
    west = SolarArray("west", 3.3, 22, 270, 2.5)
    region = _region()
    jobs: dict[str, Callable[[], object]] = {
        "5-minute year, one array": lambda: solar_output([north], weather, YEAR),
        "5-minute year, two arrays": lambda: solar_output([north, west], weather, YEAR),
        "5-minute year, the region's sun": lambda: regional_output(region, 6.6, YEAR),
    }
    measures = [
        Measure(f"solar: {name}", _median_seconds(job), "s", TARGET_SECONDS)
        for name, job in jobs.items()
    ]
    measures.append(Measure("solar: loading pvlib, once a process", _loading(), "s"))
    return measures


def _weather() -> WeatherSeries:
    """Sun from six to six, warmer by day."""
    grid = TimeGrid(START, timedelta(hours=1), 8760)
    sun = np.tile(np.sin(np.pi * np.clip(np.arange(24) - 6, 0, 12) / 12), 365)
    light = sun * (sun > 0)
    return WeatherSeries(
        -37.81,
        144.96,
        grid,
        800 * light,
        600 * light,
        200 * light,
        15 + 8 * light,
        np.full(8760, 3.0),
        "benchmark",
    )


def _region() -> RegionalPower:
    half_hours = TimeGrid(START, timedelta(minutes=30), 17_520)
    day = np.zeros(48)
    day[14:36] = 1000.0
    return RegionalPower(REGIONS["VIC1"], half_hours, np.tile(day, 365))


def _median_seconds(job: Callable[[], object]) -> float:
    job()
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        job()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def _loading() -> float:
    """Of a new process with what the model loads, beside one with numpy alone."""
    medians = []
    for modules in ("numpy", "pvlib.pvsystem, pvlib.clearsky"):
        runs = []
        for _ in range(5):
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", f"import {modules}"], check=True)
            runs.append(time.perf_counter() - started)
        medians.append(statistics.median(runs))
    return medians[1] - medians[0]
