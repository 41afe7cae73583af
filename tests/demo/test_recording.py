"""Reading recorded rows, and refusing what is none."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from home_energy.demo.recording import read_recording
from home_energy.errors import DataError

ROW: dict[str, Any] = {
    "type": "ActualInterval",
    "duration": 30,
    "date": "2024-06-24",
    "endTime": "2024-06-23T14:30:00Z",
    "channelType": "general",
    "perKwh": 29.13757,
    "spotPerKwh": 13,
    "renewables": 20.244999999999997,
}


def test_rows_of_plain_and_gzipped_files(tmp_path: Path) -> None:
    text = json.dumps(ROW) + "\n\n"
    plain, packed = tmp_path / "a.jsonl", tmp_path / "a.jsonl.gz"
    plain.write_text(text)
    packed.write_bytes(gzip.compress(text.encode()))

    for path in (plain, packed):
        (row,) = read_recording(path)
        assert row.wire == ROW
        assert row.start == datetime(2024, 6, 23, 14, 0, tzinfo=UTC)
        assert row.end == datetime(2024, 6, 23, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("{", "not JSON"),
        ("[1]", "a list, not an object"),
        (json.dumps(ROW | {"perKwh": "29"}), "perKwh is '29'"),
        (json.dumps(ROW | {"perKwh": None}), "perKwh is None"),
        (json.dumps(ROW | {"duration": True}), "duration is True"),
        (json.dumps(ROW | {"duration": 0}), "duration 0"),
        (json.dumps(ROW | {"type": "ForecastInterval"}), "'ForecastInterval'"),
        (json.dumps(ROW | {"endTime": "24 June"}), "endTime is '24 June'"),
        (json.dumps(ROW | {"endTime": "2024-06-23T14:30:00"}), "has no zone"),
        (json.dumps({"type": "Usage"}), "duration is None"),
    ],
)
def test_bad_line_is_named(tmp_path: Path, line: str, found: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(ROW) + "\n" + line + "\n")

    with pytest.raises(DataError) as caught:
        list(read_recording(path))

    message = str(caught.value)
    assert message.startswith(f"{path}:2: ")
    assert found in message
    assert "expected one JSON object a line" in message
    assert "remove or repair the line" in message


@pytest.mark.parametrize(
    ("name", "content"),
    [("rows.jsonl.gz", b"not gzip"), ("rows.jsonl", b"\xff\xfe")],
)
def test_unreadable_file_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(DataError, match="cannot be read"):
        list(read_recording(path))


def test_cut_gzip_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(ROW).encode() * 50)[:-9])

    with pytest.raises(DataError, match=r"rows\.jsonl\.gz"):
        list(read_recording(path))


def test_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="check the path"):
        list(read_recording(tmp_path / "nowhere.jsonl"))
