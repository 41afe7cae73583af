"""Opening a store: what is made, what is refused, and what is left untouched."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from home_energy.errors import StoreError
from home_energy.store import Store
from home_energy.store.database import Database
from home_energy.store.migrations import (
    APPLICATION_ID,
    MIGRATIONS,
    migrate,
    pending,
    schema_number,
)
from tests.store.conftest import site

LATEST = len(MIGRATIONS)


def _set_schema(path: Path, number: int, application_id: int = APPLICATION_ID) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA application_id = {application_id}")
    connection.execute(f"PRAGMA user_version = {number}")
    connection.commit()
    connection.close()


def _pragma(path: Path, name: str) -> object:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]
    finally:
        connection.close()


def test_opening_makes_folder_file_and_schema(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "home.sqlite"

    store = Store.open(path)

    assert store.schema_number() == LATEST
    store.close()
    assert _pragma(path, "journal_mode") == "wal"
    assert _pragma(path, "page_size") == 1024  # a day of collecting wears less
    assert _pragma(path, "application_id") == APPLICATION_ID


def test_acknowledged_rows_survive_a_power_cut(path: Path) -> None:
    # 2 is FULL: with less, rows were lost when the power was cut.
    for database in (Database(path), Database(path, read_only=True)):
        assert database.row("PRAGMA synchronous") == (2,)
        database.close()


def test_opening_again_changes_nothing(path: Path) -> None:
    Store.open(path).close()
    before = path.read_bytes()

    Store.open(path).close()
    Store.open_read_only(path).close()

    assert path.read_bytes() == before


def test_name_with_marks_of_an_address_is_only_a_name(tmp_path: Path) -> None:
    path = tmp_path / "100 %41?mode=ro#x.sqlite"

    Store.open(path).close()

    assert [found.name for found in tmp_path.iterdir()] == [path.name]


# Migrations


def test_asking_what_is_pending_writes_nothing(path: Path) -> None:
    path.touch()
    database = Database(path)

    assert pending(database) == MIGRATIONS

    database.close()
    assert path.read_bytes() == b""


def test_every_step_runs_once(path: Path) -> None:
    database = Database(path)

    first, second = migrate(database), migrate(database)

    assert first == [step.__name__ for step in MIGRATIONS]
    assert second == []
    assert pending(database) == ()
    database.close()


def test_step_that_fails_leaves_the_schema_before_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def m_bad(database: Database) -> None:
        database.execute("CREATE TABLE half_done (x INTEGER)")
        database.execute("CREATE TABLE site (x INTEGER)")  # is there already

    steps = (*MIGRATIONS[:2], m_bad)
    monkeypatch.setattr("home_energy.store.migrations.MIGRATIONS", steps)
    database = Database(path)

    with pytest.raises(StoreError, match="site already exists"):
        migrate(database)

    assert schema_number(database) == 2
    assert database.row("SELECT 1 FROM sqlite_master WHERE name = 'half_done'") is None
    database.close()


def test_older_store_is_brought_up_to_date_with_its_rows(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr("home_energy.store.migrations.MIGRATIONS", MIGRATIONS[:1])
        store = Store.open(path)
        store.sources.save_sites([site("KEPT")])
        store.close()
    with pytest.raises(StoreError, match="older version; run `home-energy migrate`"):
        Store.open_read_only(path)

    store = Store.open(path)

    assert store.schema_number() == LATEST
    assert store.sources.site_key("KEPT") == 1
    store.close()


@pytest.mark.parametrize("opening", [Store.open, Store.open_read_only])
def test_newer_schema_is_refused_and_the_file_untouched(
    path: Path, opening: Callable[[Path], Store]
) -> None:
    _set_schema(path, LATEST + 1)
    before = path.read_bytes()

    with pytest.raises(StoreError, match=f"has schema {LATEST + 1}.*update"):
        opening(path)

    assert path.read_bytes() == before
    assert [found.name for found in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(("number", "application_id"), [(0, 0), (3, 0), (3, 77)])
def test_database_of_another_program_is_refused_and_untouched(
    path: Path, number: int, application_id: int
) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE states (x INTEGER)")
    connection.close()
    _set_schema(path, number, application_id)
    before = path.read_bytes()

    with pytest.raises(StoreError, match="belongs to another program"):
        Store.open(path)

    assert path.read_bytes() == before


# What is in the way


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(StoreError, match=r"cannot be made .*`store` in home.toml"):
        Store.open(tmp_path / "file" / "home.sqlite")


def test_directory_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened or written"):
        Store.open(tmp_path)


@pytest.mark.parametrize("opening", [Store.open, Store.open_read_only])
def test_text_file_is_no_store(path: Path, opening: Callable[[Path], Store]) -> None:
    path.write_text("token = 'this is a settings file'\n" * 100)
    before = path.read_bytes()

    with pytest.raises(StoreError, match=f"{path.name}: .*not a readable SQLite"):
        opening(path)

    assert path.read_bytes() == before


@pytest.mark.parametrize("opening", [Store.open, Store.open_read_only])
@pytest.mark.parametrize("kept_bytes", [50, 5000, 12_288])
def test_truncated_store_is_refused(
    path: Path, kept_bytes: int, opening: Callable[[Path], Store]
) -> None:
    Store.open(path).close()
    whole = path.read_bytes()
    path.write_bytes(whole[:kept_bytes])

    with pytest.raises(StoreError, match=r"not a readable SQLite.*restore a backup"):
        opening(path)


def test_store_that_may_not_be_written_is_refused_at_opening(
    folder_of_a_user: Path,
) -> None:
    path = folder_of_a_user / "home.sqlite"
    Store.open(path).close()
    path.chmod(0o444)

    with pytest.raises(StoreError, match=r"cannot be opened or written.*belong to you"):
        Store.open(path)

    Store.open_read_only(path).close()


def test_folder_that_may_not_be_written_is_named(folder_of_a_user: Path) -> None:
    folder_of_a_user.chmod(0o555)

    with pytest.raises(StoreError, match="cannot be opened or written"):
        Store.open(folder_of_a_user / "home.sqlite")
    with pytest.raises(StoreError, match=r"cannot be made"):
        Store.open(folder_of_a_user / "new" / "home.sqlite")

    folder_of_a_user.chmod(0o755)


def test_folder_that_may_not_be_read_is_named(folder_of_a_user: Path) -> None:
    folder_of_a_user.chmod(0o000)

    with pytest.raises(StoreError, match="cannot be looked for"):
        Store.open_read_only(folder_of_a_user / "home.sqlite")

    folder_of_a_user.chmod(0o755)


# Reading only


def test_reading_makes_no_store(path: Path) -> None:
    with pytest.raises(StoreError, match="no store yet; `home-energy collect`"):
        Store.open_read_only(path)

    assert not path.exists()


def test_reader_cannot_write(path: Path, store: Store) -> None:
    reader = Store.open_read_only(path)

    with pytest.raises(StoreError, match="cannot be opened or written"):
        reader.sources.save_sites([site("S2")])

    assert [s.site_id for s in reader.sources.sites()] == ["S1"]
    assert [s.site_id for s in store.sources.sites()] == ["S1"]
    reader.close()


def test_reader_sees_what_was_written_since(path: Path, store: Store) -> None:
    reader = Store.open_read_only(path)

    store.sources.record_success("amber", "prices", datetime(2026, 1, 1, tzinfo=UTC))

    assert [status.task for status in reader.sources.statuses()] == ["prices"]
    reader.close()


def test_lock_held_by_another_program_is_named(
    path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("home_energy.store.database.LOCK_TIMEOUT_SECONDS", 0.0)
    other = Database(path)

    with (
        store.transaction(),
        pytest.raises(StoreError, match="another program held the store"),
        other.transaction(),
    ):
        pass

    other.close()


# Transactions


def test_block_that_fails_leaves_nothing(store: Store) -> None:
    class _Stop(Exception):
        pass

    def _save_and_fail() -> None:
        with store.transaction():
            store.sources.save_sites([site("S2")])
            with store.transaction():  # joins the one around it
                store.sources.save_sites([site("S3")])
            raise _Stop

    with pytest.raises(_Stop):
        _save_and_fail()

    assert [s.site_id for s in store.sources.sites()] == ["S1"]
    store.sources.save_sites([site("S4")])
    assert [s.site_id for s in store.sources.sites()] == ["S1", "S4"]
