"""What a person types wrong: one clear line, an exit code, nothing lost."""

import sqlite3
from contextlib import closing

import pytest
from tests.cli.conftest import TOKEN, AmberServer, CommandLine

from home_energy.store import Store


def only_line(text: str) -> str:
    lines = text.strip().splitlines()
    assert len(lines) == 1, text
    return lines[0]


def test_without_a_token_collect_says_where_to_make_one(
    command_line: CommandLine,
) -> None:
    done = command_line.run("collect")

    assert done.returncode == 2
    assert "AMBER_TOKEN" in only_line(done.stderr)
    assert "app.amber.com.au/developers" in done.stderr


def test_a_wrong_token_is_named_without_being_shown(
    command_line: CommandLine, amber_server: AmberServer
) -> None:
    command_line.configure(amber_server.address, token="psk_wrong_9a7b")

    done = command_line.run("import", "amber", "--start", "2026-03-01")

    assert done.returncode == 3
    assert "token was not accepted (403)" in only_line(done.stderr)
    assert "psk_wrong_9a7b" not in done.stderr + done.stdout


def test_a_token_with_a_line_break_is_refused_without_being_shown(
    command_line: CommandLine, amber_server: AmberServer
) -> None:
    command_line.configure(amber_server.address)
    command_line.environment["AMBER_TOKEN"] = f"{TOKEN} again"

    done = command_line.run("doctor")

    assert done.returncode == 2
    assert "AMBER_TOKEN" in done.stdout
    assert TOKEN not in done.stdout + done.stderr


def test_a_site_that_is_not_there_is_listed_against_those_that_are(
    command_line: CommandLine, amber_server: AmberServer
) -> None:
    command_line.configure(amber_server.address)
    command_line.environment["AMBER_SITE_ID"] = "01NOWHERE"

    done = command_line.run("import", "amber", "--start", "2026-03-01")

    assert done.returncode == 2
    line = only_line(done.stderr)
    assert "01NOWHERE" in line
    assert "(active)" in line
    assert "(closed)" in line


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        ("[home\n", "not readable as TOML"),
        ('[home]\ntimezon = "x"\n', "did you mean timezone?"),
        ('[home]\ntimezone = "Sydney"\n', "expected one like Australia/Sydney"),
        ('[amber]\ntoken = "psk_x"\n', "does not belong in home.toml"),
        ("[dashboard]\nport = 99999\n", "dashboard.port"),
    ],
)
def test_a_faulty_configuration_is_explained(
    command_line: CommandLine, toml: str, expected: str
) -> None:
    command_line.config.mkdir()
    (command_line.config / "home.toml").write_text(toml)

    done = command_line.run("coverage")

    assert done.returncode == 2
    assert "home.toml" in only_line(done.stderr)
    assert expected in done.stderr
    assert "psk_x" not in done.stderr


def test_a_store_of_a_newer_version_is_left_alone(
    command_line: CommandLine, amber_server: AmberServer
) -> None:
    command_line.configure(amber_server.address)
    store = command_line.folder / "home.sqlite"
    Store.open(store).close()
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("PRAGMA user_version = 999")
    before = store.read_bytes()

    done = command_line.run("collect")

    assert done.returncode == 1
    assert "schema 999" in done.stderr
    assert "update" in done.stderr
    assert store.read_bytes() == before


def test_a_store_that_is_no_database_is_named(
    command_line: CommandLine, amber_server: AmberServer
) -> None:
    command_line.configure(amber_server.address)
    (command_line.folder / "home.sqlite").write_text("not a database " * 100)

    done = command_line.run("now")

    assert done.returncode == 5  # a damaged record, which only a backup mends
    assert "home.sqlite" in only_line(done.stderr)
    assert "not a readable SQLite database" in done.stderr


def test_a_mistyped_command_or_option_exits_with_2(command_line: CommandLine) -> None:
    assert command_line.run("colect").returncode == 2
    assert command_line.run("now", "--jsn").returncode == 2


def test_days_that_cannot_be_are_refused(
    command_line: CommandLine, amber_server: AmberServer
) -> None:
    command_line.configure(amber_server.address)

    done = command_line.run(
        "import", "amber", "--start", "2026-03-05", "--end", "2026-03-01"
    )

    assert done.returncode == 4
    assert "expected start <= end" in only_line(done.stderr)


def test_a_missing_config_folder_that_was_asked_for_is_an_error(
    command_line: CommandLine,
) -> None:
    done = command_line.run("--config", "elsewhere", "now")

    assert done.returncode == 2
    assert "elsewhere" in only_line(done.stderr)
