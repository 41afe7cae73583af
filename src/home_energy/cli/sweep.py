"""`scenario sweep`: many sizes, tariffs and strategies on one home's year."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from home_energy.cli.application import Invocation, JsonOption, console, print_json
from home_energy.cli.scenario import scenario_app
from home_energy.cli.sweep_words import print_sweep
from home_energy.store import Store


@scenario_app.command()
def sweep(  # noqa: PLR0913, PLR0917 - options of a command
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A scenario with a [sweep], .toml.")],
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for sweep.json, choices.csv and choices.parquet, and for the "
            "years themselves: one that was interrupted goes on from them."
        ),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            help="Address of a Dask scheduler, tcp://host:8786, that runs the years."
        ),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Threads here; one on each core.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Try every size with every tariff and strategy on the real year."""
    from home_energy.analysis.sweep.kept_years import KeptYears
    from home_energy.analysis.sweep.sweep import (
        Watch,
        run_sweep,
        sweep_result,
        write_sweep,
    )
    from home_energy.analysis.sweep.sweep_file import load_sweep
    from home_energy.analysis.sweep.swept_years import EACH_CORE, Workers

    invocation: Invocation = context.obj
    settings = invocation.settings()
    asked, sha256 = load_sweep(file, settings.home.postcode)
    folder = None if out is None else out / asked.name
    workers = Workers(EACH_CORE if jobs is None else jobs, dask)
    store = Store.open_read_only(settings.home.store)
    with _progress(is_shown=not as_json) as progress:
        bar = progress.add_task(asked.name, total=None)
        watch = Watch(
            lambda words: progress.update(bar, description=f"{asked.name}: {words}"),
            lambda done, of: progress.update(
                bar, description=asked.name, completed=done, total=of
            ),
        )
        done = run_sweep(store, settings, asked, (workers, KeptYears(folder)), watch)
    result = sweep_result(done, sha256)
    if folder is not None:
        write_sweep(folder, result)
    if as_json:
        print_json(result)
        return
    print_sweep(console, result)
    if folder is not None:
        console.print(f"Written to {folder}")


def _progress(*, is_shown: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not is_shown,
    )
