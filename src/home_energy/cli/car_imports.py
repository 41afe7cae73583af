"""`import tessie`, `teslamate`, `teslafi`: where a car drove and when it charged."""

import time
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.console import Console

from home_energy.cli.application import (
    Invocation,
    JsonOption,
    console,
    import_app,
)
from home_energy.cli.file_imports import (
    DryRun,
    Files,
    SomeFiles,
    imported_words,
    run_import,
)
from home_energy.domain.clock import SystemClock
from home_energy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from home_energy.ingestion.sources.car_rows import CarFileOptions
    from home_energy.ingestion.sources.tessie_service import TessieAccount
    from home_energy.settings import Settings

Zone = Annotated[
    str,
    typer.Option(
        "--timezone", help="On whose clock local times are; without it the home's."
    ),
]
Units = Annotated[
    str,
    typer.Option(help="Of a file that names none: km or mi; km,f or mi,f with °F."),
]
From = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="First day to ask for."),
]
To = Annotated[
    datetime | None,
    typer.Option("--to", formats=["%Y-%m-%d"], help="Last day; without it until now."),
]
Car = Annotated[
    str, typer.Option(help="Name of the car, where the file does not say it.")
]


@import_app.command("tessie")
def import_tessie(  # noqa: PLR0913, PLR0917 - each is an option
    context: typer.Context,
    files: SomeFiles = None,
    start: From = None,
    end: To = None,
    timezone: Zone = "",
    units: Units = "",
    car: Car = "",
    dry_run: DryRun = False,
    as_json: JsonOption = False,
) -> None:
    """Drives and charges of Tessie: CSV and JSON files, or asked for by days."""
    from home_energy.ingestion.importing import FileImport
    from home_energy.ingestion.sources.tessie import read_tessie

    if bool(files) == (start is not None or end is not None):
        raise DataError(
            "import tessie: either FILES or --from DAY (and --to DAY) were expected, "
            f"found {'both' if files else 'neither'}; files are exports, days are "
            "asked for now with TESSIE_TOKEN and TESSIE_VIN of config/.env"
        )
    invocation: Invocation = context.obj
    settings = invocation.settings()
    if files:
        options = car_options(settings, timezone, units, car or known_vin(settings))
        reader = partial(read_tessie, options=options)
        task = FileImport("tessie", reader, SystemClock().now(), is_dry_run=dry_run)
        run_import(invocation, files, task, as_json=as_json)
        return
    if dry_run or as_json or timezone or units or car:
        raise DataError(
            "import tessie: --dry-run, --json, --timezone, --units and --car are for "
            "FILES; leave them out, or name files"
        )
    _ask_tessie(settings, start, end)


@import_app.command("teslamate")
def import_teslamate(
    context: typer.Context,
    files: Files,
    car: Car = "",
    dry_run: DryRun = False,
    as_json: JsonOption = False,
) -> None:
    """Drives and charges of TeslaMate: CSV of its tables, or of its dashboards."""
    from home_energy.ingestion.importing import FileImport
    from home_energy.ingestion.sources.teslamate import read_teslamate

    invocation: Invocation = context.obj
    options = car_options(invocation.settings(), car=car)
    reader = partial(read_teslamate, options=options)
    task = FileImport("teslamate", reader, SystemClock().now(), is_dry_run=dry_run)
    run_import(invocation, files, task, as_json=as_json)


@import_app.command("teslafi")
def import_teslafi(  # noqa: PLR0913, PLR0917 - each is an option
    context: typer.Context,
    files: Files,
    timezone: Zone = "",
    car: Car = "",
    dry_run: DryRun = False,
    as_json: JsonOption = False,
) -> None:
    """Drives and charges from TeslaFi's monthly downloads of all that the car said."""
    from home_energy.ingestion.importing import FileImport
    from home_energy.ingestion.sources.teslafi import read_teslafi

    invocation: Invocation = context.obj
    options = car_options(invocation.settings(), timezone, car=car)
    reader = partial(read_teslafi, options=options)
    task = FileImport("teslafi", reader, SystemClock().now(), is_dry_run=dry_run)
    run_import(invocation, files, task, as_json=as_json)


def known_vin(settings: "Settings") -> str:
    """VIN of the settings; empty without one."""
    vin = settings.tessie.vin
    return "" if vin is None else vin.get_secret_value()


def car_options(
    settings: "Settings", timezone: str = "", units: str = "", car: str = ""
) -> "CarFileOptions":
    """How a car's files are read.

    Raises
    ------
    DataError
        If the zone or the units are not known.
    """
    from home_energy.ingestion.sources.car_rows import CarFileOptions, CarUnits

    distance, _, warmth = units.lower().replace(" ", "").partition(",")
    if units and (distance not in ("km", "mi") or warmth not in ("", "c", "f")):
        raise DataError(
            f"--units {units}: expected km or mi, and for Fahrenheit km,f or mi,f"
        )
    try:
        zone = ZoneInfo(timezone) if timezone else settings.home.zone
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise DataError(
            f"--timezone {timezone}: no such zone; expected one like Australia/Sydney"
        ) from error
    said = CarUnits(distance == "mi", warmth == "f") if units else None
    return CarFileOptions(zone, said, car)


def _ask_tessie(
    settings: "Settings", start: datetime | None, end: datetime | None
) -> None:
    """Ask Tessie for the days from one to another, both included, and keep them."""
    import httpx

    from home_energy.ingestion.car import import_tessie
    from home_energy.ingestion.sources.tessie_service import TessieQuestion

    account = _tessie_account(settings)
    now, zone = SystemClock().now(), settings.home.zone
    if start is None:
        raise DataError("import tessie: --from YYYY-MM-DD is missing: the first day")
    since = start.replace(tzinfo=zone).astimezone(now.tzinfo)
    until = now
    if end is not None:
        after = (end + timedelta(days=1)).replace(tzinfo=zone)
        until = min(after.astimezone(now.tzinfo), now)
    if since >= until:
        raise DataError(
            f"import tessie: --from {start:%Y-%m-%d}: expected a day before the end of "
            f"--to and before now ({now.astimezone(zone):%Y-%m-%d %H:%M})"
        )
    question = TessieQuestion(since, until, now, time.sleep)
    waiting = Console(stderr=True).status(f"Asking Tessie for {question.words}")
    with httpx.Client() as http, waiting:
        imported = import_tessie(settings.home.store, account, question, zone, http)
    for one in imported:
        console.print(imported_words(one, zone), markup=False, soft_wrap=True)


def _tessie_account(settings: "Settings") -> "TessieAccount":
    from home_energy.ingestion.sources.tessie_service import TessieAccount

    token, vin = settings.tessie.token, settings.tessie.vin
    if token is None or vin is None:
        missing = "TESSIE_TOKEN" if token is None else "TESSIE_VIN"
        raise ConfigError(
            f"no {missing} in config/.env or the environment; make a token at "
            "dash.tessie.com/settings/api and put both TESSIE_TOKEN=... and "
            "TESSIE_VIN=... into config/.env (or import files, which need none)"
        )
    return TessieAccount(token.get_secret_value(), vin.get_secret_value())
