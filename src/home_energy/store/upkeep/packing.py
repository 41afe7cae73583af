"""How a backup is packed: all pages of the record, or those that changed.

A whole backup is the SQLite file through gzip. One of changes is, through gzip too, a
line of JSON (`Head`), then the changed pages in order, each after its number from 0
in four bytes, big-endian. Both carry gzip's checksums; changes also the SHA-256 of the
whole record that they make.
"""

import gzip
import hashlib
import json
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from home_energy.errors import DataError

LEVEL = 6
"""Of gzip. What the record holds most of is packed already: 9 gains nothing."""
READ_BYTES = 1 << 20
FORMAT = 1
CHANGES = ".changes.gz"

_NUMBER = struct.Struct(">I")
_UNREADABLE = (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError)


@dataclass(frozen=True, slots=True)
class Head:
    """What changes say of themselves.

    Parameters
    ----------
    base
        Name of the whole backup that they rest on, in the same folder.
    page_bytes, page_count
        Of the record that they make.
    sha256
        Of that record.
    """

    base: str
    page_bytes: int
    page_count: int
    sha256: str
    format: int = FORMAT


def sha256_of(chunks: Iterable[bytes]) -> str:
    """Fingerprint of what comes in parts."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def chunks_of(path: Path) -> Iterator[bytes]:
    """Content of a file in parts."""
    with path.open("rb") as file:
        while chunk := file.read(READ_BYTES):
            yield chunk


def pack_whole(record: Path, into: Path) -> None:
    """Pack all of a record."""
    with _packing(into) as packed:
        for chunk in chunks_of(record):
            packed.write(chunk)


def pack_changes(record: Path, base: Path, into: Path, sha256: str) -> None:
    """Pack the pages of a record that differ from a whole backup's.

    Raises
    ------
    DataError
        If the whole backup cannot be read.
    """
    page_bytes = _page_bytes(record)
    page_count = record.stat().st_size // page_bytes
    head = Head(base.name, page_bytes, page_count, sha256)
    with _packing(into) as packed, record.open("rb") as pages:
        packed.write(json.dumps(asdict(head)).encode() + b"\n")
        old_pages = _whole_pages(base, page_bytes)
        for number in range(page_count):
            page, old = pages.read(page_bytes), next(old_pages, b"")
            if page != old:
                packed.write(_NUMBER.pack(number) + page)
        for _ in old_pages:  # to its end, where its checksum is
            pass


def unpacked(path: Path) -> Iterator[bytes]:
    """Record that a backup holds, in parts: whole, of changes, or not packed at all.

    Raises
    ------
    DataError
        If it cannot be read to its end, or what it rests on cannot.
    """
    if path.name.endswith(CHANGES):
        return _with_changes(path)
    return _whole(path) if path.name.endswith(".gz") else _plain(path)


def base_of(path: Path) -> Path:
    """Whole backup that changes rest on.

    Raises
    ------
    DataError
        If they cannot be read.
    """
    try:
        with gzip.open(path) as packed:
            return path.with_name(_head(packed).base)
    except _UNREADABLE as error:
        raise _unreadable(path, error) from error


def _plain(path: Path) -> Iterator[bytes]:
    try:
        yield from chunks_of(path)
    except OSError as error:
        raise _unreadable(path, error) from error


def _whole(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path) as packed:
            while chunk := packed.read(READ_BYTES):
                yield chunk
    except _UNREADABLE as error:
        raise _unreadable(path, error) from error


def _whole_pages(path: Path, page_bytes: int) -> Iterator[bytes]:
    try:
        with gzip.open(path) as packed:
            while page := packed.read(page_bytes):
                yield page
    except _UNREADABLE as error:
        raise _unreadable(path, error) from error


def _with_changes(path: Path) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for page in _changed_pages(path):
        digest.update(page)
        yield page
    with gzip.open(path) as packed:
        expected = _head(packed).sha256
    if digest.hexdigest() != expected:
        raise _unreadable(path, ValueError("it does not make the record that it names"))


def _changed_pages(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path) as packed:
            head = _head(packed)
            base = _whole_pages(path.with_name(head.base), head.page_bytes)
            changed = _next_change(packed, head)
            for number in range(head.page_count):
                page = next(base, b"")
                if changed is not None and changed[0] == number:
                    page, changed = changed[1], _next_change(packed, head)
                yield page
    except _UNREADABLE as error:
        raise _unreadable(path, error) from error


def _next_change(packed: gzip.GzipFile, head: Head) -> tuple[int, bytes] | None:
    number = packed.read(_NUMBER.size)
    if not number:
        return None
    page = packed.read(head.page_bytes)
    if len(number) < _NUMBER.size or len(page) < head.page_bytes:
        raise EOFError("it ends in the middle of a page")
    return int(_NUMBER.unpack(number)[0]), page


def _head(packed: gzip.GzipFile) -> Head:
    said: dict[str, Any] = json.loads(packed.readline())
    head = Head(**said)
    if head.format != FORMAT:
        raise ValueError(f"its format is {head.format}, this program knows {FORMAT}")
    return head


@contextmanager
def _packing(into: Path) -> Iterator[gzip.GzipFile]:
    # No name and no time inside: the file's own name has both.
    with into.open("wb") as file, gzip.GzipFile("", "wb", LEVEL, file, 0) as packed:
        yield packed


def _page_bytes(record: Path) -> int:
    with record.open("rb") as file:
        head = file.read(100)
    # SQLite's file format, https://www.sqlite.org/fileformat2.html, section 1.3.2.
    (size,) = struct.unpack_from(">H", head, 16)
    return 65_536 if size == 1 else int(size)


def _unreadable(path: Path, error: Exception) -> DataError:
    return DataError(
        f"{path}: this backup cannot be read ({error}); nothing of it was used, "
        "use an older one"
    )
