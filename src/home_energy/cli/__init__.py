"""The command line: a thin face on the rooms below. One file, one group of commands."""

from home_energy.cli import (
    bill,
    car_imports,
    coverage,
    demo,
    doctor,
    importing,
    live,
    notify,
    plans,
    power_imports,
    quote,
    record,
    report,
    scenario,
    shadow,
    sweep,
    weather,
)
from home_energy.cli.application import main

__all__ = [
    "bill",
    "car_imports",
    "coverage",
    "demo",
    "doctor",
    "importing",
    "live",
    "main",
    "notify",
    "plans",
    "power_imports",
    "quote",
    "record",
    "report",
    "scenario",
    "shadow",
    "sweep",
    "weather",
]
