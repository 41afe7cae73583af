"""Rooftop solar of AEMO: half-hours named by their end, the best kind of row."""

import csv
import gzip
import io
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from home_energy.errors import DataError
from home_energy.ingestion.sources.aemo_files import read_aemo_file
from home_energy.ingestion.sources.source_file import FileContent, SourceFile

SHARED = (
    Path(__file__).parents[2]
    / ".."
    / "shared"
    / "data"
    / "aemo"
    / "rooftop_pv_actual_30min_2025.csv.gz"
)
WIDE_HEAD = "INTERVAL_END_NEM,NSW1,QLD1,SA1,TAS1,VIC1\n"
NEMWEB_HEAD = (
    "C,NEMP.WORLD,ROOFTOP_PV_ACTUAL_MEASUREMENT,AEMO,PUBLIC,2024/03/03,20:00:03,1,2,3\n"
    "I,ROOFTOP,ACTUAL,2,INTERVAL_DATETIME,REGIONID,POWER,QI,TYPE,LASTCHANGED\n"
)
END = "C,END OF REPORT,9\n"


def _read(text: str, name: str = "rooftop.csv") -> FileContent:
    return read_aemo_file(SourceFile(name, text.encode()))


def _row(end: str, mw: str, kind: str = "MEASUREMENT", region: str = "VIC1") -> str:
    return f'D,ROOFTOP,ACTUAL,2,"{end}",{region},{mw},1,{kind},"2024/03/03 19:49:13"\n'


def test_a_half_hour_is_named_by_its_end() -> None:
    found = _read(
        WIDE_HEAD
        + "2025-01-01 00:30:00,1,2,3,4,5.5\n"
        + "2025-01-02 00:00:00,6,7,8,9,10\n"
    )

    (vic,) = [day for day in found.rooftop if day.region == "VIC1"]
    # The row stamped midnight of the 2nd is the last half-hour of the 1st.
    assert vic.day == date(2025, 1, 1)
    assert (vic.mw[0], vic.mw[47]) == (5.5, 10.0)
    assert np.isnan(vic.mw[1:47]).all()
    assert (found.source, found.row_count, len(found.rooftop)) == ("aemo", 2, 5)


def test_an_empty_cell_stays_missing_and_is_counted() -> None:
    found = _read(WIDE_HEAD + "2025-08-09 16:30:00,,,,,\n2025-08-09 17:00:00,0,0,,0,\n")

    assert [day.region for day in found.rooftop] == ["NSW1", "QLD1", "TAS1"]
    assert found.problems == (
        "rooftop.csv: empty values: 7; they stay missing",  # 5 and 2
    )


def test_nemweb_gives_measurements_of_whole_regions() -> None:
    found = _read(
        NEMWEB_HEAD
        + _row("2024/03/03 12:30:00", "2000.5")
        + _row("2024/03/03 12:30:00", "17", region="QLDC")
        + _row("2024/03/03 12:30:00", "1900", kind="SATELLITE", region="NSW1")
        + END
    )

    (day,) = found.rooftop
    assert (day.region, day.mw[24]) == ("VIC1", 2000.5)  # 12:00 to 12:30
    assert found.row_count == 1
    assert "SATELLITE left out: 1" in found.problems[0]


@pytest.mark.parametrize("kinds", [("DAILY", "MEASUREMENT"), ("MEASUREMENT", "DAILY")])
def test_the_estimate_of_the_day_after_is_the_better(kinds: tuple[str, str]) -> None:
    power = {"DAILY": "20", "MEASUREMENT": "10"}
    rows = [_row("2024/03/03 12:30:00", power[kind], kind=kind) for kind in kinds]

    found = _read(NEMWEB_HEAD + "".join(rows) + END)

    assert found.rooftop[0].mw[24] == 20.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WIDE_HEAD + "2025-01-01 00:30:00,1,2,3,4\n", ":2: the row has 5 columns"),
        (WIDE_HEAD + "2025-01-01 00:30:00,1,2,3,4,x\n", ":2: power is 'x'"),
        (WIDE_HEAD + "2025-01-01 00:30:00,1,2,3,4,-1\n", ":2: power is '-1'"),
        (WIDE_HEAD + "2025-01-01 00:30:00,1,2,3,4,nan\n", ":2: power is 'nan'"),
        (WIDE_HEAD + "2025-01-01 00:35:00,1,2,3,4,5\n", ":2: the interval ends at"),
        (WIDE_HEAD + "01/02/2025 00:30,1,2,3,4,5\n", ":2: INTERVAL_END_NEM is"),
        ("INTERVAL_END_NEM,WA1\n2025-01-01 00:30:00,1\n", ":1: unknown region 'WA1'"),
        ("INTERVAL_END_NEM\n2025-01-01 00:30:00\n", ":1: the columns are"),
        (NEMWEB_HEAD + _row("2024/03/03 12:30:00", "1"), ":3: the last row is"),
        (
            NEMWEB_HEAD + _row("2024/03/03 12:30:00", "1", kind="GUESS") + END,
            ":3: TYPE is 'GUESS'",
        ),
        (
            NEMWEB_HEAD
            + _row("2024/03/03 12:30:00", "1")
            + _row("2024/03/03 12:30:00", "2")
            + END,
            ":4: VIC1 has 2.0 MW",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(DataError) as refused:
        _read(text)

    assert str(refused.value).startswith(f"rooftop.csv{said}")


@pytest.mark.skipif(not SHARED.exists(), reason="the shared files are not here")
def test_a_real_year_equals_a_plain_loop() -> None:
    content = gzip.decompress(SHARED.read_bytes())

    found = read_aemo_file(SourceFile(SHARED.name, content))

    table = list(csv.DictReader(io.StringIO(content.decode())))
    for region in ("NSW1", "QLD1", "SA1", "TAS1", "VIC1"):
        days = [day for day in found.rooftop if day.region == region]
        values = np.concatenate([day.mw for day in days])
        expected = [float(row[region]) if row[region] else np.nan for row in table]
        assert np.array_equal(values, expected, equal_nan=True)
    assert found.row_count == 17_520
    assert next(day.day for day in found.rooftop) == date(2025, 1, 1)
