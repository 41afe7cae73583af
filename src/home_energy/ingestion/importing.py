"""The way of one file: read, checked against the home, kept with where it came from.

Every file is read before the first value is kept, and all are kept in one transaction:
a fault in any of them leaves the store as it was.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from home_energy.domain.import_record import ImportRecord
from home_energy.errors import DataError
from home_energy.ingestion.amber_file_rows import save_amber_rows
from home_energy.ingestion.file_contents import future_count, period, value_count
from home_energy.ingestion.files import FoundFile, open_files
from home_energy.ingestion.home_meter import keep_home_only, known_home_meter
from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.store import Store

OnProgress = Callable[[str, int], None]
"""Called with the name of a file that was read and how many bytes on disk that was."""


@dataclass(frozen=True, slots=True)
class FileImport:
    """What is done with some files, for which home and when.

    Parameters
    ----------
    kind
        Which importer: `nem12`, `aemo`, `powerpal`, `table`, `amber`,
        `weather`, `tessie`, `teslamate`, `teslafi`.
    read
        Turns a file into our values, or raises `DataError`.
    now
        When it happens. [aware UTC]
    nmi
        The home's meter from the settings; `None` follows from what is on record.
    site_id
        The home's site with Amber from the settings.
    is_dry_run
        Do everything, say what it did, and keep nothing.
    """

    kind: str
    read: Callable[[SourceFile], FileContent]
    now: datetime
    nmi: str | None = None
    site_id: str | None = None
    is_dry_run: bool = False


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What one file brought.

    Parameters
    ----------
    record
        Where its values came from, as the store keeps it.
    unchanged_count
        Values that stood on record already, or that a better one kept out.
    is_first_time
        Whether the file had not been imported before.
    """

    record: ImportRecord
    unchanged_count: int
    is_first_time: bool


_ReadFiles = Sequence[tuple[FoundFile, FileContent]]


class _DryRunEndsError(Exception):
    """Takes back what a dry run did."""


def import_files(
    store_path: Path,
    paths: Sequence[Path],
    task: FileImport,
    on_progress: OnProgress = lambda _name, _bytes: None,
) -> list[ImportedFile]:
    """Read every file, then keep all of them or none.

    Raises
    ------
    DataError
        If a file cannot be read or is not about this home; the store is as it was.
    StoreError
        If the store cannot be written; it is as it was.
    """
    (imported,) = import_batches(store_path, [(paths, task)], on_progress)
    return imported


def import_batches(
    store_path: Path,
    batches: Sequence[tuple[Sequence[Path], FileImport]],
    on_progress: OnProgress = lambda _name, _bytes: None,
) -> list[list[ImportedFile]]:
    """Read files of several kinds, then keep all of them or none.

    Parameters
    ----------
    batches
        Files, and what is done with them; none of it, or all, a dry run.

    Raises
    ------
    DataError, StoreError
        As `import_files`.
    """
    if not all(paths for paths, _ in batches):
        raise DataError("no file was named; name at least one")
    read = [
        [(found, _read(found, task, on_progress)) for found in open_files(list(paths))]
        for paths, task in batches
    ]
    tasks = [task for _, task in batches]
    with _open(store_path, tasks[0]) as store:
        return _keep_all(store, list(zip(read, tasks, strict=True)))


def import_answer(
    store_path: Path, answer: SourceFile, task: FileImport
) -> ImportedFile:
    """Keep what a service answered, as a file that was fetched and not brought.

    Raises
    ------
    SourceDataError
        If the answer is not what the service promises; the store is as it was.
    StoreError
        If the store cannot be written; it is as it was.
    """
    sha256 = hashlib.sha256(answer.content).hexdigest()
    found = FoundFile(answer, sha256, len(answer.content), is_last=True)
    content = task.read(answer)
    with _open(store_path, task) as store:
        ((imported,),) = _keep_all(store, [([(found, content)], task)])
    return imported


def _read(found: FoundFile, task: FileImport, on_progress: OnProgress) -> FileContent:
    content = task.read(found.file)
    on_progress(found.file.name, found.byte_count if found.is_last else 0)
    return content


@contextmanager
def _open(path: Path, task: FileImport) -> Iterator[Store]:
    """Open the store; a dry run does not make one that is not there."""
    if task.is_dry_run and not path.exists():
        with (
            tempfile.TemporaryDirectory() as folder,
            closing(Store.open(Path(folder) / "dry.sqlite")) as store,
        ):
            yield store
        return
    with closing(Store.open(path)) as store:
        yield store


def _keep_all(
    store: Store, batches: Sequence[tuple[_ReadFiles, FileImport]]
) -> list[list[ImportedFile]]:
    imported: list[list[ImportedFile]] = []
    with suppress(_DryRunEndsError), store.transaction():
        imported += [_keep(store, read, task) for read, task in batches]
        if batches[0][1].is_dry_run:
            raise _DryRunEndsError
    return imported


def _keep(store: Store, read: _ReadFiles, task: FileImport) -> list[ImportedFile]:
    home = known_home_meter(store, task.nmi, task.site_id)
    named = [(found.file.name, content) for found, content in read]
    kept = zip(read, keep_home_only(named, home), strict=True)
    return [_keep_one(store, found, content, task) for (found, _), content in kept]


def _keep_one(
    store: Store, found: FoundFile, content: FileContent, task: FileImport
) -> ImportedFile:
    content = _with_future_noted(found.file.name, content, task.now)
    saved = store.meter_days.save(content.meter, task.now)
    saved += store.spot_days.save(content.spot, task.now)
    saved += store.rooftop_days.save(content.rooftop, task.now)
    saved += store.market_forecasts.save(content.market_forecasts)
    for series in content.weather:
        saved += store.weather_days.save(series, task.now)
    for car in content.cars:
        saved += store.car_history.save(car)
    if content.prices or content.readings:
        saved += save_amber_rows(store, content, task.site_id, task.now)
    first_and_last = period(content)
    record = ImportRecord(
        kind=task.kind,
        source=content.source,
        file_name=found.file.name,
        sha256=found.sha256,
        byte_count=found.byte_count,
        imported_at=task.now.replace(microsecond=0),  # as the store keeps it
        row_count=content.row_count,
        value_count=value_count(content),
        new_count=saved.new_count,
        changed_count=saved.changed_count,
        first=None if first_and_last is None else first_and_last[0],
        last=None if first_and_last is None else first_and_last[1],
        problems=content.problems,
    )
    is_first_time = store.imports.save(record)
    return ImportedFile(record, saved.unchanged_count, is_first_time)


def _with_future_noted(name: str, content: FileContent, now: datetime) -> FileContent:
    count = future_count(content, now)
    if not count:
        return content
    said = (
        f"{name}: values after now ({now:%Y-%m-%d %H:%M} UTC): {count}; "
        "is the clock of this computer right, or the file another?"
    )
    return replace(content, problems=(*content.problems, said))
