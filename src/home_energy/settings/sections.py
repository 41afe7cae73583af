"""The shorter sections of `home.toml`."""

from datetime import time
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from home_energy.domain.meter_day import Flow
from home_energy.settings.section import Section
from home_energy.written_time import TimeOfDay


class MeterSettings(Section):
    """The meter.

    Parameters
    ----------
    flows
        What a register counts, where its name leaves that open: `E2 = "general"`.
    """

    flows: dict[str, Flow] = Field(default_factory=dict)


class BillSettings(Section):
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


class TessieSettings(Section):
    """Access to Tessie, which keeps a car's drives and charges.

    Parameters
    ----------
    vin
        Which car; never shown, and only its end goes on record.
    """

    token: SecretStr | None = None
    vin: SecretStr | None = None


class CarSettings(Section):
    """The car.

    Parameters
    ----------
    home_place
        Name by which the app that keeps the car's history knows the home.
    """

    home_place: str = "Home"


class ReportSettings(Section):
    """The yearly report.

    Parameters
    ----------
    folder
        Where `home-energy report` writes it and the screen finds it.
    """

    folder: Annotated[Path, AfterValidator(Path.expanduser)] = Path("report")


_Patterns = tuple[Annotated[str, Field(min_length=1)], ...]


class TableImport(Section):
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


class ImportSettings(Section):
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


class ShadowSettings(Section):
    """Batteries that are run every night as if they were there.

    Parameters
    ----------
    products
        Names in the catalogue of batteries.
    """

    products: tuple[str, ...] = ()


def _pin(pin: SecretStr) -> SecretStr:
    digits = pin.get_secret_value()
    if not (digits.isascii() and digits.isdigit() and 4 <= len(digits) <= 12):
        raise ValueError("expected 4 to 12 digits")
    return pin


class DashboardSettings(Section):
    """The screen.

    Parameters
    ----------
    host
        Address to answer on: of this machine alone, unless the household chose more.
    pin
        What must be entered to change anything from another machine, see
        docs/security.md. `None`: nothing can be.
    night_brightness_percent
        Of a panel that can be dimmed. [%]
    """

    host: str = "127.0.0.1"
    port: int = Field(default=5050, ge=1, le=65535)
    pin: Annotated[SecretStr, AfterValidator(_pin)] | None = None
    night_start: TimeOfDay = time(21, 0)
    night_end: TimeOfDay = time(6, 30)
    night_brightness_percent: int = Field(default=5, ge=1, le=100)
