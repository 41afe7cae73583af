"""Whole scenarios: ten batteries over a 5-minute year, and one command from its start.

The home, its prices and its sun are those of the tests against HiGHS, on a record that
is written for the purpose: a year of load on one register, Victoria's wholesale price
and rooftop solar made of the same numbers.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from tests.analysis.simulation.random_homes import weather
from tests.benchmarks.measure import Measure

from home_energy.analysis.scenario.new_solar import new_solar
from home_energy.analysis.scenario.scenario_file import Roof, Solar
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.exact_schedule import exact_schedule
from home_energy.analysis.simulation.flows import book_flows
from home_energy.analysis.simulation.ledger import ledger
from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.domain.battery import Battery
from home_energy.domain.day_placing import place_energy, place_spot
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.meter_day import Flow, MeterDay, MeterRegister
from home_energy.domain.price import Quality
from home_energy.domain.rooftop import RooftopDay
from home_energy.domain.spot import SPOT_C_PER_KWH_PER_RRP, SpotDay
from home_energy.domain.time_grid import TimeGrid, nem_day_start
from home_energy.settings import BillSettings, HomeSettings, Settings
from home_energy.store import Store

SEED = 1
FIRST = date(2025, 1, 1)
DAYS = 365
REGISTER = MeterRegister("table:measured", "", "load", Flow.GENERAL)
TARIFF = "amber-like-vic"
PANELS = Solar(array=(Roof(kw_dc=6.6, inverter_kw_ac=5.0),))
BATTERIES = [
    Battery(f"{kwh} kWh", kwh, 5.0, 5.0, 0.95, 0.95, wear_c_per_kwh=1.0)
    for kwh in (4.0, 6.0, 8.0, 10.0, 12.0, 13.5, 16.0, 20.0, 26.0, 32.0)
]
SCENARIO = """
name = "measured"
title = "Measured"
[period]
year = 2025
[solar]
weather = "region"
[[solar.array]]
kw_dc = 6.6
inverter_kw_ac = 5.0
[battery]
usable_kwh = 13.5
charge_kw = 5.0
discharge_kw = 5.0
charge_efficiency_fraction = 0.95
discharge_efficiency_fraction = 0.95
wear_c_per_kwh = 1.0
[strategy]
names = ["self_consumption", "forecast", "perfect_foresight"]
"""
ROUNDS = 7


def measure_scenarios(folder: Path) -> list[Measure]:
    """Medians of both."""
    home = folder / "scenarios"
    (home / "config").mkdir(parents=True)
    store = _record(home)
    try:
        return [_ten_batteries(store), _whole_process(home)]
    finally:
        store.close()
        shutil.rmtree(home)


def _record(home: Path) -> Store:
    """A store with load, price and sun of a year, and the settings of its home."""
    load_kwh, solar_kwh, spot = (values.reshape(DAYS, -1) for values in _year())
    store = Store.open(home / "home.sqlite")
    known_at = datetime(2026, 1, 2, tzinfo=UTC)
    days = [FIRST + timedelta(days=number) for number in range(DAYS)]
    store.meter_days.save(
        {
            REGISTER: [
                MeterDay.of_one_quality(day, kwh, Quality.ACTUAL)
                for day, kwh in zip(days, load_kwh, strict=True)
            ]
        },
        known_at,
    )
    store.spot_days.save(
        [
            SpotDay("VIC1", day, 5, c_per_kwh / SPOT_C_PER_KWH_PER_RRP)
            for day, c_per_kwh in zip(days, spot, strict=True)
        ],
        known_at,
    )
    store.rooftop_days.save(
        [
            RooftopDay("VIC1", day, kwh.reshape(48, 6).sum(axis=1) * 1000)
            for day, kwh in zip(days, solar_kwh, strict=True)
        ],
        known_at,
    )
    (home / "config" / "home.toml").write_text(
        '[home]\ntimezone = "Australia/Melbourne"\nstore = "home.sqlite"\n'
        f'[bill]\ntariff = "{TARIFF}"\n'
    )
    (home / "measured.toml").write_text(SCENARIO)
    return store


def _year() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Load and solar [kWh] of each five minutes; a wholesale price [c/kWh] below what
    that year pays."""
    year = weather(SEED)
    return year.load_kwh, year.solar_kwh, year.buy_c_per_kwh - 15.0


def _ten_batteries(store: Store) -> Measure:
    grid = TimeGrid(nem_day_start(FIRST), timedelta(minutes=5), DAYS * 288)
    settings = Settings(
        home=HomeSettings(timezone="Australia/Melbourne"),
        bill=BillSettings(tariff=TARIFF),
    )
    tariff = PlanTariff(find_plan(TARIFF, Path("no such folder")))
    last = FIRST + timedelta(days=DAYS - 1)
    load, _ = place_energy(store.meter_days.days(REGISTER, FIRST, last), grid)
    spot = place_spot(store.spot_days.days("VIC1", FIRST, last), grid)
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        rates = tariff.rates(grid, spot)
        solar = new_solar(store, settings, PANELS, grid)
        for battery in BATTERIES:
            problem = DispatchProblem(
                rates, load.kwh, solar.ac_kwh, battery, GridConnection()
            )
            dispatch = book_flows(problem, exact_schedule(problem).stored_kwh)
            tariff.bill(dispatch.metered(), spot)
            _ = ledger(dispatch, rates, battery).energy_aud
        seconds.append((time.perf_counter() - began) / len(BATTERIES))
    milliseconds = 1000 * statistics.median(seconds)
    return Measure("a 5-minute year, each of ten batteries", milliseconds, "ms", 60)


def _whole_process(home: Path) -> Measure:
    code = "from home_energy.cli import main; main()"
    # As on a home's machine: modules compiled once are kept.
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    seconds = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", code, "scenario", "run", "measured.toml", "--json"],
            cwd=home,
            env=kept,
            check=True,
            capture_output=True,
        )
        seconds.append(time.perf_counter() - began)
    warm = statistics.median(seconds[1:])  # the first fills the caches
    return Measure("`scenario run`, the whole process, caches warm", warm, "s", 1.5)
