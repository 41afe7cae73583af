"""`quote`: whether a price is good on the household's own data."""

from pathlib import Path
from typing import Annotated

import typer

from home_energy.cli.application import (
    Invocation,
    JsonOption,
    app,
    console,
    loading,
    print_json,
)
from home_energy.cli.money_words import print_quote
from home_energy.cli.scenario import progress_bar
from home_energy.store import Store


@app.command()
def quote(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="A scenario with [purchase], .toml.", metavar="FILE")
    ],
    as_json: JsonOption = False,
) -> None:
    """Say what a quote is worth on the record, and what waiting would change."""
    with loading():
        from home_energy.analysis.scenario.quote import judge_quote
        from home_energy.analysis.scenario.quote_result import quote_result
        from home_energy.analysis.scenario.scenario_file import load_scenario

    invocation: Invocation = context.obj
    settings = invocation.settings()
    scenario, sha256 = load_scenario(file, settings.home.postcode)
    store = Store.open_read_only(settings.home.store)
    with progress_bar(is_shown=not as_json) as progress:
        bar = progress.add_task("", total=None)

        def on_progress(words: str) -> None:
            progress.update(bar, description=words)

        judged = judge_quote(store, settings, scenario, on_progress)
        result = quote_result(judged, sha256)
    if as_json:
        print_json(result)
        return
    print_quote(console, result)
