"""Files that a household brought: opened, unpacked and named."""

import gzip
import hashlib
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from home_energy.errors import DataError
from home_energy.ingestion.sources.source_file import SourceFile

MOST_BYTES = 500_000_000
"""A year of one meter is 2 MB; what is larger is another file, or a zip bomb."""
DEEPEST_ARCHIVE = 3
"""NEMWEB's archive is zips in a zip."""

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
)


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file to read, and the file on the disk that it came from.

    Parameters
    ----------
    file
        Its name and its bytes, unpacked.
    sha256, byte_count
        Of the bytes on the disk, archive included. byte_count in [bytes]
    is_last
        Whether nothing more comes from the same file on the disk.
    """

    file: SourceFile
    sha256: str
    byte_count: int
    is_last: bool


def open_files(paths: list[Path]) -> Iterator[FoundFile]:
    """Every file behind some paths, one at a time: plain, `.gz`, or in a `.zip`.

    Raises
    ------
    DataError
        If a path is missing, a folder or unreadable, or an archive is damaged,
        encrypted, too large or empty.
    """
    for path in paths:
        content = _read(path)
        sha256 = hashlib.sha256(content).hexdigest()
        waiting: SourceFile | None = None
        for file in _unpacked(SourceFile(path.name, content), DEEPEST_ARCHIVE):
            if waiting is not None:
                yield FoundFile(waiting, sha256, len(content), is_last=False)
            waiting = file
        if waiting is None:
            raise DataError(
                f"{path}: there is no file in this archive; expected at least one"
            )
        yield FoundFile(waiting, sha256, len(content), is_last=True)


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise DataError(
                f"{path}: this is a folder, files were expected; name them, such as "
                f"{path}/*.csv"
            )
        if not path.exists():
            raise DataError(
                f"{path}: there is no such file; correct its name or its folder"
            )
        if not path.is_file():
            raise DataError(f"{path}: this is no ordinary file; name a file")
        if path.stat().st_size > MOST_BYTES:
            raise _too_large(str(path))
        return path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{path}: cannot be read ({error.strerror or error}); check that it "
            "belongs to you and that its disk is there"
        ) from error


def _unpacked(file: SourceFile, levels: int) -> Iterator[SourceFile]:
    """Yield the file itself, or what an archive holds, by the ending of its name."""
    ending = file.name.lower()
    if ending.endswith((".tar.gz", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz")):
        raise DataError(
            f"{file.name}: this kind of archive is not read, .zip and .gz are; unpack "
            "it and name the files in it"
        )
    is_zip = ending.endswith(".zip")
    if not is_zip and not ending.endswith(".gz"):
        yield file
        return
    if not levels:
        raise DataError(
            f"{file.name}: archives within archives, more than {DEEPEST_ARCHIVE} deep; "
            "unpack them and name the files"
        )
    for inner in _members(file) if is_zip else (_gunzipped(file),):
        if is_zip:
            yield from _unpacked(inner, levels - 1)
        else:
            yield inner


def _gunzipped(file: SourceFile) -> SourceFile:
    try:
        with gzip.open(io.BytesIO(file.content)) as stream:
            return SourceFile(file.name, _read_at_most(stream, file.name))
    except _DAMAGE as error:
        raise _damaged(file.name, "gzip", error) from error


def _members(archive: SourceFile) -> Iterator[SourceFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
            for member in opened.infolist():
                if member.is_dir() or _is_hidden(member.filename):
                    continue
                name = f"{archive.name}/{member.filename}"
                if member.flag_bits & 1:
                    raise DataError(
                        f"{name}: the archive is encrypted, and no password is known; "
                        "unpack it and name the files in it"
                    )
                if member.file_size > MOST_BYTES:
                    raise _too_large(name)
                with opened.open(member) as stream:
                    yield SourceFile(name, _read_at_most(stream, name))
    except _DAMAGE as error:
        raise _damaged(archive.name, "zip", error) from error


def _is_hidden(name: str) -> bool:
    """Whether a computer put the member there for itself, as macOS does."""
    return any(part.startswith(("__MACOSX", ".")) for part in name.split("/"))


def _read_at_most(stream: _Stream, name: str) -> bytes:
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _too_large(name)
    return content


def _too_large(name: str) -> DataError:
    return DataError(
        f"{name}: more than {MOST_BYTES // 1_000_000} MB, unpacked; the file of a home "
        "has some megabytes; is it the right one?"
    )


def _damaged(name: str, kind: str, error: Exception) -> DataError:
    reason = str(error) or type(error).__name__
    return DataError(
        f"{name}: the {kind} archive is damaged ({reason}); download it again"
    )
