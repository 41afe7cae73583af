"""`import`, `imports`: the past, from files or from Amber, and where it came from."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
)

from home_energy.cli.application import (
    Day,
    Invocation,
    JsonOption,
    app,
    console,
    import_app,
    print_json,
)
from home_energy.cli.live import amber_client
from home_energy.domain.clock import SystemClock
from home_energy.domain.import_record import ImportRecord
from home_energy.domain.site import choose_site
from home_energy.domain.time_grid import nem_date, nem_day_start
from home_energy.errors import DataError
from home_energy.settings import Settings
from home_energy.store import Store

if TYPE_CHECKING:
    from home_energy.ingestion.importing import FileImport, ImportedFile

MOST_PROBLEMS_SHOWN = 5
FIRST_WEATHER_YEAR = 2002
"""The first whole year of NASA POWER's hours, and late enough for the others."""

SYNTHETIC = "synthetic"
"""Weather that is made, not asked for: of the demonstration's home."""

Files = Annotated[
    list[Path], typer.Argument(help="Files: plain, .gz, or .zip of many.")
]
SomeFiles = Annotated[
    list[Path] | None, typer.Argument(help="Files: plain, .gz, or .zip of many.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be done; keep nothing.")
]


@import_app.command("nem12")
def import_nem12(
    context: typer.Context,
    files: Files,
    dry_run: DryRun = False,
    as_json: JsonOption = False,
) -> None:
    """Meter data in NEM12, as distributors and retailers give it on request."""
    from home_energy.ingestion.importing import FileImport
    from home_energy.ingestion.sources.nem12 import read_nem12

    task = FileImport("nem12", read_nem12, SystemClock().now(), is_dry_run=dry_run)
    _run_import(context.obj, files, task, as_json=as_json)


@import_app.command("aemo")
def import_aemo(
    context: typer.Context,
    files: Files,
    dry_run: DryRun = False,
    as_json: JsonOption = False,
) -> None:
    """AEMO's prices (PRICE_AND_DEMAND_*.csv, NEMWEB), forecasts and rooftop solar."""
    from home_energy.ingestion.importing import FileImport
    from home_energy.ingestion.sources.aemo_files import read_aemo_file

    task = FileImport("aemo", read_aemo_file, SystemClock().now(), is_dry_run=dry_run)
    _run_import(context.obj, files, task, as_json=as_json)


@import_app.command("powerpal")
def import_powerpal(
    context: typer.Context,
    files: Files,
    dry_run: DryRun = False,
    as_json: JsonOption = False,
) -> None:
    """Grid import that a Powerpal counted, as its app exports it."""
    from home_energy.ingestion.importing import FileImport
    from home_energy.ingestion.sources.powerpal import read_powerpal

    task = FileImport(
        "powerpal", read_powerpal, SystemClock().now(), is_dry_run=dry_run
    )
    _run_import(context.obj, files, task, as_json=as_json)


@import_app.command("table")
def import_table(  # noqa: PLR0913, PLR0917 - each is an option
    context: typer.Context,
    files: SomeFiles = None,
    profile: Annotated[
        str, typer.Option(help="Name of a profile, or a TOML file with one.")
    ] = "",
    profiles: Annotated[
        bool, typer.Option("--profiles", help="List the profiles that are there.")
    ] = False,
    dry_run: DryRun = False,
    as_json: JsonOption = False,
) -> None:
    """Meter data in a portal's own table, which a small profile describes."""
    from home_energy.ingestion.importing import FileImport
    from home_energy.ingestion.sources.table import read_table
    from home_energy.ingestion.sources.table_profile import (
        load_profile,
        shipped_profiles,
    )

    if profiles:
        for shipped in shipped_profiles():
            console.print(
                f"{shipped.name}: {shipped.description}", markup=False, soft_wrap=True
            )
        return
    if not files or not profile:
        raise DataError(
            "import table: FILES and --profile NAME were expected; "
            "`home-energy import table --profiles` lists the profiles"
        )
    reader = partial(read_table, profile=load_profile(profile))
    task = FileImport("table", reader, SystemClock().now(), is_dry_run=dry_run)
    _run_import(context.obj, files, task, as_json=as_json)


