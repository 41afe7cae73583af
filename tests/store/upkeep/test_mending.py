"""A damaged record: set aside, replaced by the newest good backup, and said so."""

import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from home_energy.errors import DataError, StoreError
from home_energy.store import Store
from home_energy.store.migrations import MIGRATIONS
from home_energy.store.upkeep import (
    fault_of,
    keep_up,
    mend,
    restore,
    set_aside_files,
)
from tests.store.saving_child import row
from tests.store.upkeep.damage import (
    flip_a_bit,
    prices,
    record,
    spoil_head,
    spoil_table,
)

NIGHT = datetime(2026, 11, 22, 16, 40, tzinfo=UTC)
LATER = NIGHT + timedelta(hours=30)
ROOT = Path(__file__).parents[3]
BACKED_UP = [row(n) for n in range(40)]
NEWEST = [row(n) for n in range(60)]


def quiet(_: str) -> None:
    """Nobody is told."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A record of 60 prices, and a backup of the time when it had 40."""
    folder = tmp_path / "state"
    folder.mkdir()
    path = folder / "home.sqlite"
    record(path, rows=40)
    keep_up(path, NIGHT, quiet)
    record(path, rows=20, first=40)
    return path


def names(store: Path) -> set[str]:
    return {path.name for path in store.parent.iterdir()}


def bytes_by_name(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def truncate(path: Path) -> None:
    os.truncate(path, 5000)


def drop(path: Path) -> None:
    path.unlink()


def hollow(path: Path) -> None:
    os.truncate(path, 0)


def test_sound_record_is_left_as_it_is(home: Path) -> None:
    before = bytes_by_name(home.parent)

    assert mend(home, LATER, quiet) is None

    after = bytes_by_name(home.parent)
    after.pop("home.sqlite-shm")  # SQLite's own index of the log, for every reader
    assert after.pop("home.sqlite-wal") == b""
    assert after == before


@pytest.mark.parametrize("harm", [spoil_table, spoil_head, truncate, hollow, drop])
def test_newest_backup_takes_the_place_of_a_damaged_record(
    home: Path, harm: Callable[[Path], None]
) -> None:
    harm(home)
    spoiled = home.read_bytes() if home.exists() else b""

    done = mend(home, LATER, quiet)

    assert done is not None
    assert done.aside.replaced_by == NIGHT
    assert prices(home) == BACKED_UP
    assert done.sound.newest_price == row(39).start
    assert fault_of(home) is None
    aside = home.with_name("home.sqlite.damaged-20261123T224000Z")
    assert aside.read_bytes() == spoiled
    (told,) = set_aside_files(home)
    assert (told.path, told.at, told.replaced_by) == (aside, LATER, NIGHT)
    assert told.fault


def test_log_of_the_damaged_record_is_not_played_into_the_new_one(home: Path) -> None:
    store = Store.open(home)
    store.prices.save(1, [row(60)], row(60).end)
    shutil.copy(f"{home}-wal", home.with_name("kept-log"))
    store.close()
    spoil_table(home)
    shutil.copy(home.with_name("kept-log"), f"{home}-wal")
    spoil_head(home)
    log = Path(f"{home}-wal").read_bytes()

    mend(home, LATER, quiet)

    assert prices(home) == BACKED_UP
    aside = set_aside_files(home)[0].path
    assert Path(f"{aside}-wal").read_bytes() == log


def test_backup_that_rots_is_passed_over(home: Path) -> None:
    older = home.parent / "backups" / "home-20261122T164000Z.sqlite.gz"
    second = keep_up(home, NIGHT + timedelta(days=30), quiet)
    flip_a_bit(second.backup.path)
    spoil_table(home)

    done = mend(home, NIGHT + timedelta(days=31), quiet)

    assert second.backup.is_whole
    assert done is not None
    assert done.unreadable == (second.backup.path.name,)
    assert done.aside.replaced_by == NIGHT
    assert older.exists()
    assert prices(home) == BACKED_UP


def test_backup_of_a_damaged_record_is_passed_over(home: Path) -> None:
    # None is made of one; but a file may be put there by hand.
    bad = home.with_name("bad.sqlite")
    shutil.copy(home, bad)
    spoil_table(bad)
    put = home.parent / "backups" / "home-20261123T164000Z.sqlite.gz"
    put.write_bytes(gzip.compress(bad.read_bytes()))
    spoil_table(home)

    done = mend(home, LATER, quiet)

    assert done is not None
    assert done.unreadable == (put.name,)
    assert prices(home) == BACKED_UP


def test_without_a_good_backup_a_new_record_begins(home: Path) -> None:
    for backup in (home.parent / "backups").glob("*.gz"):
        flip_a_bit(backup)
    spoil_head(home)

    done = mend(home, LATER, quiet)

    assert done is not None
    assert done.aside.replaced_by is None
    assert done.sound.schema_number == len(MIGRATIONS)
    assert prices(home) == []


def test_missing_record_without_backups_is_no_damage(tmp_path: Path) -> None:
    assert mend(tmp_path / "home.sqlite", NIGHT, quiet) is None
    assert list(tmp_path.iterdir()) == []


def test_backup_of_an_older_schema_is_restored_and_brought_up_to_date(
    home: Path,
) -> None:
    backup = next((home.parent / "backups").glob("*.sqlite.gz"))
    plain = home.with_name("older.sqlite")
    plain.write_bytes(gzip.decompress(backup.read_bytes()))
    with closing(sqlite3.connect(plain, isolation_level=None)) as connection:
        connection.execute("DROP TABLE notification")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) - 1}")
    backup.write_bytes(gzip.compress(plain.read_bytes()))
    spoil_head(home)

    done = mend(home, LATER, quiet)

    assert done is not None
    assert done.sound.schema_number == len(MIGRATIONS) - 1
    store = Store.open(home)
    assert store.schema_number() == len(MIGRATIONS)
    store.close()


