"""What the household chose: `config/home.toml`, `config/.env`, the environment.

Later ones win. Secrets are read from `.env`, the environment, or a systemd
credential, never from `home.toml`, and are never printed.
"""

import io
import ipaddress
import os
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
)

from home_energy.advice_settings import AdviceSettings
from home_energy.announcing_settings import (
    HomeAssistantSettings,
    NotificationSettings,
)
from home_energy.domain.meter_day import Flow
from home_energy.domain.spot import REGIONS
from home_energy.errors import ConfigError
from home_energy.power_settings import PowerSettings
from home_energy.toml_faults import Place, explain, read_toml, suggestion
from home_energy.written_time import TimeOfDay

AMBER_BASE_URL = "https://api.amber.com.au/v1/"
AMBER_HOST = "api.amber.com.au"

_ENVIRONMENT_KEYS: dict[str, Place] = {
    "AMBER_TOKEN": ("amber", "token"),
    "AMBER_SITE_ID": ("amber", "site_id"),
    "EMONCMS_KEY": ("power", "emoncms", "key"),
    "MQTT_PASSWORD": ("power", "mqtt", "password"),
    "MQTT_USERNAME": ("power", "mqtt", "username"),
    "NOTIFY_WEBHOOK_URL": ("notifications", "webhook_url"),
    "NTFY_TOKEN": ("notifications", "ntfy", "token"),
    "PORT": ("dashboard", "port"),
    "POWERWALL_PASSWORD": ("power", "powerwall", "password"),
    "TESSIE_TOKEN": ("tessie", "token"),
    "TESSIE_VIN": ("tessie", "vin"),
}
_SECRETS = (
    "AMBER_TOKEN",
    "EMONCMS_KEY",
    "MQTT_PASSWORD",
    "MQTT_USERNAME",
    "NOTIFY_WEBHOOK_URL",
    "NTFY_TOKEN",
    "POWERWALL_PASSWORD",
    "TESSIE_TOKEN",
)
_SPOKEN: dict[Place, str] = {place: name for name, place in _ENVIRONMENT_KEYS.items()}
_OWN_PREFIXES = (
    "AMBER_",
    "EMONCMS_",
    "MQTT_",
    "NOTIFY_",
    "NTFY_",
    "POWERWALL_",
    "TESSIE_",
)
_TOKEN_MARK = "psk_"  # noqa: S105 - how every token of Amber begins
_CREDENTIAL_NAME = "amber-token"  # systemd's LoadCredential=amber-token:...


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        message = f"unknown time zone {name!r}; expected one like Australia/Sydney"
        raise ValueError(message) from error
    return name


