"""`demo`: a home to look at before there is a token."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from home_energy.cli.application import app
from home_energy.cli.live import exit_on_sigterm


@app.command()
def demo(  # noqa: PLR0913 - one parameter is one option
    *,
    replay: Annotated[
        list[Path] | None,
        typer.Option(help="File of recorded Amber rows (.jsonl, .jsonl.gz); repeat."),
    ] = None,
    start: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day of the recording to start on."),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(min=1, help="Replay so many days as fast as possible, then end."),
    ] = None,
    speed: Annotated[
        float, typer.Option(min=0.1, max=1000, help="Speed of a watched replay.")
    ] = 1.0,
    faults: Annotated[
        str,
        typer.Option(help="Misbehave: `all`, or names such as `http_500,hang=0.1`."),
    ] = "",
    seed: Annotated[int, typer.Option(help="Another home.")] = 0,
    folder: Annotated[Path, typer.Option(help="Where the demo home lives.")] = Path(
        "demo-home"
    ),
    port: Annotated[int, typer.Option(min=1, max=65535)] = 5050,
) -> None:
    """Show a synthetic home, or replay a recording, on http://localhost:5050."""
    from home_energy.cli.demo_run import Wish, run_demo

    exit_on_sigterm()
    run_demo(
        Wish(
            replay=tuple(replay or ()),
            start=None if start is None else start.replace(tzinfo=UTC),
            days=days,
            speed=speed,
            faults=faults,
            seed=seed,
            folder=folder,
            port=port,
        )
    )
