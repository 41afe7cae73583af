"""What a night's upkeep leaves behind, and what it never takes away."""

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from home_energy.errors import StoreDamaged, StoreError
from home_energy.store import Store
from home_energy.store.upkeep import back_up_to, fault_of, keep_up, last_run, restore
from home_energy.store.upkeep.backup_files import Backup, backups_of, kept
from tests.store.saving_child import row
from tests.store.upkeep.damage import (
    flip_a_bit,
    prices,
    record,
    spoil_table,
)

NIGHT = datetime(2026, 11, 22, 16, 40, tzinfo=UTC)
"""2:40 in the morning of the 23rd in Brisbane."""
DAY = timedelta(days=1)


def quiet(_: str) -> None:
    """Nobody is told."""


@pytest.fixture(autouse=True)
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "memory"
    folder.mkdir()
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(folder))
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A record of its own folder."""
    folder = tmp_path / "state"
    folder.mkdir()
    path = folder / "home.sqlite"
    record(path)
    return path


def names(store: Path) -> list[str]:
    return sorted(path.name for path in (store.parent / "backups").iterdir())


def test_first_backup_is_the_whole_record_that_gunzip_unpacks(
    home: Path, memory: Path, tmp_path: Path
) -> None:
    done = keep_up(home, NIGHT, quiet)

    plain = tmp_path / "by-hand.sqlite"
    plain.write_bytes(gzip.decompress(done.backup.path.read_bytes()))
    assert names(home) == [
        "home-20261122T164000Z.sqlite.gz",
        "home-last-upkeep.json",
    ]
    assert prices(plain) == prices(home) == [row(n) for n in range(400)]
    assert done.sound.newest_price == row(399).start
    assert list(memory.iterdir()) == []


def test_later_backup_holds_what_has_changed_and_makes_the_same_record(
    home: Path, tmp_path: Path
) -> None:
    whole = keep_up(home, NIGHT, quiet)
    record(home, rows=20, first=400)

    done = keep_up(home, NIGHT + DAY, quiet)

    restored = tmp_path / "restored.sqlite"
    restore(restored, done.backup.path, quiet)
    assert done.backup.path.name == "home-20261123T164000Z.changes.gz"
    assert done.backup_bytes < whole.backup_bytes / 2
    assert prices(restored) == [row(n) for n in range(420)]


def test_backup_is_one_moment_while_somebody_writes_and_waits_for_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("home_energy.store.database.COPIED_AT_ONCE_PAGES", 8)
    command = [sys.executable, "-m", "tests.store.saving_child", str(home), "400"]
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        said = child.stdout
        written: list[int] = []

        def write_on(words: str) -> None:
            if words.startswith("copying"):
                written.append(int(said.readline()))
                assert len(written) < 1000, "the copy begins again and again"

        done = keep_up(home, NIGHT, write_on)
        child.kill()

    restored = tmp_path / "restored.sqlite"
    restore(restored, done.backup.path, quiet)
    found = prices(restored)
    assert found == [row(n) for n in range(len(found))]  # a moment, none torn apart
    assert len(written) > 5  # all saved between two parts of the copy
    assert written == list(range(400, 400 + len(written)))


def test_month_later_all_of_it_is_packed_again(home: Path) -> None:
    keep_up(home, NIGHT, quiet)
    endings = []
    for nights in (1, 27, 28, 29):
        done = keep_up(home, NIGHT + nights * DAY, quiet)
        endings.append(done.backup.is_whole)

    assert endings == [False, False, True, False]


def test_many_changes_are_packed_as_all_of_it(home: Path) -> None:
    keep_up(home, NIGHT, quiet)
    record(home, rows=2000, first=400)

    done = keep_up(home, NIGHT + DAY, quiet)

    assert done.backup.is_whole
    assert names(home) == [
        "home-20261122T164000Z.sqlite.gz",
        "home-20261123T164000Z.sqlite.gz",
        "home-last-upkeep.json",
    ]


def test_nothing_rests_on_a_backup_that_rots(home: Path) -> None:
    first = keep_up(home, NIGHT, quiet)
    flip_a_bit(first.backup.path)

    done = keep_up(home, NIGHT + DAY, quiet)

    assert done.backup.is_whole


def test_clock_that_was_put_back_makes_no_older_backup(home: Path) -> None:
    keep_up(home, NIGHT, quiet)

    done = keep_up(home, NIGHT - 400 * DAY, quiet)

    assert done.backup.taken_at == NIGHT + timedelta(seconds=1)


# Which stay


def daily(count: int) -> Iterator[Backup]:
    for number in range(count):
        taken_at = NIGHT - number * DAY
        yield Backup(Path(f"{number}"), taken_at, is_whole=False)


def test_seven_days_and_four_weeks_stay() -> None:
    # 22 November 2026 is a Sunday, so the weeks end 0, 7, 14 and 21 days before.
    stay = kept(daily(60))

    assert sorted(int(backup.path.name) for backup in stay) == [
        *range(7),
        7,
        14,
        21,
    ]


def test_machine_that_was_off_for_months_loses_none_by_that() -> None:
    old = [Backup(Path("old"), NIGHT - 200 * DAY, is_whole=True)]

    stay = kept([*daily(1), *old])

    assert len(stay) == 2


def test_what_is_removed_is_ours_and_nothing_kept_rests_on_it(
    home: Path, tmp_path: Path
) -> None:
    keep_up(home, NIGHT, quiet)
    folder = home.parent / "backups"
    others = (
        "today",
        "home-2.sqlite.gz",
        "house-20200101T000000Z.sqlite.gz",
        "home-20269999T000000Z.sqlite.gz",
    )
    for name in others:
        (folder / name).write_text("mine")

    for nights in range(1, 40):
        done = keep_up(home, NIGHT + nights * DAY, quiet)

    left = names(home)
    # 39 nights on it is Thursday 31 December: 25 to 31, and the Sundays 27, 20, 13.
    # The whole one of 20 December is what those since rest on; 13 December rests on
    # that of 22 November.
    assert [name for name in left if name not in others] == [
        "home-20261122T164000Z.sqlite.gz",
        "home-20261213T164000Z.changes.gz",
        "home-20261220T164000Z.sqlite.gz",
        *(f"home-202612{day}T164000Z.changes.gz" for day in range(25, 32)),
        "home-last-upkeep.json",
    ]
    assert set(others) <= set(left)
    assert done.removed == ("home-20261224T164000Z.changes.gz",)
    for backup in backups_of(home):
        restore(tmp_path / "each.sqlite", backup.path, quiet)


# What goes wrong


def test_damaged_record_is_said_and_backups_stay(home: Path) -> None:
    keep_up(home, NIGHT, quiet)
    spoil_table(home)

    with pytest.raises(StoreDamaged, match=r"home\.sqlite"):
        keep_up(home, NIGHT + DAY, quiet)

    noted = last_run(home)
    assert noted is not None
    assert noted.is_damaged
    assert noted.at == NIGHT + DAY
    assert names(home) == [
        "home-20261122T164000Z.sqlite.gz",
        "home-last-upkeep.json",
    ]


def test_index_that_differs_from_its_table_is_made_anew(
    home: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(home, isolation_level=None)) as connection:
        connection.execute("CREATE INDEX by_price ON price (c_per_kwh)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = 'CREATE INDEX by_price ON price "
            "(spot_c_per_kwh)' WHERE name = 'by_price'"
        )
    assert fault_of(home) is None  # every row can be read: the record is not damaged

    done = keep_up(home, NIGHT, quiet)

    assert done.index_faults is not None
    assert "missing from index by_price" in done.index_faults
    restore(tmp_path / "restored.sqlite", done.backup.path, quiet)
    for path in (home, tmp_path / "restored.sqlite"):
        with closing(sqlite3.connect(path)) as connection:
            checked = connection.execute("PRAGMA integrity_check").fetchall()
        assert checked == [("ok",)]


def test_backup_that_reads_back_wrongly_takes_no_name(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_up(home, NIGHT, quiet)
    record(home, rows=5, first=400)
    flush = "home_energy.store.upkeep.nightly.flush_file"
    monkeypatch.setattr(flush, lambda path: os.truncate(path, 1000))

    with pytest.raises(StoreError, match="does not read as it was"):
        keep_up(home, NIGHT + DAY, quiet)

    assert names(home) == [
        "home-20261122T164000Z.sqlite.gz",
        "home-last-upkeep.json",
    ]


def test_second_upkeep_waits_for_another_night(home: Path) -> None:
    def meanwhile(words: str) -> None:
        if words.startswith("checking"):
            with pytest.raises(StoreError, match="another upkeep of this store"):
                keep_up(home, NIGHT, quiet)

    keep_up(home, NIGHT, meanwhile)


def test_nothing_to_care_for_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store yet"):
        keep_up(tmp_path / "home.sqlite", NIGHT, quiet)

    assert not (tmp_path / "backups").exists()


# By hand


@pytest.mark.parametrize("name", ["today", "today.gz"])
def test_copy_by_hand_is_the_record(home: Path, tmp_path: Path, name: str) -> None:
    back_up_to(home, tmp_path / name, quiet)

    raw = (tmp_path / name).read_bytes()
    plain = tmp_path / "plain.sqlite"
    plain.write_bytes(gzip.decompress(raw) if name.endswith(".gz") else raw)
    assert prices(plain) == prices(home)


def test_copy_by_hand_replaces_nothing(home: Path, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("mine")

    with pytest.raises(StoreError, match="is there already"):
        back_up_to(home, tmp_path / "letter", quiet)

    assert (tmp_path / "letter").read_text() == "mine"


# What it leaves as it should be


def test_log_is_written_back_into_the_record(home: Path) -> None:
    store = Store.open(home)  # a collector is running
    for number in range(400, 420):
        store.prices.save(1, [row(number)], row(number).end)
    log = home.with_name("home.sqlite-wal")
    before = log.stat().st_size

    done = keep_up(home, NIGHT, quiet)

    assert before > 10_000
    assert (log.stat().st_size, done.log_bytes) == (0, 0)
    store.close()


def test_copy_of_a_killed_run_is_cleared(home: Path, memory: Path) -> None:
    left = memory / "home-energy-upkeep-killed"
    left.mkdir()
    (left / "home.sqlite").write_bytes(bytes(1000))
    half = home.parent / "backups" / "partial-home-20261121T164000Z.sqlite.gz"
    half.parent.mkdir()
    half.write_bytes(bytes(1000))

    keep_up(home, NIGHT, quiet)

    assert not left.exists()
    assert not half.exists()


def test_without_memory_the_copy_is_made_beside_the_record(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "home_energy.store.upkeep.copying._memory_limit", lambda: 50_000_000
    )
    beside: list[Path] = []

    def look(words: str) -> None:
        if words.startswith("checking"):
            beside.extend(home.parent.glob("home-energy-upkeep-*/home.sqlite"))

    keep_up(home, NIGHT, look)

    assert len(beside) == 1
    assert list(home.parent.glob("home-energy-upkeep-*")) == []


def test_no_word_of_the_settings_is_in_a_backup(home: Path) -> None:
    canary = "psk_canary_71aa"
    (home.parent / ".env").write_text(f"AMBER_TOKEN={canary}\n")
    (home.parent / "home.toml").write_text(f'[home]\npostcode = "{canary}"\n')

    done = keep_up(home, NIGHT, quiet)

    note = json.loads((home.parent / "backups/home-last-upkeep.json").read_text())
    assert canary.encode() not in gzip.decompress(done.backup.path.read_bytes())
    assert note == {"at": NIGHT.isoformat(), "failure": None, "is_damaged": False}


def test_statistics_change_no_answer(home: Path) -> None:
    shutil.copy(home, home.with_name("before.sqlite"))

    keep_up(home, NIGHT, quiet)

    assert prices(home) == prices(home.with_name("before.sqlite"))