@import_app.command("amber")
def import_amber(  # noqa: PLR0913, PLR0917 - each is an option
    context: typer.Context,
    files: SomeFiles = None,
    start: Day = None,
    end: Day = None,
    dry_run: DryRun = False,
    as_json: JsonOption = False,
) -> None:
    """Amber's prices and usage: of files with its own rows, or asked for by days."""
    from home_energy.ingestion.importing import FileImport
    from home_energy.ingestion.sources.amber_rows import read_amber_rows

    is_by_days = start is not None or end is not None
    if is_by_days == bool(files):
        raise DataError(
            "import amber: either FILES or --start DAY (and --end DAY) were expected, "
            f"found {'both' if files else 'neither'}; files hold rows that Amber gave "
            "before, days are asked for now"
        )
    if files:
        now = SystemClock().now()
        task = FileImport("amber", read_amber_rows, now, is_dry_run=dry_run)
        _run_import(context.obj, files, task, as_json=as_json)
        return
    if dry_run or as_json:
        raise DataError(
            "import amber: --dry-run and --json are for FILES; leave them out, or name "
            "files"
        )
    invocation: Invocation = context.obj
    _ask_amber(invocation.settings(), start, end)


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
        _run_import(invocation, files, task, as_json=as_json)
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


@app.command()
def imports(context: typer.Context, as_json: JsonOption = False) -> None:
    """Every file that was imported, and what it brought."""
    invocation: Invocation = context.obj
    settings = invocation.settings()
    records = Store.open_read_only(settings.home.store).imports.all()
    if as_json:
        print_json({"imports": [_record_json(record) for record in records]})
        return
    if not records:
        console.print("No file was imported yet.")
    for record in records:
        at = record.imported_at.astimezone(settings.home.zone)
        console.print(
            f"{at:%Y-%m-%d %H:%M}  {record.file_name} ({record.kind}, "
            f"sha256 {record.sha256[:12]}, {record.byte_count:,} bytes)",
            markup=False,
            soft_wrap=True,
        )
        console.print(
            _record_words(record, settings.home.zone), markup=False, soft_wrap=True
        )


def _run_import(
    invocation: Invocation, files: Sequence[Path], task: "FileImport", *, as_json: bool
) -> None:
    """Import files with a progress bar, and say what each brought."""
    from home_energy.ingestion.importing import import_files

    settings = invocation.settings()
    task = replace(task, nmi=settings.home.nmi, site_id=settings.amber.site_id)
    with _byte_progress(is_quiet=as_json) as progress:
        bar = progress.add_task("Reading", total=_total_bytes(files))

        def on_progress(name: str, byte_count: int) -> None:
            progress.update(bar, description=f"Reading {name}", advance=byte_count)

        imported = import_files(settings.home.store, files, task, on_progress)
        progress.update(bar, description="Done", visible=False)
    if as_json:
        print_json(
            {
                "is_dry_run": task.is_dry_run,
                "files": [_imported_json(file) for file in imported],
            }
        )
        return
    for file in imported:
        console.print(
            _imported_words(file, settings.home.zone), markup=False, soft_wrap=True
        )
    if task.is_dry_run:
        console.print("A dry run: nothing was kept.")


