"""Everything the household chose, as one frozen value."""

from pathlib import Path

from pydantic import PrivateAttr

from home_energy.settings.advice import AdviceSettings
from home_energy.settings.amber import AmberSettings
from home_energy.settings.announcing import (
    HomeAssistantSettings,
    NotificationSettings,
)
from home_energy.settings.home import HomeSettings
from home_energy.settings.power import PowerSettings
from home_energy.settings.section import Section
from home_energy.settings.sections import (
    BillSettings,
    CarSettings,
    DashboardSettings,
    ImportSettings,
    MeterSettings,
    ReportSettings,
    ShadowSettings,
    TessieSettings,
)


class Settings(Section):
    """Everything the household chose."""

    home: HomeSettings = HomeSettings()
    amber: AmberSettings = AmberSettings()
    meter: MeterSettings = MeterSettings()
    bill: BillSettings = BillSettings()
    car: CarSettings = CarSettings()
    tessie: TessieSettings = TessieSettings()
    report: ReportSettings = ReportSettings()
    imports: ImportSettings = ImportSettings()
    power: PowerSettings = PowerSettings()
    shadow: ShadowSettings = ShadowSettings()
    advice: AdviceSettings = AdviceSettings()
    home_assistant: HomeAssistantSettings = HomeAssistantSettings()
    notifications: NotificationSettings = NotificationSettings()
    dashboard: DashboardSettings = DashboardSettings()
    _folder: Path = PrivateAttr(default=Path("config"))

    @property
    def folder(self) -> Path:
        """Folder from which these settings were read."""
        return self._folder

    @property
    def tariff_folder(self) -> Path:
        """Where the household keeps tariffs of its own."""
        return self._folder / "tariffs"

    @property
    def home_folder(self) -> Path:
        """Folder that holds `config/`: relative paths of the settings begin there."""
        return self._folder.resolve().parent

    def read_from(self, folder: Path) -> "Settings":
        """Return the same settings, as read from a folder."""
        copy = self.model_copy()
        copy._folder = folder  # noqa: SLF001 - a copy of our own
        return copy
