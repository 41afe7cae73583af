"""`report`: the year in one command, from new files to a page with every figure."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from home_energy.cli.application import Invocation, app, console
from home_energy.errors import DataError
from home_energy.store import Store

if TYPE_CHECKING:
    from home_energy.settings import Settings


@app.command()
def report(
    context: typer.Context,
    year: Annotated[
        int | None, typer.Option(min=2000, max=2099, help="Calendar year.")
    ] = None,
    last_12_months: Annotated[
        bool,
        typer.Option(
            "--last-12-months", help="Up to the last day that is all on record."
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the report; report.folder of home.toml."),
    ] = None,
    scenarios: Annotated[
        Path, typer.Option(help="Folder of scenarios; sweeps are in sweeps/ there.")
    ] = Path("scenarios"),
) -> None:
    """The bill, every scenario beside it, and what it all rests on, in one page."""
    from home_energy.analysis.report.question import read_folder
    from home_energy.analysis.report.report import make_report
    from home_energy.analysis.report.report_files import (
        require_writable,
        write_report,
    )
    from home_energy.cli.new_files import import_new_files
    from home_energy.cli.report_words import print_report

    if (year is None) != last_12_months:
        raise DataError(
            "report: exactly one of --year YEAR and --last-12-months was expected, "
            f"found {'both' if last_12_months else 'neither'}"
        )
    invocation: Invocation = context.obj
    settings = invocation.settings()
    # A fault in the last file costs no wait.
    asked = read_folder(scenarios, settings.home.postcode)
    folder = settings.report.folder if out is None else out
    require_writable(folder)
    import_new_files(settings)
    question = asked.on(*_days(settings, year))
    with _progress() as progress:
        bar = progress.add_task("reading the record", total=len(question.files))
        made = make_report(
            settings,
            question,
            lambda words, done, of: progress.update(
                bar, description=words, completed=done, total=of
            ),
        )
        progress.update(bar, description="writing")
        write_report(folder, made)
    print_report(console, made.figures)
    console.print(f"Written to {folder}", markup=False, soft_wrap=True)
    if made.not_run:
        raise typer.Exit(next(iter(made.not_run.values())).exit_code)


def _days(settings: "Settings", year: int | None) -> tuple[date, date]:
    from home_energy.analysis.report.last_months import last_twelve_months

    if year is not None:
        return date(year, 1, 1), date(year, 12, 31)
    store = Store.open_read_only(settings.home.store)
    try:
        return last_twelve_months(store, settings)
    finally:
        store.close()


def _progress() -> Progress:
    """How many scenarios are done, and which was last."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        transient=True,
    )