def _ask_amber(
    settings: Settings, start: datetime | None, end: datetime | None
) -> None:
    """Ask Amber for the prices and usage of days, both included, and keep them."""
    import httpx

    from home_energy.ingestion.amber_days import import_amber_days
    from home_energy.ingestion.day_tasks import DayTasks
    from home_energy.ingestion.source_notes import SourceNotes

    clock = SystemClock()
    first, last = _days(start, end, clock.now())
    store = Store.open(settings.home.store)
    with httpx.Client() as http:
        client = amber_client(settings, http, clock)
        sites = client.sites()
        site_id = choose_site(sites, settings.amber.site_id).site_id
        store.sources.save_sites(sites)
        key = store.sources.site_key(site_id)
        if key is None:
            raise DataError(f"site {site_id} is not on record")
        notes = SourceNotes(client, store)
        tasks = DayTasks(client, store, notes, clock.now, site_id, key)
        rows = 0
        with _day_progress() as progress:
            bar = progress.add_task("Asking Amber", total=(last - first).days + 1)

            def on_progress(days: int, row_count: int) -> None:
                nonlocal rows
                rows += row_count
                progress.update(bar, advance=days)

            import_amber_days(tasks, clock, first, last, on_progress)
    console.print(f"{first} to {last}: Amber gave {rows:,} rows; all are on record.")


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
        _imported_words(imported, settings.home.zone), markup=False, soft_wrap=True
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
        _imported_words(imported, settings.home.zone), markup=False, soft_wrap=True
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


def _days(
    start: datetime | None, end: datetime | None, now: datetime
) -> tuple[date, date]:
    if start is None:
        raise DataError("--start YYYY-MM-DD is missing: the first day to ask for")
    yesterday = nem_date(now) - timedelta(days=1)
    first = start.date()
    last = yesterday if end is None else end.date()
    if not first <= last <= yesterday:
        raise DataError(
            f"--start {first} --end {last}: expected start <= end <= {yesterday}, "
            "the last whole day of the market"
        )
    return first, last


def _imported_words(file: "ImportedFile", zone: ZoneInfo) -> str:
    again = "" if file.is_first_time else " (imported before)"
    unchanged = f", {file.unchanged_count:,} unchanged" if file.unchanged_count else ""
    return f"{file.record.file_name}{again}\n" + _record_words(
        file.record, zone, unchanged
    )


def _record_words(record: ImportRecord, zone: ZoneInfo, unchanged: str = "") -> str:
    counts = (
        f"  {record.source}: {record.row_count:,} rows, {record.value_count:,} values: "
        f"{record.new_count:,} new, {record.changed_count:,} changed{unchanged}"
    )
    lines = [counts]
    if record.first is not None and record.last is not None:
        first, last = record.first.astimezone(zone), record.last.astimezone(zone)
        lines.append(
            f"  {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} ({zone.key} time)"
        )
    lines += [f"  ! {problem}" for problem in record.problems[:MOST_PROBLEMS_SHOWN]]
    more = len(record.problems) - MOST_PROBLEMS_SHOWN
    if more > 0:
        lines.append(f"  ! and {more} more; --json lists all")
    return "\n".join(lines)


def _imported_json(file: "ImportedFile") -> dict[str, Any]:
    return {
        **_record_json(file.record),
        "unchanged_count": file.unchanged_count,
        "is_first_time": file.is_first_time,
    }


def _record_json(record: ImportRecord) -> dict[str, Any]:
    return {
        "kind": record.kind,
        "source": record.source,
        "file_name": record.file_name,
        "sha256": record.sha256,
        "byte_count": record.byte_count,
        "imported_at_utc": _stamp(record.imported_at),
        "row_count": record.row_count,
        "value_count": record.value_count,
        "new_count": record.new_count,
        "changed_count": record.changed_count,
        "first_utc": _stamp(record.first),
        "last_utc": _stamp(record.last),
        "problems": list(record.problems),
    }


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def _total_bytes(files: Sequence[Path]) -> int | None:
    """Size of the files on disk; `None` if one is not there, which is said later."""
    try:
        return sum(path.stat().st_size for path in files)
    except OSError:
        return None


def _byte_progress(*, is_quiet: bool) -> Progress:
    screen = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        console=screen,
        transient=True,
        disable=is_quiet or not screen.is_terminal,
    )


def _day_progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("days"),
        console=console,
    )
