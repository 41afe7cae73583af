"""A real home on a real year: every strategy, the upper bound, and HiGHS beside it.

Run `python -m tests.benchmarks.real_home`, or `... real_home cars` for the example
scenarios with a car. It needs the shared data beside the project: the Ausgrid home's
measured load and solar of 2011-12, moved onto Victoria's prices and sun of 2025.
"""

import argparse
import json
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from rich.console import Console
from tests.analysis.simulation.highs_referee import lp_of, run
from tests.ingestion.weather_answers import OPEN_METEO, recorded

from home_energy.analysis.scenario.result import scenario_result
from home_energy.analysis.scenario.run import ScenarioRun, run_scenario
from home_energy.analysis.scenario.scenario_file import Scenario, load_scenario
from home_energy.analysis.simulation.exact_schedule import exact_schedule
from home_energy.cli.scenario_words import print_basis, print_result, print_summary
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.domain.series import FloatArray
from home_energy.ingestion.importing import FileImport, import_files
from home_energy.ingestion.sources.aemo_files import read_aemo_file
from home_energy.ingestion.sources.open_meteo import read_open_meteo
from home_energy.ingestion.sources.source_file import SourceFile
from home_energy.ingestion.sources.table import read_table
from home_energy.ingestion.sources.table_profile import load_profile
from home_energy.ingestion.sources.weather_service import WeatherQuestion
from home_energy.settings import BillSettings, HomeSettings, Settings
from home_energy.store import Store

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
HIGHS_SECONDS = 600.0
MELBOURNE = (-37.8, 145.0)
MOVED_FROM = date(2011, 7, 1)
CARS = (Path(__file__).parents[2] / "scenarios").glob("car-*.toml")

POWERWALL = {"product": "powerwall-3", "wear_c_per_kwh": 1.0}
PANELS = {"array": [{"kw_dc": 6.6, "inverter_kw_ac": 5.0}]}
STRATEGIES = {
    "names": [
        "self_consumption",
        "time_of_use",
        "price_threshold",
        "smart_cycles",
        "forecast",
        "perfect_foresight",
    ],
    "charge_windows": [{"hours": ["10:00-14:00"]}],
    "discharge_windows": [{"hours": ["16:00-21:00"]}],
    "charge_below_c_per_kwh": 15.0,
    "discharge_above_c_per_kwh": 35.0,
}
ASKED: dict[str, dict[str, object]] = {
    "Powerwall 3": {"battery": POWERWALL},
    "6.6 kW of panels by the region's sun of 2025": {"solar": PANELS},
    "Powerwall 3 and 6.6 kW by the region's sun": {
        "battery": POWERWALL,
        "solar": PANELS,
    },
    "Powerwall 3 and 6.6 kW by the model, in made-up weather of Open-Meteo's shape": {
        "battery": POWERWALL,
        "solar": {**PANELS, "weather": "open-meteo"},
    },
}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", nargs="?", choices=["batteries", "cars"])
    which = parser.parse_args().which or "batteries"
    console = Console(width=100, highlight=False)
    scenarios = [_scenario(title, parts) for title, parts in ASKED.items()]
    if which == "cars":
        scenarios = [_on_the_real_home(path) for path in sorted(CARS)]
    with tempfile.TemporaryDirectory() as folder:
        settings = _recorded(Path(folder))
        store = Store.open_read_only(settings.home.store)
        results = []
        for scenario in scenarios:
            done = run_scenario(store, settings, scenario)
            results.append(scenario_result(done, "0" * 64))
            print_result(console, results[-1])
            if done.problem.battery is not None and done.car is None:
                console.print(_referee(done))
        if which == "cars":
            print_summary(console, results)
        print_basis(console, results)
        store.close()


def _on_the_real_home(path: Path) -> Scenario:
    """An example as it is shipped, on the home that the shared data has."""
    scenario, _ = load_scenario(path)
    usage = scenario.usage.model_copy(update={"moved_from": MOVED_FROM})
    return scenario.model_copy(update={"usage": usage})


def _recorded(folder: Path) -> Settings:
    path = folder / "home.sqlite"
    profile = load_profile("ausgrid-solar-home")
    aemo = [
        *sorted((SHARED / "aemo").glob("PRICE_AND_DEMAND_2025*.csv")),
        SHARED / "aemo" / "rooftop_pv_actual_30min_2025.csv.gz",
    ]
    homes = sorted((SHARED / "homes").glob("ausgrid*.csv.gz"))
    import_files(path, aemo, FileImport("aemo", read_aemo_file, NOW))
    import_files(
        path, homes, FileImport("table", lambda file: read_table(file, profile), NOW)
    )
    _keep_weather(path)
    latitude, longitude = MELBOURNE
    home = HomeSettings(
        store=path,
        timezone="Australia/Melbourne",
        latitude_deg=latitude,
        longitude_deg=longitude,
    )
    return Settings(home=home, bill=BillSettings(tariff="amber-like-vic"))


def _keep_weather(path: Path) -> None:
    """The made-up home's weather, told as Open-Meteo would and read as its answer.

    An hour's radiation is stamped with its end; temperature and wind are of an instant.
    """
    start = datetime(2024, 12, 30, 23, tzinfo=UTC)
    made = SyntheticHome().weather(start, datetime(2025, 12, 31, 23, tzinfo=UTC))
    per_hour = timedelta(hours=1) // made.grid.step

    def means(values: FloatArray) -> list[float]:
        by_hour = values.reshape(-1, per_hour).mean(axis=1)
        return [round(float(mean), 2) for mean in by_hour]

    stamps = [
        int((start + timedelta(hours=number + 1)).timestamp())
        for number in range(made.grid.count // per_hour)
    ]
    answer = {
        "utc_offset_seconds": 0,
        "hourly_units": recorded(OPEN_METEO)["hourly_units"],
        "hourly": {
            "time": stamps,
            "shortwave_radiation": means(made.ghi_w_per_m2),
            "direct_normal_irradiance": means(made.dni_w_per_m2),
            "diffuse_radiation": means(made.dhi_w_per_m2),
            "temperature_2m": means(made.air_temperature_c),
            "wind_speed_10m": means(made.wind_speed_m_per_s),
        },
    }
    question = WeatherQuestion(*MELBOURNE, date(2025, 1, 1), date(2025, 12, 31), NOW)
    file = SourceFile("open-meteo.json", json.dumps(answer).encode())
    content = read_open_meteo(file, question)
    store = Store.open(path)
    for series in content.weather:
        store.weather_days.save(series, NOW)
    store.close()


def _scenario(title: str, parts: dict[str, object]) -> Scenario:
    strategy = {"strategy": STRATEGIES} if "battery" in parts else {}
    return Scenario.model_validate(
        {
            "name": "real-home",
            "title": f"{title}: the Ausgrid home on Victoria's 2025",
            "period": {"year": 2025},
            "usage": {"moved_from": MOVED_FROM},
            **strategy,
            **parts,
        }
    )


def _referee(done: ScenarioRun) -> str:
    """Our optimum beside the linear program of HiGHS on the same year."""
    sys.stderr.write("HiGHS ...\n")
    exact = exact_schedule(done.problem)
    theirs = run(lp_of(done.problem, exact.unserved_c_per_kwh), HIGHS_SECONDS)
    return (
        f"- energy and wear of the year at best: {exact.cost_c / 100:.6f} AUD, proven "
        f"not below {exact.lower_bound_c / 100:.6f}; HiGHS's linear program, which may "
        f"charge and discharge at once: {theirs.cost_c / 100:.6f} in "
        f"{theirs.seconds:.1f} s"
    )


if __name__ == "__main__":
    main()