def _safe_url(url: str) -> str:
    """Refuse an address to which the token would travel readable by anyone."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"expected an address like {AMBER_BASE_URL}")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a name or password does not belong in an address")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError(
            "http:// would send the token in plain text; use https://, or an address "
            "of this machine such as http://127.0.0.1"
        )
    return url if url.endswith("/") else url + "/"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _known_region(name: str) -> str:
    if name not in REGIONS:
        raise ValueError(f"unknown region; expected one of {', '.join(REGIONS)}")
    return name


_REGION_OF_ZONE = {
    "Australia/Sydney": "NSW1",
    "Australia/Melbourne": "VIC1",
    "Australia/Brisbane": "QLD1",
    "Australia/Adelaide": "SA1",
    "Australia/Hobart": "TAS1",
}


class HomeSettings(_Section):
    """The home itself.

    Parameters
    ----------
    nmi
        National Metering Identifier; files of another meter are refused.
    market_region
        Region of the electricity market; `None` follows from the time zone.
    latitude_deg, longitude_deg
        Where the home is, for the sun and the weather; a hundredth of a degree is
        enough. South is negative. [degrees]
    postcode
        For rebates, where a scenario does not say its own.
    """

    timezone: Annotated[str, AfterValidator(_known_zone)] = "Australia/Sydney"
    store: Annotated[Path, AfterValidator(Path.expanduser)] = Path("data/home.sqlite")
    nmi: Annotated[str, Field(pattern="^[A-Za-z0-9]{10,11}$")] | None = None
    market_region: Annotated[str, AfterValidator(_known_region)] | None = None
    latitude_deg: Annotated[float, Field(ge=-44, le=-10)] | None = None  # of Australia
    longitude_deg: Annotated[float, Field(ge=112, le=154)] | None = None
    postcode: Annotated[str, Field(pattern="^[0-9]{4}$")] | None = None

    @property
    def zone(self) -> ZoneInfo:
        """Local time on the screen."""
        return ZoneInfo(self.timezone)

    @property
    def region(self) -> str:
        """Region of the electricity market in which the home lies."""
        found = self.market_region or _REGION_OF_ZONE.get(self.timezone)
        if found is None:
            raise ConfigError(
                f"home.toml: the market's region does not follow from the time zone "
                f"{self.timezone}; set home.market_region to one of "
                + ", ".join(REGIONS)
            )
        return found

    @property
    def place(self) -> tuple[float, float]:
        """Latitude and longitude. [degrees]"""
        if self.latitude_deg is None or self.longitude_deg is None:
            raise ConfigError(
                "home.toml: where the home is was not said; set home.latitude_deg and "
                "home.longitude_deg, such as -33.87 and 151.21; a hundredth of a "
                "degree is enough"
            )
        return self.latitude_deg, self.longitude_deg


class AmberSettings(_Section):
    """Access to Amber."""

    token: SecretStr | None = None
    site_id: str | None = None
    base_url: Annotated[str, AfterValidator(_safe_url)] = AMBER_BASE_URL

    @property
    def is_demo(self) -> bool:
        """Whether prices come from elsewhere than Amber: every page must say so."""
        return urlsplit(self.base_url).hostname != AMBER_HOST


class MeterSettings(_Section):
    """The meter.

    Parameters
    ----------
    flows
        What a register counts, where its name leaves that open: `E2 = "general"`.
    """

    flows: dict[str, Flow] = {}


class BillSettings(_Section):
    """How bills are made.

    Parameters
    ----------
    tariff
        Name of a tariff file in `config/tariffs/`, or of one that is shipped.
    gap_rule
        How missing meter data is treated, see docs/models/gaps.md.
    """

    tariff: str = "amber"
    gap_rule: str = "refuse"


class TessieSettings(_Section):
    """Access to Tessie, which keeps a car's drives and charges.

    Parameters
    ----------
    vin
        Which car; never shown, and only its end goes on record.
    """

    token: SecretStr | None = None
    vin: SecretStr | None = None


class CarSettings(_Section):
    """The car.

    Parameters
    ----------
    home_place
        Name by which the app that keeps the car's history knows the home.
    """

    home_place: str = "Home"


class ReportSettings(_Section):
    """The yearly report.

    Parameters
    ----------
    folder
        Where `home-energy report` writes it and the screen finds it.
    """

    folder: Annotated[Path, AfterValidator(Path.expanduser)] = Path("report")


_Patterns = tuple[Annotated[str, Field(min_length=1)], ...]


class TableImport(_Section):
    """Tables of a portal that one profile describes.

    Parameters
    ----------
    profile
        Its name, or a TOML file with one.
    files
        Patterns, as in `ImportSettings`.
    """

    profile: str
    files: _Patterns


class ImportSettings(_Section):
    """Files that `home-energy report` reads before it begins, if they are new.

    Parameters
    ----------
    amber, nem12, powerpal, aemo, tessie, teslamate, teslafi, weather
        Patterns such as `meter/*.csv`, from the folder that holds `config/`; each as
        the command `home-energy import` of the same name reads it.
    table
        Tables, each with its profile.
    """

    amber: _Patterns = ()
    nem12: _Patterns = ()
    powerpal: _Patterns = ()
    table: tuple[TableImport, ...] = ()
    aemo: _Patterns = ()
    tessie: _Patterns = ()
    teslamate: _Patterns = ()
    teslafi: _Patterns = ()
    weather: _Patterns = ()


class ShadowSettings(_Section):
    """Batteries that are run every night as if they were there.

    Parameters
    ----------
    products
        Names in the catalogue of batteries.
    """

    products: tuple[str, ...] = ()


class DashboardSettings(_Section):
    """The screen."""

    host: str = "127.0.0.1"
    port: int = Field(default=5050, ge=1, le=65535)
    night_start: TimeOfDay = time(21, 0)
    night_end: TimeOfDay = time(6, 30)


class Settings(_Section):
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


def load_settings(
    folder: Path, environment: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings of one home.

    Parameters
    ----------
    folder
        Where `home.toml` and `.env` are looked for; neither must exist. A relative
        path in them is taken from the folder that holds `folder`.
    environment
        Instead of the process's own, in tests.

    Raises
    ------
    ConfigError
        With every fault of the file at once: key, what was found, what is allowed.
    """
    environment = os.environ if environment is None else environment
    tree = _read_home_toml(folder / "home.toml")
    dotenv = _read_dotenv(folder / ".env")
    faults = _misplaced_secrets(tree) + _unknown_names(dotenv)
    for source in (dotenv, environment):
        _overlay(tree, source)
    _overlay_credential(tree, environment)
    settings = Settings()
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        faults += explain(error, Settings, _SPOKEN, _may_be_secret)
    if faults:
        raise ConfigError(
            f"{folder / 'home.toml'} and .env: "
            + "; ".join(faults)
            + "; compare with home.example.toml"
        )
    settings = settings.read_from(folder)
    beside = folder.resolve().parent  # an absolute path stays as it is
    home = settings.home.model_copy(update={"store": beside / settings.home.store})
    report = settings.report.model_copy(
        update={"folder": beside / settings.report.folder}
    )
    return settings.model_copy(update={"home": home, "report": report})


