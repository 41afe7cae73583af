"""`import`, `imports`: the past, from files or from Amber, and where it came from."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
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
from home_energy.cli.file_imports import (
    DryRun,
    Files,
    SomeFiles,
    record_json,
    record_words,
    run_import,
)
from home_energy.cli.live import amber_client
from home_energy.domain.clock import SystemClock
from home_energy.domain.site import choose_site
from home_energy.domain.time_grid import nem_date
from home_energy.errors import DataError
from home_energy.settings import Settings
from home_energy.store import Store


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
    run_import(context.obj, files, task, as_json=as_json)


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
    run_import(context.obj, files, task, as_json=as_json)


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
    run_import(context.obj, files, task, as_json=as_json)


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
    run_import(context.obj, files, task, as_json=as_json)


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
        run_import(context.obj, files, task, as_json=as_json)
        return
    if dry_run or as_json:
        raise DataError(
            "import amber: --dry-run and --json are for FILES; leave them out, or name "
            "files"
        )
    invocation: Invocation = context.obj
    _ask_amber(invocation.settings(), start, end)


@app.command()
def imports(context: typer.Context, as_json: JsonOption = False) -> None:
    """Every file that was imported, and what it brought."""
    invocation: Invocation = context.obj
    settings = invocation.settings()
    records = Store.open_read_only(settings.home.store).imports.all()
    if as_json:
        print_json({"imports": [record_json(record) for record in records]})
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
            record_words(record, settings.home.zone), markup=False, soft_wrap=True
        )


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


def _day_progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("days"),
        console=console,
    )
