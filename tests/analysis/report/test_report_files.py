"""Files of a report: every figure in them, and whole or not there."""

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.analysis.report.made_report import made_home

from home_energy.analysis.report import report_files
from home_energy.analysis.report.report import Report, make_report
from home_energy.analysis.report.report_files import require_writable, write_report
from home_energy.errors import DataError


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return make_report(*made_home(tmp_path_factory.mktemp("home")))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_two_writings_are_the_same_bytes(made: Report, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    require_writable(first)
    require_writable(second)

    written = write_report(first, made)
    write_report(second, made)

    assert {path.name for path in written} == {path.name for path in first.iterdir()}
    for path in written:
        assert path.read_bytes() == (second / path.name).read_bytes(), path.name


def test_tables_say_what_the_json_says(made: Report, tmp_path: Path) -> None:
    write_report(tmp_path, made)

    told = json.loads((tmp_path / "report.json").read_text())
    comparison = rows_of(tmp_path / "comparison.csv")
    monthly = rows_of(tmp_path / "monthly.csv")
    assert [row["scenario"] for row in comparison] == ["as-it-was", "both", "solar"]
    both = told["comparison"][1]
    assert float(comparison[1]["saving_aud"]) == both["saving_aud"]
    assert float(comparison[1]["npv_p10_aud"]) == both["npv_range_aud"]["p10"]
    assert comparison[0]["strategy"] == comparison[2]["npv_aud"] == ""
    # Two months of the home as it is and of each of three scenarios.
    assert len(monthly) == 8
    entry = told["scenarios"][0]
    month = entry["shapes"][entry["chosen_strategy"]]["months"][0]
    assert monthly[2]["strategy"] == entry["chosen_strategy"]
    assert float(monthly[2]["saving_aud"]) == month["saving_aud"]
    assert monthly[0]["saving_aud"] == ""


def test_flows_of_the_chosen_strategies_are_rows_of_intervals(
    made: Report, tmp_path: Path
) -> None:
    write_report(tmp_path, made)

    table = pq.read_table(tmp_path / "flows.parquet").to_pydict()

    names = np.array(table["scenario"])
    # Three scenarios of 14 days of half-hours.
    assert len(names) == 3 * 14 * 48
    assert set(table["interval_minutes"]) == {30}
    both = names == "both"
    run = made.scenarios[0].chosen
    stored = np.array(table["stored_after_kwh"])[both]
    assert stored == pytest.approx(run.dispatch.stored_kwh[1:])
    assert set(np.array(table["strategy"])[both]) == {run.strategy}
    saved = np.array(table["saving_aud"])[both]
    assert saved == pytest.approx(run.saving_by_interval_aud)
    starts = table["start_utc"]
    assert starts[0] == run.dispatch.grid.start
    assert starts[1] - starts[0] == run.dispatch.grid.step


def test_who_reads_while_it_is_written_reads_the_old_one_to_its_end(
    made: Report, tmp_path: Path
) -> None:
    (tmp_path / "report.json").write_text("old")

    with (tmp_path / "report.json").open() as reading:
        write_report(tmp_path, made)

        assert reading.read() == "old"


def test_an_interrupted_writing_leaves_the_old_report_whole(
    made: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(tmp_path, made)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.setattr(report_files, "write_rows", lambda path, _: path.write_text(""))

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(report_files, "write_flows", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_report(tmp_path, made)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_full_disk_is_told_and_leaves_the_old_report_whole(
    made: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(tmp_path, made)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(report_files, "write_flows", full)
    with pytest.raises(DataError, match=r"No space left on device.*choose another"):
        write_report(tmp_path, made)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(DataError, match="the report cannot be written there"):
        require_writable(tmp_path / "file" / "report")
