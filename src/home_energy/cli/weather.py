"""`import weather`: sun, warmth and wind from files, services, or made up."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Annotated

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
    SomeFiles,
    imported_words,
    run_import,
)
from home_energy.domain.clock import SystemClock
from home_energy.domain.time_grid import nem_date, nem_day_start
from home_energy.errors import DataError
from home_energy.settings import Settings

FIRST_WEATHER_YEAR = 2002
"""The first whole year of NASA POWER's hours, and late enough for the others."""

SYNTHETIC = "synthetic"
"""Weather that is made, not asked for: of the demonstration's home."""


@import_app.command("weather")
def import_weather(  # noqa: PLR0913, PLR0917 - each is an option
    context: typer.Context,
    files: SomeFiles = None,
    source: Annotated[
        str,
        typer.Option(
            help="open-meteo, nasa-power, pvgis (a typical year), or synthetic (of the "
            "made-up home in Melbourne, without network)."
        ),
    ] = "",
    year: Annotated[int, typer.Option(help="Which year to ask for.")] = 0,
    latitude: Annotated[
        float | None, typer.Option(help="Other than the home's; south is negative.")
    ] = None,
    longitude: Annotated[float | None, typer.Option(help="As latitude.")] = None,
    dry_run: DryRun = False,
    as_json: JsonOption = False,
) -> None:
    """Sun, warmth and wind: EPW and TMY3 files, or a service asked for a year."""
    if bool(source) == bool(files):
        raise DataError(
            "import weather: either FILES or --source NAME --year YEAR were expected, "
            f"found {'both' if files else 'neither'}"
        )
    invocation: Invocation = context.obj
    if files:
        from home_energy.ingestion.importing import FileImport
        from home_energy.ingestion.sources.weather_file import read_weather_file

        now = SystemClock().now()
        task = FileImport("weather", read_weather_file, now, is_dry_run=dry_run)
        run_import(invocation, files, task, as_json=as_json)
        return
    if dry_run or as_json:
        raise DataError(
            "import weather: --dry-run and --json are for FILES; leave them out, or "
            "name files"
        )
    if source == SYNTHETIC:
        if latitude is not None or longitude is not None:
            raise DataError(
                "import weather: --source synthetic has one place of its own, in "
                "Melbourne; leave out --latitude and --longitude"
            )
        _make_weather(invocation.settings(), year)
        return
    _ask_weather(invocation.settings(), source, year, latitude, longitude)


def _ask_weather(
    settings: Settings,
    source: str,
    year: int,
    latitude: float | None,
    longitude: float | None,
) -> None:
    """Ask a service for a year of weather, and keep it."""
    import httpx

    from home_energy.ingestion.sources.weather_service import WeatherQuestion
    from home_energy.ingestion.weather import import_weather, service_named

    service = service_named(source)
    if (latitude is None) != (longitude is None):
        raise DataError(
            "import weather: one of --latitude and --longitude is missing; name both, "
            "or neither for the home's"
        )
    place = (
        settings.home.place
        if latitude is None or longitude is None
        else (latitude, longitude)
    )
    now = SystemClock().now()
    question = WeatherQuestion(
        *place, *_days_of_year(year, service.is_typical, now), now
    )
    waiting = Console(stderr=True).status(f"Asking {source} for {question.place_words}")
    with httpx.Client() as http, waiting:
        imported = import_weather(settings.home.store, service, question, http)
    console.print(
        imported_words(imported, settings.home.zone), markup=False, soft_wrap=True
    )
    if service.is_typical:
        console.print(
            f"{source} gives a typical year, of no year: it is kept as such and moved "
            "onto the days of whatever year is asked for."
        )


def _make_weather(settings: Settings, year: int) -> None:
    """Keep a year of the made-up home's weather, without account or network."""
    from home_energy.demo.synthetic_home import SyntheticHome
    from home_energy.ingestion.importing import FileImport, import_answer
    from home_energy.ingestion.sources.source_file import FileContent, SourceFile

    now = SystemClock().now()
    first, last = _days_of_year(year, is_typical=False, now=now)
    end = nem_day_start(last + timedelta(days=1))
    made = SyntheticHome().weather(nem_day_start(first), end)
    content = FileContent(
        SYNTHETIC, made.grid.count, weather=(replace(made, source=SYNTHETIC),)
    )
    words = f"{made.source}, {first} to {last}"
    task = FileImport("weather", lambda _file: content, now)
    imported = import_answer(
        settings.home.store, SourceFile(words, words.encode()), task
    )
    console.print(
        imported_words(imported, settings.home.zone), markup=False, soft_wrap=True
    )


def _days_of_year(year: int, is_typical: bool, now: datetime) -> tuple[date, date]:
    """Days of the market that cover a year in any of Australia's time zones."""
    yesterday = nem_date(now) - timedelta(days=1)
    if is_typical:
        return yesterday, yesterday
    if not FIRST_WEATHER_YEAR <= year <= yesterday.year:
        raise DataError(
            f"import weather: --year {year or 'is missing'}; expected "
            f"{FIRST_WEATHER_YEAR} to {yesterday.year}"
        )
    return date(year - 1, 12, 31), min(date(year + 1, 1, 1), yesterday)
