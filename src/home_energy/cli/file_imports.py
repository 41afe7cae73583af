"""Importing files on the command line: options, progress, and what each brought."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from home_energy.cli.application import Invocation, console, print_json, utc_stamp
from home_energy.domain.import_record import ImportRecord

if TYPE_CHECKING:
    from home_energy.ingestion.importing import FileImport, ImportedFile

MOST_PROBLEMS_SHOWN = 5

Files = Annotated[
    list[Path], typer.Argument(help="Files: plain, .gz, or .zip of many.")
]
SomeFiles = Annotated[
    list[Path] | None, typer.Argument(help="Files: plain, .gz, or .zip of many.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be done; keep nothing.")
]


def run_import(
    invocation: Invocation, files: Sequence[Path], task: "FileImport", *, as_json: bool
) -> None:
    """Import files with a progress bar, and say what each brought."""
    from home_energy.ingestion.importing import import_files

    settings = invocation.settings()
    task = replace(task, nmi=settings.home.nmi, site_id=settings.amber.site_id)
    with byte_progress(is_quiet=as_json) as progress:
        bar = progress.add_task("Reading", total=total_bytes(files))

        def on_progress(name: str, byte_count: int) -> None:
            progress.update(bar, description=f"Reading {name}", advance=byte_count)

        imported = import_files(settings.home.store, files, task, on_progress)
        progress.update(bar, description="Done", visible=False)
    if as_json:
        print_json(
            {
                "is_dry_run": task.is_dry_run,
                "files": [imported_json(file) for file in imported],
            }
        )
        return
    for file in imported:
        console.print(
            imported_words(file, settings.home.zone), markup=False, soft_wrap=True
        )
    if task.is_dry_run:
        console.print("A dry run: nothing was kept.")


def imported_words(file: "ImportedFile", zone: ZoneInfo) -> str:
    """What a file brought: counts, span, problems."""
    again = "" if file.is_first_time else " (imported before)"
    unchanged = f", {file.unchanged_count:,} unchanged" if file.unchanged_count else ""
    return f"{file.record.file_name}{again}\n" + record_words(
        file.record, zone, unchanged
    )


def record_words(record: ImportRecord, zone: ZoneInfo, unchanged: str = "") -> str:
    """Counts, span and problems of a file on record."""
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


def imported_json(file: "ImportedFile") -> dict[str, Any]:
    """What a file brought, every figure."""
    return {
        **record_json(file.record),
        "unchanged_count": file.unchanged_count,
        "is_first_time": file.is_first_time,
    }


def record_json(record: ImportRecord) -> dict[str, Any]:
    """Where a file's values came from, every figure."""
    return {
        "kind": record.kind,
        "source": record.source,
        "file_name": record.file_name,
        "sha256": record.sha256,
        "byte_count": record.byte_count,
        "imported_at_utc": utc_stamp(record.imported_at),
        "row_count": record.row_count,
        "value_count": record.value_count,
        "new_count": record.new_count,
        "changed_count": record.changed_count,
        "first_utc": record.first and utc_stamp(record.first),
        "last_utc": record.last and utc_stamp(record.last),
        "problems": list(record.problems),
    }


def total_bytes(files: Sequence[Path]) -> int | None:
    """Size of the files on disk; `None` if one is not there, which is said later."""
    try:
        return sum(path.stat().st_size for path in files)
    except OSError:
        return None


def byte_progress(*, is_quiet: bool) -> Progress:
    """How many bytes were read, on a terminal."""
    screen = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        console=screen,
        transient=True,
        disable=is_quiet or not screen.is_terminal,
    )
