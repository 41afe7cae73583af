"""Reading what the household chose: `home.toml`, `.env`, the environment.

Later ones win. Secrets are read from `.env`, the environment, or a systemd
credential, never from `home.toml`, and are never printed.
"""

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import ValidationError

from home_energy.errors import ConfigError
from home_energy.settings.chosen import Settings
from home_energy.toml_faults import Place, explain, read_toml, suggestion

_ENVIRONMENT_KEYS: dict[str, Place] = {
    "AMBER_TOKEN": ("amber", "token"),
    "AMBER_SITE_ID": ("amber", "site_id"),
    "DASHBOARD_PIN": ("dashboard", "pin"),
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
    "DASHBOARD_PIN",
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
    "DASHBOARD_",
    "EMONCMS_",
    "MQTT_",
    "NOTIFY_",
    "NTFY_",
    "POWERWALL_",
    "TESSIE_",
)
_TOKEN_MARK = "psk_"  # noqa: S105 - how every token of Amber begins
_CREDENTIALS = {name.lower().replace("_", "-"): name for name in _SECRETS}
"""By the names that systemd gives them: `LoadCredential=amber-token:...`."""


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
    _overlay_credentials(tree, environment)
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


def _overlay_credentials(tree: dict[str, Any], environment: Mapping[str, str]) -> None:
    folder = environment.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return
    for credential, name in _CREDENTIALS.items():
        value = _read_credential(Path(folder) / credential)
        if value:
            _put(tree, _ENVIRONMENT_KEYS[name], value)


def _read_credential(path: Path) -> str:
    """Text of a credential, empty where there is none."""
    try:
        return path.read_text(encoding="utf-8").strip() if path.exists() else ""
    except (UnicodeDecodeError, OSError) as error:
        raise ConfigError(
            f"{path}: the credential is not readable as text "
            f"({type(error).__name__}); put the secret alone into the file that "
            "LoadCredential names"
        ) from None


def _put(tree: dict[str, Any], place: Place, value: str) -> None:
    *sections, key = place
    table: object = tree
    for section in sections:
        if isinstance(table, dict):
            table = table.setdefault(section, {})
    if isinstance(table, dict):  # else the validation says what is wrong with it
        table[key] = value


def _may_be_secret(where: str, value: object) -> bool:
    """Whether what was written there may be or hold a token, a PIN or the like."""
    sections = ("amber", "dashboard", "power", "notifications")
    is_place_of_one = where in sections or where.startswith(
        (
            "dashboard.pin",
            "tessie",
            "power.mqtt",
            "power.emoncms",
            "power.powerwall",
            "notifications.ntfy",
            "notifications.webhook",
        )
    )
    return "token" in where or is_place_of_one or _TOKEN_MARK in str(value)
