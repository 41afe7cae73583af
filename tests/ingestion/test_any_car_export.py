"""Whatever a file of a car holds, it is read or refused; nothing else happens."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ingestion.car_exports import EXPORTS, IN_KM, TESSIE_ANSWERS

from home_energy.errors import DataError
from home_energy.ingestion.sources.car_rows import CarFileOptions
from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.ingestion.sources.teslafi import read_teslafi
from home_energy.ingestion.sources.teslamate import read_teslamate
from home_energy.ingestion.sources.tessie import read_tessie

Reader = Callable[[SourceFile, CarFileOptions], FileContent]

_TABLES: list[tuple[Reader, str]] = [
    (read_tessie, "tessie_drives.csv"),
    (read_tessie, "tessie_charges.csv"),
    (read_teslamate, "teslamate_drives.csv"),
    (read_teslamate, "teslamate_charges.csv"),
    (read_teslafi, "TeslaFi42025.csv"),
]
_CELLS = st.sampled_from(
    [
        *("", "0", "-1", "1e999", "-1e300", "1e-300", "nan", "NULL", "None", "x", '"'),
        *("2025-04-06 02:30", "0001-01-01 00:00", "9999-12-31 23:59:59", "2025-10-05"),
        *("2025-10-05 02:30:00", "2025-04-06T02:30:00+10:00", "99999999999999", "\0"),
    ]
)
_PLACES = st.integers(0, 1000)
_VALUES: st.SearchStrategy[object] = st.sampled_from(
    [None, 0, -1, 1e308, 10**400, "", "x", [], {}, True, 1_743_724_800, 4_102_444_800]
)


def test_a_duration_beyond_all_time_is_no_duration() -> None:
    header, row = (EXPORTS / "tessie_drives.csv").read_text("utf-8").splitlines()[:2]
    content = f"{header}\n{row.replace(',70,', ',1e300,', 1)}\n".encode()

    found = read_tessie(SourceFile("any.csv", content), IN_KM)

    assert "further apart than its duration" in found.problems[0]


def _is_read_or_refused(reader: Reader, content: bytes) -> None:
    told = ""
    try:
        assert isinstance(reader(SourceFile("any.csv", content), IN_KM), FileContent)
    except DataError as error:
        told = str(error)

    assert not told or ("any.csv" in told and "\n" not in told)


@pytest.mark.parametrize(("reader", "name"), _TABLES)
@given(changes=st.lists(st.tuples(_PLACES, _PLACES, _CELLS), max_size=4))
def test_any_cells_are_read_or_refused(
    reader: Reader, name: str, changes: list[tuple[int, int, str]]
) -> None:
    text = (EXPORTS / name).read_text(encoding="utf-8")
    rows = [line.split(",") for line in text.splitlines()]
    for row, column, cell in changes:
        cells = rows[row % len(rows)]
        cells[column % len(cells)] = cell

    _is_read_or_refused(reader, "\n".join(map(",".join, rows)).encode())


@pytest.mark.parametrize("kind", ["drives", "charges"])
@given(changes=st.lists(st.tuples(_PLACES, _PLACES, _VALUES), max_size=4))
def test_any_values_are_read_or_refused(
    kind: str, changes: list[tuple[int, int, object]]
) -> None:
    rows = json.loads((TESSIE_ANSWERS / f"{kind}.json").read_bytes())["results"]
    for row, column, value in changes:
        changed = rows[row % len(rows)]
        changed[sorted(changed)[column % len(changed)]] = value

    _is_read_or_refused(read_tessie, json.dumps({"results": rows}).encode())


@pytest.mark.parametrize("reader", [read_tessie, read_teslamate, read_teslafi])
@given(content=st.binary(max_size=200) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(reader: Reader, content: bytes) -> None:
    _is_read_or_refused(reader, content)
