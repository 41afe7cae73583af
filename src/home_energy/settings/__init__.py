"""What the household chose: `config/home.toml`, `config/.env`, the environment."""

from home_energy.settings.amber import AMBER_BASE_URL, AmberSettings
from home_energy.settings.chosen import Settings
from home_energy.settings.home import HomeSettings
from home_energy.settings.loading import load_settings
from home_energy.settings.sections import (
    BillSettings,
    DashboardSettings,
    MeterSettings,
    ReportSettings,
    ShadowSettings,
)

__all__ = [
    "AMBER_BASE_URL",
    "AmberSettings",
    "BillSettings",
    "DashboardSettings",
    "HomeSettings",
    "MeterSettings",
    "ReportSettings",
    "Settings",
    "ShadowSettings",
    "load_settings",
]
