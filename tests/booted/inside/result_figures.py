"""A handful of results, printed as JSON, for a machine of another kind to compare.

Run by the Python of an installed release: it has the package, and no tests.
"""

import json
import platform
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pvlib

from home_energy.analysis.scenario.run import run_scenario
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem, EndOfRun
from home_energy.analysis.simulation.exact_schedule import exact_schedule
from home_energy.analysis.simulation.flows import book_flows
from home_energy.analysis.solar.pv_model import solar_output
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.domain.battery import Battery
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.meter_day import MeterDay, MeterRegister
from home_energy.domain.price import Quality
from home_energy.domain.rates import Rates
from home_energy.domain.solar_array import SolarArray
from home_energy.domain.spot import SpotDay
from home_energy.domain.time_grid import TimeGrid, nem_day_start
from home_energy.settings import BillSettings, HomeSettings, Settings
from home_energy.store import Store

FIRST, DAYS = date(2025, 10, 4), 3
"""Daylight saving begins on the second."""

START = nem_day_start(FIRST)

END = START + timedelta(days=DAYS)

KNOWN_AT = datetime(2025, 11, 1, tzinfo=UTC)

TARIFF = """
name = "three-prices"
title = "By the clock, with the spot price beside it"
clock = "NEM"
[[period]]
from = 2025-01-01
source = "made up"
[[period.usage]]
name = "Peak"
hours = ["15:00-21:00"]
c_per_kwh = 47.3
[[period.usage]]
name = "Other"
spot = { loss_factor = 1.07, c_per_kwh = 13.7 }
[[period.feed_in]]
name = "Feed-in"
spot = { loss_factor = 1.01, c_per_kwh = -0.3 }
[[period.fixed]]
name = "Supply"
c_per_day = 104.5
"""

BATTERY = Battery("small", 9.7, 4.1, 4.3, 0.95, 0.96, wear_c_per_kwh=1.3)


def main() -> None:
    """Print the figures."""
    figures: dict[str, float] = {}
    figures |= of_the_sun()
    figures |= of_a_schedule()
    with tempfile.TemporaryDirectory() as folder:
        figures |= of_a_home(Path(folder))
    machine, python = platform.machine(), platform.python_version()
    told = {"machine": machine, "python": python, "figures": figures}
    json.dump(told, sys.stdout)


def of_the_sun() -> dict[str, float]:
    """Where pvlib sees the sun, and what panels of ours give in three days."""
    moments = np.array(["2025-10-05T01:17:00"], dtype="datetime64[ns]")
    position = pvlib.solarposition.spa_python(moments, -37.81, 144.96)
    home = SyntheticHome()
    grid, _series = home.series(START, END)
    panels = SolarArray("north", 6.6, 22, 0, 5.0)
    output = solar_output([panels], home.weather(START, END), grid)
    return {
        "pvlib azimuth_deg": float(position["azimuth"].iloc[0]),
        "pvlib elevation_deg": float(position["elevation"].iloc[0]),
        "solar_kwh": float(np.nansum(output.ac.kwh)),
        "solar_largest_kwh": float(np.nanmax(output.ac.kwh)),
    }


def of_a_schedule() -> dict[str, float]:
    """What compiled loops make of a battery: exact dispatch, booked flow by flow."""
    _grid, series = SyntheticHome().series(START, END)
    rates = Rates(
        TimeGrid.between(START, END, timedelta(minutes=30)),
        _half_hours(series.spot_c_per_kwh) / 6 * 1.1 + 13.7,
        _half_hours(series.spot_c_per_kwh) / 6 - 0.3,
    )
    problem = DispatchProblem(
        rates,
        _half_hours(series.load_kwh),
        _half_hours(series.solar_kwh),
        BATTERY,
        GridConnection(import_limit_kw=14.0, export_limit_kw=5.0),
        2.0,
        EndOfRun.AS_START,
    )
    schedule = exact_schedule(problem)
    flows = book_flows(problem, schedule.stored_kwh)
    return {
        "dispatch cost_c": schedule.cost_c,
        "dispatch certificate_c": schedule.certificate_c,
        "dispatch stored_kwh": float(np.sum(schedule.stored_kwh)),
        "dispatch charge_kwh": float(flows.charge_kwh.sum()),
        "dispatch lost_kwh": float(flows.lost_kwh.sum()),
    }


def of_a_home(folder: Path) -> dict[str, float]:
    """Bill and scenario of a home that the demo made up."""
    store, settings = _home(folder)
    scenario = Scenario.model_validate(
        {
            "name": "a",
            "title": "A question",
            "period": {
                "from": FIRST,
                "to": FIRST + timedelta(days=DAYS - 1),
                "resolution_minutes": 30,
            },
            "battery": {
                "usable_kwh": 9.7,
                "charge_kw": 4.1,
                "discharge_kw": 4.3,
                "charge_efficiency_fraction": 0.95,
                "discharge_efficiency_fraction": 0.96,
                "wear_c_per_kwh": 1.3,
            },
            "strategy": {"names": ["self_consumption", "perfect_foresight"]},
        }
    )
    try:
        done = run_scenario(store, settings, scenario)
    finally:
        store.close()
    bill = done.baseline.bill
    lines = {f"bill {line.label}_aud": line.amount_aud for line in bill.lines}
    saved = {
        f"scenario {run.strategy} saving_aud": done.saving_aud(run) for run in done.runs
    }
    return {"bill total_aud": bill.total_aud} | lines | saved


def _home(folder: Path) -> tuple[Store, Settings]:
    home = SyntheticHome()
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]
    register = {"E1": [], "B1": []}  # type: dict[str, list[MeterDay]]
    spot = []
    for day in days:
        start = nem_day_start(day)
        _grid, series = home.series(start, start + timedelta(days=1))
        flows = {"E1": series.grid_import_kwh, "B1": series.grid_export_kwh}
        for name, kwh in flows.items():
            whole = _half_hours(kwh)
            register[name].append(MeterDay.of_one_quality(day, whole, Quality.ACTUAL))
        rrp = _half_hours(series.spot_c_per_kwh) / 6 / 0.11
        spot.append(SpotDay("NSW1", day, 30, rrp))
    path = folder / "home.sqlite"
    store = Store.open(path)
    meters = {
        MeterRegister("nem12", "6001000001", name): told
        for name, told in register.items()
    }
    store.meter_days.save(meters, KNOWN_AT)
    store.spot_days.save(spot, KNOWN_AT)
    (folder / "tariffs").mkdir()
    (folder / "tariffs" / "three-prices.toml").write_text(TARIFF)
    settings = Settings(
        home=HomeSettings(store=path),
        bill=BillSettings(tariff="three-prices"),
    )
    return store, settings.read_from(folder)


def _half_hours(five_minutes: np.ndarray) -> np.ndarray:
    return np.asarray(five_minutes.reshape(-1, 6).sum(axis=1))


if __name__ == "__main__":
    main()
