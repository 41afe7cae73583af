"""Pages in, pages out: whole, changed, added, gone, and damaged on the way."""

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from home_energy.errors import DataError
from home_energy.store.upkeep.packing import (
    chunks_of,
    pack_changes,
    pack_whole,
    sha256_of,
    unpacked,
)
from tests.store.upkeep.damage import flip_a_bit

PAGE = 1024


def pages(*numbers: int) -> bytes:
    """A file of pages whose noise goes by a number each; the first tells their size."""
    content = bytearray(
        b"".join(random.Random(number).randbytes(PAGE) for number in numbers)
    )
    content[16:18] = PAGE.to_bytes(2, "big")
    return bytes(content)


def packed(folder: Path, before: bytes, now: bytes) -> Path:
    (folder / "before").write_bytes(before)
    (folder / "now").write_bytes(now)
    base, changes = folder / "whole.sqlite.gz", folder / "later.changes.gz"
    pack_whole(folder / "before", base)
    pack_changes(folder / "now", base, changes, sha256_of([now]))
    return changes


@pytest.mark.parametrize(
    ("now", "changed_count"),
    [
        (pages(1, 2, 3, 4), 0),
        (pages(1, 2, 30, 4), 1),
        (pages(10, 2, 3, 40), 2),
        (pages(1, 2, 3, 4, 5, 6), 2),
        (pages(1, 2), 0),
        (pages(1, 20), 1),
        (pages(10, 20, 30, 40, 50), 5),
    ],
)
def test_changes_make_the_record_that_was(
    tmp_path: Path, now: bytes, changed_count: int
) -> None:
    changes = packed(tmp_path, pages(1, 2, 3, 4), now)

    assert b"".join(unpacked(changes)) == now
    head, _, rest = gzip.decompress(changes.read_bytes()).partition(b"\n")
    assert len(rest) == changed_count * (4 + PAGE)
    assert b'"base": "whole.sqlite.gz"' in head


def test_whole_file_and_plain_file_are_read_as_they_are(tmp_path: Path) -> None:
    content = pages(*range(2000))
    packed(tmp_path, content, content)

    assert b"".join(unpacked(tmp_path / "whole.sqlite.gz")) == content
    assert b"".join(unpacked(tmp_path / "now")) == content
    assert b"".join(chunks_of(tmp_path / "now")) == content


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-700])


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("harm", [flip_a_bit, cut, empty, Path.unlink])
@pytest.mark.parametrize("name", ["whole.sqlite.gz", "later.changes.gz"])
def test_what_cannot_be_read_is_refused(
    tmp_path: Path, name: str, harm: Callable[[Path], None]
) -> None:
    changes = packed(tmp_path, pages(1, 2, 3, 4), pages(1, 2, 3, 40))
    harm(tmp_path / name)

    with pytest.raises(DataError, match=r"cannot be read .* use an older one"):
        list(unpacked(changes))


def test_changes_on_another_whole_one_are_refused(tmp_path: Path) -> None:
    changes = packed(tmp_path, pages(1, 2, 3, 4), pages(1, 20, 3, 4))
    (tmp_path / "other").write_bytes(pages(1, 2, 3, 5))
    pack_whole(tmp_path / "other", tmp_path / "whole.sqlite.gz")

    with pytest.raises(DataError, match="not make the record that it names"):
        list(unpacked(changes))
