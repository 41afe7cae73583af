"""A store that is no sound database any more ends the collector; nothing else does."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.ingestion.simulated_home import SimulatedHome
from tests.store.upkeep.damage import spoil_table

from home_energy.errors import StoreDamaged, StoreError
from home_energy.store import Store
from home_energy.store.upkeep import keep_up, mend

START = datetime(2026, 11, 20, 3, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TICK = timedelta(minutes=5)


@pytest.fixture
def home(tmp_path: Path) -> SimulatedHome:
    return SimulatedHome(tmp_path, START)


def quiet(_: str) -> None:
    """Nobody is told."""


def start_again(home: SimulatedHome) -> None:
    """The service manager starts a new process, which mends first."""
    mend(home.folder / "home.sqlite", home.now(), quiet)
    home.store = Store.open(home.folder / "home.sqlite")
    home.restart()


def test_damage_met_while_collecting_ends_it_and_the_backup_is_caught_up_on(
    home: SimulatedHome,
) -> None:
    path = home.folder / "home.sqlite"
    home.live(HOUR)
    keep_up(path, home.now(), quiet)
    home.live(HOUR)
    home.store.close()
    spoil_table(path)
    home.store = Store.open(path)
    home.restart()

    with pytest.raises(StoreDamaged, match=r"home\.sqlite: .*upkeep --mend"):
        home.live(HOUR)
    home.store.close()
    start_again(home)
    home.live(HOUR)

    home.assert_true_and_whole(START, home.now() - TICK)


def test_damage_that_the_night_found_ends_it(home: SimulatedHome) -> None:
    path = home.folder / "home.sqlite"
    home.live(HOUR)
    keep_up(path, home.now(), quiet)
    home.store.close()
    spoil_table(path, "source_event")  # which nobody reads while all goes well
    home.store = Store.open(path)
    home.restart()
    home.live(HOUR)
    with pytest.raises(StoreDamaged):
        keep_up(path, home.now(), quiet)

    with pytest.raises(StoreDamaged):
        home.live(HOUR)
    home.store.close()
    start_again(home)
    home.live(2 * HOUR)

    home.assert_true_and_whole(START, home.now() - TICK)


def test_run_tells_of_damage_and_of_nothing_else(
    home: SimulatedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [StoreError("the disk is full"), ZeroDivisionError(), StoreDamaged("!")]

    def failing() -> float:
        raise failures.pop(0)

    monkeypatch.setattr(home.collector, "_do_most_urgent", failing)

    with pytest.raises(StoreDamaged, match="!"):
        home.collector.run(threading.Event())

    assert failures == []