def _read_home_toml(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    return read_toml(path, "compare it with home.example.toml")


def _read_dotenv(path: Path) -> dict[str, str | None]:
    if not path.exists():
        return {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        reason = type(error).__name__  # its own message may quote the file
        raise ConfigError(
            f"{path}: not readable as text ({reason}); write it anew as plain text, "
            "one NAME=value a line, and check that it belongs to you"
        ) from None
    return dotenv_values(stream=io.StringIO(text), interpolate=False)


def _misplaced_secrets(tree: dict[str, Any]) -> list[str]:
    faults = []
    for name in _SECRETS:
        *sections, key = _ENVIRONMENT_KEYS[name]
        table: object = tree
        for section in sections:
            table = table.get(section) if isinstance(table, dict) else None
        if isinstance(table, dict) and key in table:
            del table[key]
            said = f"a {key} does not belong in home.toml; put {name}=... into .env"
            faults.append(f"{'.'.join(map(str, sections))}.{key}: {said} beside it")
    return faults


def _unknown_names(dotenv: Mapping[str, str | None]) -> list[str]:
    """Names in `.env` that look like ours but are not: a typo would go unseen."""
    names = [name for name in _ENVIRONMENT_KEYS if name.startswith(_OWN_PREFIXES)]
    return [
        f".env: unknown name {name}{suggestion(name, names)}"
        for name in dotenv
        if name.upper().startswith(_OWN_PREFIXES) and name not in names
    ]


def _overlay(tree: dict[str, Any], source: Mapping[str, str | None]) -> None:
    for name, place in _ENVIRONMENT_KEYS.items():
        value = source.get(name)
        if value:
            _put(tree, place, value)


def _overlay_credential(tree: dict[str, Any], environment: Mapping[str, str]) -> None:
    folder = environment.get("CREDENTIALS_DIRECTORY")
    path = Path(folder) / _CREDENTIAL_NAME if folder else None
    if path is None:
        return
    try:
        if not path.exists():
            return
        token = path.read_text(encoding="utf-8").strip()
    except (UnicodeDecodeError, OSError) as error:
        raise ConfigError(
            f"{path}: the credential is not readable as text "
            f"({type(error).__name__}); put the token alone into the file that "
            "LoadCredential names"
        ) from None
    if token:
        _put(tree, ("amber", "token"), token)


def _put(tree: dict[str, Any], place: Place, value: str) -> None:
    *sections, key = place
    table: object = tree
    for section in sections:
        if isinstance(table, dict):
            table = table.setdefault(section, {})
    if isinstance(table, dict):  # else the validation says what is wrong with it
        table[key] = value


def _may_be_secret(where: str, value: object) -> bool:
    """Whether what was written there may be or hold a token, a password or a VIN."""
    is_place_of_one = where in ("amber", "power", "notifications") or where.startswith(
        (
            "tessie",
            "power.mqtt",
            "power.emoncms",
            "power.powerwall",
            "notifications.ntfy",
            "notifications.webhook",
        )
    )
    return "token" in where or is_place_of_one or _TOKEN_MARK in str(value)
