"""What a report is asked: files of a folder on the days of the report."""

from datetime import date
from pathlib import Path

import pytest
from tests.analysis.report.made_report import write_scenarios

from home_energy.analysis.report.as_it_is_figures import as_it_is_question
from home_energy.analysis.report.question import ReportQuestion, read_folder
from home_energy.errors import ConfigError
from home_energy.settings import BillSettings, Settings

FIRST, LAST = date(2024, 7, 1), date(2025, 6, 30)


def test_days_of_the_report_stand_in_every_file_and_steps_stay(tmp_path: Path) -> None:
    question = read_folder(write_scenarios(tmp_path)).on(FIRST, LAST)

    periods = [one.scenario.period for one in question.scenarios]
    periods += [one.sweep.period for one in question.sweeps]
    assert len(periods) == 5
    assert {period.days for period in periods} == {(FIRST, LAST)}
    assert {period.resolution_minutes for period in periods} == {30}
    assert [one.file for one in question.scenarios] == [
        "a-both.toml",
        "b-as-it-is.toml",
        "c-solar.toml",
        "d-weather.toml",
    ]


def test_a_fault_of_any_file_is_told_with_its_name(tmp_path: Path) -> None:
    folder = write_scenarios(tmp_path)
    (folder / "z.toml").write_text('name = "z"\n')

    with pytest.raises(ConfigError, match=r"z\.toml: title: this key is required"):
        read_folder(folder)


def test_a_fault_of_a_sweep_is_told(tmp_path: Path) -> None:
    folder = write_scenarios(tmp_path)
    (folder / "sweeps" / "z.toml").write_text('name = "z"\n')

    with pytest.raises(ConfigError, match=r"z\.toml"):
        read_folder(folder)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    folder = write_scenarios(tmp_path)
    (folder / "e-solar.toml").write_text((folder / "c-solar.toml").read_text())

    with pytest.raises(ConfigError, match=r"e-solar.*'solar' is the name of c-solar"):
        read_folder(folder)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        read_folder(tmp_path / "nothing")


def test_a_year_is_told_as_a_year_and_other_days_by_first_and_last() -> None:
    year = ReportQuestion(date(2025, 1, 1), date(2025, 12, 31))

    assert year.words == "2025"
    assert ReportQuestion(FIRST, LAST).words == "2024-07-01 to 2025-06-30"


def test_the_home_as_it_is_is_the_file_that_adds_nothing(tmp_path: Path) -> None:
    question = read_folder(write_scenarios(tmp_path)).on(FIRST, LAST)

    assert as_it_is_question(question, Settings()).name == "as-it-was"


def test_without_such_a_file_it_is_the_home_of_the_first_on_its_old_tariff(
    tmp_path: Path,
) -> None:
    folder = write_scenarios(tmp_path)
    (folder / "b-as-it-is.toml").unlink()
    first = folder / "a-both.toml"
    first.write_text(
        first.read_text().replace(
            'tariff = "market"', 'tariff = "market"\nbaseline_tariff = "flat"'
        )
    )
    question = read_folder(folder).on(FIRST, LAST)

    asked = as_it_is_question(question, Settings())

    assert asked.name == "as-it-is"
    assert (asked.solar, asked.battery, asked.purchase) == (None, None, None)
    assert asked.prices.tariff == "flat"
    assert asked.period.days == (FIRST, LAST)


def test_without_any_file_it_is_the_households_own_bill() -> None:
    settings = Settings(bill=BillSettings(tariff="flat", gap_rule="same_slot_median"))

    asked = as_it_is_question(ReportQuestion(FIRST, LAST), settings)

    assert asked.prices.tariff is None
    assert asked.usage.gap_rule == "same_slot_median"