def test_record_of_a_newer_program_is_not_touched(home: Path) -> None:
    with closing(sqlite3.connect(home, isolation_level=None)) as connection:
        connection.execute("PRAGMA user_version = 999")
    before = home.read_bytes()

    with pytest.raises(StoreError, match="schema 999"):
        mend(home, LATER, quiet)

    assert home.read_bytes() == before
    assert set_aside_files(home) == []


def test_three_damaged_records_are_kept(home: Path) -> None:
    for hours in range(5):
        spoil_head(home)
        mend(home, LATER + timedelta(hours=hours), quiet)

    assert [aside.at.hour for aside in set_aside_files(home)] == [2, 1, 0]
    assert len([name for name in names(home) if "damaged" in name]) == 3 * 2


def test_two_damages_within_a_second_have_two_names(home: Path) -> None:
    for _ in range(2):
        spoil_head(home)
        mend(home, LATER, quiet)

    assert len(set_aside_files(home)) == 2


# By hand


def test_restored_backup_leaves_what_was_there_beside_it(home: Path) -> None:
    (backup,) = (home.parent / "backups").glob("*.sqlite.gz")

    sound = restore(home, backup, quiet)

    assert sound.newest_price == row(39).start
    assert prices(home) == BACKED_UP
    assert prices(home.with_name("home.sqlite.replaced")) == NEWEST


def test_plain_copy_is_restored_too(home: Path, tmp_path: Path) -> None:
    shutil.copy(home, tmp_path / "today")
    (backup,) = (home.parent / "backups").glob("*.sqlite.gz")
    restore(home, backup, quiet)

    restore(home, tmp_path / "today", quiet)

    assert prices(home) == NEWEST
    assert prices(home.with_name("home.sqlite.replaced")) == BACKED_UP


def test_restoring_what_is_no_record_changes_nothing(home: Path) -> None:
    before = bytes_by_name(home.parent)
    letter = home.parent / "backups" / "letter"
    letter.write_text("dear household, " * 100)
    for unfit in (letter, letter.with_name("not-there")):
        with pytest.raises((DataError, StoreError)):
            restore(home, unfit, quiet)

    assert bytes_by_name(home.parent) == before


def test_the_record_is_no_backup_of_itself(home: Path) -> None:
    with pytest.raises(StoreError, match="is the record itself"):
        restore(home, home, quiet)

    assert prices(home) == NEWEST


# A power cut at each step


def cut_at_each_step(deed: str, home: Path) -> list[Path]:
    """Records as a cut before each step leaves them, and one after the last."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.upkeep.cut_child", deed, home.parent],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    folder = home.parent
    return [
        folder.with_name(f"{folder.name}-{number}") / home.name
        for number in range(1, int(done.stdout) + 2)
    ]


def test_mend_that_is_cut_at_any_step_is_done_at_the_next_start(home: Path) -> None:
    store = Store.open(home)
    store.prices.save(1, [row(60)], row(60).end)
    shutil.copy(f"{home}-wal", home.with_name("kept-log"))
    store.close()
    spoil_table(home, "site")  # which the log does not hold anew
    home.with_name("kept-log").rename(f"{home}-wal")

    cut = cut_at_each_step("mend", home)

    assert len(cut) > 10
    for path in cut:
        mend(path, LATER, quiet)
        assert fault_of(path) is None
        assert prices(path) == BACKED_UP, path
        (aside,) = set_aside_files(path)
        assert (aside.path.stat().st_size, aside.replaced_by) == (
            home.stat().st_size,
            NIGHT,
        )
        assert "home.sqlite.restoring" not in names(path)


def test_restore_that_is_cut_at_any_step_leaves_the_old_or_the_new(home: Path) -> None:
    cut = cut_at_each_step("restore", home)

    found = [prices(path) for path in cut]
    changed_at = found.index(BACKED_UP)
    assert found == [NEWEST] * changed_at + [BACKED_UP] * (len(cut) - changed_at)
    assert 0 < changed_at < len(cut)


def test_upkeep_that_is_cut_at_any_step_costs_no_backup(home: Path) -> None:
    before = {path.name for path in (home.parent / "backups").glob("*.gz")}

    cut = cut_at_each_step("keep_up", home)

    for path in cut:
        ours = {p.name for p in (path.parent / "backups").glob("home-*.gz")}
        assert before <= ours
        assert prices(path) == NEWEST
        spoil_head(path)
        done = mend(path, LATER, quiet)
        assert done is not None
        assert done.unreadable == ()  # what has its name is whole
        assert prices(path) == (NEWEST if ours > before else BACKED_UP)


def test_what_takes_a_name_was_flushed_before(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A cut process leaves what it wrote; a cut of the power only what was flushed.
    flushed: list[int] = []
    unflushed: list[str] = []

    def fsync(descriptor: int) -> None:
        flushed.append(os.fstat(descriptor).st_ino)

    def look(path: Path, target: Path) -> Path:
        if path.stat().st_ino not in flushed:
            unflushed.append(path.name)
        os.replace(path, target)  # noqa: PTH105 - the method itself is watched
        return Path(target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", look)

    keep_up(home, LATER, quiet)
    spoil_head(home)
    mend(home, LATER, quiet)
    (backup,) = (home.parent / "backups").glob("*.sqlite.gz")
    restore(home, backup, quiet)

    assert unflushed == []
    folder = home.parent
    assert {folder.stat().st_ino, (folder / "backups").stat().st_ino} <= set(flushed)
