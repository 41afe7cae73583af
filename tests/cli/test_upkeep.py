"""`upkeep` as it is typed, and as it stands before the collector's start."""

import fcntl
import gzip
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.conftest import TOKEN, AmberServer, CommandLine, Home
from tests.store.saving_child import row
from tests.store.upkeep.damage import prices, record, spoil_head, spoil_table

Wait = Callable[[Callable[[], bool]], None]
RECORDED = [row(n) for n in range(400)]


@pytest.fixture
def store(home: Home) -> Path:
    """A record in the folder of the home."""
    path = home.folder / "home.sqlite"
    record(path)
    return path


def test_a_night_says_what_it_did(home: Home, store: Path) -> None:
    done = home.run("upkeep")

    assert done.returncode == 0
    assert re.fullmatch(
        r"\S+home\.sqlite: sound, 0\.\d MB, schema \d+, "
        r"newest price 2025-01-02 09:15 UTC\n"
        r"its log: 0\.0 MB\n"
        r"backed up, all of it, and read back: "
        r"\S+/backups/home-\d{8}T\d{6}Z\.sqlite\.gz, 0\.\d MB\n",
        done.stdout,
    )
    assert prices(store) == RECORDED


def test_without_a_record_there_is_nothing_to_keep(home: Home) -> None:
    done = home.run("upkeep")

    assert done.returncode == 1
    assert "there is no store yet" in done.stderr
    assert home.run("upkeep", "--mend").stdout.endswith("no record yet\n")


def test_damaged_record_has_an_exit_code_of_its_own(home: Home, store: Path) -> None:
    spoil_table(store)

    done = home.run("upkeep")

    assert done.returncode == 5
    assert "home-energy upkeep --mend" in done.stderr
    assert "Traceback" not in done.stderr


def test_sound_record_needs_no_mending(home: Home, store: Path) -> None:
    done = home.run("upkeep", "--mend")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{store}: sound\n"
    assert not store.with_suffix(".lock").exists()


def test_mending_says_what_was_lost_and_what_comes_again(
    home: Home, store: Path
) -> None:
    home.run("upkeep")
    spoil_head(store)

    done = home.run("upkeep", "--mend")

    assert done.returncode == 0
    damaged, kept, now, lost = done.stdout.splitlines()
    assert damaged.startswith(f"DAMAGED: {store}: this is not a readable SQLite")
    assert kept.startswith(f"it is kept as {store}.damaged-")
    assert "is now the backup of" in now
    assert now.endswith("newest price 2025-01-02 09:15 UTC")
    assert lost == (
        "lost since then: forecasts as they were issued, power, advice; prices of two "
        "years and usage of 90 days are asked for again by themselves"
    )
    assert prices(store) == RECORDED


def test_without_a_backup_the_new_record_is_said(home: Home, store: Path) -> None:
    spoil_head(store)

    done = home.run("upkeep", "--mend")

    assert done.returncode == 0
    assert f"{store}: a NEW record begins: there is no good backup" in done.stdout


def test_copy_and_restore_go_round(home: Home, store: Path) -> None:
    copy = home.folder / "today.gz"
    home.run("upkeep", "--backup-to", str(copy))
    record(store, rows=10, first=400)

    done = home.run("upkeep", "--restore", str(copy))

    assert done.returncode == 0
    assert done.stdout.splitlines()[1] == f"what was there before is {store}.replaced"
    assert prices(store) == RECORDED


@pytest.mark.parametrize("wish", ["--restore", "--mend"])
def test_nothing_is_replaced_under_a_running_collector(
    home: Home, store: Path, wish: str
) -> None:
    copy = home.folder / "today"
    home.run("upkeep", "--backup-to", str(copy))
    words = [wish, str(copy)] if wish == "--restore" else [wish]
    spoil_head(store)
    before = store.read_bytes()

    with store.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = home.run("upkeep", *words)

    assert done.returncode == 1
    assert "another collector is running" in done.stderr
    assert store.read_bytes() == before


def test_two_wishes_at_once_are_refused(home: Home, store: Path) -> None:
    done = home.run("upkeep", "--mend", "--restore", str(store))

    assert done.returncode == 2
    assert "choose one of them" in done.stderr


def test_collector_on_a_damaged_record_ends_is_mended_and_starts(
    command_line: CommandLine, amber_server: AmberServer, wait_until: Wait
) -> None:
    command_line.configure(amber_server.address)
    store = command_line.folder / "home.sqlite"
    collector = command_line.start("collect")
    try:
        wait_until(lambda: _price_count(store) > 0)
        kept = command_line.run("upkeep")  # beside the collector
    finally:
        collector.terminate()
        collector.communicate(timeout=20)
    spoil_table(store, "site")

    damaged = command_line.run("collect")
    mended = command_line.run("upkeep", "--mend")

    assert kept.returncode == 0, kept.stderr
    assert damaged.returncode == 5, damaged.stderr
    assert "Traceback" not in damaged.stderr
    assert "DAMAGED" in mended.stdout
    assert _price_count(store) > 0
    assert command_line.run("upkeep", "--mend").stdout.endswith("sound\n")
    (backup,) = (command_line.folder / "backups").glob("*.gz")
    assert TOKEN.encode() not in gzip.decompress(backup.read_bytes())


def _price_count(path: Path) -> int:
    if not path.exists():
        return 0
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        try:
            (count,) = connection.execute("SELECT count(*) FROM price").fetchone()
        except sqlite3.OperationalError:  # not made yet
            return 0
    return int(count)
