"""`home-energy`: commands, exit codes and one line for every error.

Exit codes: 0 done, 1 other, 2 configuration or arguments, 3 a source, 4 data, 5 a
damaged record.
"""

import gc
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from home_energy import __version__
from home_energy.errors import ConfigError, HomeEnergyError
from home_energy.settings import Settings, load_settings

console = Console(highlight=False)
app = typer.Typer(
    name="home-energy",
    help="The electricity price on your fridge, from Amber, kept and shown truthfully.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
import_app = typer.Typer(help="Bring the past into the record.", no_args_is_help=True)
app.add_typer(import_app, name="import")

JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON instead of words.")
]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day, YYYY-MM-DD.")
]


@dataclass(frozen=True, slots=True)
class Invocation:
    """What stands before the command's name."""

    config: Path
    debug: bool

    def settings(self) -> Settings:
        """Settings of the chosen home."""
        if self.config != Path("config") and not self.config.is_dir():
            raise ConfigError(
                f"{self.config}: there is no such folder; expected one with home.toml "
                "and .env; correct --config"
            )
        return load_settings(self.config)


@contextmanager
def loading() -> Iterator[None]:
    """Load modules without looking for garbage in them, now or later.

    What is loaded stays. Going through it again and again takes a fifth of the time of
    a command that loads much.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _show_version(*, wanted: bool) -> None:
    if wanted:
        console.print(f"home-energy {__version__}")
        raise typer.Exit


@app.callback()
def common(
    context: typer.Context,
    config: Annotated[
        Path, typer.Option(help="Folder with home.toml and .env.")
    ] = Path("config"),
    debug: Annotated[bool, typer.Option(help="Show the whole error.")] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda value: _show_version(wanted=value),
            is_eager=True,
        ),
    ] = False,
) -> None:
    """Choose the home before the command."""
    del version  # handled by its callback
    context.obj = Invocation(config, debug)


def utc_stamp(moment: datetime) -> str:
    """`2025-07-01T14:00:00Z`, as every JSON answer writes an instant."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def print_json(answer: dict[str, Any]) -> None:
    """Print one JSON object, sorted as given, to standard output."""
    sys.stdout.write(json.dumps(answer, indent=2, allow_nan=False) + "\n")


def set_up_logging(settings: Settings) -> None:
    """Log to standard error; whatever is logged, the token is not in it."""
    handler = logging.StreamHandler()
    token = settings.amber.token
    handler.setFormatter(_Redacting(token.get_secret_value() if token else None))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # A browser opens more connections than there are threads; that is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


class _Redacting(logging.Formatter):
    """Second lock on the door: nothing we write holds the token in the first place."""

    def __init__(self, token: str | None) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return text.replace(self._token, "[token]") if self._token else text


def main() -> None:
    """Entry point: run a command and turn errors into a line and an exit code."""
    is_debug = "--debug" in sys.argv
    try:
        app()
    except HomeEnergyError as error:
        if is_debug:
            raise
        Console(stderr=True, highlight=False, soft_wrap=True).print(
            f"home-energy: {error}", markup=False
        )
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
