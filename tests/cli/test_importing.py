"""Imports as a person types them: what came is said, what is wrong changes nothing."""

import gzip
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.conftest import AmberServer, CommandLine, Home
from tests.ingestion.amber_answers import interval, usage

HEADER = "REGION,SETTLEMENTDATE,TOTALDEMAND,RRP,PERIODTYPE\n"
MARCH = (
    HEADER
    + "VIC1,2025/03/01 00:05:00,4339.0,50.0,TRADE\n"
    + "VIC1,2025/03/01 00:20:00,4339.0,-20.0,TRADE\n"
)


def _written(home: Home, name: str, content: str | bytes) -> str:
    path = home.folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return name


def _dump(home: Home) -> str:
    store = home.folder / "home.sqlite"
    if not store.exists():
        return ""
    with closing(sqlite3.connect(store)) as connection:
        return "\n".join(connection.iterdump())


def _only_line(text: str) -> str:
    lines = text.strip().splitlines()
    assert len(lines) == 1, text
    return lines[0]


def test_an_import_says_what_came_and_imports_lists_it(home: Home) -> None:
    file = _written(home, "march.csv", MARCH)

    done = home.run("import", "aemo", file)
    again = home.run("import", "aemo", file)
    listed = home.run("imports")

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:3] == [
        "march.csv",
        "  aemo: 2 rows, 2 values: 2 new, 0 changed",
        # 00:00 to 00:20 NEM (UTC+10) is an hour later in Melbourne's summer.
        "  2025-03-01 01:00 to 2025-03-01 01:20 (Australia/Melbourne time)",
    ]
    assert "  ! march.csv: VIC1 lacks 2 of its 5-minute intervals" in done.stdout
    assert "march.csv (imported before)" in again.stdout
    assert "0 new, 0 changed, 2 unchanged" in again.stdout
    assert listed.stdout.count("march.csv (aemo, sha256 ") == 1
    assert "2 new, 0 changed" in listed.stdout


def test_json_is_for_programs(home: Home) -> None:
    file = _written(home, "march.csv", MARCH)

    done = home.run("import", "aemo", file, "--json")
    listed = home.run("imports", "--json")

    answer = json.loads(done.stdout)
    (entry,) = answer["files"]
    assert answer["is_dry_run"] is False
    assert entry["new_count"] == 2
    assert entry["unchanged_count"] == 0
    assert entry["first_utc"] == "2025-02-28T14:00:00Z"
    assert len(entry["problems"]) == 1
    (kept,) = json.loads(listed.stdout)["imports"]
    assert kept == {key: entry[key] for key in kept}
    assert len(kept["sha256"]) == 64


def test_a_dry_run_says_so_and_keeps_nothing(home: Home) -> None:
    file = _written(home, "march.csv", MARCH)

    done = home.run("import", "aemo", file, "--dry-run")

    assert "2 new, 0 changed" in done.stdout
    assert "A dry run: nothing was kept." in done.stdout
    assert _dump(home) == ""


def test_many_files_at_once_packed_or_not(home: Home) -> None:
    april = MARCH.replace("2025/03", "2025/04")
    may = MARCH.replace("2025/03", "2025/05")
    with zipfile.ZipFile(home.folder / "year.ZIP", "w") as archive:
        archive.writestr("april.csv", april)
    _written(home, "may.csv.gz", gzip.compress(may.encode()))
    _written(home, "march.csv", MARCH)

    done = home.run("import", "aemo", "march.csv", "year.ZIP", "may.csv.gz")

    assert done.returncode == 0, done.stderr
    names = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert names == ["march.csv", "year.ZIP/april.csv", "may.csv.gz"]


def test_rows_of_amber_are_read_back_by_coverage(home: Home) -> None:
    rows = [interval(), usage(), interval(kind="ForecastInterval")]
    file = _written(home, "rows.json", json.dumps(rows))

    done = home.run("import", "amber", file)
    covered = home.run("coverage", "--json")

    assert done.returncode == 0, done.stderr
    assert "amber: 2 rows, 2 values: 2 new" in done.stdout
    assert "rows left out, forecasts: 1" in done.stdout
    (channel,) = json.loads(covered.stdout)["channels"]
    assert channel["channel"] == "general"
    assert channel["covered_minutes"] == 5


def test_five_problems_are_shown_and_the_rest_counted(home: Home) -> None:
    rows = [interval(), *(interval(channel=f"new{i}") for i in range(7))]
    file = _written(home, "rows.json", json.dumps(rows))

    done = home.run("import", "amber", file)

    shown = [line for line in done.stdout.splitlines() if line.startswith("  ! ")]
    assert len(shown) == 6
    assert shown[-1] == "  ! and 2 more; --json lists all"


