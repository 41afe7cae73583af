"""The loop with a meter: power is kept, and no price waits for it."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.ingestion.simulated_home import SimulatedHome

from home_energy.domain.power import PowerMean, Stream
from home_energy.errors import StoreError
from home_energy.ingestion.power.inbox import Heard, PowerInbox, Trouble

HOUR, TICK = timedelta(hours=1), timedelta(minutes=5)
START = datetime(2026, 11, 20, 3, 0, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> SimulatedHome:
    return SimulatedHome(tmp_path, START, inbox=PowerInbox())


def hear(home: SimulatedHome, at: datetime, watts: float) -> None:
    assert home.inbox is not None
    home.inbox.put(Heard("emon", Stream.GRID, at, watts))


def live(home: SimulatedHome, length: timedelta, watts: float = 500.0) -> None:
    """Live with a meter that speaks once every ten seconds."""
    until = home.now() + length
    while home.now() < until:
        hear(home, home.now(), watts)
        home.live(timedelta(seconds=10))


def means(home: SimulatedHome) -> list[PowerMean]:
    return home.store.power.between(START - 10000 * HOUR, home.now() + HOUR)


def test_prices_are_asked_for_at_the_same_moments_as_without_a_meter(
    home: SimulatedHome, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    plain = SimulatedHome(tmp_path / "other", START)

    live(home, HOUR)
    plain.live(HOUR)

    def asked(one: SimulatedHome) -> list[datetime]:
        return [at for at, kind in one.calls if kind == "current"]

    assert asked(home) == asked(plain)


def test_means_are_kept_when_no_price_is_due(
    home: SimulatedHome,
) -> None:
    live(home, HOUR)
    before = len(means(home))

    home.live(timedelta(seconds=2))
    at_the_boundary = len(means(home))
    live(home, timedelta(seconds=118))

    assert at_the_boundary == before
    newest = means(home)[-1]
    assert newest.start == START + HOUR - TICK
    assert newest.mean_watts == pytest.approx(500.0)
    assert newest.covered_seconds == pytest.approx(300.0)


def test_power_is_kept_while_amber_is_away(home: SimulatedHome) -> None:
    live(home, TICK)
    home.is_network_up = False

    live(home, HOUR)

    assert len(means(home)) >= 12


def test_power_is_kept_before_a_site_is_known(home: SimulatedHome) -> None:
    home.token = "psk_wrong"
    home.restart()

    live(home, HOUR)

    assert len(means(home)) >= 11


@pytest.mark.parametrize("hours", [-9000 * 24, -2, 2])
def test_what_a_wrong_clock_dated_is_not_kept(
    home: SimulatedHome, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(home.machine), "is_synchronised", lambda _: False)
    home.machine.offset = timedelta(hours=hours)
    home.is_network_up = False
    for _ in range(60):  # ten minutes in which nobody knows the time
        hear(home, home.machine.now(), 9999.0)
        home.live(timedelta(seconds=10))
    assert means(home) == []

    home.is_network_up = True
    live(home, HOUR)

    watts = [mean.mean_watts for mean in means(home)]
    assert watts == pytest.approx([500.0] * len(watts))
    assert min(mean.start for mean in means(home)) >= START + 2 * TICK


def test_a_store_that_fails_for_power_holds_no_price_up(
    home: SimulatedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(home, HOUR)

    def full(_: object) -> None:
        raise StoreError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(home.store.power, "keep", full)
        live(home, HOUR)
    live(home, timedelta(minutes=2))

    home.assert_true_and_whole(START, START + 2 * HOUR - TICK)
    assert len(means(home)) == 24


def test_a_stop_keeps_what_the_running_minutes_brought(home: SimulatedHome) -> None:
    live(home, TICK + timedelta(seconds=100))
    stop = threading.Event()
    stop.set()

    home.collector.run(stop)

    newest = means(home)[-1]
    assert newest.start == START + TICK
    assert newest.covered_seconds == pytest.approx(100.0)


def test_a_source_in_trouble_is_noted(home: SimulatedHome) -> None:
    assert home.inbox is not None
    home.inbox.put(Trouble("mqtt", "no broker answers"))

    live(home, timedelta(minutes=3))

    assert home.store.sources.events()[0].task == "power"
