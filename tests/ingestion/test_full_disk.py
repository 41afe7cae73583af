"""A small disk that fills up under the collector, the screen and the upkeep."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.ingestion.simulated_home import TOKEN, SimulatedHome
from tests.ingestion.small_disk import SmallDisk, small_disk
from tests.store.saving_child import row
from tests.store.upkeep.damage import prices, record, spoil_head

from home_energy.dashboard.app import create_app
from home_energy.errors import StoreError
from home_energy.settings import AmberSettings, HomeSettings, Settings
from home_energy.store import Store
from home_energy.store.upkeep import fault_of, keep_up, mend

START = datetime(2026, 11, 20, 3, 0, 0, tzinfo=UTC)
WHILE = timedelta(minutes=20)
TICK = timedelta(minutes=5)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "card.img", tmp_path / "card") as mounted:
        yield mounted


def quiet(_: str) -> None:
    """Nobody is told."""


def screen_of(home: SimulatedHome) -> tuple[int, int, list[str]]:
    """Answers of the first page and the API, and what the health page says."""
    settings = Settings(
        home=HomeSettings(store=home.folder / "home.sqlite"),
        amber=AmberSettings(token=TOKEN),
    )
    app = create_app(settings, home.machine)
    client = app.test_client()
    found = client.get("/api/v1/health").get_json()["findings"]
    return (
        client.get("/").status_code,
        client.get("/api/v1/now").status_code,
        [finding["code"] for finding in found],
    )


def test_collector_says_so_the_screen_stays_and_all_is_caught_up_when_freed(
    disk: SmallDisk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="home_energy")
    home = SimulatedHome(disk.folder, START)
    home.live(WHILE)
    acknowledged = home.prices(START - 9 * WHILE, START + WHILE)
    disk.fill()

    home.live(WHILE)
    while_full = home.prices(START - 9 * WHILE, START + WHILE)
    page, answer, found = screen_of(home)
    disk.free()
    home.live(WHILE)

    told = [entry.message for entry in caplog.records]
    assert sum("home.sqlite: the disk is full" in line for line in told) == 1
    assert sum("the store works again" in line for line in told) == 1
    assert while_full == acknowledged
    assert (page, answer) == (200, 200)
    assert "disk_nearly_full" in found
    home.assert_true_and_whole(START, home.now() - TICK)
    home.store.close()
    assert fault_of(disk.folder / "home.sqlite") is None


def test_collector_that_is_started_on_a_full_disk_goes_on_once_there_is_room(
    disk: SmallDisk,
) -> None:
    home = SimulatedHome(disk.folder, START)
    home.live(WHILE)
    home.store.close()
    disk.fill()

    with pytest.raises(StoreError, match=r"home\.sqlite: the disk"):
        Store.open(disk.folder / "home.sqlite")
    disk.free()
    home.store = Store.open(disk.folder / "home.sqlite")
    home.restart()
    home.live(WHILE)

    home.assert_true_and_whole(START, home.now() - TICK)
    home.store.close()


def test_upkeep_removes_no_backup_for_one_that_finds_no_room(disk: SmallDisk) -> None:
    path = disk.folder / "home.sqlite"
    record(path)
    nights = [START + timedelta(days=number) for number in (0, 30, 60, 61)]
    for night in nights[:2]:
        keep_up(path, night, quiet)
    before = {file.name for file in (disk.folder / "backups").glob("*.gz")}
    disk.fill()

    with pytest.raises(StoreError, match=r"cannot be written .*free some space"):
        keep_up(path, nights[2], quiet)
    while_full = {file.name for file in (disk.folder / "backups").glob("*.gz")}
    disk.free()
    done = keep_up(path, nights[3], quiet)

    assert while_full == before
    assert done.backup.is_whole
    assert prices(path) == [row(n) for n in range(400)]


def test_damaged_record_stays_until_there_is_room_for_a_good_one(
    disk: SmallDisk,
) -> None:
    path = disk.folder / "home.sqlite"
    record(path, rows=40)
    keep_up(path, START, quiet)
    spoil_head(path)
    spoiled = path.read_bytes()
    disk.fill()

    with pytest.raises(StoreError, match="it is as it was, free some space"):
        mend(path, START + WHILE, quiet)
    while_full = path.read_bytes()
    disk.free()
    mend(path, START + WHILE, quiet)

    assert while_full == spoiled
    assert prices(path) == [row(n) for n in range(40)]
