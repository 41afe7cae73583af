"""A real home on a real year: every strategy, the upper bound, and HiGHS beside it.

Run `python -m tests.benchmarks.real_home`. It needs the shared data beside the project:
the Ausgrid home's measured load and solar of 2011-12, moved onto Victoria's prices and
sun of 2025.
"""

import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console
from tests.analysis.simulation.highs_referee import lp_of, run

from home_energy.analysis.scenario.result import scenario_result
from home_energy.analysis.scenario.run import ScenarioRun, run_scenario
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.analysis.simulation.exact_schedule import exact_schedule
from home_energy.cli.scenario_words import print_basis, print_result
from home_energy.ingestion.importing import FileImport, import_files
from home_energy.ingestion.sources.aemo_files import read_aemo_file
from home_energy.ingestion.sources.table import read_table
from home_energy.ingestion.sources.table_profile import load_profile
from home_energy.settings import BillSettings, HomeSettings, Settings
from home_energy.store import Store

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
HIGHS_SECONDS = 600.0

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
    "Powerwall 3 and 6.6 kW by the model, in made-up weather": {
        "battery": POWERWALL,
        "solar": {**PANELS, "weather": "synthetic"},
    },
}


def main() -> None:
    """Print the tables."""
    console = Console(width=100, highlight=False)
    with tempfile.TemporaryDirectory() as folder:
        settings = _recorded(Path(folder))
        store = Store.open_read_only(settings.home.store)
        results = []
        for title, parts in ASKED.items():
            done = run_scenario(store, settings, _scenario(title, parts))
            results.append(scenario_result(done, "0" * 64))
            print_result(console, results[-1])
            if done.problem.battery is not None:
                console.print(_referee(done))
        print_basis(console, results)
        store.close()


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
    home = HomeSettings(store=path, timezone="Australia/Melbourne")
    return Settings(home=home, bill=BillSettings(tariff="amber-like-vic"))


def _scenario(title: str, parts: dict[str, object]) -> Scenario:
    strategy = {"strategy": STRATEGIES} if "battery" in parts else {}
    return Scenario.model_validate(
        {
            "name": "real-home",
            "title": f"{title}: the Ausgrid home on Victoria's 2025",
            "period": {"year": 2025},
            "usage": {"moved_from": date(2011, 7, 1)},
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
