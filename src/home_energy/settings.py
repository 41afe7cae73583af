"""What the household chose: `config/home.toml`, `config/.env`, the environment.

Later ones win. Secrets are read from `.env`, the environment, or a systemd
credential, never from `home.toml`, and are never printed.
"""

import difflib
import os
import tomllib
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
    SecretStr,
    ValidationError,
)

from home_energy.errors import ConfigError

AMBER_BASE_URL = "https://api.amber.com.au/v1/"
AMBER_HOST = "api.amber.com.au"

_ENVIRONMENT_KEYS = {
    "AMBER_TOKEN": ("amber", "token"),
    "AMBER_SITE_ID": ("amber", "site_id"),
    "PORT": ("dashboard", "port"),
}
_CREDENTIAL_NAME = "amber-token"  # systemd's LoadCredential=amber-token:...


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        message = f"unknown time zone {name!r}; expected one like Australia/Sydney"
        raise ValueError(message) from error
    return name


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HomeSettings(_Section):
    """The home itself."""

    timezone: Annotated[str, AfterValidator(_known_zone)] = "Australia/Sydney"
    store: Path = Path("data/home.sqlite")

    @property
    def zone(self) -> ZoneInfo:
        """Local time on the screen."""
        return ZoneInfo(self.timezone)


class AmberSettings(_Section):
    """Access to Amber."""

    token: SecretStr | None = None
    site_id: str | None = None
    base_url: str = AMBER_BASE_URL

    @property
    def is_demo(self) -> bool:
        """Whether prices come from elsewhere than Amber: every page must say so."""
        return urlsplit(self.base_url).hostname != AMBER_HOST


class DashboardSettings(_Section):
    """The screen."""

    host: str = "127.0.0.1"
    port: int = Field(default=5050, ge=1, le=65535)
    night_start: time = time(21, 0)
    night_end: time = time(6, 30)


class Settings(_Section):
    """Everything the household chose."""

    home: HomeSettings = HomeSettings()
    amber: AmberSettings = AmberSettings()
    dashboard: DashboardSettings = DashboardSettings()


def load_settings(
    folder: Path, environment: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings of one home.

    Parameters
    ----------
    folder
        Where `home.toml` and `.env` are looked for; neither must exist. A relative
        `store` is taken from the folder that holds `folder`.
    environment
        Instead of the process's own, in tests.

    Raises
    ------
    ConfigError
        With every fault of the file at once: key, what was found, what is allowed.
    """
    environment = os.environ if environment is None else environment
    path = folder / "home.toml"
    tree = _read_toml(path)
    _refuse_secrets(tree, path)
    for source in (dotenv_values(folder / ".env"), environment):
        _overlay(tree, source)
    _overlay_credential(tree, environment)
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        raise ConfigError(_explain(error, folder)) from None
    if settings.home.store.is_absolute():
        return settings
    store = folder.resolve().parent / settings.home.store
    home = settings.home.model_copy(update={"store": store})
    return settings.model_copy(update={"home": home})


def _read_toml(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(
            f"{path}: not readable as TOML: {error}; compare it with home.example.toml"
        ) from error


def _refuse_secrets(tree: dict[str, Any], path: Path) -> None:
    amber = tree.get("amber")
    if isinstance(amber, dict) and "token" in amber:
        raise ConfigError(
            f"{path}: [amber] token: a token does not belong in this file; put "
            "AMBER_TOKEN=... into .env beside it"
        )


def _overlay(tree: dict[str, Any], source: Mapping[str, str | None]) -> None:
    for name, (section, key) in _ENVIRONMENT_KEYS.items():
        if source.get(name):
            tree.setdefault(section, {})[key] = source[name]


def _overlay_credential(tree: dict[str, Any], environment: Mapping[str, str]) -> None:
    folder = environment.get("CREDENTIALS_DIRECTORY")
    path = Path(folder) / _CREDENTIAL_NAME if folder else None
    if path is not None and path.exists():
        tree.setdefault("amber", {})["token"] = path.read_text().strip()


def _explain(error: ValidationError, folder: Path) -> str:
    lines = []
    for fault in error.errors(include_input=True, include_url=False):
        where = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            lines.append(f"{where}: unknown key{_nearest(fault['loc'])}")
            continue
        found = "" if "token" in where else f", found {fault['input']!r}"
        lines.append(f"{where}: {fault['msg']}{found}")
    return (
        f"{folder / 'home.toml'} and .env: "
        + "; ".join(lines)
        + "; compare with home.example.toml"
    )


def _nearest(location: tuple[int | str, ...]) -> str:
    model: type[BaseModel] = Settings
    for part in location[:-1]:
        annotation = model.model_fields[str(part)].annotation
        if not isinstance(annotation, type):
            return ""
        model = annotation
    near = difflib.get_close_matches(str(location[-1]), model.model_fields, n=1)
    known = ", ".join(sorted(model.model_fields))
    return f", did you mean {near[0]}?" if near else f"; known are {known}"
