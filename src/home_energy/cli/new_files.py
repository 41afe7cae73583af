"""What is new of the files that the settings name, brought into the record."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from home_energy.cli.application import console
from home_energy.cli.car_imports import car_options, known_vin
from home_energy.cli.file_imports import byte_progress, total_bytes
from home_energy.domain.clock import SystemClock
from home_energy.store import Store

if TYPE_CHECKING:
    from home_energy.ingestion.importing import FileImport, ImportedFile
    from home_energy.ingestion.sources.source_file import FileContent, SourceFile
    from home_energy.settings import Settings

    Reader = Callable[[SourceFile], FileContent]


@dataclass(frozen=True, slots=True)
class NamedFiles:
    """Files of one kind that patterns of the settings name.

    Parameters
    ----------
    kind
        As `home-energy import` calls it.
    patterns
        As the settings have them.
    profile
        Of a table.
    """

    kind: str
    patterns: tuple[str, ...]
    profile: str = ""

    def paths(self, folder: Path) -> list[Path]:
        """Every file that there is, in order of its name, each once."""
        found = {path for one in self.patterns for path in matches(one, folder)}
        return sorted(found)


def import_new_files(settings: "Settings") -> None:
    """Import the files of the settings that are not on record, and say what came in.

    Raises
    ------
    DataError
        If a file is at fault; the record is as it was.
    ConfigError
        If a profile is not there.
    """
    from home_energy.ingestion.importing import import_batches

    folder, named = settings.home_folder, list(_named(settings))
    if not named:
        return
    for one in named:
        for pattern in one.patterns:
            if not matches(pattern, folder):
                console.print(f"No file for imports.{one.kind}: {pattern}")
    batches, known_count = _new(settings, named)
    if not batches:
        console.print(
            f"Nothing new to import: {_files(known_count)} on record already."
        )
        return
    paths = [path for found, _ in batches for path in found]
    with byte_progress(is_quiet=False) as progress:
        bar = progress.add_task("Reading", total=total_bytes(paths))

        def on_progress(name: str, byte_count: int) -> None:
            progress.update(bar, description=f"Reading {name}", advance=byte_count)

        imported = import_batches(settings.home.store, batches, on_progress)
        progress.update(bar, visible=False)
    console.print(_words(batches, imported), markup=False, soft_wrap=True)


def matches(pattern: str, folder: Path) -> list[Path]:
    """Files of a pattern; one that is not absolute begins in the folder."""
    whole = folder / Path(pattern).expanduser()
    root = Path(whole.anchor)
    return sorted(root.glob(str(whole.relative_to(root))))


def _named(settings: "Settings") -> Iterator[NamedFiles]:
    for kind, asked in settings.imports:
        if kind == "table":
            for table in asked:
                yield NamedFiles(kind, table.files, table.profile)
        elif asked:
            yield NamedFiles(kind, asked)


def _new(
    settings: "Settings", named: Sequence[NamedFiles]
) -> tuple[list[tuple[list[Path], "FileImport"]], int]:
    """Files that are not on record with how they are read, and how many others are."""
    store = Store.open(settings.home.store)
    try:
        known = {(one.kind, one.sha256) for one in store.imports.all()}
    finally:
        store.close()
    batches, known_count = [], 0
    for one in named:
        paths = one.paths(settings.home_folder)
        new = [path for path in paths if (one.kind, _sha256(path)) not in known]
        known_count += len(paths) - len(new)
        if new:
            batches.append((new, _task(settings, one)))
    return batches, known_count


def _sha256(path: Path) -> str:
    """Of the bytes on the disk; empty of what cannot be read, which is said later."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _task(settings: "Settings", named: NamedFiles) -> "FileImport":
    """How files of a kind are read: as their command does."""
    from home_energy.ingestion.importing import FileImport
    from home_energy.ingestion.sources import (
        aemo_files,
        amber_rows,
        nem12,
        powerpal,
        table,
        table_profile,
        teslafi,
        teslamate,
        tessie,
        weather_file,
    )

    options = car_options(settings)
    with_vin = car_options(settings, car=known_vin(settings))
    readers: dict[str, Reader] = {
        "amber": amber_rows.read_amber_rows,
        "nem12": nem12.read_nem12,
        "powerpal": powerpal.read_powerpal,
        "aemo": aemo_files.read_aemo_file,
        "tessie": partial(tessie.read_tessie, options=with_vin),
        "teslamate": partial(teslamate.read_teslamate, options=options),
        "teslafi": partial(teslafi.read_teslafi, options=options),
        "weather": weather_file.read_weather_file,
    }
    reader = readers.get(named.kind)
    if reader is None:
        profile = table_profile.load_profile(named.profile)
        reader = partial(table.read_table, profile=profile)
    return FileImport(
        named.kind,
        reader,
        SystemClock().now(),
        nmi=settings.home.nmi,
        site_id=settings.amber.site_id,
    )


def _words(
    batches: Sequence[tuple[Sequence[Path], "FileImport"]],
    imported: Sequence[Sequence["ImportedFile"]],
) -> str:
    """`New on record: nem12: 2 files, 35,040 new values; ...` in one line."""
    said = []
    for (paths, task), files in zip(batches, imported, strict=True):
        new = sum(file.record.new_count for file in files)
        changed = sum(file.record.changed_count for file in files)
        problems = sum(len(file.record.problems) for file in files)
        words = f"{task.kind}: {_files(len(paths))}, {new:,} new values"
        words += f", {changed:,} changed" if changed else ""
        words += f", {problems} problems (`home-energy imports`)" if problems else ""
        said.append(words)
    return f"New on record: {'; '.join(said)}"


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"
