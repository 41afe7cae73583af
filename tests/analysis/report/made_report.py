"""Scenarios of the made-up home of two weeks, as files, and the report of them."""

from pathlib import Path

from tests.analysis.sweep.swept_homes import FIRST, LAST, swept_home

from home_energy.analysis.report.question import ReportQuestion, read_folder
from home_energy.settings import Settings

HEAD = """
name = "{name}"
title = "{title}"
[period]
year = 2025
resolution_minutes = 30
[prices]
tariff = "market"
"""
BATTERY = """
[battery]
usable_kwh = 10.0
charge_kw = 5.0
discharge_kw = 4.0
charge_efficiency_fraction = 0.95
discharge_efficiency_fraction = 0.94
wear_c_per_kwh = 1.0
"""
SOLAR = """
[solar]
weather = "region"
[[solar.array]]
kw_dc = 5.0
"""
PURCHASE = """
[purchase]
installed = 2026-01-15
postcode = "3000"
"""
NAMES = (
    '[strategy]\nnames = ["self_consumption", "smart_cycles", "perfect_foresight"]\n'
)
SWEEP = """
[sweep]
solar_kw = [0, 5]
battery_kwh = [0, 10]
"""
FILES = {
    "a-both.toml": ("both", SOLAR + BATTERY + PURCHASE + NAMES),
    "b-as-it-is.toml": ("as-it-was", ""),
    "c-solar.toml": ("solar", SOLAR),
    "d-weather.toml": ("lacking", SOLAR.replace("region", "open-meteo")),
    "sweeps/sizes.toml": ("sizes", SOLAR + BATTERY + SWEEP + NAMES),
}


def write_scenarios(folder: Path) -> Path:
    """Four scenarios, one of which lacks its weather, and a sweep."""
    scenarios = folder / "scenarios"
    (scenarios / "sweeps").mkdir(parents=True)
    for file, (name, blocks) in FILES.items():
        text = HEAD.format(name=name, title=f"Title of {name}") + blocks
        (scenarios / file).write_text(text)
    return scenarios


def made_home(folder: Path) -> tuple[Settings, ReportQuestion]:
    """The home with its scenarios, asked for its two weeks."""
    store, settings = swept_home(folder)
    store.close()
    return settings, read_folder(write_scenarios(folder)).on(FIRST, LAST)
