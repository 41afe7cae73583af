"""The conformance suite and two real homes, beside another reader."""

import re
from contextlib import closing
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tests.ingestion.conformance_table import (
    NOW,
    SHARED,
    SUITE,
    Outcome,
    is_close,
    outcome,
    stored_totals,
    suite,
)
from tests.ingestion.nemreader_totals import nemreader_totals

from home_energy.domain.meter_day import MeterRegister
from home_energy.domain.price import Quality
from home_energy.ingestion.sources.nem12 import read_nem12
from home_energy.ingestion.sources.source_file import SourceFile
from home_energy.store import Store

pytestmark = pytest.mark.skipif(
    not SUITE.exists(), reason="real data is not beside the project: ../shared/data"
)

TWO_FILES = "8: text after the end record 900 in line 6"
WRONG_LENGTH = "3: a 300 record of"
REFUSED_AS_INVALID = {
    "Example_NEM12_15min_200_30min_300.csv": WRONG_LENGTH,
    "Example_NEM12_15min_200_30min_400.csv": "3: quality V, but 400 records tell of 48",
    "Example_NEM12_30min_200_15min_300.csv": WRONG_LENGTH,
    "Example_NEM12_30min_200_15min_400.csv": WRONG_LENGTH,
    "Example_NEM12_empty.csv": "2: the file ends here without interval data",
    "Example_NEM12_incomplete_interval.csv": WRONG_LENGTH,
    "Example_NEM12_powercor.csv": TWO_FILES,
    "Example_NEM12_powercor.csv.zip/Example_NEM12_powercor.csv": TWO_FILES,
    "Example_NEM12_powercor_missing_fields.csv": WRONG_LENGTH,
    "Example_empty_file.csv": "1: the file is empty",
}
READ_THOUGH_CALLED_INVALID = {
    # Its only fault is the missing 100 record, which portals leave out.
    "Example_NEM12_missing_header.csv"
}
# Among the valid ones, but one day's values are broken over three lines.
BROKEN = "nem12/NEM12#Scenario10#ETSAMDP#NEMMCO.zip/NEM12#Scenario10#ETSAMDP#NEMMCO.csv"


@cache
def _outcomes() -> dict[str, Outcome]:
    return {file.name: outcome(file) for file in suite()}


def _is_accumulated(name: str) -> bool:
    return "nem13" in name.lower()


def test_every_valid_file_has_the_totals_that_nemreader_finds() -> None:
    valid = [
        one
        for name, one in _outcomes().items()
        if not name.startswith("invalid/")
        and not _is_accumulated(name)
        and name != BROKEN
    ]

    assert len(valid) == 105
    assert [one.refusal for one in valid if one.refusal] == []
    assert [one.name for one in valid if not one.is_equal] == []


def test_suite_counts() -> None:
    # 180 files: 117 NEM12 (105 valid, 1 broken, 11 invalid), 63 NEM13.
    found = _outcomes().values()

    assert len(found) == 180
    assert sum(not one.refusal for one in found) == 105 + 1
    assert sum(bool(one.refusal) for one in found) == 63 + 10 + 1


def test_files_with_reactive_registers_alone_hold_nothing_for_a_bill() -> None:
    found = [one for one in _outcomes().values() if not one.refusal and not one.totals]

    # "Scenario 7" of nine companies: Q and K, no E and no B.
    assert all("7" in one.name for one in found)
    assert len(found) == 9


@pytest.mark.parametrize(("name", "reason"), REFUSED_AS_INVALID.items())
def test_invalid_file_is_refused_with_its_place(name: str, reason: str) -> None:
    one = _outcomes()[f"invalid/{name}"]

    assert one.refusal.startswith(f"invalid/{name}:{reason}")
    assert one.totals == {}


def test_every_invalid_file_is_accounted_for() -> None:
    names = {
        name.removeprefix("invalid/")
        for name in _outcomes()
        if name.startswith("invalid/")
    }

    assert names == REFUSED_AS_INVALID.keys() | READ_THOUGH_CALLED_INVALID


@pytest.mark.parametrize("name", sorted(READ_THOUGH_CALLED_INVALID))
def test_missing_header_alone_is_tolerated(name: str) -> None:
    one = _outcomes()[f"invalid/{name}"]

    # 48 x 1.111 kWh
    assert is_close(one.totals, {("VABD000163", "E1"): 53.328})


def test_broken_line_is_refused_where_nemreader_drops_the_day() -> None:
    one = _outcomes()[BROKEN]

    assert one.refusal.startswith(f"{BROKEN}:27: a 300 record of 3 fields")
    assert one.theirs is not None
    assert one.totals == {}


def test_accumulated_reads_are_refused_and_named() -> None:
    found = [one for name, one in _outcomes().items() if _is_accumulated(name)]

    assert len(found) == 63
    assert all(":1: this is NEM13" in one.refusal for one in found)
    assert all(one.totals == {} for one in found)


def test_every_refusal_says_file_and_line() -> None:
    refused = [one for one in _outcomes().values() if one.refusal]

    for one in refused:
        assert re.match(rf"{re.escape(one.name)}:[0-9]+: .{{20,}}", one.refusal)
        assert "\n" not in one.refusal


# Totals by awk over the 300 records: the sum of fields 3 to 290.
HOMES = {
    "solar_home_5min_E1B1_2023-03.csv": {
        ("NMI1234567", "E1"): 270.738,
        ("NMI1234567", "B1"): 589.172,
    },
    "solar_home_5min_E1B1_2023-10_2024-02.csv": {
        ("(redacted)", "E1"): 560.5125,
        ("(redacted)", "B1"): 302.865,
    },
}


@pytest.mark.parametrize("name", HOMES)
def test_real_home_has_its_totals(name: str, tmp_path: Path) -> None:
    file = SourceFile(name, (SHARED / name).read_bytes())

    with closing(Store.open(tmp_path / "store.db")) as store:
        store.meter_days.save(read_nem12(file).meter, NOW)
        totals = stored_totals(store)

    theirs = nemreader_totals(file.content.decode())
    assert totals == pytest.approx(HOMES[name], abs=1e-6)
    assert is_close(totals, {key: total.kwh for key, total in theirs.items()})


def test_day_of_variable_quality_is_resolved_by_its_400_records() -> None:
    # 19 October 2023, the meter's first day: `400,1,98,F19,,` and `400,99,288,A,,`.
    name = "solar_home_5min_E1B1_2023-10_2024-02.csv"
    file = SourceFile(name, (SHARED / name).read_bytes())

    content = read_nem12(file)

    first, *others = content.meter[MeterRegister("nem12", "(redacted)", "E1")]
    assert first.day == date(2023, 10, 19)
    assert np.all(first.quality[:98] == Quality.SUBSTITUTE)
    assert np.all(first.quality[98:] == Quality.ACTUAL)
    assert float(first.kwh[98:].sum()) == pytest.approx(5.1317, abs=1e-9)
    assert all(np.all(day.quality == Quality.ACTUAL) for day in others)
    assert content.row_count == 212
    (problem,) = content.problems
    assert problem.startswith(f"{name}:1: no header record 100 and no end record 900")
