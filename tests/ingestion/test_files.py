"""Files are opened whatever they are packed in, and refused for what they are."""

import gzip
import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest

from home_energy.errors import DataError
from home_energy.ingestion import files
from home_energy.ingestion.files import FoundFile, open_files


def _zip(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _opened(*paths: Path) -> list[FoundFile]:
    return list(open_files(list(paths)))


def _named(*paths: Path) -> dict[str, bytes]:
    return {found.file.name: found.file.content for found in _opened(*paths)}


def test_plain_files_come_in_order_with_their_names_without_folders(
    tmp_path: Path,
) -> None:
    second = _written(tmp_path / "b.csv", b"2")
    first = _written(tmp_path / "a.CSV", b"1")

    assert list(_named(second, first).items()) == [("b.csv", b"2"), ("a.CSV", b"1")]


def test_a_gzip_is_taken_off_in_any_letter_case(tmp_path: Path) -> None:
    path = _written(tmp_path / "rows.jsonl.GZ", gzip.compress(b"rows"))

    assert _named(path) == {"rows.jsonl.GZ": b"rows"}


def test_every_member_of_a_zip_is_a_file_named_after_both(tmp_path: Path) -> None:
    content = _zip(
        **{"a.csv": b"1", "2025/b.csv": b"2", "c.csv.gz": gzip.compress(b"3")}
    )
    path = _written(tmp_path / "year.Zip", content)

    assert _named(path) == {
        "year.Zip/a.csv": b"1",
        "year.Zip/2025/b.csv": b"2",
        "year.Zip/c.csv.gz": b"3",
    }


def test_zips_in_a_zip_are_opened_as_nemweb_archives_them(tmp_path: Path) -> None:
    path = _written(tmp_path / "day.zip", _zip(**{"five.zip": _zip(**{"p.CSV": b"1"})}))

    assert _named(path) == {"day.zip/five.zip/p.CSV": b"1"}


def test_what_a_computer_put_into_a_zip_for_itself_is_passed_over(
    tmp_path: Path,
) -> None:
    members = {
        "__MACOSX/._a.csv": b"x",
        ".DS_Store": b"x",
        "f/.b": b"x",
        "f/a.csv": b"1",
    }

    assert _named(_written(tmp_path / "a.zip", _zip(**members))) == {
        "a.zip/f/a.csv": b"1"
    }


def test_the_hash_and_length_are_those_of_the_file_on_the_disk(tmp_path: Path) -> None:
    content = _zip(**{"a.csv": b"1", "b.csv": b"22"})
    path = _written(tmp_path / "year.zip", content)

    found = _opened(path, _written(tmp_path / "c.csv", b"333"))

    assert {f.sha256 for f in found[:2]} == {hashlib.sha256(content).hexdigest()}
    assert [f.byte_count for f in found] == [len(content), len(content), 3]
    assert [f.is_last for f in found] == [False, True, True]


def test_a_folder_is_refused_with_what_to_name_instead(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"this is a folder.*/\*\.csv"):
        _opened(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.csv: there is no such file"):
        _opened(tmp_path / "nowhere.csv")


def test_what_is_no_ordinary_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(DataError, match="no ordinary file"):
        _opened(tmp_path / "pipe")


def test_a_file_that_the_disk_does_not_give_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = _written(tmp_path / "a.csv", b"1")
    monkeypatch.setattr(Path, "read_bytes", refuse)

    with pytest.raises(DataError, match=r"a\.csv: cannot be read \(Permission denied"):
        _opened(path)


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    content = bytearray(_zip(**{"a.csv": b"1"}))
    for mark, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flags_at] |= 1
    path = _written(tmp_path / "locked.zip", bytes(content))

    with pytest.raises(DataError, match=r"locked\.zip/a\.csv: .* encrypted"):
        _opened(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("half.gz", gzip.compress(b"rows" * 999)[:-20], "gzip archive is damaged"),
        ("text.gz", b"REGION,RRP\n", "gzip archive is damaged"),
        ("empty.gz", b"\x1f\x8b", "gzip archive is damaged"),
        ("half.zip", _zip(**{"a.csv": b"rows" * 999})[:-30], "zip archive is damaged"),
        ("text.zip", b"REGION,RRP\n", "zip archive is damaged"),
        ("none.zip", _zip(), "there is no file in this archive"),
        ("mac.zip", _zip(**{"__MACOSX/._a": b"x"}), "there is no file in this archive"),
        ("a.tar.gz", gzip.compress(b"x"), "this kind of archive is not read"),
        ("a.7z", b"7z", "this kind of archive is not read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # archives hold times
)
def test_a_damaged_or_foreign_archive_is_named(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    with pytest.raises(DataError, match=rf"{name}: .*{said}"):
        _opened(_written(tmp_path / name, content))


def test_a_member_whose_bytes_are_not_those_that_were_packed_is_refused(
    tmp_path: Path,
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.csv", b"price 10.00")
    path = _written(tmp_path / "a.zip", buffer.getvalue().replace(b"10.00", b"99.00"))

    with pytest.raises(DataError, match=r"a\.zip: .* damaged .*CRC"):
        _opened(path)


@pytest.mark.parametrize("name", ["big.csv", "big.csv.gz", "big.zip"])
def test_what_unpacks_to_more_than_a_home_can_have_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    zeros = bytes(1001)
    packed = {".csv": zeros, ".gz": gzip.compress(zeros), ".zip": _zip(a=zeros)}
    path = _written(tmp_path / name, packed[Path(name).suffix])
    monkeypatch.setattr(files, "MOST_BYTES", 1000)

    with pytest.raises(DataError, match="is it the right one"):
        _opened(path)


def test_a_zip_that_understates_its_member_gives_no_more_than_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytearray(_zip(a=bytes(5000)))
    at = content.index(b"PK\x01\x02") + 24  # uncompressed size in the directory
    content[at : at + 4] = (500).to_bytes(4, "little")
    path = _written(tmp_path / "a.zip", bytes(content))
    monkeypatch.setattr(files, "MOST_BYTES", 1000)

    with pytest.raises(DataError, match=r"a\.zip: .* damaged"):
        _opened(path)


def test_archives_within_archives_have_an_end(tmp_path: Path) -> None:
    content = b"1"
    for _ in range(4):
        content = _zip(**{"a.zip": content})

    with pytest.raises(DataError, match="more than 3 deep"):
        _opened(_written(tmp_path / "a.zip", content))
