"""`migrate`: the record's schema."""

import typer

from home_energy.cli.application import Invocation, app, console
from home_energy.errors import ConfigError
from home_energy.store.database import Database
from home_energy.store.migrations import migrate as run_migrations


@app.command()
def migrate(context: typer.Context) -> None:
    """Bring the store's schema up to date."""
    invocation: Invocation = context.obj
    path = invocation.settings().home.store
    if not path.exists():
        raise ConfigError(f"{path}: there is no store yet; `collect` makes it")
    done = run_migrations(Database(path))
    console.print(f"{path}: {', '.join(done) if done else 'already up to date'}")