def test_without_any_import_imports_says_so(home: Home) -> None:
    missing = home.run("imports")
    home.run("import", "amber", _written(home, "rows.json", json.dumps([interval()])))

    assert missing.returncode == 1
    assert "there is no store yet" in _only_line(missing.stderr)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("aemo", "rows.json"), 4, "rows.json:1: the first row is"),
        (("aemo", "march.csv", "rows.json"), 4, "rows.json:1: the first row is"),
        (("aemo", "nowhere.csv"), 4, "nowhere.csv: there is no such file"),
        (("aemo", "config"), 4, "config: this is a folder"),
        (("aemo", "noise.csv"), 4, "noise.csv:1: the file is binary"),
        (("aemo", "sheet.xlsx"), 4, "a spreadsheet (.xlsx)"),
        (("aemo", "half.csv"), 4, "half.csv:3: the row has 2 columns, 5 were expected"),
        (("aemo", "bad.zip"), 4, "bad.zip: the zip archive is damaged"),
        (("amber", "march.csv"), 4, "march.csv:1: no JSON"),
        (("amber",), 4, "either FILES or --start DAY"),
        (("amber", "rows.json", "--start", "2026-03-01"), 4, "found both"),
        (("amber", "--start", "2026-03-01", "--dry-run"), 4, "are for FILES"),
        (("table", "march.csv"), 4, "FILES and --profile NAME were expected"),
        (("table", "--profile", "jemena"), 4, "FILES and --profile NAME"),
    ],
)
def test_what_is_typed_wrong_is_one_line_and_changes_nothing(
    home: Home, words: tuple[str, ...], code: int, said: str
) -> None:
    _written(home, "march.csv", MARCH)
    _written(home, "rows.json", json.dumps([interval()]))
    _written(home, "noise.csv", bytes(range(256)))
    _written(home, "sheet.xlsx", b"PK\x03\x04" + bytes(99))
    _written(home, "half.csv", MARCH[: MARCH.rindex(",4339") - 3])
    _written(home, "bad.zip", MARCH)
    home.run("import", "aemo", _written(home, "first.csv", MARCH))
    before = _dump(home)

    done = home.run("import", *words)

    assert done.returncode == code
    assert said in _only_line(done.stderr)
    assert "Traceback" not in done.stderr
    assert before
    assert _dump(home) == before


def test_a_file_of_another_meter_is_refused(home: Home) -> None:
    (home.folder / "config" / "home.toml").write_text(
        '[home]\nstore = "home.sqlite"\nnmi = "6009999999"\n'
    )
    values = ",".join(["0.1"] * 48)
    file = _written(
        home,
        "meter.csv",
        "100,NEM12,202503020000,MDP,RET\n"
        "200,6001000001,E1,E1,E1,N1,1234,KWH,30,\n"
        f"300,20250301,{values},A,,,20250302000000,\n900\n",
    )

    done = home.run("import", "nem12", file)

    assert done.returncode == 4
    line = _only_line(done.stderr)
    assert "6001000001" in line
    assert "6009999999" in line
    assert "nmi" in line


def test_no_file_at_all_exits_with_2(home: Home) -> None:
    assert home.run("import", "aemo").returncode == 2


def test_days_of_amber_are_still_asked_for(
    command_line: CommandLine, amber_server: AmberServer
) -> None:
    command_line.configure(amber_server.address)

    done = command_line.run(
        "import", "amber", "--start", "2026-03-01", "--end", "2026-03-01"
    )

    assert done.returncode == 0, done.stderr
    assert "Amber gave 864 rows" in done.stdout  # 288 prices on each of 3 channels


def test_the_profiles_of_tables_are_listed(home: Home) -> None:
    done = home.run("import", "table", "--profiles")

    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": ") >= 3


def test_progress_does_not_mix_with_the_answer(home: Home) -> None:
    done = home.run("import", "aemo", _written(home, "march.csv", MARCH))

    assert done.stdout.startswith("march.csv\n")
    assert done.stderr == ""  # no bar where nobody watches


def test_files_are_named_from_where_one_stands(home: Home) -> None:
    (home.folder / "down").mkdir()
    file = Path("down") / _written(home, "down/march.csv", MARCH).split("/")[1]

    done = home.run("import", "aemo", str(file))

    assert done.stdout.startswith("march.csv\n")
