"""`scenario`: what solar or a battery would have done to a year's bill."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from home_energy.cli.application import (
    Invocation,
    JsonOption,
    app,
    console,
    loading,
    print_json,
)
from home_energy.cli.scenario_words import print_basis, print_result, print_summary
from home_energy.store import Store

if TYPE_CHECKING:
    from home_energy.analysis.scenario.scenario_file import Scenario

scenario_app = typer.Typer(
    help="What devices would have done to the bill of a year.", no_args_is_help=True
)
app.add_typer(scenario_app, name="scenario")


@scenario_app.command()
def run(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Scenario files, .toml.")],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for result.json and dispatch.parquet of each."),
    ] = None,
    *,
    doubt: Annotated[
        bool,
        typer.Option(
            "--doubt",
            help="Run each again in stress years, and tell what its worth rests on.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Run scenarios on the record, each beside the home as it is."""
    with loading():
        from home_energy.analysis.scenario.result import scenario_result, write_result
        from home_energy.analysis.scenario.run import run_scenario
        from home_energy.analysis.scenario.scenario_file import load_scenario

    invocation: Invocation = context.obj
    settings = invocation.settings()
    # Every file is read before the first is run: a fault in the last costs no wait.
    asked: list[tuple[Scenario, str]] = [
        load_scenario(path, settings.home.postcode) for path in files
    ]
    store = Store.open_read_only(settings.home.store)
    results: list[dict[str, Any]] = []
    with progress_bar(is_shown=not as_json) as progress:
        bar = progress.add_task("", total=None)
        for scenario, sha256 in asked:

            def on_progress(words: str, name: str = scenario.name) -> None:
                progress.update(bar, description=f"{name}: {words}")

            done = run_scenario(
                store, settings, scenario, on_progress, with_doubt=doubt
            )
            result = scenario_result(done, sha256)
            results.append(result)
            if out is not None:
                write_result(out / scenario.name, done, result)
    if as_json:
        print_json({"scenarios": results})
        return
    for result in results:
        print_result(console, result)
    if len(results) > 1:
        print_summary(console, results)
    print_basis(console, results)
    if out is not None:
        console.print(f"Written to {out}")


def progress_bar(*, is_shown: bool) -> Progress:
    """What is done next, and for how long already."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not is_shown,
    )
