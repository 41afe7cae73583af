"""`upkeep`: the care of the record where nobody tends it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from home_energy.cli.application import Invocation, app, console
from home_energy.cli.live import only_one
from home_energy.cli.scenario import progress_bar
from home_energy.domain.clock import SystemClock
from home_energy.errors import ConfigError

if TYPE_CHECKING:
    from home_energy.store.upkeep import Mended, Sound
    from home_energy.store.upkeep.soundness import Say


@app.command()
def upkeep(
    context: typer.Context,
    mend: Annotated[
        bool,
        typer.Option(
            "--mend", help="Put the newest good backup in a damaged record's place."
        ),
    ] = False,
    backup_to: Annotated[
        Path | None,
        typer.Option(help="Only copy the record into this file, packed if it ends .gz"),
    ] = None,
    restore: Annotated[
        Path | None, typer.Option(help="Put this backup in the record's place.")
    ] = None,
) -> None:
    """Check, tidy and back up the record, as each night on the fridge."""
    if sum((mend, backup_to is not None, restore is not None)) > 1:
        raise ConfigError("--mend, --backup-to and --restore: choose one of them")
    invocation: Invocation = context.obj
    settings = invocation.settings()
    store = settings.home.store
    with _progress() as say:
        if mend:
            lines = _mend(store, say)
        elif backup_to is not None:
            lines = _back_up_to(store, backup_to, say)
        elif restore is not None:
            lines = _restore(store, restore, say)
        else:
            lines = _keep_up(store, say)
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)


@contextmanager
def _progress() -> Iterator["Say"]:
    with progress_bar(is_shown=console.is_terminal) as progress:
        bar = progress.add_task("", total=None)
        yield lambda words: progress.update(bar, description=words)


def _keep_up(store: Path, say: "Say") -> list[str]:
    from home_energy.store.upkeep import keep_up

    done = keep_up(store, SystemClock().now(), say)
    kind = "all of it" if done.backup.is_whole else "what has changed"
    size, packed = _megabytes(done.store_bytes), _megabytes(done.backup_bytes)
    lines = [
        f"{store}: sound, {size}, {_sound_words(done.sound)}",
        f"its log: {_megabytes(done.log_bytes)}",
        f"backed up, {kind}, and read back: {done.backup.path}, {packed}",
    ]
    if done.index_faults:
        lines.append(f"indexes were made anew, nothing is lost: {done.index_faults}")
    if done.removed:
        lines.append(f"no longer kept: {', '.join(done.removed)}")
    return lines


def _back_up_to(store: Path, file: Path, say: "Say") -> list[str]:
    from home_energy.store.upkeep import back_up_to

    sound = back_up_to(store, file, say)
    size = _megabytes(file.stat().st_size)
    return [f"{file}: a copy of {store}, {size}, {_sound_words(sound)}"]


def _restore(store: Path, backup: Path, say: "Say") -> list[str]:
    from home_energy.store.upkeep import replaced_path, restore

    with only_one(store):
        was_there = store.exists()
        sound = restore(store, backup, say)
    lines = [f"{store}: is now what {backup} holds, {_sound_words(sound)}"]
    if was_there:
        lines.append(f"what was there before is {replaced_path(store)}")
    return lines


def _mend(store: Path, say: "Say") -> list[str]:
    from home_energy.store.upkeep import fault_of, mend

    say("checking the record")
    if fault_of(store) is None:
        return [f"{store}: sound" if store.exists() else f"{store}: no record yet"]
    with only_one(store):
        done = mend(store, SystemClock().now(), say)
    return [f"{store}: sound"] if done is None else _mended_words(store, done)


def _mended_words(store: Path, done: "Mended") -> list[str]:
    """What was found, what was lost, and what comes back by itself."""
    aside, now = done.aside, done.sound
    lines = [f"DAMAGED: {aside.fault}", f"it is kept as {aside.path}"]
    lines += [f"{name}: cannot be used" for name in done.unreadable]
    if aside.replaced_by is None:
        lines.append(f"{store}: a NEW record begins: there is no good backup")
    else:
        lines.append(
            f"{store}: is now the backup of {_utc(aside.replaced_by)}, "
            f"{_sound_words(now)}"
        )
    lines.append(
        "lost since then: forecasts as they were issued, power, advice; prices of two "
        "years and usage of 90 days are asked for again by themselves"
    )
    return lines


def _sound_words(sound: "Sound") -> str:
    newest = sound.newest_price
    price = "no price yet" if newest is None else f"newest price {_utc(newest)}"
    return f"schema {sound.schema_number}, {price}"


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB"
