"""What is left after kill -9, a full disk, and two programs at once."""

import os
import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from home_energy.domain.price import Channel
from home_energy.errors import StoreError
from home_energy.store import Store, database
from home_energy.store.migrations import MIGRATIONS
from tests.store.conftest import site
from tests.store.saving_child import START, issue, row

ROOT = Path(__file__).parents[2]
YEARS = timedelta(days=3650)


def _child(code_or_module: list[str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *code_or_module, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def _kill_after(child: subprocess.Popen[str], line_count: int) -> list[int]:
    """Read some acknowledgements, kill without warning, read what was still said."""
    assert child.stdout is not None
    with child, child.stdout as said:
        acknowledged = [int(said.readline()) for _ in range(line_count)]
        child.kill()
        # A last line may be cut short; only a whole one was an acknowledgement.
        rest = said.read().splitlines(keepends=True)
        acknowledged += [int(line) for line in rest if line.endswith("\n")]
    return acknowledged


def test_every_acknowledged_row_survives_kill_9(path: Path, store: Store) -> None:
    store.close()
    chance = random.Random(20251122)
    acknowledged: list[int] = []
    for _ in range(8):
        child = _child(
            ["-m", "tests.store.saving_child"], str(path), str(len(acknowledged))
        )
        acknowledged += _kill_after(child, chance.randrange(1, 60))

        survivor = Store.open(path)
        prices = survivor.prices.between(1, Channel.GENERAL, START, START + YEARS)
        issues = survivor.forecasts.issued_between(
            1, Channel.GENERAL, START, START + YEARS
        )
        assert survivor._database.row("PRAGMA quick_check") == ("ok",)
        survivor.close()

        # Acknowledged is there; at most the one in flight is there besides.
        assert acknowledged == list(range(len(acknowledged)))
        assert prices[: len(acknowledged)] == [row(n) for n in acknowledged]
        assert issues[: len(acknowledged)] == [issue(n) for n in acknowledged]
        assert len(prices) - len(acknowledged) in (0, 1)
        assert len(prices) == len(issues)  # both or neither: one transaction


def test_programs_that_open_a_new_store_at_once_all_get_it(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from home_energy.store import Store\n"
        "sys.stdin.readline()\n"  # all wait for the same moment
        "store = Store.open(Path(sys.argv[1]))\n"
        "print(store.schema_number()); store.close()\n"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()

    answers = [child.communicate()[0] for child in children]

    assert answers == [f"{len(MIGRATIONS)}\n"] * 4
    assert [child.returncode for child in children] == [0] * 4


def test_a_new_store_waits_for_a_program_that_writes_its_first_rows(
    path: Path,
) -> None:
    first = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    first.execute("BEGIN IMMEDIATE")
    first.execute("CREATE TABLE half_made (n INTEGER)")
    done = threading.Timer(0.3, lambda: first.execute("ROLLBACK"))
    done.start()

    store = Store.open(path)

    done.join()
    first.close()
    assert store.schema_number() == len(MIGRATIONS)
    store.close()


def test_a_new_store_that_another_holds_says_so(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_TIMEOUT_SECONDS", 0.1)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreError, match="another program held the store"):
        Store.open(path)

    holder.close()


# A full disk


def _fill(store: Store, first: int) -> tuple[int, StoreError]:
    """Save until the disk is full; return the first row that did not fit."""
    for number in range(first, first + 100_000):
        price = row(number)
        try:
            with store.transaction():
                store.prices.save(1, [price], price.end)
                store.forecasts.save(1, [issue(number)])
        except StoreError as error:
            return number, error
    raise AssertionError("the disk never became full")


def _saved(store: Store) -> list[int]:
    prices = store.prices.between(1, Channel.GENERAL, START, START + YEARS)
    return [(price.start - START) // timedelta(minutes=5) for price in prices]


def test_full_disk_is_said_and_loses_nothing(path: Path, store: Store) -> None:
    # SQLite says SQLITE_FULL when the file may not grow, as when the disk is full.
    store._database.execute("PRAGMA max_page_count = 160")

    first_lost, error = _fill(store, 0)
    again, _ = _fill(store, first_lost)

    assert str(error) == (
        f"{path}: the disk is full, nothing was changed; free some space"
    )
    assert again == first_lost  # still full: still said, still nothing half done
    assert _saved(store) == list(range(first_lost))
    assert store._database.row("PRAGMA quick_check") == ("ok",)
    store._database.execute("PRAGMA max_page_count = 1073741823")
    store.prices.save(1, [row(first_lost)], START)
    assert _saved(store) == list(range(first_lost + 1))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte; only root may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False).returncode != 0:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_disk_that_is_really_full_loses_nothing(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(300_000))
    store = Store.open(small_disk / "home.sqlite")
    store.sources.save_sites([site()])

    first_lost, error = _fill(store, 0)
    reader = Store.open_read_only(small_disk / "home.sqlite")
    while_full = _saved(reader)
    ballast.unlink()
    store.prices.save(1, [row(first_lost)], START)

    assert "home.sqlite: the disk" in str(error)
    assert while_full == list(range(first_lost))
    assert _saved(reader) == list(range(first_lost + 1))
    assert store._database.row("PRAGMA quick_check") == ("ok",)
    reader.close()
    store.close()


def test_store_cannot_be_made_on_a_full_disk(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(bytes(1024 * 1024))

    with pytest.raises(StoreError, match=r"home\.sqlite: the disk"):
        Store.open(small_disk / "home.sqlite")
    (small_disk / "ballast").unlink()

    Store.open(small_disk / "home.sqlite").close()
