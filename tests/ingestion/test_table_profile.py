"""Profiles: ours are whole, and a wrong one names all that is wrong with it."""

from pathlib import Path

import pytest

from home_energy.domain.meter_day import Flow
from home_energy.errors import ConfigError
from home_energy.ingestion.sources.table_profile import load_profile, shipped_profiles

ROOT = Path(__file__).parents[2]

GOOD = """
name = "mine"
description = "my portal"
layout = "wide"
interval_minutes = 30
unit = "kWh"
date_column = "Date"
date_formats = ["%d/%m/%Y"]
first_value_column = "00:00"

[clock]
kind = "NEM"

[[registers]]
name = "E1"
flow = "general"
"""


def profile_file(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_our_profiles_are_named_as_their_files_and_say_where_they_are_from() -> None:
    names = [profile.name for profile in shipped_profiles()]

    assert names == [
        "ausgrid-solar-home",
        "ausnet-mypowerplanner",
        "elec-wide-5min",
        "jemena",
    ]
    for profile in shipped_profiles():
        assert load_profile(profile.name) == profile
        assert profile.evidence
        assert "\n" not in profile.description


def test_our_profiles_are_in_the_manual() -> None:
    manual = (ROOT / "docs" / "sources" / "tables.md").read_text(encoding="utf-8")

    for profile in shipped_profiles():
        assert f"`{profile.name}`" in manual


def test_a_household_may_bring_its_own(tmp_path: Path) -> None:
    profile = load_profile(profile_file(tmp_path, GOOD))

    assert profile.name == "mine"
    assert profile.registers[0].flow == Flow.GENERAL


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    text = (
        GOOD.replace("interval_minutes = 30", "interval_minutes = 7")
        .replace("%d/%m/%Y", "%H:%M")
        .replace('unit = "kWh"', 'unit = "MWh"\nfirst_value_colum = "00:00"')
        .replace('flow = "general"', 'flow = "import"\nfile_name_contain = "x"')
    )

    with pytest.raises(ConfigError) as caught:
        load_profile(profile_file(tmp_path, text))

    said = str(caught.value)
    assert "\n" not in said
    for fault in (
        "interval_minutes: Input should be 5, 15, 30 or 60",
        "date_formats.0: '%H:%M' must hold day, month and year",
        "unit: Input should be 'kWh', 'Wh' or 'kW'",
        "first_value_colum: unknown key, did you mean first_value_column?",
        "registers.0.flow: Input should be 'general', 'controlled_load'",
        "registers.0.file_name_contain: unknown key, did you mean file_name_contains?",
    ):
        assert fault in said


NAMED = 'flow = "general"\nfile_name_contains = "x"\n'
LOCAL = 'kind = "local"\nzone = "Australia/Sydney"\nskipped_hour = "absent"\n'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "NEM"', 'kind = "local"', "a local clock needs zone, skipped_hour"),
        ('kind = "NEM"', 'kind = "NEM"\nzone = "Australia/Sydney"', "has no zone"),
        ("kind =", 'zone = "Mars/Olympus"\nkind =', "unknown time zone 'Mars/Olympus'"),
        ('first_value_column = "00:00"', "", "a wide table needs first_value_column"),
        (
            'kind = "NEM"',
            LOCAL + 'repeated_hour = "twice"',
            "a wide table cannot show an hour twice",
        ),
        ("[clock]", 'value_column = "kWh"\n[clock]', "has no time_column or value"),
        (
            'layout = "wide"',
            'layout = "long"',
            "a long table has no first_value_column",
        ),
        (
            'layout = "wide"',
            'layout = "long"\nvalue_column = "v"\nstamp = "end"',
            "a long table has no first_value_column",
        ),
        ("[clock]", 'quality_column = "Q"\n[clock]', "belong together"),
        ("[clock]", 'register_column = "R"\n[clock]', "register_column and the regist"),
        (
            "[[registers]]",
            '[[registers]]\nname = "B1"\nflow = "feed_in"\n[[registers]]',
            "every register needs the same one of column, value or file_name_contains",
        ),
        (
            'flow = "general"',
            NAMED + '[[registers]]\nname = "E1"\n' + NAMED,
            "register 'E1' is there twice; file_name_contains 'x' is there twice",
        ),
    ],
)
def test_keys_that_do_not_fit_together_are_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = profile_file(tmp_path, GOOD.replace(old, new))

    with pytest.raises(ConfigError, match=said):
        load_profile(path)


def test_a_long_local_table_is_not_read_by_ends(tmp_path: Path) -> None:
    text = (
        GOOD.replace('"wide"', '"long"\nstamp = "end"\nvalue_column = "v"')
        .replace('first_value_column = "00:00"', "")
        .replace('kind = "NEM"', LOCAL + 'repeated_hour = "twice"')
    )

    with pytest.raises(ConfigError, match="only with stamp = start"):
        load_profile(profile_file(tmp_path, text))


def test_an_unknown_name_is_told_what_there_is() -> None:
    with pytest.raises(ConfigError, match=r"'jemina' is unknown; did you mean jemena"):
        load_profile("jemina")


def test_a_file_that_is_no_profile_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_profile(str(tmp_path / "none.toml"))
    with pytest.raises(ConfigError, match="is no TOML"):
        load_profile(profile_file(tmp_path, "name = "))
