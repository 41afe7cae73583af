"""The report of a tried home: scenarios of its own, run as the command runs them."""

import os
from datetime import date

from home_energy.analysis.report.question import read_folder
from home_energy.analysis.report.report import make_report
from home_energy.analysis.report.report_files import write_report
from tests.browser.tried_home import IN_JANUARY, POSTCODE, TriedHome

_DEVICES = f"""
[period]
year = 2025
resolution_minutes = 30
[solar]
weather = "region"
[[solar.array]]
kw_dc = 6.6
inverter_kw_ac = 5.0
[purchase]
installed = 2027-01-20
postcode = "{POSTCODE}"
"""
_BATTERY = """
[battery]
product = "powerwall-3"
wear_c_per_kwh = 1.0
[strategy]
names = ["self_consumption", "smart_cycles", "perfect_foresight"]
"""
SCENARIOS = {
    "solar": 'title = "6.6 kW of panels"' + _DEVICES,
    "solar-and-battery": 'title = "6.6 kW of panels and a Powerwall 3"'
    + _DEVICES.replace("[solar]", "[connection]\nexport_limit_kw = 5.0\n[solar]")
    + "battery_nominal_kwh = 13.5"
    + _BATTERY,
    "other-place": 'title = "Panels elsewhere"'
    + _DEVICES.replace('"region"', '"epw:elsewhere"'),
}


def report(home: TriedHome, first: date, last: date) -> None:
    """Make the report of days that are on record."""
    folder = home.folder / "scenarios"
    folder.mkdir()
    for name, text in SCENARIOS.items():
        (folder / f"{name}.toml").write_text(f'name = "{name}"\n{text}')
    made = make_report(home.settings, read_folder(folder).on(first, last))
    out = home.settings.report.folder
    out.mkdir()
    write_report(out, made)
    made_at = IN_JANUARY.timestamp()
    os.utime(out / "report.json", (made_at, made_at))
